package answer

import (
	"strings"

	"sidestep/regex"
)

// wrote is the line that mail programs put before what they quote, in the
// languages of the mails.
var wrote = regex.New(`(?i)(\bwrote|schrieb\b.*|a écrit|escribió|ha scritto|escreveu|schreef\b.*|のメール|さんは書きました|wrote on.*)\s*[:：]\s*$`)

// original is the line before which the answer ends.
var original = regex.New(`(?i)^\s*-{2,}\s*(original message|original-nachricht|ursprüngliche nachricht|message d'origine|message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|元のメッセージ|original appointment|forwarded message)\s*-{2,}\s*$`)

// fromLine and sentLine are the header that Outlook repeats before a quoted mail.
var (
	fromLine = regex.New(`(?i)^\s*\*?(from|von|de|da|van|差出人|expéditeur)\s?\*?\s*[:：]`)
	sentLine = regex.New(`(?i)^\s*\*?(sent|date|gesendet|datum|envoyé|enviado( el)?|enviada em|fecha|inviato|data|verzonden|送信日時|日付)\s?\*?\s*[:：]`)
)

// withoutQuote leaves out the quoted original, where that can be told and leaves
// anything: who quotes without the usual signs keeps everything.
func withoutQuote(text string) (own string, quoted bool) {
	lines := strings.Split(text, "\n")
	if end := originalAt(lines); end >= 0 && strings.TrimSpace(strings.Join(lines[:end], "")) != "" {
		lines, quoted = lines[:end], true
	}
	var out []string
	for i := 0; i < len(lines); i++ {
		if !strings.HasPrefix(strings.TrimSpace(lines[i]), ">") {
			out = append(out, lines[i])
			continue
		}
		quoted = true
		out = withoutWrote(out)
	}
	own = tidy(out)
	if own == "" {
		return tidy(strings.Split(text, "\n")), false
	}
	return own, quoted
}

// originalAt finds the line at which a quoted mail begins, -1 if there is none.
func originalAt(lines []string) int {
	for i, l := range lines {
		if original.MatchString(l) {
			return i
		}
		if fromLine.MatchString(l) {
			for _, next := range lines[i+1 : min(len(lines), i+4)] {
				if sentLine.MatchString(next) {
					return afterRule(lines, i)
				}
			}
		}
	}
	return -1
}

// afterRule takes the line of underscores along that stands before the header.
func afterRule(lines []string, i int) int {
	if i > 0 && len(lines[i-1]) > 8 && strings.Trim(lines[i-1], "_- ") == "" {
		return i - 1
	}
	return i
}

// withoutWrote drops the line before a quotation that says who wrote it. Some
// programs break it in two.
func withoutWrote(out []string) []string {
	end := len(out)
	for end > 0 && strings.TrimSpace(out[end-1]) == "" {
		end--
	}
	for _, n := range []int{1, 2} {
		if end >= n && wrote.MatchString(strings.Join(out[end-n:end], " ")) && wrote.MatchString(out[end-1]) {
			if n == 1 && end >= 2 && strings.TrimSpace(out[end-2]) != "" && startsWrote.MatchString(out[end-2]) && !startsWrote.MatchString(out[end-1]) {
				continue
			}
			return out[:end-n]
		}
	}
	return out
}

var startsWrote = regex.New(`(?i)^\s*(on|am|le|el|il|em|op)\s`)

// tidy removes the blank lines around a text, and all but one within.
func tidy(lines []string) string {
	var out []string
	for _, l := range lines {
		l = strings.TrimRight(l, " \t")
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n ")
}

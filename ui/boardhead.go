package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sidestep/salesforce"
)

// head says what the board shows, and what would make it say more.
func (b *board) head(s size) []string {
	w := s.w
	lines := []string{fit(" "+b.s.sums(w-2), w), fit(" "+b.narrowing(s), w)}
	// Whatever there is to know, some rows are seen.
	for _, l := range b.noticeLines(w-2, s.h-len(lines)-4) {
		lines = append(lines, fit(" "+l, w))
	}
	if s.low() || len(lines) > s.h-4 {
		return lines
	}
	return append(lines, fit("", w))
}

// noticeLines is the notice on so many lines at most.
func (b *board) noticeLines(w, most int) []string {
	text, brief := b.notice()
	if text == "" {
		return nil
	}
	lines := wrap(text, w)
	if len(lines) > most {
		lines = wrap(brief, w)
	}
	return styled(b.s.theme.warning, shorten(lines, w, most))
}

// narrowing is how far the work is, or what is marked, and what the board leaves out.
func (b *board) narrowing(s size) string {
	th, o := b.s.theme, b.s.o
	var parts []string
	add := func(text string) { parts = append(parts, th.muted.Render(text)) }
	aside := false
	if marked := b.markedWords(); marked != "" {
		parts = append(parts, th.accent.Render(marked))
	} else if b.everything() || !s.narrow() {
		add(fmt.Sprintf("%d of %s finished", o.Finished, count(o.Endpoints, "endpoint")))
		aside = true
	}
	if b.filter != showAll {
		add("showing: " + b.filter.String())
	}
	if b.narrowed != nil {
		short, _ := useWords(*b.narrowed)
		add("triage: " + short)
	}
	if b.sort != byUrgency {
		add("sorted by " + b.sort.String())
	}
	sep := th.muted.Render(" · ")
	switch {
	case b.searching:
		lead := ""
		if b.count > 0 {
			lead = parts[0] + "  "
		}
		b.search.fit(max(10, s.w-15-ansi.StringWidth(lead)))
		return lead + th.key.Render("search ") + b.search.View()
	case b.query != "":
		parts = append(parts, th.muted.Render("search: ")+th.accent.Render(clean(b.query)))
	}
	line := strings.Join(parts, sep)
	if aside && len(parts) > 1 && ansi.StringWidth(line) > s.w-2 {
		line = strings.Join(parts[1:], sep) // what is left out of the list matters more
	}
	return line
}

// sums are how many messages there are, on how many endpoints, and with which
// verdicts. Where the words have no room, the signs stand for them.
func (s *session) sums(w int) string {
	th, o := s.theme, s.o
	var words, signs []string
	for _, v := range []salesforce.Verdict{salesforce.Sends, salesforce.Sent, salesforce.Stated, salesforce.Unknown, salesforce.Gone, salesforce.NotAffected} {
		if n := o.Verdicts[v]; n > 0 {
			words = append(words, th.verdict(v).Render(fmt.Sprintf("%s %d %s", sign(v), n, word(v))))
			signs = append(signs, th.verdict(v).Render(fmt.Sprintf("%s %d", sign(v), n)))
		}
	}
	messages := count(o.Messages, "message")
	line := func(all string, verdicts []string) string {
		return strings.Join(append([]string{th.title.Render(all)}, verdicts...), "  ")
	}
	if full := line(messages+" on "+count(o.Endpoints, "endpoint"), words); ansi.StringWidth(full) <= w {
		return full
	}
	if brief := line(messages, words); ansi.StringWidth(brief) <= w {
		return brief
	}
	return line(messages, signs)
}

// notice is the one thing to know before reading verdicts, "" when there is none. Where
// there is little room it is brief: what can be done matters more than why.
func (b *board) notice() (whole, brief string) {
	const why = "Since the cut-off the org answers “no session id” for every message, so it can't tell which ones were affected. "
	o := b.s.o
	switch {
	case !o.Complete:
		brief = fmt.Sprintf("INCOMPLETE: %s could not be read, so messages may be missing here. See evidence (e).", unread(o.Problems))
		return brief, brief
	case b.s.offer != "":
		offer := clean(b.s.offer)
		return why + offer + " can: press a to add it.", "Press a to add what can tell: " + offer + "."
	case o.Messages > 0 && o.Verdicts[salesforce.Unknown] == o.Messages:
		brief = "Add a backup or repository from before (e)."
		return why + brief, brief
	}
	return "", ""
}

// unread words how much could not be read; remarks do not count.
func unread(problems []salesforce.Problem) string {
	n := 0
	for _, p := range problems {
		if !p.Notice {
			n++
		}
	}
	if n == 0 {
		return "something"
	}
	return count(n, "item")
}

package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"sidestep/visible"
)

// Markdown writes the report for wikis and tickets, in the Markdown that GitHub
// reads. Whatever came from an org, a file or a person stays text there.
func (r Report) Markdown() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Outbound messages without a session id: %s\n\n", prose(r.name()))
	if !r.Complete {
		fmt.Fprintf(&b, "**%s**\n\n", incomplete)
	}
	fmt.Fprintf(&b, "**%s** As of %s.\n\n%s\n", r.standing(), r.At.Format("2006-01-02 15:04 MST"), background)
	r.summaryIn(&b)
	r.vendorsIn(&b)
	for _, e := range r.Endpoints {
		e.markdown(&b)
	}
	r.originIn(&b)
	return b.Bytes()
}

func (r Report) summaryIn(b *bytes.Buffer) {
	b.WriteString("\n| Verdict | Messages | Meaning |\n|---|---:|---|\n")
	for _, v := range verdicts {
		if n := r.Verdicts[v.Verdict]; n > 0 {
			fmt.Fprintf(b, "| %s | %d | %s |\n", v.Verdict, n, v.means)
		}
	}
	b.WriteString("\n## Endpoints\n\n| Endpoint | Verdict | Route | Whose | Steps | Where it stands |\n|---|---|---|---|---:|---|\n")
	for _, e := range r.Endpoints {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %d of %d | %s |\n", cell(e.URL), e.Verdict, e.Route.Label(), prose(e.Who()), e.Progress.Done, e.Progress.Of, prose(e.status()))
	}
}

func (r Report) vendorsIn(b *bytes.Buffer) {
	if len(r.Vendors) == 0 {
		return
	}
	b.WriteString("\n## Vendors\n\n| Vendor | Ticket | Where it stands |\n|---|---|---|\n")
	for _, v := range r.Vendors {
		var facts []string
		for _, f := range v.facts() {
			facts = append(facts, prose(f))
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", prose(v.Name), prose(v.Ticket), strings.Join(facts, "<br>"))
	}
}

func (e Endpoint) markdown(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## %s\n\n", code(e.URL))
	for _, f := range e.facts() {
		fmt.Fprintf(b, "- %s: %s\n", f[0], prose(f[1]))
	}
	b.WriteString("\n| Message | Verdict | Why |\n|---|---|---|\n")
	for _, m := range e.Messages {
		why := prose(m.Because)
		if m.Dormant {
			why += "<br>dormant: nothing active fires it"
		}
		if m.Ask != "" {
			why += "<br>" + prose(m.Ask)
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", cell(m.Key), m.Verdict, why)
	}
	if len(e.Steps) > 0 {
		b.WriteString("\n| Step | State | Note |\n|---|---|---|\n")
	}
	for _, s := range e.Steps {
		fmt.Fprintf(b, "| %s | %s | %s |\n", prose(s.Title), prose(s.text()), prose(s.Note))
	}
	list(b, "Proved by Sidestep", e.Proofs)
	list(b, "Notes", e.notes())
}

func (r Report) originIn(b *bytes.Buffer) {
	list(b, "Read from", r.readFrom())
	list(b, "Problems while reading", r.unread())
}

func list(b *bytes.Buffer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n\n", title)
	for _, l := range lines {
		fmt.Fprintf(b, "- %s\n", prose(l))
	}
}

// prose makes text one line that Markdown takes for nothing but text.
func prose(s string) string {
	s = visible.Line(s)
	var b strings.Builder
	before := ' '
	for i, c := range s {
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(c):])
		if strings.ContainsRune("\\`*[]<>|#~&!", c) || c == '_' && !(wordly(before) && wordly(after)) || i == 0 && strings.ContainsRune("+-=", c) ||
			strings.ContainsRune(".)", c) && onlyDigits(s[:i]) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
		before = c
	}
	return b.String()
}

// wordly reports whether an underscore beside it means nothing: names of the API are
// full of them.
func wordly(c rune) bool { return c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c) }

func onlyDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

var bar = regexp.MustCompile(`(\\*)\|`)

// cell is code in a table, whose cells end at a bar, in code too, unless an odd number
// of backslashes stands before it.
func cell(s string) string { return bar.ReplaceAllString(code(s), `$1$1\|`) }

// code is an address or a name, exactly as it is.
func code(s string) string {
	s = visible.Line(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if fence != "`" || s == "" {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

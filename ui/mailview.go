package ui

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sidestep/email"
)

func (m *mail) View(s size) string {
	th := m.s.theme
	m.refresh()
	w := min(s.w-4, 96)
	if m.wrong != nil {
		return fill(indent(append([]string{""}, wrap(clean(m.wrong.Error()), w)...), 2), s)
	}
	d := m.draft
	lines := append(styled(th.muted, m.whatItIs(s, w)), m.unusable(w)...)
	if others := d.Others(); len(others) > 0 {
		lines = append(lines, th.warning.Render(fit(clean("Also about "+m.s.namesOf(others)+": the vendor reads the names of all of them."), w)))
	}
	lines = append(lines, m.refusedLines(w)...)
	if !s.low() {
		lines = append(lines, "")
	}
	if m.editing {
		return fill(indent(append(lines, m.editLines(w, s.h-len(lines))...), 2), s)
	}
	to := clean(d.To)
	if to == "" {
		to = th.warning.Render("nobody yet (e edits)")
	}
	lines = append(lines, th.muted.Render("To       ")+to)
	if d.Cc != "" {
		lines = append(lines, th.muted.Render("Cc       ")+fit(clean(d.Cc), w-9))
	}
	lines = append(lines, th.muted.Render("Subject  ")+th.title.Render(fit(clean(d.Subject), w-9)), th.rule.Render(strings.Repeat("─", w)))
	var body []string
	for _, l := range strings.Split(d.Body, "\n") {
		body = append(body, wrapLetter(l, w)...)
	}
	body = m.scroll.window(body, s.h-len(lines))
	return fill(indent(append(lines, body...), 2), s)
}

// whatItIs says which mail it is, and what became of it. Where there is no room for all
// of it, the last comes first: it is what a key has changed.
func (m *mail) whatItIs(s size, w int) []string {
	d := m.draft
	what, became, last := email.Kind(d.Kind).Label()+", "+email.Language(d.Language).Native(), "", ""
	if d.Edited {
		what += ", edited by you"
	}
	if !d.WrittenAt.IsZero() {
		last = "written " + agoWords(d.WrittenAt, m.s.deps.Now())
		became = last + " (" + d.How + ")"
	}
	if !d.SentAt.IsZero() {
		last = "sent on " + day(d.SentAt)
		became += ", " + last
	}
	if became == "" {
		return []string{fit(clean(what), w)}
	}
	if all := clean(what + " · " + became); ansi.StringWidth(all) <= w {
		return []string{all}
	}
	lines := 1
	if s.narrow() {
		lines = 2
	}
	return shorten(wrap(clean(last+" · "+what), w), w, lines)
}

func (m *mail) editLines(w, h int) []string {
	th := m.s.theme
	var lines []string
	for i, label := range []string{"To       ", "Cc       ", "Subject  "} {
		style := th.muted
		if mailField(i) == m.focus {
			style = th.cursor
		}
		m.lines[i].fit(w - 11)
		lines = append(lines, style.Render(label)+m.lines[i].View())
	}
	lines = append(lines, th.rule.Render(strings.Repeat("─", w)))
	m.body.SetWidth(w)
	m.body.SetHeight(max(1, h-len(lines)))
	return append(lines, strings.Split(m.body.View(), "\n")...)
}

// beforeAddress is what stands before an address that has a line of a letter to itself.
var beforeAddress = regexp.MustCompile(`^ *(\[\d+\] )?`)

// wrapLetter breaks a line of a letter: an address at its separators. Its number stays
// beside it.
func wrapLetter(line string, w int) []string {
	line = clean(line)
	number := beforeAddress.FindString(line)
	if address := line[len(number):]; !strings.Contains(address, "://") || strings.Contains(address, " ") {
		return wrap(line, w)
	}
	lines := wrapAddress(line[len(number):], w-len(number))
	for i := range lines {
		if i > 0 {
			number = strings.Repeat(" ", len(number))
		}
		lines[i] = number + lines[i]
	}
	return lines
}

package ui

import (
	"strings"

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
	about := email.Kind(d.Kind).Label() + ", " + email.Language(d.Language).Native()
	if d.Edited {
		about += ", edited by you"
	}
	if !d.WrittenAt.IsZero() {
		about += " · written " + agoWords(d.WrittenAt, m.s.deps.Now()) + " (" + d.How + ")"
	}
	if !d.SentAt.IsZero() {
		about += ", sent on " + day(d.SentAt)
	}
	lines := append([]string{th.muted.Render(fit(clean(about), w))}, m.unusable(w)...)
	lines = append(lines, "")
	if m.editing {
		return fill(indent(append(lines, m.editLines(w, s.h-len(lines))...), 2), s)
	}
	to := clean(d.To)
	if to == "" {
		to = th.warning.Render("nobody yet (e edits)")
	}
	lines = append(lines, th.muted.Render("To       ")+to, th.muted.Render("Subject  ")+th.title.Render(fit(clean(d.Subject), w-9)), th.rule.Render(strings.Repeat("─", w)))
	var body []string
	for _, l := range strings.Split(d.Body, "\n") {
		body = append(body, wrap(clean(l), w)...)
	}
	body = m.scroll.window(body, s.h-len(lines))
	return fill(indent(append(lines, body...), 2), s)
}

func (m *mail) editLines(w, h int) []string {
	th := m.s.theme
	m.to.SetWidth(w - 11)
	m.subject.SetWidth(w - 11)
	m.body.SetWidth(w)
	m.body.SetHeight(max(1, h-3))
	mark := func(i int, label string) string {
		if i == m.focus {
			return th.cursor.Render(label)
		}
		return th.muted.Render(label)
	}
	lines := []string{mark(0, "To       ") + m.to.View(), mark(1, "Subject  ") + m.subject.View(), th.rule.Render(strings.Repeat("─", w))}
	return append(lines, strings.Split(m.body.View(), "\n")...)
}

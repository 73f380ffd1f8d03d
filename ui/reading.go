package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/visible"
)

// reading shows a text in full that somebody wrote.
type reading struct {
	s                  *session
	crumb, title, text string
	// lines are the text, wrapped for a width.
	lines  []string
	width  int
	scroll scroll
}

func newReading(s *session, crumb, title, text string) *reading {
	return &reading{s: s, crumb: crumb, title: title, text: visible.Text(text)}
}

func (r *reading) Init() tea.Cmd { return nil }
func (r *reading) Crumb() string { return r.crumb }

func (r *reading) Keys() []key.Binding {
	return append(r.scroll.keys(r.s.keys), r.s.keys.back)
}

func (r *reading) Update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return r, nil
	}
	if k := r.s.keys; key.Matches(press, k.back, k.enter, k.left) {
		return r, r.s.pop()
	}
	r.scroll.press(r.s.keys, press)
	return r, nil
}

func (r *reading) View(s size) string {
	w := min(s.w-4, 96)
	if r.width != w {
		r.width, r.lines = w, nil
		for l := range strings.SplitSeq(r.text, "\n") {
			r.lines = append(r.lines, wrap(l, w)...)
		}
	}
	head := []string{""}
	for _, l := range wrap(clean(r.title), w) {
		head = append(head, r.s.theme.title.Render(l))
	}
	head = append(shorten(head, w, max(2, s.h/3)), "")
	return fill(indent(append(head, r.scroll.window(r.lines, s.h-len(head))...), 2), s)
}

package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// option is one answer that can be chosen, with a sentence on what it means.
type option struct{ label, about string }

// choose is a box with answers to choose from.
type choose struct {
	s            *session
	title, about string
	options      []option
	cursor       int
	accept       func(i int) tea.Cmd
	// ticked, where several can be chosen, are those that are.
	ticked []bool
	// beside is true where the answer changes nothing that is saved.
	beside bool
}

func (c *choose) records() bool { return !c.beside }

// besideTheWork is a choice that changes nothing that is saved: it is offered where
// work is only looked at, too.
func (c *choose) besideTheWork() *choose {
	c.beside = true
	return c
}

func newChoose(s *session, title, about string, options []option, current int, accept func(int) tea.Cmd) *choose {
	return &choose{s: s, title: title, about: about, options: options, cursor: max(current, 0), accept: accept}
}

// newChooseSeveral is a choice of any number of answers. ticked are those at the start.
// Of a single one it is the choice between that one and none.
func newChooseSeveral(s *session, title, about, none string, options []option, ticked []bool, accept func(ticked []bool) tea.Cmd) *choose {
	if len(options) == 1 {
		current := 0
		if ticked[0] {
			current = 1
		}
		return newChoose(s, title, about, []option{{label: none}, options[0]}, current, func(i int) tea.Cmd { return accept([]bool{i == 1}) })
	}
	c := newChoose(s, title, about, options, 0, func(int) tea.Cmd { return accept(ticked) })
	c.ticked = ticked
	return c
}

// newConfirm asks before something that is hard to take back. The safe answer
// is under the cursor.
func newConfirm(s *session, title, about, yes string, accept func() tea.Cmd) *choose {
	return newChoose(s, title, about, []option{{label: "Leave it as it is"}, {label: yes}}, 0, func(i int) tea.Cmd {
		if i == 1 {
			return accept()
		}
		return nil
	})
}

func (c *choose) Init() tea.Cmd { return nil }
func (c *choose) Crumb() string { return "" }

func (c *choose) Keys() []key.Binding {
	k := c.s.keys
	if c.ticked != nil {
		return []key.Binding{as(k.tick, "tick"), as(k.enter, "ok"), as(k.up, "up"), as(k.down, "down"), as(k.back, "back")}
	}
	return []key.Binding{as(k.up, "up"), as(k.down, "down"), as(k.enter, "choose"), as(k.back, "cancel")}
}

func (c *choose) Update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return c, nil
	}
	if moved, ok := moveAround(c.s.keys, press, c.cursor, len(c.options)); ok {
		c.cursor = moved
		return c, nil
	}
	switch k := c.s.keys; {
	case c.ticked != nil && key.Matches(press, k.tick):
		c.ticked[c.cursor] = !c.ticked[c.cursor]
	case key.Matches(press, k.back):
		return c, c.s.pop()
	case key.Matches(press, k.enter):
		return c, tea.Batch(c.s.pop(), c.accept(c.cursor))
	}
	return c, nil
}

func (c *choose) View(s size) string { return fill(nil, s) }

// Box draws the question and its answers.
func (c *choose) Box(s size) string {
	w, room := boxWidth(s, 76), s.h-2
	head := boxHead(c.s.theme, c.title, c.about, w)
	answers := c.answers(w, func(int) bool { return true })
	if len(head)+len(answers) > room {
		answers = c.answers(w, func(i int) bool { return i == c.cursor })
	}
	if len(head)+len(answers) > room {
		head = head[:len(head)-1] // without the blank above the answers
	}
	if left := room - len(answers); len(head) > left && left > 1 {
		head = shorten(head, w, left) // what there is to know is told as far as it fits
	}
	if len(head)+len(answers) > room {
		// The answers that fit.
		head = shorten(head[:len(shorten(wrap(clean(c.title), w), w, 2))], w, 1)
		last := len(answers) - len(c.options) + c.cursor // its sentence is below it
		shown, offset := follow(answers, 0, c.cursor, last, room-1)
		shown = slices.Clone(shown)
		more := func(i int, sign string) { shown[i] = fit(shown[i], w-1) + c.s.theme.muted.Render(sign) }
		if offset > 0 {
			more(0, "↑")
		}
		if offset+len(shown) < len(answers) {
			more(len(shown)-1, "↓")
		}
		answers = shown
	}
	return c.s.theme.box.Render(strings.Join(append(head, answers...), "\n"))
}

// answers are the lines of the options, explained is which ones say what they mean.
func (c *choose) answers(w int, explained func(i int) bool) []string {
	th := c.s.theme
	var lines []string
	for i, o := range c.options {
		mark, style := "  ", th.text
		if i == c.cursor {
			mark, style = th.cursor.Render("› "), th.cursor
		}
		label := sentence(o.label)
		if c.ticked != nil {
			mark, label = mark+c.tickBox(c.ticked[i]), o.label // a name, as it is written
		}
		lines = append(lines, fit(mark+style.Render(label), w))
		if o.about == "" || !explained(i) {
			continue
		}
		for _, l := range wrap(o.about, w-4) {
			lines = append(lines, fit("    "+th.muted.Render(l), w))
		}
	}
	return lines
}

// tickBox is what stands before an answer that can be ticked.
func (c *choose) tickBox(ticked bool) string {
	if ticked {
		return c.s.theme.good.Render("[x]") + " "
	}
	return c.s.theme.muted.Render("[ ]") + " "
}

// boxWidth is how wide the text in a box is. The frame of the box takes four cells.
func boxWidth(s size, most int) int {
	if s.narrow() {
		return s.w - 4
	}
	return min(s.w-8, most)
}

// boxHead is what a box begins with: its title on two lines at most, and what there
// is to know about it.
func boxHead(th theme, title, about string, w int) []string {
	lines := styled(th.title, shorten(wrap(clean(title), w), w, 2))
	if about != "" {
		for _, l := range wrap(clean(about), w) {
			lines = append(lines, th.muted.Render(l))
		}
	}
	return append(lines, "")
}

package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// sheet is a text that the program brings.
type sheet struct {
	title, file, about, text string
}

// sheets shows texts one at a time, to be copied or written to disk.
type sheets struct {
	s     *session
	crumb string
	all   []sheet
	at    int
	// each is what there are several of, and writes what the file key does.
	each, writes string
	// write writes the sheet in view, or all of them, and says where.
	write func(all []sheet, at int) (path string, err error)
	// load gets the sheets where they are not at hand, nil where they are.
	load    func() ([]sheet, error)
	loading bool
	err     error
	scroll  scroll
}

// loadedMsg brings the sheets to the screen that waits for them.
type loadedMsg struct {
	to  *sheets
	all []sheet
	err error
}

func (p *sheets) Init() tea.Cmd {
	if p.load == nil {
		return nil
	}
	p.loading = true
	load := p.load
	return func() tea.Msg {
		all, err := load()
		return loadedMsg{p, all, err}
	}
}

func (p *sheets) Crumb() string { return p.crumb }

func (p *sheets) Update(msg tea.Msg) (screen, tea.Cmd) {
	if msg, ok := msg.(loadedMsg); ok && msg.to == p {
		p.loading, p.all, p.err = false, msg.all, msg.err
	}
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return p, nil
	}
	k := p.s.keys
	switch {
	case key.Matches(press, k.back):
		return p, p.s.pop()
	case len(p.all) == 0:
	case key.Matches(press, k.tab, k.right):
		p.turn(1)
	case key.Matches(press, k.left):
		p.turn(-1)
	case key.Matches(press, k.copy):
		return p, copyText(p.s, p.all[p.at].text, "Copied: "+p.all[p.at].file)
	case key.Matches(press, k.file):
		write, all, at := p.write, p.all, p.at
		return p, func() tea.Msg {
			path, err := write(all, at)
			if err != nil {
				return sayMsg{text: inWords(err), bad: true}
			}
			return sayMsg{text: "Written: " + path}
		}
	default:
		p.scroll.press(k, press)
	}
	return p, nil
}

func (p *sheets) turn(by int) {
	p.at = (p.at + by + len(p.all)) % len(p.all)
	p.scroll.offset = 0
}

func (p *sheets) Keys() []key.Binding {
	k := p.s.keys
	if len(p.all) == 0 {
		return []key.Binding{k.back}
	}
	keys := []key.Binding{as(k.tab, "next "+p.each), as(k.copy, "copy"), as(k.file, p.writes)}
	return append(append(append(keys, p.scroll.keys(k)...), k.back), as(k.left, "the one before"))
}

func (p *sheets) View(s size) string {
	th := p.s.theme
	w := s.w - 4
	switch {
	case p.loading:
		return fill([]string{"", "  Reading…"}, s)
	case p.err != nil:
		return fill(indent(append([]string{"", th.danger.Render("That does not work")}, wrap(clean(inWords(p.err)), w)...), 2), s)
	case len(p.all) == 0:
		return fill([]string{"", "  There are no " + p.crumb + " here. esc goes back."}, s)
	}
	now := p.all[p.at]
	lines := []string{fit(th.title.Render(clean(now.title))+th.muted.Render("  "+clean(now.file)), w)}
	for _, l := range wrap(clean(now.about), w) {
		lines = append(lines, th.muted.Render(l))
	}
	lines = append(lines, th.rule.Render(strings.Repeat("─", w)))
	var text []string
	for l := range strings.SplitSeq(strings.TrimRight(now.text, "\n"), "\n") {
		text = append(text, fit(clean(strings.ReplaceAll(l, "\t", "    ")), w))
	}
	return fill(indent(append(lines, p.scroll.window(text, s.h-len(lines))...), 2), s)
}

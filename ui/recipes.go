package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// recipes answers: what does a receiver look like that does without the session
// id? It shows one recipe at a time, to be copied or written to a file.
type recipes struct {
	s      *session
	all    []Recipe
	at     int
	scroll scroll
}

func newRecipes(s *session) *recipes { return &recipes{s: s, all: s.deps.Checks.Recipes()} }

func (r *recipes) Init() tea.Cmd { return nil }
func (r *recipes) Crumb() string { return "recipes" }

func (r *recipes) Update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return r, nil
	}
	k := r.s.keys
	switch {
	case key.Matches(press, k.back):
		return r, r.s.pop()
	case len(r.all) == 0:
	case key.Matches(press, k.tab, k.right):
		r.turn(1)
	case key.Matches(press, k.left):
		r.turn(-1)
	case key.Matches(press, k.copy):
		return r, copyText(r.s, r.all[r.at].Text, "Copied: "+r.all[r.at].FileName)
	case key.Matches(press, k.file):
		checks, recipe := r.s.deps.Checks, r.all[r.at]
		return r, func() tea.Msg {
			path, err := checks.SaveRecipe(recipe)
			if err != nil {
				return sayMsg{text: inWords(err), bad: true}
			}
			return sayMsg{text: "Written: " + path}
		}
	default:
		r.scroll.press(k, press)
	}
	return r, nil
}

func (r *recipes) turn(by int) {
	r.at = (r.at + by + len(r.all)) % len(r.all)
	r.scroll.offset = 0
}

func (r *recipes) Keys() []key.Binding {
	k := r.s.keys
	if len(r.all) == 0 {
		return []key.Binding{k.back}
	}
	keys := []key.Binding{as(k.tab, "next language"), as(k.left, "the one before"), as(k.copy, "copy"), as(k.file, "write a file")}
	return append(append(keys, r.scroll.keys(k)...), k.back)
}

func (r *recipes) View(s size) string {
	th := r.s.theme
	if len(r.all) == 0 {
		return fill([]string{"", "  There are no recipes here. esc goes back."}, s)
	}
	w := s.w - 4
	now := r.all[r.at]
	name := now.Language
	if now.Variant != "" {
		name += " · " + now.Variant
	}
	lines := []string{fit(th.title.Render(clean(name))+th.muted.Render("  "+clean(now.FileName)), w)}
	for _, l := range wrap(clean(now.About), w) {
		lines = append(lines, th.muted.Render(l))
	}
	lines = append(lines, th.rule.Render(strings.Repeat("─", w)))
	var text []string
	for l := range strings.SplitSeq(strings.TrimRight(now.Text, "\n"), "\n") {
		text = append(text, fit(clean(strings.ReplaceAll(l, "\t", "    ")), w))
	}
	return fill(indent(append(lines, r.scroll.window(text, s.h-len(lines))...), 2), s)
}

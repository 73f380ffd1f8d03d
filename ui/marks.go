package ui

import (
	"fmt"
	"maps"
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/state"
)

// Endpoints are marked on the board, and then one key decides for all of them.
// Marks are kept by key, so they outlive sorting, filtering and a scan.

// selection is the marked endpoints that there are.
type selection struct {
	keys []string
	// hidden is how many of them the board does not show now.
	hidden int
}

// String says how many they are: "3 endpoints (2 of them hidden)".
func (s selection) String() string {
	text := count(len(s.keys), "endpoint")
	if s.hidden > 0 {
		text += fmt.Sprintf(" (%d of them hidden)", s.hidden)
	}
	return text
}

// chosen is what is marked.
func (b *board) chosen() selection {
	keys := slices.Sorted(maps.Keys(b.marked))
	return selection{slices.DeleteFunc(keys, func(key string) bool { return b.s.views[key] == nil }), b.hidden}
}

// countMarks counts anew after marks or rows have changed: a frame only reads it.
func (b *board) countMarks() {
	b.count, b.hidden = 0, 0
	for key := range b.marked {
		if b.s.views[key] != nil {
			b.count++
		}
	}
	b.hidden, b.total = b.count, 0
	for _, r := range b.rows {
		b.hidden -= b.marksIn(r.shown)
		b.total += len(r.shown)
	}
}

// marksIn counts the marked ones among endpoints.
func (b *board) marksIn(eps []*state.EndpointView) (n int) {
	for _, e := range eps {
		if b.marked[e.Key] {
			n++
		}
	}
	return n
}

// shown are all endpoints that the board shows, those of folded hosts too.
func (b *board) shown() (all []*state.EndpointView) {
	for _, r := range b.rows {
		all = append(all, r.shown...)
	}
	return all
}

// of are the endpoints that a row stands for.
func (r row) of() []*state.EndpointView {
	if r.ep != nil {
		return []*state.EndpointView{r.ep}
	}
	return r.shown
}

// mark marks endpoints, or takes the marks away if all of them have one.
func (b *board) mark(eps []*state.EndpointView) {
	all := b.marksIn(eps) == len(eps)
	for _, e := range eps {
		if all {
			delete(b.marked, e.Key)
		} else {
			b.marked[e.Key] = true
		}
	}
	b.countMarks()
}

// pressMarked does what a key means while endpoints are marked; false for keys
// that mean what they always mean.
func (b *board) pressMarked(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	switch k := b.s.keys; {
	case key.Matches(msg, k.back):
		clear(b.marked)
		b.countMarks()
		return nil, true
	case key.Matches(msg, k.route):
		return askRouteOfAll(b.s, b.chosen()), true
	case key.Matches(msg, k.owner):
		return askOwnerOfAll(b.s, b.chosen()), true
	case key.Matches(msg, k.receiver):
		return askReceiverOfAll(b.s, b.chosen()), true
	case key.Matches(msg, k.know):
		return askKnowledgeOfAll(b.s, b.chosen()), true
	case key.Matches(msg, k.mail):
		return askMailing(b.s, b.chosen()), true
	}
	return nil, false
}

// markKeys are the bindings that mark.
func (b *board) markKeys() []key.Binding {
	if len(b.rows) == 0 {
		return nil
	}
	one, every := "mark", "all"
	eps := b.rows[b.cursor].of()
	if b.marksIn(eps) == len(eps) {
		one = "unmark"
	}
	if b.count > 0 && b.count-b.hidden == b.total {
		every = "none"
	}
	return []key.Binding{as(b.s.keys.tick, one), as(b.s.keys.all, every)}
}

// markedKeys are the bindings for what is marked.
func (b *board) markedKeys() []key.Binding {
	k := b.available()
	keys := []key.Binding{as(k.back, fmt.Sprintf("unmark %d", b.count)), k.route, k.owner, as(k.mail, "mails")}
	return append(append(keys, b.markKeys()...), k.know, k.receiver)
}

// markedWords says how many are marked, "" for none.
func (b *board) markedWords() string {
	if b.count == 0 {
		return ""
	}
	text := "◆ " + count(b.count, "endpoint") + " marked"
	if b.hidden > 0 {
		text += fmt.Sprintf(", %d of them hidden", b.hidden)
	}
	return text
}

// markSign stands before a row that is marked, or of whose endpoints some are.
func (b *board) markSign(r row) string {
	eps := r.of()
	switch n := b.marksIn(eps); {
	case n == 0 || r.msg != nil:
		return " "
	case n < len(eps):
		return b.s.theme.accent.Render("◇")
	}
	return b.s.theme.accent.Render("◆")
}

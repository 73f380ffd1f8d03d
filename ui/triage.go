package ui

import (
	"fmt"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sidestep/state"
)

// triage answers: where do we begin, and what can be decided at once? It lies
// above the board, which it narrows to a group.
type triage struct {
	s      *session
	board  *board
	cursor int
}

func newTriage(s *session, b *board) *triage { return &triage{s: s, board: b} }

// worthTriage reports whether triage is where to begin: nothing is decided yet,
// and something is known of what fires the messages.
func worthTriage(s *session) bool {
	known := false
	for _, v := range s.views {
		if v.Route != state.Undecided {
			return false
		}
		known = known || v.Use != state.UseUnclear
	}
	return known
}

func (t *triage) Init() tea.Cmd { return nil }
func (t *triage) Crumb() string { return "triage" }

// group is the one under the cursor, false when there is none.
func (t *triage) group() (state.Group, bool) {
	groups := t.s.o.Triage()
	if len(groups) == 0 {
		return state.Group{}, false
	}
	t.cursor = min(t.cursor, len(groups)-1)
	return groups[t.cursor], true
}

func (t *triage) Update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return t, nil
	}
	k := t.s.keys
	g, any := t.group()
	if moved, ok := moveCursor(k, press, t.cursor, max(1, len(t.s.o.Triage())), 3); ok {
		t.cursor = moved
		return t, nil
	}
	switch {
	case key.Matches(press, k.back, k.tab):
		return t, t.s.pop()
	case key.Matches(press, k.enter) && any:
		t.board.narrow(g.Use)
		return t, t.s.pop()
	case key.Matches(press, k.route) && any && len(g.Undecided) > 0:
		return t, askRoutes(t.s, g)
	case key.Matches(press, k.evidence):
		return t, t.s.push(newEvidence(t.s))
	case key.Matches(press, k.add) && t.s.offer != "":
		return t, addBackup(t.s)
	}
	return t, nil
}

func (t *triage) Keys() []key.Binding {
	k := t.s.available()
	var keys []key.Binding
	if g, any := t.group(); any {
		keys = append(keys, as(k.enter, "show them"))
		if len(g.Undecided) > 0 {
			keys = append(keys, as(k.route, "one route for all"))
		}
	}
	if t.s.offer != "" && t.s.takesIn() {
		keys = append(keys, as(t.s.keys.add, "add the backup"))
	}
	return append(keys, k.evidence, as(k.back, "board"))
}

// useWords is what a group has in common, in a few words and in a sentence.
func useWords(u state.Use) (short, about string) {
	switch u {
	case state.UsedActively:
		return "something active", "Rules, flows or approvals that are switched on send these messages: whatever their receivers did with the session id fails today. Begin here, endpoint by endpoint."
	case state.UseUnclear:
		return "can't be told", "Either no source with rules and flows was read, or one that can't be told is active. They count as in use until somebody knows better."
	case state.UsedInactively:
		return "only what is off", "Everything that fires these is switched off. They come back when somebody switches it on again. Most can be retired together, after asking the owners."
	case state.Unused:
		return "nothing at all", "Nothing that was read fires these. Most can be retired together, after asking the owners."
	}
	return "not affected", "None of their messages sent a session id, as far as the evidence tells. They need no more than a reason in writing."
}

func (t *triage) View(s size) string {
	th, o := t.s.theme, t.s.o
	w := min(s.w-4, 100)
	groups := o.Triage()
	lines := []string{t.s.sums(w)}
	if !s.low() {
		lines = append(lines, "")
	}
	if s.h > 14 {
		lines = append(lines, th.title.Render("What fires the messages?"), "")
	}
	if notice := t.board.noticeLines(w, s.h-len(lines)-len(groups)-2); len(notice) > 0 {
		lines = append(lines, notice...)
		if !s.low() {
			lines = append(lines, "")
		}
	}
	if len(groups) == 0 {
		return fill(indent(append(lines, "No outbound messages were found. esc goes to the board."), 2), s)
	}
	lines = append(lines, th.faint.Render(t.figures("  fired by", w, "endpoints", "undecided", "affected", "unknown")))
	for i, g := range groups {
		lines = append(lines, t.row(g, i == t.cursor, w))
	}
	g, _ := t.group()
	_, about := useWords(g.Use)
	lines = append(lines, "")
	lines = append(lines, wrap(about, w)...)
	lines = append(lines, "")
	for _, l := range wrap(t.next(g), w) {
		lines = append(lines, th.muted.Render(l))
	}
	return fill(indent(lines, 2), s)
}

func (t *triage) row(g state.Group, current bool, w int) string {
	th := t.s.theme
	short, _ := useWords(g.Use)
	mark, style := "  ", th.text
	if current {
		mark, style = th.cursor.Render("› "), th.cursor
	}
	shown := func(n int, role lipgloss.Style) string {
		if n == 0 {
			role = th.faint
		}
		return role.Render(strconv.Itoa(n))
	}
	line := t.figures(mark+style.Render(short), w, strconv.Itoa(len(g.Endpoints)), strconv.Itoa(len(g.Undecided)), shown(g.Affected, th.danger), shown(g.Unknown, th.warning))
	if current {
		return th.highlight(line)
	}
	return line
}

// figures sets a name and its figures in columns. How many are undecided gives
// way first: the line below says it too.
func (t *triage) figures(name string, w int, endpoints, undecided, affected, unknown string) string {
	columns := []string{endpoints, undecided, affected, unknown}
	wide, each := 21, 11
	if w < 62 {
		columns = []string{endpoints, affected, unknown}
	}
	if w < 21+3*11 {
		columns, wide, each = []string{endpoints, affected}, w-2*9, 9
	}
	line := fit(name, wide)
	for _, c := range columns {
		line += strings.Repeat(" ", max(0, each-ansi.StringWidth(c))) + c
	}
	return fit(line, w)
}

// next says what can be decided about a group.
func (t *triage) next(g state.Group) string {
	if len(g.Undecided) == 0 {
		return "Every endpoint of this group has a route. enter shows them on the board."
	}
	text := "enter shows them on the board."
	if g.Proposed != state.InternalFix {
		text += fmt.Sprintf(" r decides for %s at once; proposed: %s.", count(len(g.Undecided), "endpoint"), g.Proposed.Label())
	} else {
		text += fmt.Sprintf(" r decides for %s at once.", count(len(g.Undecided), "endpoint"))
	}
	return text + " What you decided already stays, and u takes it back."
}

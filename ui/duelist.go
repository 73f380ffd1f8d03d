package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sidestep/state"
)

// dueIn is what has to be done next in one of the saved migrations.
type dueIn struct {
	state.Due
	in Saved
}

// allDue gathers what is next in all saved migrations, the soonest first.
func allDue(saved []Saved) []dueIn {
	var all []dueIn
	for _, sv := range saved {
		for _, d := range sv.Due {
			all = append(all, dueIn{d, sv})
		}
	}
	slices.SortStableFunc(all, func(a, b dueIn) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Who, b.Who), cmp.Compare(a.in.Name, b.in.Name))
	})
	return all
}

// dueShown is how many of the things that are due have a line on the home screen.
const dueShown = 3

// dueEntries are home's lines on what is due: the first ones, and the way to all.
func (h *home) dueEntries() []entry {
	all, now := allDue(h.saved), h.s.deps.Now()
	if len(all) == 0 {
		return nil
	}
	var out []entry
	for i := range all {
		if len(out) == dueShown || !all[i].IsDue(now) {
			break
		}
		d := &all[i]
		out = append(out, entry{group: "Due", title: d.Who, due: d, do: func() tea.Cmd {
			h.toward = d.screens
			return h.resume(d.in)
		}})
	}
	return append(out, entry{group: "Due", title: "What is next", about: dueSum(all, now), do: func() tea.Cmd {
		return h.s.push(newDueList(h.s, all))
	}})
}

// screens are the way from home to whom it concerns.
func (d dueIn) screens(s *session) []screen {
	for _, endpoint := range d.Endpoints {
		if s.views[endpoint] != nil {
			b := newBoard(s)
			b.seek("e:" + endpoint)
			return []screen{b, newEndpoint(s, endpoint)}
		}
	}
	return placeOf(s)
}

// row is one line: whom, by when, what and in which org. In a narrow window what
// doesn't fit falls away from the end; the list says it below the line at hand.
func (d dueIn) row(th theme, style lipgloss.Style, now time.Time, w int) string {
	late := lateness(th, d.Due, now)
	who := homeTitle
	if w < 72 {
		who = max(w/4, 12)
	}
	line := style.Render(fit(clean(d.Who), who)) + late.Render(fit(d.When(now), 20)) + string(d.Action) + th.muted.Render("  "+clean(d.in.Name))
	return ansi.Truncate(line, w, "…")
}

// lateness is the role of a day that something is due on.
func lateness(th theme, d state.Due, now time.Time) lipgloss.Style {
	switch {
	case d.Overdue(now):
		return th.danger
	case d.IsDue(now):
		return th.warning
	}
	return th.muted
}

// dueSum says how much is due: "2 overdue, 1 due today, 4 later".
func dueSum(all []dueIn, now time.Time) string {
	overdue, today, later := 0, 0, 0
	for _, d := range all {
		switch {
		case d.Overdue(now):
			overdue++
		case d.IsDue(now):
			today++
		default:
			later++
		}
	}
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{overdue, "overdue"}, {today, "due today"}, {later, "later"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	return strings.Join(parts, ", ")
}

// dueList answers: whom do I have to write to next, in all orgs?
type dueList struct {
	s      *session
	all    []dueIn
	cursor int
	offset int
	busy   bool
}

func newDueList(s *session, all []dueIn) *dueList { return &dueList{s: s, all: all} }

func (l *dueList) Init() tea.Cmd { return nil }
func (l *dueList) Crumb() string { return "due" }

func (l *dueList) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case openedMsg:
		if !l.busy {
			break
		}
		l.busy = false
		if msg.err != nil {
			return l, l.s.askToLook(l.all[l.cursor].in.ID, msg.err, func() { l.busy = true })
		}
		return l, l.s.reset(l.all[l.cursor].screens(l.s)...)
	case tea.KeyPressMsg:
		return l, l.press(msg)
	}
	return l, nil
}

func (l *dueList) press(msg tea.KeyPressMsg) tea.Cmd {
	if l.busy {
		return nil
	}
	k := l.s.keys
	if moved, ok := moveAround(k, msg, l.cursor, len(l.all)); ok {
		l.cursor = moved
		return nil
	}
	switch {
	case key.Matches(msg, k.back, k.left):
		return l.s.pop()
	case key.Matches(msg, k.enter, k.right):
		l.busy = true
		return l.s.resume(l.all[l.cursor].in.ID)
	case key.Matches(msg, k.calendar):
		return saveReminders(l.s, l.all)
	}
	return nil
}

func (l *dueList) Keys() []key.Binding {
	k := l.s.keys
	return []key.Binding{as(k.up, "up"), as(k.down, "down"), as(k.enter, "open"), k.calendar, as(k.back, "home")}
}

func (l *dueList) View(s size) string {
	th, now := l.s.theme, l.s.deps.Now()
	w := min(s.w-4, 110)
	lines := []string{"", "  " + th.title.Render("What is next, in all orgs") + th.muted.Render("  "+dueSum(l.all, now)), ""}
	first, last := 0, 0
	for i, d := range l.all {
		at := len(lines)
		mark, title := "  ", th.text
		if i == l.cursor {
			mark, title = th.cursor.Render("› "), th.cursor
		}
		lines = append(lines, "  "+mark+d.row(th, title, now, w-4))
		if i == l.cursor {
			next := fmt.Sprintf("In %s, by %s: %s. %s %s.", clean(d.in.Name), day(d.On), d.Action, d.Why, "It is about "+count(len(d.Endpoints), "endpoint"))
			lines = append(lines, indent(wrap(next, w-4), 4)...)
			last = len(lines) - 1
			if i > 0 || last >= s.h {
				first = at
			}
		}
	}
	lines, l.offset = follow(lines, l.offset, first, last, s.h)
	return fill(lines, s)
}

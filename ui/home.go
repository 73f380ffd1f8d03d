package ui

import (
	"context"
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/state"
)

// home answers: what was I doing, and how do I begin?
type home struct {
	s      *session
	saved  []Saved
	loaded bool
	cursor int
	offset int
	gen    int
	busy   string
	// opening is the id of the work that is being opened.
	opening string
	// toward says which screens follow once a migration is open.
	toward func(*session) []screen
}

type listedMsg struct {
	gen   int
	saved []Saved
	err   error
}

type demoMsg struct {
	demo Demo
	work Work
	err  error
}

func newHome(s *session) *home { return &home{s: s} }

func (h *home) Init() tea.Cmd { return h.list() }

// Return lets go of the migration that was open, so that another program may
// have it, and lists what is saved.
func (h *home) Return() tea.Cmd {
	letGo := h.s.detach()
	return tea.Sequence(func() tea.Msg {
		if err := letGo(); err != nil {
			return complain(err)()
		}
		return nil
	}, h.list())
}

func (h *home) list() tea.Cmd {
	h.gen++
	gen, work := h.gen, h.s.deps.Work
	return func() tea.Msg {
		saved, err := work.List()
		return listedMsg{gen, saved, err}
	}
}

func (h *home) Crumb() string {
	if h.s.handle != nil {
		return h.s.m.Org.Name
	}
	if h.s.deps.Demo != nil {
		return "demo"
	}
	return ""
}

// entry is one line that can be chosen, under the name of its group.
type entry struct {
	group        string
	title, about string
	saved        *Saved
	due          *dueIn
	do           func() tea.Cmd
}

func (h *home) entries() []entry {
	var out []entry
	for i := range h.saved {
		out = append(out, entry{group: "Resume", saved: &h.saved[i], title: h.saved[i].Name, do: func() tea.Cmd {
			h.toward = placeOf
			return h.resume(h.saved[i])
		}})
	}
	out = append(out, h.dueEntries()...)
	for _, e := range h.beginnings() {
		e.group = "Begin"
		out = append(out, e)
	}
	return out
}

// beginnings are the entries that are always there.
func (h *home) beginnings() []entry {
	var out []entry
	if h.s.deps.Demo != nil {
		out = append(out, entry{title: "Sign in to the demo org", about: "a made-up company, built into this program", do: h.signInDemo})
	} else {
		out = append(out,
			entry{title: "Sign in to an org", about: "production or sandbox, through your browser", do: func() tea.Cmd { return h.s.push(newWays(h.s)) }})
	}
	out = append(out, entry{title: "Open files", about: "a git repository, folder or zip, no org needed", do: func() tea.Cmd { return h.s.push(newOpenFiles(h.s)) }})
	if h.s.deps.Demo == nil && h.s.deps.StartDemo != nil {
		out = append(out, entry{title: "Try the demo", about: "the whole journey on a made-up org; nothing leaves this computer", do: h.startDemo})
	}
	return append(out,
		entry{title: "Help", about: "keys, words, how it works", do: func() tea.Cmd { return h.s.push(newHelp(h.s)) }},
		entry{title: "Quit", do: func() tea.Cmd { return tea.Quit }})
}

func (h *home) resume(sv Saved) tea.Cmd {
	if sv.Trouble == "" || sv.Newer {
		h.opening = sv.ID
		h.busy = "Opening " + sv.Name + "…"
		return h.s.resume(sv.ID)
	}
	if !sv.Restorable {
		return func() tea.Msg { return sayMsg{text: sv.Trouble, bad: true} }
	}
	return h.s.push(newConfirm(h.s, "This file is damaged", sv.Trouble+". The newest good copy can take its place; the damaged file is kept beside it.", "Use the good copy",
		func() tea.Cmd {
			h.busy = "Opening " + sv.Name + "…"
			return h.s.take(func(w Work) (Handle, state.Migration, error) { return w.Restore(sv.ID) })
		}))
}

func (h *home) signInDemo() tea.Cmd {
	return h.s.push(newSignInDemo(h.s))
}

func (h *home) startDemo() tea.Cmd {
	h.busy = "Starting the demo…"
	start := h.s.deps.StartDemo
	return func() tea.Msg {
		demo, work, err := start(context.Background())
		return demoMsg{demo, work, err}
	}
}

func (h *home) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case listedMsg:
		if msg.gen != h.gen {
			break
		}
		h.saved, h.loaded, h.s.known = msg.saved, true, msg.saved
		h.cursor = min(h.cursor, len(h.entries())-1)
		if msg.err != nil {
			return h, complain(msg.err)
		}
	case errandMsg:
		return h, h.list() // another work was changed
	case demoMsg:
		h.busy = ""
		if msg.err != nil {
			return h, complain(msg.err)
		}
		h.s.deps.Demo, h.s.deps.Work, h.saved, h.cursor = msg.demo, msg.work, nil, 0
		return h, h.list()
	case openedMsg:
		if h.busy == "" {
			break // another screen asked, and leads on
		}
		h.busy = ""
		if msg.err != nil {
			return h, tea.Batch(h.s.askToLook(h.opening, msg.err, func() { h.busy = "Opening it…" }), h.list())
		}
		return h, h.s.reset(h.toward(h.s)...)
	case tea.KeyPressMsg:
		return h, h.press(msg)
	}
	return h, nil
}

func (h *home) press(msg tea.KeyPressMsg) tea.Cmd {
	if h.busy != "" {
		return nil // one thing is being opened already
	}
	k, entries := h.s.keys, h.entries()
	if moved, ok := moveAround(k, msg, h.cursor, len(entries)); ok {
		h.cursor = moved
	} else if key.Matches(msg, k.enter, k.right) {
		return entries[h.cursor].do()
	}
	return nil
}

func (h *home) Keys() []key.Binding {
	k := h.s.keys
	return []key.Binding{as(k.up, "up"), as(k.down, "down"), as(k.enter, "choose")}
}

func (h *home) View(s size) string {
	th := h.s.theme
	w := min(s.w-4, 96)
	pad := "  "
	lines := h.promise(w, s.h < 15)
	lines = append(lines, h.unsaveable(w)...)
	lines = append(indent(lines, 2), indent(h.s.unusable(w, s.h), 2)...)
	if !s.low() {
		lines = append(lines, "")
	}
	first, last, group := 0, 0, ""
	for i, e := range h.entries() {
		if e.group != group {
			if i > 0 && !s.low() {
				lines = append(lines, "")
			}
			group = e.group
			lines = append(lines, pad+th.accent.Render(group))
		}
		at := len(lines)
		lines = append(lines, h.row(e, i == h.cursor, w)...)
		if i == h.cursor {
			last = len(lines) - 1
			if i > 0 || last >= s.h {
				first = at // the first entry is shown with the words above it, where both fit
			}
		}
	}
	if h.busy != "" {
		lines = append(lines, "", pad+th.muted.Render(clean(h.busy)))
	}
	if !h.loaded {
		lines = append(lines, "", pad+th.muted.Render("Looking for saved work…"))
	}
	lines, h.offset = follow(lines, h.offset, first, last, s.h)
	return fill(lines, s)
}

// promise is what the program is for. Where rows are few, it is no more than that
// nothing is changed.
func (h *home) promise(w int, brief bool) []string {
	const reads = "Sidestep only reads: it never changes anything in an org."
	var lines []string
	if !brief {
		lines = append(lines, "")
		for _, l := range wrap("Find the outbound messages that lost their session id, and see every endpoint fixed.", w) {
			lines = append(lines, h.s.theme.title.Render(l))
		}
	}
	text := "Salesforce stopped sending session ids in the week of 23 February 2026. " + reads
	if brief {
		text = reads
	}
	for _, l := range wrap(text, w) {
		lines = append(lines, h.s.theme.muted.Render(l))
	}
	return lines
}

// unsaveable says at once that nothing can be saved here, and not after the work.
func (h *home) unsaveable(w int) []string {
	if h.s.deps.ReadOnly == nil {
		return nil
	}
	const most = 3
	return styled(h.s.theme.danger, shorten(hang("! ", clean(inWords(h.s.deps.ReadOnly)), w), w, most))
}

// homeTitle is how wide the titles are that something stands beside.
const homeTitle = 26

func (h *home) row(e entry, current bool, w int) []string {
	th := h.s.theme
	mark, title := "    ", th.text
	if current {
		mark, title = "  "+th.cursor.Render("› "), th.cursor
	}
	if e.due != nil {
		return []string{mark + e.due.row(th, title, h.s.deps.Now(), w-4)}
	}
	if e.saved == nil {
		if w < homeTitle*2 {
			return []string{mark + title.Render(fit(e.title, w-4))}
		}
		return []string{mark + title.Render(fit(e.title, homeTitle)) + th.muted.Render(fit(e.about, w-4-homeTitle))}
	}
	sv := e.saved
	if sv.Trouble != "" {
		return append([]string{mark + title.Render(clean(sv.Name))}, indent(hang("", th.danger.Render(clean(sv.Trouble)), w-6), 6)...)
	}
	wide := 12
	if w < 80 {
		wide = 8
	}
	figures := fmt.Sprintf(" %3d/%-3d ", sv.Progress.Done, sv.Progress.Of)
	if w < homeTitle*2 {
		return []string{mark + title.Render(fit(clean(sv.Name), w-4-len(figures))) + figures}
	}
	line := title.Render(fit(clean(sv.Name), homeTitle)) + th.bar(sv.Progress.Done, sv.Progress.Of, wide) + figures +
		th.muted.Render(fmt.Sprintf(" %d of %s done, %s", sv.Finished, count(sv.Endpoints, "endpoint"), agoWords(sv.At, h.s.deps.Now())))
	out := []string{mark + line}
	if current && sv.Detail != "" {
		out = append(out, "      "+th.muted.Render(fit(clean(sv.Detail), w-6)))
	}
	return out
}

func indent(lines []string, n int) []string {
	for i := range lines {
		lines[i] = strings.Repeat(" ", n) + lines[i]
	}
	return lines
}

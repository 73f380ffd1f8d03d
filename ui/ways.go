package ui

import (
	"cmp"
	"context"
	"errors"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// ways answers: how do I get in? Orgs that were signed in to before come first,
// then the three ways in, each with what it needs.
type ways struct {
	s      *session
	known  []KnownOrg
	cursor int
	offset int
	gen    int
	cancel context.CancelFunc
	busy   string
	// failed is the org that could not be connected to, and err the reason.
	failed KnownOrg
	err    error
}

type (
	knownMsg struct {
		gen   int
		known []KnownOrg
		err   error
	}
	connectedMsg struct {
		gen  int
		org  Org
		from KnownOrg
		err  error
	}
)

func newWays(s *session) *ways { return &ways{s: s, cancel: func() {}} }

func (w *ways) Crumb() string { return "sign in" }
func (w *ways) Leave()        { w.cancel() }

func (w *ways) Init() tea.Cmd {
	if w.s.deps.Kept == nil {
		return nil
	}
	w.gen++
	gen, kept := w.gen, w.s.deps.Kept
	return func() tea.Msg {
		known, err := kept.Known()
		return knownMsg{gen, known, err}
	}
}

// way is one line that can be chosen.
type way struct {
	title, needs string
	do           func() tea.Cmd
}

func (w *ways) list() []way {
	var out []way
	for _, k := range w.known {
		out = append(out, way{k.Name, k.Username + " · " + k.Host, func() tea.Cmd { return w.connect(k) }})
	}
	if w.s.deps.CLI != nil {
		out = append(out, way{"With your Salesforce CLI login", "Needs the command sf on this computer, logged in to the org. The quickest way if you have it; nothing of it is kept.",
			func() tea.Cmd { return w.s.push(newCLILogins(w.s)) }})
	}
	return append(out,
		way{"With your own External Client App", "Needs five minutes in Setup, once. The way that works in every org; you are led through it.",
			func() tea.Cmd { return w.s.push(newAppSetup(w.s)) }},
		way{"With the Salesforce CLI's public client id", "Needs nothing, but it is not ours: whether your org accepts it depends on its policy.",
			func() tea.Cmd { return w.s.push(newSignIn(w.s)) }})
}

// connect goes on with a sign-in that was kept, or signs in again to the same
// org in the same way.
func (w *ways) connect(k KnownOrg) tea.Cmd {
	if !k.Kept {
		return w.s.push(newSignInAgain(w.s, k))
	}
	w.cancel()
	w.gen++
	w.busy, w.err = "Connecting to "+k.Name+"…", nil
	gen, kept := w.gen, w.s.deps.Kept
	cancel, cmd := run(func(ctx context.Context) tea.Msg {
		org, err := kept.Reconnect(ctx, k)
		return connectedMsg{gen, org, k, err}
	})
	w.cancel = cancel
	return cmd
}

func (w *ways) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case knownMsg:
		if msg.gen != w.gen {
			break
		}
		w.known = msg.known
		if msg.err != nil {
			return w, complain(msg.err)
		}
	case connectedMsg:
		if msg.gen != w.gen {
			break
		}
		w.busy = ""
		return w, w.connected(msg)
	case tea.KeyPressMsg:
		return w, w.press(msg)
	}
	return w, nil
}

// connected goes on with the org, or signs in to it once more where the sign-in is
// worn out. Anything else that went wrong, like a line that is down, a new sign-in
// would meet as well.
func (w *ways) connected(msg connectedMsg) tea.Cmd {
	var worn Worn
	switch {
	case msg.err == nil:
		return w.s.swap(newScanning(w.s, msg.org))
	case errors.As(msg.err, &worn):
		again := msg.from
		again.Host = cmp.Or(worn.Again(), again.Host)
		return tea.Batch(complain(msg.err), w.s.push(newSignInAgain(w.s, again)))
	}
	w.failed, w.err = msg.from, msg.err
	return nil
}

func (w *ways) press(msg tea.KeyPressMsg) tea.Cmd {
	all := w.list()
	if moved, ok := moveAround(w.s.keys, msg, w.cursor, len(all)); ok {
		w.cursor = moved
		return nil
	}
	switch k := w.s.keys; {
	case key.Matches(msg, k.back) && w.busy != "":
		w.cancel()
		w.gen++
		w.busy = ""
	case key.Matches(msg, k.back):
		return w.s.pop()
	case key.Matches(msg, k.remove) && w.cursor < len(w.known) && w.known[w.cursor].Kept && w.busy == "":
		return w.askSignOut(w.known[w.cursor])
	case key.Matches(msg, k.enter) && w.busy == "":
		return all[w.cursor].do()
	}
	return nil
}

func (w *ways) askSignOut(k KnownOrg) tea.Cmd {
	return w.s.push(newConfirm(w.s, "Sign out of "+clean(k.Name)+"?", "The org forgets this sign-in, and so does this computer. Saved work stays.", "Sign out", func() tea.Cmd {
		kept := w.s.deps.Kept
		return tea.Sequence(func() tea.Msg {
			notRevoked, err := kept.SignOut(context.Background(), k)
			switch {
			case err != nil:
				return sayMsg{text: inWords(err), bad: true}
			case notRevoked != nil:
				return sayMsg{text: "Deleted here, but the org could not be told: " + inWords(notRevoked), bad: true}
			}
			return sayMsg{text: "Signed out."}
		}, w.Init())
	}))
}

func (w *ways) Keys() []key.Binding {
	k := w.s.keys
	if w.busy != "" {
		return []key.Binding{as(k.back, "cancel")}
	}
	keys := []key.Binding{as(k.up, "up"), as(k.down, "down"), as(k.enter, "choose")}
	if w.hasFailed(w.cursor) {
		keys[2] = as(k.enter, "try again")
	}
	if w.cursor < len(w.known) && w.known[w.cursor].Kept {
		keys = append(keys, as(k.remove, "sign out"))
	}
	return append(keys, k.back)
}

// hasFailed reports whether the org in a row could not be connected to.
func (w *ways) hasFailed(row int) bool {
	return w.err != nil && row < len(w.known) && w.known[row] == w.failed
}

// why tells what went wrong with an org, and what to do.
func (w *ways) why(width int) []string {
	th := w.s.theme
	var lines []string
	for _, l := range wrap(clean(w.err.Error()), width-4) {
		lines = append(lines, "    "+th.danger.Render(l))
	}
	if hint := hintOf(w.err); hint != "" {
		for _, l := range wrap(clean(hint), width-4) {
			lines = append(lines, "    "+th.text.Render(l))
		}
	}
	return lines
}

func (w *ways) View(s size) string {
	th := w.s.theme
	width := min(s.w-4, 96)
	lines := []string{"", th.title.Render("How do you want to sign in?")}
	first, last, at := 0, 0, 0
	for i, way := range w.list() {
		if i == 0 && len(w.known) > 0 {
			lines = append(lines, "", th.accent.Render("Signed in before"))
		}
		if i == len(w.known) {
			lines = append(lines, "", th.accent.Render("A new sign-in"))
		}
		mark, style := "  ", th.text
		if i == w.cursor {
			mark, style = th.cursor.Render("› "), th.cursor
		}
		if i == w.cursor {
			at = len(lines)
		}
		lines = append(lines, mark+style.Render(fit(clean(way.title), width-2)))
		for _, l := range wrap(clean(way.needs), width-4) {
			lines = append(lines, "    "+th.muted.Render(l))
		}
		if w.hasFailed(i) {
			lines = append(lines, w.why(width)...)
		}
		if i == w.cursor {
			last = len(lines) - 1
		}
	}
	if w.busy != "" {
		lines = append(lines, "", th.accent.Render(clean(w.busy)))
	}
	lines = append(lines, "")
	for _, l := range wrap("Sign in from your usual network: Salesforce may freeze users who come through an anonymising VPN or proxy (knowledge article 005318944).", width) {
		lines = append(lines, th.muted.Render(l))
	}
	if w.cursor == len(w.list())-1 {
		last = len(lines) - 1
	}
	if w.cursor > 0 || last >= s.h {
		first = at
	}
	lines, w.offset = follow(lines, w.offset, first, last, s.h)
	return fill(indent(lines, 2), s)
}

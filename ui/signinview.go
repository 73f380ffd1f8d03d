package ui

import (
	"fmt"
	"strings"
	"time"
)

func (n *signIn) aboutDefault() string {
	_, about := n.s.deps.Orgs.DefaultClient()
	return about
}

func (n *signIn) View(s size) string {
	w := min(s.w-4, 100)
	var lines []string
	switch n.phase {
	case choosingHost, typingHost:
		lines = n.viewHosts(w)
	case startingSignIn:
		lines = []string{"", n.s.theme.title.Render("Getting ready…")}
	case waitingForBrowser:
		return fill(n.viewWaiting(w, s), s)
	case signInFailed:
		lines = n.viewFailed(w)
	}
	return fill(indent(lines, 2), s)
}

func (n *signIn) viewHosts(w int) []string {
	th := n.s.theme
	lines := []string{"", th.title.Render("Where do you log in?"), ""}
	for i, h := range hosts {
		mark, style := "  ", th.text
		if i == n.cursor {
			mark, style = th.cursor.Render("› "), th.cursor
		}
		lines = append(lines, mark+style.Render(fit(h.label, 14))+th.muted.Render(h.about))
	}
	if n.phase == typingHost {
		n.input.fit(w - 6)
		lines = append(lines, "", "  "+n.input.View())
	}
	if n.wrong != "" {
		lines = append(lines, "")
		for _, l := range wrap(clean(n.wrong), w) {
			lines = append(lines, th.danger.Render(l))
		}
	}
	app := "Signs in with the consumer key " + clean(n.client) + "."
	if n.client == "" {
		app = "Without a consumer key (e) " + n.aboutDefault()
	}
	lines = append(lines, "")
	for _, l := range wrap(app, w) {
		lines = append(lines, th.muted.Render(l))
	}
	return lines
}

// viewWaiting shows the link on lines of its own, from the first column on and as
// wide as the window, so that it can be selected with the mouse and pasted. In a low
// room it comes first.
func (n *signIn) viewWaiting(w int, s size) []string {
	th := n.s.theme
	title := "Log in with your browser"
	if n.demo {
		title = "Log in to the demo org with your browser"
	}
	var link []string
	for _, l := range strings.Split(hardWrap(n.attempt.Link(), s.w), "\n") {
		link = append(link, th.accent.Hyperlink(n.attempt.Link()).Render(l))
	}
	if s.low() {
		return append(append([]string{"  " + th.title.Render(fit(title, w))}, link...), indent(n.waitingLines(w), 2)...)
	}
	lines := []string{"", th.title.Render(title), ""}
	lines = append(lines, wrap(n.browser+" Sidestep goes on by itself as soon as you have logged in and allowed it.", w)...)
	lines = append(lines, "", th.muted.Render("The link:"))
	return append(append(indent(lines, 2), link...), indent(append([]string{""}, n.waitingLines(w)...), 2)...)
}

// waitingLines are the time that is left, and what to do without a browser.
func (n *signIn) waitingLines(w int) []string {
	th := n.s.theme
	left := max(0, n.attempt.Deadline().Sub(n.now)).Round(time.Second)
	lines := []string{th.muted.Render(fmt.Sprintf("Time left: %d:%02d", int(left.Minutes()), int(left.Seconds())%60))}
	if n.attempt.Listening() {
		lines = append(lines, th.muted.Render("Listening on "+n.attempt.RedirectURI()))
	} else {
		lines = append(lines, th.warning.Render("Every port for the answer is taken: log in, then paste the address (v)."))
	}
	if n.demo {
		lines = append(lines, "", th.title.Render("No browser here? Press enter to approve as the demo admin."))
	} else {
		lines = append(lines, "")
		for _, l := range wrap("Is your browser on another computer? Open the link there, log in, and paste the address it ends at (v).", w) {
			lines = append(lines, th.muted.Render(l))
		}
	}
	return lines
}

func (n *signIn) viewFailed(w int) []string {
	th := n.s.theme
	lines := []string{"", th.danger.Render("You are not signed in."), ""}
	lines = append(lines, wrap(clean(n.err.Error()), w)...)
	if hint := hintOf(n.err); hint != "" {
		lines = append(lines, "")
		for _, l := range wrap(clean(hint), w) {
			lines = append(lines, th.muted.Render(l))
		}
	}
	return lines
}

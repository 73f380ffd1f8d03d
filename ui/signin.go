package ui

import (
	"context"
	"errors"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// signIn lets the admin into an org through the browser.
type signIn struct {
	s     *session
	phase signInPhase
	demo  bool
	// direct is true when the host was known from the start: esc leaves.
	direct bool
	// host is what the admin typed or chose; client is the consumer key, "" for
	// the default one.
	host, client string
	cursor       int
	input        input
	wrong        string

	gen     int
	cancel  context.CancelFunc
	attempt Attempt
	now     time.Time
	// browser says what became of opening the browser.
	browser string
	err     error
}

type signInPhase int

const (
	choosingHost signInPhase = iota
	typingHost
	startingSignIn
	waitingForBrowser
	signInFailed
)

type (
	attemptMsg struct {
		gen     int
		attempt Attempt
		err     error
	}
	signedInMsg struct {
		gen int
		org Org
		err error
	}
	linkOpenedMsg struct {
		gen int
		err error
	}
	pastedMsg struct {
		gen int
		err error
	}
	secondMsg struct {
		gen int
		at  time.Time
	}
)

// hosts are the answers to "where do you log in?" that need no typing.
var hosts = []option{
	{"Production", "login.salesforce.com"},
	{"Sandbox", "test.salesforce.com"},
	{"My Domain", "type or paste any address of your org"},
}

func newSignIn(s *session) *signIn {
	return &signIn{s: s, input: newInput(s.theme, "acme, acme.my.salesforce.com, or any page of your org"), cancel: func() {}}
}

// newSignInAgain signs in to an org whose host and app are known.
func newSignInAgain(s *session, k KnownOrg) *signIn {
	in := newSignIn(s)
	in.host, in.client, in.direct, in.phase = k.Host, k.Client, true, startingSignIn
	return in
}

// newSignInDemo signs in to the built-in org, whose host is known.
func newSignInDemo(s *session) *signIn {
	in := newSignIn(s)
	in.demo, in.host, in.phase = true, s.deps.Demo.Host(), startingSignIn
	return in
}

func (n *signIn) Crumb() string { return "log in" }
func (n *signIn) Typing() bool  { return n.phase == typingHost }

// Leave ends the attempt, which frees its port.
func (n *signIn) Leave() { n.cancel() }

func (n *signIn) Init() tea.Cmd {
	if n.demo || n.direct {
		return n.start()
	}
	return nil
}

// start begins a new attempt, with new secrets and a port of its own.
func (n *signIn) start() tea.Cmd {
	n.cancel()
	n.gen++
	n.phase, n.attempt, n.err, n.browser = startingSignIn, nil, nil, ""
	gen, orgs, host, client := n.gen, n.s.deps.Orgs, n.host, n.client
	cancel, cmd := run(func(ctx context.Context) tea.Msg {
		a, err := orgs.SignIn(ctx, host, client)
		return attemptMsg{gen, a, err}
	})
	n.cancel = cancel
	return cmd
}

// wait waits for the browser to come back; cancelling it frees the port.
func (n *signIn) wait() tea.Cmd {
	gen, attempt := n.gen, n.attempt
	end := n.cancel
	cancel, cmd := run(func(ctx context.Context) tea.Msg {
		org, err := attempt.Wait(ctx)
		return signedInMsg{gen, org, err}
	})
	n.cancel = func() { cancel(); end() }
	return tea.Batch(cmd, n.openLink(), n.tick())
}

func (n *signIn) openLink() tea.Cmd {
	gen, link, desktop := n.gen, n.attempt.Link(), n.s.deps.Desktop
	n.browser = "Opening your browser…"
	return func() tea.Msg { return linkOpenedMsg{gen, desktop.OpenURL(link)} }
}

func (n *signIn) tick() tea.Cmd {
	gen := n.gen
	n.now = n.s.deps.Now()
	return tea.Tick(time.Second, func(t time.Time) tea.Msg { return secondMsg{gen, t} })
}

func (n *signIn) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case attemptMsg:
		if msg.gen != n.gen {
			break
		}
		if msg.err != nil {
			n.phase, n.err = signInFailed, msg.err
			break
		}
		n.phase, n.attempt = waitingForBrowser, msg.attempt
		return n, n.wait()
	case signedInMsg:
		if msg.gen != n.gen {
			break
		}
		if msg.err != nil {
			n.phase, n.err = signInFailed, msg.err
			break
		}
		n.gen++
		return n, tea.Batch(n.s.swap(newScanning(n.s, msg.org)), askToKeep(n.s, msg.org, n.host))
	case linkOpenedMsg:
		if msg.gen == n.gen {
			n.browser = "Your browser should show the login now."
			if msg.err != nil {
				n.browser = "No browser could be opened here. Open the link yourself, on any computer."
			}
		}
	case pastedMsg:
		if msg.gen == n.gen && msg.err != nil {
			return n, complain(msg.err)
		}
	case secondMsg:
		if msg.gen == n.gen && n.phase == waitingForBrowser {
			return n, n.tick()
		}
	case tea.PasteMsg:
		if n.phase == typingHost {
			n.input.take(msg)
		} else if n.phase == waitingForBrowser {
			return n, n.pasted(msg.Content)
		}
	case tea.KeyPressMsg:
		return n, n.press(msg)
	}
	return n, nil
}

func (n *signIn) press(msg tea.KeyPressMsg) tea.Cmd {
	k := n.s.keys
	switch n.phase {
	case typingHost:
		return n.typeHost(msg)
	case choosingHost:
		if moved, ok := moveAround(k, msg, n.cursor, len(hosts)); ok {
			n.cursor = moved
			return nil
		}
		switch {
		case key.Matches(msg, k.edit):
			return n.s.push(newAsk(n.s, "Consumer key", "The consumer key of the External Client App that your org made for Sidestep. Empty: "+n.aboutDefault(),
				[]field{{label: "Consumer key", value: n.client}}, func(v []string) tea.Cmd { n.client = v[0]; return nil }).besideTheWork())
		case key.Matches(msg, k.enter):
			if n.cursor == len(hosts)-1 {
				n.phase = typingHost
				n.input.Focus()
				return nil
			}
			n.host = hosts[n.cursor].about
			return n.start()
		case key.Matches(msg, k.back):
			return n.s.pop()
		}
	case waitingForBrowser:
		return n.pressWaiting(msg)
	case signInFailed:
		switch {
		case key.Matches(msg, k.enter):
			return n.start()
		case key.Matches(msg, k.page) && n.cure() != "":
			return openLink(n.s, n.cure())
		case key.Matches(msg, k.back):
			return n.stepBack()
		}
	default:
		if key.Matches(msg, k.back) {
			return n.stepBack()
		}
	}
	return nil
}

// cure is the Setup page on which the org's refusal is taken back, "" for none.
func (n *signIn) cure() string {
	var refused interface{ Page() string }
	if !errors.As(n.err, &refused) || refused.Page() == "" {
		return ""
	}
	base, err := n.s.deps.Orgs.Base(n.host)
	if err != nil {
		return ""
	}
	return base + refused.Page()
}

// stepBack gives up the attempt: to the choice of hosts, or home.
func (n *signIn) stepBack() tea.Cmd {
	n.cancel()
	n.gen++
	if n.demo || n.direct {
		return n.s.pop()
	}
	n.phase = choosingHost
	return nil
}

func (n *signIn) typeHost(msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc":
		n.phase, n.wrong = choosingHost, ""
		n.input.Blur()
		return nil
	case "enter":
		host := strings.TrimSpace(n.input.Value())
		if err := n.s.deps.Orgs.Accepts(host); err != nil {
			n.wrong = inWords(err)
			return nil
		}
		n.host = host
		return n.start()
	}
	n.wrong = ""
	n.input.take(msg)
	return nil
}

func (n *signIn) pressWaiting(msg tea.KeyPressMsg) tea.Cmd {
	switch k := n.s.keys; {
	case key.Matches(msg, k.back):
		return n.stepBack()
	case key.Matches(msg, k.copy):
		return copyText(n.s, n.attempt.Link(), "The link is on the clipboard.")
	case key.Matches(msg, k.open):
		return n.openLink()
	case key.Matches(msg, k.paste):
		return n.s.push(newAsk(n.s, "Paste the address", "After the login the browser shows an address that begins with "+n.attempt.RedirectURI()+". Paste all of it here.",
			[]field{{label: "Address", check: required("the address")}}, func(v []string) tea.Cmd { return n.pasted(v[0]) }).besideTheWork())
	case n.demo && key.Matches(msg, k.approve):
		gen, demo, link := n.gen, n.s.deps.Demo, n.attempt.Link()
		return func() tea.Msg {
			if err := demo.Approve(context.Background(), link); err != nil {
				return pastedMsg{gen, err}
			}
			return nil
		}
	}
	return nil
}

func (n *signIn) pasted(address string) tea.Cmd {
	gen, attempt := n.gen, n.attempt
	return func() tea.Msg { return pastedMsg{gen, attempt.Paste(address)} }
}

func (n *signIn) Keys() []key.Binding {
	k := n.s.keys
	switch n.phase {
	case choosingHost:
		return []key.Binding{as(k.up, "up"), as(k.down, "down"), as(k.enter, "choose"), as(k.edit, "consumer key"), k.back}
	case typingHost:
		return []key.Binding{as(k.enter, "sign in"), k.back}
	case waitingForBrowser:
		keys := []key.Binding{as(k.copy, "copy the link"), k.open, k.paste, as(k.back, "cancel")}
		if n.demo {
			keys = append([]key.Binding{k.approve}, keys...)
		}
		return keys
	case signInFailed:
		keys := []key.Binding{as(k.enter, "try again")}
		if n.cure() != "" {
			keys = append(keys, k.page)
		}
		return append(keys, k.back)
	}
	return []key.Binding{as(k.back, "cancel")}
}

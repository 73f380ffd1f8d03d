package ui

import (
	"context"
	"errors"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/state"
)

// proof answers: what did the program itself find out? It runs one check and
// records what that found with the endpoint.
type proof struct {
	s              *session
	endpoint       string
	kind           state.CheckKind
	title, waiting string
	// work is done away from Update. again does it with the second yes, nil where
	// none can be needed.
	work, again func(context.Context) (CodeFound, error)

	running bool
	cancel  context.CancelFunc
	found   *CodeFound
	err     error
	scroll  scroll
}

// provedMsg brings what a check found to the screen that runs it.
type provedMsg struct {
	to    *proof
	found CodeFound
	err   error
}

func newProof(s *session, endpoint string, kind state.CheckKind, title, waiting string, work func(context.Context) (CodeFound, error)) *proof {
	return &proof{s: s, endpoint: endpoint, kind: kind, title: title, waiting: waiting, work: work, cancel: func() {}}
}

// plainly is a check that suggests nothing about the receiver.
func plainly(work func(context.Context) (state.Check, error)) func(context.Context) (CodeFound, error) {
	return func(ctx context.Context) (CodeFound, error) {
		c, err := work(ctx)
		return CodeFound{Check: c}, err
	}
}

func (p *proof) Init() tea.Cmd { return p.start(p.work) }
func (p *proof) Crumb() string { return "check" }
func (p *proof) Leave()        { p.cancel() }

func (p *proof) start(work func(context.Context) (CodeFound, error)) tea.Cmd {
	p.running, p.found, p.err = true, nil, nil
	cancel, cmd := run(func(ctx context.Context) tea.Msg {
		found, err := work(ctx)
		return provedMsg{p, found, err}
	})
	p.cancel = cancel
	return cmd
}

func (p *proof) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case provedMsg:
		if msg.to == p && p.running {
			return p, p.proved(msg)
		}
	case tea.KeyPressMsg:
		return p, p.press(msg)
	}
	return p, nil
}

func (p *proof) proved(msg provedMsg) tea.Cmd {
	p.running, p.err = false, msg.err
	if msg.err != nil {
		return nil
	}
	p.found = &msg.found
	return p.s.do("what was checked", p.s.m.Checked(p.endpoint, p.kind, msg.found.Check, p.s.act()))
}

func (p *proof) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.s.keys
	switch {
	case key.Matches(msg, k.back, k.left):
		return p.s.pop()
	case p.running:
	case key.Matches(msg, k.enter) && p.asksAgain():
		return p.start(p.again)
	case key.Matches(msg, k.enter) && p.suggests():
		return p.accept()
	case key.Matches(msg, k.verify):
		return p.start(p.work)
	default:
		p.scroll.press(k, msg)
	}
	return nil
}

func (p *proof) asksAgain() bool {
	var a AsksAgain
	return p.again != nil && errors.As(p.err, &a) && a.AsksAgain()
}

// suggests reports whether the source says more of the receiver than is recorded.
func (p *proof) suggests() bool {
	v := p.s.views[p.endpoint]
	return v != nil && p.found != nil && p.found.Receiver != state.ReceiverUnknown &&
		(p.found.Receiver != v.Receiver || p.found.Acks != state.AcksUnknown && p.found.Acks != v.Acks)
}

// accept records what the source suggests about the receiver, and settles the
// step that asked for it.
func (p *proof) accept() tea.Cmd {
	f, act := p.found, p.s.act()
	m := p.s.m.ClassifyReceiver(p.endpoint, f.Receiver, act)
	if f.Receiver == state.CallsBack && f.Acks != state.AcksUnknown {
		m = m.TellAcks(p.endpoint, f.Acks, act)
	}
	c := f.Check
	c.Passed = true
	return tea.Batch(p.s.do("receiver", m.Checked(p.endpoint, p.kind, c, act)), p.s.pop())
}

func (p *proof) Keys() []key.Binding {
	k := p.s.keys
	if p.running {
		return []key.Binding{as(k.back, "stop")}
	}
	var keys []key.Binding
	switch {
	case p.asksAgain():
		keys = append(keys, as(k.enter, "send it all the same"))
	case p.suggests():
		keys = append(keys, as(k.enter, "record it"))
	}
	keys = append(append(keys, p.scroll.keys(k)...), as(k.verify, "check again"))
	return append(keys, k.back)
}

func (p *proof) View(s size) string {
	return fill(indent(p.scroll.window(append([]string{""}, p.lines(min(s.w-4, 100))...), s.h), 2), s)
}

func (p *proof) lines(w int) []string {
	th := p.s.theme
	var lines []string
	for _, l := range wrap(clean(p.title), w) {
		lines = append(lines, th.title.Render(l))
	}
	lines = append(lines, "")
	switch {
	case p.running:
		return append(lines, wrap(p.waiting, w)...)
	case p.err != nil:
		for _, l := range wrap(clean(p.err.Error()), w) {
			lines = append(lines, th.danger.Render(l))
		}
		return append(lines, wrap(clean(hintOf(p.err)), w)...)
	}
	lines = append(lines, checkLines(th, p.found.Check, w)...)
	note := ""
	switch {
	case p.suggests():
		note = "This is a suggestion: enter records “" + receiverText(state.Endpoint{Receiver: p.found.Receiver, Acks: p.found.Acks}) + "”, and settles the step."
	case !p.found.Check.Passed:
		note = "This proves nothing yet; what is ticked stays ticked."
	}
	if note != "" {
		lines = append(lines, "")
		for _, l := range wrap(note, w) {
			lines = append(lines, th.muted.Render(l))
		}
	}
	return lines
}

// checkLines is what a check found, for its own screen and for its step.
func checkLines(th theme, c state.Check, w int) []string {
	sign, style := "✓ ", th.good
	if !c.Passed {
		sign, style = "! ", th.warning
	}
	var lines []string
	for _, l := range hang(sign, clean(c.Summary), w) {
		lines = append(lines, style.Render(l))
	}
	for _, d := range c.Details {
		lines = append(lines, hang("  ", clean(d), w)...)
	}
	return lines
}

package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
	"sidestep/state"
)

// scanning reads the org, and shows what arrives.
type scanning struct {
	s        *session
	org      Org
	gen      int
	cancel   context.CancelFunc
	progress Progress
	rows     []salesforce.Message
	err      error
	// settling is true while the findings are brought into the saved work, which
	// nothing stops any more.
	settling bool
	updates  chan Progress
}

type (
	progressMsg struct {
		gen int
		p   Progress
	}
	scannedMsg struct {
		gen int
		f   salesforce.Findings
		err error
		// last is the last word of progress, which may still be on its way.
		last Progress
	}
)

func newScanning(s *session, org Org) *scanning {
	return &scanning{s: s, org: org, cancel: func() {}}
}

func (c *scanning) Crumb() string { return "scanning " + c.org.Who().Name }
func (c *scanning) Leave()        { c.cancel() }
func (c *scanning) Init() tea.Cmd { return c.start() }

func (c *scanning) start() tea.Cmd {
	c.cancel()
	c.gen++
	c.progress, c.rows, c.err, c.settling = Progress{}, nil, nil, false
	gen, org, updates := c.gen, c.org, make(chan Progress, 16)
	c.updates = updates
	cancel, scan := run(func(ctx context.Context) tea.Msg {
		defer close(updates)
		var last Progress
		f, err := org.Scan(ctx, func(p Progress) {
			last = p
			select {
			case updates <- p:
			case <-ctx.Done():
			}
		})
		return scannedMsg{gen, f, err, last}
	})
	c.cancel = cancel
	return tea.Batch(scan, c.listen())
}

// listen waits for the next word of progress.
func (c *scanning) listen() tea.Cmd {
	gen, updates := c.gen, c.updates
	return func() tea.Msg {
		p, more := <-updates
		if !more {
			return nil
		}
		return progressMsg{gen, p}
	}
}

func (c *scanning) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case progressMsg:
		if msg.gen != c.gen {
			break
		}
		c.progress = msg.p
		c.rows = append(c.rows, msg.p.New...)
		return c, c.listen()
	case scannedMsg:
		if msg.gen != c.gen {
			break
		}
		c.progress = msg.last
		return c, c.scanned(msg)
	case openedMsg:
		if c.settling && msg.err != nil {
			c.settling, c.err = false, msg.err
			break
		}
		if c.settling {
			return c, c.arrive(msg.changes)
		}
	case mergedMsg:
		if c.settling && msg.err != nil {
			c.settling, c.err = false, msg.err
			break
		}
		if c.settling {
			return c, c.arrive(msg.changes)
		}
	case tea.KeyPressMsg:
		switch k := c.s.keys; {
		case key.Matches(msg, k.back) && !c.settling:
			return c, tea.Batch(c.s.pop(), say("Stopped. Nothing was changed."))
		case c.err != nil && key.Matches(msg, k.enter):
			return c, c.start()
		}
	}
	return c, nil
}

func (c *scanning) scanned(msg scannedMsg) tea.Cmd {
	if errors.Is(msg.err, context.Canceled) {
		return nil
	}
	if msg.err != nil && len(msg.f.Messages) == 0 {
		c.err = msg.err
		return nil
	}
	c.settling = true
	if c.s.handle == nil {
		return c.s.begin(msg.f, c.org.Who())
	}
	return c.s.add(msg.f, c.org.Who())
}

// arrive shows the board, with one line on what the scan found.
func (c *scanning) arrive(ch state.Changes) tea.Cmd {
	c.s.org = c.org
	text := fmt.Sprintf("Read %s of %d with %s.", count(c.progress.Read, "message"), c.progress.Known, count(c.progress.Calls, "call"))
	if ch.New+ch.Changed+ch.Gone > 0 {
		text += fmt.Sprintf(" Since the last scan: %d new, %d changed, %d gone.", ch.New, ch.Changed, ch.Gone)
	}
	return tea.Batch(c.s.reset(beginning(c.s)...), say(text))
}

// waitsFor says what the scan waits for, or why it goes another way.
func (c *scanning) waitsFor(w int) []string {
	text := c.progress.Note
	switch p := c.progress; {
	case p.Pause > 0 && p.Asked:
		text = strings.TrimSpace(fmt.Sprintf("The org asks for a pause of %s. %s", p.Pause.Round(time.Second), text))
	case p.Pause > 0:
		text = strings.TrimSpace(fmt.Sprintf("The org is overloaded; asking again in %s. %s", max(p.Pause.Round(time.Second), time.Second), text))
	}
	if text == "" {
		return nil
	}
	return append(wrap(clean(text), w), "")
}

func (c *scanning) Keys() []key.Binding {
	k := c.s.keys
	switch {
	case c.err != nil:
		return []key.Binding{as(k.enter, "try again"), k.back}
	case c.settling:
		return nil
	}
	return []key.Binding{as(k.back, "stop")}
}

func (c *scanning) View(s size) string {
	th := c.s.theme
	w := s.w - 4
	p := c.progress
	if c.err != nil {
		lines := []string{"", th.danger.Render("The scan failed."), ""}
		lines = append(lines, wrap(clean(c.err.Error()), w)...)
		if hint := hintOf(c.err); hint != "" {
			lines = append(lines, "")
			lines = append(lines, wrap(clean(hint), w)...)
		}
		return fill(indent(lines, 2), s)
	}
	title := "Asking the org which outbound messages it has…"
	if p.Known > 0 {
		title = fmt.Sprintf("Reading outbound messages: %d of %d", p.Read, p.Known)
	}
	usage := fmt.Sprintf("%s so far. Nothing is changed in the org.", count(p.Calls, "API call"))
	if p.LimitMax > 0 {
		usage = fmt.Sprintf("%s so far; the org has used %d of its %d for today. Nothing is changed in the org.", count(p.Calls, "call"), p.LimitUsed, p.LimitMax)
	}
	lines := []string{"", th.title.Render(title), "", th.bar(p.Read, p.Known, min(w, 72)), "", th.muted.Render(fit(usage, w)), ""}
	for _, l := range c.waitsFor(w) {
		lines = append(lines, th.warning.Render(l))
	}
	room := s.h - len(lines)
	rows := c.rows
	if len(rows) > room {
		rows = rows[len(rows)-room:]
	}
	name := min(44, w/2)
	for _, m := range rows {
		lines = append(lines, fit(clean(m.Key()), name)+" "+th.muted.Render(fit(clean(salesforce.ParseEndpoint(m.EndpointURL).Masked), w-name-1)))
	}
	return fill(indent(lines, 2), s)
}

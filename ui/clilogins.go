package ui

import (
	"context"
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// cliLogins lists the orgs that the Salesforce CLI is logged in to.
type cliLogins struct {
	s       *session
	logins  []CLILogin
	loaded  bool
	cursor  int
	offset  int
	gen     int
	cancel  context.CancelFunc
	err     error
	waiting bool
}

type cliMsg struct {
	gen    int
	logins []CLILogin
	err    error
}

func newCLILogins(s *session) *cliLogins { return &cliLogins{s: s, cancel: func() {}} }

func (c *cliLogins) Crumb() string { return "Salesforce CLI" }
func (c *cliLogins) Leave()        { c.cancel() }

func (c *cliLogins) Init() tea.Cmd {
	c.cancel()
	c.gen++
	c.loaded, c.err = false, nil
	gen, cli := c.gen, c.s.deps.CLI
	cancel, cmd := run(func(ctx context.Context) tea.Msg {
		logins, err := cli.Logins(ctx)
		return cliMsg{gen, logins, err}
	})
	c.cancel = cancel
	return cmd
}

func (c *cliLogins) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case cliMsg:
		if msg.gen == c.gen {
			c.loaded, c.logins, c.err = true, msg.logins, msg.err
		}
	case connectedMsg:
		if msg.gen != c.gen || !c.waiting {
			break
		}
		c.waiting = false
		if msg.err != nil {
			c.err = msg.err
			break
		}
		return c, c.s.swap(newScanning(c.s, msg.org))
	case tea.KeyPressMsg:
		return c, c.press(msg)
	}
	return c, nil
}

func (c *cliLogins) press(msg tea.KeyPressMsg) tea.Cmd {
	k := c.s.keys
	n := len(c.logins)
	if n > 0 && !c.waiting {
		if moved, ok := moveAround(k, msg, c.cursor, n); ok {
			c.cursor = moved
			return nil
		}
	}
	switch {
	case key.Matches(msg, k.back):
		return c.s.pop()
	case key.Matches(msg, k.enter) && c.err != nil:
		return c.Init()
	case key.Matches(msg, k.enter) && n > 0 && !c.waiting:
		c.waiting = true
		c.gen++
		gen, cli, login := c.gen, c.s.deps.CLI, c.logins[c.cursor]
		cancel, cmd := run(func(ctx context.Context) tea.Msg {
			org, err := cli.Connect(ctx, login)
			return connectedMsg{gen: gen, org: org, err: err}
		})
		c.cancel = cancel
		return cmd
	}
	return nil
}

func (c *cliLogins) Keys() []key.Binding {
	k := c.s.keys
	switch {
	case c.err != nil:
		return []key.Binding{as(k.enter, "try again"), k.back}
	case len(c.logins) > 0 && !c.waiting:
		return []key.Binding{as(k.up, "up"), as(k.down, "down"), as(k.enter, "use it"), k.back}
	}
	return []key.Binding{k.back}
}

func (c *cliLogins) View(s size) string {
	th := c.s.theme
	w := min(s.w-4, 96)
	at := 0
	lines := append([]string{""}, styled(th.title, wrap("Orgs that the Salesforce CLI is logged in to", w))...)
	lines = append(lines, "")
	switch {
	case c.err != nil:
		for _, l := range wrap(clean(inWords(c.err)), w) {
			lines = append(lines, th.danger.Render(l))
		}
	case c.waiting:
		lines = append(lines, th.accent.Render("Asking the CLI for a token. It is kept in memory only."))
	case !c.loaded:
		lines = append(lines, th.muted.Render("Asking sf…"))
	case len(c.logins) == 0:
		lines = append(lines, wrap("The CLI is logged in to no org. Log in there (sf org login web), or go back and choose another way.", w)...)
	}
	if c.err == nil && !c.waiting {
		for i, l := range c.logins {
			mark, style := "  ", th.text
			if i == c.cursor {
				mark, style = th.cursor.Render("› "), th.cursor
				at = len(lines)
			}
			name := l.Username
			if l.Alias != "" {
				name = fmt.Sprintf("%s (%s)", l.Alias, l.Username)
			}
			lines = append(lines, mark+style.Render(fit(clean(name), w/2-1))+" "+th.muted.Render(fit(clean(l.Instance), w-w/2-2)))
		}
	}
	lines, c.offset = follow(lines, c.offset, at, at, s.h)
	return fill(indent(lines, 2), s)
}

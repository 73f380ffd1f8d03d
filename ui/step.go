package ui

import (
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce/credentials"
	"sidestep/state"
)

// step opens one line of a checklist: why, what to do, where, and what done
// looks like.
type step struct {
	s        *session
	endpoint string
	id       string
	scroll   scroll
}

func newStep(s *session, endpoint, id string) *step {
	return &step{s: s, endpoint: endpoint, id: id}
}

func (p *step) Init() tea.Cmd { return nil }
func (p *step) Crumb() string { return "step" }

func (p *step) at() (*state.EndpointView, state.Step, bool) {
	v := p.s.views[p.endpoint]
	if v == nil {
		return nil, state.Step{}, false
	}
	route := v.Route
	if route == state.Undecided {
		route = v.Proposed
	}
	for _, st := range v.Checklist(route) {
		if st.ID == p.id {
			return v, st, true
		}
	}
	return nil, state.Step{}, false
}

func (p *step) Update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return p, nil
	}
	v, st, found := p.at()
	k := p.s.keys
	switch {
	case !found || key.Matches(press, k.back, k.enter, k.left):
		return p, p.s.pop()
	case key.Matches(press, k.verify):
		return p, verify(p.s, v, st)
	case key.Matches(press, k.tick, k.skip) && v.Route == state.Undecided:
		return p, askRoute(p.s, v)
	case key.Matches(press, k.tick):
		return p, toggle(p.s, v, st)
	case key.Matches(press, k.skip):
		return p, askSkip(p.s, p.endpoint, st)
	case key.Matches(press, k.page) && len(st.Setup) > 0:
		return p, openSetup(p.s, st)
	case key.Matches(press, enters(k, st)...):
		return p, enter(p.s, v, st)
	case key.Matches(press, k.mail):
		return p, p.s.push(newMail(p.s, p.endpoint))
	case key.Matches(press, k.note):
		return p, askNote(p.s, p.endpoint)
	case key.Matches(press, k.vendor) && v.Vendor != "":
		return p, p.s.push(newVendor(p.s, v.Vendor))
	}
	p.scroll.press(k, press)
	return p, nil
}

func (p *step) Keys() []key.Binding {
	k := p.s.available()
	v, st, found := p.at()
	if !found {
		return []key.Binding{k.back}
	}
	tick := "tick"
	if v.Ticks[st.ID].State != state.ToDo {
		tick = "untick"
	}
	keys := append([]key.Binding{as(k.tick, tick)}, enters(k, st)...)
	if v.Route == state.Undecided {
		keys[0] = as(k.tick, "choose the route")
	} else {
		keys = append(keys, k.skip)
	}
	keys = append(keys, p.scroll.keys(k)...)
	if does := verifies(p.s, st); does != "" {
		keys = append(keys, offersToVerify(p.s, v, st, does))
	}
	if len(st.Setup) > 0 && p.s.m.Org.Instance != "" {
		keys = append(keys, k.page)
	}
	keys = append(keys, k.mail, k.note)
	if v.Vendor != "" {
		keys = append(keys, k.vendor)
	}
	return append(keys, k.back)
}

// enters are the keys for what a step asks to be entered here.
func enters(k keymap, st state.Step) []key.Binding {
	switch st.ID {
	case "owner", "vendor":
		return []key.Binding{k.owner}
	case "receiver", "answer":
		return []key.Binding{k.receiver}
	}
	return nil
}

// enter asks for what the step asks to be entered.
func enter(s *session, v *state.EndpointView, st state.Step) tea.Cmd {
	if st.ID == "owner" || st.ID == "vendor" {
		return askOwner(s, v)
	}
	return askReceiver(s, v)
}

func (p *step) View(s size) string {
	v, st, found := p.at()
	if !found {
		return fill([]string{"", "  This step belongs to another route. esc goes back."}, s)
	}
	lines := append([]string{""}, stepLines(p.s, v, st, min(s.w-4, 100))...)
	return fill(indent(p.scroll.window(lines, s.h), 2), s)
}

// stepLines is a step in full, for its own screen and for the pane beside the
// checklist.
func stepLines(s *session, v *state.EndpointView, st state.Step, w int) []string {
	th := s.theme
	lines := []string{}
	for _, l := range wrap(st.Title, w) {
		lines = append(lines, th.title.Render(l))
	}
	switch tick := v.Ticks[st.ID]; tick.State {
	case state.Done:
		lines = append(lines, th.good.Render(fmt.Sprintf("[x] done on %s by %s", day(tick.At), clean(tick.By))))
		if tick.Note != "" {
			lines = append(lines, wrap(clean(tick.Note), w)...)
		}
	case state.Skipped:
		lines = append(lines, hang(th.muted.Render("[-] skipped: "), clean(tick.Note), w)...)
	}
	if st.Guide == state.GuideFlow && v.Flow != "" {
		lines = append(lines, wrap("The "+clean(credentials.Flow(v.Flow).Name())+" is chosen.", w)...)
	}
	lines = append(lines, "", th.accent.Render("Why"))
	lines = append(lines, wrap(st.Why, w)...)
	lines = append(lines, "", th.accent.Render("What to do"))
	for i, do := range st.Do {
		lines = append(lines, hang(fmt.Sprintf("%d. ", i+1), do, w)...)
	}
	if len(st.Setup) > 0 {
		lines = append(lines, "", th.accent.Render("In Salesforce"))
		for _, page := range st.Setup {
			lines = append(lines, wrap(page.Label, w)...)
		}
		if s.m.Org.Instance != "" {
			lines = append(lines, th.muted.Render("p opens it in the browser."))
		}
	}
	lines = append(lines, "", th.accent.Render("Done when"))
	lines = append(lines, wrap(st.Done, w)...)
	if c, checked := v.Checks[st.Check]; checked && st.Check != "" {
		lines = append(lines, "", th.accent.Render("Checked on "+day(c.At)))
		lines = append(lines, checkLines(th, c, w)...)
	} else if does := verifies(s, st); does != "" {
		lines = append(lines, "", th.muted.Render("v: "+does+"."))
	}
	if st.Mail != "" {
		lines = append(lines, "", th.muted.Render("m writes the mail for this step."))
	}
	return lines
}

package ui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/state"
)

// endpoint answers: what has to happen here?
type endpoint struct {
	s   *session
	key string
	tab tab
	// cursor and offset are kept for each tab.
	cursor, offset [tabs]int
	page           int
}

type tab int

const (
	checklistTab tab = iota
	messagesTab
	historyTab
	tabs
)

func newEndpoint(s *session, key string) *endpoint {
	e := &endpoint{s: s, key: key, page: 10}
	if v := s.views[key]; v != nil && v.Route != state.Undecided {
		for i, step := range v.Checklist(v.Route) {
			if v.Ticks[step.ID].State == state.ToDo {
				e.cursor[checklistTab] = i
				break
			}
		}
	}
	return e
}

func (e *endpoint) Init() tea.Cmd { return e.s.stand(e.key) }

// Return records that the admin is here again, after a screen that led elsewhere.
func (e *endpoint) Return() tea.Cmd { return e.s.stand(e.key) }

// Crumb is the address without its scheme: the header is short.
func (e *endpoint) Crumb() string {
	if v := e.view(); v != nil {
		return v.Address.Host
	}
	return e.key
}

// view is the endpoint as it stands now, nil if a source was taken away and the
// endpoint with it.
func (e *endpoint) view() *state.EndpointView { return e.s.views[e.key] }

// steps are the checklist of the route, or of the proposed one while none is chosen.
func (e *endpoint) steps(v *state.EndpointView) []state.Step {
	if v.Route == state.Undecided {
		return v.Checklist(v.Proposed)
	}
	return v.Checklist(v.Route)
}

func (e *endpoint) length(v *state.EndpointView) int {
	switch e.tab {
	case checklistTab:
		return len(e.steps(v))
	case messagesTab:
		return len(v.Messages)
	}
	return maxLines // the history is scrolled by lines: View knows where they end
}

// step is the step under the cursor.
func (e *endpoint) step(v *state.EndpointView) (state.Step, bool) {
	steps := e.steps(v)
	if e.tab != checklistTab || e.cursor[checklistTab] >= len(steps) {
		return state.Step{}, false
	}
	return steps[e.cursor[checklistTab]], true
}

func (e *endpoint) Update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return e, nil
	}
	v := e.view()
	k := e.s.keys
	if v == nil || key.Matches(press, k.back) {
		return e, tea.Batch(e.s.pop(), e.leave())
	}
	if moved, ok := moveCursor(k, press, e.cursor[e.tab], e.length(v), e.page); ok {
		e.cursor[e.tab] = moved
		return e, nil
	}
	switch {
	case key.Matches(press, k.tab, k.right):
		e.tab = (e.tab + 1) % tabs
	case key.Matches(press, k.left), press.String() == "shift+tab":
		e.tab = (e.tab + tabs - 1) % tabs
	case key.Matches(press, k.route):
		return e, askRoute(e.s, v)
	case key.Matches(press, k.receiver):
		return e, askReceiver(e.s, v)
	case key.Matches(press, k.owner):
		return e, askOwner(e.s, v)
	case key.Matches(press, k.note):
		return e, askNote(e.s, e.key)
	case key.Matches(press, k.mail):
		return e, e.s.push(newMail(e.s, e.key))
	case key.Matches(press, k.vendor) && v.Vendor != "":
		return e, e.s.push(newVendor(e.s, v.Vendor))
	case key.Matches(press, k.secrets) && v.Address.Secret:
		e.s.secrets = !e.s.secrets
	case key.Matches(press, k.know):
		if e.tab == messagesTab && len(v.Messages) > 0 {
			return e, askKnowledge(e.s, aboutMessage(&v.Messages[min(e.cursor[e.tab], len(v.Messages)-1)]))
		}
		return e, askKnowledge(e.s, aboutEndpoint(v))
	default:
		return e, e.pressRow(press, v)
	}
	return e, nil
}

// leave records that the admin is back on the board.
func (e *endpoint) leave() tea.Cmd {
	return e.s.stand("")
}

func (e *endpoint) pressRow(press tea.KeyPressMsg, v *state.EndpointView) tea.Cmd {
	k := e.s.keys
	if e.tab == messagesTab && len(v.Messages) > 0 && key.Matches(press, k.enter) {
		return e.s.push(newMessage(e.s, e.key, v.Messages[min(e.cursor[e.tab], len(v.Messages)-1)].Key()))
	}
	step, ok := e.step(v)
	if !ok {
		return nil
	}
	switch {
	case key.Matches(press, k.enter):
		return e.s.push(newStep(e.s, e.key, step.ID))
	case key.Matches(press, k.page) && len(step.Setup) > 0:
		return openSetup(e.s, step)
	case key.Matches(press, k.verify):
		return verify(e.s, v, step)
	case key.Matches(press, k.tick, k.skip) && v.Route == state.Undecided:
		return askRoute(e.s, v)
	case key.Matches(press, k.tick):
		return toggle(e.s, v, step)
	case key.Matches(press, k.skip):
		return askSkip(e.s, e.key, step)
	}
	return nil
}

// toggle ticks a step, or makes it one to do again.
func toggle(s *session, v *state.EndpointView, step state.Step) tea.Cmd {
	if step.ID == state.SignOff {
		if v.Ticks[step.ID].State != state.ToDo {
			return askReopen(s, v.Key)
		}
		return askSignOff(s, v)
	}
	if v.Ticks[step.ID].State != state.ToDo {
		return s.do("“"+step.Title+"” to do again", s.m.Reopen(v.Key, step, s.act()))
	}
	return s.do("“"+step.Title+"” done", s.m.MarkDone(v.Key, step, s.act()))
}

func (e *endpoint) Keys() []key.Binding {
	k := e.s.available()
	v := e.view()
	if v == nil {
		return []key.Binding{k.back}
	}
	var keys []key.Binding
	switch {
	case e.tab == checklistTab:
		keys = e.checklistKeys(v)
	case e.tab == messagesTab && len(v.Messages) > 0:
		keys = []key.Binding{k.enter, k.know}
	case e.tab == messagesTab:
		keys = []key.Binding{k.know}
	}
	others := []key.Binding{k.mail, k.note, k.receiver, k.owner, k.tab}
	if v.Vendor != "" {
		others = []key.Binding{k.mail, k.vendor, k.note, k.receiver, k.tab, k.owner}
	}
	others = append(others, k.know)
	if v.Address.Secret {
		others = append(others, k.secrets)
	}
	for _, o := range append(others, k.back, k.route) {
		if !slices.ContainsFunc(keys, func(k key.Binding) bool { return k.Help().Key == o.Help().Key }) {
			keys = append(keys, o)
		}
	}
	return keys
}

// checklistKeys are the keys for the step under the cursor.
func (e *endpoint) checklistKeys(v *state.EndpointView) []key.Binding {
	k := e.s.available()
	step, ok := e.step(v)
	if !ok {
		return nil
	}
	var keys []key.Binding
	if v.Route == state.Undecided {
		keys = append(keys, as(k.route, "choose the route"))
	} else {
		desc := "tick"
		if v.Ticks[step.ID].State != state.ToDo {
			desc = "untick"
		} else if step.ID == state.SignOff {
			desc = "sign off"
		}
		keys = append(append(append(keys, as(k.tick, desc)), enters(k, step)...), k.skip)
	}
	keys = append(keys, as(k.enter, "how"))
	if does := verifies(e.s, step); does != "" {
		keys = append(keys, offersToVerify(e.s, v, step, does))
	}
	if len(step.Setup) > 0 && e.s.m.Org.Instance != "" {
		keys = append(keys, k.page)
	}
	if v.Route != state.Undecided {
		keys = append(keys, k.route)
	}
	return keys
}

package state

import (
	"cmp"
	"maps"
	"strings"
	"time"
)

// settled ticks the steps of endpoints that waited for what is entered by now, with
// what that is as the note. It belongs to the change that entered it: one undo takes
// both back. Steps that were settled before stay as they are.
func (m Migration) settled(keys []string, act Act) Migration {
	own := false
	for _, key := range keys {
		e := m.Endpoints[key]
		for _, step := range e.Checklist(e.Route) {
			if step.SettledBy == "" || e.Ticks[step.ID].State != ToDo {
				continue
			}
			note := m.entered(e, step.SettledBy)
			if note == "" {
				continue
			}
			if !own {
				m.Endpoints, own = maps.Clone(m.Endpoints), true
			}
			m.put([]string{key}, act, "", func(e *Endpoint) {
				e.Ticks[step.ID] = Tick{State: Done, Note: note, At: act.At, By: act.By}
			})
		}
	}
	return m
}

// entered is what a step waits for in words, "" while it is not entered.
func (m Migration) entered(e Endpoint, what Entered) string {
	v, named := m.VendorNamed(e.Vendor)
	switch owner := m.shared(e).Owner; {
	case !named:
	case what == EnterContact && owner != (Contact{}):
		return v.Name + ", " + strings.TrimSpace(cmp.Or(owner.Name, owner.Email))
	case what == EnterAnswer && len(v.Answers) > 0 && !v.Promised.IsZero():
		answer, _ := v.lastAnswer()
		return "answered on " + answer.At.Format(time.DateOnly) + ", repair promised by " + v.Promised.Format(time.DateOnly)
	}
	return ""
}

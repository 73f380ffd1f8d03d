package state

import (
	"fmt"
	"slices"
	"time"

	"sidestep/salesforce"
)

// CheckKind names what the program can find out by itself about an endpoint.
type CheckKind string

// The checks.
const (
	// CheckCode: what the receiver's source does with the session id.
	CheckCode CheckKind = "code"
	// CheckOAuth: whether the new credentials give a token that can do the work.
	CheckOAuth CheckKind = "oauth"
	// CheckEndpoint: whether a message without session id is acknowledged.
	CheckEndpoint CheckKind = "endpoint"
	// CheckLogins: whether the org has seen an OAuth login of the new user.
	CheckLogins CheckKind = "logins"
	// CheckLost: how many records changed since the cut-off.
	CheckLost CheckKind = "lost"
)

// CheckKinds are all of them, in the order in which a checklist meets them.
var CheckKinds = []CheckKind{CheckCode, CheckOAuth, CheckEndpoint, CheckLogins, CheckLost}

// Label is the check in words.
func (k CheckKind) Label() string {
	switch k {
	case CheckCode:
		return "the receiver's code"
	case CheckOAuth:
		return "the new credentials"
	case CheckEndpoint:
		return "a message without session id"
	case CheckLogins:
		return "logins in the org"
	case CheckLost:
		return "records since the cut-off"
	}
	return string(k)
}

// Check is what a check found.
type Check struct {
	// Passed is true when it proves that the step is done. False proves nothing:
	// what was not seen may still be there.
	Passed bool `json:"passed"`
	// Summary is one line; Details are the facts that it stands on. Neither holds a
	// secret.
	Summary string    `json:"summary"`
	Details []string  `json:"details,omitempty"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
}

// Checked records what a check found. One that passed settles the step that it
// belongs to, with its summary as the note; one that did not never takes a tick back.
func (m Migration) Checked(key string, kind CheckKind, c Check, act Act) Migration {
	c.At, c.By = act.At, act.By
	what := "checked " + kind.Label() + ": " + c.Summary
	return m.edit(key, act, what, func(e *Endpoint) {
		e.Checks = cloned(e.Checks)
		e.Checks[kind] = c
		if !c.Passed {
			return
		}
		for _, step := range e.Checklist(e.Route) {
			if step.Check == kind && e.Ticks[step.ID].State == ToDo {
				e.Ticks[step.ID] = Tick{State: Done, Note: c.Summary, At: act.At, By: act.By}
			}
		}
	})
}

// Proofs are the checks that passed, a line each, for the sign-off and for reports.
func (e Endpoint) Proofs() []string {
	var out []string
	for _, kind := range CheckKinds {
		if c, ok := e.Checks[kind]; ok && c.Passed {
			out = append(out, fmt.Sprintf("%s (%s, %s)", c.Summary, kind.Label(), c.At.Format(time.DateOnly)))
		}
	}
	return out
}

// ChangedOver is the day since which the receiver may come by its new way in, as far as
// the ticks tell; else the cut-off.
func (e Endpoint) ChangedOver() time.Time {
	for _, id := range []string{stepDeploy, stepTest, stepToken} {
		if t := e.Ticks[id]; t.State == Done {
			return t.At
		}
	}
	return salesforce.Cutoff
}

// SignedOff ends an endpoint's checklist: who stands behind it, and on what
// evidence.
func (m Migration) SignedOff(key, who, evidence string, act Act) Migration {
	what := fmt.Sprintf("signed off by %s: %s", who, evidence)
	return m.edit(key, act, what, func(e *Endpoint) {
		e.Ticks[SignOff] = Tick{State: Done, Note: evidence, At: act.At, By: who}
	})
}

// ReopenSignOff takes the sign-off back, for a reason that stays in the history.
func (m Migration) ReopenSignOff(key, reason string, act Act) Migration {
	return m.edit(key, act, "sign-off taken back: "+reason, func(e *Endpoint) { delete(e.Ticks, SignOff) })
}

// StepsOpen are the titles of the steps before the sign-off that are still to do.
func (e Endpoint) StepsOpen() []string {
	var open []string
	for _, step := range e.Checklist(e.Route) {
		if step.ID != SignOff && e.Ticks[step.ID].State == ToDo {
			open = append(open, step.Title)
		}
	}
	return slices.Clip(open)
}

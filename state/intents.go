package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
)

// edit is how every intent changes an endpoint: on a copy, with a line of history.
func (m Migration) edit(key string, act Act, what string, change func(*Endpoint)) Migration {
	return m.editAll([]string{key}, act, what, change)
}

// editAll changes several endpoints as one. Those that are not there are left out.
func (m Migration) editAll(keys []string, act Act, what string, change func(*Endpoint)) Migration {
	next := m
	next.Endpoints = maps.Clone(m.Endpoints)
	if !next.put(keys, act, what, change) {
		return m
	}
	return next.touched(act)
}

// put changes endpoints in a map that is not shared with an earlier value, and
// reports whether any of them is there.
func (m Migration) put(keys []string, act Act, what string, change func(*Endpoint)) bool {
	changed := false
	for _, key := range keys {
		e, ok := m.Endpoints[key]
		if !ok {
			continue
		}
		changed = true
		e.Ticks, e.Drafts = cloned(e.Ticks), cloned(e.Drafts)
		change(&e)
		if what != "" {
			e.History = append(slices.Clip(e.History), Event{At: act.At, By: act.By, What: what})
		}
		m.Endpoints[key] = e
	}
	return changed
}

// cloned is a copy that can be written to.
func cloned[K comparable, V any](from map[K]V) map[K]V {
	if from == nil {
		return map[K]V{}
	}
	return maps.Clone(from)
}

func (m Migration) touched(act Act) Migration {
	m.Seq++
	m.UpdatedAt = act.At
	return m
}

// After makes an earlier value the newest one: this is what undo saves. Which org
// the work belongs to is not taken back: it is saved under the org's id by now.
func (m Migration) After(newer Migration, act Act) Migration {
	m.Seq, m.ID, m.Org = newer.Seq, newer.ID, newer.Org
	return m.touched(act)
}

// ChooseRoute decides what happens with an endpoint. Ticks of another route are
// kept: who changes their mind twice finds them again. Only the sign-off is for
// the route that it was given for.
func (m Migration) ChooseRoute(key string, r Route, act Act) Migration {
	return m.ChooseRoutes([]string{key}, r, act)
}

// ChooseRoutes decides the same for several endpoints, as one change.
func (m Migration) ChooseRoutes(keys []string, r Route, act Act) Migration {
	next := m.editAll(keys, act, r.chosen(), func(e *Endpoint) {
		if e.Route != r {
			delete(e.Ticks, SignOff)
		}
		e.Route = r
	})
	return next.settled(keys, act)
}

// ClassifyReceiver records what the receiver did with the session id.
func (m Migration) ClassifyReceiver(key string, r Receiver, act Act) Migration {
	return m.ClassifyReceivers([]string{key}, r, act)
}

// ClassifyReceivers records the same of several receivers, as one change.
func (m Migration) ClassifyReceivers(keys []string, r Receiver, act Act) Migration {
	return m.editAll(keys, act, "receiver: "+r.Label(), func(e *Endpoint) { e.Receiver = r })
}

// TellAcks records when a receiver that calls back acknowledges.
func (m Migration) TellAcks(key string, a Acks, act Act) Migration {
	return m.edit(key, act, "receiver "+a.Label(), func(e *Endpoint) { e.Acks = a })
}

// ChooseFlow records by which OAuth flow the receiver will connect, and why.
func (m Migration) ChooseFlow(key, flow, why string, act Act) Migration {
	return m.edit(key, act, fmt.Sprintf("OAuth flow: %s (%s)", flow, why), func(e *Endpoint) { e.Flow = flow })
}

// MarkDone ticks a step.
func (m Migration) MarkDone(key string, step Step, act Act) Migration {
	return m.edit(key, act, "done: "+step.Title, func(e *Endpoint) {
		e.Ticks[step.ID] = Tick{State: Done, At: act.At, By: act.By}
	})
}

// Reopen makes a step one to do again.
func (m Migration) Reopen(key string, step Step, act Act) Migration {
	return m.edit(key, act, "to do again: "+step.Title, func(e *Endpoint) { delete(e.Ticks, step.ID) })
}

// Skip settles a step without doing it. A reason is required of the screens.
func (m Migration) Skip(key string, step Step, reason string, act Act) Migration {
	return m.edit(key, act, fmt.Sprintf("skipped: %s (%s)", step.Title, reason), func(e *Endpoint) {
		e.Ticks[step.ID] = Tick{State: Skipped, Note: reason, At: act.At, By: act.By}
	})
}

// AddNote keeps a remark on the endpoint.
func (m Migration) AddNote(key, text string, act Act) Migration {
	return m.edit(key, act, EventNote, func(e *Endpoint) {
		e.Notes = append(slices.Clip(e.Notes), Note{Text: text, At: act.At, By: act.By})
	})
}

// Assign says who is to be talked to: the vendor's name ("" for the own
// company), and the person.
func (m Migration) Assign(key, vendor string, owner Contact, act Act) Migration {
	who := strings.Join(slices.DeleteFunc([]string{vendor, owner.Name, owner.Email}, func(s string) bool { return s == "" }), ", ")
	next := m.edit(key, act, "owner: "+who, func(e *Endpoint) { e.Vendor, e.Owner = vendor, owner })
	return next.settled([]string{key}, act)
}

// DateSource says of which day a source's files are; the zero time takes that back.
func (m Migration) DateSource(id string, asOf time.Time, act Act) Migration {
	m.Sources = slices.Clone(m.Sources)
	for i := range m.Sources {
		if m.Sources[i].ID == id {
			m.Sources[i].AsOf = asOf
		}
	}
	return m.touched(act)
}

// Stand records where the admin is. It is no change that undo would take back.
func (m Migration) Stand(endpoint string, act Act) Migration {
	m.Place = endpoint
	return m.touched(act)
}

// Worked reports whether the admin has entered anything on the endpoint.
func (e Endpoint) Worked() bool {
	return e.Route != Undecided || e.Receiver != ReceiverUnknown || e.Vendor != "" || e.Owner != (Contact{}) ||
		!e.Due.IsZero() || e.Statement != nil || e.Acks != AcksUnknown || e.Flow != "" || len(e.Checks) > 0 || e.Language != "" || len(e.Ticks) > 0 || len(e.Notes) > 0 || len(e.Drafts) > 0 || len(e.History) > 0
}

// Address is the endpoint's address in normal form.
func (e Endpoint) Address() salesforce.Endpoint { return salesforce.ParseEndpoint(e.URL) }

// Label is the route in words.
func (r Route) Label() string {
	switch r {
	case InternalFix:
		return "internal fix"
	case VendorContact:
		return "vendor contact"
	case Retire:
		return "retire"
	case NoAction:
		return "no action"
	}
	return "not decided"
}

// chosen is how a history tells that the route was.
func (r Route) chosen() string { return "route: " + r.Label() }

// Label is the receiver class in words.
func (r Receiver) Label() string {
	switch r {
	case CallsBack:
		return "calls back"
	case ChecksSender:
		return "checks the sender"
	case Ignores:
		return "ignores it"
	}
	return "not known yet"
}

// Label is the order in words.
func (a Acks) Label() string {
	switch a {
	case AcksFirst:
		return "acknowledges before it calls back"
	case AcksLast:
		return "calls back before it acknowledges"
	}
	return "acknowledges: not known when"
}

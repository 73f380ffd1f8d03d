package state

import (
	"cmp"
	"maps"
	"reflect"
	"slices"

	"sidestep/salesforce"
	"sidestep/share"
)

// Overview is a migration as people look at it: hosts, their endpoints, their
// messages, each with its verdict and progress. It is derived, never saved.
type Overview struct {
	Hosts []HostView
	// Verdicts counts the messages by verdict.
	Verdicts map[salesforce.Verdict]int
	Messages int
	// Settled counts the messages whose verdict stands on evidence.
	Settled   int
	Endpoints int
	// Finished counts the endpoints whose checklist is complete.
	Finished int
	Progress Progress
	// Complete is false when a source could not be read completely.
	Complete bool
	Problems []salesforce.Problem

	// of is what all this was derived from.
	of Migration
}

// HostView is a host with its endpoints, the most urgent first.
type HostView struct {
	Host      string
	Endpoints []EndpointView
	Verdict   salesforce.Verdict
	Messages  int
	Progress  Progress
}

// Overview derives the view of the whole migration.
func (m Migration) Overview() Overview {
	o := Overview{Complete: true, of: m}
	for i := range m.Sources {
		o.Complete = o.Complete && m.Sources[i].Complete
		o.Problems = append(o.Problems, m.Sources[i].Problems...)
	}
	byHost := map[string]*HostView{}
	views := m.endpointViews()
	keys := slices.Sorted(maps.Keys(views))
	share.Out(len(keys), 64, func(i int) { views[keys[i]].finish() })
	for _, key := range keys {
		v := views[key]
		h := byHost[v.Address.Host]
		if h == nil {
			h = &HostView{Host: v.Address.Host}
			byHost[v.Address.Host] = h
		}
		h.Endpoints = append(h.Endpoints, *v)
	}
	for _, h := range byHost {
		h.finish()
		o.Hosts = append(o.Hosts, *h)
	}
	o.finish()
	return o
}

// Next is m.Overview(), derived faster when o is the view of the migration that m
// was made from: only the endpoints that differ are worked out again.
func (o Overview) Next(m Migration) Overview {
	changed, ok := m.changedSince(o.of)
	if !ok {
		return m.Overview()
	}
	next := o
	next.of = m
	next.Hosts = slices.Clone(o.Hosts)
	w, restated := m.weigh(), m.restatedSince(o.of, changed)
	if restated {
		o.spread(m, changed)
	}
	for i := range next.Hosts {
		h := &next.Hosts[i]
		if !slices.ContainsFunc(h.Endpoints, func(v EndpointView) bool { return changed[v.Key] }) {
			continue
		}
		h.Endpoints = slices.Clone(h.Endpoints)
		for j := range h.Endpoints {
			if v := &h.Endpoints[j]; changed[v.Key] {
				w.renew(v, restated)
			}
		}
		h.finish()
	}
	next.finish()
	return next
}

// changedSince finds the endpoints whose view differs from that in an earlier
// migration. It gives up when messages came, went or are defined otherwise.
func (m Migration) changedSince(old Migration) (changed map[string]bool, ok bool) {
	if old.Endpoints == nil || !sameSlice(reflect.ValueOf(m.Sources), reflect.ValueOf(old.Sources)) ||
		len(m.Endpoints) != len(old.Endpoints) || len(m.Messages) != len(old.Messages) {
		return nil, false
	}
	changed = map[string]bool{}
	for key, e := range m.Endpoints {
		before, known := old.Endpoints[key]
		if !known {
			return nil, false
		}
		if !unchanged(&before, &e) {
			changed[key] = true
		}
	}
	if reflect.ValueOf(m.Hosts).UnsafePointer() != reflect.ValueOf(old.Hosts).UnsafePointer() {
		for key, e := range m.Endpoints {
			if host := e.Address().Host; m.Hosts[host] != old.Hosts[host] {
				changed[key] = true
			}
		}
	}
	if reflect.ValueOf(m.Vendors).UnsafePointer() != reflect.ValueOf(old.Vendors).UnsafePointer() {
		for key, e := range m.Endpoints {
			if e.Vendor != "" {
				changed[key] = true
			}
		}
	}
	if reflect.ValueOf(m.Messages).UnsafePointer() == reflect.ValueOf(old.Messages).UnsafePointer() {
		return changed, true
	}
	for key, msg := range m.Messages {
		before, known := old.Messages[key]
		if !known || reflect.ValueOf(msg.Definitions).UnsafePointer() != reflect.ValueOf(before.Definitions).UnsafePointer() {
			return nil, false
		}
		if !unchanged(&before, &msg) {
			for _, def := range m.definitions(msg) {
				changed[salesforce.ParseEndpoint(def.EndpointURL).Key] = true
			}
		}
	}
	return changed, true
}

// restatedSince reports whether anything that was stated about a session id differs
// from an earlier migration. Verdicts follow from that and from the sources alone.
func (m Migration) restatedSince(old Migration, changed map[string]bool) bool {
	if reflect.ValueOf(m.Hosts).UnsafePointer() != reflect.ValueOf(old.Hosts).UnsafePointer() ||
		reflect.ValueOf(m.Messages).UnsafePointer() != reflect.ValueOf(old.Messages).UnsafePointer() {
		return true
	}
	for key := range changed {
		if m.Endpoints[key].Statement != old.Endpoints[key].Statement {
			return true
		}
	}
	return false
}

// spread adds the endpoints that share a message with one that has changed: what is
// stated about one of its addresses counts under each of them.
func (o Overview) spread(m Migration, changed map[string]bool) {
	for i := range o.Hosts {
		for j := range o.Hosts[i].Endpoints {
			v := &o.Hosts[i].Endpoints[j]
			if !changed[v.Key] {
				continue
			}
			for k := range v.Messages {
				if defs := m.definitions(m.Messages[v.Messages[k].Key()]); len(defs) > 1 {
					for _, def := range defs {
						changed[salesforce.ParseEndpoint(def.EndpointURL).Key] = true
					}
				}
			}
		}
	}
}

// finish sums up the endpoints of a host.
func (h *HostView) finish() {
	h.Verdict, h.Messages, h.Progress = salesforce.NotAffected, 0, Progress{}
	for i := range h.Endpoints {
		v := &h.Endpoints[i]
		h.Messages += len(v.Messages)
		h.Progress = h.Progress.plus(v.Progress)
		if v.Verdict.Compare(h.Verdict) < 0 {
			h.Verdict = v.Verdict
		}
	}
	slices.SortFunc(h.Endpoints, func(a, b EndpointView) int {
		return cmp.Or(a.Verdict.Compare(b.Verdict), sooner(a.Dormant(), b.Dormant()), cmp.Compare(a.Key, b.Key))
	})
}

// finish sums up the hosts.
func (o *Overview) finish() {
	o.Verdicts = map[salesforce.Verdict]int{}
	o.Messages, o.Settled, o.Endpoints, o.Finished, o.Progress = 0, 0, 0, 0, Progress{}
	for i := range o.Hosts {
		h := &o.Hosts[i]
		o.Endpoints += len(h.Endpoints)
		o.Progress = o.Progress.plus(h.Progress)
		for j := range h.Endpoints {
			o.count(&h.Endpoints[j])
		}
	}
	slices.SortFunc(o.Hosts, func(a, b HostView) int {
		return cmp.Or(a.Verdict.Compare(b.Verdict), cmp.Compare(b.Messages, a.Messages), cmp.Compare(a.Host, b.Host))
	})
}

func (o *Overview) count(v *EndpointView) {
	if v.Route != Undecided && v.Progress.Complete() {
		o.Finished++
	}
	for i := range v.Messages {
		if v.Messages[i].again {
			continue
		}
		verdict := v.Messages[i].Assessment.Verdict
		o.Messages++
		o.Verdicts[verdict]++
		if verdict != salesforce.Unknown {
			o.Settled++
		}
	}
}

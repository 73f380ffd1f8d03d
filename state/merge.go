package state

import (
	"maps"
	"slices"
	"sync"
	"time"

	"sidestep/salesforce"
	"sidestep/share"
)

// Changes counts what a merge changed, for one line on screen.
type Changes struct{ New, Changed, Gone int }

// Merge adds what a source holds. Adding the same source again replaces what it
// said before; nothing that the admin entered is touched. What a complete scan
// of the org no longer has is marked, not removed. Ask Accepts first: Merge
// itself takes every source.
func (m Migration) Merge(f salesforce.Findings, act Act) (Migration, Changes) {
	src := Source{
		Source: f.Source, Users: f.Users, Problems: f.Problems, Whole: f.Source.Complete,
		Audit: f.Audit, People: f.People, Packages: f.Packages,
	}
	m.Sources = slices.Clone(m.Sources)
	var old *Source
	if i := slices.IndexFunc(m.Sources, func(s Source) bool { return s.ID == src.ID }); i >= 0 {
		was := m.Sources[i]
		old = &was
		src.Whole = src.Whole || old.Whole
		src.AsOf = telling(old.AsOf, src.AsOf)
		src.keepFacts(was)
		m.Sources[i] = src
	} else {
		m.Sources = append(m.Sources, src)
	}
	if m.ID == "" {
		m.ID = src.ID
	}
	u := update{src: src, old: old, found: make(map[string][]salesforce.Message, len(f.Messages))}
	for i := range f.Messages {
		key := f.Messages[i].Key()
		if before := u.found[key]; len(before) > 0 {
			u.found[key] = append(before, f.Messages[i])
		} else {
			u.found[key] = f.Messages[i : i+1 : i+1] // nearly all are defined once
		}
	}
	var names []string
	var sorting sync.WaitGroup
	before := m.Messages
	sorting.Go(func() { names = sortedNames(before, u.found) })
	m.Messages = u.apply(m.Messages)
	sorting.Wait()
	m.Endpoints = m.endpointsOf(names, act)
	return m.touched(act), u.changes
}

// telling chooses between two days on which a source held the same: the newest
// one before the cut-off says most. No day says least: reading a source again
// without one takes back nothing that the admin said.
func telling(a, b time.Time) time.Time {
	aOlder, bOlder := !a.IsZero() && a.Before(salesforce.Cutoff), !b.IsZero() && b.Before(salesforce.Cutoff)
	switch {
	case b.IsZero() || aOlder && !bOlder:
		return a
	case a.IsZero() || bOlder && !aOlder || b.After(a):
		return b
	}
	return a
}

// update brings what a source holds into the messages.
type update struct {
	src Source
	// old is what the source was before, nil when it is new.
	old     *Source
	found   map[string][]salesforce.Message
	changes Changes
}

func (u *update) apply(messages map[string]Message) map[string]Message {
	out := make(map[string]Message, len(messages)+len(u.found))
	for key, msg := range messages {
		_, still := u.found[key]
		if u.rescan() && (still || u.src.Complete) {
			msg.Mark = Unmarked
		}
		if !still && len(msg.Definitions[u.src.ID]) > 0 {
			msg = u.missing(msg)
		}
		if msg.known() {
			out[key] = msg
		}
	}
	for key, defs := range u.found {
		out[key] = u.present(out[key], defs)
	}
	return out
}

func (u *update) fromOrg() bool { return u.src.Kind == salesforce.SourceOrg }

// rescan reports whether this is a later scan of an org that was scanned before,
// and not the same one again.
func (u *update) rescan() bool { return u.fromOrg() && u.old != nil && !u.old.At.Equal(u.src.At) }

// missing is a message that the source had and has no more.
func (u *update) missing(msg Message) Message {
	if !u.fromOrg() {
		return msg.without(u.src.ID)
	}
	if u.rescan() {
		msg = msg.remember(*u.old)
	}
	if !u.src.Complete {
		// An incomplete scan proves nothing about what it did not read.
		return msg
	}
	last := msg.Definitions[u.src.ID][0]
	msg = msg.without(u.src.ID)
	msg.Last, msg.GoneAt, msg.Mark = &last, u.src.At, MarkGone
	u.changes.Gone++
	return msg
}

// present is a message that the source has.
func (u *update) present(msg Message, defs []salesforce.Message) Message {
	prior := msg.Definitions[u.src.ID]
	if u.rescan() {
		msg = msg.remember(*u.old)
	}
	msg = msg.without(u.src.ID)
	msg.Definitions[u.src.ID] = defs
	if !u.fromOrg() {
		return msg
	}
	msg.Last, msg.GoneAt = nil, time.Time{}
	switch {
	case len(prior) == 0 && u.old != nil && u.old.Whole:
		msg.Mark = MarkNew
		u.changes.New++
	case len(prior) > 0 && !same(prior, defs):
		msg.Mark = MarkChange
		u.changes.Changed++
	}
	return msg
}

// known reports whether anything is left to say about a message.
func (msg Message) known() bool {
	return len(msg.Definitions) > 0 || msg.Last != nil || msg.Statement != nil
}

// without takes back the definitions of a source.
func (msg Message) without(source string) Message {
	msg.Definitions = maps.Clone(msg.Definitions)
	if msg.Definitions == nil {
		msg.Definitions = map[string][]salesforce.Message{}
	}
	delete(msg.Definitions, source)
	return msg
}

// remember keeps of a scan that a newer one replaces what the org will never say
// again: a true, and a false from before the cut-off.
func (msg Message) remember(scan Source) Message {
	for _, def := range msg.Definitions[scan.ID] {
		for _, e := range salesforce.EvidenceOf(scan.Source, def) {
			if e.Kind != salesforce.EvidenceLive || e.Says == nil || !*e.Says && !e.At.Before(salesforce.Cutoff) {
				continue
			}
			e.Kind = salesforce.EvidenceScan
			msg.Earlier = append(slices.Clip(msg.Earlier), e)
		}
	}
	return msg
}

// RemoveSource takes a source away, and its influence with it. Endpoints that the
// admin worked on stay, and so does what the admin stated.
func (m Migration) RemoveSource(id string, act Act) Migration {
	i := slices.IndexFunc(m.Sources, func(s Source) bool { return s.ID == id })
	if i < 0 {
		return m
	}
	org := m.Sources[i].Kind == salesforce.SourceOrg
	m.Sources = slices.Delete(slices.Clone(m.Sources), i, i+1)
	kept := make(map[string]Message, len(m.Messages))
	for key, msg := range m.Messages {
		msg = msg.without(id)
		msg.Earlier = slices.DeleteFunc(slices.Clone(msg.Earlier), func(e salesforce.Evidence) bool { return e.Source == id })
		if org {
			msg.Last, msg.GoneAt, msg.Mark = nil, time.Time{}, Unmarked
		}
		if msg.known() {
			kept[key] = msg
		}
	}
	m.Messages = kept
	m.Endpoints = m.endpointsOf(sortedNames(kept, nil), act)
	return m.touched(act)
}

// same reports whether two scans found the same definition, dates aside.
func same(a, b []salesforce.Message) bool {
	return slices.EqualFunc(a, b, func(x, y salesforce.Message) bool {
		return sameAddress(x.EndpointURL, y.EndpointURL) && flag(x) == flag(y) && x.IntegrationUser == y.IntegrationUser &&
			x.APIVersion == y.APIVersion && x.Label == y.Label && slices.Equal(x.Fields, y.Fields)
	})
}

// sameAddress takes an address that was handed over without its secret for the whole one.
func sameAddress(a, b string) bool {
	if a == b {
		return true
	}
	return salesforce.IsSealed(a) != salesforce.IsSealed(b) && salesforce.ParseEndpoint(a).Key == salesforce.ParseEndpoint(b).Key
}

func flag(m salesforce.Message) bool { return m.IncludeSessionID != nil && *m.IncludeSessionID }

// sortedNames are the names of messages that are known or were found, each once.
func sortedNames(known map[string]Message, found map[string][]salesforce.Message) []string {
	names := make([]string, 0, len(known)+len(found))
	names = slices.AppendSeq(names, maps.Keys(known))
	names = slices.AppendSeq(names, maps.Keys(found))
	slices.Sort(names)
	return slices.Compact(names)
}

// endpointsOf finds the endpoints of the messages with these names, keeping every one
// on which the admin worked.
func (m Migration) endpointsOf(names []string, act Act) map[string]Endpoint {
	out := make(map[string]Endpoint, len(m.Endpoints))
	for key, e := range m.Endpoints {
		if e.Worked() {
			out[key] = e
		}
	}
	urls := m.urls(names)
	keys := make([]string, len(urls))
	share.Out(len(urls), 64, func(i int) { keys[i] = salesforce.ParseEndpoint(urls[i]).Key })
	for i, key := range keys {
		e, known := out[key]
		if !known {
			e, known = m.Endpoints[key]
		}
		if !known {
			e = Endpoint{Key: key, URL: urls[i], FirstSeen: act.At}
		}
		if salesforce.IsSealed(e.URL) {
			e.URL = urls[i] // a source of our own may know the whole of it
		}
		out[key] = e
	}
	return out
}

// urls are the addresses of messages as they are written, in the order of the names,
// each once.
func (m Migration) urls(names []string) []string {
	urls := make([]string, 0, len(names))
	known := make(map[string]bool, len(names))
	for _, name := range names {
		defs := m.definitions(m.Messages[name])
		for i := range defs {
			if url := defs[i].EndpointURL; !known[url] {
				known[url] = true
				urls = append(urls, url)
			}
		}
	}
	return urls
}

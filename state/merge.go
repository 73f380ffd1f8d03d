package state

import (
	"maps"
	"slices"
	"time"

	"sidestep/salesforce"
)

// Changes counts what a merge changed, for one line on screen.
type Changes struct{ New, Changed, Gone int }

// Merge adds what a source holds. Adding the same source again replaces what it
// said before; nothing that the admin entered is touched. What a complete scan
// of the org no longer has is marked, not removed.
func (m Migration) Merge(f salesforce.Findings, act Act) (Migration, Changes) {
	src := Source{Source: f.Source, Users: f.Users, Problems: f.Problems}
	before := slices.IndexFunc(m.Sources, func(s Source) bool { return s.ID == src.ID })
	again := before >= 0
	m.Sources = slices.Clone(m.Sources)
	var old Source
	if again {
		old = m.Sources[before]
		m.Sources[before] = src
	} else {
		m.Sources = append(m.Sources, src)
	}
	found := map[string][]salesforce.Message{}
	for _, msg := range f.Messages {
		found[msg.Key()] = append(found[msg.Key()], msg)
	}
	changes := m.mergeMessages(src, old, found)
	m.Endpoints = m.endpointsOf(act)
	return m.touched(act), changes
}

func (m *Migration) mergeMessages(src, old Source, found map[string][]salesforce.Message) Changes {
	var changes Changes
	fromOrg := src.Kind == salesforce.SourceOrg
	again := old.ID != ""
	m.Messages = maps.Clone(m.Messages)
	if m.Messages == nil {
		m.Messages = map[string]Message{}
	}
	for key, msg := range m.Messages {
		if fromOrg {
			msg.Mark = Unmarked
		}
		defs := msg.Definitions[src.ID]
		if _, still := found[key]; still || len(defs) == 0 {
			m.Messages[key] = msg
			continue
		}
		if fromOrg && !src.Complete {
			// An incomplete scan proves nothing about what it did not read.
			m.Messages[key] = msg
			continue
		}
		msg = msg.without(old)
		if fromOrg {
			msg.Mark = MarkGone
			msg.Last = &defs[0]
			changes.Gone++
		}
		m.Messages[key] = msg
	}
	for key, defs := range found {
		msg := m.Messages[key]
		prior := msg.Definitions[src.ID]
		if again {
			msg = msg.without(old)
		} else {
			msg.Definitions = maps.Clone(msg.Definitions)
		}
		if msg.Definitions == nil {
			msg.Definitions = map[string][]salesforce.Message{}
		}
		msg.Definitions[src.ID] = defs
		if fromOrg {
			msg.Last = nil
		}
		switch {
		case fromOrg && again && len(prior) == 0:
			msg.Mark = MarkNew
			changes.New++
		case fromOrg && again && !same(prior, defs):
			msg.Mark = MarkChange
			changes.Changed++
		}
		m.Messages[key] = msg
	}
	return changes
}

// without takes back what a source said, but keeps of a replaced org scan what
// the org will never say again.
func (msg Message) without(s Source) Message {
	defs := msg.Definitions[s.ID]
	msg.Definitions = maps.Clone(msg.Definitions)
	delete(msg.Definitions, s.ID)
	if s.Kind != salesforce.SourceOrg {
		return msg
	}
	for _, def := range defs {
		for _, e := range salesforce.EvidenceOf(s.Source, def) {
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
// admin worked on stay.
func (m Migration) RemoveSource(id string, act Act) Migration {
	m.Sources = slices.DeleteFunc(slices.Clone(m.Sources), func(s Source) bool { return s.ID == id })
	kept := map[string]Message{}
	for key, msg := range m.Messages {
		msg.Definitions = maps.Clone(msg.Definitions)
		delete(msg.Definitions, id)
		if len(msg.Definitions) > 0 || msg.Last != nil {
			kept[key] = msg
		}
	}
	m.Messages = kept
	m.Endpoints = m.endpointsOf(act)
	return m.touched(act)
}

// same reports whether two scans found the same definition, dates aside.
func same(a, b []salesforce.Message) bool {
	return slices.EqualFunc(a, b, func(x, y salesforce.Message) bool {
		return x.EndpointURL == y.EndpointURL && flag(x) == flag(y) && x.IntegrationUser == y.IntegrationUser &&
			x.APIVersion == y.APIVersion && x.Label == y.Label && slices.Equal(x.Fields, y.Fields)
	})
}

func flag(m salesforce.Message) bool { return m.IncludeSessionID != nil && *m.IncludeSessionID }

// endpointsOf finds the endpoints of all messages, keeping every one on which
// the admin worked.
func (m Migration) endpointsOf(act Act) map[string]Endpoint {
	out := make(map[string]Endpoint, len(m.Endpoints))
	for key, e := range m.Endpoints {
		if e.Worked() {
			out[key] = e
		}
	}
	parsed := map[string]string{}
	for _, msg := range m.Messages {
		def, ok := m.Definition(msg)
		if !ok {
			continue
		}
		key, ok := parsed[def.EndpointURL]
		if !ok {
			key = salesforce.ParseEndpoint(def.EndpointURL).Key
			parsed[def.EndpointURL] = key
		}
		if _, ok := out[key]; ok {
			continue
		}
		e, known := m.Endpoints[key]
		if !known {
			e = Endpoint{Key: key, URL: def.EndpointURL, FirstSeen: act.At}
		}
		out[key] = e
	}
	return out
}

// Definition is the message as it should be shown: as the org has it, else as
// the newest source has it.
func (m Migration) Definition(msg Message) (salesforce.Message, bool) {
	var best salesforce.Message
	var bestAt time.Time
	found := false
	for _, s := range m.Sources {
		defs := msg.Definitions[s.ID]
		if len(defs) == 0 {
			continue
		}
		if s.Kind == salesforce.SourceOrg {
			return defs[0], true
		}
		if at := s.AsOf; !found || at.After(bestAt) {
			best, bestAt, found = defs[0], at, true
		}
	}
	if !found && msg.Last != nil {
		return *msg.Last, true
	}
	return best, found
}

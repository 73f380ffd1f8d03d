package state

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"sidestep/salesforce"
)

// Definition is the message as it should be shown: as the org has it, else as
// the newest source has it.
func (m Migration) Definition(msg Message) (salesforce.Message, bool) {
	defs := m.definitions(msg)
	if len(defs) == 0 {
		return salesforce.Message{}, false
	}
	return defs[0], true
}

// definitions are all those of the source that Definition goes by.
func (m Migration) definitions(msg Message) []salesforce.Message {
	var best *Source
	for i := range m.Sources {
		s := &m.Sources[i]
		if len(msg.Definitions[s.ID]) > 0 && (best == nil || nearer(s, best) < 0) {
			best = s
		}
	}
	if best != nil && (best.Kind == salesforce.SourceOrg || msg.Last == nil) {
		return current(msg.Definitions[best.ID])
	}
	if msg.Last != nil {
		return []salesforce.Message{*msg.Last}
	}
	return nil
}

// current leaves out the versions that others have replaced. One always stays: a
// message without a definition would be hidden.
func current(defs []salesforce.Message) []salesforce.Message {
	replaced := 0
	for i := range defs {
		if defs[i].Past {
			replaced++
		}
	}
	switch replaced {
	case 0:
		return defs
	case len(defs):
		return defs[:1]
	}
	return slices.DeleteFunc(slices.Clone(defs), func(m salesforce.Message) bool { return m.Past })
}

// nearer orders sources by how well they tell how the org is now: the org itself
// first, then the newest files, then files that nobody dated.
func nearer(a, b *Source) int {
	return cmp.Or(
		cmp.Compare(live(b), live(a)),
		b.AsOf.Compare(a.AsOf),
	)
}

func live(s *Source) int {
	if s.Kind == salesforce.SourceOrg {
		return 1
	}
	return 0
}

// weighing gathers what is known about messages, on several processors. Addresses are
// parsed once each.
type weighing struct {
	Migration
	*addresses
}

type addresses struct {
	mu     sync.RWMutex
	parsed map[string]salesforce.Endpoint
}

func (m Migration) weigh() weighing {
	return weighing{m, &addresses{parsed: map[string]salesforce.Endpoint{}}}
}

func (a *addresses) address(url string) salesforce.Endpoint {
	a.mu.RLock()
	address, ok := a.parsed[url]
	a.mu.RUnlock()
	if !ok {
		address = salesforce.ParseEndpoint(url)
		a.mu.Lock()
		a.parsed[url] = address
		a.mu.Unlock()
	}
	return address
}

// statedOn is what the admin said of the message, of the endpoints that it is
// sent to, and of their hosts.
func (m weighing) statedOn(msg Message) (ev []salesforce.Evidence) {
	if st := msg.Statement; st != nil {
		ev = append(ev, st.evidence(""))
	}
	for _, def := range m.definitions(msg) {
		address := m.address(def.EndpointURL)
		if st := m.Endpoints[address.Key].Statement; st != nil {
			ev = append(ev, st.evidence("about the whole endpoint"))
		}
		if st := m.Hosts[address.Host].Statement; st != nil {
			ev = append(ev, st.evidence("about all of "+address.Host))
		}
	}
	return ev
}

// sourcesOn gathers what every source says about a message.
func (m Migration) sourcesOn(msg Message) []salesforce.Evidence {
	ev := make([]salesforce.Evidence, 0, len(msg.Earlier)+2*len(m.Sources)+1)
	ev = append(ev, msg.Earlier...)
	for i := range m.Sources {
		s := &m.Sources[i]
		defs := msg.Definitions[s.ID]
		for _, def := range defs {
			ev = append(ev, salesforce.EvidenceOf(s.Source, def)...)
		}
		if s.Kind != salesforce.SourceOrg || len(defs) > 0 {
			continue
		}
		// What a complete scan found missing stays missing when the next one could
		// not read everything.
		if at := msg.GoneAt; s.Complete || !at.IsZero() {
			if s.Complete {
				at = s.At
			}
			ev = append(ev, salesforce.Evidence{Kind: salesforce.EvidenceAbsent, At: at, Source: s.ID, Where: s.Name})
		}
	}
	return ev
}

// usersByMessage indexes what fires messages by lower-case message key. The same
// user told by two sources counts once; the one that is nearer to the org's
// present holds. A source may itself tell it twice, as active and as inactive:
// then both count, because nobody can say which of its files the org has.
func (m Migration) usersByMessage() map[string][]salesforce.User {
	sources := make([]*Source, 0, len(m.Sources))
	users := 0
	for i := range m.Sources {
		sources = append(sources, &m.Sources[i])
		users += len(m.Sources[i].Users)
	}
	slices.SortStableFunc(sources, nearer)
	out := make(map[string][]salesforce.User, users)
	for _, s := range sources {
		// told is how many users of a message nearer sources told.
		told := make(map[string]int, len(s.Users))
		for _, u := range s.Users {
			key := strings.ToLower(u.Message)
			before, begun := told[key]
			if !begun {
				before = len(out[key])
				told[key] = before
			}
			same := func(o salesforce.User) bool {
				return o.Type == u.Type && strings.EqualFold(o.Name, u.Name) && o.When == u.When
			}
			here := func(o salesforce.User) bool { return same(o) && equalFlags(o.Active, u.Active) }
			if !slices.ContainsFunc(out[key][:before], same) && !slices.ContainsFunc(out[key][before:], here) {
				out[key] = append(out[key], u)
			}
		}
	}
	return out
}

func equalFlags(a, b *bool) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// usersKnown reports whether a source that also holds rules and flows defines
// the message: then "nothing fires it" is a finding and not a gap. A single file
// holds no flows, and what could not be read may be the one that fires it.
func (m Migration) usersKnown(msg Message) bool {
	for i := range m.Sources {
		s := &m.Sources[i]
		tells := s.TellsUsers || s.Complete && (s.Kind == salesforce.SourceFolder || s.Kind == salesforce.SourceZip)
		if tells && len(msg.Definitions[s.ID]) > 0 {
			return true
		}
	}
	return false
}

package state

import (
	"slices"
	"strings"

	"sidestep/salesforce"
	"sidestep/salesforce/audit"
	"sidestep/share"
)

// Trace is a line of the Setup Audit Trail that names a message, with the source
// that brought it.
type Trace struct {
	audit.Mention
	Source *Source
}

// keepFacts keeps what an earlier scan of the org knew: the audit trail forgets,
// and a right that was taken away takes no knowledge with it.
func (s *Source) keepFacts(old Source) {
	if s.Kind != salesforce.SourceOrg {
		return
	}
	for _, e := range old.Audit {
		if !slices.Contains(s.Audit, e) {
			s.Audit = append(slices.Clip(s.Audit), e)
		}
	}
	if s.People == nil {
		s.People = old.People
	}
	if s.Packages == nil {
		s.Packages = old.Packages
	}
}

// traces finds for each message what the audit trails say of it.
func (m Migration) traces() map[string][]Trace {
	if !slices.ContainsFunc(m.Sources, func(s Source) bool { return len(s.Audit) > 0 }) {
		return nil
	}
	var known []salesforce.Message
	for _, msg := range m.Messages {
		known = append(known, m.definitions(msg)...)
	}
	out := map[string][]Trace{}
	for i := range m.Sources {
		for key, mentions := range audit.Find(m.Sources[i].Audit, known) {
			for _, mention := range mentions {
				out[key] = append(out[key], Trace{mention, &m.Sources[i]})
			}
		}
	}
	return out
}

// weighed is a message with what all sources say of it.
type weighed struct {
	assessment salesforce.Assessment
	// definitions are those to be shown, endpoint is the key of the first one's.
	definitions []salesforce.Message
	endpoint    string
	users       []salesforce.User
	usersKnown  bool
	mark        Mark
	statement   *Statement
}

// weighAll weighs the messages with those keys, on all processors.
func (m weighing) weighAll(keys []string, traces map[string][]Trace, users map[string][]salesforce.User) []weighed {
	out := make([]weighed, len(keys))
	share.Out(len(keys), 256, func(i int) {
		msg := m.Messages[keys[i]]
		w := weighed{definitions: m.definitions(msg), users: users[strings.ToLower(keys[i])], mark: msg.Mark, statement: msg.Statement}
		if len(w.definitions) == 0 {
			return
		}
		w.assessment = m.assess(msg, traces[keys[i]])
		w.endpoint = m.address(w.definitions[0].EndpointURL).Key
		w.usersKnown = len(w.users) > 0 || m.usersKnown(msg)
		out[i] = w
	})
	return out
}

// assess adds up what every source, the admin and the audit trail say of a message.
func (m weighing) assess(msg Message, traces []Trace) salesforce.Assessment {
	ev := append(m.sourcesOn(msg), m.statedOn(msg)...)
	if len(traces) == 0 {
		return salesforce.Assess(ev)
	}
	first := neverBefore(msg, ev, traces)
	for _, t := range traces {
		e := salesforce.Evidence{
			Kind: salesforce.EvidenceAudit, At: t.At, Source: t.Source.ID, Where: t.Source.Name + ", Setup Audit Trail",
			Note: strings.TrimPrefix(t.By+": "+t.Display, ": "),
		}
		if first && t.Clear && t.Change == audit.Created && !t.Rough && !t.At.Before(salesforce.Cutoff) {
			e.Kind = salesforce.EvidenceCreated
		}
		ev = append(ev, e)
	}
	return salesforce.Assess(ev)
}

// neverBefore reports whether a creation that the audit trail tells of can be
// that of the message. It is not when anything speaks of an older message of that
// name: another creation date, a definition from before the cut-off, a deletion.
func neverBefore(msg Message, ev []salesforce.Evidence, traces []Trace) bool {
	for _, defs := range msg.Definitions {
		if slices.ContainsFunc(defs, func(d salesforce.Message) bool { return !d.CreatedAt.IsZero() }) {
			return false // the org itself tells when it was created
		}
	}
	if slices.ContainsFunc(traces, func(t Trace) bool { return t.Change == audit.Deleted }) {
		return false
	}
	return !slices.ContainsFunc(ev, func(e salesforce.Evidence) bool {
		return !e.At.IsZero() && e.At.Before(salesforce.Cutoff) && e.Kind != salesforce.EvidenceStated
	})
}

// orgFacts are what orgs say about users and packages, by lower-case name.
type orgFacts struct {
	people   map[string]*salesforce.IntegrationUser
	packages map[string]*salesforce.Package
}

func (m Migration) orgFacts() orgFacts {
	f := orgFacts{map[string]*salesforce.IntegrationUser{}, map[string]*salesforce.Package{}}
	for i := range m.Sources {
		s := &m.Sources[i]
		for j := range s.People {
			f.people[strings.ToLower(s.People[j].Username)] = &s.People[j]
		}
		for j := range s.Packages {
			f.packages[strings.ToLower(s.Packages[j].Namespace)] = &s.Packages[j]
		}
	}
	return f
}

// of finds the facts about one message.
func (f orgFacts) of(m *salesforce.Message) (*salesforce.IntegrationUser, *salesforce.Package) {
	if len(f.people) == 0 && len(f.packages) == 0 {
		return nil, nil // no source is an org
	}
	var p *salesforce.Package
	if ns := m.Namespace(); ns != "" {
		p = f.packages[strings.ToLower(ns)]
	}
	return f.people[strings.ToLower(m.IntegrationUser)], p
}

package state

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
)

// Statement is what the admin says about a session id, and how they know.
type Statement struct {
	Says   bool   `json:"says"`
	Reason string `json:"reason"`
	// Document names what it was read in, "" for what somebody remembers.
	Document string `json:"document,omitempty"`
	// AsOf is the day of which it speaks, zero for the day on which it was made.
	AsOf time.Time `json:"asOf,omitzero"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
}

// Scope is how much a statement covers.
type Scope string

// The scopes. What covers more also holds for messages that are found later.
const (
	OneMessage    Scope = "message"
	WholeEndpoint Scope = "endpoint"
	WholeHost     Scope = "host"
)

// Subject is what a statement is about: a scope, and the key of the message, the
// key of the endpoint, or the host.
type Subject struct {
	Scope Scope
	Key   string
}

// Host is the admin's work on a host as a whole.
type Host struct {
	Statement *Statement `json:"statement,omitempty"`
}

// StatementOn is what was said about a subject, nil for nothing.
func (m Migration) StatementOn(about Subject) *Statement {
	switch about.Scope {
	case OneMessage:
		return m.Messages[about.Key].Statement
	case WholeEndpoint:
		return m.Endpoints[about.Key].Statement
	}
	return m.Hosts[about.Key].Statement
}

// State records what the admin knows about a subject, in place of what they said
// about it before. Who and when are taken from act.
func (m Migration) State(about Subject, s Statement, act Act) Migration {
	s.At, s.By = act.At, act.By
	return m.setStatement(about, &s, s.words(), act)
}

// StateAll records the same about several endpoints, as one change.
func (m Migration) StateAll(keys []string, s Statement, act Act) Migration {
	s.At, s.By = act.At, act.By
	return m.editAll(keys, act, s.words(), func(e *Endpoint) {
		own := s
		e.Statement = &own
	})
}

func (s Statement) words() string {
	if s.Says {
		return fmt.Sprintf("stated: a session id was sent (%s)", s.Reason)
	}
	return fmt.Sprintf("stated: no session id was sent (%s)", s.Reason)
}

// Unstate takes back what the admin said about a subject.
func (m Migration) Unstate(about Subject, act Act) Migration {
	if m.StatementOn(about) == nil {
		return m
	}
	return m.setStatement(about, nil, unstated, act)
}

// UnstateAll takes back what was said about those of several endpoints of which
// anything was, as one change.
func (m Migration) UnstateAll(keys []string, act Act) Migration {
	said := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return m.Endpoints[key].Statement == nil })
	return m.editAll(said, act, unstated, func(e *Endpoint) { e.Statement = nil })
}

// unstated is how the history tells that a statement was taken back.
const unstated = "taken back: what was stated about the session id"

func (m Migration) setStatement(about Subject, s *Statement, what string, act Act) Migration {
	switch about.Scope {
	case OneMessage:
		msg, ok := m.Messages[about.Key]
		if !ok {
			return m
		}
		for _, key := range m.endpointsOfMessage(msg) {
			m = m.edit(key, act, what+": "+about.Key, func(*Endpoint) {})
		}
		msg.Statement = s
		m.Messages = maps.Clone(m.Messages)
		if m.Messages[about.Key] = msg; !msg.known() {
			delete(m.Messages, about.Key)
		}
	case WholeEndpoint:
		return m.edit(about.Key, act, what, func(e *Endpoint) { e.Statement = s })
	default:
		// It leaves no line in the endpoints' histories: a line would keep each of
		// them for good, as if it had been worked on.
		m.Hosts = maps.Clone(m.Hosts)
		if m.Hosts == nil {
			m.Hosts = map[string]Host{}
		}
		if h := m.Hosts[about.Key]; s == nil {
			delete(m.Hosts, about.Key)
		} else {
			h.Statement = s
			m.Hosts[about.Key] = h
		}
	}
	return m.touched(act)
}

func (m Migration) endpointsOfMessage(msg Message) (keys []string) {
	for _, def := range m.definitions(msg) {
		if key := salesforce.ParseEndpoint(def.EndpointURL).Key; !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// evidence turns a statement into evidence; where names what it covers.
func (s *Statement) evidence(covers string) salesforce.Evidence {
	e := salesforce.Evidence{Kind: salesforce.EvidenceStated, Says: &s.Says, At: s.AsOf, Source: "stated", Note: s.Reason}
	if e.At.IsZero() {
		e.At = s.At
	}
	e.Where = strings.Join(slices.DeleteFunc([]string{cmp.Or(s.Document, s.By), covers}, func(t string) bool { return t == "" }), ", ")
	return e
}

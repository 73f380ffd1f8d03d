package state

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
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
}

// HostView is a host with its endpoints, the most urgent first.
type HostView struct {
	Host      string
	Endpoints []EndpointView
	Verdict   salesforce.Verdict
	Messages  int
	Progress  Progress
}

// EndpointView is an endpoint with what was found out about it.
type EndpointView struct {
	Endpoint
	Address  salesforce.Endpoint
	Messages []MessageView
	// Verdict is the most urgent one among the messages.
	Verdict  salesforce.Verdict
	Progress Progress
	// Proposed is the route that the facts suggest, with the reason.
	Proposed    Route
	ProposedWhy string
	// Changed is when anything last happened on it.
	Changed time.Time
	// Dormant is true when as far as known nothing active fires any message.
	Dormant bool
}

// MessageView is a message with its verdict and what fires it.
type MessageView struct {
	salesforce.Message
	Assessment salesforce.Assessment
	Users      []salesforce.User
	// UsersKnown is false when no source could tell what fires the message.
	UsersKnown bool
	Mark       Mark
	Statement  *Statement
}

// Dormant reports whether it is known that nothing active fires the message.
func (v MessageView) Dormant() bool { return v.UsersKnown && salesforce.Dormant(v.Users) }

// Progress counts the settled steps of a checklist.
type Progress struct{ Done, Of int }

// Complete reports whether every step is settled.
func (p Progress) Complete() bool { return p.Of > 0 && p.Done >= p.Of }

func (p Progress) plus(q Progress) Progress { return Progress{p.Done + q.Done, p.Of + q.Of} }

// ProgressOf counts the settled steps of an endpoint's checklist. Before a route
// is chosen, the one that the facts propose says how much there is to do.
func ProgressOf(e Endpoint, proposed Route) Progress {
	route := cmp.Or(e.Route, proposed)
	var p Progress
	for _, s := range Checklist(route, e.Receiver) {
		p.Of++
		if e.Route != Undecided && e.Ticks[s.ID].State != ToDo {
			p.Done++
		}
	}
	return p
}

// Overview derives the view of the whole migration.
func (m Migration) Overview() Overview {
	o := Overview{Verdicts: map[salesforce.Verdict]int{}, Complete: true}
	for _, s := range m.Sources {
		o.Complete = o.Complete && s.Complete
		o.Problems = append(o.Problems, s.Problems...)
	}
	views := m.endpointViews(&o)
	byHost := map[string]*HostView{}
	for _, key := range slices.Sorted(maps.Keys(views)) {
		v := views[key]
		v.finish()
		h := byHost[v.Address.Host]
		if h == nil {
			h = &HostView{Host: v.Address.Host, Verdict: v.Verdict}
			byHost[v.Address.Host] = h
		}
		h.Endpoints = append(h.Endpoints, *v)
		h.Messages += len(v.Messages)
		h.Progress = h.Progress.plus(v.Progress)
		if v.Verdict.Compare(h.Verdict) < 0 {
			h.Verdict = v.Verdict
		}
		o.Endpoints++
		o.Progress = o.Progress.plus(v.Progress)
		if v.Route != Undecided && v.Progress.Complete() {
			o.Finished++
		}
	}
	for _, h := range byHost {
		slices.SortStableFunc(h.Endpoints, func(a, b EndpointView) int {
			return cmp.Or(a.Verdict.Compare(b.Verdict), cmp.Compare(a.Key, b.Key))
		})
		o.Hosts = append(o.Hosts, *h)
	}
	slices.SortFunc(o.Hosts, func(a, b HostView) int {
		return cmp.Or(a.Verdict.Compare(b.Verdict), cmp.Compare(b.Messages, a.Messages), cmp.Compare(a.Host, b.Host))
	})
	return o
}

// endpointViews gives every endpoint its messages, and counts verdicts.
func (m Migration) endpointViews(o *Overview) map[string]*EndpointView {
	views := make(map[string]*EndpointView, len(m.Endpoints))
	for key, e := range m.Endpoints {
		views[key] = &EndpointView{Endpoint: e, Address: e.Address()}
	}
	users := m.usersByMessage()
	keys := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(m.Messages)) {
		msg := m.Messages[key]
		def, ok := m.Definition(msg)
		if !ok {
			continue
		}
		ek, ok := keys[def.EndpointURL]
		if !ok {
			ek = salesforce.ParseEndpoint(def.EndpointURL).Key
			keys[def.EndpointURL] = ek
		}
		v := views[ek]
		if v == nil {
			continue
		}
		mv := MessageView{Message: def, Assessment: salesforce.Assess(m.EvidenceFor(msg)), Mark: msg.Mark, Statement: msg.Statement}
		mv.Users = users[strings.ToLower(key)]
		mv.UsersKnown = len(mv.Users) > 0 || m.usersKnown(msg)
		v.Messages = append(v.Messages, mv)
		o.Messages++
		o.Verdicts[mv.Assessment.Verdict]++
		if mv.Assessment.Verdict != salesforce.Unknown {
			o.Settled++
		}
	}
	return views
}

// finish fills in what follows from an endpoint's messages.
func (v *EndpointView) finish() {
	slices.SortStableFunc(v.Messages, func(a, b MessageView) int {
		return cmp.Or(a.Assessment.Verdict.Compare(b.Assessment.Verdict), cmp.Compare(a.Key(), b.Key()))
	})
	v.Verdict, v.Dormant = salesforce.NotAffected, len(v.Messages) > 0
	packaged := ""
	for _, msg := range v.Messages {
		if msg.Assessment.Verdict.Compare(v.Verdict) < 0 {
			v.Verdict = msg.Assessment.Verdict
		}
		v.Dormant = v.Dormant && msg.Dormant()
		packaged = cmp.Or(packaged, msg.Namespace())
	}
	v.Proposed, v.ProposedWhy = propose(*v, packaged)
	v.Progress = ProgressOf(v.Endpoint, v.Proposed)
	v.Changed = v.FirstSeen
	if n := len(v.History); n > 0 {
		v.Changed = v.History[n-1].At
	}
}

// propose suggests a route from the facts alone. It decides nothing.
func propose(v EndpointView, packaged string) (Route, string) {
	switch {
	case v.Receiver == Ignores:
		return NoAction, "The receiver ignores the session id."
	case packaged != "":
		return VendorContact, "The package " + packaged + " brought a message for it. Only the package's vendor can change where it is sent."
	case v.Dormant:
		return Retire, "As far as known nothing active fires its messages."
	case len(v.Messages) > 0 && v.Verdict == salesforce.NotAffected:
		return NoAction, "None of its messages sent a session id."
	}
	return InternalFix, ""
}

// EvidenceFor gathers what every source says about a message.
func (m Migration) EvidenceFor(msg Message) []salesforce.Evidence {
	ev := slices.Clone(msg.Earlier)
	for _, s := range m.Sources {
		defs := msg.Definitions[s.ID]
		for _, def := range defs {
			ev = append(ev, salesforce.EvidenceOf(s.Source, def)...)
		}
		if s.Kind == salesforce.SourceOrg && s.Complete && len(defs) == 0 {
			ev = append(ev, salesforce.Evidence{Kind: salesforce.EvidenceAbsent, At: s.At, Source: s.ID, Where: s.Name})
		}
	}
	if st := msg.Statement; st != nil {
		ev = append(ev, salesforce.Evidence{Kind: salesforce.EvidenceStated, Says: &st.Says, At: st.At, Source: "stated", Where: st.By, Note: st.Reason})
	}
	return ev
}

// usersByMessage indexes what fires messages by lower-case message key; the same
// user told by two sources counts once, the later source's word holds.
func (m Migration) usersByMessage() map[string][]salesforce.User {
	out := map[string][]salesforce.User{}
	for _, s := range m.Sources {
		for _, u := range s.Users {
			key := strings.ToLower(u.Message)
			i := slices.IndexFunc(out[key], func(o salesforce.User) bool {
				return o.Type == u.Type && strings.EqualFold(o.Name, u.Name) && o.When == u.When
			})
			if i >= 0 {
				out[key][i] = u
			} else {
				out[key] = append(out[key], u)
			}
		}
	}
	return out
}

// usersKnown reports whether a source that also holds rules and flows defines
// the message: then "nothing fires it" is a finding and not a gap.
func (m Migration) usersKnown(msg Message) bool {
	for _, s := range m.Sources {
		if s.Kind != salesforce.SourceOrg && len(msg.Definitions[s.ID]) > 0 {
			return true
		}
	}
	return false
}

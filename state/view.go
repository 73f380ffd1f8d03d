package state

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"sidestep/salesforce"
	"sidestep/share"
)

// EndpointView is an endpoint with what was found out about it.
type EndpointView struct {
	Endpoint
	Address  salesforce.Endpoint
	Messages []MessageView
	// Verdict is the most urgent one among the messages.
	Verdict  salesforce.Verdict
	Progress Progress
	// EscalateTo is the vendor's contact whose role is made for escalations, nobody
	// for Owner.
	EscalateTo Contact
	// Said is what the vendor said last.
	Said Said
	// Proposed is the route that the facts suggest, with the reason.
	Proposed    Route
	ProposedWhy string
	// ProposedVendor is who published the package that brought a message, or the
	// package's name; "" when the org told neither.
	ProposedVendor string
	// StandsFor is the production endpoint that a disguised or unusable address seems
	// to stand for, with its secrets hidden; "" where no source knows one.
	StandsFor string
	// Changed is when anything last happened on it.
	Changed time.Time
	// Use is that of its most alive message.
	Use Use
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
	// Trail are the lines of the Setup Audit Trail that name the message.
	Trail []Trace
	// Sender is the integration user as the org knows it, nil when it does not say.
	Sender *salesforce.IntegrationUser
	// Package is the installed package that brought the message, nil when the
	// message is the org's own or the package is not known.
	Package *salesforce.Package

	// again marks the message of an endpoint that is counted with another one,
	// since its source defines it twice.
	again bool
}

// Dormant reports whether it is known that nothing active fires the message.
func (v *MessageView) Dormant() bool { return v.Use().dormant() }

// Dormant reports whether it is known that nothing active fires any message.
func (v *EndpointView) Dormant() bool { return v.Use.dormant() }

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
	for _, s := range e.Checklist(route) {
		p.Of++
		if e.Route != Undecided && e.Ticks[s.ID].State != ToDo {
			p.Done++
		}
	}
	return p
}

// endpointViews gives every endpoint its messages. A message that its source
// defines several times, with several addresses, stands under each of them.
func (m Migration) endpointViews() map[string]*EndpointView {
	views := make(map[string]*EndpointView, len(m.Endpoints))
	var users map[string][]salesforce.User
	var keys []string
	var indexing sync.WaitGroup
	indexing.Go(func() { users = m.usersByMessage() })
	indexing.Go(func() { keys = slices.Sorted(maps.Keys(m.Messages)) })
	w := m.weigh()
	endpoints := slices.Collect(maps.Keys(m.Endpoints))
	made := make([]EndpointView, len(endpoints))
	share.Out(len(made), 64, func(i int) {
		e := m.Endpoints[endpoints[i]]
		made[i] = EndpointView{Endpoint: m.shared(e), EscalateTo: m.escalatesTo(e), Said: m.said(e), Address: w.address(e.URL)}
	})
	for i, key := range endpoints {
		views[key] = &made[i]
	}
	traces, facts := m.traces(), m.orgFacts()
	indexing.Wait()
	weighed := w.weighAll(keys, traces, users)
	stands := map[*EndpointView][]standing{}
	for n := range keys {
		msg := &weighed[n]
		for i := range msg.definitions {
			def := &msg.definitions[i]
			at := msg.endpoint
			if i > 0 {
				at = w.address(def.EndpointURL).Key
			}
			v := views[at]
			if v == nil {
				// No message may hide because its endpoint is missing.
				v = &EndpointView{Endpoint: Endpoint{Key: at, URL: def.EndpointURL}, Address: w.address(def.EndpointURL)}
				views[at] = v
			}
			if here := stands[v]; len(here) == 0 || here[len(here)-1].message != n {
				stands[v] = append(here, standing{n, i})
			}
		}
	}
	filled := slices.Collect(maps.Keys(stands))
	share.Out(len(filled), 64, func(i int) {
		v := filled[i]
		v.Messages = make([]MessageView, 0, len(stands[v]))
		for _, at := range stands[v] {
			msg := &weighed[at.message]
			mv := MessageView{
				Message: msg.definitions[at.definition], Assessment: msg.assessment, Users: msg.users, UsersKnown: msg.usersKnown,
				Mark: msg.mark, Statement: msg.statement, Trail: traces[keys[at.message]], again: at.definition > 0,
			}
			mv.Sender, mv.Package = facts.of(&mv.Message)
			v.Messages = append(v.Messages, mv)
		}
	})
	w.findProduction(views)
	return views
}

// standing is one of a message's definitions, which stands under an endpoint: by the
// message's place among all, and its own among the message's.
type standing struct{ message, definition int }

// findProduction says of addresses that nothing can reach which production
// endpoint they seem to stand for.
func (m weighing) findProduction(views map[string]*EndpointView) {
	others := sync.OnceValue(func() (all []salesforce.Endpoint) {
		for _, key := range slices.Sorted(maps.Keys(views)) {
			all = append(all, views[key].Address)
		}
		return all
	})
	for _, v := range views {
		if v.Address.Usable() {
			continue
		}
		var same []salesforce.Endpoint
		for i := range v.Messages {
			msg := m.Messages[v.Messages[i].Key()]
			for _, id := range slices.Sorted(maps.Keys(msg.Definitions)) {
				for _, def := range msg.Definitions[id] {
					same = append(same, m.address(def.EndpointURL))
				}
			}
		}
		if o, found := v.Address.StandsFor(same, others()); found {
			v.StandsFor = o.Masked
		}
	}
}

// renew works out a view again after the admin's work on the endpoint has changed,
// or, if restated, what is stated about its messages.
func (m weighing) renew(v *EndpointView, restated bool) {
	e := m.Endpoints[v.Key]
	v.Endpoint, v.EscalateTo, v.Said = m.shared(e), m.escalatesTo(e), m.said(e)
	if restated {
		v.Messages = slices.Clone(v.Messages)
		for i := range v.Messages {
			mv := &v.Messages[i]
			msg := m.Messages[mv.Key()]
			mv.Assessment = m.assess(msg, mv.Trail) // the trail is what it was: so are the sources
			mv.Mark, mv.Statement = msg.Mark, msg.Statement
		}
	}
	v.finish()
}

// finish fills in what follows from an endpoint's messages.
func (v *EndpointView) finish() {
	order := func(a, b MessageView) int {
		return cmp.Or(a.Assessment.Verdict.Compare(b.Assessment.Verdict), sooner(a.Dormant(), b.Dormant()), cmp.Compare(a.Object, b.Object), cmp.Compare(a.FullName, b.FullName))
	}
	if !slices.IsSortedFunc(v.Messages, order) { // those that are may belong to an earlier view too
		slices.SortFunc(v.Messages, order)
	}
	// An endpoint without messages is no all-clear: nobody knows what it was for.
	v.Verdict, v.Use = salesforce.Unknown, mostAlive(v.Messages)
	packaged, name := "", ""
	v.ProposedVendor = ""
	for i := range v.Messages {
		msg := &v.Messages[i]
		if i == 0 {
			v.Verdict = msg.Assessment.Verdict
		}
		packaged = cmp.Or(packaged, msg.Namespace())
		if msg.Package != nil {
			v.ProposedVendor = cmp.Or(v.ProposedVendor, msg.Package.Vendor())
			name = cmp.Or(name, msg.Package.Name)
		}
	}
	if name != "" {
		packaged = name + " (" + packaged + ")"
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
	case v.Dormant():
		return Retire, "As far as known nothing active fires its messages."
	case len(v.Messages) > 0 && v.Verdict == salesforce.NotAffected:
		return NoAction, "None of its messages sent a session id."
	}
	return InternalFix, ""
}

package state

import (
	"cmp"
	"slices"

	"sidestep/salesforce"
)

// Use says how alive a message or an endpoint is: what fires it.
type Use string

// The uses, the most alive first.
const (
	// UsedActively: something active fires it.
	UsedActively Use = "active"
	// UseUnclear: something fires it of which nobody can tell whether it is active,
	// or no source told what fires it.
	UseUnclear Use = "unclear"
	// UsedInactively: only things that are switched off fire it.
	UsedInactively Use = "inactive"
	// Unused: nothing fires it.
	Unused Use = "unused"
)

// Uses are all of them, the most alive first.
var Uses = []Use{UsedActively, UseUnclear, UsedInactively, Unused}

// Use says what fires the message.
func (v *MessageView) Use() Use {
	switch {
	case slices.ContainsFunc(v.Users, func(u salesforce.User) bool { return u.Active != nil && *u.Active }):
		return UsedActively
	case !v.UsersKnown || slices.ContainsFunc(v.Users, func(u salesforce.User) bool { return u.Active == nil }):
		return UseUnclear
	case len(v.Users) > 0:
		return UsedInactively
	}
	return Unused
}

func (u Use) dormant() bool { return u == UsedInactively || u == Unused }

// sooner sorts what is dormant behind what is not.
func sooner(aDormant, bDormant bool) int {
	switch {
	case aDormant == bDormant:
		return 0
	case bDormant:
		return -1
	}
	return 1
}

// mostAlive is the use of an endpoint: that of its most alive message. Where no
// message is known any more, nobody can tell.
func mostAlive(messages []MessageView) Use {
	if len(messages) == 0 {
		return UseUnclear
	}
	best := Unused
	for i := range messages {
		if u := messages[i].Use(); slices.Index(Uses, u) < slices.Index(Uses, best) {
			best = u
		}
	}
	return best
}

// Group is the endpoints that triage looks at as one.
type Group struct {
	// Use is what they have in common; "" are those of which no message is affected
	// or unknown, whatever fires them.
	Use Use
	// Endpoints are their keys, and Undecided those without a route.
	Endpoints, Undecided []string
	Messages             int
	// Affected and Unknown count the messages with such a verdict.
	Affected, Unknown int
	// Proposed is the route that suits the group as a whole.
	Proposed Route
}

// Triage puts the endpoints into groups that can each be decided as one, the most
// alive first. Empty groups are left out.
func (o Overview) Triage() []Group {
	groups := map[Use]*Group{}
	proposals := map[Use]map[Route]int{}
	for i := range o.Hosts {
		for j := range o.Hosts[i].Endpoints {
			v := &o.Hosts[i].Endpoints[j]
			use := v.TriageUse()
			g := groups[use]
			if g == nil {
				g = &Group{Use: use}
				groups[use], proposals[use] = g, map[Route]int{}
			}
			g.add(v)
			proposals[use][v.Proposed]++
		}
	}
	var out []Group
	for _, use := range append(slices.Clone(Uses), "") {
		if g := groups[use]; g != nil {
			g.Proposed = use.proposes(proposals[use])
			out = append(out, *g)
		}
	}
	return out
}

// TriageUse is the group of an endpoint: its use, "" when nothing is open about it.
func (v *EndpointView) TriageUse() Use {
	if !v.Verdict.Open() {
		return ""
	}
	return v.Use
}

func (g *Group) add(v *EndpointView) {
	g.Endpoints = append(g.Endpoints, v.Key)
	if v.Route == Undecided {
		g.Undecided = append(g.Undecided, v.Key)
	}
	for i := range v.Messages {
		if v.Messages[i].again {
			continue
		}
		g.Messages++
		switch verdict := v.Messages[i].Assessment.Verdict; {
		case verdict.Affected():
			g.Affected++
		case verdict.Open():
			g.Unknown++
		}
	}
}

// proposes is the route for a group: what lies idle is best retired together, else
// the route that is proposed most often, of equal ones the first that is offered.
func (u Use) proposes(counts map[Route]int) Route {
	if u.dormant() {
		return Retire
	}
	return slices.MaxFunc(Routes, func(a, b Route) int {
		return cmp.Or(cmp.Compare(counts[a], counts[b]), cmp.Compare(slices.Index(Routes, b), slices.Index(Routes, a)))
	})
}

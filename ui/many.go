package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sidestep/state"
	"sidestep/vendors"
)

// The questions about marked endpoints: each is asked once, and its answer is one
// change, which one undo takes back.

// viewsOf are endpoints as they stand now.
func (s *session) viewsOf(keys []string) []*state.EndpointView {
	out := make([]*state.EndpointView, 0, len(keys))
	for _, key := range keys {
		if v := s.views[key]; v != nil {
			out = append(out, v)
		}
	}
	return out
}

// shared is what all the endpoints have in common, false where they differ.
func shared[T comparable](views []*state.EndpointView, of func(*state.EndpointView) T) (same T, agreed bool) {
	for i, v := range views {
		if x := of(v); i == 0 {
			same = x
		} else if x != same {
			var none T
			return none, false
		}
	}
	return same, len(views) > 0
}

// doAll carries out a change to several endpoints, and says so: they may be hidden.
func (s *session) doAll(what string, to selection, next state.Migration) tea.Cmd {
	about := count(len(to.keys), "endpoint")
	return tea.Batch(s.do(what+" of "+about, next), say(fmt.Sprintf("Set for %s: %s. u takes it back.", about, what)))
}

// askRouteOfAll asks what is to happen with all of them.
func askRouteOfAll(s *session, to selection) tea.Cmd {
	views := s.viewsOf(to.keys)
	routed, votes := 0, map[state.Route]int{}
	for _, v := range views {
		if v.Route != state.Undecided {
			routed++
			votes[v.Route]++
		} else {
			votes[v.Proposed]++
		}
	}
	current := 0
	for i, r := range state.Routes {
		if votes[r] > votes[state.Routes[current]] {
			current = i
		}
	}
	text := ""
	if routed > 0 {
		text = fmt.Sprintf("%s a route already, which is replaced.", has(routed))
	}
	return s.push(newChoose(s, "What happens with "+to.String()+"?", text, routeOptions(), current, func(i int) tea.Cmd {
		r := state.Routes[i]
		return s.doAll("route “"+r.Label()+"”", to, s.m.ChooseRoutes(to.keys, r, s.act()))
	}))
}

func has(n int) string {
	if n == 1 {
		return "1 has"
	}
	return fmt.Sprintf("%d have", n)
}

// askReceiverOfAll asks what all their receivers did with the session id.
func askReceiverOfAll(s *session, to selection) tea.Cmd {
	class, _ := shared(s.viewsOf(to.keys), func(v *state.EndpointView) state.Receiver { return v.Receiver })
	title := "What did the receivers of " + to.String() + " do with the session id?"
	return s.push(newChoose(s, title, "", receiverOptions(), slices.Index(state.Receivers, class), func(i int) tea.Cmd {
		r := state.Receivers[i]
		return s.doAll("receiver “"+r.Label()+"”", to, s.m.ClassifyReceivers(to.keys, r, s.act()))
	}))
}

// vendorOfAll proposes the vendor that all of them have, or seem to have, with the
// reason why.
func vendorOfAll(s *session, views []*state.EndpointView) (name, why string) {
	for _, v := range views {
		is := v.Vendor
		if is == "" && v.Route != state.InternalFix {
			if p, known := s.whose(v); known && p.Vendor.Serves != vendors.Many {
				is, why = p.Vendor.Name, clean(p.Why)
			}
		}
		if is == "" || name != "" && is != name {
			return "", ""
		}
		name = is
	}
	return name, why
}

// askOwnerOfAll asks who runs all of them. What they do not have in common stays
// as it is unless something is entered.
func askOwnerOfAll(s *session, to selection) tea.Cmd {
	views := s.viewsOf(to.keys)
	was, oneVendor := shared(views, func(v *state.EndpointView) string { return v.Vendor })
	vendor, why := vendorOfAll(s, views)
	owner, oneOwner := shared(views, func(v *state.EndpointView) state.Contact { return v.Owner })
	const differ = "they differ; empty leaves them"
	vendorField := field{label: "Vendor", value: vendor}
	if !oneVendor && vendor == "" {
		vendorField.placeholder = differ
	}
	contact := field{label: "Contact", value: owner.Name, placeholder: "a person's name"}
	address := field{label: "E-mail", value: owner.Email, check: addressOrEmpty}
	if !oneOwner {
		contact.placeholder, address.placeholder = differ, differ
	}
	text := strings.TrimSpace("The vendor's name stays empty for receivers of your own company. " + why)
	return s.push(newAsk(s, "Who runs "+to.String()+"?", text, []field{vendorField, contact, address}, func(v []string) tea.Cmd {
		next, what := s.m, []string(nil)
		if v[0] != was || !oneVendor && v[0] != "" {
			next, what = next.NameVendor(to.keys, v[0], s.act()), append(what, "vendor")
		}
		if person := (state.Contact{Name: v[1], Email: v[2]}); person != owner {
			next, what = next.NameOwner(to.keys, person, s.act()), append(what, "owner")
		}
		if len(what) == 0 {
			return say("Nothing was changed.")
		}
		return s.doAll(strings.Join(what, " and "), to, next)
	}))
}

// askKnowledgeOfAll asks what the admin knows about what was sent to all of them.
func askKnowledgeOfAll(s *session, to selection) tea.Cmd {
	options, text := knowledgeOptions(), knowledgeWeighs
	said := 0
	for _, v := range s.viewsOf(to.keys) {
		if v.Statement != nil {
			said++
		}
	}
	if said > 0 {
		options = append(options, option{"Take back what was said", "Then only the other evidence counts."})
		text += fmt.Sprintf(" About %d of them something was said already, which is replaced.", said)
	}
	return s.push(newChoose(s, "What do you know about "+to.String()+"?", text, options, 0, func(i int) tea.Cmd {
		if i == 2 {
			return s.doAll("what you knew", to, s.m.UnstateAll(to.keys, s.act()))
		}
		return askReason(s, options[i].label, i == 0, nil, func(st state.Statement) tea.Cmd {
			return s.doAll("what you know", to, s.m.StateAll(to.keys, st, s.act()))
		})
	}))
}

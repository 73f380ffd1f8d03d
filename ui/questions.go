package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/salesforce"
	"sidestep/state"
	"sidestep/vendors"
)

func routeOptions() []option {
	about := map[state.Route]string{
		state.InternalFix:   "Our own receiver: rebuild it on OAuth 2.0, or give it another way to check the sender.",
		state.VendorContact: "Somebody else's receiver: get its vendor to do so.",
		state.Retire:        "Nobody needs it any more: switch off what fires it.",
		state.NoAction:      "The receiver never used the session id: confirm that, and leave it.",
	}
	var options []option
	for _, r := range state.Routes {
		options = append(options, option{r.Label(), about[r]})
	}
	return options
}

// askRoute asks what is to happen with an endpoint.
func askRoute(s *session, e *state.EndpointView) tea.Cmd {
	current := slices.Index(state.Routes, e.Route)
	text := ""
	if e.Route == state.Undecided {
		current = slices.Index(state.Routes, e.Proposed)
		if e.ProposedWhy != "" {
			text = "Proposed: " + e.Proposed.Label() + ". " + clean(e.ProposedWhy)
		}
		if p, known := s.whose(e); known {
			text = strings.TrimSpace(text + " " + clean(p.Why))
			if p.Vendor.Serves == vendors.Many {
				text += " Many owners have receivers there: yours is probably your own company's."
			}
		}
	}
	key := e.Key
	return s.push(newChoose(s, "What happens with this endpoint?", text, routeOptions(), current, func(i int) tea.Cmd {
		if state.Routes[i] == s.m.Endpoints[key].Route {
			return nil // nothing to undo, and nothing for the history
		}
		return s.do("route", s.m.ChooseRoute(key, state.Routes[i], s.act()))
	}))
}

// askRoutes asks the same for all endpoints of a group that have no route yet.
func askRoutes(s *session, g state.Group) tea.Cmd {
	short, _ := useWords(g.Use)
	title := "What happens with " + count(len(g.Undecided), "endpoint") + " (" + short + ")?"
	return s.push(newChoose(s, title, "Those that have a route keep it.", routeOptions(), slices.Index(state.Routes, g.Proposed), func(i int) tea.Cmd {
		return s.do("route of "+count(len(g.Undecided), "endpoint"), s.m.ChooseRoutes(g.Undecided, state.Routes[i], s.act()))
	}))
}

func receiverOptions() []option {
	about := map[state.Receiver]string{
		state.ReceiverUnknown: "To be found out: it is one of the first steps.",
		state.CallsBack:       "It called Salesforce with it: needs OAuth 2.0.",
		state.ChecksSender:    "It only checked that the sender is genuine: needs another check, not OAuth.",
		state.Ignores:         "It never looked at it: nothing breaks.",
	}
	var options []option
	for _, r := range state.Receivers {
		options = append(options, option{r.Label(), about[r]})
	}
	return options
}

// askReceiver asks what the receiver did with the session id.
func askReceiver(s *session, e *state.EndpointView) tea.Cmd {
	key := e.Key
	return s.push(newChoose(s, "What did the receiver do with the session id?", "", receiverOptions(), slices.Index(state.Receivers, e.Receiver), func(i int) tea.Cmd {
		var cmd tea.Cmd
		if state.Receivers[i] != s.m.Endpoints[key].Receiver {
			cmd = s.do("receiver", s.m.ClassifyReceiver(key, state.Receivers[i], s.act()))
		}
		if state.Receivers[i] != state.CallsBack {
			return cmd
		}
		return tea.Batch(cmd, askAcks(s, key))
	}))
}

// askAcks asks when a receiver that calls back acknowledges: that decides how it
// fails.
func askAcks(s *session, key string) tea.Cmd {
	options := []option{
		{"Not known yet", "Ask the owner, or check the code."},
		{"It acknowledges, then calls back", "Then it fails in silence: Salesforce takes every message for delivered."},
		{"It calls back, then acknowledges", "Then Salesforce's queue grows, and what waits for a day is dropped."},
	}
	return s.push(newChoose(s, "When does it acknowledge a message?", "", options, slices.Index(state.AckOrders, s.m.Endpoints[key].Acks), func(i int) tea.Cmd {
		if state.AckOrders[i] == s.m.Endpoints[key].Acks {
			return nil
		}
		return s.do("when it acknowledges", s.m.TellAcks(key, state.AckOrders[i], s.act()))
	}))
}

// askOwner asks whom to talk to.
func askOwner(s *session, e *state.EndpointView) tea.Cmd {
	key, vendor := e.Key, e.Vendor
	if p, known := s.whose(e); vendor == "" && known && p.Vendor.Serves != vendors.Many && e.Route != state.InternalFix {
		vendor = p.Vendor.Name
	}
	return s.push(newAsk(s, "Who runs this endpoint?", "The vendor's name stays empty for a receiver of your own company.", []field{
		{label: "Vendor", value: vendor},
		{label: "Contact", value: e.Owner.Name, placeholder: "a person's name"},
		{label: "E-mail", value: e.Owner.Email, check: addressOrEmpty},
	}, func(v []string) tea.Cmd {
		return s.do("owner", s.m.Assign(key, v[0], state.Contact{Name: v[1], Email: v[2]}, s.act()))
	}))
}

// askSignOff asks who signs an endpoint off, and on what evidence: what was
// proved so far is proposed.
func askSignOff(s *session, v *state.EndpointView) tea.Cmd {
	key, about := v.Key, "Your name and the day stay with it. It can be taken back for a reason."
	if open := v.StepsOpen(); len(open) > 0 {
		const named = 3
		about = fmt.Sprintf("%s still open: %s", areStill(len(open)), strings.Join(open[:min(len(open), named)], ", "))
		if more := len(open) - named; more > 0 {
			about += fmt.Sprintf(" and %d more", more)
		}
		about += "."
	}
	return s.push(newAsk(s, "Sign off", about, []field{
		{label: "Who", value: s.deps.By, check: required("a name")},
		{label: "On what evidence", value: strings.Join(v.Proofs(), "; "), placeholder: "who confirmed it, and where that is kept", check: required("the evidence")},
	}, func(values []string) tea.Cmd {
		return s.do("sign-off", s.m.SignedOff(key, values[0], values[1], s.act()))
	}))
}

func areStill(n int) string {
	if n == 1 {
		return "1 step is"
	}
	return fmt.Sprintf("%d steps are", n)
}

// askReopen asks why a sign-off is taken back.
func askReopen(s *session, key string) tea.Cmd {
	return s.push(newAsk(s, "Take the sign-off back", "The reason stays in the history.", []field{{label: "Because", check: required("a reason")}}, func(v []string) tea.Cmd {
		return s.do("taking the sign-off back", s.m.ReopenSignOff(key, v[0], s.act()))
	}))
}

// addressOrEmpty accepts one mail address, or none.
func addressOrEmpty(s string) error {
	if s == "" {
		return nil
	}
	return email.ValidAddress(s)
}

// askToKeep asks, where there is no keychain, whether the sign-in may be kept in
// a file. Without a yes it lasts until the program ends.
func askToKeep(s *session, org Org, host string) tea.Cmd {
	f, ok := org.(Fleeting)
	if !ok || s.deps.Kept == nil || f.NotKeptBecause() == nil {
		return nil
	}
	who, kept := org.Who(), s.deps.Kept
	known := KnownOrg{ID: who.ID, Name: who.Name, Username: who.Username, Host: host}
	return s.push(newChoose(s, "Keep this sign-in?", "This computer has no keychain that could hold it.", []option{
		{"Only until I quit", "You sign in again next time."},
		{"In a file that only I can read", "Whoever can read your files could use it. This choice is remembered."},
	}, 0, func(i int) tea.Cmd {
		if i == 0 {
			return nil
		}
		return func() tea.Msg {
			if err := kept.KeepInFile(context.Background(), known); err != nil {
				return sayMsg{text: inWords(err), bad: true}
			}
			return sayMsg{text: "The sign-in is kept in a file that only you can read."}
		}
	}).besideTheWork())
}

// askNote asks for a remark.
func askNote(s *session, key string) tea.Cmd {
	return s.push(newAsk(s, "Note", "", []field{{label: "Note", check: required("a note")}}, func(v []string) tea.Cmd {
		return s.do("note", s.m.AddNote(key, v[0], s.act()))
	}))
}

// askSkip asks why a step is left out.
func askSkip(s *session, key string, step state.Step) tea.Cmd {
	return s.push(newAsk(s, "Skip “"+step.Title+"”", "A skipped step counts as settled; the reason stays with it.",
		[]field{{label: "Because", check: required("a reason")}}, func(v []string) tea.Cmd {
			return s.do("skip", s.m.Skip(key, step, v[0], s.act()))
		}))
}

// addBackup adds the demo org's source repository.
func addBackup(s *session) tea.Cmd {
	demo := s.deps.Demo
	if demo == nil {
		return nil
	}
	s.offer = ""
	_, cmd := readSource(s, demo.ReadBackup)
	return cmd
}

// sourceReadMsg brings what a file source holds.
type sourceReadMsg struct {
	f   salesforce.Findings
	err error
	// stopped tells whether the admin has stopped it, also after it was done.
	stopped func() error
}

package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
	"sidestep/state"
)

// verifies says what the verify key does for a step, "" for nothing.
func verifies(s *session, step state.Step) string {
	if s.deps.Checks == nil {
		return ""
	}
	switch {
	case step.Guide == state.GuideFlow:
		return "choose with me"
	case step.Guide == state.GuideApp:
		return "app files"
	case step.Guide == state.GuideRecipes:
		return "recipes"
	case step.Check == state.CheckCode:
		return "check the code"
	case step.Check == state.CheckOAuth:
		return "check the credentials"
	case step.Check == state.CheckEndpoint:
		return "send a test message"
	case step.Check == state.CheckLogins:
		return "ask the org"
	case step.Check == state.CheckLost:
		return "count the records"
	}
	return ""
}

// offersToVerify is the verify key for the footer. Files and recipes leave the program
// where nothing can be recorded, too.
func offersToVerify(s *session, v *state.EndpointView, step state.Step, does string) key.Binding {
	if v.Route != state.Undecided && (step.Guide == state.GuideApp || step.Guide == state.GuideRecipes) {
		return as(s.keys.verify, does)
	}
	return as(s.available().verify, does)
}

// verify begins what the program can do for a step.
func verify(s *session, v *state.EndpointView, step state.Step) tea.Cmd {
	if verifies(s, step) == "" {
		return nil
	}
	if v.Route == state.Undecided {
		return askRoute(s, v)
	}
	switch {
	case step.Guide == state.GuideFlow:
		return askFlow(s, v.Key)
	case step.Guide == state.GuideApp:
		return askApp(s, v)
	case step.Guide == state.GuideRecipes:
		return s.push(newRecipes(s))
	case step.Check == state.CheckCode:
		return askCode(s, v.Key)
	case step.Check == state.CheckOAuth:
		return askCredentials(s, v)
	case step.Check == state.CheckEndpoint:
		return askTarget(s, v)
	case step.Check == state.CheckLogins:
		return askLogins(s, v)
	case step.Check == state.CheckLost:
		return askLost(s, v)
	}
	return nil
}

// askCode asks where the receiver's source is.
func askCode(s *session, key string) tea.Cmd {
	checks := s.deps.Checks
	return s.push(newAsk(s, "Where is the receiver's source?", "It is only read. What is done with the session id is shown with file and line.", []field{
		{label: "Path", value: s.source, placeholder: "a folder or a file", check: required("a path")},
	}, func(v []string) tea.Cmd {
		s.source = v[0]
		return s.push(newProof(s, key, state.CheckCode, "What does the code below "+v[0]+" do with the session id?", "Reading the source…", func(ctx context.Context) (CodeFound, error) {
			return checks.Code(ctx, v[0])
		}))
	}))
}

// askCredentials asks for a receiver's new credentials. They are tried and
// forgotten.
func askCredentials(s *session, v *state.EndpointView) tea.Cmd {
	jwt := v.Flow == flowJWT
	c := Credentials{OrgID: s.m.Org.ID, Messages: definitions(v), Writes: v.Receiver == state.CallsBack}
	fields := []field{
		{label: "My Domain", value: s.m.Org.Instance, placeholder: "https://acme.my.salesforce.com", check: required("the org's address")},
		{label: "Consumer key", check: required("the consumer key of the receiver's app")},
	}
	if jwt {
		fields = append(fields,
			field{label: "Username", placeholder: "the integration user", check: required("the username")},
			field{label: "Key file", placeholder: "the private key, PEM", check: required("the file with the private key")})
	} else {
		fields = append(fields, field{label: "Secret", hidden: true, check: required("the consumer secret")})
	}
	key, checks := v.Key, s.deps.Checks
	return s.push(newAsk(s, "The receiver's new credentials", "They are tried once and kept nowhere.", fields, func(values []string) tea.Cmd {
		c.Host, c.ClientID = values[0], values[1]
		if jwt {
			c.User, c.KeyFile = values[2], values[3]
		} else {
			c.Secret = values[2]
		}
		return s.push(newProof(s, key, state.CheckOAuth, "Do the new credentials work?", "Asking for a token, and trying what it is good for…", plainly(func(ctx context.Context) (state.Check, error) {
			return checks.Credentials(ctx, c)
		})))
	}))
}

func definitions(v *state.EndpointView) []salesforce.Message {
	var all []salesforce.Message
	for i := range v.Messages {
		all = append(all, v.Messages[i].Message)
	}
	return all
}

// askTarget asks where a test message goes: to the endpoint, or to a test
// instance of the receiver.
func askTarget(s *session, v *state.EndpointView) tea.Cmd {
	e := *v
	return s.push(newChoose(s, "Where does the test message go?", "", []option{
		{"To this endpoint", clean(e.Address.Masked)},
		{"To another address", "A test instance of the receiver."},
	}, 0, func(i int) tea.Cmd {
		if i == 0 {
			return askConsent(s, &e, e.URL)
		}
		return s.push(newAsk(s, "The address of the test instance", "", []field{{label: "Address", placeholder: "https://…", check: usableAddress}}, func(values []string) tea.Cmd {
			return askConsent(s, &e, values[0])
		}))
	}))
}

func usableAddress(text string) error {
	if a := salesforce.ParseEndpoint(text); a.Host == salesforce.NoHost {
		return fmt.Errorf("this can't be sent to: %s", strings.ToLower(a.Trouble))
	}
	return nil
}

// askConsent says what would be sent and where. Nothing is sent without a yes, for
// this address and this once.
func askConsent(s *session, v *state.EndpointView, url string) tea.Cmd {
	if err := usableAddress(url); err != nil {
		return complain(err)
	}
	p := Probe{URL: url, OrgID: s.m.Org.ID, Instance: s.m.Org.Instance}
	what := "one message"
	if len(v.Messages) > 0 {
		p.Message = v.Messages[0].Message
		what = fmt.Sprintf("one message like “%s” (%s, %s)", clean(p.Message.Label), clean(p.Message.Object), count(len(p.Message.Fields), "field"))
	}
	to := clean(salesforce.ParseEndpoint(url).Masked)
	about := "To " + to + ": " + what + " with made-up values and no session id, marked as a test. A receiver may take it for a real record: tell its owner first."
	key, checks := v.Key, s.deps.Checks
	return s.push(newConfirm(s, "Send a test message?", about, "Send one message", func() tea.Cmd {
		send := func(p Probe) func(context.Context) (CodeFound, error) {
			return plainly(func(ctx context.Context) (state.Check, error) { return checks.Probe(ctx, p) })
		}
		screen := newProof(s, key, state.CheckEndpoint, "Is a message without session id acknowledged?", "Waiting for the answer of "+to+", for a minute at most…", send(p))
		p.Private = true
		screen.again = send(p)
		return s.push(screen)
	}))
}

// prover is the org at hand, if it can be asked.
func prover(s *session) (Prover, tea.Cmd) {
	if p, ok := s.org.(Prover); ok {
		return p, nil
	}
	return nil, say("The org has to be asked for that: sign in to it first (R on the board), then come back.")
}

// askLogins asks whose logins are to be shown.
func askLogins(s *session, v *state.EndpointView) tea.Cmd {
	org, not := prover(s)
	if not != nil {
		return not
	}
	key := v.Key
	return s.push(newAsk(s, "Whose logins?", "The user that the receiver signs in as now, since the day of the change-over.", []field{
		{label: "Username", value: s.loginOf[key], check: required("a username")},
		{label: "Since", value: dateText(v.ChangedOver()), placeholder: "2026-11-01", check: aDayThatHasCome(s.deps.Now())},
	}, func(values []string) tea.Cmd {
		s.loginOf[key] = values[0]
		since, _ := parseDate(values[1]) // it was checked
		return s.push(newProof(s, key, state.CheckLogins, "Has the org seen an OAuth login of "+values[0]+"?", "Asking the org…", plainly(func(ctx context.Context) (state.Check, error) {
			return org.ProveLogins(ctx, values[0], since)
		})))
	}))
}

// askLost asks which records are to be counted, and since when.
func askLost(s *session, v *state.EndpointView) tea.Cmd {
	org, not := prover(s)
	if not != nil {
		return not
	}
	var objects []string
	for i := range v.Messages {
		if o := v.Messages[i].Object; !slices.Contains(objects, o) {
			objects = append(objects, o)
		}
	}
	object := ""
	if len(objects) > 0 {
		object = objects[0]
	}
	key := v.Key
	return s.push(newAsk(s, "Which records changed?", "Objects of this endpoint: "+clean(strings.Join(objects, ", "))+".", []field{
		{label: "Object", value: object, check: required("an object's API name")},
		{label: "Since", value: dateText(salesforce.Cutoff), check: aDayThatHasCome(s.deps.Now())},
	}, func(values []string) tea.Cmd {
		since, _ := parseDate(values[1]) // it was checked
		return s.push(newProof(s, key, state.CheckLost, values[0]+" records since "+values[1], "Counting…", plainly(func(ctx context.Context) (state.Check, error) {
			return org.CountLost(ctx, values[0], since)
		})))
	}))
}

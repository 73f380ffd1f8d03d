package ui

import (
	"slices"
	"strings"
	"testing"

	"sidestep/salesforce"
	"sidestep/state"
)

// internal is a migration whose orders endpoint is to be fixed in the company.
func internal() state.Migration {
	return evidenced().ChooseRoute(ordersKey, state.InternalFix, act()).ClassifyReceiver(ordersKey, state.CallsBack, act())
}

// onStep goes to a step of the orders endpoint.
func onStep(t testing.TB, id string, m state.Migration, cols, rows int) *bench {
	t.Helper()
	b := onBoard(t, m, cols, rows)
	b.toStep(id)
	return b
}

// toStep goes from the board to a step of the orders endpoint.
func (b *bench) toStep(id string) {
	b.t.Helper()
	b.find("sf/orders")
	b.keys("enter", "g")
	e := b.work().Endpoints[ordersKey]
	i := slices.IndexFunc(e.Checklist(e.Route), func(s state.Step) bool { return s.ID == id })
	if i < 0 {
		b.t.Fatalf("there is no step %q", id)
	}
	for range i {
		b.keys("down")
	}
}

func (b *bench) orders() state.Endpoint {
	b.world.mu.Lock()
	defer b.world.mu.Unlock()
	return b.world.saved[northwind.ID].Endpoints[ordersKey]
}

func TestTheCodeSuggestsWhatTheReceiverDoes(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "receiver", internal().ClassifyReceiver(ordersKey, state.ReceiverUnknown, act()), 120, 40)
		b.world.checks.found = CodeFound{
			Check:    state.Check{Summary: "It calls back with the session id.", Details: []string{"Receiver.java:42 sets a session header"}},
			Receiver: state.CallsBack, Acks: state.AcksFirst,
		}
		b.keys("v")
		b.sees("Where is the receiver's source?")
		b.text("src/receiver")
		b.keys("enter")
		b.sees("It calls back with the session id.", "Receiver.java:42 sets a session header")
		if tick := b.orders().Ticks["receiver"]; tick.State != state.ToDo {
			t.Fatal("a suggestion settles the step")
		}
		b.sees("records “acknowledges before it calls back”")
		b.keys("enter")
		e := b.orders()
		if e.Receiver != state.CallsBack || e.Acks != state.AcksFirst || e.Ticks["receiver"].State != state.Done {
			t.Fatalf("recorded %q, %q, %+v", e.Receiver, e.Acks, e.Ticks["receiver"])
		}
		if !slices.Equal(b.world.checks.paths, []string{"src/receiver"}) {
			t.Errorf("looked at %q", b.world.checks.paths)
		}
		// The path is remembered for the next time.
		b.keys("v")
		b.sees("src/receiver")
	})
}

func TestCredentialsAreHiddenTriedAndForgotten(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "token", internal(), 120, 40)
		b.world.checks.found = CodeFound{Check: state.Check{Passed: true, Summary: "The token is that of bot@northwind.example."}}
		b.keys("v")
		b.sees(northwind.Instance)
		b.keys("tab")
		b.text("3MVG9key")
		b.keys("tab")
		b.text("s3cr3t")
		b.lacks("s3cr3t")
		b.keys("enter")
		b.sees("The token is that of bot@northwind.example.")
		c := b.world.checks.credentials[0]
		if c.Host != northwind.Instance || c.ClientID != "3MVG9key" || c.Secret != "s3cr3t" || c.OrgID != northwind.ID || len(c.Messages) != 2 || !c.Writes {
			t.Fatalf("tried %+v", c)
		}
		if b.orders().Ticks["token"].State != state.Done {
			t.Fatal("the proof does not settle its step")
		}
		data, err := state.Encode(b.work())
		if err != nil || strings.Contains(string(data), "s3cr3t") {
			t.Fatalf("the secret is saved (%v)", err)
		}
	})
}

func TestAFlowFollowsFromThreeAnswers(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "flow", internal(), 120, 40)
		b.keys("v")
		b.sees("Do other companies connect their orgs to this receiver, too?")
		b.keys("enter", "down", "enter")
		b.sees("Can the receiver keep a private key safe")
		b.keys("down", "enter")
		b.sees("The JWT bearer flow", "No secret is shared")
		b.keys("enter")
		e := b.orders()
		if e.Flow != flowJWT || e.Ticks["flow"].State != state.Done {
			t.Fatalf("flow %q, step %+v", e.Flow, e.Ticks["flow"])
		}
		// The credentials that are asked for are those of the flow.
		b.keys("esc", "esc")
		b.toStep("token")
		b.keys("v")
		b.sees("Username", "Key file")
		b.lacks("Secret")
	})
}

// TestConsentNamesTheAddressInEveryWindow: nobody says yes to an address that is
// not seen.
func TestConsentNamesTheAddressInEveryWindow(t *testing.T) {
	for _, s := range sizes {
		play(t, func(t *testing.T) {
			b := onStep(t, "rehearse", internal(), s.w, s.h)
			b.keys("v", "enter")
			text := strings.Map(func(r rune) rune {
				if strings.ContainsRune(" │\n", r) {
					return -1
				}
				return r
			}, b.screen())
			if !strings.Contains(text, "Tohttps://integration.northwind.example/sf/orders:") {
				t.Errorf("in %dx%d the address is not seen:\n%s", s.w, s.h, b.screen())
			}
		})
	}
}

func TestNothingIsSentWithoutConsent(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "rehearse", internal(), 120, 40)
		b.world.checks.found = CodeFound{Check: state.Check{Passed: true, Summary: "Ack is true."}}
		b.keys("v", "enter")
		b.sees("Send a test message?", "To https://integration.northwind.example/sf/orders: one message", "first.")
		b.under("Leave it as it is")
		b.keys("enter")
		if n := len(b.world.checks.probes); n != 0 {
			t.Fatalf("%d messages were sent", n)
		}
		b.keys("v", "enter", "down", "enter")
		b.sees("Ack is true.")
		p := b.world.checks.probes
		if len(p) != 1 || p[0].Private || p[0].OrgID != northwind.ID || p[0].Message.Object == "" {
			t.Fatalf("sent %+v", p)
		}
		if b.orders().Ticks["rehearse"].State != state.Done {
			t.Fatal("the step is still to do")
		}
	})
}

func TestAPrivateAddressNeedsASecondYes(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "rehearse", internal(), 120, 40)
		b.world.checks.found = CodeFound{Check: state.Check{Summary: "Ack is false."}}
		b.keys("v", "down", "enter")
		b.text("https://10.0.0.1/in")
		b.keys("enter", "down", "enter")
		b.sees("10.0.0.1 is a private address: nothing was sent", "send it all the same")
		b.keys("enter")
		b.sees("Ack is false.", "This proves nothing yet")
		if p := b.world.checks.probes; len(p) != 2 || p[0].Private || !p[1].Private {
			t.Fatalf("sent %+v", p)
		}
		if b.orders().Ticks["rehearse"].State != state.ToDo {
			t.Fatal("a refusal settles the step")
		}
	})
}

func TestTheOrgIsAskedForProofOnceSignedIn(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "login", internal(), 120, 40)
		b.keys("v")
		b.sees("sign in to it first")
		b.root().s.org = b.world.org
		b.world.checks.found = CodeFound{Check: state.Check{Passed: true, Summary: "3 OAuth logins"}}
		b.keys("v")
		b.text("bot@northwind.example")
		b.keys("enter", "enter")
		b.sees("3 OAuth logins")
		b.keys("esc", "esc", "esc")
		b.toStep("catch-up")
		b.world.checks.found.Check.Summary = "1,204 records"
		b.keys("v", "enter", "enter")
		b.sees("1,204 records")
		want := []asked{{"bot@northwind.example", salesforce.Cutoff}, {"Order", salesforce.Cutoff}}
		if !slices.Equal(b.world.org.asked, want) {
			t.Fatalf("asked %v", b.world.org.asked)
		}
		if e := b.orders(); e.Ticks["login"].State != state.Done || e.Ticks["catch-up"].State != state.Done {
			t.Fatal("the steps are still to do")
		}
	})
}

func TestEscStopsACheckAndItsLateAnswerIsDropped(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "receiver", internal(), 120, 40)
		b.world.checks.hold = make(chan struct{})
		b.keys("v")
		b.text("src")
		b.keys("enter")
		b.sees("Reading the source…", "stop")
		b.keys("esc")
		b.settle()
		if b.world.checks.stopped != 1 {
			t.Fatal("it goes on")
		}
		if len(b.orders().Checks) != 0 {
			t.Fatal("a stopped check was recorded")
		}
	})
}

func TestRecipesAreCopiedAndWritten(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "code", internal(), 120, 40)
		b.world.checks.recipes = someRecipes
		b.keys("v")
		b.sees("Go · REST", "receiver.go", "package main")
		b.keys("tab")
		b.sees("Python · SOAP", "import os")
		b.keys("c", "d")
		b.sees("Written: recipes/receiver.py")
		if !slices.Equal(b.world.checks.saved, []string{"receiver.py"}) || !strings.Contains(strings.Join(b.world.clipboard, ""), "import os") {
			t.Fatalf("saved %q, copied %q", b.world.checks.saved, b.world.clipboard)
		}
		b.keys("h")
		b.sees("Go · REST")
	})
}

func TestTheAppsFilesAreShownAndWritten(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "app", internal().Assign(ordersKey, "", state.Contact{Name: "Kim", Email: "kim@northwind.example"}, act()), 120, 40)
		b.keys("v")
		b.sees("to deploy by hand. No", "the org makes key and secret", "integration_northwind_example", "kim@northwind.example")
		b.keys("tab", "tab")
		b.text("nobody")
		b.keys("enter", "enter")
		b.sees("client credentials needs the username of the user to run as")
		// What was typed is there for the next try.
		b.keys("esc", "v", "tab", "tab")
		b.text("@northwind.example")
		b.keys("enter", "enter")
		b.sees("package.xml", "<name>ExternalClientApplication</name>", "No secret is inside")
		b.keys("tab")
		b.sees("integration_northwind_example.eca", "<contactEmail>kim@northwind.example</contactEmail>")
		b.keys("c", "d")
		b.sees("Written: recipes/integration_northwind_example")
		if len(b.world.checks.saved) != 6 {
			t.Fatalf("saved %q", b.world.checks.saved)
		}
		if text := strings.Join(b.world.clipboard, ""); !strings.Contains(text, "<contactEmail>") || strings.Contains(text, "package") {
			t.Fatalf("copied %q", text)
		}
	})
}

func TestTheAppOfAReceiverThatSignsTakesACertificate(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "app", internal().ChooseFlow(ordersKey, flowJWT, "no shared secrets", act()), 120, 40)
		b.keys("v")
		b.sees("JWT bearer flow", "Permission set", "Certificate")
		b.lacks("Run as")
		b.keys("tab")
		b.text("kim@northwind.example")
		b.keys("tab")
		b.text("Hub")
		b.keys("tab")
		b.text("-----BEGIN PRIVATE KEY-----")
		b.keys("enter")
		b.sees("in PEM form and without the key")
	})
}

func TestAppsAreNamedAfterTheirHost(t *testing.T) {
	for host, want := range map[string]string{
		"hooks.acme.example": "hooks_acme_example", "a--b..c": "a_b_c", "10.0.0.1": "", "": "", "müller.example": "m_ller_example",
		"a-very-long-name-of-a-host-that-goes-on.and.on.example": "a_very_long_name_of_a_host_that_goes_on",
	} {
		if got := appName(host); got != want {
			t.Errorf("%q: %q", host, got)
		}
	}
}

var someRecipes = []Recipe{
	{"Go", "REST", "Checks the org id, stores, acknowledges, then calls Salesforce with a token of its own.", "receiver.go", "package main\n\nfunc main() {\n\tlisten()\n}\n"},
	{"Python", "SOAP", "Keeps the SOAP call and changes only where the session comes from.", "receiver.py", "import os\n"},
}

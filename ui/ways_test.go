package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func (w *world) Base(text string) (string, error) {
	return "https://" + strings.TrimPrefix(text, "https://"), w.Accepts(text)
}

func (w *world) Callbacks() []string {
	return []string{"http://localhost:1717/OauthRedirect", "http://localhost:1718/OauthRedirect"}
}

// fakeKept are the orgs that were signed in to before.
type fakeKept struct {
	w     *world
	known []KnownOrg
	err   error
	// failure is why a kept sign-in can't be used.
	failure error
	// gate, where there is one, holds the connecting.
	gate chan struct{}
	// notRevoked says why the org could not be told of a sign-out.
	notRevoked error
	inFile     []string
}

func (k *fakeKept) Known() ([]KnownOrg, error) { return k.known, k.err }
func (k *fakeKept) Reconnect(ctx context.Context, _ KnownOrg) (Org, error) {
	k.w.mu.Lock()
	k.w.connects++
	k.w.mu.Unlock()
	if k.gate != nil {
		select {
		case <-k.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return k.w.org, k.failure
}

func (k *fakeKept) SignOut(_ context.Context, gone KnownOrg) (notRevoked, err error) {
	for i := range k.known {
		if k.known[i].ID == gone.ID {
			k.known[i].Kept = false
		}
	}
	return k.notRevoked, nil
}

func (k *fakeKept) KeepInFile(_ context.Context, org KnownOrg) error {
	k.inFile = append(k.inFile, org.ID)
	return nil
}

// fakeCLI is the Salesforce CLI.
type fakeCLI struct {
	w       *world
	logins  []CLILogin
	err     error
	refusal error
	gate    chan struct{}
}

func (c *fakeCLI) Logins(context.Context) ([]CLILogin, error) { return c.logins, c.err }
func (c *fakeCLI) Connect(ctx context.Context, _ CLILogin) (Org, error) {
	if c.gate != nil {
		select {
		case <-c.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return c.w.org, c.refusal
}

// signedInBefore is a world in which two orgs were signed in to before: the
// keychain has the first one's sign-in.
func signedInBefore(w *world) {
	w.kept = &fakeKept{w: w, known: []KnownOrg{
		{ID: northwind.ID, Name: northwind.Name, Username: northwind.Username, Host: "northwind.my.salesforce.com", Client: "3MVG9KEY", Kept: true},
		{ID: "00D000000000002AAA", Name: "Tailspin Toys", Username: "pat@tailspin.example", Host: "tailspin.my.salesforce.com", Client: "3MVG9TAIL"},
	}}
}

// cliLoggedIn is a world in which the Salesforce CLI is logged in to an org.
func cliLoggedIn(w *world) {
	w.cli = &fakeCLI{w: w, logins: []CLILogin{{Username: "ci@northwind.example", OrgID: northwind.ID, Instance: "https://northwind.my.salesforce.com"},
		{Username: northwind.Username, Alias: "north", OrgID: northwind.ID, Instance: "https://northwind.my.salesforce.com"}}}
}

// onWays is an interface that asks how to sign in.
func onWays(t *testing.T, prepare func(*world)) *bench {
	t.Helper()
	w := newWorld()
	prepare(w)
	b := newBench(t, w, 100, 30)
	b.keys("enter")
	b.sees("How do you want to sign in?", "With your own External Client App", "Needs five minutes in Setup")
	return b
}

func TestWaysThatAreNotThereAreNotOffered(t *testing.T) {
	play(t, func(t *testing.T) {
		onWays(t, nothing).lacks("Signed in before", "With your Salesforce CLI login")
	})
}

func TestAKeptSignInScansWithoutTheBrowser(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onWays(t, signedInBefore)
		b.under("Northwind Traders")
		b.keys("enter")
		b.sees("7 messages on 6 endpoints")
		if len(b.world.attempts) > 0 || len(b.world.browser) > 0 {
			t.Fatal("the browser was asked all the same")
		}
	})
}

func TestAnOrgWithoutAKeptSignInIsSignedInToInTheSameWay(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onWays(t, signedInBefore)
		b.keys("down", "enter")
		b.sees("Log in with your browser")
		if a := b.world.attempts[0]; a.host != "tailspin.my.salesforce.com" || a.client != "3MVG9TAIL" {
			t.Fatalf("signs in at %q as %q", a.host, a.client)
		}
		b.keys("esc")
		b.sees("How do you want to sign in?")
		if !b.world.attempts[0].ended {
			t.Fatal("the attempt still waits")
		}
	})
}

func TestAWornOutSignInLeadsToTheBrowserOnceMore(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onWays(t, signedInBefore)
		for host, want := range map[string]string{"": "northwind.my.salesforce.com", "nw.my.salesforce.com": "nw.my.salesforce.com"} {
			b.world.kept.failure = worn{hintedError{"the sign-in has expired", "sign in again"}, host}
			b.keys("enter")
			b.sees("the sign-in has expired", "Log in with your browser")
			if a := b.world.attempts[len(b.world.attempts)-1]; a.host != want || a.client != "3MVG9KEY" {
				t.Errorf("signs in at %q as %q", a.host, a.client)
			}
			b.keys("esc")
		}
	})
}

// worn is the error of a sign-in that only a new one replaces.
type worn struct {
	hintedError
	host string
}

func (w worn) Again() string { return w.host }

// cutOff is a world with a kept sign-in and no line to its org.
func cutOff(w *world) {
	signedInBefore(w)
	w.kept.failure = hintedError{"https://northwind.my.salesforce.com could not be reached: no name server answers", "check the network connection and the VPN, then try again"}
}

func TestALineThatIsDownIsNoReasonToSignInAgain(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onWays(t, cutOff)
		b.keys("enter")
		b.sees("no name server answers", "check the network connection and the VPN", "How do you want to sign in?", "try again")
		b.under("Northwind Traders")
		if n := len(b.world.attempts) + len(b.world.browser); n > 0 {
			t.Fatal("it signs in again")
		}
		b.keys("down")
		b.sees("no name server answers") // until it is tried again
		b.lacks("try again ·")
		b.keys("up")
		b.world.kept.failure, b.world.kept.gate = nil, make(chan struct{})
		b.keys("enter")
		b.lacks("no name server answers")
		close(b.world.kept.gate)
		b.settle()
		b.sees("7 messages on 6 endpoints")
	})
}

func TestEscStopsConnecting(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		signedInBefore(w)
		w.kept.gate = make(chan struct{})
		b := newBench(t, w, 100, 30)
		b.keys("enter", "enter")
		b.sees("Connecting to Northwind Traders…")
		b.keys("esc")
		b.lacks("Connecting", "canceled")
		b.sees("How do you want to sign in?")
	})
}

func TestAKeychainThatCannotBeReadLeavesTheOtherWays(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.kept = &fakeKept{w: w, err: hintedError{"the list of orgs cannot be read", "look at its rights"}}
		b := newBench(t, w, 100, 30)
		b.keys("enter")
		b.sees("the list of orgs cannot be read", "With your own External Client App")
	})
}

func TestTheCLIsLoginIsUsedAsItIs(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onWays(t, cliLoggedIn)
		b.keys("enter")
		b.under("ci@northwind.example")
		b.keys("down")
		b.under("north (admin@northwind.example)")
		b.keys("enter")
		b.sees("7 messages on 6 endpoints")
	})
}

func TestACLIThatRefusesSaysWhyAndCanBeAskedAgain(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		cliLoggedIn(w)
		w.cli.err = hintedError{"sf was not found", "install it, or choose another way"}
		b := newBench(t, w, 100, 30)
		b.keys("enter", "enter")
		b.sees("sf was not found", "install it, or choose another way")
		w.cli.err = nil
		b.keys("enter")
		b.under("ci@northwind.example")
		w.cli.refusal = errors.New("the login has expired")
		b.keys("enter")
		b.sees("the login has expired")
		w.cli.refusal = nil
		b.keys("enter", "enter")
		b.sees("7 messages on 6 endpoints")
	})
}

func TestACLIWithoutLoginsSaysSo(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.cli = &fakeCLI{w: w}
		b := newBench(t, w, 100, 30)
		b.keys("enter", "enter")
		b.sees("The CLI is logged in to no org.")
		b.keys("esc")
		b.sees("How do you want to sign in?")
	})
}

func TestEscStopsAskingTheCLI(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		cliLoggedIn(w)
		w.cli.gate = make(chan struct{})
		b := newBench(t, w, 100, 30)
		b.keys("enter", "enter", "enter")
		b.sees("Asking the CLI for a token. It is kept in memory only.")
		b.keys("esc")
		b.sees("How do you want to sign in?")
		b.lacks("canceled")
	})
}

func TestTheAppIsMadeStepByStepAndItsKeySignsIn(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := newBench(t, w, 100, 40)
		b.keys("enter", "enter")
		b.sees("An External Client App of your own", "Callback URL", "http://localhost:1717/OauthRedirect")
		b.keys("c")
		if want := strings.Join(w.Callbacks(), "\n"); len(b.terminal) != 1 || b.terminal[0] != want {
			t.Fatalf("copied %q", b.terminal)
		}
		b.keys("p")
		b.sees("search for External Client App Manager")
		b.keys("enter")
		b.text("evil.example")
		b.keys("enter")
		b.sees("this is no Salesforce host", "give your org's My Domain")
		b.fill("acme.my.salesforce.com")
		b.keys("enter", "enter")
		b.sees("please enter the consumer key of the app")
		b.text("3MVG9NEW")
		b.keys("esc", "p")
		if want := "https://acme.my.salesforce.com" + setupPath; len(w.browser) != 1 || w.browser[0] != want {
			t.Fatalf("opened %q", w.browser)
		}
		b.keys("enter", "enter")
		b.sees("Log in with your browser")
		if a := w.attempts[0]; a.host != "acme.my.salesforce.com" || a.client != "3MVG9NEW" {
			t.Fatalf("signs in at %q as %q", a.host, a.client)
		}
		b.keys("esc")
		b.sees("acme.my.salesforce.com", "3MVG9NEW") // what was typed is still there
	})
}

// keptNowhere is a world in which nothing holds a new sign-in.
func keptNowhere(w *world) { w.kept, w.fleeting = &fakeKept{w: w}, true }

// fleeting is an org whose sign-in no keychain can hold.
type fleeting struct{ *fakeOrg }

func (fleeting) NotKeptBecause() error { return errors.New("there is no keychain") }

func TestASignInIsKeptInAFileOnlyAfterAYes(t *testing.T) {
	play(t, func(t *testing.T) {
		for answer, want := range map[string]int{"enter": 0, "down": 1} {
			w := newWorld()
			signedInBefore(w)
			b := newBench(t, w, 100, 30)
			w.org.gate = make(chan struct{})
			b.run(askToKeep(b.model.(*root).s, fleeting{w.org}, "northwind.my.salesforce.com"))
			b.run(b.model.(*root).move())
			b.sees("Keep this sign-in?", "Only until I quit")
			b.keys(answer, "enter")
			if got := len(w.kept.inFile); got != want {
				t.Errorf("after %s and enter: kept in a file %d times, want %d", answer, got, want)
			}
		}
	})
}

func TestAQuestionStaysUntilItIsAnswered(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		keptNowhere(w)
		b := newBench(t, w, 100, 30)
		signedIn(b) // and the scan is over at once
		b.sees("Keep this sign-in?", "Only until I quit", "7 messages on 6 endpoints")
		b.keys("down", "enter")
		b.sees("The sign-in is kept in a file that only you can read.", "7 messages on 6 endpoints")
		if len(w.kept.inFile) != 1 {
			t.Fatal("the answer was not taken")
		}
	})
}

func TestSigningOutForgetsTheSignInAfterAYes(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		signedInBefore(w)
		b := newBench(t, w, 100, 30)
		b.keys("enter", "d")
		b.sees("Sign out of Northwind Traders?")
		b.keys("enter")
		if !w.kept.known[0].Kept {
			t.Fatal("signed out without a yes")
		}
		b.keys("d", "down", "enter")
		b.sees("Signed out.")
		if w.kept.known[0].Kept {
			t.Fatal("not signed out")
		}
		b.lacks("sign out")
	})
}

// refusedHere is a refusal with a Setup page that takes it back.
type refusedHere struct{ hintedError }

func (refusedHere) Page() string { return "/lightning/setup/ConnectedAppsUsage/home" }

func TestARefusalOpensItsSetupPage(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.signInErr = refusedHere{hintedError{"The app is not installed.", "Install it."}}
		b := newBench(t, w, 100, 30)
		b.keys("enter", "down", "enter", "enter")
		b.sees("The app is not installed.", "Setup page")
		b.keys("p")
		if len(w.browser) != 1 || !strings.HasSuffix(w.browser[0], "login.salesforce.com/lightning/setup/ConnectedAppsUsage/home") {
			t.Fatalf("opened %q", w.browser)
		}
	})
}

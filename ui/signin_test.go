package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// waitingDemo is the demo's sign-in with the link on screen.
func waitingDemo(t *testing.T) *bench {
	t.Helper()
	w := newWorld()
	inDemo(w)
	b := newBench(t, w, 100, 30)
	b.keys("enter")
	b.sees("Log in to the demo org with your browser", "Time left: 5:00")
	return b
}

// waiting is the sign-in at production with the link on screen.
func waiting(t *testing.T, w *world) *bench {
	t.Helper()
	b := newBench(t, w, 100, 30)
	b.keys("enter", "down", "enter", "enter")
	b.sees("Log in with your browser", "Time left: 5:00")
	return b
}

func TestDemoLeadsFromSignInThroughScanToTheBoard(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waitingDemo(t)
		b.keys("enter") // approves as the demo admin
		b.sees("7 messages on 6 endpoints", "? 7 unknown", "press a to add it", "saved")
		if _, ok := b.world.saved[northwind.ID]; !ok {
			t.Fatal("the scan is not saved")
		}
	})
}

func TestTheBrowserThatLogsInLeadsOnByItself(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waiting(t, newWorld())
		if len(b.world.browser) != 1 || b.world.browser[0] != b.world.attempts[0].Link() {
			t.Fatalf("opened in the browser: %q", b.world.browser)
		}
		b.world.attempts[0].answer <- nil
		b.settle()
		b.sees("7 messages on 6 endpoints")
	})
}

func TestTheLinkStandsOnLinesOfItsOwn(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := waiting(t, w)
		var link strings.Builder
		for l := range strings.Lines(b.screen()) {
			if text := strings.TrimSpace(l); link.Len() > 0 || strings.HasPrefix(text, "https://login") {
				if text == "" {
					break
				}
				link.WriteString(text)
			}
		}
		if link.String() != w.attempts[0].Link() {
			t.Fatalf("the lines join to %q:\n%s", link.String(), b.screen())
		}
	})
}

func TestTheTimeLeftCountsDown(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waiting(t, newWorld())
		b.pass(61 * time.Second)
		b.sees("Time left: 3:59")
	})
}

func TestEscEndsTheAttemptAndLeadsBack(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waiting(t, newWorld())
		b.keys("esc")
		b.sees("Where do you log in?")
		if !b.world.attempts[0].ended {
			t.Fatal("the attempt still waits: its port is not free")
		}
		b.keys("enter") // and a new one begins without a restart
		b.sees("Log in with your browser")
		if n := len(b.world.attempts); n != 2 {
			t.Fatalf("%d attempts", n)
		}
	})
}

func TestEscLeavesTheDemosSignInForHome(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waitingDemo(t)
		b.keys("esc")
		b.under("Sign in to the demo org")
		if !b.world.attempts[0].ended {
			t.Fatal("the attempt still waits")
		}
	})
}

func TestQuittingEndsTheAttempt(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waiting(t, newWorld())
		b.keys("q")
		b.settle()
		if !b.quit || !b.world.attempts[0].ended {
			t.Fatal("the attempt outlives the program")
		}
	})
}

func TestTheAnswerToAnEarlierAttemptIsDropped(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waiting(t, newWorld())
		gen := b.top().(*signIn).gen
		b.keys("esc", "enter")
		b.send(signedInMsg{gen: gen, org: b.world.org})
		b.send(attemptMsg{gen: gen, err: errors.New("an old story")})
		b.send(linkOpenedMsg{gen: gen, err: errors.New("an old story")})
		b.send(pastedMsg{gen: gen, err: errors.New("an old story")})
		b.send(secondMsg{gen: gen})
		b.sees("Log in with your browser", "Your browser should show the login now")
		b.lacks("an old story", "Reading outbound messages")
	})
}

func TestARefusedSignInShowsSentenceAndHint(t *testing.T) {
	play(t, func(t *testing.T) {
		b := newBench(t, newWorld(), 100, 30)
		signInRefused(b)
		b.sees("You are not signed in.", "The org does not let this app in.", "Ask an admin to install it.")
		b.keys("enter")
		b.sees("Log in with your browser")
	})
}

func TestAnAttemptThatCannotBeginShowsSentenceAndHint(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.signInErr = hintedError{"there is no network", "look at the proxy"}
		b := newBench(t, w, 100, 30)
		b.keys("enter", "down", "enter", "enter")
		b.sees("You are not signed in.", "there is no network", "look at the proxy")
		b.keys("esc")
		b.sees("Where do you log in?")
	})
}

func TestWithoutABrowserTheLinkIsLeftToTheAdmin(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.browserErr = errors.New("no opener")
		b := waiting(t, w)
		b.sees("No browser could be opened here", "The link:")
		b.keys("c")
		if link := w.attempts[0].Link(); len(b.terminal) != 1 || b.terminal[0] != link || w.clipboard[0] != link {
			t.Fatalf("copied: %q and %q", b.terminal, w.clipboard)
		}
		b.sees("The link is on the clipboard.")
		b.keys("o")
		if len(w.browser) != 2 {
			t.Fatalf("o opened %q", w.browser)
		}
	})
}

func TestThePastedAddressSignsIn(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := waiting(t, w)
		b.keys("v")
		b.sees("http://localhost:1717/OauthRedirect. Paste all of it here.")
		b.keys("enter")
		b.sees("lease enter the address")
		b.send(tea.PasteMsg{Content: "http://elsewhere.example/?code=1"})
		b.keys("enter")
		b.sees("this is not the address that the login ended at", "paste all of it", "Log in with your browser")
		b.send(tea.PasteMsg{Content: w.attempts[0].RedirectURI() + "?code=1&state=xyz"})
		b.sees("7 messages on 6 endpoints")
	})
}

func TestWhenEveryPortIsTakenPastingIsLeft(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waiting(t, newWorld())
		b.world.attempts[0].listening = false
		b.sees("Every port for the answer is taken", "paste the address (v)")
		b.lacks("Listening on")
	})
}

func TestTheHostIsChosenOrTyped(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := newBench(t, w, 100, 30)
		b.keys("enter", "down", "enter", "down", "enter", "esc", "up", "up", "enter")
		b.text("https://evil.example")
		b.keys("enter")
		b.sees("this is no Salesforce host", "give your org's My Domain")
		b.fill("acme")
		b.lacks("this is no Salesforce host")
		b.keys("enter", "esc")
		b.sees("Where do you log in?")
		if got := []string{w.attempts[0].host, w.attempts[1].host}; got[0] != "test.salesforce.com" || got[1] != "acme" {
			t.Fatalf("hosts: %q", got)
		}
	})
}

func TestTheConsumerKeyGoesWithTheAttempt(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := newBench(t, w, 100, 30)
		b.keys("enter", "down", "enter")
		b.sees("the client id of the Salesforce CLI is used")
		b.keys("e")
		b.text("3MVG9KEY")
		b.keys("enter")
		b.sees("Signs in with the consumer key 3MVG9KEY.")
		b.keys("enter")
		if got := w.attempts[0].client; got != "3MVG9KEY" {
			t.Fatalf("client id %q", got)
		}
	})
}

func TestADemoThatCannotApproveSaysSo(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waitingDemo(t)
		b.world.demo.refusal = hintedError{"the demo org does not answer", "start it again"}
		b.keys("enter")
		b.sees("the demo org does not answer", "start it again", "Log in to the demo org")
	})
}

package ui

import (
	"slices"
	"strings"
	"testing"

	"sidestep/salesforce"
	"sidestep/state"
)

// onVendor is an interface on the vendor's endpoint.
func onVendor(t *testing.T, cols, rows int) *bench {
	t.Helper()
	b := onBoard(t, worked().Stand(vendorKey, act()), cols, rows)
	b.sees("hooks.parcelwise.example", "Checklist 2/9")
	return b
}

func TestTheRouteIsChosenAndItsChecklistShown(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, evidenced(), 100, 30)
		b.find("parcelwise")
		b.keys("enter")
		b.sees("No route is chosen yet (r). These would be the steps of “internal fix”.")
		b.keys("r")
		b.under("Internal fix")
		b.keys("down", "enter")
		b.sees("Route vendor contact", "Name the vendor and the contact")
		b.lacks("No route is chosen yet")
		if got := b.vendor().Route; got != state.VendorContact {
			t.Fatalf("saved: %q", got)
		}
	})
}

func TestAStepIsNotTickedBeforeARouteIsChosen(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, evidenced(), 100, 30)
		b.find("parcelwise")
		b.keys("enter")
		for _, k := range []string{"space", "s"} {
			b.keys(k)
			b.sees("What happens with this endpoint?")
			b.keys("esc")
		}
		b.keys("enter", "space")
		b.sees("What happens with this endpoint?")
		b.keys("esc")
		if ticks := b.vendor().Ticks; len(ticks) > 0 {
			t.Fatalf("ticks: %v", ticks)
		}
	})
}

func TestTheProposedRouteIsUnderTheCursorWithItsReason(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, evidenced(), 100, 30)
		b.find("acmedesk")
		b.keys("r")
		b.sees("Proposed: vendor contact. The package acme brought a message for it.")
		b.under("Vendor contact")
	})
}

func TestTheReceiverClassDecidesTheSteps(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.keys("c")
		b.under("Calls back")
		b.keys("down", "enter")
		b.sees("Receiver checks the sender")
		if got := b.vendor().Receiver; got != state.ChecksSender {
			t.Fatalf("saved: %q", got)
		}
		for _, s := range state.Checklist(state.VendorContact, state.ChecksSender) {
			b.sees(s.Title)
		}
	})
}

func TestTheOwnerIsKept(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 120, 30)
		b.keys("o")
		b.fill("Parcelwise AS")
		b.keys("tab")
		b.fill("Per Dahl")
		b.keys("tab")
		b.fill("per, ida@parcelwise.example")
		b.keys("enter")
		b.sees("not a mail address", "Who runs this endpoint?")
		b.fill("per@parcelwise.example")
		b.keys("enter")
		b.sees("Owner Parcelwise AS · Per Dahl · per@parcelwise.example")
		if e := b.vendor(); e.Vendor != "Parcelwise AS" || e.Owner != (state.Contact{Name: "Per Dahl", Email: "per@parcelwise.example"}) {
			t.Fatalf("saved: %q, %v", e.Vendor, e.Owner)
		}
	})
}

func TestEscLeavesAQuestionUnanswered(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		before := b.work().Seq
		for _, question := range []string{"r", "c", "o", "n", "s", "w"} {
			b.keys(question)
			if len(b.root().stack) != 4 {
				t.Fatalf("%s asks nothing:\n%s", question, b.screen())
			}
			if _, asks := b.top().(*ask); asks {
				b.text("words")
			} else {
				b.keys("down")
			}
			b.keys("esc")
		}
		if b.work().Seq != before {
			t.Fatal("a question that was left changed the work")
		}
	})
}

func TestANoteIsKeptAndShownWithItsDay(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.keys("n", "enter")
		b.sees("lease enter a note")
		b.text("Per calls on Tuesday")
		b.keys("enter", "tab", "tab")
		b.sees("Notes and history 7", "2026-11-23 10:00 note Per calls on Tuesday Ann Admin")
		if notes := b.vendor().Notes; notes[len(notes)-1].Text != "Per calls on Tuesday" {
			t.Fatalf("saved: %v", notes)
		}
	})
}

func TestASkipNeedsAReasonAndKeepsIt(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.keys("s", "enter")
		b.sees("lease enter a reason", "Skip “Get an answer and a promised date”")
		b.text("they answered by phone")
		b.keys("enter")
		if l := b.line("Get an answer and a promised date"); !strings.Contains(l, "[-]") || !strings.Contains(l, "skipped: they answered") {
			t.Fatalf("the step reads %q", l)
		}
		b.sees("Checklist 3/9")
		step := state.Checklist(state.VendorContact, state.CallsBack)[2]
		if tick := b.vendor().Ticks[step.ID]; tick.State != state.Skipped || tick.Note != "they answered by phone" || tick.By != "Ann Admin" {
			t.Fatalf("saved: %+v", tick)
		}
	})
}

func TestSpaceTicksAndUnticks(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		const title = "Get an answer and a promised date"
		b.keys("space")
		if l := b.line(title); !strings.Contains(l, "[x]") {
			t.Fatalf("ticked: %q", l)
		}
		b.sees("Checklist 3/9", "u undo")
		b.keys("space")
		if l := b.line(title); !strings.Contains(l, "[ ]") {
			t.Fatalf("unticked: %q", l)
		}
		b.keys("enter")
		b.sees("Why", "What to do", "Done when")
		b.keys("space")
		b.sees("[x] done on 23 November 2026 by Ann Admin")
	})
}

func TestUTakesTheLastChangesBack(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.keys("space", "r", "down", "enter")
		b.sees("Route retire")
		b.keys("u")
		b.sees("Undone: route", "Route vendor contact", "Checklist 3/9")
		b.keys("u")
		b.sees("Undone:", "Checklist 2/9")
		b.keys("u")
		b.sees("Nothing to undo.")
		e := b.vendor()
		if e.Route != state.VendorContact || len(e.Ticks) != 2 {
			t.Fatalf("saved after undo: %q with %d ticks", e.Route, len(e.Ticks))
		}
	})
}

func TestWhatTheAdminKnowsChangesTheVerdict(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, evidenced(), 100, 30)
		b.find("mailer")
		b.keys("enter")
		b.sees("? unknown")
		b.keys("w", "enter", "enter", "enter", "enter")
		b.sees("lease enter a reason")
		b.text("the vendor's contract, page 3")
		b.keys("tab")
		b.text("contract.pdf")
		b.keys("tab")
		b.text("2027-01-01")
		b.keys("enter")
		b.sees("this day has not come yet")
		b.keys("backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace")
		b.text("2026-01-02")
		b.keys("enter")
		b.sees("◐ stated", "Stated: the vendor's contract, page 3")
		b.keys("w", "down", "enter")
		b.text("I looked it up")
		b.keys("enter", "enter", "enter")
		b.sees("✓ not affected")
		b.keys("w")
		b.sees("I looked it up", "Take back what was said")
		b.keys("down", "enter")
		b.sees("? unknown")
		b.keys("u", "u")
		b.sees("◐ stated")
		b.keys("tab", "enter")
		b.sees("2 January 2026: with session id (stated)", "contract.pdf")
		b.keys("esc", "u")
		b.sees("? unknown")
	})
}

func TestWhatIsKnownAboutOneMessageIsSaidOfThatOne(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, scanned(), 100, 30)
		b.find("sf/orders")
		b.keys("right", "down", "w")
		b.sees("What do you know about “Order cancelled”?")
		b.keys("enter")
		b.text("seen in Setup")
		b.keys("enter", "enter", "enter")
		if n := b.root().s.o.Verdicts[salesforce.Stated]; n != 1 {
			t.Fatalf("%d messages are stated", n)
		}
	})
}

func TestPOpensTheStepsSetupPage(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, evidenced(), 140, 30)
		b.find("sf/orders")
		b.keys("enter")
		steps := state.Checklist(state.InternalFix, state.ReceiverUnknown)
		i := slices.IndexFunc(steps, func(s state.Step) bool { return len(s.Setup) == 1 })
		for range i {
			b.keys("down")
		}
		b.keys("p")
		want := northwind.Instance + steps[i].Setup[0].Path
		if got := b.world.browser; len(got) != 1 || got[0] != want {
			t.Fatalf("opened %q, want %q", got, want)
		}
		b.sees("Opened " + want)
		b.keys("enter", "p")
		if got := b.world.browser; len(got) != 2 || got[1] != want {
			t.Fatalf("the step's screen opened %q", got)
		}
		b.world.browserErr = hintedError{"no opener", ""}
		b.keys("p")
		b.sees("No browser here. On the clipboard: " + want)
	})
}

func TestPAsksWhichPageWhereAStepHasSeveral(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, evidenced(), 140, 30)
		b.find("sf/orders")
		b.keys("enter")
		steps := state.Checklist(state.InternalFix, state.ReceiverUnknown)
		i := slices.IndexFunc(steps, func(s state.Step) bool { return len(s.Setup) > 1 })
		for range i {
			b.keys("down")
		}
		b.keys("p", "down", "enter")
		if want := northwind.Instance + steps[i].Setup[1].Path; !slices.Equal(b.world.browser, []string{want}) {
			t.Fatalf("opened %q, want %q", b.world.browser, want)
		}
	})
}

func TestTheReceiverIsAskedWhenItAcknowledges(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, evidenced(), 100, 30)
		b.find("sf/orders")
		b.keys("enter", "r", "enter", "c", "down", "enter")
		b.sees("When does it acknowledge a message?")
		b.keys("down", "down", "enter")
		b.sees("calls back before it acknowledges", "Keep the queue from dropping messages")
		b.keys("c", "down", "enter")
		b.sees("checks the sender")
		b.lacks("When does it acknowledge", "Keep the queue")
	})
}

func TestASignOffNamesWhoAndOnWhatEvidence(t *testing.T) {
	play(t, func(t *testing.T) {
		m := worked().Checked(vendorKey, state.CheckLogins, state.Check{Passed: true, Summary: "the bot logged in by OAuth"}, act())
		b := onBoard(t, m, 120, 40)
		b.find("parcelwise")
		b.keys("enter", "G", "space")
		b.sees("5 steps are still open", " and 2 more.", "Ann Admin", "the bot logged in by OAuth (logins in the org, ")
		b.keys("enter", "enter")
		tick := b.vendor().Ticks[state.SignOff]
		if tick.State != state.Done || tick.By != "Ann Admin" || !strings.HasPrefix(tick.Note, "the bot logged in by OAuth") {
			t.Fatalf("signed off as %+v", tick)
		}
		b.keys("space", "enter")
		b.sees("lease enter a reason")
		b.text("the vendor went back")
		b.keys("enter")
		if b.vendor().Ticks[state.SignOff].State != state.ToDo {
			t.Fatal("still signed off")
		}
		b.keys("tab", "tab")
		b.sees("sign-off taken back: the vendor went back")
	})
}

func TestWithoutAnOrgNoSetupPageIsOffered(t *testing.T) {
	play(t, func(t *testing.T) {
		m, _ := state.New(state.Org{Name: "northwind-crm.zip"}, act()).Merge(backupFindings(), act())
		b := onBoard(t, m, 100, 30)
		b.keys("down", "enter")
		for _, k := range b.top().Keys() {
			if k.Help().Key == "p" {
				t.Fatal("the footer offers p")
			}
		}
		b.keys("p")
		b.sees("there is no org whose Setup could be opened")
		if len(b.world.browser) > 0 {
			t.Fatalf("opened %q", b.world.browser)
		}
	})
}

func TestAnEndpointWhoseSourceWasTakenAwaySaysSo(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		r := b.root()
		b.run(r.s.do("taking everything away", state.New(northwind, act())))
		b.sees("This endpoint is no longer there", "esc goes back")
		b.keys("esc")
		b.sees("No outbound messages here")
	})
}

func TestAFinishedEndpointIsCounted(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		for range 6 {
			b.keys("space", "down")
		}
		b.keys("space", "tab")
		b.text("Ida confirmed it in her mail of today")
		b.keys("enter")
		b.sees("Checklist 9/9", "Every step is settled: this endpoint is finished.")
		b.keys("esc")
		b.sees("1 of 6 endpoints finished", "9/9")
		b.keys("esc")
		b.sees("1 of 6 endpoints")
	})
}

// TestAStepTakesInWhatItAsksFor: where a step says “here”, its own screen and its
// line in the list offer the key.
func TestAStepTakesInWhatItAsksFor(t *testing.T) {
	owner, receiver := [2]string{"o owner", "Who runs this endpoint?"}, [2]string{"c receiver", "What did the receiver do"}
	vendors := evidenced().ChooseRoute(ordersKey, state.VendorContact, act())
	for step, want := range map[string][2]string{"owner": owner, "receiver": receiver, "vendor": owner, "answer": receiver} {
		play(t, func(t *testing.T) {
			m := internal()
			if step == "vendor" || step == "answer" {
				m = vendors
			}
			b := onStep(t, step, m, 80, 24)
			b.sees(want[0])
			b.keys("enter")
			b.sees(want[0], "What to do")
			b.keys(want[0][:1])
			b.sees(want[1])
		})
	}
}

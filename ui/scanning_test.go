package ui

import (
	"errors"
	"testing"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

// scanningHeld is a scan that has read everything and does not end yet.
func scanningHeld(t *testing.T) *bench {
	t.Helper()
	w := newWorld()
	scanHeld(w)
	b := newBench(t, w, 100, 30)
	signedIn(b)
	b.sees("Reading outbound messages: 7 of 7", "4 calls so far", "17 of its 15000", "Order.Send_order")
	return b
}

func TestAScanShowsRowsAsTheyArrive(t *testing.T) {
	play(t, func(t *testing.T) {
		b := scanningHeld(t)
		b.world.org.gate <- struct{}{}
		b.settle()
		b.sees("7 messages on 6 endpoints", "Read 7 messages of 7 with 4 calls.")
	})
}

func TestTheScansFiguresDoNotDependOnWhichAnswerIsFirst(t *testing.T) {
	play(t, func(t *testing.T) {
		for _, backwards := range []bool{false, true} {
			w := newWorld()
			w.backwards = backwards
			b := newBench(t, w, 100, 30)
			signedIn(b)
			b.sees("Read 7 messages of 7 with 4 calls.")
		}
	})
}

func TestEscStopsAScan(t *testing.T) {
	play(t, func(t *testing.T) {
		b := scanningHeld(t)
		b.keys("esc")
		b.sees("Stopped. Nothing was changed.")
		if len(b.world.saved) > 0 {
			t.Fatal("a scan that was stopped left work behind")
		}
	})
}

// TestAScanThatIsBeingSavedCanNotBeStopped: that nothing was changed would be untrue.
func TestAScanThatIsBeingSavedCanNotBeStopped(t *testing.T) {
	play(t, func(t *testing.T) {
		b := scanningHeld(t)
		b.world.opening = make(chan struct{})
		b.world.org.gate <- struct{}{}
		b.settle()
		b.keys("esc")
		b.lacks("Nothing was changed.", "esc stop")
		close(b.world.opening)
		b.settle()
		b.sees("7 messages on 6 endpoints", "Read 7 messages of 7 with 4 calls.")
	})
}

func TestTheAnswerToAnEarlierScanIsDropped(t *testing.T) {
	play(t, func(t *testing.T) {
		b := scanningHeld(t)
		gen := b.top().(*scanning).gen
		b.send(scannedMsg{gen: gen - 1, f: liveFindings()})
		b.send(progressMsg{gen: gen - 1, p: Progress{Known: 99}})
		b.sees("Reading outbound messages: 7 of 7")
	})
}

func TestAFailedScanShowsSentenceAndHintAndCanBeRepeated(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		scanFails(w)
		b := newBench(t, w, 100, 30)
		signedIn(b)
		b.sees("The scan failed.", "the org allows no more API calls today", "try again tomorrow")
		w.org.findings, w.org.err = liveFindings(), nil
		b.keys("enter")
		b.sees("7 messages on 6 endpoints")
	})
}

func TestAnIncompleteScanKeepsItsRowsAndSaysIncomplete(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		scanPart(w)
		w.org.err = hintedError{"page 2 was no JSON", "scan again"}
		b := newBench(t, w, 100, 30)
		signedIn(b)
		b.sees("INCOMPLETE ·", "INCOMPLETE: 1 item could not be read", "7 messages on 6 endpoints", "/sf/orders")
		b.keys("e")
		b.sees("INCOMPLETE", "incomplete: something in it could not be read", "the org answered with a page of HTML")
		w.org.findings, w.org.err = liveFindings(), nil
		b.keys("esc", "R")
		b.lacks("INCOMPLETE")
	})
}

func TestAScanOfAnotherOrgIsRefused(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		before := b.work().Seq
		other := liveFindings()
		other.Source.ID, other.Source.OrgID, other.Source.Name = "00D000000000002AAA", "00D000000000002AAA", "Tailspin Toys"
		b.world.org.who = state.Org{ID: "00D000000000002AAA", Name: "Tailspin Toys"}
		b.world.org.findings = other
		b.keys("R", "down", "enter", "enter")
		b.world.attempts[0].answer <- nil
		b.settle()
		b.sees("The scan failed.", "Tailspin Toys (00D000000000002AAA) is another org than Northwind Traders (00D5g000001AbCdEAK)")
		if b.work().Seq != before {
			t.Fatal("the other org's scan changed the work")
		}
	})
}

func TestScanningAgainTakesNothingFromTheAdmin(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := newBench(t, w, 100, 30)
		signedIn(b)
		b.keys("/")
		b.text("parcel")
		b.keys("enter", "r", "down", "enter")
		b.sees("vendor")
		f := liveFindings()
		f.Source.At = today.AddDate(0, 0, 1)
		f.Messages = append(f.Messages[1:], msg("Lead", "Send_lead", "Send lead", "https://leads.example/in", &no))
		w.org.findings = f
		b.keys("R")
		b.sees("Since the last scan: 1 new, 0 changed, 1 gone.")
		if got := b.vendor().Route; got != state.VendorContact {
			t.Fatalf("route %q", got)
		}
	})
}

func TestAnOrgWithoutMessagesSaysSoAndNeverAllIsWell(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.org.findings.Messages = []salesforce.Message{}
		b := newBench(t, w, 100, 30)
		signedIn(b)
		b.sees("No outbound messages here. If you expected some, see evidence (e) for what was read.")
	})
}

func TestAScanLeadsToTheBoardAlsoWhereWorkIsSaved(t *testing.T) {
	play(t, func(t *testing.T) {
		for _, backwards := range []bool{false, true} {
			w := newWorld()
			atVendor(w)
			w.backwards = backwards
			b := newBench(t, w, 100, 30)
			b.keys("G", "up", "up", "up")
			b.under("Sign in to an org")
			signedIn(b)
			b.sees("Read 7 messages of 7 with 4 calls.", "0 of 6 endpoints finished", "vendor")
		}
	})
}

func TestAScanThatCannotBeSavedCanBeRepeated(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(worked())
		w.saveErr = errors.New("no space left on device")
		b := newBench(t, w, 100, 30)
		b.keys("G", "up", "up", "up")
		signedIn(b)
		b.sees("The scan failed.", "no space left on device")
		w.saveErr = nil
		b.keys("enter")
		b.sees("0 of 6 endpoints finished", "saved")
	})
}

func TestAScanSaysWhoseWishAPauseIs(t *testing.T) {
	play(t, func(t *testing.T) {
		for asked, want := range map[bool]string{true: "The org asks for a pause of 20s.", false: "The org is overloaded; asking again in 20s."} {
			w := newWorld()
			scanHeld(w)
			w.org.pause, w.org.asksForIt = 20*time.Second, asked
			b := newBench(t, w, 100, 30)
			signedIn(b)
			b.sees(want)
			close(w.org.gate)
			b.settle()
			b.sees("7 messages on 6 endpoints")
		}
	})
}

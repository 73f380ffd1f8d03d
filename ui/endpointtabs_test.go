package ui

import (
	"fmt"
	"strings"
	"testing"

	"sidestep/state"
)

func TestTheStepScreenSaysWhyAndHow(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 40)
		step := state.Checklist(state.VendorContact, state.CallsBack)[2]
		b.keys("enter")
		b.sees(step.Title, step.Done)
		for _, do := range step.Do {
			b.sees(strings.Fields(do)[0])
		}
		b.keys("enter")
		b.sees("‹Checklist")
	})
}

func TestTheMessageScreenOpensTheVerdictToItsEvidence(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 40)
		b.keys("tab", "enter")
		b.sees("Book parcel", "Shipment__c.Book_parcel", "● sent", "Evidence, the weightiest first",
			"▸ 17 January 2026: with session id (a file)", "23 November 2026: without session id (the org today)",
			"Flow “Book parcel”, record-triggered, after save, active", "integration@northwind.example")
		b.keys("p")
		b.sees("Which page of Setup?", "The message", "Flow “Book parcel”")
		b.keys("enter")
		if want := northwind.Instance + "/04k5g000000XyZaAAK"; len(b.world.browser) != 1 || b.world.browser[0] != want {
			t.Fatalf("opened %q", b.world.browser)
		}
		b.keys("esc")
		b.sees("‹Messages 1›")
	})
}

func TestWideTerminalsShowTheDetailBesideTheList(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 120, 40)
		b.sees("[ ] Get an answer and a promised date", "Done when")
		b.keys("down")
		b.sees("Every week without the repair")
		b.resize(109, 40)
		b.lacks("Every week without the repair")
	})
}

func TestTheHistoryIsScrolledToItsEnd(t *testing.T) {
	play(t, func(t *testing.T) {
		m := evidenced()
		for i := range 30 {
			m = m.AddNote(vendorKey, fmt.Sprintf("note %02d, which is long enough to take several lines in a small window, as notes are", i), act())
		}
		b := onBoard(t, m.Stand(vendorKey, act()), 60, 20)
		b.keys("tab", "tab")
		b.sees("note 00")
		b.keys("G")
		b.sees("note 29")
		b.keys("k", "g")
		b.sees("note 00")
	})
}

// TestAPaneSaysThatItHoldsNotAll: the end of a step is not taken for its whole.
func TestAPaneSaysThatItHoldsNotAll(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onStep(t, "app", internal(), 120, 30)
		b.sees("… enter shows all of it")
		b.lacks("Done when")
		b.resize(120, 60)
		b.sees("Done when")
		b.lacks("… enter shows all of it")
	})
}

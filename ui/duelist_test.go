package ui

import (
	"strings"
	"testing"
)

func TestHomeSaysWhatIsDueInAllOrgs(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		twoOrgs(w)
		b := newBench(t, w, 100, 30)
		b.under("Northwind Traders") // resuming stays the first thing
		b.sees("overdue by 16 days", "remind", "due today", "write the first mail", "1 overdue, 1 due today")
		b.keys("down", "down")
		b.under("overdue by 16 days")
		b.keys("enter")
		b.sees("hooks.parcelwise.example/salesforce/shipments", "‹Checklist")
		b.keys("esc")
		b.under("/salesforce/shipments")
	})
}

func TestHomeIsSilentOnWhatIsDueWhereNothingIsNext(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(internal())
		newBench(t, w, 100, 30).lacks("What is next")
	})
}

func TestTheDueListOpensAnyOrg(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		twoOrgs(w)
		b := newBench(t, w, 100, 30)
		b.keys("G", "up", "up", "up", "up")
		b.under("What is next")
		b.keys("enter")
		b.sees("What is next, in all orgs")
		b.under("overdue by 16 days")
		b.sees("endpoint")
		b.keys("i")
		if file := w.drafts["sidestep-reminders.ics"]; strings.Count(file, "BEGIN:VEVENT") != 2 {
			t.Errorf("the calendar file:\n%s", file)
		}
		b.keys("down")
		b.under("Tailspin Toys")
		b.keys("enter")
		b.sees("Tailspin Toys", "‹Checklist")
		b.keys("esc", "esc")
		b.sees("Resume")
	})
}

func TestAnOrgThatDoesNotOpenLeavesTheDueListStanding(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		twoOrgs(w)
		w.openErr = hintedError{"another program has it open", "close it there"}
		b := newBench(t, w, 100, 30)
		b.keys("G", "up", "up", "up", "up", "enter", "enter")
		b.sees("another program has it open", "What is next, in all orgs")
		w.mu.Lock()
		w.openErr = nil
		w.mu.Unlock()
		b.keys("enter")
		b.sees("‹Checklist")
	})
}

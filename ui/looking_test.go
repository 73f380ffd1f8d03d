package ui

import (
	"fmt"
	"testing"

	"sidestep/state"
)

// heldElsewhere is work that another window has open.
func heldElsewhere(w *world) {
	atVendor(w)
	w.held[northwind.ID] = true
}

// savedByNewer is work that a newer version saved.
func savedByNewer(w *world) {
	atVendor(w)
	err := &state.NewerError{Path: "/saved/00d.json", Schema: 9}
	w.newer = map[string]error{northwind.ID: err}
}

// nowhereToWrite is a computer on which nothing can be saved.
func nowhereToWrite(w *world) {
	w.readOnly = hintedError{"", "set SIDESTEP_HOME to a folder that you may write in, and start again"}
	w.openErr = fmt.Errorf("%w: read-only file system", state.ErrReadOnly)
}

// changing are keys that change something on the checklist of an endpoint, or ask what
// it is to become.
var changing = [][]string{{"space"}, {"r"}, {"c"}, {"n"}, {"s"}, {"w"}, {"o"}}

func (b *bench) looksOnly() {
	b.t.Helper()
	b.sees("READ-ONLY")
	before := b.work().Seq
	for _, keys := range changing {
		b.keys(keys...)
		b.sees("nothing was changed, you are only looking")
		b.lacks("╭")
		if b.work().Seq != before {
			b.t.Fatalf("%v changes something", keys)
		}
	}
}

func TestWorkThatIsOpenElsewhereIsOfferedToBeLookedAt(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		heldElsewhere(w)
		b := newBench(t, w, 100, 30)
		b.keys("enter")
		b.sees("Northwind Traders is being worked on", "This work is open in another window", "› Leave it", "Look at it")
		b.keys("enter")
		b.lacks("READ-ONLY")
		b.keys("enter", "down", "enter")
		b.sees("You are only looking, nothing is recorded: this work is open in another window", "‹Checklist")
		b.looksOnly()
		b.keys("u")
		b.sees("Nothing to undo.")
		b.keys("esc", "esc")
		b.lacks("READ-ONLY")
		if !w.held[northwind.ID] || w.saves != 0 {
			t.Errorf("still held: %v, %d saves", w.held[northwind.ID], w.saves)
		}
		w.held[northwind.ID] = false
		b.keys("enter", "space")
		b.sees("saved")
		b.lacks("READ-ONLY", "only looking")
	})
}

// TestWhatIsOnlyLookedAtOffersNoChange: no key that the footer shows is refused, on any
// screen that can be looked at, and those that are left still lead somewhere.
func TestWhatIsOnlyLookedAtOffersNoChange(t *testing.T) {
	for _, way := range [][]string{
		{}, {"enter"}, {"tab"}, {"tab", "enter"}, {"V"}, {"V", "G"}, {"V", "tab"}, {"m"},
		{"esc"}, {"esc", "A"}, {"esc", "A", "m"}, {"esc", "A", "m", "enter"}, {"esc", "e"}, {"esc", "e", "G"}, {"esc", "tab"},
	} {
		for _, world := range []func(*world){heldElsewhere, nowhereToWrite} {
			play(t, func(t *testing.T) {
				open := func() *bench {
					w := newWorld()
					atVendor(w)
					world(w)
					b := newBench(t, w, 200, 40)
					b.keys("enter", "down", "enter")
					b.keys(way...)
					b.sees("READ-ONLY")
					return b
				}
				shown := open().footerKeys()
				if len(shown) < 3 {
					t.Errorf("after %v there is little to do: %v", way, shown)
				}
				for _, k := range shown {
					b := open()
					b.keys(k.Keys()[0])
					b.lacks("nothing was changed")
				}
			})
		}
	}
}

// TestMailsLeaveWhatIsOnlyLookedAt: the text is there to be taken along.
func TestMailsLeaveWhatIsOnlyLookedAt(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		heldElsewhere(w)
		b := newBench(t, w, 100, 30)
		b.keys("enter", "down", "enter", "m")
		b.sees("first mail to the vendor", "READ-ONLY")
		for _, k := range []string{"e", "E", "l", "b", "v"} {
			b.keys(k)
			b.sees("nothing was changed, you are only looking")
			b.lacks("╭", "stop editing")
		}
		b.keys("esc", "V", "v")
		b.sees("nothing was changed, you are only looking", "Whom to write to")
		b.keys("esc", "m", "d")
		b.sees("Done, and not recorded: saved as /drafts/")
		b.sees("Subject ")
		if len(w.drafts) != 1 || len(lettersTo(b.work())) != 0 || w.saves != 0 {
			t.Errorf("drafts %v, letters %+v, %d saves", w.drafts, lettersTo(b.work()), w.saves)
		}
		b.keys("esc", "esc", "A", "m", "d")
		b.sees("1 mail written to /drafts", "and not recorded.")
	})
}

func TestWorkOfANewerVersionIsLookedAt(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		savedByNewer(w)
		b := newBench(t, w, 120, 30)
		b.keys("enter")
		b.sees("You are only looking, nothing is recorded: /saved/00d.json was saved by a newer version", "‹Checklist")
		b.looksOnly()
		b.keys("esc", "R")
		b.sees("nothing was changed, you are only looking")
	})
}

// TestWhereNothingCanBeSavedEverythingCanBeSeen: saved work, and what is opened or
// scanned now; reports can be written of both.
func TestWhereNothingCanBeSavedEverythingCanBeSeen(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		atVendor(w)
		nowhereToWrite(w)
		b := newBench(t, w, 120, 30)
		b.keys("enter")
		b.sees("You are only looking, nothing is recorded: work cannot be saved here: read-only file system", "‹Checklist")
		b.looksOnly()
		b.keys("esc", "P")
		b.sees("In which form?")
	})
	play(t, func(t *testing.T) {
		w := newWorld()
		nowhereToWrite(w)
		w.files["/backup"] = backupFindings()
		b := newBench(t, w, 120, 30)
		b.keys("down", "enter")
		b.text("/backup")
		b.keys("enter")
		b.keys("enter")
		b.sees("READ-ONLY", "You are only looking")
		if len(b.work().Messages) == 0 || w.saves != 0 {
			t.Errorf("%d messages, %d saves", len(b.work().Messages), w.saves)
		}
		b.keys("q")
		if !b.quit {
			t.Error("it does not quit at once")
		}
	})
}

// TestTheDueListOffersToLookToo: what is due leads to the same question.
func TestTheDueListOffersToLookToo(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		twoOrgs(w)
		b := newBench(t, w, 120, 40)
		for id := range w.saved {
			w.held[id] = true
		}
		downTo(b, "What is next")
		b.keys("enter", "enter")
		b.sees("is being worked on", "Look at it")
		b.keys("down", "enter")
		b.sees("READ-ONLY")
	})
}

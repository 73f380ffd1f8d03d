package ui

import (
	"errors"
	"testing"
)

var errFull = errors.New("no space left on device")

// sameWork reports whether what is saved is what is on screen.
func (b *bench) sameWork() bool {
	b.world.mu.Lock()
	defer b.world.mu.Unlock()
	return b.world.saved[b.work().ID].Seq == b.work().Seq
}

// release lets a save that is held go on, if there is one.
func (b *bench) release() {
	select {
	case b.world.gate <- struct{}{}:
	default:
	}
	b.settle()
}

func TestEveryChangeIsSavedAtOnce(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		changes := []func(){
			func() { b.keys("space") },
			func() { b.keys("r", "down", "enter") },
			func() { b.keys("c", "down", "enter") },
			func() { b.keys("n"); b.text("a note"); b.keys("enter") },
			func() { b.keys("s"); b.text("a reason"); b.keys("enter") },
			func() { b.keys("w", "enter"); b.text("a reason"); b.keys("enter", "enter", "enter") },
			func() { b.keys("u") },
			func() { b.keys("esc") },
		}
		for i, change := range changes {
			before := b.work().Seq
			change()
			if b.work().Seq == before {
				t.Fatalf("change %d changed nothing", i)
			}
			if !b.sameWork() {
				t.Fatalf("change %d is not saved", i)
			}
			b.sees("saved")
		}
	})
}

func TestThereIsOneSaveAtATimeAndTheLastChangeIsSaved(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.world.gate = make(chan struct{})
		for range 5 {
			b.keys("space", "down")
			b.sees("saving…")
		}
		if b.world.saves != 1 {
			t.Fatalf("%d saves were begun", b.world.saves)
		}
		for range 2 { // the one that was under way, and one for all that came since
			b.release()
		}
		b.sees(" saved")
		if b.world.saves != 2 || b.world.atOnce != 1 || !b.sameWork() {
			t.Fatalf("%d saves, %d at once, the last change saved: %v", b.world.saves, b.world.atOnce, b.sameWork())
		}
	})
}

func TestAFailedSaveShowsNotSavedAndQuitWarnsOnce(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.world.saveErr = errFull
		b.keys("space")
		b.sees("NOT SAVED")
		b.keys("down")
		b.sees("NOT SAVED") // it stays
		b.keys("q")
		b.sees("Not saved: no space left on device – press again to quit without saving.")
		if b.quit {
			t.Fatal("it quits without a word")
		}
		b.keys("q")
		if !b.quit {
			t.Fatal("it does not quit when asked twice")
		}
	})
}

func TestWhenThereIsSpaceAgainTheNextChangeSavesAll(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.world.saveErr = errFull
		b.keys("space", "down", "space")
		b.sees("NOT SAVED")
		b.world.saveErr = nil
		b.keys("n")
		b.text("space again")
		b.keys("enter")
		b.lacks("NOT SAVED")
		if e := b.vendor(); len(e.Ticks) != 4 || !b.sameWork() {
			t.Fatalf("%d ticks are saved", len(e.Ticks))
		}
		b.keys("q")
		if !b.quit {
			t.Fatal("quit still warns")
		}
	})
}

func TestQuittingSavesWhatIsLeft(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.world.saveErr = errFull
		b.keys("space")
		b.world.saveErr = nil
		b.keys("q", "q")
		if err := b.root().s.finish(); err != nil {
			t.Fatal(err)
		}
		if len(b.vendor().Ticks) != 3 {
			t.Fatal("the tick is lost")
		}
	})
}

func TestFinishingSaysWhatCouldNotBeSaved(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.world.saveErr = errFull
		b.keys("space")
		if err := b.root().s.finish(); !errors.Is(err, errFull) {
			t.Fatalf("finish: %v", err)
		}
	})
}

func TestWorkThatIsNotSavedStaysOpenUntilItIs(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.world.saveErr = errFull
		b.keys("space", "esc", "esc")
		b.sees("no space left on device", "NOT SAVED", "0 of 6 endpoints finished")
		b.world.saveErr = nil
		b.keys("esc") // tries again
		b.lacks("NOT SAVED")
		b.keys("esc")
		b.sees("Sign in to an org")
		if len(b.vendor().Ticks) != 3 {
			t.Fatal("the tick is lost")
		}
	})
}

func TestLeavingForHomeWaitsForTheSaveUnderWay(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.world.gate = make(chan struct{})
		b.keys("space", "down", "space", "esc", "esc")
		for range 3 {
			b.release()
		}
		b.sees("Sign in to an org")
		if len(b.vendor().Ticks) != 4 {
			t.Fatalf("%d ticks are saved", len(b.vendor().Ticks))
		}
		if b.world.held[northwind.ID] {
			t.Fatal("the work is still held")
		}
	})
}

func TestTheAnswerOfASaveForOtherWorkIsDropped(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.send(savedMsg{seq: 1, err: errFull})
		b.lacks("NOT SAVED")
		b.sees("saved")
	})
}

func TestUndoGoesBackAHundredChanges(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		for range maxUndo + 5 {
			b.keys("space")
		}
		for range maxUndo {
			b.keys("u")
			b.lacks("Nothing to undo.")
		}
		b.keys("u")
		b.sees("Nothing to undo.")
	})
}

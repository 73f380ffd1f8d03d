package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sidestep/state"
)

const umbra = "00D00000000000A"

// lettersTo are the mails to Parcelwise that a work has recorded.
func lettersTo(m state.Migration) []state.Letter {
	v, _ := m.VendorNamed("Parcelwise")
	return v.Letters
}

// there is the work of the other org as it is saved.
func (b *bench) there(id string) state.Migration {
	b.world.mu.Lock()
	defer b.world.mu.Unlock()
	return b.world.saved[id]
}

// jointMail opens a mail about two orgs.
func jointMail(t *testing.T, w *world) *bench {
	t.Helper()
	b := atSharedVendor(t, w)
	b.keys("O", "down", "enter")
	b.sees("Also about Tailspin Toys")
	return b
}

// TestUndoTakesBackWhatIsRecordedElsewhere: a mail that is written once more after that
// is one letter, in each of the orgs.
func TestUndoTakesBackWhatIsRecordedElsewhere(t *testing.T) {
	play(t, func(t *testing.T) {
		b := jointMail(t, newWorld())
		b.keys("c", "s", "enter")
		b.sees("Recorded as sent here and in Tailspin Toys. u takes it back in all of them.")
		b.keys("u")
		b.sees("Undone here and in Tailspin Toys: the mail as sent")
		for _, m := range []state.Migration{b.work(), b.there(tailspin)} {
			if l := lettersTo(m); len(l) != 1 || !l[0].SentAt.IsZero() {
				t.Fatalf("%s has %+v", m.Org.Name, l)
			}
		}
		b.keys("u")
		b.sees("Undone here and in Tailspin Toys: mail written")
		for _, m := range []state.Migration{b.work(), b.there(tailspin)} {
			if l := lettersTo(m); len(l) != 0 {
				t.Fatalf("%s has %+v", m.Org.Name, l)
			}
		}
		b.keys("c")
		for _, m := range []state.Migration{b.work(), b.there(tailspin)} {
			if l := lettersTo(m); len(l) != 1 {
				t.Errorf("%s has %+v", m.Org.Name, l)
			}
		}
		if !b.sameWork() {
			t.Error("the work here is not saved")
		}
	})
}

func TestUndoSaysWhereItCouldNotTakeBack(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := jointMail(t, w)
		b.keys("c")
		w.held[tailspin] = true
		b.keys("u")
		b.sees("undone here; not in Tailspin Toys: this work is open in another window")
		if len(lettersTo(b.work())) != 0 || len(lettersTo(b.there(tailspin))) != 1 {
			t.Fatalf("here %+v, there %+v", lettersTo(b.work()), lettersTo(b.there(tailspin)))
		}
		w.held[tailspin] = false
		b.keys("O", "up", "enter", "O", "down", "enter", "c")
		w.keep(b.there(tailspin).NoteVendor("Parcelwise", "They called back.", act()))
		b.keys("u")
		b.sees("undone here; not in Tailspin Toys: it was worked on there since")
		v, _ := b.there(tailspin).VendorNamed("Parcelwise")
		if len(v.Notes) != 1 || len(v.Letters) != 2 {
			t.Errorf("there the record has %+v", v)
		}
	})
}

// TestWhatIsNotRecordedAnywhereIsNotClaimed: the vendor has nothing in the other org any more.
func TestWhatIsNotRecordedAnywhereIsNotClaimed(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := jointMail(t, w)
		w.keep(b.there(tailspin).ChooseRoute(vendorKey, state.InternalFix, act()))
		b.keys("c")
		b.sees("written here; not in Tailspin Toys: it writes to Parcelwise about nothing any more")
	})
}

// TestNothingIsRecordedElsewhereBeforeItIsSavedHere: else a mail that is written again
// after a crash would be there twice.
func TestNothingIsRecordedElsewhereBeforeItIsSavedHere(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := jointMail(t, w)
		w.saveErr = errFull
		b.keys("c")
		b.sees("NOT SAVED")
		b.lacks("Recorded as written")
		w.saveErr = nil
		if len(lettersTo(b.there(tailspin))) != 0 {
			t.Fatal("it is recorded there, and not here")
		}
		b.keys("e")
		b.text("x")
		b.sees("Recorded as written here and in Tailspin Toys.")
		b.keys("esc")
		if len(lettersTo(b.there(tailspin))) != 1 {
			t.Fatal("it is not made up for")
		}
	})
}

// TestUndoDuringAnErrand takes back what is being recorded, and what waits is not begun.
func TestUndoDuringAnErrand(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := jointMail(t, w)
		w.gate = make(chan struct{})
		b.keys("c")
		b.release() // saved here, being recorded there
		if !w.held[tailspin] {
			t.Fatal("it is not being recorded")
		}
		b.keys("u")
		for range 3 { // there, here, and there again
			b.release()
		}
		b.sees("Undone here and in Tailspin Toys: mail written")
		if len(lettersTo(b.work())) != 0 || len(lettersTo(b.there(tailspin))) != 0 {
			t.Errorf("here %+v, there %+v", lettersTo(b.work()), lettersTo(b.there(tailspin)))
		}
		before := b.there(tailspin).Seq
		b.keys("c", "u") // neither is on disk yet
		b.release()
		b.release()
		b.sees("Undone: mail written")
		if w.held[tailspin] || b.there(tailspin).Seq != before {
			t.Error("what was taken back was recorded there")
		}
	})
}

// TestLeavingDuringAnErrand: what was taken back meanwhile is taken back there too.
func TestLeavingDuringAnErrand(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := jointMail(t, w)
		w.gate = make(chan struct{})
		b.keys("c")
		b.release() // saved here, being recorded there
		b.keys("u", "esc", "esc", "esc")
		for range 5 {
			b.release()
		}
		b.sees("Tailspin Toys", "Northwind Traders")
		for _, id := range []string{northwind.ID, tailspin} {
			if l := lettersTo(b.there(id)); len(l) != 0 || w.held[id] {
				t.Errorf("%s has %+v, and is held: %v", id, l, w.held[id])
			}
		}
	})
}

// TestLeavingRunsWhatWaits: whoever writes a mail and leaves at once has it recorded in
// both orgs; so has who quits.
func TestLeavingRunsWhatWaits(t *testing.T) {
	for _, way := range [][]string{{"esc", "esc", "esc"}, {"q"}} {
		play(t, func(t *testing.T) {
			w := newWorld()
			b := jointMail(t, w)
			w.saveErr = errFull
			b.keys("c")
			w.saveErr = nil
			b.keys(way...)
			if b.keys("q"); !b.quit { // the second one that is asked for
				t.Fatal("it does not quit")
			}
			if err := b.root().s.finish(); err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{northwind.ID, tailspin} {
				if l := lettersTo(b.there(id)); len(l) != 1 {
					t.Errorf("%v: in %s is %+v", way, id, l)
				}
			}
			if w.held[tailspin] {
				t.Error("the other work is still held")
			}
		})
	}
}

func TestQuittingSaysWhatIsNotRecorded(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := jointMail(t, w)
		w.saveErr = errFull
		b.keys("c")
		w.saveErr = nil
		w.held[tailspin] = true
		b.keys("q", "q")
		err := b.root().s.finish()
		if err == nil || !strings.Contains(err.Error(), "not recorded in Tailspin Toys: this work is open in another window") {
			t.Errorf("finish: %v", err)
		}
		if len(lettersTo(b.there(northwind.ID))) != 1 {
			t.Error("it is not even recorded here")
		}
	})
}

// TestOrgsThatCannotBeReadAreNotOffered: their files are damaged, or were saved by a
// newer version.
func TestOrgsThatCannotBeReadAreNotOffered(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		third := worked()
		third.ID, third.Org.ID, third.Org.Name = umbra, umbra, "Umbra"
		saved := Saved{ID: umbra, Name: "Umbra", Due: third.Chase(), Vendors: nil, Trouble: "damaged"}
		w.damaged = []Saved{saved}
		b := atSharedVendor(t, w)
		b.keys("O")
		b.sees("Tailspin Toys")
		b.lacks("Umbra")
		b.keys("esc")
		for _, err := range []error{&state.DamagedError{Path: "/saved/00D.json", Err: errors.New("the checksum is wrong")}, &state.NewerError{Path: "/saved/00D.json", Schema: 99}} {
			w.openErr = err
			b.keys("O", "down", "enter")
			b.sees("Tailspin Toys can't be read: " + err.Error()[:40])
			b.lacks("Also about")
		}
	})
}

// TestWhatIsNotedElsewhereIsTakenBack: the one change that changes nothing here.
func TestWhatIsNotedElsewhereIsTakenBack(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := besideARecord(t, w)
		before, _ := b.there(tailspin).VendorNamed("Parcelwise")
		downTo(b, "Elsewhere")
		b.keys("enter", "down", "down", "enter")
		b.sees("Noted in Tailspin Toys.")
		b.keys("u")
		b.sees("Undone in Tailspin Toys: what is noted of Parcelwise", "it lacks 1 contact,")
		if v, _ := b.there(tailspin).VendorNamed("Parcelwise"); len(v.Contacts) != len(before.Contacts) || v.Language != before.Language {
			t.Errorf("there it is %+v", v)
		}
		w.held[tailspin] = true
		b.keys("enter", "down", "down", "enter")
		b.sees("not noted in Tailspin Toys")
		b.keys("u")
		b.sees("Nothing to undo.")
	})
}

// TestNotesAreTakenOverApart: a note may be about one company alone.
func TestNotesAreTakenOverApart(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		besideTailspin(w)
		w.keep(w.saved[tailspin].NoteVendor("Parcelwise", "They answer on Mondays.", act()))
		w.keep(w.saved[northwind.ID].NoteVendor("Parcelwise", "Asked Ida twice.", act()).Stand(vendorKey, act()))
		b := newBench(t, w, 120, 40)
		b.under("Northwind Traders")
		b.keys("enter", "V")
		b.sees("Elsewhere Tailspin Toys has 1 contact, ticket PW-12, 1", "note, promised 23 December 2026; it lacks 1", "contact, Deutsch, 1 note")
		downTo(b, "Elsewhere")
		b.keys("enter", "down", "enter")
		v, _ := b.work().VendorNamed("Parcelwise")
		if v.Ticket != "PW-12" || len(v.Notes) != 1 {
			t.Fatalf("the rest brought the notes along: %+v", v)
		}
		b.sees("Elsewhere Tailspin Toys has 1 note; it lacks")
		b.keys("enter", "down", "enter")
		if v, _ = b.work().VendorNamed("Parcelwise"); !slices.ContainsFunc(v.Notes, func(n state.Note) bool { return n.Text == "They answer on Mondays." }) {
			t.Errorf("noted is %+v", v.Notes)
		}
		b.keys("enter", "down", "down", "enter")
		b.sees("Noted in Tailspin Toys")
		if v, _ = b.there(tailspin).VendorNamed("Parcelwise"); len(v.Notes) != 2 {
			t.Errorf("there the notes are %+v", v.Notes)
		}
	})
}

package ui

import (
	"errors"
	"strings"
	"testing"

	"sidestep/state"
)

const tailspin = "00D000000000009"

// atSharedVendor opens the mail about an endpoint in the first of two orgs.
func atSharedVendor(t *testing.T, w *world) *bench {
	t.Helper()
	here := worked().Stand(vendorKey, act())
	other := worked()
	other.ID, other.Org.ID, other.Org.Name = tailspin, tailspin, "Tailspin Toys"
	w.keep(other)
	w.keep(here)
	b := newBench(t, w, 120, 40)
	b.under("Northwind Traders")
	b.keys("enter", "m")
	b.sees("first mail to the vendor", "O orgs")
	return b
}

func TestOneMailIsAboutSeveralOrgs(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := atSharedVendor(t, w)
		b.keys("O")
		b.sees("About which orgs?", "This org alone", "With Tailspin Toys", "reads the names of all of them")
		b.keys("down", "enter")
		b.sees("Also about Tailspin Toys: the vendor reads the names of all of them.", "Northwind Traders and Tailspin Toys", "Our orgs send")
		if d := b.work().Vendors["parcelwise"].Drafts["first"]; d.With != tailspin || !strings.Contains(d.Body, "Tailspin Toys:") {
			t.Fatalf("kept is %+v", d)
		}
		b.keys("c")
		b.sees("Recorded as written here and in Tailspin Toys. Press s")
		there := w.saved[tailspin]
		v, _ := there.VendorNamed("Parcelwise")
		if len(v.Letters) != 1 || v.Letters[0].With != b.work().ID {
			t.Fatalf("there the record has %+v", v.Letters)
		}
		if w.held[tailspin] {
			t.Error("the other work is still held")
		}
		b.keys("s", "enter")
		b.sees("Recorded as sent here and in Tailspin Toys.")
		there = w.saved[tailspin]
		if v, _ = there.VendorNamed("Parcelwise"); v.Letters[0].SentAt.IsZero() {
			t.Errorf("there the record has %+v", v.Letters)
		}
		if next, _ := there.Next("Parcelwise"); next.Action != state.Remind {
			t.Errorf("there the next thing is %q", next.Action)
		}
	})
}

func TestAMailStaysAboutSeveralOrgsInAnotherLanguage(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := atSharedVendor(t, w)
		b.keys("O", "down", "enter", "esc", "m")
		b.sees("Also about Tailspin Toys")
		b.keys("l", "down", "enter")
		b.sees("Unsere Orgs senden", "Northwind Traders und Tailspin Toys")
		b.keys("O", "up", "enter")
		b.sees("Unsere Org sendet")
		b.lacks("Also about")
		b.keys("u")
		b.sees("Also about Tailspin Toys")
	})
}

func TestAnOrgThatIsOpenElsewhereIsSaid(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := atSharedVendor(t, w)
		w.held[tailspin] = true
		b.keys("O", "down", "enter")
		b.sees("Tailspin Toys can't be read: this work is open in another window")
		b.lacks("Also about")
		w.held[tailspin] = false
		b.keys("O", "down", "enter")
		b.sees("Also about Tailspin Toys")
		w.held[tailspin] = true
		b.keys("c")
		b.sees("written here; not in Tailspin Toys: this work is open in another window. s makes up for it.")
		w.held[tailspin] = false
		b.keys("s", "enter")
		b.sees("Recorded as sent here and in Tailspin Toys.")
		there := w.saved[tailspin]
		if v, _ := there.VendorNamed("Parcelwise"); len(v.Letters) != 1 || v.Letters[0].SentAt.IsZero() {
			t.Errorf("there the record has %+v", v.Letters)
		}
	})
}

func TestWorkThatCannotBeSavedIsSaid(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := atSharedVendor(t, w)
		b.keys("O", "down", "enter")
		w.openErr = errors.New("no space left on device")
		b.keys("c")
		b.sees("not in Tailspin Toys: no space left on device")
	})
}

func TestTheNextMailIsAboutTheSameOrgs(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := atSharedVendor(t, w)
		b.keys("O", "down", "enter", "c", "s", "enter", "esc", "m", "k", "down", "enter")
		b.sees("reminder", "Also about Tailspin Toys")
	})
}

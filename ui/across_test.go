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
		b.sees("About which orgs besides this one?", "This org alone", "Tailspin Toys", "reads the names of all")
		b.keys("down", "enter")
		b.sees("Also about Tailspin Toys: the vendor reads the names of all of them.", "Northwind Traders and Tailspin Toys", "Our orgs send")
		if d := b.work().Vendors["parcelwise"].Drafts["first"]; d.With != tailspin || !strings.Contains(d.Body, "Tailspin Toys:") {
			t.Fatalf("kept is %+v", d)
		}
		b.keys("c")
		b.sees("Recorded as written here and in Tailspin Toys. Press s when it is sent; u takes it back in all of them.")
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

func TestOfSeveralOrgsEachIsSaid(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		third := worked()
		third.ID, third.Org.ID, third.Org.Name = umbra, umbra, "Umbra"
		w.keep(third)
		b := atSharedVendor(t, w)
		b.keys("O")
		b.sees("[ ] Tailspin Toys", "[ ] Umbra")
		b.keys("down", "space", "enter")
		b.sees("Also about Umbra: ")
		b.keys("O")
		b.sees("[ ] Tailspin Toys", "[x] Umbra")
		b.keys("space", "enter")
		b.sees("Also about Tailspin Toys, Umbra")
		w.held[umbra] = true
		b.keys("c")
		b.sees("written here and in Tailspin Toys; not in Umbra: this work is open in another window.")
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

// TestTheNextMailIsAboutThisOrgAlone: that a vendor reads the names of several
// companies is chosen for each mail.
func TestTheNextMailIsAboutThisOrgAlone(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := atSharedVendor(t, w)
		b.keys("O", "down", "enter", "c", "s", "enter", "esc", "m", "K", "down", "enter")
		b.sees("reminder")
		b.lacks("Also about", "Tailspin")
	})
}

// besideTailspin is work on a vendor of which another org has a record as well.
func besideTailspin(w *world) {
	other := worked().Agreed(state.Vendor{Name: "Parcelwise", Contacts: []state.Person{{Contact: state.Contact{Name: "Support", Email: "help@parcelwise.example"}}}, Ticket: "PW-12", Promised: today.AddDate(0, 1, 0)}, act())
	other.ID, other.Org.ID, other.Org.Name = tailspin, tailspin, "Tailspin Toys"
	w.keep(other)
	w.keep(worked().Agreed(state.Vendor{Name: "Parcelwise", Contacts: []state.Person{{Contact: state.Contact{Name: "Ida Lund", Email: "ida@parcelwise.example"}}}, Language: "de"}, act()).Stand(vendorKey, act()))
}

// besideARecord opens the vendor's record; another org has one as well.
func besideARecord(t *testing.T, w *world) *bench {
	t.Helper()
	besideTailspin(w)
	b := newBench(t, w, 120, 40)
	b.under("Northwind Traders")
	b.keys("enter", "V")
	b.sees("Elsewhere Tailspin Toys has 1 contact, ticket PW-12")
	return b
}

// downTo moves the cursor to the row with the text.
func downTo(b *bench, text string) {
	b.t.Helper()
	for range 20 {
		for _, l := range strings.Split(b.screen(), "\n")[1:] {
			if strings.Contains(l, "›") && strings.Contains(l, text) {
				return
			}
		}
		b.keys("down")
	}
	b.t.Fatalf("there is no row %q:\n%s", text, b.screen())
}

func TestWhatAnotherOrgAgreedIsTakenOver(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := besideARecord(t, w)
		downTo(b, "Elsewhere")
		b.sees("bring level")
		b.keys("enter")
		b.sees("Parcelwise in Tailspin Toys", "Take it over here", "Note it there")
		b.keys("down", "enter")
		v, _ := b.work().VendorNamed("Parcelwise")
		if len(v.Contacts) != 2 || v.Ticket != "PW-12" || v.Language != "de" || v.Promised.IsZero() {
			t.Errorf("noted is %+v", v)
		}
		b.sees("Elsewhere Tailspin Toys lacks 1 contact, Deutsch")
		b.keys("u")
		if v, _ = b.work().VendorNamed("Parcelwise"); len(v.Contacts) != 1 || v.Ticket != "" {
			t.Errorf("undone is %+v", v)
		}
	})
}

func TestWhatIsAgreedHereIsNotedInAnotherOrg(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := besideARecord(t, w)
		downTo(b, "Elsewhere")
		w.held[tailspin] = true
		b.keys("enter", "down", "down", "enter")
		b.sees("not noted in Tailspin Toys: this work is open in another window")
		w.held[tailspin] = false
		b.keys("enter", "down", "down", "enter")
		b.sees("Noted in Tailspin Toys. Nothing is changed here.")
		there := w.saved[tailspin]
		v, _ := there.VendorNamed("Parcelwise")
		if len(v.Contacts) != 2 || v.Language != "de" || v.Ticket != "PW-12" {
			t.Errorf("there it is %+v", v)
		}
		if here, _ := b.work().VendorNamed("Parcelwise"); here.Ticket != "" || len(here.Contacts) != 1 {
			t.Errorf("here it is %+v", here)
		}
		b.sees("Elsewhere Tailspin Toys has 1 contact, ticket PW-12")
		b.lacks("it lacks")
	})
}

// TestMailsInOneGoKnowOfThoseAboutSeveralOrgs: such a one is recorded as sent in all of
// them.
func TestMailsInOneGoKnowOfThoseAboutSeveralOrgs(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := atSharedVendor(t, w)
		b.keys("O", "down", "enter", "c", "esc", "esc", "A", "m")
		b.sees("Also about Tailspin Toys: the vendor reads the names")
		b.keys("s", "enter")
		for _, m := range []state.Migration{b.work(), w.saved[tailspin]} {
			if v, _ := m.VendorNamed("Parcelwise"); len(v.Letters) != 1 || v.Letters[0].SentAt.IsZero() {
				t.Errorf("%s has %+v", m.Org.Name, v.Letters)
			}
		}
	})
}

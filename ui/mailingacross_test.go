package ui

import (
	"errors"
	"strings"
	"testing"

	"sidestep/state"
)

// onMailsAmongThree is the screen with the mails about all endpoints of one of three orgs.
func onMailsAmongThree(t *testing.T, w *world) *bench {
	t.Helper()
	amongThree(w)
	b := newBench(t, w, 120, 40)
	b.under("Northwind Traders")
	b.keys("enter")
	b.keys("esc", "A", "m")
	b.sees("Mails about 6 endpoints", "O orgs")
	return b
}

// lettersOf are the mails to a vendor that a work has recorded.
func lettersOf(m state.Migration, vendor string) []state.Letter {
	v, _ := m.VendorNamed(vendor)
	return v.Letters
}

// TestManyMailsAreAboutSeveralOrgs: each is about those in which its vendor is written
// to, and is recorded there.
func TestManyMailsAreAboutSeveralOrgs(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := onMailsAmongThree(t, w)
		b.keys("O")
		b.sees("About which orgs besides this one?", "[ ] Tailspin Toys", "1 open endpoint there", "[ ] Umbra", "2 open endpoints there")
		b.keys("space", "down", "space", "enter")
		b.onLetter("Parcelwise")
		b.sees("Also about Tailspin Toys, Umbra: the vendor reads the")
		b.onLetter("Acme Desk")
		b.sees("Also about Umbra: the vendor reads the names of all of")
		b.keys("d")
		b.sees("Recorded as written here, in Tailspin Toys and in Umbra. Press s")
		for id, want := range map[string][2]int{northwind.ID: {1, 1}, tailspin: {1, 0}, umbra: {1, 1}} {
			m := b.there(id)
			if got := [2]int{len(lettersOf(m, "Parcelwise")), len(lettersOf(m, "Acme Desk"))}; got != want {
				t.Errorf("%s has %v letters to Parcelwise and Acme Desk, want %v", m.Org.Name, got, want)
			}
		}
		text := b.eml("mails-2026-11-23/sidestep-first-acme-desk.eml")["text"]
		if !strings.Contains(text, "Northwind Traders and Umbra") || strings.Contains(text, "Tailspin") {
			t.Errorf("Acme Desk reads %q", text)
		}
		if text = b.eml("mails-2026-11-23/sidestep-owner-bob-berg.eml")["text"]; strings.Contains(text, "Umbra") || strings.Contains(text, "Tailspin") {
			t.Errorf("a colleague reads %q", text)
		}
		b.keys("s", "enter")
		b.sees("Recorded as sent here, in Tailspin Toys and in Umbra.")
		if l := lettersOf(b.there(umbra), "Acme Desk"); len(l) != 1 || l[0].SentAt.IsZero() {
			t.Errorf("Umbra has %+v", l)
		}
		b.keys("u")
		b.sees("Undone here, in Tailspin Toys and in Umbra: 3 mails as sent")
		b.keys("u")
		b.sees("Undone here, in Tailspin Toys and in Umbra: 3 mails written")
		for _, id := range []string{northwind.ID, tailspin, umbra} {
			if m := b.there(id); len(lettersOf(m, "Parcelwise"))+len(lettersOf(m, "Acme Desk")) > 0 {
				t.Errorf("something is left in %s", m.Org.Name)
			}
		}
		b.keys("u")
		b.sees("Undone: the orgs that the mails are about")
		b.lacks("Also about")
	})
}

func TestManyMailsAreAboutThisOrgAgain(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMailsAmongThree(t, newWorld())
		b.keys("O", "space", "enter")
		b.onLetter("Parcelwise")
		b.sees("Also about Tailspin Toys")
		b.keys("O")
		b.sees("[x] Tailspin Toys")
		b.keys("space", "enter")
		b.lacks("Also about", "Tailspin Toys:")
		b.keys("d")
		b.sees("3 mails written to /drafts")
		if l := lettersOf(b.there(tailspin), "Parcelwise"); len(l) != 0 {
			t.Errorf("Tailspin has %+v", l)
		}
	})
}

func TestEditedMailsStayAboutTheirOrgs(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMailsAmongThree(t, newWorld())
		b.onLetter("Acme Desk")
		b.keys("enter", "e")
		b.text("Dear desk, ")
		b.keys("esc", "esc", "O", "space", "down", "space", "enter")
		b.sees("Texts that you edited stay as they are: 1.")
		b.onLetter("Acme Desk")
		b.sees("Dear desk, ")
		b.lacks("Also about")
		b.onLetter("Parcelwise")
		b.sees("Also about Tailspin Toys, Umbra")
	})
}

// TestWhatChangesWhileOrgsAreReadIsNotLost: the mails were made from what was there before.
func TestWhatChangesWhileOrgsAreReadIsNotLost(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := onMailsAmongThree(t, w)
		b.keys("O", "space", "enter")
		w.opening = make(chan struct{})
		b.keys("O", "down", "space", "enter")
		b.sees("Reading the other orgs…")
		b.keys("u")
		close(w.opening)
		b.settle()
		b.sees("Something was changed meanwhile: nothing is written anew.", "3 mails to write.")
		b.lacks("Also about")
	})
}

func TestAnOrgThatCannotBeReadChangesNoMail(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		b := onMailsAmongThree(t, w)
		before := b.work().Seq
		w.openErr = errors.New("permission denied")
		b.keys("O", "space", "enter")
		b.sees("Tailspin Toys can't be read: permission denied", "3 mails to write.")
		if b.work().Seq != before {
			t.Error("something was changed")
		}
	})
}

// onLetter moves the cursor to the letter to somebody.
func (b *bench) onLetter(who string) {
	b.t.Helper()
	b.keys("home")
	downTo(b, who)
}

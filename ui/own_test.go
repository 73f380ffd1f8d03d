package ui

import (
	"testing"
	"testing/fstest"

	"sidestep/email"
)

func TestAMailIsFilledFromTheAdminsOwnText(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		atVendor(w)
		texts, problems := email.Load(fstest.MapFS{"en/first.txt": &fstest.MapFile{Data: []byte("Subject: Our hooks at {{.Vendor}}\n\nDear {{.Contact.Name}},\n")}})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		w.texts = texts
		b := newBench(t, w, 100, 30)
		b.keys("enter", "m")
		b.sees("Our hooks at Parcelwise", "Dear Ida Lund,")
	})
}

// TestFilesThatCannotBeUsedAreToldWhereTheyMatter: at home all of them, on a mail
// the one that should have been its text.
func TestFilesThatCannotBeUsedAreToldWhereTheyMatter(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		ownFilesFail(w)
		b := newBench(t, w, 100, 30)
		b.sees("! templates/en/first.txt:3: there is no field .Vendro", "! vendors.yaml:1: ", "! and 1 more", "What comes with Sidestep is used instead.")
		b.keys("enter", "m")
		b.sees("! templates/en/first.txt:3: there is no field .Vendro", "This is the text that comes with Sidestep.", "Hello Ida Lund,")
		b.keys("K", "down", "enter")
		b.sees("reminder, English")
		b.lacks("first.txt")
	})
}

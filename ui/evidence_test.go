package ui

import (
	"testing"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

func TestEvidenceListsItsSourcesWithTheirDays(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		b.keys("e")
		b.sees("Northwind Traders", "northwind-crm.zip", "17 January 2026")
		b.under("Northwind Traders")
	})
}

func TestTakingASourceAwayAsksFirstAndChangesVerdicts(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		b.keys("e", "down", "d")
		b.sees("Take “northwind-crm.zip” away?", "What you entered stays.")
		b.under("Leave it as it is")
		b.keys("enter")
		b.sees("northwind-crm.zip")
		b.keys("d", "down", "enter")
		b.lacks("northwind-crm.zip ")
		b.keys("esc")
		b.sees("? 7 unknown", "vendor")
		if e := b.vendor(); e.Route != state.VendorContact || len(e.Ticks) != 2 {
			t.Fatal("what the admin entered went with the source")
		}
		b.keys("u")
		b.sees("Undone: taking away northwind-crm.zip", "● 5 sent")
	})
}

func TestTheDayOfASourceIsCheckedAndDecidesWhatItsNoIsWorth(t *testing.T) {
	play(t, func(t *testing.T) {
		f := backupFindings()
		f.Source.AsOf = time.Time{}
		m, _ := scanned().Merge(f, act())
		b := onBoard(t, m, 100, 30)
		b.sees("? 2 unknown")
		b.keys("e", "down")
		b.sees("Nobody said of which day it is (enter): its “no” proves nothing yet.")
		b.keys("enter")
		b.text("last winter")
		b.keys("enter")
		b.sees("this is not a date")
		b.fill("17.1.2026")
		b.keys("enter")
		b.sees("17 January 2026")
		b.lacks("Nobody said")
		b.keys("esc")
		b.sees("✓ 1 not affected", "? 1 unknown")
	})
}

func TestTheOrgItselfHasNoDayToChange(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		b.keys("e", "enter")
		b.lacks("When was it taken out of the org?")
	})
}

func TestDatesAreReadAsPeopleWriteThem(t *testing.T) {
	for _, text := range []string{"2026-01-17", "17 January 2026", "17 Jan 2026", "January 17, 2026", "17.1.2026", "17.01.2026", "2026/01/17"} {
		if got, err := parseDate(text); err != nil || !got.Equal(backupDay) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"yesterday", "2026-13-01", "2026-02-30", "17/01/2026x"} {
		if got, err := parseDate(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// onFiles is an interface that asks for files, with a zip at hand.
func onFiles(t *testing.T) *bench {
	t.Helper()
	w := newWorld()
	w.keep(scanned())
	w.found = []string{"backups/", "backup.zip"}
	w.files["backup.zip"] = backupFindings()
	b := newBench(t, w, 100, 30)
	b.keys("enter", "e", "a")
	b.sees("Path", "backups/", "backup.zip")
	return b
}

func TestAFileIsChosenDatedAndAdded(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onFiles(t)
		b.keys("down", "down")
		b.under("backup.zip")
		b.keys("enter", "up")
		b.sees("Path  backup.zip")
		b.keys("enter")
		b.sees("When was it taken out of the org?")
		b.text("2026-01-17")
		b.keys("enter")
		b.sees("northwind-crm.zip is added", "17 January 2026")
		b.keys("esc")
		b.sees("● 5 sent")
	})
}

func TestAWrongPathIsSaidWhereItWasTyped(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onFiles(t)
		b.keys("enter")
		b.sees("Type a path")
		b.text("nowhere.zip")
		b.keys("enter")
		b.sees("nowhere.zip: no such file or folder", "Path nowhere.zip", "check the spelling")
		b.lacks("When was it taken")
		b.world.fileErr = hintedError{"this zip is cut off", "retrieve it again"}
		b.keys("enter", "enter")
		b.sees("this zip is cut off", "retrieve it again")
	})
}

func TestTheDayOfAFileIsCheckedBeforeItIsRead(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onFiles(t)
		b.text("backup.zip")
		b.keys("enter")
		for _, s := range sizes {
			b.resize(s.w, s.h)
			b.sees("Date  2026-01-17")
		}
		b.resize(100, 30)
		b.text("winter")
		b.keys("enter")
		b.sees("this is not a date", "Path backup.zip")
		b.fill("")
		b.keys("enter")
		b.sees("northwind-crm.zip is added", "an unknown day")
	})
}

func TestTabCompletesAPath(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onFiles(t)
		b.text("backup.")
		b.lacks("backups/")
		b.keys("tab")
		b.sees("Path  backup.zip")
	})
}

func TestEscStopsReading(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onFiles(t)
		gate := make(chan struct{})
		b.world.reading = gate
		b.text("backup.zip")
		b.keys("enter", "enter")
		b.sees("Reading…")
		b.keys("esc")
		b.lacks("Reading…")
		b.sees("Stopped. Nothing was changed.")
		if len(b.work().Sources) != 1 {
			t.Fatal("what was stopped is added")
		}
	})
}

func TestAnAnswerThatComesAfterEscIsDropped(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onFiles(t)
		b.world.deaf = true
		b.world.reading = make(chan struct{})
		b.text("backup.zip")
		b.keys("enter", "enter", "esc")
		b.world.reading <- struct{}{}
		b.settle()
		if len(b.work().Sources) != 1 {
			t.Fatalf("what was stopped is added:\n%s", b.screen())
		}
	})
}

// TestFilesThatAreBeingSavedCanNotBeStopped: who is let go here would find the work
// open, and add what is read next to it.
func TestFilesThatAreBeingSavedCanNotBeStopped(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.files["backup.zip"] = backupFindings()
		w.opening = make(chan struct{})
		b := newBench(t, w, 100, 30)
		b.keys("down", "enter")
		b.text("backup.zip")
		b.keys("enter", "enter", "esc")
		b.sees("Reading…")
		b.lacks("esc stop")
		close(w.opening)
		b.settle()
		b.sees("northwind-crm.zip", "6 messages")
	})
}

func TestFilesAloneBeginAMigration(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.files["backup.zip"] = backupFindings()
		b := newBench(t, w, 100, 30)
		b.keys("down", "enter")
		b.text("backup.zip")
		b.keys("enter")
		b.text("2026-01-17")
		b.keys("enter")
		b.sees("northwind-crm.zip", "6 messages", "● 5 sent")
		if len(w.saved) != 1 {
			t.Fatalf("saved: %d", len(w.saved))
		}
	})
}

func TestProblemsOfASourceAreListedWithTheirLines(t *testing.T) {
	play(t, func(t *testing.T) {
		f := backupFindings()
		f.Source.Complete = false
		f.Problems = []salesforce.Problem{{Source: "northwind-crm.zip", File: "workflows/Case.workflow", Line: 12, Message: "not well-formed"}, {Message: "a remark", Notice: true}}
		m, _ := scanned().Merge(f, act())
		b := onBoard(t, m, 100, 30)
		b.sees("INCOMPLETE")
		b.keys("e")
		b.sees("! workflows/Case.workflow:12 not well-formed", "· ", "a remark")
	})
}

func TestARepositorysHistoryIsOfferedFirst(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		repositoryAtHand(w)
		w.saved = map[string]state.Migration{}
		w.files["crm"] = backupFindings()
		b := newBench(t, w, 100, 30)
		b.keys("down", "enter")
		b.text("crm")
		b.keys("enter")
		b.sees("This folder is in a git repository.", "Search its history", "on every branch and tag")
		b.keys("enter")
		b.sees("6 messages", "● 5 sent")
		if len(w.saved) != 1 || w.reads != 0 {
			t.Fatalf("%d saved, %d reads of files", len(w.saved), w.reads)
		}
		b.find("parcelwise")
		b.keys("enter", "tab", "enter")
		b.sees("23 January 2026: with session id (a commit)", "7e0a24577e force-app/main/default", "on branch legacy", "23 April 2026: without session id (a commit)")
	})
}

func TestTheFilesOfARepositoryCanBeReadAsTheyAre(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		repositoryAtHand(w)
		w.files["crm"] = backupFindings()
		b := newBench(t, w, 100, 30)
		b.keys("enter", "e", "a")
		b.text("crm")
		b.keys("enter", "down", "enter")
		b.sees("When was it taken out of the org?")
		b.keys("enter")
		if w.reads != 1 {
			t.Fatalf("%d reads", w.reads)
		}
	})
}

func TestEscStopsTheSearchOfAHistory(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		searchHeld(w)
		b := newBench(t, w, 100, 30)
		b.keys("enter", "e", "a")
		b.text("crm")
		b.keys("enter", "enter")
		b.sees("Searching the history: 12800 of 20000 commits, 340 versions of workflow files so far…", "stop")
		b.keys("esc")
		b.sees("Stopped. Nothing was changed.")
	})
}

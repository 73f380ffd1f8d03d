package ui

import (
	"strings"
	"testing"

	"sidestep/state"
)

func TestWhatIsDueWithAVendorGoesIntoACalendarFile(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(worked().MailWritten(vendorKey, state.Draft{Kind: "first", Subject: "Session ids"}, "copied", act()).
			MailSent(vendorKey, "first", today, act()).Stand(vendorKey, act()))
		b := newBench(t, w, 100, 30)
		b.keys("enter", "m", "i")
		b.sees("Saved as /drafts/sidestep-reminders.ics. Open it, and your calendar has 1 reminder.")
		file := w.drafts["sidestep-reminders.ics"]
		for _, want := range []string{"SUMMARY:Parcelwise: remind (Northwind Traders)\r\n", "DTSTART;VALUE=DATE:" + today.AddDate(0, 0, 14).Format("20060102") + "\r\n", "hooks.parcelwise.example/salesforce/shipments"} {
			if !strings.Contains(strings.ReplaceAll(file, "\r\n ", ""), want) {
				t.Errorf("the file lacks %q:\n%s", want, file)
			}
		}
	})
}

func TestWithoutAnythingDueThereIsNoCalendarFile(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(worked().ChooseRoute(vendorKey, state.InternalFix, act()).Stand(vendorKey, act()))
		b := newBench(t, w, 100, 30)
		b.keys("enter", "m", "i")
		b.sees("Nothing is due here")
		if len(w.drafts) > 0 {
			t.Errorf("written: %v", w.drafts)
		}
	})
}

func TestACalendarFileThatCannotBeWrittenSaysSo(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		atVendor(w)
		w.draftErr = errFull
		b := newBench(t, w, 100, 30)
		b.keys("enter", "m", "i")
		b.sees("no space left on device")
	})
}

// TestTheRemindersOfAllOrgsFitInOneFile: the same vendor in two orgs is two matters.
func TestTheRemindersOfAllOrgsFitInOneFile(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		twoOrgs(w)
		b := newBench(t, w, 100, 30)
		saved, _ := w.List()
		b.run(saveReminders(b.root().s, allDue(saved)))
		b.sees("your calendar has 2 reminders")
		file := w.drafts["sidestep-reminders.ics"]
		if strings.Count(file, "BEGIN:VEVENT") != 2 || !strings.Contains(file, "Due since ") || !strings.Contains(file, "DTSTART;VALUE=DATE:"+w.now().Format("20060102")) {
			t.Errorf("the file reads\n%s", file)
		}
	})
}

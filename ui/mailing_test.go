package ui

import (
	"errors"
	"io"
	"maps"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sidestep/state"
)

// onMails is the screen with the mails about all endpoints.
func onMails(t *testing.T) *bench {
	t.Helper()
	b := onBoard(t, several(), 100, 40)
	b.keys("A", "m")
	return b
}

func TestMailsForAllAreWrittenAtOnce(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMails(t)
		b.sees("Mails about 6 endpoints", "2 mails to write. No address yet: Acme Desk. No owner yet: 2 endpoints.", "d write 2 .eml files")
		b.keys("d")
		b.sees("2 mails written to /drafts/mails-2026-11-23", "written just now to ida@parcelwise.example", "written just now to bob@northwind.example",
			"All mails are written that can be.")
		b.keys("down")
		b.sees("d write 2 .eml files again")
		if len(b.world.drafts) != 2 {
			t.Fatalf("drafts: %q", b.world.drafts)
		}
		toVendor := b.eml("mails-2026-11-23/sidestep-first-parcelwise.eml")
		if toVendor["To"] != "<ida@parcelwise.example>" || !strings.Contains(toVendor["text"], "/salesforce/shipments") {
			t.Errorf("to the vendor: %q", toVendor)
		}
		toBob := b.eml("mails-2026-11-23/sidestep-owner-bob-berg.eml")
		if toBob["To"] != "<bob@northwind.example>" || !strings.Contains(toBob["text"], "/sf/orders") || !strings.Contains(toBob["text"], "/sf/customers") {
			t.Errorf("to the colleague: %q", toBob)
		}
		v, _ := b.work().VendorNamed("Parcelwise")
		if len(v.Letters) != 1 || v.Letters[0].How != "saved as /drafts/mails-2026-11-23/sidestep-first-parcelwise.eml" {
			t.Errorf("letters: %+v", v.Letters)
		}
		for _, key := range []string{ordersKey, customersKey} {
			if d := b.work().Endpoints[key].Drafts["owner"]; d.WrittenAt.IsZero() || !strings.HasSuffix(d.How, "sidestep-owner-bob-berg.eml") {
				t.Errorf("%s: %+v", key, d)
			}
		}
		if !b.sameWork() {
			t.Fatal("it is not saved")
		}
		b.keys("u")
		b.sees("Undone: 2 mails written", "2 mails to write.")
		b.lacks("2 mails written to")
		if v, _ := b.work().VendorNamed("Parcelwise"); len(v.Letters) > 0 || len(b.work().Endpoints[ordersKey].Drafts) > 0 {
			t.Errorf("after undo: %+v, %+v", v.Letters, b.work().Endpoints[ordersKey].Drafts)
		}
	})
}

// eml is a draft that was saved: its headers, and its text as "text".
func (b *bench) eml(name string) map[string]string {
	b.t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(b.world.drafts[name]))
	if err != nil {
		b.t.Fatalf("%s of %q: %v", name, b.world.drafts, err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		b.t.Fatal(err)
	}
	return map[string]string{"To": m.Header.Get("To"), "Cc": m.Header.Get("Cc"), "text": string(text)}
}

// In the smallest window, what was written where leaves room for the list.
func TestTheListOfMailsStaysInTheSmallestWindow(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, several(), minWidth, minHeight)
		b.keys("A", "m")
		b.sees("› Acme Desk", "Parcelwise", "o says whom to write to.")
		b.keys("d") // its answer takes three lines
		b.sees("press s when you have sent them.", "› Acme Desk", "Parcelwise")
		b.top().(*mailing).folder = "/Users/ada.administrator/Library/Application Support/sidestep/drafts/mails-2026-11-23"
		b.keys("down")
		b.under("Parcelwise")
		b.sees("mails-2026-11-23")
	})
}

func TestWhoHasNoAddressGetsOneOnTheSpot(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMails(t)
		b.keys("d")
		b.under("Acme Desk")
		b.keys("o", "tab", "tab")
		b.text("support@acmedesk.example")
		b.keys("enter")
		b.sees("1 mail to write. No owner yet: 2 endpoints.")
		b.keys("d")
		b.sees("1 mail written to")
		if len(b.world.drafts) != 3 {
			t.Fatalf("what was written already is written again: %d drafts", len(b.world.drafts))
		}
		b.keys("u")
		b.lacks("written just now to support@")
		b.keys("end", "o") // all endpoints of nobody
		b.sees("Who runs 2 endpoints?")
	})
}

func TestMailsThatCannotBeSavedAreNotRecorded(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMails(t)
		before := b.work().Seq
		b.world.draftErr = hintedError{"write the draft: no space left on device", "make room"}
		b.keys("d")
		b.sees("no space left on device – make room", "2 mails to write.")
		b.lacks("written")
		if b.work().Seq != before {
			t.Fatal("something was recorded")
		}
		b.world.draftErr = nil
		b.keys("d")
		b.sees("2 mails written to")
	})
}

func TestEscStopsTheWritingOfMails(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMails(t)
		b.world.writing = make(chan struct{})
		before := b.work().Seq
		b.keys("d")
		b.sees("Writing 2 mails…")
		b.keys("d", "s", "o") // nothing else meanwhile
		b.sees("Writing 2 mails…")
		screen := b.top().(*mailing)
		b.keys("esc")
		b.sees("6 endpoints marked")
		b.send(mailsOutMsg{from: screen, err: errors.New("too late")})
		b.lacks("too late")
		if len(b.world.drafts) > 0 || b.work().Seq != before {
			t.Fatalf("%d drafts, %d changes", len(b.world.drafts), b.work().Seq-before)
		}
	})
}

func TestALetterIsReadAndEditedBeforeItIsWritten(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMails(t)
		b.keys("down", "down", "enter")
		b.sees("mail to the internal owner, English", "/sf/orders", "/sf/customers")
		b.keys("e")
		b.text("PLEASE. ")
		b.keys("esc", "esc")
		b.resize(140, 40)
		b.sees("PLEASE. ") // beside the list
		b.keys("d")
		if text := b.eml("mails-2026-11-23/sidestep-owner-bob-berg.eml")["text"]; !strings.Contains(text, "PLEASE. ") {
			t.Errorf("the edit is lost: %s", text)
		}
	})
}

func TestWhenAllMailsWereSentIsSaidOnce(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMails(t)
		b.keys("d", "s")
		b.sees("On which day did you send 2 mails?")
		b.fill("2026-11-20")
		b.keys("enter")
		b.sees("sent on 20 November 2026", "0 mails to write.")
		if v, _ := b.work().VendorNamed("Parcelwise"); v.Letters[0].SentAt.Day() != 20 || b.work().Endpoints[ordersKey].Drafts["owner"].SentAt.Day() != 20 {
			t.Errorf("sent: %+v, %+v", v.Letters, b.work().Endpoints[ordersKey].Drafts)
		}
		b.keys("esc", "m")
		b.sees("Which mails about 6 endpoints?")
		b.under("Reminders")
		b.keys("enter")
		b.sees("2 mails to write.", "No first mail was sent yet: Acme Desk.")
		b.keys("d")
		if _, there := b.world.drafts["mails-2026-11-23/sidestep-owner-reminder-bob-berg.eml"]; !there || len(b.world.drafts) != 4 {
			t.Errorf("drafts: %q", b.world.drafts)
		}
		b.keys("u", "u")
		b.sees("Undone: 2 mails as sent")
	})
}

func TestFinishedEndpointsNeedNoMail(t *testing.T) {
	play(t, func(t *testing.T) {
		m := several()
		for _, step := range m.Endpoints[vendorKey].Checklist(state.VendorContact) {
			m = m.MarkDone(vendorKey, step, act())
		}
		b := onBoard(t, m, 100, 30)
		b.find("parcel")
		b.keys("A", "m")
		b.sees("All of them are finished")
	})
}

func TestALetterAboutVeryManyMessagesIsReadOnItsOwnScreen(t *testing.T) {
	play(t, func(t *testing.T) {
		m := large(maxPreviewed + 10)
		m = m.NameVendor(slices.Collect(maps.Keys(m.Endpoints)), "Acme", act())
		b := onBoard(t, m, 140, 40)
		b.keys("A", "m")
		b.sees("21 endpoints", "enter shows the text.")
		b.keys("enter")
		b.sees("first mail to the vendor, English", "endpoints of Acme")
	})
}

func TestTheNumberOfAnAddressStaysBesideIt(t *testing.T) {
	const address = "https://hooks.parcelwise.example/salesforce/shipments/of/a/long/path"
	for line, first := range map[string]string{
		"    [1] " + address:           "    [1] https://hooks.",
		"[12] https://a.example":       "[12] https://a.example",
		"    a word and another one":   "    a word and another",
		"  " + address:                 "  https://hooks.",
		`- "Sync" (object Case) → [1]`: `- "Sync" (object Case)`,
	} {
		got := wrapLetter(line, 23)
		if strings.TrimRight(got[0], " ") != first {
			t.Errorf("%q gives %q", line, got)
		}
		for _, l := range got {
			if ansi.StringWidth(l) > 23 {
				t.Errorf("%q is too wide: %q", line, got)
			}
		}
	}
}

func TestTheWayBackFromVendorAndMailIsShownAtTheUsualWidth(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, chased(), 80, 24)
		for _, keys := range [][]string{{"down"}, {"G"}, {"tab", "down"}, {"m"}} {
			b.keys(keys...)
			lines := strings.Split(b.screen(), "\n")
			if footer := lines[len(lines)-1]; !strings.Contains(footer, "esc back") {
				t.Errorf("after %v the footer is %q", keys, footer)
			}
		}
	})
}

func TestEscalationsInOneGoGoToWhoseRoleIsMadeForThem(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, chased().Stand("", act()), 100, 40)
		b.keys("A", "m")
		b.sees("Which mails about")
		b.under("Escalations")
		b.keys("enter")
		b.sees("1 mail to write.", "jo@parcelwise.example")
		b.keys("d")
		b.sees("1 mail written to")
		mail := b.eml("mails-2026-11-23/sidestep-escalation-parcelwise.eml")
		if mail["To"] != "<jo@parcelwise.example>" || strings.Count(mail["Cc"], "@") != 2 || !strings.Contains(mail["Cc"], "<ida@parcelwise.example>") || !strings.Contains(mail["Cc"], "<support@parcelwise.example>") {
			t.Errorf("to %q, a copy to %q", mail["To"], mail["Cc"])
		}
	})
}

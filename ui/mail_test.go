package ui

import (
	"errors"
	netmail "net/mail"
	"net/url"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/state"
)

// onMail is an interface on the mail to the vendor.
func onMail(t *testing.T) *bench {
	t.Helper()
	b := onVendor(t, 100, 40)
	b.keys("m")
	b.sees("first mail to the vendor, English", "ida@parcelwise.example", "Hello Ida Lund,", "https://hooks.parcelwise.example/salesforce/shipments")
	return b
}

// draft is the first mail as it was saved.
func (b *bench) draft() state.Draft { return b.vendor().Drafts[string(email.First)] }

func TestTheLanguageOfTheMailIsChosenAndRemembered(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("l")
		b.sees("In which language?", "Deutsch", "Français", "Español", "Italiano", "Português", "Nederlands", "日本語")
		b.under("English")
		b.keys("down", "enter")
		b.sees("first mail to the vendor, Deutsch", "Guten Tag")
		if got := b.vendor().Language; got != "de" {
			t.Fatalf("language %q", got)
		}
		b.keys("esc", "m")
		b.sees("Deutsch")
		b.keys("l")
		b.under("Deutsch")
		b.keys("up", "up", "enter")
		b.sees("日本語", "Ida Lund 様")
		b.keys("u")
		b.sees("first mail to the vendor, Deutsch")
		b.keys("l", "esc")
		b.sees("first mail to the vendor, Deutsch")
	})
}

// TestEveryLanguageIsReachedInTheSmallestWindow: a box with more answers than rows
// shows those around the cursor, and that there are more.
func TestEveryLanguageIsReachedInTheSmallestWindow(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.resize(minWidth, minHeight)
		b.keys("l")
		b.sees("English", "↓ │", "╰")
		b.keys("up")
		b.sees("日本語", "↑ │", "╰")
	})
}

func TestTheKindOfMailFollowsTheRouteAndCanBeChosen(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("K")
		b.under("First mail to the vendor")
		b.keys("down", "enter")
		b.sees("reminder, English")
		b.keys("esc", "r", "up", "enter", "m")
		b.sees("mail to the internal owner, English")
	})
}

func TestAnEditIsKeptWithEveryKey(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("e")
		for i, r := range "Dear Ida" {
			b.text(string(r))
			if d := b.draft(); !strings.HasPrefix(d.Body, "Dear Ida"[:i+1]) || !d.Edited {
				t.Fatalf("after %d letters the draft begins %q", i+1, d.Body[:20])
			}
		}
		b.send(tea.PasteMsg{Content: ", as we said on the phone"})
		b.keys("esc")
		b.sees("Dear Ida, as we said on the phone", "edited by you", "Hello Ida Lund")
		b.close()
		again := newBench(t, b.world, 100, 40)
		again.keys("enter", "m")
		again.sees("Dear Ida, as we said on the phone", "edited by you")
	})
}

func TestAllFieldsOfTheMailCanBeEdited(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("e", "tab")
		b.fill("per@parcelwise.example")
		b.keys("enter")
		b.text("jo@parcelwise.example")
		b.keys("enter")
		b.fill("A question")
		b.keys("esc")
		b.sees("per@parcelwise.example", "Cc jo@parcelwise.example", "A question")
		if d := b.draft(); d.To != "per@parcelwise.example" || d.Cc != "jo@parcelwise.example" || d.Subject != "A question" {
			t.Fatalf("saved: %+v", d)
		}
	})
}

func TestOneUndoTakesBackAWholeEdit(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("e")
		b.text("never sent ")
		b.keys("esc", "esc", "u")
		b.sees("Undone: mail text")
		b.keys("m")
		b.lacks("never sent", "edited by you")
		if b.draft().Edited {
			t.Fatal("the edit is still saved")
		}
	})
}

func TestAnUndoneEditIsNotOnScreenAnyMore(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("e")
		b.text("never sent ")
		b.keys("esc", "u")
		b.sees("Undone: mail text")
		b.lacks("never sent")
		b.keys("c")
		if strings.Contains(b.draft().Body, "never sent") {
			t.Fatal("the edit that was undone came back")
		}
	})
}

func TestAnEditedTextIsOnlyReplacedAfterAQuestion(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("e")
		b.text("my own words ")
		b.keys("esc", "l", "enter")
		b.sees("my own words", "English")
		b.keys("l", "down", "enter")
		b.sees("Write it anew in Deutsch?")
		b.under("Leave it as it is")
		b.keys("enter")
		b.sees("my own words", "English")
		b.keys("l", "down", "enter", "down", "enter")
		b.sees("Deutsch")
		b.lacks("my own words")
		b.keys("esc", "u", "m")
		b.sees("my own words")
	})
}

// The clipboard of a desktop can take longer than the recording: what was said of
// that stays.
func TestASlowClipboardLeavesWhatWasSaid(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.world.backwards = true
		b.keys("c")
		b.sees("Recorded as written: copied", "Sidestep sends nothing itself")
	})
}

func TestCopyingRecordsTheMailAsWritten(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("c")
		b.sees("Recorded as written: copied", "Sidestep sends nothing itself")
		if len(b.terminal) != 1 || !strings.HasPrefix(b.terminal[0], "Subject: ") || !strings.Contains(b.terminal[0], "Hello Ida Lund,") || b.world.clipboard[0] != b.terminal[0] {
			t.Fatalf("copied %q and %q", b.terminal, b.world.clipboard)
		}
		if d := b.draft(); d.How != "copied" || !d.WrittenAt.Equal(b.world.now()) {
			t.Fatalf("saved: %q at %v", d.How, d.WrittenAt)
		}
		b.keys("down")
		b.sees("written just now (copied)")
	})
}

func TestTheDraftFileIsAMailAndRecordsTheMailAsWritten(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("d")
		b.sees("Recorded as written: saved as /drafts/")
		if len(b.world.drafts) != 1 {
			t.Fatalf("drafts: %v", b.world.drafts)
		}
		for name, text := range b.world.drafts {
			m, err := netmail.ReadMessage(strings.NewReader(text))
			if err != nil || !strings.HasSuffix(name, ".eml") {
				t.Fatalf("%s: %v", name, err)
			}
			if to, err := m.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "ida@parcelwise.example" {
				t.Fatalf("To: %v, %v", to, err)
			}
			if how := b.draft().How; how != "saved as /drafts/"+name {
				t.Fatalf("saved: %q", how)
			}
		}
	})
}

func TestADraftThatCannotBeWrittenIsNotRecorded(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.world.draftErr = errFull
		b.keys("d")
		b.sees("no space left on device")
		if !b.draft().WrittenAt.IsZero() {
			t.Fatal("the mail is recorded as written")
		}
	})
}

func TestAShortMailGoesWholeToTheMailProgram(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		m := b.top().(*mail)
		m.draft.Body = "A short question."
		b.keys("o")
		link, err := url.Parse(b.world.browser[0])
		if err != nil || link.Scheme != "mailto" || link.Query().Get("body") != "A short question.\r\n" && link.Query().Get("body") != "A short question." {
			t.Fatalf("opened %q (%v)", b.world.browser[0], err)
		}
		if len(b.terminal) > 0 {
			t.Fatalf("copied %q", b.terminal)
		}
		b.sees("Recorded as written: opened in the mail program")
	})
}

func TestALongMailGoesOnTheClipboardAndSaysSo(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("o")
		if len(b.world.browser) != 1 || len(b.world.browser[0]) > 2000 || !strings.HasPrefix(b.world.browser[0], "mailto:ida@parcelwise.example?subject=") {
			t.Fatalf("opened %q", b.world.browser)
		}
		if len(b.terminal) != 1 || !strings.HasPrefix(b.terminal[0], "Hello Ida Lund,") {
			t.Fatalf("copied %q", b.terminal)
		}
		b.sees("the text on the clipboard to be pasted")
		if how := b.draft().How; !strings.Contains(how, "clipboard") {
			t.Fatalf("saved: %q", how)
		}
	})
}

func TestWithoutAMailProgramNothingIsRecorded(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.world.browserErr = errors.New("there is no mail program")
		b.keys("o")
		b.sees("there is no mail program")
		if !b.draft().WrittenAt.IsZero() {
			t.Fatal("the mail is recorded as written")
		}
	})
}

func TestAMailWithoutARecipientSaysSo(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, evidenced(), 100, 30)
		b.keys("m")
		b.sees("nobody yet")
		b.keys("e")
		b.text("per@northwind.example")
		b.keys("esc")
		b.sees("To per@northwind.example")
	})
}

func TestTheDayOfTheAnswerIsAskedForAndStandsInTheMail(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("b")
		b.text("soon")
		b.keys("enter")
		b.sees("this is not a date")
		b.fill("2026-12-31")
		b.keys("enter")
		if due := b.vendor().Due; !due.Equal(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)) {
			t.Fatalf("saved: %v", due)
		}
		if body := b.top().(*mail).draft.Body; !strings.Contains(body, "31 December 2026") {
			t.Fatalf("the mail reads\n%s", body)
		}
	})
}

func TestTheMailIsScrolled(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 80, 24)
		b.keys("m")
		b.keys("G")
		b.lacks("Hello Ida Lund,")
		b.sees("Ann Admin")
		b.keys("g")
		b.sees("Hello Ida Lund,")
		top := b.frame()
		b.keys("j", "j", "k", "k") // k moves here, too
		if b.frame() != top {
			t.Errorf("after two lines down and up:\n%s", b.screen())
		}
	})
}

func TestTheMailOfAnEndpointThatIsGoneLeadsBack(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.run(b.root().s.do("taking everything away", state.New(northwind, act())))
		b.keys("c")
		b.lacks("Recorded")
		b.sees("This endpoint is no longer there")
	})
}

// TestAMailIsNotWrittenAnewForAnEndpointThatIsGone: u works while the question is asked.
func TestAMailIsNotWrittenAnewForAnEndpointThatIsGone(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("e")
		b.text("my own words ")
		b.keys("esc", "l", "down", "enter")
		b.sees("Write it anew in Deutsch?")
		b.run(b.root().s.do("taking everything away", state.New(northwind, act())))
		b.keys("down", "enter")
		b.lacks("Deutsch")
		b.keys("esc")
		b.sees("This endpoint is no longer there")
	})
}

// TestTheSmallestWindowSaysThatAMailWasSent, and what comes next.
func TestTheSmallestWindowSaysThatAMailWasSent(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, minWidth, minHeight)
		b.keys("m")
		b.sees("e edit", "↓ more")
		b.keys("e")
		b.sees("tab next field", "esc stop editing", "nobody else; several are …")
		b.keys("esc")
		b.keys("c", "s", "enter")
		b.sees("sent on "+day(today), "v answer")
		b.resize(80, 24)
		b.sees("sent on " + day(today) + " · first mail to the vendor")
		b.resize(200, 40)
		b.sees("v answer", "s sent on another day")
	})
}

// TestWhichMailItIsHasRoom, whatever its file is called.
func TestWhichMailItIsHasRoom(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 60, 20)
		b.keys("m", "d")
		b.sees("written just now · first mail to the vendor, English")
		b.resize(120, 40)
		b.sees("written just now · first mail to the vendor, English")
		b.keys("c")
		b.sees("first mail to the vendor, English · written just now (copied)")
	})
}

func TestOnlyTheAdminSaysThatAMailWasSent(t *testing.T) {
	play(t, func(t *testing.T) {
		m := worked().Reopen(vendorKey, state.Checklist(state.VendorContact, state.CallsBack)[1], act())
		b := onBoard(t, m, 100, 30)
		b.find("parcelwise")
		b.keys("m", "s")
		b.lacks("On which day did you send it?")
		b.keys("c")
		b.sees("press s when you have sent it")
		if tick := b.vendor().Ticks["first-mail"]; tick.State != state.ToDo {
			t.Fatal("a written mail counts as sent")
		}
		b.keys("s")
		b.sees("On which day did you send it?", "2026-11-23")
		b.keys("backspace")
		b.text("4")
		b.keys("enter")
		b.sees("this day has not come yet")
		b.keys("backspace")
		b.text("2")
		b.keys("enter")
		b.sees("sent on 22 November 2026")
		if e := b.vendor(); e.Ticks["first-mail"].State != state.Done || e.Drafts["first"].SentAt.Format(time.DateOnly) != "2026-11-22" {
			t.Fatalf("kept as %+v, %+v", e.Ticks["first-mail"], e.Drafts["first"])
		}
	})
}

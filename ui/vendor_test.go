package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sidestep/state"
)

const caseKey = "api.acmedesk.example/om/case"

// onRecord is an interface on a vendor's record.
func onRecord(t *testing.T, m state.Migration, cols, rows int) *bench {
	t.Helper()
	b := onBoard(t, m.Stand(vendorKey, act()), cols, rows)
	b.keys("V")
	b.sees("‹Record›", "Parcelwise")
	return b
}

// about is the vendor as it was saved.
func (b *bench) about() state.Vendor {
	b.world.mu.Lock()
	defer b.world.mu.Unlock()
	v, _ := b.world.saved[northwind.ID].VendorNamed("Parcelwise")
	return v
}

func TestTheVendorIsReachedFromItsEndpointsAndTheBoard(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, worked(), 100, 30)
		b.keys("esc")
		b.sees("‹Checklist 2/9›")
		b.keys("enter", "V")
		b.sees("‹Record›")
		b.keys("esc", "esc", "esc")
		b.find("parcelwise")
		b.keys("V")
		b.sees("‹Record›", "due today: write the first mail", "Nobody has written to them yet.")
		b.keys("esc", "esc")
		b.find("orders") // nobody's but the own company's
		b.keys("V")
		b.lacks("‹Record›")
		b.keys("enter", "V")
		b.lacks("‹Record›")
	})
}

func TestEndpointsOfAVendorAreOpenedAndResumeLeadsBack(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, chased(), 100, 30)
		b.sees("2 endpoints, 0 finished", "3/9", "Remind and escalate")
		b.down(6)
		b.under(caseKey)
		b.keys("enter")
		b.sees("‹Checklist 3/9›", "acmedesk")
		if b.work().Place != caseKey {
			t.Fatalf("stands at %q", b.work().Place)
		}
		b.keys("esc")
		b.under(caseKey)
		b.keys("esc")
		if b.sees("‹Checklist 3/9›"); b.work().Place != vendorKey {
			t.Fatalf("stands at %q", b.work().Place)
		}
	})
}

func TestThePromisedDayDecidesWhatIsNext(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, chased().Promise("Parcelwise", time.Time{}, act()), 100, 30)
		b.sees("overdue by 13 days: escalate", "no day yet")
		b.keys("b")
		b.text("soon")
		b.keys("enter")
		b.sees("this is not a date")
		b.fill("1 December 2026")
		b.keys("enter")
		b.sees("due in 9 days: remind (by 2 December 2026)", "They promised the repair by 1 December 2026", "1 December 2026  in 8 days")
		b.keys("b")
		b.fill("2026-11-23")
		b.keys("enter")
		b.sees("due tomorrow: remind", "23 November 2026  today")
		b.keys("u")
		b.sees("1 December 2026  in 8 days")
		b.keys("b")
		b.fill("")
		b.keys("enter")
		b.sees("no day yet", "overdue by 13 days: escalate")
		if v := b.about(); !v.Promised.IsZero() {
			t.Fatalf("saved %v", v.Promised)
		}
	})
}

func TestOverdueIsToldInWordsAndColour(t *testing.T) {
	play(t, func(t *testing.T) {
		for what, m := range map[string]state.Migration{
			"overdue by 13 days: escalate":     chased(),
			"due today: write the first mail":  worked(),
			"due in 8 days: remind":            worked().MailWritten(vendorKey, state.Draft{Kind: "first"}, "copied", act()).MailSent(vendorKey, "first", today.AddDate(0, 0, -6), act()),
			"✓ Nothing is left to do with the": finished(worked(), vendorKey),
		} {
			b := onRecord(t, m, 100, 30)
			th := b.root().s.theme
			style := map[string]string{"o": th.danger.Bold(true).Render("x"), "d": th.warning.Bold(true).Render("x"), "✓": th.good.Render("x")}[what[:len("o")]]
			switch {
			case strings.HasPrefix(what, "due in"):
				style = th.muted.Bold(true).Render("x")
			case strings.HasPrefix(what, "✓"):
				style = th.good.Render("x")
			}
			before, _, _ := strings.Cut(style, "x")
			if !strings.Contains(b.frame(), before+what) {
				t.Errorf("%q is not on screen in its colour:\n%s", what, b.screen())
			}
			b.close()
		}
	})
}

// finished is a migration with every step of an endpoint settled.
func finished(m state.Migration, key string) state.Migration {
	e := m.Endpoints[key]
	for _, step := range e.Checklist(e.Route) {
		m = m.MarkDone(key, step, act())
	}
	return m
}

func TestWhereNothingIsDueItSaysWhy(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, worked().ChooseRoute(vendorKey, state.InternalFix, act()), 100, 30)
		b.sees("Nothing is due: no endpoint below has the route “vendor contact”.", "internal fix:")
		b.keys("m")
		b.sees("‹Record›") // a mail would go to a colleague
		b.keys("G", "enter", "r", "down", "enter", "esc")
		b.sees("due today: write the first mail")
		b.run(b.root().s.do("a second endpoint", b.work().NameVendor([]string{caseKey}, "Parcelwise", act()).ChooseRoute(vendorKey, state.NoAction, act())))
		b.sees("Nothing is due: an endpoint below has no route yet.", "no route yet", "no action:")
	})
}

func TestTheMailThatIsDueIsWrittenAndSaidToBeSent(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, chased(), 100, 40)
		b.keys("s")
		b.lacks("On which day did you send it?")
		b.keys("m")
		b.sees("escalation, Deutsch")
		b.keys("c", "esc")
		b.sees("due tomorrow: send what is written, and say when")
		b.keys("s")
		b.sees("On which day did you send it?", "What is due next is counted from that day.")
		b.keys("enter")
		b.sees("due in 7 days: tell your own management")
		if l := b.about().Letters; len(l) != 3 || l[2].SentAt.Format(time.DateOnly) != "2026-11-23" || len(l[2].Endpoints) != 2 {
			t.Fatalf("letters %+v", l)
		}
		b.keys("tab")
		b.sees("sent escalation", "written escalation")
		b.keys("u")
		b.lacks("sent escalation")
		b.sees("written escalation")
	})
}

// TestALetterThatWasWrittenAnewIsNotAskedFor: only the last of a kind can have been sent.
func TestALetterThatWasWrittenAnewIsNotAskedFor(t *testing.T) {
	play(t, func(t *testing.T) {
		d := state.Draft{Kind: "first", Subject: "Session ids"}
		m := worked().MailWritten(vendorKey, d, "copied", act()).MailWritten(vendorKey, d, "saved", act()).MailSent(vendorKey, "first", today, act())
		b := onRecord(t, m, 100, 40)
		b.keys("s")
		b.lacks("On which day did you send it?")
	})
}

func TestTheTimelineTellsEverythingNewestFirst(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, chased(), 120, 50)
		b.keys("tab")
		rest := b.screen()
		for _, want := range []string{
			"2026-11-23 07:00 skipped: Send the first mail", "note   hooks.parcelwise.example", "Ida is back on Monday",
			"2026-11-03       sent reminder: Your repair of 1 November", "2026-11-03 09:30 written reminder",
			"2026-09-16 09:30 note", "Jo calls back on Mondays only",
			"2026-09-15 09:30 answer from jo@parcelwise.example", "It names 1 November 2026", "Dear Ann,",
			"2026-09-08       sent first mail to the vendor: Session ids in outbound messages, answer asked for by 21 September", "2026-09-08 09:30 written first mail",
			"2026-09-07 09:30 route: vendor contact  " + caseKey, "contacts: Support desk, Jo Berg; language: de; ticket: PW-4711",
		} {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Fatalf("%q is not told, or too early:\n%s", want, b.screen())
			}
			rest = after
		}
		b.lacks("mail written", "mail sent", "answer received", "note added")
		b.keys("V", "left")
		b.sees("‹Record›")
	})
}

func TestWhatWasDoneToAllEndpointsIsToldOnce(t *testing.T) {
	play(t, func(t *testing.T) {
		keys := []string{vendorKey, caseKey}
		m := evidenced().NameVendor(keys, "Parcelwise", act()).ChooseRoutes(keys, state.VendorContact, act())
		m = m.ClassifyReceiver(vendorKey, state.CallsBack, act()).ClassifyReceiver(vendorKey, state.CallsBack, act())
		b := onRecord(t, m, 120, 40)
		b.keys("tab")
		if n := strings.Count(b.screen(), "route: vendor contact"); n != 1 {
			t.Fatalf("told %d times:\n%s", n, b.screen())
		}
		b.lacks(caseKey)
		b.sees("receiver: calls back  " + vendorKey)
	})
}

func TestALongAnswerIsReadInFull(t *testing.T) {
	play(t, func(t *testing.T) {
		text := "We regret.\n" + strings.Repeat("漢字 and words\n", 2000) + hostile + "\nThe end."
		b := onRecord(t, worked().Answered("Parcelwise", state.Answer{Text: text, From: "jo@parcelwise.example"}, state.Act{By: "Ann", At: today}), 80, 24)
		b.keys("tab")
		b.sees("We regret.", "…")
		b.lacks("The end.")
		b.keys("enter", "G")
		b.sees("The end.", "<U+001B>")
		isClean(t, b.frame())
		b.keys("g")
		b.sees("answer", "We regret.")
		b.resize(60, 15)
		fits(t, b)
	})
}

func TestAVendorThatNoEndpointNamesAnyMoreKeepsItsRecord(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, chased(), 100, 40)
		b.run(b.root().s.do("the vendor", b.work().NameVendor([]string{vendorKey, caseKey}, "", act())))
		b.sees("No endpoint names this vendor any more. What was noted is kept.", "Support desk", "PW-4711", "No endpoints.")
		b.keys("m", "s")
		b.sees("‹Record›")
		b.keys("u")
		b.sees("2 endpoints, 0 finished")
		b.run(b.root().s.do("taking everything away", state.New(northwind, act())))
		b.sees("‹Record›", "Nobody yet")
		b.keys("tab")
		b.sees("Nothing yet.")
		b.keys("enter", "esc")
	})
}

func TestAnIdleVendorScreenAsksForNothing(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, chased(), 100, 40)
		before := b.frame()
		b.send(tea.MouseClickMsg{})
		b.send(savedMsg{})
		if b.frame() != before {
			t.Fatal("the screen changed by itself")
		}
	})
}

func TestAnAnswerAndACalendarFileAreAKeyAway(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		atChased(w)
		w.answers = map[string]string{"answer.eml": theirAnswer}
		b := newBench(t, w, 100, 40)
		b.keys("enter", "V", "i")
		b.sees("sidestep-reminders.ics")
		b.keys("v")
		b.sees("What did Parcelwise answer?")
		b.text("answer.eml")
		b.keys("enter", "enter")
		b.sees("The answer of Parcelwise is kept: repair promised by 15 January 2027.")
		b.keys("tab")
		b.sees("Ida Lund")
	})
}

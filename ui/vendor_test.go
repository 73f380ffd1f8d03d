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
		b.sees("2 endpoints, 0 finished", "1/9", "2/9", "Get an answer")
		b.down(6)
		b.under(caseKey)
		b.keys("enter")
		b.sees("‹Checklist 1/9›", "acmedesk")
		if b.work().Place != caseKey {
			t.Fatalf("stands at %q", b.work().Place)
		}
		b.keys("esc")
		b.under(caseKey)
		b.keys("esc")
		if b.sees("‹Checklist 2/9›"); b.work().Place != vendorKey {
			t.Fatalf("stands at %q", b.work().Place)
		}
	})
}

func TestContactsAreAddedChangedAndTakenAway(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, worked().Assign(vendorKey, "Parcelwise", state.Contact{}, act()), 100, 30)
		b.sees("Nobody yet (a adds a contact).")
		b.keys("a", "enter", "enter", "enter")
		b.sees("please enter a name")
		b.text("Support desk")
		b.keys("enter")
		b.text("support@parcelwise")
		b.keys("enter")
		b.fill("support")
		b.keys("up")
		b.fill("support@parcelwise.example")
		b.keys("enter", "enter")
		b.under("Support desk  <support@parcelwise.example>  - support")
		b.keys("a")
		b.text("שירה כהן")
		b.keys("enter", "enter")
		b.text("מפתחת")
		b.keys("enter")
		b.sees("שירה כהן", "מפתחת")
		want := []state.Person{{Contact: state.Contact{Name: "Support desk", Email: "support@parcelwise.example"}, Role: "support"}, {Contact: state.Contact{Name: "שירה כהן"}, Role: "מפתחת"}}
		if got := b.about().Contacts; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Fatalf("saved %+v", got)
		}
		b.keys("m")
		b.sees("To       support@parcelwise.example")
		b.keys("esc", "enter")
		b.fill("Service desk")
		b.keys("enter", "enter", "enter")
		b.under("Service desk")
		b.keys("d")
		b.sees("Taken away: the contact Service desk. u brings it back.")
		b.under("שירה כהן")
		b.keys("u")
		b.under("Service desk")
		if got := b.about().Contacts; len(got) != 2 {
			t.Fatalf("after undo %+v", got)
		}
	})
}

func TestTheOwnerOfAnEndpointIsTakenAsAContact(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, worked(), 100, 30)
		b.under("Ida Lund  <ida@parcelwise.example>  noted with an endpoint")
		b.keys("d")
		b.under("Ida Lund")
		b.keys("enter", "tab", "tab")
		b.text("support")
		b.keys("enter")
		b.under("Ida Lund  <ida@parcelwise.example>  - support")
		b.lacks("noted with an endpoint")
	})
}

func TestTenAddressesInOneFieldAreToldAndKept(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, worked(), 100, 30)
		all := strings.TrimSuffix(strings.Repeat("ida@parcelwise.example, ", 10), ", ")
		b.keys("a")
		b.text("Everybody")
		b.keys("tab")
		b.paste(all)
		b.keys("enter", "enter")
		b.sees("10 addresses: keep one, the others get contacts of their own")
		if got := b.top().(*ask).inputs[1].Value(); got != all {
			t.Fatalf("the line holds %q", got)
		}
		if got := b.about().Contacts; len(got) != 0 {
			t.Fatalf("saved %+v", got)
		}
		b.paste("\r\nBcc: eve@evil.example")
		b.sees("Pasted without line breaks, control characters")
		b.fill("ida@parcelwise.example")
		b.keys("enter", "enter")
		if got := b.about().Contacts; len(got) != 1 || got[0].Email != "ida@parcelwise.example" {
			t.Fatalf("saved %+v", got)
		}
	})
}

func TestTheTicketIsNotedAndItsLinkOpened(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, worked(), 100, 30)
		b.down(2)
		b.under("Ticket    none yet")
		b.keys("o", "d", "enter")
		b.text("PW-1")
		b.keys("enter")
		for link, complaint := range map[string]string{
			"javascript:alert(1)":                     "this is no link",
			"file:///etc/passwd":                      "this is no link",
			"https://":                                "this is no link",
			"PW-1":                                    "this is no link",
			"https://salesforce.com@evil.example/":    "the part before the @",
			"https://evil.example/\u202egpj.exe":      "no hidden characters",
			"https://evil.example/a b":                "no blanks",
			"https://evil.example/\"onmouseover=\"x":  "no blanks",
			"https://evil.example/\u200b":             "no hidden characters",
			"https://evil.example:port/":              "this is no link",
			"https://support.parcelwise.example/%zz%": "this is no link",
		} {
			b.fill(link)
			b.keys("enter")
			b.sees(complaint)
			if got := b.top().(*ask).inputs[1].Value(); got != link {
				t.Fatalf("the line holds %q, not %q", got, link)
			}
		}
		b.fill("")
		b.paste("https://support.parcelwise.example/\x1b]52;c;aGk=\a4711")
		b.sees("Pasted without line breaks, control characters")
		b.fill("https://support.parcelwise.example/cases/4711?view=customer")
		b.keys("enter")
		b.under("Ticket    PW-1")
		b.sees("https://support.parcelwise.example/cases/4711?view=customer")
		if len(b.world.browser) > 0 {
			t.Fatalf("opened %q", b.world.browser)
		}
		b.keys("o")
		if len(b.world.browser) != 1 || b.world.browser[0] != "https://support.parcelwise.example/cases/4711?view=customer" {
			t.Fatalf("opened %q", b.world.browser)
		}
		b.keys("d")
		if v := b.about(); v.Ticket != "" || v.TicketLink != "" {
			t.Fatalf("saved %+v", v)
		}
	})
}

// TestAHostileLinkOfAColleaguesIsShownAndNotOpened: a file that was imported may
// hold what nobody could type.
func TestAHostileLinkOfAColleaguesIsShownAndNotOpened(t *testing.T) {
	play(t, func(t *testing.T) {
		for _, link := range []string{"javascript:alert(1)", "https://evil.example/\x1b]52;c;aGk=\a", "https://evil.example/\u202egpj.exe", "https://u:p@evil.example/"} {
			b := onRecord(t, worked().DescribeVendor(state.Vendor{Name: "Parcelwise", TicketLink: link}, act()), 100, 30)
			b.sees("It can't be opened")
			b.keys("o")
			b.sees("the ticket is not opened")
			if len(b.world.browser)+len(b.terminal) > 0 {
				t.Fatalf("opened %q, copied %q", b.world.browser, b.terminal)
			}
			b.close()
		}
		b := onRecord(t, worked().DescribeVendor(state.Vendor{Name: "Parcelwise", TicketLink: "https://xn--pple-43d.example/1"}, act()), 100, 30)
		b.sees("https://xn--pple-43d.example/1", "The host reads as аpple.example.")
	})
}

func TestTheLanguageOfAVendorIsThatOfItsMails(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, worked(), 100, 30)
		b.keys("down")
		b.under("Language  English, as long as nothing else is chosen")
		b.keys("enter")
		b.under("English")
		b.keys("down", "enter")
		b.under("Language  Deutsch")
		b.keys("m")
		b.sees("Deutsch", "Guten Tag")
		b.keys("esc", "d")
		if got := b.about().Language; got != "" {
			t.Fatalf("saved %q", got)
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
			"✓ Nothing is left to do with the": worked().ChooseRoute(vendorKey, state.InternalFix, act()),
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

func TestNotesOnAVendorAreKeptAndRead(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, worked(), 100, 40)
		b.keys("n")
		long := strings.Repeat("Jo calls back on Mondays only. ", 20) + "The end."
		b.paste(long)
		b.keys("enter")
		b.sees("Jo calls back", "…")
		b.lacks("The end.")
		b.keys("G")
		b.under("2026-11-23")
		b.keys("enter")
		b.sees("Note of 23 November 2026 by Ann Admin", "The end.")
		b.keys("esc")
		if got := b.about().Notes; len(got) != 1 || got[0].Text != long {
			t.Fatalf("saved %+v", got)
		}
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
		b := onRecord(t, m, 120, 40)
		b.keys("tab")
		if n := strings.Count(b.screen(), "route: vendor contact"); n != 1 {
			t.Fatalf("told %d times:\n%s", n, b.screen())
		}
		b.lacks(caseKey)
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

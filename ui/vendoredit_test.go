package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sidestep/state"
	"sidestep/visible"
)

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
		b.under("Support desk  <support@parcelwise.example>  – support")
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
		b.under("Ida Lund  <ida@parcelwise.example>  – support")
		b.lacks("noted with an endpoint")
	})
}

// TestADashStaysWithTheRoleBehindIt: no width leaves it dangling at the end of a line.
func TestADashStaysWithTheRoleBehindIt(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, worked().Assign(vendorKey, "Parcelwise", state.Contact{}, act()), 100, 30)
		b.keys("a")
		b.text("Support desk")
		b.keys("enter")
		b.text("support@parcelwise.example")
		b.keys("enter")
		b.text("second-level support")
		b.keys("enter")
		for w := minWidth; w <= 100; w++ {
			b.resize(w, 30)
			for _, l := range strings.Split(b.screen(), "\n") {
				if l = strings.TrimRight(l, " "); strings.HasSuffix(l, "–") || strings.HasSuffix(l, " -") {
					t.Fatalf("at %d columns a line ends in a dash:\n%s", w, b.screen())
				}
			}
			b.sees("– second-")
		}
	})
}

// A name with hidden characters leaves the box that it is typed in straight.
func TestABoxStaysStraightAroundHiddenCharacters(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, worked(), 100, 30)
		b.keys("a")
		b.paste("\u202eمحمد\u200b علي")
		lines := strings.Split(visible.Drawn(b.top().(*ask).Box(b.size)), "\n")
		for _, l := range lines {
			if ansi.StringWidth(l) != ansi.StringWidth(lines[0]) {
				t.Errorf("not as wide as the others: %s", ansi.Strip(l))
			}
		}
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

func TestContactsThatAnotherOrgKnowsAreProposed(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		atVendor(w)
		other := worked()
		other.ID, other.Org.Name = "00D000000000009", "Tailspin Toys"
		jane := state.Person{Contact: state.Contact{Name: "Jane Doe", Email: "jane@parcelwise.example"}, Role: "support"}
		w.keep(other.DescribeVendor(state.Vendor{Name: " parcelwise ", Contacts: []state.Person{jane, {Contact: state.Contact{Name: "Ida Lund", Email: "IDA@parcelwise.example"}}}}, act()))
		w.keep(w.saved[northwind.ID].DescribeVendor(state.Vendor{Name: "Parcelwise", Contacts: []state.Person{{Contact: state.Contact{Name: "Ida Lund", Email: "ida@parcelwise.example"}}}}, act()))
		b := newBench(t, w, 100, 40)
		b.keys("enter", "V", "down")
		b.under("Jane Doe")
		b.sees("noted in Tailspin Toys")
		if strings.Count(strings.ToLower(b.screen()), "ida@parcelwise") != 1 {
			t.Errorf("who is noted here is proposed again:\n%s", b.screen())
		}
		b.keys("enter", "enter", "enter", "enter")
		b.lacks("noted in Tailspin Toys")
		if v, _ := b.work().VendorNamed("Parcelwise"); len(v.Contacts) != 2 || v.Contacts[1] != jane {
			t.Errorf("contacts: %+v", v.Contacts)
		}
	})
}

func TestAVendorIsRenamedWithItsRecord(t *testing.T) {
	play(t, func(t *testing.T) {
		m := chased().NameVendor([]string{ordersKey}, "Acme", act())
		b := onRecord(t, m, 100, 40)
		before := b.about()
		b.keys("e")
		b.sees("A new name for Parcelwise")
		b.fill(" ")
		b.keys("enter")
		b.sees("please enter a name")
		b.fill("ACME")
		b.keys("enter")
		b.sees("another vendor has this name")
		b.fill("Parcelwise Group")
		b.keys("enter")
		b.sees("› Parcelwise Group", "Jo Berg", "2 endpoints", "Timeline")
		after, _ := b.work().VendorNamed("Parcelwise Group")
		if len(after.Letters) != len(before.Letters) || len(after.Contacts) != len(before.Contacts) || b.work().VendorKnown("Parcelwise") || b.work().Endpoints[vendorKey].Vendor != "Parcelwise Group" {
			t.Fatalf("saved %+v", after)
		}
		b.keys("e")
		b.fill("Parcels")
		b.keys("enter")
		b.sees("› Parcels")
		b.keys("u")
		b.sees("› Parcelwise Group", "Jo Berg")
		b.keys("u")
		b.sees("Undone: the name Parcelwise Group", "Jo Berg")
		b.lacks("› Parcelwise Group")
		if got := b.about(); len(got.History) != len(before.History) || len(got.Letters) != len(before.Letters) {
			t.Fatalf("after undo %+v", got)
		}
	})
}

package ui

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"

	"sidestep/salesforce"
	"sidestep/state"
	"sidestep/vendors"
)

// marks are the keys of what is marked, sorted.
func (b *bench) marks() []string {
	for _, s := range b.root().stack {
		if board, ok := s.(*board); ok {
			return board.chosen().keys
		}
	}
	b.t.Fatal("there is no board")
	return nil
}

// marked fails the test unless exactly these endpoints are marked.
func (b *bench) marked(keys ...string) {
	b.t.Helper()
	slices.Sort(keys)
	if got := b.marks(); !slices.Equal(got, keys) {
		b.t.Fatalf("marked are %q, want %q:\n%s", got, keys, b.screen())
	}
}

// routes counts the endpoints by route.
func (b *bench) routes() map[state.Route]int {
	n := map[state.Route]int{}
	for _, e := range b.work().Endpoints {
		n[e.Route]++
	}
	return n
}

// onSeveral is the board over work with two vendors and a colleague.
func onSeveral(t *testing.T) *bench { return onBoard(t, several(), 100, 30) }

func TestEndpointsAndHostsAreMarked(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onSeveral(t)
		b.lacks("◆", "◇", "marked")
		b.keys("g", "down", "space")
		b.marked(ordersKey)
		b.sees("◆ 1 endpoint marked", "◆  ● sent     /sf/orders", "◇▾ integration.northwind.example")
		b.keys("up", "space") // the rest of the host
		b.marked(ordersKey, customersKey)
		b.sees("◆ 2 endpoints marked", "◆▾ integration.northwind.example")
		b.keys("space")
		b.marked()
		b.lacks("◆", "◇")
		b.keys("down", "right", "down", "space") // on a message
		b.marked(ordersKey)
		b.keys("A")
		b.sees("6 endpoints marked", "A none")
		b.keys("A")
		b.marked()
	})
}

func TestAFoldedHostIsMarkedWithAllItsEndpoints(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onSeveral(t)
		b.keys("g", "left", "space")
		b.marked(ordersKey, customersKey)
		b.sees("◆▸ integration.northwind.example", "2 endpoints marked")
		b.lacks("hidden")
	})
}

func TestOnlyWhatIsShownIsMarkedByAll(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onSeveral(t)
		b.keys("g", "down", "space")
		b.keys("/")
		b.text("parcel")
		b.sees("◆ 1 endpoint marked, 1 of them hidden")
		b.keys("enter", "A")
		b.marked(ordersKey, vendorKey)
		b.sees("◆ 2 endpoints marked, 1 of them hidden")
		b.keys("r")
		b.sees("What happens with 2 endpoints (1 of them hidden)?")
		b.keys("esc", "A") // takes away only the marks that are shown
		b.marked(ordersKey)
		b.keys("/")
		b.text("zebra")
		b.keys("enter", "space", "A")
		b.marked(ordersKey)
		b.keys("r") // with no row at all
		b.sees("What happens with 1 endpoint (1 of them hidden)?")
	})
}

func TestEscTakesTheMarksAwayFirst(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onSeveral(t)
		b.find("parcel")
		b.keys("space")
		b.sees("esc unmark 1")
		b.keys("esc")
		b.marked()
		b.sees("search: parcel", "esc show all")
		b.keys("esc")
		b.lacks("search:")
		b.keys("esc")
		if _, home := b.top().(*home); !home {
			t.Fatalf("esc does not lead home:\n%s", b.screen())
		}
	})
}

func TestMarksStayThroughSortingAndAScan(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.keep(several())
		b := newBench(t, w, 100, 30)
		b.root().s.deps.Demo = nil
		b.keys("enter")
		b.root().s.org = w.org
		b.keys("g", "down", "space", "t", "t", "/")
		b.text("northwind")
		b.keys("enter", "f", "g", "down")
		under := b.root().s.look.at
		f := liveFindings()
		f.Source.At = today.AddDate(0, 0, 1)
		f.Messages = append(f.Messages, msg("Lead", "Send_lead", "Send lead", "https://leads.northwind.example/in", &no))
		w.org.findings = f
		b.keys("R")
		b.sees("Since the last scan: 1 new", "search: northwind", "sorted by progress", "showing: still to do", "leads.northwind.example")
		b.marked(ordersKey)
		if at := b.root().s.look.at; at != under || !strings.HasPrefix(at, "e:") {
			t.Fatalf("the cursor is on %s, and was on %s:\n%s", at, under, b.screen())
		}
		b.keys("/", "backspace") // the search goes on with what was typed
		b.sees("search northwin")
	})
}

func TestAnotherMigrationIsLookedAtAfresh(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onSeveral(t)
		b.keys("f", "A", "esc", "A", "u", "t", "esc", "esc", "esc")
		b.keys("enter")
		b.lacks("marked", "showing:", "sorted by")
	})
}

func TestARouteForAllIsOneChange(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onSeveral(t)
		before := b.routes()
		b.keys("g", "space", "/")
		b.text("mailer")
		b.keys("enter", "A", "r")
		b.sees("What happens with 3 endpoints (2 of them hidden)?", "2 have a route already")
		b.under("internal fix")
		b.keys("down", "down", "enter")
		b.sees("Set for 3 endpoints: route “retire”. u takes it back.")
		for _, key := range []string{ordersKey, customersKey, secretKey} {
			if got := b.work().Endpoints[key].Route; got != state.Retire {
				t.Errorf("%s: route %q", key, got)
			}
		}
		if !b.sameWork() {
			t.Fatal("it is not saved")
		}
		b.marked(ordersKey, customersKey, secretKey) // for the next change
		b.keys("u")
		b.sees("Undone: route “retire” of 3 endpoints")
		if got := b.routes(); fmt.Sprint(got) != fmt.Sprint(before) {
			t.Fatalf("routes after undo: %v, before %v", got, before)
		}
	})
}

func TestOneOwnerForAllLeavesWhatTheyDoNotHaveInCommon(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onSeveral(t)
		b.keys("g", "space", "/")
		b.text("mailer")
		b.keys("enter", "space", "o")
		b.sees("Who runs 3 endpoints (2 of them hidden)?", "they differ; empty leaves them")
		b.keys("enter", "enter", "enter")
		b.sees("Nothing was changed.")
		b.keys("o", "tab")
		b.text("Eve")
		b.keys("tab")
		b.text("nonsense")
		b.keys("enter")
		b.sees("not a mail address")
		b.fill("eve@northwind.example")
		b.keys("enter")
		b.sees("Set for 3 endpoints: owner.")
		eve := state.Contact{Name: "Eve", Email: "eve@northwind.example"}
		for _, key := range []string{ordersKey, customersKey, secretKey} {
			if e := b.work().Endpoints[key]; e.Owner != eve || e.Vendor != "" {
				t.Errorf("%s: %+v, vendor %q", key, e.Owner, e.Vendor)
			}
		}
		b.keys("u")
		if e := b.work().Endpoints[secretKey]; e.Owner != (state.Contact{}) {
			t.Errorf("after undo: %+v", e.Owner)
		}
		if e := b.work().Endpoints[ordersKey]; e.Owner.Name != "Bob Berg" {
			t.Errorf("after undo: %+v", e.Owner)
		}
	})
}

func TestTheDirectoryProposesAVendorWhenAllAgree(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		w.directory = vendors.BuiltIn()
		f := liveFindings()
		f.Messages = []salesforce.Message{
			msg("Account", "One", "One", "https://na1.congamerge.com/a", &no), msg("Account", "Two", "Two", "https://na2.congamerge.com/b", &no),
			msg("Account", "Three", "Three", "https://other.example/c", &no), msg("Account", "Four", "Four", "https://hooks.zapier.com/d", &no),
		}
		m, _ := state.New(northwind, act()).Merge(f, act())
		m = m.NameVendor([]string{"na2.congamerge.com/b"}, "Conga", act())
		w.keep(m)
		b := newBench(t, w, 100, 30)
		b.keys("enter", "/")
		b.text("conga")
		b.keys("enter", "A", "o")
		b.sees("Who runs 2 endpoints?", "Vendor   Conga", "congamerge.com")
		b.keys("enter", "enter", "enter")
		b.sees("Set for 2 endpoints: vendor.")
		if got := b.work().EndpointsOf("Conga"); len(got) != 2 {
			t.Fatalf("Conga runs %q", got)
		}
		b.keys("u")
		if got := b.work().EndpointsOf("Conga"); len(got) != 1 {
			t.Fatalf("after undo Conga runs %q", got)
		}
		b.keys("esc", "/")
		b.fill("")
		b.keys("enter", "A", "o") // they do not agree
		b.lacks("Conga")
		b.sees("they differ")
		b.keys("esc", "esc", "/")
		b.text("zapier")
		b.keys("enter", "A", "o") // a platform of many owners
		b.lacks("Vendor   Zapier")
	})
}

func TestWhatIsKnownOfAllIsSaidOnce(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onSeveral(t)
		b.keys("A", "w")
		b.sees("What do you know about 6 endpoints?")
		b.keys("down", "enter")
		b.text("the contract says so")
		b.keys("enter", "enter", "enter")
		b.sees("✓ 2 not affected", "● 5 sent", "Set for 6 endpoints: what you know.") // evidence weighs more
		for key, e := range b.work().Endpoints {
			if e.Statement == nil || e.Statement.Says || e.Statement.Reason != "the contract says so" {
				t.Errorf("%s: %+v", key, e.Statement)
			}
		}
		b.keys("w")
		b.sees("About 6 of them something was said already")
		b.keys("up", "enter")
		for key, e := range b.work().Endpoints {
			if e.Statement != nil {
				t.Errorf("%s: %+v", key, e.Statement)
			}
		}
		b.keys("u", "u")
		b.sees("Undone: what you know of 6 endpoints")
	})
}

func TestTheReceiversOfAllAreClassedAtOnce(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onSeveral(t)
		b.keys("g", "space", "c")
		b.sees("What did the receivers of 2 endpoints do with the session id?")
		b.keys("down", "enter")
		for _, key := range []string{ordersKey, customersKey} {
			if got := b.work().Endpoints[key].Receiver; got != state.CallsBack {
				t.Errorf("%s: %q", key, got)
			}
		}
	})
}

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
		b.sees("Undone: 2 mails written")
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
	var text strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := m.Body.Read(buf)
		text.Write(buf[:n])
		if err != nil {
			break
		}
	}
	return map[string]string{"To": m.Header.Get("To"), "text": strings.ReplaceAll(text.String(), "=\r\n", "")}
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

// BenchmarkMark marks and unmarks the endpoint under the cursor, and then all.
func BenchmarkMark(b *testing.B) {
	for _, k := range []string{"space", "A"} {
		b.Run(k, func(b *testing.B) {
			bn := largeBench(b, 200, 60)
			bn.keys("/")
			bn.text("vendor")
			bn.keys("enter")
			for b.Loop() {
				bn.model, _ = bn.model.Update(keyPress(k))
				_ = bn.model.View()
			}
		})
	}
}

// BenchmarkKeyWithMarks moves the cursor while a thousand endpoints are marked.
func BenchmarkKeyWithMarks(b *testing.B) {
	bn := largeBench(b, 200, 60)
	bn.keys("A")
	i := 0
	for b.Loop() {
		bn.model, _ = bn.model.Update(keyPress([]string{"down", "up"}[i%2]))
		_ = bn.model.View()
		i++
	}
}

// BenchmarkAskAll asks for the owner of a thousand marked endpoints, for their
// mails, and sets their route.
func BenchmarkAskAll(b *testing.B) {
	for _, keys := range [][]string{{"o", "esc"}, {"m", "esc"}, {"r", "enter"}} {
		b.Run(keys[0], func(b *testing.B) {
			bn := largeBench(b, 200, 60)
			bn.root().s.deps.Vendors = vendors.BuiltIn()
			bn.keys("A")
			for b.Loop() {
				for _, k := range keys {
					bn.model, _ = bn.model.Update(keyPress(k))
					_ = bn.model.View()
				}
			}
		})
	}
}

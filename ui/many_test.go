package ui

import (
	"fmt"
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
		b.keys("enter")
		b.root().s.org = w.org
		b.keys("g", "down", "space", "t", "t", "/")
		b.text("northwind")
		b.keys("enter", "f", "g", "down")
		under := b.root().s.lastLook.at
		f := liveFindings()
		f.Source.At = today.AddDate(0, 0, 1)
		f.Messages = append(f.Messages, msg("Lead", "Send_lead", "Send lead", "https://leads.northwind.example/in", &no))
		w.org.findings = f
		b.keys("R")
		b.sees("Since the last scan: 1 new", "search: northwind", "sorted by progress", "showing: still to do", "leads.northwind.example")
		b.marked(ordersKey)
		if at := b.root().s.lastLook.at; at != under || !strings.HasPrefix(at, "e:") {
			t.Fatalf("the cursor is on %s, and was on %s:\n%s", at, under, b.screen())
		}
		b.keys("/", "backspace") // the search goes on with what was typed
		b.sees("search northwin")
	})
}

func TestAScanLeadsBackToWhatWasLookedAt(t *testing.T) {
	play(t, func(t *testing.T) {
		for keys, first := range map[string]bool{"": true, "f": false, "A": false} {
			b := onBoard(t, evidenced(), 100, 30) // nothing is decided: triage comes first
			b.root().s.org = b.world.org
			if keys != "" {
				b.keys(keys)
			}
			b.keys("R")
			if _, triaged := b.top().(*triage); triaged != first {
				t.Errorf("after %q and a scan:\n%s", keys, b.screen())
			}
		}
	})
}

func TestAnotherMigrationIsLookedAtAfresh(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onSeveral(t)
		b.keys("f", "t", "A")
		b.sees("marked", "showing:", "sorted by")
		b.keys("esc", "esc", "esc", "enter")
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
		b.under("Internal fix")
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

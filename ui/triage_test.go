package ui

import (
	"slices"
	"testing"

	"sidestep/state"
)

func onTriage(t *testing.T, m state.Migration, cols, rows int) *bench {
	t.Helper()
	w := newWorld()
	w.keep(m)
	b := newBench(t, w, cols, rows)
	b.keys("enter")
	return b
}

func TestTriageComesFirstUntilSomethingIsDecided(t *testing.T) {
	for _, c := range []struct {
		name  string
		m     state.Migration
		first bool
	}{
		{"nothing decided", evidenced(), true},
		{"something decided", worked(), false},
		{"nothing known of what fires the messages", scanned(), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, func(t *testing.T) {
				b := onTriage(t, c.m, 100, 30)
				if _, first := b.top().(*triage); first != c.first {
					t.Fatalf("on screen:\n%s", b.screen())
				}
				b.keys("esc")
				if c.first {
					b.sees("verdict", "host, endpoint")
				}
			})
		})
	}
}

func TestTriageNarrowsTheBoard(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onTriage(t, evidenced(), 100, 30)
		b.sees("something active", "can't be told", "nothing at all", "not affected")
		b.keys("down", "down", "enter")
		b.sees("triage: nothing at all", "/sf/customers", "api.acmedesk.example")
		b.lacks("/sf/orders", "mailer.example")
		b.keys("esc")
		b.sees("/sf/orders", "mailer.example")
		b.lacks("triage: ")
		b.keys("tab")
		b.sees("fired by")
		b.keys("tab")
		b.sees("host, endpoint")
	})
}

func TestAGroupIsDecidedAsOne(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onTriage(t, evidenced(), 100, 30)
		g := b.root().s.o.Triage()[2]
		if g.Use != state.Unused || len(g.Endpoints) != 2 {
			t.Fatalf("the group is %+v", g)
		}
		b.keys("down", "down", "r")
		b.sees("What happens with 2 endpoints (nothing at all)?")
		b.under("Retire")
		b.keys("enter")
		b.sees("Every endpoint of this group has a route.")
		for key, e := range b.work().Endpoints {
			if want := slices.Contains(g.Endpoints, key); (e.Route == state.Retire) != want {
				t.Errorf("%s: route %q", key, e.Route)
			}
		}
		if !b.sameWork() {
			t.Fatal("it is not saved")
		}
		b.keys("u")
		for key, e := range b.work().Endpoints {
			if e.Route != state.Undecided {
				t.Errorf("%s still has the route %q", key, e.Route)
			}
		}
	})
}

func TestWhatIsDecidedAlreadyStaysInItsGroup(t *testing.T) {
	play(t, func(t *testing.T) {
		m := evidenced()
		for _, g := range m.Overview().Triage() {
			if g.Use == state.Unused {
				m = m.ChooseRoute(g.Endpoints[0], state.VendorContact, act())
			}
		}
		b := onBoard(t, m, 100, 30)
		b.keys("tab", "down", "down", "r")
		b.sees("What happens with 1 endpoint (nothing at all)?")
		b.keys("enter")
		routes := map[state.Route]int{}
		for _, e := range b.work().Endpoints {
			routes[e.Route]++
		}
		if routes[state.VendorContact] != 1 || routes[state.Retire] != 1 {
			t.Errorf("the routes are %v", routes)
		}
	})
}

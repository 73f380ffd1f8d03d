package state

import (
	"maps"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
)

// spread is a migration with two messages on one endpoint, one on another
// endpoint of the same host, and one elsewhere.
func spread() Migration {
	m, _ := merge(New(northwind, by(0)), scan(0,
		message("Account", "A", ordersURL, flagged(false)), message("Account", "B", ordersURL, flagged(false)),
		message("Case", "C", "https://hooks.example.com/cases", flagged(false)), message("Case", "D", legacyURL, flagged(false))), 0)
	return m
}

func sameVerdicts(t *testing.T, got, want Overview) {
	t.Helper()
	if !maps.Equal(got.Verdicts, want.Verdicts) {
		t.Errorf("after one change %v, from nothing %v", got.Verdicts, want.Verdicts)
	}
}

func TestAStatementCoversItsScope(t *testing.T) {
	for _, c := range []struct {
		about Subject
		holds string
	}{
		{Subject{OneMessage, "Account.A"}, "Account.A"},
		{Subject{WholeEndpoint, ordersKey}, "Account.A Account.B"},
		{Subject{WholeHost, "hooks.example.com"}, "Account.A Account.B Case.C"},
	} {
		t.Run(string(c.about.Scope), func(t *testing.T) {
			m := spread()
			before := m.Overview()
			stated := m.State(c.about, Statement{Says: true, Reason: "the manual asks for it", Document: "manual.pdf", AsOf: at(-1000)}, by(1))
			var holds []string
			for _, key := range []string{"Account.A", "Account.B", "Case.C", "Case.D"} {
				if verdict(t, stated, key) == salesforce.Stated {
					holds = append(holds, key)
				}
			}
			if got := strings.Join(holds, " "); got != c.holds {
				t.Errorf("holds for %q, want %q", got, c.holds)
			}
			sameVerdicts(t, before.Next(stated), stated.Overview())
			e := stated.weigh().assess(stated.Messages["Account.A"], nil).Deciding
			if !strings.HasPrefix(e.Where, "manual.pdf") || e.Note != "the manual asks for it" || !e.At.Equal(at(-1000)) {
				t.Errorf("shown as %+v", e)
			}
			if st := stated.StatementOn(c.about); st == nil || st.By != "ann" || !st.At.Equal(at(1)) {
				t.Errorf("kept as %+v", st)
			}
			// A statement replaces the one before, and can be taken back.
			if other := stated.State(c.about, Statement{Reason: "Bob looked at the code"}, by(2)); verdict(t, other, "Account.A") != salesforce.NotAffected {
				t.Error("the second statement does not count")
			}
			back := stated.Unstate(c.about, by(3))
			if verdict(t, back, "Account.A") != salesforce.Unknown || back.StatementOn(c.about) != nil {
				t.Error("what was taken back still counts")
			}
			sameVerdicts(t, before.Next(stated).Next(back), back.Overview())
		})
	}
}

func TestABroadStatementHoldsForWhatIsFoundLater(t *testing.T) {
	m := spread().State(Subject{WholeEndpoint, ordersKey}, Statement{Says: true, Reason: "x"}, by(1))
	m = m.State(Subject{WholeHost, "legacy.example.net"}, Statement{Says: true, Reason: "y"}, by(2))
	m, _ = merge(m, backup("january", message("Lead", "E", ordersURL, nil), message("Lead", "F", "https://legacy.example.net/other", nil)), 3)
	for _, key := range []string{"Lead.E", "Lead.F"} {
		// The org, which was read completely, does not have them.
		if got := verdict(t, m, key); got != salesforce.Gone {
			t.Errorf("%s is %s", key, got)
		}
	}
}

func TestStatementsAreSaved(t *testing.T) {
	m := spread()
	for i, about := range []Subject{{OneMessage, "Account.A"}, {WholeEndpoint, legacyKey}, {WholeHost, "hooks.example.com"}} {
		m = m.State(about, Statement{Says: i != 1, Reason: "because", Document: "doc", AsOf: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}, by(i))
	}
	data, err := Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, m)
}

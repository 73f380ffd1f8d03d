package ui

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
	"sidestep/state"
)

// large is a migration with n messages on n/10 endpoints and n/40 hosts.
func large(n int) state.Migration {
	act := state.Act{By: "Ann Admin", At: today}
	f := liveFindings()
	f.Messages = nil
	for i := range n {
		e := i / 10
		f.Messages = append(f.Messages, msg("Account", fmt.Sprintf("Message_%05d", i), fmt.Sprintf("Message %d", i),
			fmt.Sprintf("https://host%d.vendor.example/in/%d", e/4, e), &no))
	}
	m := state.New(state.Org{ID: f.Source.OrgID, Name: "Large", Instance: "http://localhost:1"}, act)
	m, _ = m.Merge(f, act)
	b := salesforce.Findings{Source: backupFindings().Source}
	for i, msg := range f.Messages {
		if i%3 > 0 {
			msg.IncludeSessionID = &yes
			b.Messages = append(b.Messages, msg)
		}
	}
	m, _ = m.Merge(b, act)
	return m
}

func largeBench(b *testing.B, cols, rows int) *bench {
	w := newWorld()
	m := large(10_000)
	w.saved[m.ID] = m
	bn := newBench(b, w, cols, rows)
	bn.keys("enter")
	return bn
}

// BenchmarkKey is a cursor key on the board, to the finished frame.
func BenchmarkKey(b *testing.B) {
	bn := largeBench(b, 200, 60)
	keys := []tea.Msg{keyPress("down"), keyPress("down"), keyPress("up"), keyPress("pgdown")}
	i := 0
	for b.Loop() {
		bn.model, _ = bn.model.Update(keys[i%len(keys)])
		_ = bn.model.View()
		i++
	}
}

// BenchmarkSearchKey is a letter typed into the search.
func BenchmarkSearchKey(b *testing.B) {
	bn := largeBench(b, 200, 60)
	bn.keys("/")
	i := 0
	for b.Loop() {
		k := keyPress("h")
		if i%2 == 1 {
			k = tea.KeyPressMsg{Code: tea.KeyBackspace}
		}
		bn.model, _ = bn.model.Update(k)
		_ = bn.model.View()
		i++
	}
}

// BenchmarkTick is a change to the work: a step ticked and unticked.
func BenchmarkTick(b *testing.B) {
	bn := largeBench(b, 200, 60)
	bn.keys("down", "enter", "r", "enter")
	for b.Loop() {
		bn.model, _ = bn.model.Update(keyPress("space"))
		_ = bn.model.View()
	}
}

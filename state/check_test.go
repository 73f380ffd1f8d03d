package state

import (
	"slices"
	"strings"
	"testing"

	"sidestep/salesforce"
)

func TestACheckThatPassesSettlesItsStep(t *testing.T) {
	m := worked(t)
	passed := m.Checked(ordersKey, CheckOAuth, Check{Passed: true, Summary: "a token came back", Details: []string{"user: bot@northwind.example"}}, by(9))
	e := passed.Endpoints[ordersKey]
	if tick := e.Ticks["token"]; tick.State != Done || tick.Note != "a token came back" || tick.By != "ann" || !tick.At.Equal(at(9)) {
		t.Errorf("the step: %+v", tick)
	}
	if c := e.Checks[CheckOAuth]; !c.Passed || !c.At.Equal(at(9)) || c.By != "ann" || len(c.Details) != 1 {
		t.Errorf("the check: %+v", c)
	}
	if len(m.Endpoints[ordersKey].Checks) != 0 {
		t.Error("the earlier value was changed")
	}
	if last := e.History[len(e.History)-1].What; !strings.Contains(last, "the new credentials: a token came back") {
		t.Errorf("history: %s", last)
	}
	// Not seen is not failed: what is ticked stays so.
	failed := passed.Checked(ordersKey, CheckOAuth, Check{Summary: "the host did not answer"}, by(10))
	if failed.Endpoints[ordersKey].Ticks["token"].State != Done || failed.Endpoints[ordersKey].Checks[CheckOAuth].Passed {
		t.Error("a check that did not pass took a tick back")
	}
	if got := passed.Endpoints[ordersKey].Proofs(); len(got) != 1 || !strings.Contains(got[0], "a token came back (the new credentials, 2026-11-23)") {
		t.Errorf("proofs %q", got)
	}
	data, err := Encode(failed)
	if err != nil {
		t.Fatal(err)
	}
	read, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, read, failed)
}

func TestACheckThatFailsTicksNothing(t *testing.T) {
	m := worked(t).Checked(ordersKey, CheckEndpoint, Check{Summary: "Ack false"}, by(9))
	if m.Endpoints[ordersKey].Ticks["rehearse"].State != ToDo {
		t.Error("ticked")
	}
}

// TestTheChangeOverIsTheLatestStepOfTheNewWayIn: the steps are found by their ids in the
// checklists, so each has to be in one.
func TestTheChangeOverIsTheLatestStepOfTheNewWayIn(t *testing.T) {
	step := func(r Route, id string) Step {
		all := Checklist(r, CallsBack)
		i := slices.IndexFunc(all, func(s Step) bool { return s.ID == id })
		if i < 0 {
			t.Fatalf("the checklist of %q has no step %q", r, id)
		}
		return all[i]
	}
	m := worked(t)
	if got := m.Endpoints[ordersKey].ChangedOver(); !got.Equal(salesforce.Cutoff) {
		t.Errorf("before any step: %v", got)
	}
	for i, s := range []Step{step(InternalFix, "token"), step(VendorContact, "test"), step(InternalFix, "deploy")} {
		m = m.MarkDone(ordersKey, s, by(9+i))
		if got := m.Endpoints[ordersKey].ChangedOver(); !got.Equal(at(9 + i)) {
			t.Errorf("after %q: %v", s.ID, got)
		}
	}
	skipped := worked(t).Skip(ordersKey, step(InternalFix, "deploy"), "nothing to deploy", by(9))
	if got := skipped.Endpoints[ordersKey].ChangedOver(); !got.Equal(salesforce.Cutoff) {
		t.Errorf("after a step that was skipped: %v", got)
	}
}

func TestASignOffIsGivenOnEvidenceAndTakenBackForAReason(t *testing.T) {
	m := worked(t).SignedOff(ordersKey, "Bob Builder", "the test order arrived", by(9))
	if tick := m.Endpoints[ordersKey].Ticks[SignOff]; tick.State != Done || tick.By != "Bob Builder" || tick.Note != "the test order arrived" {
		t.Errorf("signed off as %+v", tick)
	}
	m = m.ReopenSignOff(ordersKey, "orders are missing again", by(10))
	e := m.Endpoints[ordersKey]
	if e.Ticks[SignOff].State != ToDo {
		t.Error("still signed off")
	}
	what := []string{e.History[len(e.History)-2].What, e.History[len(e.History)-1].What}
	if !slices.Equal(what, []string{"signed off by Bob Builder: the test order arrived", "sign-off taken back: orders are missing again"}) {
		t.Errorf("history %q", what)
	}
}

func TestTheOpenStepsAreThoseBeforeTheSignOff(t *testing.T) {
	e := worked(t).Endpoints[ordersKey]
	open := e.StepsOpen()
	if len(open) != 9 || open[0] != "Find out what it does with the session id" || slices.Contains(open, "Sign off") {
		t.Errorf("open: %q", open)
	}
}

package state

import (
	"testing"

	"sidestep/salesforce"
)

// history is what a repository holds: the version of today, and one before it
// that was sent elsewhere.
func history() salesforce.Findings {
	today := message("Account", "Send_order", ordersURL, flagged(false))
	today.At, today.Commit = at(0), "aaaaaaaaaaaa"
	before := message("Account", "Send_order", legacyURL, flagged(true))
	before.At, before.Commit, before.Past = salesforce.Cutoff.AddDate(0, -1, 0), "bbbbbbbbbbbb", true
	return salesforce.Findings{
		Source:   salesforce.Source{ID: "git-1", Kind: salesforce.SourceGit, Name: "acme", At: at(0), Complete: true},
		Messages: []salesforce.Message{today, before},
	}
}

func TestAPastVersionIsEvidenceAndNoEndpoint(t *testing.T) {
	m, _ := New(Org{}, by(0)).Merge(history(), by(0))
	if len(m.Endpoints) != 1 || m.Endpoints[ordersKey].Key == "" {
		t.Errorf("endpoints %v", m.Endpoints)
	}
	o := m.Overview()
	if o.Verdicts[salesforce.Sent] != 1 || o.Messages != 1 {
		t.Errorf("%d messages, verdicts %v", o.Messages, o.Verdicts)
	}
	if ev := o.Hosts[0].Endpoints[0].Messages[0].Assessment.Evidence; len(ev) != 2 {
		t.Errorf("evidence %+v", ev)
	}
}

func TestAMessageOfWhichAllVersionsArePastIsStillShown(t *testing.T) {
	f := history()
	f.Messages = f.Messages[1:]
	m, _ := New(Org{}, by(0)).Merge(f, by(0))
	if o := m.Overview(); o.Messages != 1 || m.Endpoints[legacyKey].Key == "" {
		t.Errorf("%d messages, endpoints %v", o.Messages, m.Endpoints)
	}
}

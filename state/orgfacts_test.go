package state

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/audit"
)

func trail(id string, entries ...salesforce.AuditEntry) salesforce.Findings {
	return salesforce.Findings{
		Source: salesforce.Source{ID: id, Kind: salesforce.SourceAudit, Name: id + ".csv", At: at(0), Complete: true},
		Audit:  entries,
	}
}

func auditLine(at time.Time, display string) salesforce.AuditEntry {
	return salesforce.AuditEntry{At: at, By: "ann@northwind.example", Display: display}
}

var (
	march   = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	created = auditLine(march, "Created outbound message Send_order for object: Account")
)

func viewOf(t *testing.T, m Migration, key string) MessageView {
	t.Helper()
	for _, h := range m.Overview().Hosts {
		for _, e := range h.Endpoints {
			for _, msg := range e.Messages {
				if msg.Key() == key {
					return msg
				}
			}
		}
	}
	t.Fatalf("no %s", key)
	return MessageView{}
}

// A creation in the audit trail is an all-clear only when nothing speaks of an
// older message of that name.
func TestCreationInTheAuditTrail(t *testing.T) {
	undated := backup("files-1", message("Account", "Send_order", ordersURL, flagged(false)))
	undated.Source.AsOf = time.Time{}
	old := undated
	old.Source.AsOf = salesforce.Cutoff.AddDate(-2, 0, 0) // too old a false to decide
	sent := undated
	sent.Messages = []salesforce.Message{message("Account", "Send_order", ordersURL, flagged(true))}
	dated := scan(0, message("Account", "Send_order", ordersURL, flagged(false)))
	dated.Messages[0].CreatedAt = salesforce.Cutoff.AddDate(-1, 0, 0)
	later := scan(0, message("Account", "Send_order", ordersURL, flagged(false)))
	early, rough := created, created
	early.At = salesforce.Cutoff.Add(-time.Hour)
	rough.Rough = true
	for name, c := range map[string]struct {
		files   salesforce.Findings
		trail   []salesforce.AuditEntry
		verdict salesforce.Verdict
	}{
		"created after the cut-off":      {undated, []salesforce.AuditEntry{created}, salesforce.NotAffected},
		"the org does not say when":      {later, []salesforce.AuditEntry{created}, salesforce.NotAffected},
		"the org says that it is older":  {dated, []salesforce.AuditEntry{created}, salesforce.Unknown},
		"created before the cut-off":     {undated, []salesforce.AuditEntry{early}, salesforce.Unknown},
		"on which side, nobody knows":    {undated, []salesforce.AuditEntry{rough}, salesforce.Unknown},
		"an older definition":            {old, []salesforce.AuditEntry{created}, salesforce.Unknown},
		"it is known to have sent":       {sent, []salesforce.AuditEntry{created}, salesforce.Sent},
		"one was deleted before":         {undated, []salesforce.AuditEntry{created, auditLine(march.Add(-time.Hour), "Deleted outbound message Send_order")}, salesforce.Unknown},
		"a change":                       {undated, []salesforce.AuditEntry{auditLine(march, "Changed outbound message Send_order")}, salesforce.Unknown},
		"not certain that it is this":    {undated, []salesforce.AuditEntry{auditLine(march, "Created outbound message Send_order for object: Lead")}, salesforce.Unknown},
		"another message":                {undated, []salesforce.AuditEntry{auditLine(march, "Created outbound message Send_invoice")}, salesforce.Unknown},
		"in a language that is not ours": {undated, []salesforce.AuditEntry{auditLine(march, "Ausgehende Nachricht Send_order erstellt")}, salesforce.NotAffected},
	} {
		t.Run(name, func(t *testing.T) {
			var views []MessageView
			// The order in which they come makes no difference, nor does repetition.
			for _, order := range [][]salesforce.Findings{{c.files, trail("audit-1", c.trail...)}, {trail("audit-1", c.trail...), c.files, trail("audit-1", c.trail...)}} {
				m := New(Org{}, by(0))
				for i, f := range order {
					m, _ = m.Merge(f, by(i))
				}
				views = append(views, viewOf(t, m, "Account.Send_order"))
				if left := viewOf(t, m.RemoveSource("audit-1", by(9)), "Account.Send_order"); len(left.Trail) != 0 || left.Assessment.Verdict == salesforce.NotAffected {
					t.Errorf("removed, and still there: %+v", left)
				}
			}
			if v := views[0].Assessment; v.Verdict != c.verdict || !reflect.DeepEqual(v, views[1].Assessment) {
				t.Errorf("%+v\n%+v", v, views[1].Assessment)
			}
		})
	}
}

// Who changed a message is shown with it and decides nothing.
func TestChangesInTheAuditTrailAreShown(t *testing.T) {
	m, _ := New(northwind, by(0)).Merge(scan(0, message("Account", "Send_order", ordersURL, flagged(false))), by(0))
	before := viewOf(t, m, "Account.Send_order").Assessment
	m, _ = m.Merge(trail("audit-1", auditLine(march, "Changed outbound message Send_order"), auditLine(march, "Changed outbound message Other")), by(1))
	v := viewOf(t, m, "Account.Send_order")
	if len(v.Trail) != 1 || v.Trail[0].Change != audit.Changed || v.Trail[0].By != "ann@northwind.example" || v.Trail[0].Source.ID != "audit-1" {
		t.Errorf("%+v", v.Trail)
	}
	last := v.Assessment.Evidence[len(v.Assessment.Evidence)-1]
	if last.Kind != salesforce.EvidenceAudit || last.Says != nil || last.Where != "audit-1.csv, Setup Audit Trail" || last.Note != "ann@northwind.example: Changed outbound message Send_order" {
		t.Errorf("%+v", last)
	}
	if v.Assessment.Verdict != before.Verdict || v.Assessment.Because != before.Because {
		t.Errorf("it decided something: %+v", v.Assessment)
	}
	// The admin's word on the message does not lose the trail.
	o := m.Overview()
	m = m.State(Subject{OneMessage, "Account.Send_order"}, Statement{Says: true, Reason: "because"}, by(2))
	for _, h := range o.Next(m).Hosts {
		if got := h.Endpoints[0].Messages[0]; len(got.Trail) != 1 || len(got.Assessment.Evidence) != 3 || got.Assessment.Verdict != salesforce.Stated {
			t.Errorf("%+v", got)
		}
	}
}

// The audit trail forgets after 180 days; saved work does not, and a right that
// was lost takes no knowledge with it.
func TestRescanKeepsWhatTheOrgForgets(t *testing.T) {
	first := scan(0, message("Account", "acme__Send_order", ordersURL, flagged(false)))
	first.Audit = []salesforce.AuditEntry{auditLine(march, "Changed outbound message acme__Send_order")}
	first.People = []salesforce.IntegrationUser{{Username: "Integration@northwind.example", ID: "005", Active: flagged(true), Sends: flagged(true)}}
	first.Packages = []salesforce.Package{{Namespace: "acme", Name: "Acme Connect", Version: "1.2"}}
	second := scan(5, first.Messages...)
	second.Audit = []salesforce.AuditEntry{auditLine(march.AddDate(0, 3, 0), "Changed outbound message acme__Send_order"), first.Audit[0]}
	m, _ := New(northwind, by(0)).Merge(first, by(0))
	m, _ = m.Merge(second, by(5))
	v := viewOf(t, m, "Account.acme__Send_order")
	if len(v.Trail) != 2 || v.Sender == nil || !v.Sender.LoopRisk() || v.Package == nil || v.Package.Name != "Acme Connect" {
		t.Errorf("%+v", v)
	}
	e := m.Overview().Hosts[0].Endpoints[0]
	if e.ProposedVendor != "Acme Connect" || e.Proposed != VendorContact || !strings.Contains(e.ProposedWhy, "Acme Connect (acme)") {
		t.Errorf("%q: %s", e.ProposedVendor, e.ProposedWhy)
	}
	again, err := Decode(bytes.Join(must((&encoder{}).encode(m))(t), nil))
	if err != nil || !reflect.DeepEqual(again.Sources, m.Sources) {
		t.Errorf("saved and read: %+v, %v", again.Sources, err)
	}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

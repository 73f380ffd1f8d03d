package demoorg

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strings"
	"testing"

	"sidestep/salesforce"
	"sidestep/salesforce/metadata"
)

// backupMessages reads the messages of the source repository by their keys.
func backupMessages(t *testing.T, s *Server) map[string]salesforce.Message {
	t.Helper()
	b, err := s.Backup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Zip), int64(len(b.Zip)))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]salesforce.Message{}
	for _, f := range z.File {
		object, isWorkflow := strings.CutSuffix(path.Base(f.Name), ".workflow-meta.xml")
		if !isWorkflow {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		var w struct {
			XMLName  xml.Name                   `xml:"http://soap.sforce.com/2006/04/metadata Workflow"`
			Messages []metadata.OutboundMessage `xml:"outboundMessages"`
		}
		if err := xml.Unmarshal(body, &w); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		for _, m := range w.Messages {
			found[m.Message(object).Key()] = m.Message(object)
		}
	}
	return found
}

// liveMessages reads the org's messages through listMetadata and readMetadata.
func liveMessages(t *testing.T, s *Server) map[string]salesforce.Message {
	t.Helper()
	var names []string
	for _, p := range listed(t, s, "WorkflowOutboundMessage") {
		names = append(names, p.FullName)
	}
	found := map[string]salesforce.Message{}
	for len(names) > 0 {
		batch := names[:min(10, len(names))]
		names = names[len(batch):]
		for _, m := range readMessages(t, s, batch...) {
			msg := m.Message("")
			found[msg.Key()] = msg
		}
	}
	return found
}

func TestAfterTheCutOffOnlyTheBackupKnowsTheFlags(t *testing.T) {
	s := start(t, Options{})
	live, old := liveMessages(t, s), backupMessages(t, s)
	if len(live) != 18 {
		t.Errorf("%d messages in the org", len(live))
	}
	var sent, unaffected, unknown, gone, changed int
	hosts, endpoints := map[string]bool{}, map[string]bool{}
	for key, m := range live {
		if m.IncludeSessionID == nil || *m.IncludeSessionID {
			t.Errorf("%s answers %v after the cut-off", key, m.IncludeSessionID)
		}
		e := salesforce.ParseEndpoint(m.EndpointURL)
		hosts[e.Host], endpoints[e.Key] = true, true
		if m.Label == strings.ReplaceAll(m.FullName, "_", " ") {
			continue
		}
		changed++
	}
	for key := range live {
		switch b, ok := old[key]; {
		case !ok:
			unknown++
		case *b.IncludeSessionID:
			sent++
		default:
			unaffected++
		}
	}
	for key, m := range old {
		if _, ok := live[key]; !ok && *m.IncludeSessionID {
			gone++
		}
	}
	if sent != 14 || unaffected != 1 || unknown != 3 || gone != 1 {
		t.Errorf("sent %d, unaffected %d, unknown %d, gone %d", sent, unaffected, unknown, gone)
	}
	if len(hosts) != 6 || len(endpoints) != 12 || changed < 8 {
		t.Errorf("%d hosts, %d endpoints, %d labels of their own", len(hosts), len(endpoints), changed)
	}
}

func TestTheOrgHoldsTheAwkwardCases(t *testing.T) {
	s := start(t, Options{})
	live := liveMessages(t, s)
	some := func(what string, is func(salesforce.Message) bool) {
		t.Helper()
		for _, m := range live {
			if is(m) {
				return
			}
		}
		t.Errorf("no message %s", what)
	}
	endpoint := func(m salesforce.Message) salesforce.Endpoint { return salesforce.ParseEndpoint(m.EndpointURL) }
	some("over plain http", func(m salesforce.Message) bool { return endpoint(m).PlainHTTP })
	some("with a secret in its address", func(m salesforce.Message) bool { return endpoint(m).Secret })
	some("with a retired version", salesforce.Message.RetiredAPIVersion)
	some("of a package", func(m salesforce.Message) bool { return m.Namespace() == "swft" && m.Object == "Case" })
	some("on a namespaced object", func(m salesforce.Message) bool { return m.Namespace() == "" && m.Object == "swft__Parcel__c" })
	some("on a custom object", func(m salesforce.Message) bool { return m.Object == "Shipment__c" })
}

func TestEveryKindOfUserFires(t *testing.T) {
	s := start(t, Options{})
	fired := map[string]string{} // message: by what
	note := func(by, object string, actions []actionReference) {
		for _, a := range actions {
			key := object + "." + a.Name
			if s.org.messageByName[lower(key)] == nil {
				t.Errorf("%s fires %s, which is not there", by, key)
			}
			fired[key] += by + " "
		}
	}
	c := s.org.choose(func(c *component, _, _ string) bool { return s.org.present(c) })
	for _, r := range c.rules {
		by := "rule"
		if !r.Def.Active {
			by = "inactive"
		}
		note(by, r.Entity.Name, r.Def.Actions)
		for _, tt := range r.Def.TimeTriggers {
			note("time", r.Entity.Name, tt.Actions)
		}
	}
	for _, f := range c.flows {
		for _, a := range f.Def.ActionCalls {
			object, name, _ := strings.Cut(a.ActionName, ".")
			note(f.Def.ProcessType+f.Def.Status, object, []actionReference{{Name: name}})
		}
	}
	for _, a := range c.approvals {
		note("approved", a.Entity.Name, a.Def.FinalApprovalActions.Action)
		note("rejected", a.Entity.Name, a.Def.FinalRejectionActions.Action)
	}
	for _, e := range c.milestones {
		for _, m := range e.Def.Milestones {
			for _, tt := range m.TimeTriggers {
				note("milestone", e.Def.SObjectType, tt.Actions)
			}
		}
	}
	for key, want := range map[string]string{
		"Invoice__c.Invoice_Issued":       "rule ",
		"Invoice__c.Invoice_Overdue":      "time ",
		"Shipment__c.Shipment_Dispatched": "AutoLaunchedFlowActive ",
		"Opportunity.Opportunity_Won":     "WorkflowActive ",
		"Quote.Quote_Approved":            "approved ",
		"Quote.Quote_Rejected":            "rejected ",
		"Case.Case_Milestone_Missed":      "milestone ",
		"Case.swft__Return_Label":         "rule ",
		"Order.Legacy_Order_Export":       "inactive ",
		"Contract.Contract_Signed":        "",
		"Quote.Quote_Expiring":            "AutoLaunchedFlowObsolete ",
		"Asset.Warranty_Check":            "",
	} {
		if fired[key] != want {
			t.Errorf("%s is fired by %q, want %q", key, fired[key], want)
		}
	}
}

func TestBeforeTheCutOffTheOrgStillAnswersTrue(t *testing.T) {
	s := start(t, Options{Before: true})
	live, old := liveMessages(t, s), backupMessages(t, s)
	for key, m := range old {
		if got, ok := live[key]; !ok || *got.IncludeSessionID != *m.IncludeSessionID {
			t.Errorf("%s: the org answers %v, the backup %v", key, got.IncludeSessionID, *m.IncludeSessionID)
		}
	}
	if _, ok := live["Opportunity.Renewal_Due"]; ok {
		t.Error("a message of May 2026 existed before the cut-off")
	}
}

func TestIDsCarryTheirCheckCharacters(t *testing.T) {
	for id15, want := range map[string]string{
		"00Dxx0000001gPF": "00Dxx0000001gPFEAY", "04k5g000000XyZa": "04k5g000000XyZaAAK", "0055g00000AbCdE": "0055g00000AbCdEAAV",
		OrgID[:15]: OrgID,
	} {
		if got := id18(id15); got != want {
			t.Errorf("id18(%s) = %s, want %s", id15, got, want)
		}
	}
	if !sameID("04k5g000000XyZa", "04k5g000000XyZaAAK") || sameID("04k5g000000Xyza", "04k5g000000XyZaAAK") {
		t.Error("15 and 18 characters are compared wrongly")
	}
}

func TestNoTwoComponentsShareAnID(t *testing.T) {
	for _, n := range []int{0, 300} {
		s := start(t, Options{Messages: n})
		seen := map[string]string{}
		s.org.choose(func(c *component, typ, name string) bool {
			if other := seen[c.ID]; other != "" {
				t.Errorf("%s %s and %s are both %s", typ, name, other, c.ID)
			}
			seen[c.ID] = name
			return true
		})
	}
}

func TestGeneratedOrgsAreComplete(t *testing.T) {
	for _, n := range []int{1, 2, 40, 2001} {
		a, b := generatedOrg(n), generatedOrg(n)
		a.index()
		if len(a.messages) != n || len(a.messageByName) != n {
			t.Fatalf("%d messages with %d names, want %d", len(a.messages), len(a.messageByName), n)
		}
		hosts, urls := map[string]bool{}, map[string]bool{}
		for i, m := range a.messages {
			if b.messages[i].Def.EndpointURL != m.Def.EndpointURL || b.messages[i].fullName() != m.fullName() {
				t.Fatalf("message %d differs from one start to the next", i)
			}
			e := salesforce.ParseEndpoint(m.Def.EndpointURL)
			if e.Trouble != "" {
				t.Errorf("%s: %s", m.Def.EndpointURL, e.Trouble)
			}
			hosts[e.Host], urls[e.Key] = true, true
		}
		if len(hosts) > max(n/40, 1) || len(urls) > max(n/10, 1) || n > 1000 && (len(hosts) < n/50 || len(urls) < n/12) {
			t.Errorf("%d messages on %d endpoints and %d hosts", n, len(urls), len(hosts))
		}
	}
}

func BenchmarkStart200(b *testing.B)   { benchmarkStart(b, 200) }
func BenchmarkStart10000(b *testing.B) { benchmarkStart(b, 10_000) }

func benchmarkStart(b *testing.B, n int) {
	for b.Loop() {
		s, err := Start(b.Context(), Options{Messages: n})
		if err != nil {
			b.Fatal(err)
		}
		_ = s.Close()
	}
}

package demoorg

import (
	"net/url"
	"strings"
	"testing"
)

// What only those with View Setup and Configuration may see is not supported for
// the others.
func TestSetupNeedsItsPermission(t *testing.T) {
	s := start(t, Options{})
	integration := s.grants.issue(grant{clientID: ClientID, user: s.org.userByName["erp@northwind.example"], scopes: []string{"api"}}, s.o.Now()).access
	for _, c := range []struct {
		api, soql string
		admin     bool
	}{
		{"query", "SELECT Display FROM SetupAuditTrail", true},
		{"query", "SELECT count() FROM SetupAuditTrail", true},
		{"query", "SELECT AssigneeId FROM PermissionSetAssignment WHERE PermissionSet.PermissionsEnableNotifications = true", true},
		{"query", "SELECT Id FROM PermissionSet", true},
		{"tooling/query", "SELECT SubscriberPackage.Name FROM InstalledSubscriberPackage", true},
		{"query", "SELECT Username, IsActive FROM User", false},
	} {
		if r := found(t, ask(t, s, c.api, c.soql)); r.TotalSize == 0 {
			t.Errorf("%s: the admin sees nothing", c.soql)
		}
		req := newRequest(t, "GET", s.URL()+"/services/data/v66.0/"+c.api+"?q="+url.QueryEscape(c.soql), "")
		req.Header.Set("Authorization", "Bearer "+integration)
		if a := do(t, req); (a.status == 400 && strings.Contains(a.body, "INVALID_TYPE")) != c.admin {
			t.Errorf("%s: the integration user gets %d %s", c.soql, a.status, a.body)
		}
	}
}

// What Salesforce does not filter by is refused.
func TestSetupColumnsThatCannotBeFiltered(t *testing.T) {
	s := start(t, Options{})
	for _, c := range []struct{ api, soql string }{
		{"query", "SELECT Id FROM SetupAuditTrail WHERE Display LIKE '%outbound%'"},
		{"query", "SELECT Id FROM SetupAuditTrail WHERE Section = 'Flows'"},
		{"query", "SELECT COUNT(Id) FROM SetupAuditTrail"},
		{"tooling/query", "SELECT Id FROM InstalledSubscriberPackage WHERE SubscriberPackage.NamespacePrefix = 'swft'"},
		{"tooling/query", "SELECT Publisher FROM InstalledSubscriberPackage"},
	} {
		if a := ask(t, s, c.api, c.soql); a.status != 400 {
			t.Errorf("%s: %d %s", c.soql, a.status, a.body)
		}
	}
}

// The org before the cut-off does not know what was changed on things of later,
// nor that something is gone which it still has.
func TestAuditTrailFitsTheOrg(t *testing.T) {
	const soql = "SELECT Display FROM SetupAuditTrail"
	after, before := ask(t, start(t, Options{}), "query", soql).body, ask(t, start(t, Options{Before: true}), "query", soql).body
	if !strings.Contains(after, "Asset registered") || !strings.Contains(after, "Renewal due") {
		t.Errorf("after: %s", after)
	}
	if strings.Contains(before, "Asset registered") || strings.Contains(before, "Renewal due") || !strings.Contains(before, "Order to fulfilment") {
		t.Errorf("before: %s", before)
	}
}

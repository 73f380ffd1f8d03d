package demoorg

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// rows is a query answer, REST's or Tooling's.
type rows struct {
	Size       int              `json:"size"`
	TotalSize  int              `json:"totalSize"`
	Done       bool             `json:"done"`
	Locator    *string          `json:"queryLocator"`
	EntityType string           `json:"entityTypeName"`
	Next       string           `json:"nextRecordsUrl"`
	Records    []map[string]any `json:"records"`
}

func ask(t *testing.T, s *Server, api, soql string) answer {
	t.Helper()
	return get(t, s, "/services/data/v66.0/"+api+"?q="+url.QueryEscape(soql))
}

func found(t *testing.T, a answer) rows {
	t.Helper()
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var r rows
	decode(t, a.body, &r)
	return r
}

func TestVersionsNeedNoToken(t *testing.T) {
	s := start(t, Options{})
	var list []apiVersion
	decode(t, do(t, newRequest(t, "GET", s.URL()+"/services/data/", "")).body, &list)
	if len(list) != 37 || list[0].Version != "31.0" || list[36] != (apiVersion{"Summer '26", "/services/data/v67.0", "67.0"}) {
		t.Errorf("got %v", list)
	}
	for _, v := range list {
		if v.Version == "65.0" && v.Label != "Winter '26" || v.Version == "31.0" && v.Label != "Summer '14" {
			t.Errorf("%s is called %s", v.Version, v.Label)
		}
	}
}

func TestRESTRefusals(t *testing.T) {
	s := start(t, Options{})
	for name, c := range map[string]struct {
		method, path, token string
		status              int
		code                string
	}{
		"no token":         {"GET", "/services/data/v66.0/limits", "", 401, "INVALID_SESSION_ID"},
		"wrong token":      {"GET", "/services/data/v66.0/limits", OrgID[:15] + "!AQwrong", 401, "INVALID_SESSION_ID"},
		"JWT":              {"GET", "/services/data/v66.0/limits", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", 401, "INVALID_SESSION_ID"},
		"retired version":  {"GET", "/services/data/v30.0/limits", s.Token(), 410, "UNSUPPORTED_API_VERSION"},
		"future version":   {"GET", "/services/data/v68.0/limits", s.Token(), 404, "NOT_FOUND"},
		"no version":       {"GET", "/services/data/latest/limits", s.Token(), 404, "NOT_FOUND"},
		"unknown resource": {"GET", "/services/data/v66.0/nothing", s.Token(), 404, "NOT_FOUND"},
		"unknown object":   {"GET", "/services/data/v66.0/sobjects/Gadget/0015g0000000001AAA", s.Token(), 404, "NOT_FOUND"},
		"unknown record":   {"GET", "/services/data/v66.0/sobjects/User/0055g0000000001AAA", s.Token(), 404, "NOT_FOUND"},
		"no query":         {"GET", "/services/data/v66.0/query", s.Token(), 400, "MALFORMED_QUERY"},
		"a change":         {"PATCH", "/services/data/v66.0/tooling/sobjects/WorkflowOutboundMessage/" + s.org.messages[0].ID, s.Token(), 405, "METHOD_NOT_ALLOWED"},
		"a deletion":       {"DELETE", "/services/data/v66.0/tooling/sobjects/WorkflowOutboundMessage/" + s.org.messages[0].ID, s.Token(), 405, "METHOD_NOT_ALLOWED"},
	} {
		t.Run(name, func(t *testing.T) {
			req := newRequest(t, c.method, s.URL()+c.path, "")
			if c.token != "" {
				req.Header.Set("Authorization", "Bearer "+c.token)
			}
			wantError(t, do(t, req), c.status, c.code, "")
		})
	}
}

func TestToolingListHasTheDocumentedShape(t *testing.T) {
	s := start(t, Options{})
	a := ask(t, s, "tooling/query/", "SELECT Id,Name,NamespacePrefix,ManageableState,EntityDefinitionId,EntityDefinition.QualifiedApiName,IntegrationUserId,ApiVersion,LastModifiedDate FROM WorkflowOutboundMessage WHERE Name = 'tell helpline: milestone missed'")
	m := s.org.messageByName["case.case_milestone_missed"]
	want := fmt.Sprintf(`{"size":1,"totalSize":1,"done":true,"queryLocator":null,"entityTypeName":"WorkflowOutboundMessage","records":[{"attributes":{"type":"WorkflowOutboundMessage","url":"/services/data/v66.0/tooling/sobjects/WorkflowOutboundMessage/%s"},`+
		`"Id":"%s","Name":"Tell Helpline: milestone missed","NamespacePrefix":null,"ManageableState":"unmanaged","EntityDefinitionId":"Case","EntityDefinition":{"attributes":{"type":"EntityDefinition","url":"/services/data/v66.0/tooling/sobjects/EntityDefinition/Case"},"QualifiedApiName":"Case"},`+
		`"IntegrationUserId":"%s","ApiVersion":52.0,"LastModifiedDate":"2024-11-12T09:24:44.000+0000"}]}`, m.ID, m.ID, s.org.userByName["integration@northwind.example"].ID)
	if got := regexp.MustCompile(`\s*\n\s*`).ReplaceAllString(a.body, ""); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	custom := found(t, ask(t, s, "tooling/query", "SELECT EntityDefinitionId FROM WorkflowOutboundMessage WHERE EntityDefinition.QualifiedApiName = 'Shipment__c'"))
	if len(custom.Records) != 1 || !strings.HasPrefix(custom.Records[0]["EntityDefinitionId"].(string), "01I") {
		t.Errorf("got %v", custom.Records)
	}
}

func TestToolingReadGivesTheDefinition(t *testing.T) {
	s := start(t, Options{})
	m := s.org.messageByName["invoice__c.invoice_issued"]
	for _, id := range []string{m.ID, m.ID[:15]} {
		a := get(t, s, "/services/data/v66.0/tooling/sobjects/WorkflowOutboundMessage/"+id)
		var r struct {
			FullName string
			Metadata map[string]any
		}
		if err := json.Unmarshal([]byte(a.body), &r); err != nil || a.status != 200 {
			t.Fatalf("%d %v %s", a.status, err, a.body)
		}
		if r.FullName != "Invoice__c.Invoice_Issued" || r.Metadata["includeSessionId"] != false || r.Metadata["endpointUrl"] != urlLedger || r.Metadata["fullName"] != nil {
			t.Errorf("got %s", a.body)
		}
		if _, present := r.Metadata["urls"]; !present || !strings.Contains(a.body, `"apiVersion":48.0`) {
			t.Errorf("got %s", a.body)
		}
	}
}

func TestQueryRefusals(t *testing.T) {
	s := start(t, Options{})
	for _, c := range []struct{ api, soql, code, message string }{
		{"tooling/query", "SELECT Id, EndpointUrl FROM WorkflowOutboundMessage", "INVALID_FIELD", "\nSELECT Id, EndpointUrl FROM WorkflowOutboundMessage\n           ^\nERROR at Row:1:Column:12\nNo such column 'EndpointUrl' on entity 'WorkflowOutboundMessage'."},
		{"tooling/query", "SELECT Id FROM WorkflowOutboundMessage WHERE IncludeSessionId = true", "INVALID_FIELD", "No such column 'IncludeSessionId'"},
		{"tooling/query", "SELECT Id, FullName FROM WorkflowOutboundMessage", "MALFORMED_QUERY", "must specify no more than one row for retrieval. Result size: 18"},
		{"tooling/query", "SELECT Metadata FROM WorkflowOutboundMessage LIMIT 2", "MALFORMED_QUERY", "no more than one row for retrieval. Result size: 2"},
		{"tooling/query", "SELECT Id FROM WorkflowOutboundMessage WHERE FullName = 'Account.x'", "INVALID_FIELD", "field 'FullName' can not be filtered in a query call"},
		{"tooling/query", "SELECT Id FROM WorkflowOutboundMessage ORDER BY Metadata", "INVALID_FIELD", "field 'Metadata' can not be sorted in a query call"},
		{"query", "SELECT Id FROM WorkflowOutboundMessage", "INVALID_TYPE", "sObject type 'WorkflowOutboundMessage' is not supported"},
		{"query", "select count() from XYZZY", "INVALID_TYPE", "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported."},
		{"query", "SELECT Id FROM LoginHistory WHERE Status = 'Success'", "INVALID_FIELD", "field 'Status' can not be filtered in a query call"},
		{"query", "SELECT Id FROM LoginHistory WHERE Application = 'x'", "INVALID_FIELD", "can not be filtered"},
		{"query", "SELECT Id FROM SetupAuditTrail WHERE Display LIKE '%outbound%'", "INVALID_FIELD", "can not be filtered"},
		{"query", "SELECT Id, Boss.Name FROM User", "INVALID_FIELD", "Didn't understand relationship 'Boss'"},
		{"query", "SELECT Profile FROM User", "INVALID_FIELD", "No such column 'Profile'"},
		{"query", "SELECT FROM User", "MALFORMED_QUERY", "unexpected token"},
		{"query", "SELECT Id User", "MALFORMED_QUERY", "unexpected token: 'User'"},
		{"query", "SELECT Id FROM User WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"},
		{"query", "SELECT Id FROM User WHERE Name = 'x' OR Name = 'y' AND IsActive = true", "MALFORMED_QUERY", "unexpected token: 'AND'"},
		{"query", "SELECT Id FROM User WHERE Name = 'open", "MALFORMED_QUERY", "not closed"},
		{"query", "SELECT Id FROM User WHERE CreatedDate = LAST_N_DAYS:0", "MALFORMED_QUERY", "LAST_N_DAYS:0"},
		{"query", "SELECT Id FROM User; DROP", "MALFORMED_QUERY", "unexpected token: ';'"},
		{"query", "SELECT Id FROM User WHERE IsActive = 'true'", "INVALID_FIELD", "must be of type boolean and should not be enclosed in quotes"},
		{"query", "SELECT Id FROM User WHERE Name = 5", "INVALID_FIELD", "must be of type string and should be enclosed in quotes"},
		{"query", "SELECT Id FROM User WHERE CreatedDate > 'today'", "INVALID_FIELD", "must be of type dateTime"},
		{"query", "DELETE FROM User", "MALFORMED_QUERY", "unexpected token: 'DELETE'"},
	} {
		t.Run(c.soql, func(t *testing.T) { wantError(t, ask(t, s, c.api, c.soql), 400, c.code, c.message) })
	}
}

func TestOneRowMayCarryFullNameAndMetadata(t *testing.T) {
	s := start(t, Options{})
	m := s.org.messageByName["quote.quote_approved"]
	r := found(t, ask(t, s, "tooling/query", "SELECT FullName, Metadata FROM WorkflowOutboundMessage WHERE Id = '"+m.ID+"'"))
	if len(r.Records) != 1 || r.Records[0]["FullName"] != "Quote.Quote_Approved" {
		t.Errorf("got %v", r.Records)
	}
	if none := found(t, ask(t, s, "tooling/query", "SELECT FullName FROM WorkflowOutboundMessage WHERE Name = 'nobody'")); none.TotalSize != 0 || none.Records == nil {
		t.Errorf("got %+v", none)
	}
}

func TestQueriesThatTheProgramNeeds(t *testing.T) {
	s := start(t, Options{})
	for _, c := range []struct {
		api, soql string
		rows      int
	}{
		{"query", "SELECT Id, Name, OrganizationType, IsSandbox, InstanceName, TrialExpirationDate, NamespacePrefix FROM Organization", 1},
		{"query", "SELECT Id, Username, Name, Profile.Name FROM User WHERE IsActive = true AND Username LIKE '%@northwind.example' ORDER BY Username LIMIT 3", 3},
		{"query", "SELECT Id, Name, PermissionsEnableNotifications FROM Profile WHERE PermissionsEnableNotifications = true", 2},
		{"query", "SELECT Id, UserId, LoginTime, LoginType, LoginSubType, Application, Status, SourceIp, ApiType, ApiVersion, ClientVersion, LoginUrl, TlsProtocol FROM LoginHistory WHERE LoginTime = LAST_N_DAYS:10 ORDER BY LoginTime DESC LIMIT 200", 3},
		{"query", "SELECT CreatedDate, CreatedBy.Name, Action, Section, Display FROM SetupAuditTrail WHERE CreatedDate = LAST_N_DAYS:180 ORDER BY CreatedDate DESC", 7},
		{"query", "SELECT ApiName, IsActive, ProcessType, TriggerType FROM FlowDefinitionView WHERE IsActive = true", 3},
		{"tooling/query", "SELECT Id, DeveloperName, ActiveVersionId, LatestVersionId FROM FlowDefinition", 5},
		{"tooling/query", "SELECT Id, DeveloperName, ActiveVersion.VersionNumber FROM FlowDefinition WHERE ActiveVersionId = null", 2},
		{"tooling/query", "SELECT Id, Status, Definition.DeveloperName FROM Flow", 5},
		{"tooling/query", "SELECT Id, MasterLabel, Status FROM Flow WHERE Status IN ('Active', 'Draft')", 3},
		{"tooling/query", "SELECT Id, Name, TableEnumOrId FROM WorkflowRule WHERE NamespacePrefix = null", 7},
		{"tooling/query", "SELECT QualifiedApiName, Label FROM EntityDefinition WHERE QualifiedApiName NOT IN ('Account', 'Case')", 10},
		{"tooling/query", "SELECT Id FROM WorkflowOutboundMessage WHERE ApiVersion <= 30.0", 1},
		{"tooling/query", "SELECT Id FROM WorkflowOutboundMessage WHERE CreatedDate >= 2026-02-23T00:00:00Z", 1},
		{"tooling/query", "SELECT Id FROM WorkflowOutboundMessage WHERE (NOT NamespacePrefix = 'swft') AND (ApiVersion < 31 OR ApiVersion > 60)", 2},
	} {
		a := ask(t, s, c.api, c.soql)
		if r := found(t, a); len(r.Records) != c.rows || r.TotalSize != c.rows || !r.Done {
			t.Errorf("%s: %d rows, want %d: %s", c.soql, len(r.Records), c.rows, a.body)
		}
	}
}

func TestPagesHoldTwoThousandRows(t *testing.T) {
	for _, n := range []int{1, 2000, 2001, 4001} {
		s := start(t, Options{Messages: n})
		seen := map[string]bool{}
		path := "/services/data/v66.0/tooling/query?q=" + url.QueryEscape("SELECT Id FROM WorkflowOutboundMessage ORDER BY Id")
		pages := 0
		for path != "" {
			r := found(t, get(t, s, path))
			if r.TotalSize != n || r.Done != (r.Next == "") || len(r.Records) > 2000 || (r.Locator == nil) != r.Done {
				t.Fatalf("%d: page %d is %d of %d, done %v", n, pages, len(r.Records), r.TotalSize, r.Done)
			}
			for _, rec := range r.Records {
				seen[rec["Id"].(string)] = true
			}
			path = r.Next
			pages++
		}
		if len(seen) != n || pages != (n+1999)/2000 {
			t.Errorf("%d rows in %d pages, want %d", len(seen), pages, n)
		}
		if n > 2000 {
			wantError(t, get(t, s, "/services/data/v66.0/tooling/query/01g5g00000000zzAAA-2000"), 400, "INVALID_QUERY_LOCATOR", "invalid query locator")
			wantError(t, get(t, s, "/services/data/v66.0/query/"+newID("01g", 1)+"-2000"), 400, "INVALID_QUERY_LOCATOR", "")
		}
	}
}

func TestSmallerPagesOnRequest(t *testing.T) {
	s := start(t, Options{Messages: 450})
	req := newRequest(t, "GET", s.URL()+"/services/data/v66.0/tooling/query?q=SELECT+Id+FROM+WorkflowOutboundMessage", "")
	req.Header.Set("Authorization", "Bearer "+s.Token())
	req.Header.Set("Sforce-Query-Options", "batchSize=10")
	r := found(t, do(t, req))
	if len(r.Records) != 200 || !strings.HasSuffix(r.Next, "-200") {
		t.Errorf("%d rows, next %s", len(r.Records), r.Next)
	}
}

func TestEntityDefinitionDoesNotPage(t *testing.T) {
	s := start(t, Options{Messages: 6000})
	req := newRequest(t, "GET", s.URL()+"/services/data/v66.0/tooling/query?q=SELECT+QualifiedApiName+FROM+EntityDefinition", "")
	req.Header.Set("Authorization", "Bearer "+s.Token())
	req.Header.Set("Sforce-Query-Options", "batchSize=200")
	wantError(t, do(t, req), 400, "EXCEEDED_ID_LIMIT", "EntityDefinition does not support queryMore()")
}

func TestUsageIsCountedAndTold(t *testing.T) {
	s := start(t, Options{})
	soapCall(t, s, "66.0", "<m:describeMetadata/>")
	a := get(t, s, "/services/data/v66.0/limits")
	if got := a.header.Get("Sforce-Limit-Info"); got != "api-usage=2/100000" {
		t.Errorf("Sforce-Limit-Info: %s", got)
	}
	var l map[string]struct{ Max, Remaining int }
	decode(t, a.body, &l)
	if l["DailyApiRequests"].Max != 100000 || l["DailyApiRequests"].Remaining != 99998 {
		t.Errorf("got %v", l)
	}
	refused := do(t, newRequest(t, "GET", s.URL()+"/services/data/v66.0/limits", ""))
	if refused.header.Get("Sforce-Limit-Info") == "" {
		t.Error("a refusal does not tell the usage")
	}
}

func TestDateLiteralsCountFromTheOrgsClock(t *testing.T) {
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	s := start(t, Options{Now: func() time.Time { return now }})
	count := func(where string) int {
		t.Helper()
		return found(t, ask(t, s, "query", "SELECT Id FROM LoginHistory WHERE "+where)).TotalSize
	}
	for where, want := range map[string]int{
		"LoginTime = TODAY": 1, "LoginTime = YESTERDAY": 0, "LoginTime = LAST_N_DAYS:2": 2, "LoginTime < LAST_N_DAYS:2": 3,
		"LoginTime >= LAST_N_DAYS:20": 4, "LoginTime > LAST_N_DAYS:20": 0, "LoginTime != TODAY": 4, "LoginTime <= TODAY": 5,
		"LoginTime = 2026-11-21T15:00:00Z": 1, "LoginTime > 2026-11-21T15:00:00.000+0000": 1,
	} {
		if got := count(where); got != want {
			t.Errorf("%s: %d rows, want %d", where, got, want)
		}
	}
}

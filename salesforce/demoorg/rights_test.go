package demoorg

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// askWith asks a REST resource with a token of one's own.
func askWith(t *testing.T, s *Server, token, path string) answer {
	t.Helper()
	req := newRequest(t, "GET", s.URL()+"/services/data/v66.0/"+path, "")
	req.Header.Set("Authorization", "Bearer "+token)
	return do(t, req)
}

func soql(statement string) string { return "query?q=" + url.QueryEscape(statement) }

func TestDescribeShowsWhatTheUserMay(t *testing.T) {
	s := start(t, Options{Now: atNoon})
	token := hub(t, s)
	object := func(a answer) describedSObject {
		t.Helper()
		var d describedSObject
		if a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		decode(t, a.body, &d)
		return d
	}
	writes := map[string]bool{}
	d := object(askWith(t, s, token, "sobjects/Opportunity/describe"))
	for _, f := range d.Fields {
		writes[f.Name] = f.Updateable
	}
	amount, known := writes["Amount"]
	if !d.Updateable || !writes["CloseDate"] || writes["Id"] || writes["LastModifiedDate"] || amount || !known {
		t.Errorf("got %+v", d)
	}
	if d := object(askWith(t, s, token, "sobjects/Case/describe")); d.Updateable || d.Createable || len(d.Fields) == 0 {
		t.Errorf("got %+v", d)
	}
	wantError(t, askWith(t, s, token, "sobjects/Invoice__c/describe"), 404, "NOT_FOUND", "")
	wantError(t, askWith(t, s, token, "sobjects/Gadget/describe"), 404, "NOT_FOUND", "")
	wantError(t, askWith(t, s, token, soql("SELECT Id FROM Invoice__c")), 400, "INVALID_TYPE", "is not supported")
	if d := object(get(t, s, "/services/data/v66.0/sobjects/invoice__c/describe")); d.Name != "Invoice__c" || !d.Custom || !d.Updateable {
		t.Errorf("got %+v", d)
	}
	// The ledger sees two fields of accounts, and no others.
	ledger := tokensOf(t, postForm(t, tokenURL(s), credentials("client_id", LedgerKey, "client_secret", LedgerSecret))).AccessToken
	wantError(t, askWith(t, s, ledger, soql("SELECT BillingCity FROM Account")), 400, "INVALID_FIELD", "No such column 'BillingCity'")
	if r := found(t, askWith(t, s, ledger, soql("SELECT Name, AccountNumber FROM Account LIMIT 1"))); len(r.Records) != 1 {
		t.Errorf("got %v", r)
	}
}

func TestLoginHistoryShowsOnesOwnRowsOnly(t *testing.T) {
	s := start(t, Options{Now: atNoon})
	token := hub(t, s)
	const statement = "SELECT UserId, LoginType, LoginSubType, Application, Status FROM LoginHistory"
	r := found(t, askWith(t, s, token, soql(statement)))
	if r.TotalSize != 1 || r.Records[0]["UserId"] != s.userNamed(HubUser).ID || r.Records[0]["LoginType"] != "Remote Access 2.0" ||
		r.Records[0]["LoginSubType"] != "OauthClientCredentials" || r.Records[0]["Application"] != "Integration Hub" || r.Records[0]["Status"] != "Success" {
		t.Errorf("got %v", r.Records)
	}
	if all := found(t, ask(t, s, "query", statement)); all.TotalSize < 6 {
		t.Errorf("an admin sees %d rows", all.TotalSize)
	}
	for _, where := range []string{"Id != null", "UserId != null", "LoginTime = TODAY", "LoginType != null", "LoginUrl != null", "TlsProtocol != null", "AuthenticationServiceId = null", "CipherSuite != null", "CountryIso = 'DE'", "NetworkId != null", "OptionsIsGet = false", "OptionsIsPost = true"} {
		if r := found(t, askWith(t, s, token, soql("SELECT Id FROM LoginHistory WHERE "+where))); r.TotalSize != 1 {
			t.Errorf("%s: %d rows", where, r.TotalSize)
		}
	}
	for _, field := range []string{"Application", "Status", "ApiType", "ApiVersion", "ClientVersion", "Browser", "Platform", "LoginSubType", "SourceIp"} {
		wantError(t, ask(t, s, "query", "SELECT Id FROM LoginHistory WHERE "+field+" = 'x'"), 400, "INVALID_FIELD", field+"' can not be filtered")
	}
}

func TestRightsTablesAreForThoseWhoMayViewSetup(t *testing.T) {
	s := start(t, Options{Now: atNoon, Users: map[string]Account{HubUser: {Permissions: []string{"EnableNotifications"}}}})
	token, user := hub(t, s), s.userNamed(HubUser)
	statement := "SELECT PermissionSet.Name, PermissionSet.PermissionsEnableNotifications FROM PermissionSetAssignment WHERE AssigneeId = '" + user.ID + "'"
	wantError(t, askWith(t, s, token, soql(statement)), 400, "INVALID_TYPE", "")
	r := found(t, ask(t, s, "query", statement+" AND PermissionSet.PermissionsEnableNotifications = true"))
	if r.TotalSize != 1 {
		t.Errorf("got %v", r.Records)
	}
	own := found(t, askWith(t, s, token, soql("SELECT PermissionsApiEnabled, PermissionsManageUsers, PermissionsEnableNotifications FROM UserPermissionAccess")))
	if own.TotalSize != 1 || own.Records[0]["PermissionsApiEnabled"] != true || own.Records[0]["PermissionsManageUsers"] != false || own.Records[0]["PermissionsEnableNotifications"] != true {
		t.Errorf("got %v", own.Records)
	}
}

func TestAPICallsAreInTheNextDaysEventLog(t *testing.T) {
	now := noon
	s := start(t, Options{Now: func() time.Time { return now }})
	token := hub(t, s)
	askWith(t, s, token, "limits")
	do(t, partnerRequest(t, s, "47.0", token, "<p:getUserInfo/>"))
	file := func() string {
		t.Helper()
		r := found(t, ask(t, s, "query", "SELECT Id, EventType, LogDate, LogFileLength FROM EventLogFile WHERE EventType = 'ApiTotalUsage' ORDER BY LogDate DESC LIMIT 5"))
		if r.TotalSize != 1 {
			t.Fatalf("got %v", r.Records)
		}
		a := get(t, s, "/services/data/v66.0/sobjects/EventLogFile/"+r.Records[0]["Id"].(string)+"/LogFile")
		if a.status != 200 || a.header.Get("Content-Type") != "text/csv" || float64(len(a.body)) != r.Records[0]["LogFileLength"] {
			t.Fatalf("%d %v", a.status, a.header)
		}
		return a.body
	}
	if first := file(); strings.Contains(first, HubUser) || !strings.Contains(first, "LedgerWise") || !strings.HasPrefix(first, "EVENT_TYPE,") {
		t.Errorf("today's calls are in yesterday's file: %s", first)
	}
	now = now.AddDate(0, 0, 1)
	next := file()
	if !strings.Contains(next, ",REST,66.0,/v66.0/limits,") || !strings.Contains(next, ",SOAP,47.0,getUserInfo,") || strings.Count(next, "Integration Hub,200,"+HubUser) != 2 {
		t.Errorf("got %s", next)
	}
	wantError(t, askWith(t, s, hub(t, s), soql("SELECT Id FROM EventLogFile")), 400, "INVALID_TYPE", "")
	wantError(t, askWith(t, s, hub(t, s), "sobjects/EventLogFile/0AT5g0000000001AAA/LogFile"), 404, "NOT_FOUND", "")
}

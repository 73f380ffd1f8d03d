package demoorg

import (
	"encoding/json"
	"strings"
	"testing"
)

// These tests keep what clients that others wrote were found to need; the script
// .ci/clients/run lets the clients themselves ask.

// After "login access-token" the Salesforce CLI puts an instance URL that ends in
// a slash before every path.
func TestTwoSlashesAreTakenForOne(t *testing.T) {
	s := start(t, Options{})
	for _, path := range []string{"//services/data", "//services/data/v66.0/limits", "///services/data/v66.0/query?q=SELECT+Id+FROM+User", "//services/oauth2/userinfo"} {
		if a := get(t, s, path); a.status != 200 || !json.Valid([]byte(a.body)) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	req := soapRequest(t, s, "66.0", soapBody(s.Token(), readCall("Workflow", "Lead")))
	req.URL.Path = "/" + req.URL.Path
	if a := do(t, req); a.status != 200 || !strings.Contains(a.body, "<fullName>Lead</fullName>") {
		t.Errorf("SOAP: %d %s", a.status, a.body)
	}
}

// The Salesforce CLI asks every query twice, the second time for the columns.
func TestColumnsOfAQueryComeWithoutItsRows(t *testing.T) {
	s := start(t, Options{})
	a := get(t, s, "/services/data/v66.0/tooling/query?columns=true&q=SELECT+name,CreatedBy.Name,ApiVersion,CreatedBy.Profile.Name,CreatedBy.IsActive+FROM+WorkflowOutboundMessage")
	var d queryColumns
	decode(t, a.body, &d)
	if a.status != 200 || d.Entity != "WorkflowOutboundMessage" || d.IDSelected || d.GroupBy {
		t.Errorf("%d %s", a.status, a.body)
	}
	if got := columnNames(d.Columns); got != "Name CreatedBy(Name Profile(Name) IsActive) ApiVersion" {
		t.Errorf("columns %s", got)
	}
	if c := d.Columns; !c[0].Text || c[0].ApexType != "String" || !c[2].Number || !c[1].Join[2].Boolean || c[1].ApexType != "User" {
		t.Errorf("%s", a.body)
	}
	wantError(t, get(t, s, "/services/data/v66.0/query?columns=true&q=SELECT+Nope+FROM+User"), 400, "INVALID_FIELD", "Nope")
}

func columnNames(list []queryColumn) string {
	var names []string
	for _, c := range list {
		name := c.Name
		if len(c.Join) > 0 {
			name += "(" + columnNames(c.Join) + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// jsforce, and with it the Salesforce CLI, makes its verifier of 128 bytes.
func TestVerifierMayBeOf128Bytes(t *testing.T) {
	s := start(t, Options{})
	for length, taken := range map[int]bool{42: false, 43: true, 128: true, 171: true, 172: false} {
		v := strings.Repeat("v", length)
		code := decideAs(t, s, asking("code_challenge", challengeOf(v), "code_challenge_method", "-"), "login").Get("code")
		a := postForm(t, tokenURL(s), redemption(code, "code_verifier", v))
		if taken {
			tokensOf(t, a)
		} else {
			wantOAuthError(t, a, "invalid_grant", "invalid code verifier")
		}
	}
}

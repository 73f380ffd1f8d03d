package demoorg

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestIdentityServicesKnowTheAdmin(t *testing.T) {
	s := start(t, Options{})
	tok := signedIn(t, s)
	for _, address := range []string{tok.ID, s.URL() + "/services/oauth2/userinfo"} {
		req := newRequest(t, "GET", address, "")
		req.Header.Set("Authorization", "Bearer "+tok.AccessToken)
		if a := do(t, req); a.status != 200 || !strings.Contains(a.body, `"user_id":"`+s.admin().ID+`"`) || !strings.Contains(a.body, `"organization_id":"`+OrgID+`"`) || !strings.Contains(a.body, Username) {
			t.Errorf("%s: %d %s", address, a.status, a.body)
		}
		if a := do(t, newRequest(t, "GET", address+"?format=json&oauth_token="+url.QueryEscape(tok.AccessToken), "")); a.status != 200 {
			t.Errorf("%s with a parameter: %d", address, a.status)
		}
		if a := do(t, newRequest(t, "GET", address, "")); a.status != 403 || strings.TrimSpace(a.body) != "Missing_OAuth_Token" {
			t.Errorf("%s without token: %d %s", address, a.status, a.body)
		}
		req.Header.Set("Authorization", "Bearer nonsense")
		if a := do(t, req); a.status != 403 || strings.TrimSpace(a.body) != "Bad_OAuth_Token" {
			t.Errorf("%s with a wrong token: %d %s", address, a.status, a.body)
		}
	}
}

func TestDiscoveryLeadsToWhatExists(t *testing.T) {
	s := start(t, Options{})
	var d struct {
		Issuer    string   `json:"issuer"`
		Authorize string   `json:"authorization_endpoint"`
		Token     string   `json:"token_endpoint"`
		Revoke    string   `json:"revocation_endpoint"`
		Userinfo  string   `json:"userinfo_endpoint"`
		Methods   []string `json:"code_challenge_methods_supported"`
		Scopes    []string `json:"scopes_supported"`
		Responses []string `json:"response_types_supported"`
		Grants    []string `json:"grant_types_supported"`
		Subjects  []string `json:"subject_types_supported"`
		Auth      []string `json:"token_endpoint_auth_methods_supported"`
		Display   []string `json:"display_values_supported"`
	}
	a := do(t, newRequest(t, "GET", s.URL()+"/.well-known/openid-configuration", ""))
	decode(t, a.body, &d)
	if d.Issuer != s.URL() || !slices.Equal(d.Methods, []string{"S256"}) {
		t.Errorf("got %s", a.body)
	}
	for _, address := range []string{d.Authorize, d.Token, d.Revoke, d.Userinfo} {
		if got := do(t, newRequest(t, "GET", address, "")).status; got == 404 {
			t.Errorf("%s is not there", address)
		}
	}
}

func TestSignInIsSeenInLoginHistory(t *testing.T) {
	s := start(t, Options{})
	count := func() int {
		a := get(t, s, "/services/data/v66.0/query?q="+url.QueryEscape("SELECT COUNT() FROM LoginHistory WHERE LoginTime = TODAY AND UserId = '"+s.admin().ID+"' AND LoginType = 'Remote Access 2.0'"))
		var r struct {
			TotalSize int   `json:"totalSize"`
			Done      bool  `json:"done"`
			Records   []any `json:"records"`
		}
		decode(t, a.body, &r)
		return r.TotalSize
	}
	before := count()
	signedIn(t, s)
	if got := count(); got != before+1 {
		t.Errorf("%d OAuth logins after one more sign-in than %d", got, before)
	}
}

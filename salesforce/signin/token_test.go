package signin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestRefreshKeepsOrReplacesTheRefreshToken(t *testing.T) {
	for name, c := range map[string]struct{ answered, want string }{
		"no rotation": {"", "old"},
		"rotation":    {"new", "new"},
	} {
		t.Run(name, func(t *testing.T) {
			org := newFakeOrg(t)
			org.answer = func(w http.ResponseWriter, _ url.Values) { org.grant(w, c.answered) }
			got, err := Refresh(t.Context(), org.options(), Token{Refresh: "old", OrgID: orgID, UserID: userID})
			if err != nil {
				t.Fatal(err)
			}
			if got.Refresh != c.want || got.Access != canaryAccess || got.InstanceURL != org.URL {
				t.Errorf("refresh token %q, want %q", got.Refresh, c.want)
			}
			want := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"old"}, "client_id": {"3MVG9.client"}}
			if form := org.requests()[0]; form.Encode() != want.Encode() {
				t.Errorf("asked with %v, want %v", form, want)
			}
		})
	}
}

func TestRefreshRefuses(t *testing.T) {
	org := newFakeOrg(t)
	if _, err := Refresh(t.Context(), org.options(), Token{}); err == nil {
		t.Error("refreshed without a refresh token")
	}
	if _, err := Refresh(t.Context(), org.options(), Token{Refresh: "r", OrgID: "00D5g000001OtherEAK"}); err == nil || !strings.Contains(err.Error(), "another org") {
		t.Errorf("another org's token was taken: %v", err)
	}
	for _, stranger := range []string{"https://evil.test", "http://acme.my.salesforce.com"} {
		if _, err := Refresh(t.Context(), Options{ClientID: "x"}, Token{Refresh: "r", InstanceURL: stranger}); err == nil || !strings.Contains(err.Error(), stranger) {
			t.Errorf("a token was sent to a stranger: %v", err)
		}
	}
	org.answer = func(w http.ResponseWriter, _ url.Values) {
		writeJSON(w, 400, map[string]string{"error": "invalid_grant", "error_description": "expired access/refresh token"})
	}
	_, err := Refresh(t.Context(), org.options(), Token{Refresh: "r"})
	var no *Refused
	if !errors.As(err, &no) || !strings.Contains(no.Hint(), "Sign in again") {
		t.Errorf("got %v", err)
	}
}

func TestRevoke(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		code   string
		fine   bool
	}{
		"done":         {200, "", true},
		"already gone": {400, "unsupported_token_type", true},
		"unknown":      {400, "invalid_token", true},
		"other":        {400, "invalid_request", false},
		"trouble":      {503, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			org := newFakeOrg(t)
			org.answer = func(w http.ResponseWriter, _ url.Values) { writeJSON(w, c.status, map[string]string{"error": c.code}) }
			err := Revoke(t.Context(), org.options(), Token{Access: "a", Refresh: "r", InstanceURL: org.URL})
			if (err == nil) != c.fine {
				t.Errorf("got %v", err)
			}
			if got := org.requests()[0].Get("token"); got != "r" {
				t.Errorf("revoked %q", got)
			}
		})
	}
	org := newFakeOrg(t)
	if err := Revoke(t.Context(), Options{}, Token{Access: "a", InstanceURL: org.URL}); err != nil || org.requests()[0].Get("token") != "a" {
		t.Errorf("without host and refresh token: %v", err)
	}
	if err := Revoke(t.Context(), Options{Host: "https://login.salesforce.com"}, Token{Refresh: "r", InstanceURL: "https://evil.test"}); err == nil {
		t.Error("a token was sent to a stranger")
	}
}

func TestUnreachableHostIsOneLine(t *testing.T) {
	org := newFakeOrg(t)
	o := org.options()
	org.Close()
	_, err := Refresh(t.Context(), o, Token{Refresh: canaryRefresh})
	if err == nil || !strings.Contains(err.Error(), "could not be reached") || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}

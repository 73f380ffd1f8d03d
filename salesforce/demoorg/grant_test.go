package demoorg

import (
	"net/url"
	"testing"
	"time"
)

func refreshing(token string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}, "client_id": {ClientID}}
}

// accepted reports whether the REST API takes an access token.
func accepted(t *testing.T, s *Server, token string) bool {
	t.Helper()
	req := newRequest(t, "GET", s.URL()+"/services/data/v66.0/limits", "")
	req.Header.Set("Authorization", "Bearer "+token)
	a := do(t, req)
	if a.status != 200 {
		wantError(t, a, 401, "INVALID_SESSION_ID", "Session expired or invalid")
	}
	return a.status == 200
}

func TestRefreshWithoutRotationKeepsTheToken(t *testing.T) {
	s := start(t, Options{})
	tok := signedIn(t, s)
	for range 2 {
		again := tokensOf(t, postForm(t, tokenURL(s), refreshing(tok.RefreshToken)))
		if again.RefreshToken != "" || again.AccessToken == tok.AccessToken || !accepted(t, s, again.AccessToken) {
			t.Errorf("got %+v", again)
		}
	}
}

func TestReuseOfARotatedTokenKillsTheFamily(t *testing.T) {
	s := start(t, Options{Rotate: true})
	stranger := signedIn(t, s)
	tok := signedIn(t, s)
	next := tokensOf(t, postForm(t, tokenURL(s), refreshing(tok.RefreshToken)))
	if next.RefreshToken == "" || next.RefreshToken == tok.RefreshToken {
		t.Fatalf("not rotated: %+v", next)
	}
	wantOAuthError(t, postForm(t, tokenURL(s), refreshing(tok.RefreshToken)), "invalid_grant", "expired access/refresh token")
	wantOAuthError(t, postForm(t, tokenURL(s), refreshing(next.RefreshToken)), "invalid_grant", "expired access/refresh token")
	if accepted(t, s, next.AccessToken) || accepted(t, s, tok.AccessToken) {
		t.Error("access tokens outlived their family")
	}
	if !accepted(t, s, stranger.AccessToken) {
		t.Error("another family died with it")
	}
}

func TestRefreshTokenBelongsToItsClient(t *testing.T) {
	s := start(t, Options{})
	form := refreshing(signedIn(t, s).RefreshToken)
	form.Set("client_id", "PlatformCLI")
	wantOAuthError(t, postForm(t, tokenURL(s), form), "invalid_grant", "expired access/refresh token")
}

func TestRevokeEndsTheFamilyOnce(t *testing.T) {
	s := start(t, Options{})
	tok := signedIn(t, s)
	revoke := s.URL() + "/services/oauth2/revoke"
	if a := postForm(t, revoke, url.Values{"token": {tok.RefreshToken}}); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if accepted(t, s, tok.AccessToken) {
		t.Error("the access token outlived its refresh token")
	}
	wantOAuthError(t, postForm(t, tokenURL(s), refreshing(tok.RefreshToken)), "invalid_grant", "expired access/refresh token")
	wantOAuthError(t, postForm(t, revoke, url.Values{"token": {tok.RefreshToken}}), "invalid_token", "invalid token")

	other := signedIn(t, s)
	if a := postForm(t, revoke, url.Values{"token": {other.AccessToken}}); a.status != 200 || accepted(t, s, other.AccessToken) {
		t.Error("an access token was not revoked")
	}
}

func TestSessionEndsWhenItIsNotUsed(t *testing.T) {
	now := time.Now()
	s := start(t, Options{Now: func() time.Time { return now }})
	tok := signedIn(t, s)
	for range 3 {
		now = now.Add(sessionIdle)
		if !accepted(t, s, tok.AccessToken) {
			t.Fatal("a session in use ended")
		}
	}
	now = now.Add(sessionIdle + time.Second)
	if accepted(t, s, tok.AccessToken) {
		t.Error("an idle session lives on")
	}
	if !accepted(t, s, s.Token()) {
		t.Error("the org's own token ended")
	}
	tokensOf(t, postForm(t, tokenURL(s), refreshing(tok.RefreshToken)))
}

func TestTokenWithoutAPIScopeIsRefused(t *testing.T) {
	s := start(t, Options{})
	tok := signedIn(t, s, "scope", "id")
	req := newRequest(t, "GET", s.URL()+"/services/data/v66.0/limits", "")
	req.Header.Set("Authorization", "Bearer "+tok.AccessToken)
	wantError(t, do(t, req), 401, "INVALID_SESSION_ID", "not valid for use with the REST API")
	wantFault(t, "SOAP", do(t, soapRequest(t, s, "66.0", soapBody(tok.AccessToken, "<m:describeMetadata/>"))), "sf:INVALID_SESSION_ID")
}

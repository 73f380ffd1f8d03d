package demoorg

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const verifier = "a-verifier-of-at-least-forty-three-characters.~_0123"

func challengeOf(v string) string {
	sum := sha256.Sum256([]byte(v))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// asking are the parameters of a good authorize request; change adds to or
// overrides them, "-" takes one away.
func asking(change ...string) url.Values {
	q := url.Values{
		"response_type": {"code"}, "client_id": {ClientID}, "redirect_uri": {CallbackURLs[0]},
		"scope": {"api refresh_token id"}, "state": {"st ate&=é"},
		"code_challenge": {challengeOf(verifier)}, "code_challenge_method": {"S256"},
	}
	override(q, change)
	return q
}

func override(q url.Values, change []string) {
	for i := 0; i < len(change); i += 2 {
		if change[i+1] == "-" {
			q.Del(change[i])
		} else {
			q.Set(change[i], change[i+1])
		}
	}
}

func authorizeURL(s *Server, q url.Values) string {
	return s.URL() + "/services/oauth2/authorize?" + q.Encode()
}

// decideAs opens the sign-in page and clicks; it gives back the redirect.
func decideAs(t *testing.T, s *Server, q url.Values, decision string) url.Values {
	t.Helper()
	a := do(t, newRequest(t, "GET", authorizeURL(s, q), ""))
	form, err := signInForm(a.body)
	if a.status != 200 || err != nil {
		t.Fatalf("%d %v: %s", a.status, err, a.body)
	}
	form.values.Set("decision", decision)
	return location(t, postForm(t, s.URL()+form.action, form.values), q.Get("redirect_uri"))
}

func location(t *testing.T, a answer, redirect string) url.Values {
	t.Helper()
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.status != http.StatusFound && a.status != http.StatusSeeOther {
		t.Fatalf("no redirect: %d %v %s", a.status, err, a.body)
	}
	q := u.Query()
	u.RawQuery = ""
	if u.String() != redirect {
		t.Fatalf("redirected to %s", u)
	}
	return q
}

// redemption are the parameters of a good token request.
func redemption(code string, change ...string) url.Values {
	q := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "client_id": {ClientID},
		"redirect_uri": {CallbackURLs[0]}, "code_verifier": {verifier},
	}
	override(q, change)
	return q
}

func tokenURL(s *Server) string { return s.URL() + "/services/oauth2/token" }

func wantOAuthError(t *testing.T, a answer, code, description string) {
	t.Helper()
	var e oauthError
	decode(t, a.body, &e)
	if a.status != 400 || e.Code != code || e.Description != description {
		t.Errorf("got %d %+v, want %s %q", a.status, e, code, description)
	}
}

// signedIn goes through a whole sign-in.
func signedIn(t *testing.T, s *Server, change ...string) tokenAnswer {
	t.Helper()
	code := decideAs(t, s, asking(change...), "login").Get("code")
	return tokensOf(t, postForm(t, tokenURL(s), redemption(code)))
}

func tokensOf(t *testing.T, a answer) tokenAnswer {
	t.Helper()
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var tok tokenAnswer
	decode(t, a.body, &tok)
	return tok
}

func TestSignInGivesTheDocumentedTokenAnswer(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	s := start(t, Options{Now: func() time.Time { return now }})
	q := decideAs(t, s, asking(), "login")
	if q.Get("state") != "st ate&=é" || len(q) != 2 {
		t.Errorf("callback with %v", q)
	}
	code := q.Get("code")
	if !strings.HasPrefix(code, "aPrx") || !strings.HasSuffix(code, "==") {
		t.Errorf("code %s", code)
	}
	a := postForm(t, tokenURL(s), redemption(code))
	tok := tokensOf(t, a)
	if !strings.HasPrefix(tok.AccessToken, OrgID[:15]+"!AQ") || !strings.HasPrefix(tok.RefreshToken, "5Aep861") ||
		tok.InstanceURL != s.URL() || tok.TokenType != "Bearer" || tok.IssuedAt != "1795428000000" ||
		tok.Scope != "api refresh_token id" || tok.Signature == "" || tok.ID != s.URL()+"/id/"+OrgID+"/"+s.admin().ID {
		t.Errorf("got %s", a.body)
	}
	if strings.Contains(a.body, "expires_in") || a.header.Get("Cache-Control") != "no-cache, no-store" {
		t.Errorf("got %v %s", a.header, a.body)
	}
	wantOAuthError(t, postForm(t, tokenURL(s), redemption(code)), "invalid_grant", "expired authorization code")
}

func TestWithoutRefreshScopeThereIsNoRefreshToken(t *testing.T) {
	s := start(t, Options{})
	if tok := signedIn(t, s, "scope", "api"); tok.RefreshToken != "" || tok.Scope != "api" {
		t.Errorf("got %+v", tok)
	}
	if tok := signedIn(t, s, "scope", "api offline_access"); tok.RefreshToken == "" {
		t.Error("offline_access gave no refresh token")
	}
}

func TestChallengeWithoutMethodIsS256(t *testing.T) {
	s := start(t, Options{})
	signedIn(t, s, "code_challenge_method", "-")
	code := decideAs(t, s, asking("code_challenge_method", "-", "code_challenge", challengeOf("x"+verifier)), "login").Get("code")
	wantOAuthError(t, postForm(t, tokenURL(s), redemption(code)), "invalid_grant", "invalid code verifier")
}

func TestAuthorizeRefusals(t *testing.T) {
	s := start(t, Options{})
	for name, c := range map[string]struct {
		change            []string
		code, description string
		onPage            bool
	}{
		"unknown client":       {[]string{"client_id", "3MVG9nobody"}, "invalid_client_id", "client identifier invalid", true},
		"no redirect":          {[]string{"redirect_uri", "-"}, "redirect_uri_missing", "redirect_uri not provided", true},
		"other path":           {[]string{"redirect_uri", "http://localhost:1717/oauthredirect"}, "redirect_uri_mismatch", "redirect_uri must match configuration", true},
		"other port":           {[]string{"redirect_uri", "http://localhost:1719/OauthRedirect"}, "redirect_uri_mismatch", "redirect_uri must match configuration", true},
		"address for the name": {[]string{"redirect_uri", "http://127.0.0.1:1717/OauthRedirect"}, "redirect_uri_mismatch", "redirect_uri must match configuration", true},
		"longer path":          {[]string{"redirect_uri", "http://localhost:1717/OauthRedirect/"}, "redirect_uri_mismatch", "redirect_uri must match configuration", true},
		"with a query":         {[]string{"redirect_uri", "http://localhost:1717/OauthRedirect?a=b"}, "redirect_uri_mismatch", "redirect_uri must match configuration", true},
		"CLI on our port":      {[]string{"client_id", "PlatformCLI", "redirect_uri", CallbackURLs[1]}, "redirect_uri_mismatch", "redirect_uri must match configuration", true},
		"no challenge":         {[]string{"code_challenge", "-"}, "invalid_request", "missing required code challenge", false},
		"plain challenge":      {[]string{"code_challenge_method", "plain"}, "invalid_request", "code challenge method not supported", false},
		"padded challenge":     {[]string{"code_challenge", challengeOf(verifier) + "="}, "invalid_request", "invalid code challenge", false},
		"implicit flow":        {[]string{"response_type", "token"}, "unsupported_response_type", "response type not supported", false},
		"scope of nobody":      {[]string{"scope", "api full"}, "invalid_scope", "the requested scope is not allowed", false},
	} {
		q := asking(c.change...)
		a := do(t, newRequest(t, "GET", authorizeURL(s, q), ""))
		if c.onPage {
			if a.status != 400 || a.header.Get("Location") != "" || !strings.Contains(a.body, "error="+c.code) {
				t.Errorf("%s: %d %v", name, a.status, a.header)
			}
			continue
		}
		got := location(t, a, CallbackURLs[0])
		if got.Get("error") != c.code || got.Get("error_description") != c.description || got.Get("state") != "st ate&=é" || got.Has("code") {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestDenyReturnsToTheClientWithoutACode(t *testing.T) {
	s := start(t, Options{})
	got := decideAs(t, s, asking(), "deny")
	if got.Get("error") != "access_denied" || got.Get("error_description") != "end-user denied authorization" || got.Has("code") || got.Get("state") == "" {
		t.Errorf("got %v", got)
	}
}

func TestSignInPageSaysWhatItIsAndWorksOnce(t *testing.T) {
	s := start(t, Options{})
	a := do(t, newRequest(t, "GET", authorizeURL(s, asking("state", `"><script>alert(1)</script>`)), ""))
	for _, want := range []string{"demonstration", "Nothing leaves this computer", Username, ">Log in<", ">Deny<", "Manage user data via APIs"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(a.body, "<script") {
		t.Error("the page carries a script")
	}
	csp := a.header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "form-action 'self' http://localhost:1717"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy %q lacks %q", csp, want)
		}
	}
	form, err := signInForm(a.body)
	if err != nil {
		t.Fatal(err)
	}
	if first := postForm(t, s.URL()+form.action, form.values); first.status != http.StatusSeeOther {
		t.Errorf("first click: %d", first.status)
	}
	if again := postForm(t, s.URL()+form.action, form.values); again.status != 400 || again.header.Get("Location") != "" {
		t.Errorf("second click: %d", again.status)
	}
}

func TestTokenRefusals(t *testing.T) {
	s := start(t, Options{})
	for name, c := range map[string]struct {
		change            []string
		code, description string
	}{
		"wrong verifier":   {[]string{"code_verifier", verifier + "x"}, "invalid_grant", "invalid code verifier"},
		"short verifier":   {[]string{"code_verifier", "short"}, "invalid_grant", "invalid code verifier"},
		"no verifier":      {[]string{"code_verifier", "-"}, "invalid_request", "missing required code verifier"},
		"other redirect":   {[]string{"redirect_uri", CallbackURLs[1]}, "redirect_uri_mismatch", "redirect_uri must match configuration"},
		"other client":     {[]string{"client_id", "PlatformCLI"}, "invalid_grant", "invalid authorization code"},
		"unknown client":   {[]string{"client_id", "nobody"}, "invalid_client_id", "client identifier invalid"},
		"secret":           {[]string{"client_secret", "123"}, "invalid_client", "invalid client credentials"},
		"no code":          {[]string{"code", "-"}, "invalid_request", "missing required parameter: code"},
		"made-up code":     {[]string{"code", "aPrxNothing=="}, "invalid_grant", "expired authorization code"},
		"password flow":    {[]string{"grant_type", "password"}, "unsupported_grant_type", "grant type not supported"},
		"no grant type":    {[]string{"grant_type", "-"}, "unsupported_grant_type", "grant type not supported"},
		"unknown refresh":  {[]string{"grant_type", "refresh_token", "refresh_token", "5Aep861no"}, "invalid_grant", "expired access/refresh token"},
		"no refresh token": {[]string{"grant_type", "refresh_token"}, "invalid_grant", "expired access/refresh token"},
	} {
		t.Run(name, func(t *testing.T) {
			code := decideAs(t, s, asking(), "login").Get("code")
			wantOAuthError(t, postForm(t, tokenURL(s), redemption(code, c.change...)), c.code, c.description)
		})
	}
	code := decideAs(t, s, asking(), "login").Get("code")
	wantOAuthError(t, do(t, newRequest(t, "GET", tokenURL(s)+"?"+redemption(code).Encode(), "")), "invalid_request", "must use HTTP POST")
	inAddress := newRequest(t, "POST", tokenURL(s)+"?"+redemption(code).Encode(), "")
	inAddress.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	wantOAuthError(t, do(t, inAddress), "invalid_client_id", "client identifier invalid")
	if a := postForm(t, tokenURL(s), redemption(code, "client_secret", "")); a.status != 200 {
		t.Errorf("an empty secret, as the CLI sends it, is refused: %s", a.body)
	}
}

func TestFailedTrySpendsTheCode(t *testing.T) {
	s := start(t, Options{})
	code := decideAs(t, s, asking(), "login").Get("code")
	postForm(t, tokenURL(s), redemption(code, "code_verifier", verifier+"x"))
	wantOAuthError(t, postForm(t, tokenURL(s), redemption(code)), "invalid_grant", "expired authorization code")
}

func TestCodeLivesFifteenMinutes(t *testing.T) {
	now := time.Now()
	s := start(t, Options{Now: func() time.Time { return now }})
	code := decideAs(t, s, asking(), "login").Get("code")
	now = now.Add(15 * time.Minute)
	tokensOf(t, postForm(t, tokenURL(s), redemption(code)))
	code = decideAs(t, s, asking(), "login").Get("code")
	now = now.Add(15*time.Minute + time.Second)
	wantOAuthError(t, postForm(t, tokenURL(s), redemption(code)), "invalid_grant", "expired authorization code")
}

func TestChunkedFormsAndBasicClientAreTaken(t *testing.T) {
	s := start(t, Options{})
	form := redemption(decideAs(t, s, asking(), "login").Get("code"))
	req := newRequest(t, "POST", tokenURL(s), form.Encode())
	req.ContentLength = -1
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	tokensOf(t, do(t, req))

	form = redemption(decideAs(t, s, asking(), "login").Get("code"), "client_id", "-")
	req = newRequest(t, "POST", tokenURL(s), form.Encode())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(ClientID, "")
	tokensOf(t, do(t, req))
}

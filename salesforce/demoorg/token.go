package demoorg

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// oauthError is how the OAuth endpoints refuse: a JSON object, unlike the APIs.
type oauthError struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func (e *oauthError) write(w http.ResponseWriter) { writeOAuth(w, http.StatusBadRequest, e) }

func writeOAuth(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-cache, no-store")
	w.Header().Set("Pragma", "no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// tokenAnswer is the documented success: issued_at is a text of milliseconds,
// and there is no expires_in.
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	Signature    string `json:"signature"`
	Scope        string `json:"scope"`
	InstanceURL  string `json:"instance_url"`
	ID           string `json:"id"`
	TokenType    string `json:"token_type"`
	IssuedAt     string `json:"issued_at"`
}

// tokenEndpoint reads its parameters from the body only: a code in an address
// ends up in logs.
func (s *Server) tokenEndpoint(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		(&oauthError{"invalid_request", "must use HTTP POST"}).write(w)
		return
	}
	if err := r.ParseForm(); err != nil {
		(&oauthError{"invalid_request", "malformed request body"}).write(w)
		return
	}
	var t tokens
	var refused *oauthError
	var withRefresh bool
	switch r.PostForm.Get("grant_type") {
	case grantClientCredentials:
		t, refused = s.byCredentials(r)
	case grantJWTBearer:
		t, refused = s.bySignature(r)
	default:
		t, withRefresh, refused = s.forSomebody(r)
	}
	if refused != nil {
		refused.write(w)
		return
	}
	writeOAuth(w, http.StatusOK, s.answer(t, withRefresh))
}

// forSomebody serves the flows that begin with a person who logs in.
func (s *Server) forSomebody(r *http.Request) (t tokens, withRefresh bool, refused *oauthError) {
	a, refused := s.clientApp(r)
	if refused != nil {
		return tokens{}, false, refused
	}
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		t, refused = s.redeem(r, a)
		return t, true, refused
	case "refresh_token":
		t, refused = s.renew(r, a)
		return t, s.o.Rotate, refused
	}
	return tokens{}, false, errGrantType
}

// clientOf is what a token request says of its client, in the body or as HTTP Basic.
func clientOf(r *http.Request) (key, secret string) {
	if name, password, ok := r.BasicAuth(); ok {
		return name, password
	}
	return r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
}

// clientApp finds the app of a token request. To a public one a secret is proof
// of a misconfigured client and refused.
func (s *Server) clientApp(r *http.Request) (*app, *oauthError) {
	key, secret := clientOf(r)
	a := s.app(key)
	switch {
	case a == nil:
		return nil, errUnknownApp
	case a.server == nil && secret != "", a.server != nil && secret != a.server.Secret:
		return nil, errWrongSecret
	}
	return a, nil
}

// redeem turns a code into tokens. A code is spent by the first try, whatever
// comes of it.
func (s *Server) redeem(r *http.Request, a *app) (tokens, *oauthError) {
	code := r.PostForm.Get("code")
	if code == "" {
		return tokens{}, &oauthError{"invalid_request", "missing required parameter: code"}
	}
	req, ok := s.grants.take(s.grants.codes, code, codeLife, s.o.Now())
	verifier := r.PostForm.Get("code_verifier")
	switch {
	case !ok:
		return tokens{}, &oauthError{"invalid_grant", "expired authorization code"}
	case req.clientID != a.id:
		return tokens{}, &oauthError{"invalid_grant", "invalid authorization code"}
	case req.redirectURI != r.PostForm.Get("redirect_uri"):
		return tokens{}, &oauthError{"redirect_uri_mismatch", "redirect_uri must match configuration"}
	case verifier == "":
		return tokens{}, &oauthError{"invalid_request", "missing required code verifier"}
	case !verifies(verifier, req.challenge):
		return tokens{}, &oauthError{"invalid_grant", "invalid code verifier"}
	}
	t := s.grants.issue(grant{clientID: a.id, app: a.name, user: s.admin(), scopes: req.scopes}, s.o.Now())
	s.logins.add(login{user: s.admin(), at: s.o.Now(), kind: "Remote Access 2.0", subType: "OauthWebServer", application: a.name, status: "Success"})
	return t, nil
}

// A verifier has at least 43 characters (RFC 7636, section 4.1). That section
// ends at 128; Salesforce asks for 128 bytes in base64url, which are 171, and its
// CLI sends as many (OAuth 2.0 Web Server Flow, "code_verifier").
const minVerifier, maxVerifier = 43, 171

func verifies(verifier, challenge string) bool {
	if len(verifier) < minVerifier || len(verifier) > maxVerifier {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

func (s *Server) renew(r *http.Request, a *app) (tokens, *oauthError) {
	t, ok := s.grants.renew(r.PostForm.Get("refresh_token"), a.id, s.o.Rotate, s.o.Now())
	if !ok {
		return tokens{}, &oauthError{"invalid_grant", "expired access/refresh token"}
	}
	s.logins.add(login{user: t.user, at: s.o.Now(), kind: "Remote Access 2.0", subType: "OauthRefreshToken", application: a.name, status: "Success"})
	return t, nil
}

func (s *Server) answer(t tokens, withRefresh bool) tokenAnswer {
	issued := strconv.FormatInt(s.o.Now().UnixMilli(), 10)
	a := tokenAnswer{
		AccessToken: t.access, Scope: strings.Join(t.scopes, " "), InstanceURL: s.url,
		ID: s.identityURL(t.user), TokenType: "Bearer", IssuedAt: issued,
	}
	// Salesforce signs with the consumer secret; a public client has none to check it with.
	mac := hmac.New(sha256.New, []byte(t.clientID))
	mac.Write([]byte(a.ID + issued))
	a.Signature = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if withRefresh {
		a.RefreshToken = t.refresh
	}
	return a
}

// revoke ends a token. A second time is refused, as Salesforce does.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		(&oauthError{"invalid_request", "must use HTTP POST"}).write(w)
		return
	}
	if !s.grants.revoke(r.PostFormValue("token")) {
		(&oauthError{"invalid_token", "invalid token"}).write(w)
		return
	}
	w.WriteHeader(http.StatusOK)
}

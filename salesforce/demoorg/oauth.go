package demoorg

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// ClientID is the public client that the org knows: no secret, PKCE required.
// The Salesforce CLI's client "PlatformCLI" is known too.
const ClientID = "3MVG9NorthwindDemoSidestep.LocalExternalClientApp_0001"

// CallbackURLs are the redirect addresses that are registered for ClientID.
// PlatformCLI has only the first.
var CallbackURLs = []string{
	"http://localhost:1717/OauthRedirect",
	"http://localhost:1718/OauthRedirect",
	"http://localhost:17171/OauthRedirect",
	"http://localhost:27171/OauthRedirect",
	"http://localhost:37171/OauthRedirect",
}

// app is a client as the org's admin registered it.
type app struct {
	id, name  string
	callbacks []string
	scopes    []string
	server    *App // nil for the public clients
}

var apps = []app{
	{ClientID, "Sidestep", CallbackURLs, []string{"api", "id", "refresh_token", "web"}, nil},
	{"PlatformCLI", "Salesforce CLI", CallbackURLs[:1], []string{"api", "id", "refresh_token", "web"}, nil},
}

func appByID(id string) *app {
	for i := range apps {
		if apps[i].id == id {
			return &apps[i]
		}
	}
	return nil
}

// grantable turns a scope parameter into scopes, false when one is not among
// those of the app. Without the parameter everything is asked for.
func (a *app) grantable(scope string) ([]string, bool) {
	var scopes []string
	for _, s := range strings.Fields(scope) {
		if s == "offline_access" {
			s = "refresh_token"
		}
		if !slices.Contains(a.scopes, s) {
			return nil, false
		}
		if !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	if len(scopes) == 0 {
		scopes = a.scopes
	}
	return scopes, true
}

// A challenge is the base64url form of a SHA-256 digest.
var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// authorize shows the sign-in page. What is wrong with the client or its
// redirect address is told on a page and never sent to that address; what is
// wrong otherwise goes back to the client (OAuth 2.0 Web Server Flow).
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	a := s.app(q.Get("client_id"))
	if a == nil {
		s.refusal(w, "invalid_client_id", "client identifier invalid")
		return
	}
	redirect := q.Get("redirect_uri")
	if redirect == "" {
		s.refusal(w, "redirect_uri_missing", "redirect_uri not provided")
		return
	}
	if !slices.Contains(a.callbacks, redirect) {
		s.refusal(w, "redirect_uri_mismatch", "redirect_uri must match configuration")
		return
	}
	req := request{clientID: a.id, redirectURI: redirect, challenge: q.Get("code_challenge"), state: q.Get("state"), made: s.o.Now()}
	scopes, known := a.grantable(q.Get("scope"))
	switch method := q.Get("code_challenge_method"); {
	case q.Get("response_type") != "code":
		req.refuse(w, r, "unsupported_response_type", "response type not supported")
	case req.challenge == "":
		req.refuse(w, r, "invalid_request", "missing required code challenge")
	case method != "" && method != "S256":
		req.refuse(w, r, "invalid_request", "code challenge method not supported")
	case !challengeForm.MatchString(req.challenge):
		req.refuse(w, r, "invalid_request", "invalid code challenge")
	case !known:
		req.refuse(w, r, "invalid_scope", "the requested scope is not allowed")
	default:
		req.scopes = scopes
		s.signInPage(w, a, req, s.grants.open(s.grants.pages, secret(32), req))
	}
}

// decide is the click on the sign-in page.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	req, ok := s.grants.take(s.grants.pages, r.PostFormValue("request"), pageLife, s.o.Now())
	if !ok {
		s.refusal(w, "invalid_request", "this sign-in page was used already or is too old")
		return
	}
	if r.PostFormValue("decision") != "login" {
		req.refuse(w, r, "access_denied", "end-user denied authorization")
		return
	}
	req.made = s.o.Now()
	code := s.grants.open(s.grants.codes, "aPrx"+secret(60)+"==", req)
	req.redirect(w, r, url.Values{"code": {code}})
}

func (req request) refuse(w http.ResponseWriter, r *http.Request, code, description string) {
	req.redirect(w, r, url.Values{"error": {code}, "error_description": {description}})
}

func (req request) redirect(w http.ResponseWriter, r *http.Request, q url.Values) {
	if req.state != "" {
		q.Set("state", req.state)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusSeeOther
	}
	http.Redirect(w, r, req.redirectURI+"?"+q.Encode(), status)
}

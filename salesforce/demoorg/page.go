package demoorg

import (
	_ "embed"
	"html"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"sidestep/fill"
)

//go:embed page.html
var pageHTML string

// pages are read when the first one is shown. What they show stands in text or
// between the quotes of an attribute, where html.EscapeString is enough.
var pages = sync.OnceValue(func() *fill.Set {
	s := fill.New(nil, html.EscapeString)
	if err := s.Parse("page.html", pageHTML); err != nil {
		panic(err) // the file is part of the program
	}
	return s
})

// page is what the templates may show.
type page struct {
	Title, Nonce, Org              string
	Request, Username, App         string
	Scopes                         []string
	Code, Description, Path, allow string
	Apps                           []App
	KeyPath                        string
}

// appsPage is Setup's External Client App Manager, the one page that the org has:
// somebody has to be able to read a secret.
const appsPage = "/lightning/setup/ManageExternalClientApplication/home"

// scopeWords says what a scope means, in the words of Salesforce's consent page.
var scopeWords = map[string]string{
	"api":           "Manage user data via APIs",
	"id":            "Access the identity URL service",
	"refresh_token": "Perform requests at any time",
	"web":           "Manage user data via web browsers",
}

// show writes a page that may load nothing, run nothing, and be framed by
// nobody. allow names the one place beside this org to which its form may lead.
func show(w http.ResponseWriter, status int, name string, p page) {
	p.Nonce, p.Org = secret(16), OrgName
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=UTF-8")
	h.Set("Content-Security-Policy", strings.TrimSpace("default-src 'none'; style-src 'nonce-"+p.Nonce+"'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+p.allow))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = pages().Fill(w, name, p)
}

func (s *Server) signInPage(w http.ResponseWriter, a *app, req request, name string) {
	p := page{Title: "Log in | " + OrgName, Request: name, Username: Username, App: a.name}
	for _, scope := range req.scopes {
		p.Scopes = append(p.Scopes, scopeWords[scope])
	}
	// Browsers apply form-action to the redirect that answers the form, too.
	if u, err := url.Parse(req.redirectURI); err == nil {
		p.allow = u.Scheme + "://" + u.Host
	}
	show(w, http.StatusOK, "signin", p)
}

// refusal tells what is wrong with a sign-in that has no safe place to return to.
func (s *Server) refusal(w http.ResponseWriter, code, description string) {
	show(w, http.StatusBadRequest, "refusal", page{Title: "Error | " + OrgName, Code: code, Description: description})
}

func (s *Server) home(w http.ResponseWriter, _ *http.Request) {
	show(w, http.StatusOK, "home", page{Title: OrgName})
}

// setup stands for the Setup pages that checklists link to: Lightning paths and
// the ids that open a definition.
func (s *Server) setup(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	get := r.Method == http.MethodGet || r.Method == http.MethodHead
	if !get || !strings.HasPrefix(path, "/lightning/") && !strings.HasPrefix(path, "/04k") {
		http.NotFound(w, r)
		return
	}
	if path == appsPage {
		show(w, http.StatusOK, "apps", page{Title: "External Client Apps | " + OrgName, Apps: s.apps, KeyPath: HubKeyPath})
		return
	}
	show(w, http.StatusOK, "setup", page{Title: "Setup | " + OrgName, Path: path})
}

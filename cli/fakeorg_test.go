//go:build unix

package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"sidestep/salesforce/demoorg"
)

// Secrets that must turn up nowhere.
const (
	canaryAccess  = "00D5g000001NwTr!AQcanaryACCESS.4xK/+w=="
	canaryRenewed = "00D5g000001NwTr!AQcanaryRENEWED.7pQ/+w=="
	canaryRefresh = "5Aep861canaryREFRESH.v2/+w=="
	canaryCode    = "aPrxcanaryCODE/+w=="
)

// fakeOrg is an org whose sign-in answers as a test wants. Its APIs are those of
// the built-in org.
type fakeOrg struct {
	*httptest.Server
	demo *demoorg.Server

	mu      sync.Mutex
	asked   []tokenRequest
	revoked []string
	valid   string // the access token that the APIs take
	// called sees each call of the APIs.
	called func(*http.Request)
	// answer replaces the token endpoint's.
	answer http.HandlerFunc
}

// tokenRequest is a request to the token endpoint.
type tokenRequest struct {
	query, body string
	form        url.Values
	header      http.Header
}

func newFakeOrg(t *testing.T) *fakeOrg {
	t.Helper()
	demo, err := demoorg.Start(t.Context(), demoorg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeOrg{demo: demo, valid: canaryAccess}
	target, err := url.Parse(demo.URL())
	if err != nil {
		t.Fatal(err)
	}
	apis := httputil.NewSingleHostReverseProxy(target)
	mux := http.NewServeMux()
	mux.HandleFunc("/services/oauth2/token", f.token)
	mux.HandleFunc("/services/oauth2/revoke", f.revoke)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { f.pass(apis, w, r) })
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Server.Close)
	return f
}

func (f *fakeOrg) token(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	f.mu.Lock()
	f.asked = append(f.asked, tokenRequest{r.URL.RawQuery, string(body), form, r.Header})
	answer := f.answer
	f.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	if answer != nil {
		answer(w, r)
		return
	}
	if form.Get("grant_type") == "refresh_token" {
		f.accept(canaryRenewed)
		f.grant(w, map[string]any{"access_token": canaryRenewed, "refresh_token": ""})
		return
	}
	f.grant(w, nil)
}

// grant answers with tokens, but for the fields that change says.
func (f *fakeOrg) grant(w http.ResponseWriter, change map[string]any) {
	fields := map[string]any{
		"access_token": canaryAccess, "refresh_token": canaryRefresh, "token_type": "Bearer", "scope": "refresh_token api",
		"instance_url": f.URL, "issued_at": "1795421234567",
		"id": fmt.Sprintf("%s/id/%s/%s", f.URL, demoorg.OrgID, "0055g000001NwAdAAK"),
	}
	for k, v := range change {
		if fields[k] = v; v == "" {
			delete(fields, k)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(fields)
}

func (f *fakeOrg) revoke(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.revoked = append(f.revoked, r.PostFormValue("token"))
	w.WriteHeader(http.StatusOK)
}

// pass hands a call to the built-in org, with its token in the place of ours.
func (f *fakeOrg) pass(apis http.Handler, w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	valid, called := f.valid, f.called
	f.mu.Unlock()
	if called != nil {
		called(r)
	}
	body, _ := io.ReadAll(r.Body)
	body = bytes.ReplaceAll(body, []byte(valid), []byte(f.demo.Token()))
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Authorization", strings.ReplaceAll(r.Header.Get("Authorization"), valid, f.demo.Token()))
	apis.ServeHTTP(w, r)
}

// accept lets the APIs take another token from now on.
func (f *fakeOrg) accept(access string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.valid = access
}

func (f *fakeOrg) answering(h http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = h
}

func (f *fakeOrg) requests() []tokenRequest {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]tokenRequest(nil), f.asked...)
}

func (f *fakeOrg) revocations() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.revoked...)
}

// signIn goes through a whole sign-in.
func (c *computer) signIn(f *fakeOrg, args ...string) ended {
	c.t.Helper()
	s := c.login(append([]string{"--no-browser", "--host", f.URL}, args...)...)
	s.visit(s.callback("code=" + url.QueryEscape(canaryCode)))
	return s.end().must(c.t, fine)
}

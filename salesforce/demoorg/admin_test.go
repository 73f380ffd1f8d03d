package demoorg

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// callback listens on one of the registered redirect addresses.
func callback(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	for _, address := range slices.Backward(CallbackURLs) {
		u, _ := url.Parse(address)
		l, err := net.Listen("tcp", "127.0.0.1:"+u.Port())
		if err != nil {
			continue
		}
		srv := &http.Server{Handler: h}
		go func() { _ = srv.Serve(l) }()
		t.Cleanup(func() { _ = srv.Close() })
		return address
	}
	t.Skip("not tested: all callback ports are taken")
	return ""
}

func TestApproveActsAsTheAdminsBrowser(t *testing.T) {
	s := start(t, Options{})
	got := make(chan url.Values, 1)
	redirect := callback(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/done" {
			return
		}
		got <- r.URL.Query()
		http.Redirect(w, r, "/done", http.StatusSeeOther)
	})
	if err := s.Approve(t.Context(), authorizeURL(s, asking("redirect_uri", redirect))); err != nil {
		t.Fatal(err)
	}
	q := <-got
	tok := tokensOf(t, postForm(t, tokenURL(s), redemption(q.Get("code"), "redirect_uri", redirect)))
	if !accepted(t, s, tok.AccessToken) {
		t.Error("the token is not accepted")
	}
}

func TestApproveGoesNowhereElse(t *testing.T) {
	s := start(t, Options{})
	elsewhere := callback(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://evil.example/", http.StatusSeeOther)
	})
	for name, link := range map[string]string{
		"a real org":        "https://login.salesforce.com/services/oauth2/authorize?" + asking().Encode(),
		"plain http abroad": "http://login.example/services/oauth2/authorize?" + asking().Encode(),
		"disguised":         "http://localhost@evil.example/",
		"a refusal":         authorizeURL(s, asking("code_challenge", "-")),
		"a wrong client":    authorizeURL(s, asking("client_id", "nobody")),
		"another page":      s.URL() + "/",
		"a far redirect":    authorizeURL(s, asking("redirect_uri", elsewhere)),
	} {
		err := s.Approve(t.Context(), link)
		if err == nil || strings.Contains(err.Error(), "aPrx") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

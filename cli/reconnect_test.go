//go:build unix

package cli

import (
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// Threats "bad line" and "expired login", with a sign-in that is kept: only the
// org's no to it leads to the browser. A line that is down is told as that, and
// tried again.
func TestOnlyARefusalLeadsToANewSignIn(t *testing.T) {
	t.Parallel()
	org := startAPIOrg(t, 3)
	org.expire()
	var renewing atomic.Pointer[answering]
	does := func(a answering) { renewing.Store(&a) }
	org.hook = func(w http.ResponseWriter, r *http.Request, body string) bool { return (*renewing.Load())(w, r, body) }
	does(on("/services/oauth2/token", func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) }))
	org.proxy.Close()
	d := sit(t, org.homeOf(t), terminal{cols: 120, rows: 40, env: []string{"HTTPS_PROXY=" + org.proxy.URL, "SIDESTEP_CA_FILE=" + org.ca}})
	d.sees("Sign in to an org")
	d.types(keyEnter)
	d.sees("Acme", apiOrgUser)
	d.types(keyEnter)
	d.sees("the proxy does not answer", "How do you want to sign in?", "enter try again")

	line, err := net.Listen("tcp", strings.TrimPrefix(org.proxy.URL, "http://"))
	if err != nil {
		t.Skipf("SKIPPED: the proxy can't come back: %v", err)
	}
	defer func() { _ = line.Close() }()
	go func() { _ = http.Serve(line, org.proxy) }()
	d.types(keyEnter)
	d.sees("did not answer as an org does: it answered 503", "How do you want to sign in?")

	does(on("/services/oauth2/token", refusingToken("temporarily_unavailable", "")))
	d.types(keyEnter)
	d.sees("The org cannot sign anybody in at the moment", "How do you want to sign in?")

	does(on("/services/oauth2/token", refusingToken("invalid_grant", "expired access/refresh token")))
	d.types(keyEnter)
	d.sees("Log in with your browser", "https://acme.my.salesforce.com/services/oauth2/authorize")
	d.types(keyEsc)
	d.sees("How do you want to sign in?")

	does(on("/nowhere", nil))
	d.types(keyEnter)
	d.sees("3 messages on 1 endpoint")
}

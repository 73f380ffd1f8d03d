//go:build unix

package cli

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Row "org refuses the app", at the token endpoint: one sentence, one next step.
func TestRefusalsOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	c := newComputer(t)
	for _, r := range [][4]string{
		{"invalid_client", "app must be installed into org", "this app is not installed", "Connected Apps OAuth Usage"},
		{"redirect_uri_mismatch", "redirect_uri must match configuration", "does not know the address", "http://localhost:1717/OauthRedirect"},
		{"invalid_grant", "inactive user", "frozen or deactivated", "Setup → Users"},
		{"invalid_grant", "ip restricted", "network address", "Login IP Ranges"},
		{"invalid_grant", "expired authorization code", "took too long", "Sign in again"},
	} {
		org.answering(refusingTokens(r[0], r[1]))
		s := c.login("--no-browser", "--host", org.URL)
		s.visit(s.callback("code=" + canaryCode))
		s.end().must(t, failed, r[2], "hint: ", r[3])
	}
}

// Row "org refuses the app", for a receiver's server, which is told something
// else than a person in a browser.
func TestRefusalsOfAServerSignIn(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	c := newComputer(t, "SIDESTEP_CLIENT_SECRET="+canaryCode)
	for _, r := range [][4]string{
		{"invalid_client", "app must be installed into org", "the receiver's app is not installed", "Connected Apps OAuth Usage"},
		{"invalid_client", "invalid client credentials", "does not accept the app's secret", "copy the secret again"},
		{"invalid_grant", "no client credentials user enabled", "no user to run as", "Run As"},
		{"invalid_grant", "ip restricted", "does not accept the integration user from this network address", "Login IP Ranges"},
		{"inactive_user", "inactive user", "The integration user is frozen or deactivated", "Setup → Users"},
	} {
		org.answering(refusingTokens(r[0], r[1]))
		e := c.run("check", "oauth", "--host", org.URL, "--client-id", "3MVG9receiver").must(t, failed, "the credentials give no token")
		page := strings.Join(strings.Fields(e.out), " ") // whose lines are broken anywhere
		for _, says := range r[1:] {
			if !strings.Contains(page, says) {
				t.Errorf("%s %q: %q is not said:\n%s", r[0], r[1], says, e.out)
			}
		}
		noCanary(t, "the check", e.out+e.words)
	}
}

// refusingTokens is a token endpoint that says no.
func refusingTokens(code, words string) http.HandlerFunc {
	refuse := refusingToken(code, words)
	return func(w http.ResponseWriter, _ *http.Request) { refuse(w) }
}

func refusingToken(code, words string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"error":%q,"error_description":%q}`, code, words)
	}
}

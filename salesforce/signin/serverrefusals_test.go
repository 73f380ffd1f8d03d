package signin

import (
	"strings"
	"testing"
)

// Each line of the table of errors (salesforce.md, 6.2) and each refusal since
// September 2025 (5.4) has its cure in the admin's words, with the Setup page
// where there is one.
func TestServerRefusals(t *testing.T) {
	for _, c := range []struct{ code, description, sentence, hint, page string }{
		{"invalid_client", "app must be installed into org", "is not installed", "choose Install", "ConnectedAppsUsage"},
		{"OAUTH_APPROVAL_ERROR_GENERIC", "", "does not let the integration user", "choose Install", "ConnectedAppsUsage"},
		{"OAUTH_APPROVAL_ERROR_GENERIC", "", "approve this app", "Use Any API Client", "ConnectedAppsUsage"},
		{"access_denied", "", "does not let the integration user", "admin approved users", "ManageExternalClientApplication"},
		{"invalid_client_id", "client identifier invalid", "consumer key", "10 minutes", "ManageExternalClientApplication"},
		{"invalid_client", "client identifier invalid", "consumer key", "production and sandbox", "ManageExternalClientApplication"},
		{"invalid_client", "invalid client credentials", "secret", "copy the secret again", "ManageExternalClientApplication"},
		{"invalid_grant", "no client credentials user enabled", "no user to run as", "Run As", "ManageExternalClientApplication"},
		{"unsupported_grant_type", "grant type not supported", "client credentials flow", "My Domain", "ManageExternalClientApplication"},
		{"invalid_grant", "client credentials flow not enabled", "client credentials flow", "in Settings and in Policies", "ManageExternalClientApplication"},
		{"invalid_grant", "user hasn't approved this consumer", "may not use this app", "admin approved users", "ManageExternalClientApplication"},
		{"invalid_grant", "user is not admin approved to access this app", "may not use this app", "permission set", "ManageExternalClientApplication"},
		{"invalid_app_access", "user is not admin approved to access this app", "may not use this app", "permission set", "ManageExternalClientApplication"},
		{"invalid_grant", "audience is invalid", "another sign-in host", "test.salesforce.com", ""},
		{"invalid_grant", "Audience validation failed", "another sign-in host", "login.salesforce.com", ""},
		{"invalid_grant", "invalid assertion", "signed request", "clock", "ManageExternalClientApplication"},
		{"invalid_grant", "expired authorization code", "signed request", "certificate", "ManageExternalClientApplication"},
		{"invalid_grant", "expired access/refresh token", "no longer valid", "store each new refresh token", ""},
		{"invalid_grant", "ip restricted", "network address", "JWT bearer always", "EnhancedProfiles"},
		{"inactive_user", "", "frozen or deactivated", "005318944", "ManageUsers"},
		{"invalid_grant", "inactive user", "frozen or deactivated", "Setup → Users", "ManageUsers"},
		{"inactive_org", "", "locked or closed", "Support", ""},
		{"redirect_uri_mismatch", "redirect_uri must match configuration", "callback address", "letter for letter", "ManageExternalClientApplication"},
		{"invalid_request", "redirect_uri must match configuration", "callback address", "need none", "ManageExternalClientApplication"},
		{"invalid_grant", "invalid code verifier", "does not belong", "challenge", ""},
		{"rate_limit_exceeded", "login rate exceeded", "3,600 times", "keep the token", "OrgLoginHistory"},
		{"invalid_grant", "login rate exceeded", "3,600 times", "keep the token", "OrgLoginHistory"},
		{"invalid_grant", "authentication failure", "without saying why", "Status column", "OrgLoginHistory"},
		{"INVALID_SESSION_ID", "This session is not valid for use with the REST API", "not good for the org's APIs", "add the scope", "ManageExternalClientApplication"},
		{"INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader", "does not accept the token", "scopes", "ManageExternalClientApplication"},
		{"API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.", "may not use", "API Enabled", "PermSets"},
		{"API_CURRENTLY_DISABLED", "", "may not use", "API Enabled", "PermSets"},
		{"INVALID_FIELD", "No such column 'Amount' on entity 'Order'", "does not see a field", "Edit Access", "PermSets"},
		{"INVALID_TYPE", "sObject type 'Order' is not supported", "does not see the object", "Object Settings", "PermSets"},
		{"brand_new", "what is this", "refused the sign-in", "Login History", "OrgLoginHistory"},
	} {
		r := Server(c.code, c.description)
		if !strings.Contains(r.Sentence(), c.sentence) || !strings.Contains(r.Hint(), c.hint) {
			t.Errorf("%s %q: %q, hint %q", c.code, c.description, r.Sentence(), r.Hint())
		}
		want := c.page
		if want != "" {
			want = "/lightning/setup/" + c.page + "/home"
		}
		if r.Page() != want {
			t.Errorf("%s %q: page %q, want %q", c.code, c.description, r.Page(), want)
		}
		if strings.Contains(r.Hint(), "Sign in again") || strings.Contains(r.Sentence(), "Your user") || strings.Contains(r.Sentence(), "you ") {
			t.Errorf("%s %q speaks to a person in a browser: %v %s", c.code, c.description, r, r.Hint())
		}
	}
}

// What a person in a browser is told would mislead somebody who sets up a server.
func TestServersAreNotSentToABrowser(t *testing.T) {
	for _, known := range refusals {
		r := Server(known.code, known.says)
		for _, word := range []string{"browser", "Sign in again", "Sidestep", "link", "Your user", "gives you"} {
			if strings.Contains(r.Sentence()+" "+r.Hint(), word) {
				t.Errorf("%q %q says %q: %s %s", known.code, known.says, word, r.Sentence(), r.Hint())
			}
		}
	}
}

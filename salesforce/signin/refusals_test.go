package signin

import (
	"strings"
	"testing"
)

// Threat "org refuses the app": each documented refusal has its own sentence, a
// next step, and the Setup page for it.
func TestKnownRefusals(t *testing.T) {
	for _, c := range []struct{ code, description, sentence, hint, page string }{
		{"invalid_client", "app must be installed into org", "not installed", "Connected Apps OAuth Usage", "ConnectedAppsUsage"},
		{"OAUTH_APPROVAL_ERROR_GENERIC", "", "approve this app", "Approve Uninstalled Connected Apps", "ConnectedAppsUsage"},
		{"OAUTH_APPROVAL_ERROR_GENERIC", "", "approve this app", "Use Any API Client", "ConnectedAppsUsage"},
		{"invalid_app_access", "user is not admin approved to access this app", "approved users", "permission set", "ManageExternalClientApplication"},
		{"invalid_grant", "user is not admin approved to access this app", "approved users", "permission set", "ManageExternalClientApplication"},
		{"invalid_grant", "user hasn't approved this consumer", "approved users", "permission set", "ManageExternalClientApplication"},
		{"access_denied", "end-user denied authorization", "denied in the browser", "Allow", ""},
		{"redirect_uri_mismatch", "redirect_uri must match configuration", "waits at", "http://localhost:1717/OauthRedirect", "ManageExternalClientApplication"},
		{"invalid_request", "redirect_uri must match configuration", "waits at", "http://localhost:1717/OauthRedirect", "ManageExternalClientApplication"},
		{"inactive_user", "user is inactive", "frozen or deactivated", "005318944", "ManageUsers"},
		{"invalid_grant", "inactive user", "frozen or deactivated", "Setup → Users", "ManageUsers"},
		{"invalid_grant", "ip restricted", "network address", "Login IP Ranges", "EnhancedProfiles"},
		{"invalid_grant", "expired authorization code", "took too long", "Sign in again", ""},
		{"invalid_grant", "expired access/refresh token", "no longer valid", "Sign in again", ""},
		{"invalid_client_id", "client identifier invalid", "consumer key", "10 minutes", "ManageExternalClientApplication"},
		{"invalid_client", "client identifier invalid", "consumer key", "production or sandbox", "ManageExternalClientApplication"},
		{"invalid_client", "invalid client credentials", "secret", "untick", "ManageExternalClientApplication"},
		{"invalid_grant", "no client credentials user enabled", "no user to run as", "Run As", "ManageExternalClientApplication"},
		{"unsupported_grant_type", "client credentials flow not enabled", "client credentials flow", "My Domain", "ManageExternalClientApplication"},
		{"unsupported_grant_type", "grant type not supported", "browser sign-in", "My Domain", "ManageExternalClientApplication"},
		{"invalid_grant", "audience is invalid", "another sign-in host", "test.salesforce.com", ""},
		{"invalid_grant", "Audience validation failed", "another sign-in host", "login.salesforce.com", ""},
		{"invalid_grant", "invalid assertion", "signed request", "clock", "ManageExternalClientApplication"},
		{"inactive_org", "organization is locked", "locked or closed", "Support", ""},
		{"rate_limit_exceeded", "login rate exceeded", "too many sign-ins", "Wait an hour", ""},
		{"invalid_grant", "login rate exceeded", "too many sign-ins", "Wait an hour", ""},
		{"invalid_grant", "authentication failure", "without saying why", "Login History", "OrgLoginHistory"},
		{"INVALID_SESSION_ID", "This session is not valid for use with the REST API", "not good for the org's APIs", "add the scope", "ManageExternalClientApplication"},
		{"API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization", "may not use", "API Enabled", "EnhancedProfiles"},
		{"API_CURRENTLY_DISABLED", "", "may not use", "API Enabled", "EnhancedProfiles"},
		{"invalid_scope", "the requested scope is not allowed", "may not grant", "refresh_token", "ManageExternalClientApplication"},
		{"invalid_grant", "invalid code verifier", "match its answer", "new link", ""},
		{"temporarily_unavailable", "", "at the moment", "status.salesforce.com", ""},
		{"brand_new", "what is this", "refused the sign-in", "Login History", "OrgLoginHistory"},
	} {
		r := newRefused(c.code, c.description)
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
		if !strings.Contains(r.Error(), c.code) {
			t.Errorf("the org's own word is missing: %v", r)
		}
	}
}

package signin

// serverRefusals are what the refusals mean to a server that signs in by itself,
// where that is something else than for a person in a browser; they come before
// those (Salesforce Help, "OAuth 2.0 Authorization Flow Errors").
var serverRefusals = []refusal{
	{"", "app must be installed into org",
		"The org only lets installed apps sign in, and the receiver's app is not installed.",
		"Setup → Connected Apps OAuth Usage: choose Install next to the app, then say in its policies who may use it. Or give the receiver an External Client App that was made in this org.", pageUsage},
	{"oauth_approval_error_generic", "",
		"The org does not let the integration user approve this app.",
		"Setup → Connected Apps OAuth Usage: choose Install next to the app. Where API Access Control is on, the user also needs the permission Use Any API Client, or the app has to be admitted there.", pageUsage},
	{"", "no client credentials user enabled",
		"The app has no user to run as.",
		"Setup → External Client App Manager → the app → Policies → Client Credentials Flow: enter the username of the integration user under Run As.", PageApps},
	{"", "client credentials flow not enabled", noFlow, tickFlow, PageApps},
	{"unsupported_grant_type", "", noFlow, tickFlow, PageApps},
	{"", "hasn't approved this consumer", notPreApproved, preApprove, PageApps},
	{"invalid_app_access", "", notPreApproved, assignSet, PageApps},
	{"", "not admin approved", notPreApproved, assignSet, PageApps},
	{"", "audience is invalid", wrongAudience, serverAudience, ""},
	{"", "audience validation failed", wrongAudience, serverAudience, ""},
	{"", "invalid assertion", badRequest, signAnew, PageApps},
	{"", "expired authorization code", badRequest, signAnew, PageApps},
	{"", "expired access/refresh token",
		"The token that was kept is no longer valid: it was revoked, unused for too long, or replaced.",
		"Connect again, and let the receiver store each new refresh token before it uses it.", ""},
	{"", "ip restricted",
		"The org does not accept the integration user from this network address.",
		"Setup → Profiles → the user's profile → Login IP Ranges: allow the addresses that the receiver comes from. With client credentials the app's policy IP Relaxation helps too; JWT bearer always keeps to the ranges. The check comes from this computer, the receiver perhaps from another address.", pageProfiles},
	{"inactive_user", "", inactiveRunAs, activateRunAs, PageUsers},
	{"", "inactive user", inactiveRunAs, activateRunAs, PageUsers},
	{"redirect_uri_mismatch", "", noCallback, serverCallback, PageApps},
	{"", "redirect_uri", noCallback, serverCallback, PageApps},
	{"", "code verifier",
		"The receiver's answer does not belong to the sign-in that it began.",
		"Let the receiver send the code verifier whose challenge it sent. Client credentials and JWT bearer need none.", ""},
	{"access_denied", "",
		"The org does not let the integration user use this app.",
		preApprove, PageApps},
	{"rate_limit_exceeded", "", tooManyTokens, cacheToken, pageLogins},
	{"", "login rate", tooManyTokens, cacheToken, pageLogins},
	{"", "authentication failure",
		"The org refused the sign-in without saying why.",
		"Setup → Login History, the integration user's rows: the Status column tells of a locked user, API access switched off, or a login policy.", pageLogins},
	{"invalid_client_id", "", unknownKey, checkServerKey, PageApps},
	{"", "client identifier invalid", unknownKey, checkServerKey, PageApps},
	{"invalid_client", "",
		"The org does not accept the app's secret.",
		"Setup → External Client App Manager → the app → Settings → OAuth Settings → Consumer Key and Secret: copy the secret again. It may have been rotated since.", PageApps},
	{"invalid_scope", "",
		"The app may not grant the scope that was asked for.",
		"Setup → External Client App Manager → the app → Settings: add the scope Manage user data via APIs (api).", PageApps},
	{"", "not valid for use with the rest api",
		"The token is not good for the org's APIs.",
		"Setup → External Client App Manager → the app → Settings: add the scope Manage user data via APIs (api). If it is there, the address has changed: look at the app's policy IP Relaxation.", PageApps},
	{"invalid_session_id", "",
		"The API does not accept the token.",
		"Setup → External Client App Manager → the app: look at the scopes in Settings, and at session timeout and IP Relaxation in Policies.", PageApps},
	{"api_disabled_for_org", "", noAPIForUser, enableAPIForUser, PagePermissionSets},
	{"api_currently_disabled", "", noAPIForUser, enableAPIForUser, PagePermissionSets},
	{"", "api is not enabled", noAPIForUser, enableAPIForUser, PagePermissionSets},
	{"", "api is disabled", noAPIForUser, enableAPIForUser, PagePermissionSets},
	{"invalid_field", "",
		"The integration user does not see a field.",
		"Setup → Permission Sets → the user's set → Object Settings: give it Read Access to the field, and Edit Access where the receiver writes it.", PagePermissionSets},
	{"invalid_type", "",
		"The integration user does not see the object.",
		"Setup → Permission Sets → the user's set → Object Settings: give it Read on the object, and Edit where the receiver writes.", PagePermissionSets},
}

const (
	notPreApproved   = "The user of the signed request may not use this app."
	preApprove       = "Setup → External Client App Manager → the app → Policies: set Permitted Users to admin approved users, and add the user's profile or a permission set that the user has."
	assignSet        = "Setup → Permission Sets: assign the integration user a permission set that the app's Policies name, or add the user's profile there."
	serverAudience   = "The request must be signed for https://login.salesforce.com in production, https://test.salesforce.com in a sandbox, or the org's own My Domain address."
	badRequest       = "The org does not accept the signed request: its time, its certificate or its key does not fit."
	signAnew         = "Set this computer's clock. Then check in Setup → External Client App Manager → the app → Settings that the certificate belongs to this key and has not expired. A request may be good for three minutes only."
	noCallback       = "The app does not know the callback address."
	serverCallback   = "Setup → External Client App Manager → the app → Settings: the Callback URL must be exactly the receiver's, letter for letter. Client credentials and JWT bearer need none."
	inactiveRunAs    = "The integration user is frozen or deactivated."
	activateRunAs    = "Setup → Users: activate the user, or Unfreeze. Sign-ins from anonymous networks can freeze a user too (knowledge article 005318944)."
	tooManyTokens    = "The integration user signed in more than 3,600 times within an hour."
	cacheToken       = "The receiver asks for a token with every message. Let it keep the token and ask for a new one after a 401 only; this check works again within an hour."
	checkServerKey   = "Check the consumer key and the host: production and sandbox have different ones. A new app needs up to 10 minutes until it is known everywhere."
	noAPIForUser     = "The integration user may not use the org's APIs."
	enableAPIForUser = "Setup → Permission Sets → the user's set → System Permissions: tick API Enabled. Only Enterprise, Performance, Unlimited and Developer Edition have APIs."
)

// Server tells what an org's error means to a server that signed in by itself,
// with code and words as an API or the token endpoint gave them.
func Server(code, description string) *Refused {
	r := newRefused(code, description)
	r.server = true
	return r
}

package signin

// refusals are the known answers, the more telling descriptions first
// (Salesforce Help, "OAuth 2.0 Authorization Flow Errors"; knowledge article
// 005132365 for apps that are not installed).
var refusals = []refusal{
	{"", "app must be installed into org",
		"The org only lets installed apps sign in, and this app is not installed.",
		"An administrator opens Setup → Connected Apps OAuth Usage and chooses Install next to the app. Or create an External Client App of your own and sign in with its consumer key.", pageUsage},
	{"oauth_approval_error_generic", "",
		"The org does not let you approve this app.",
		"An administrator opens Setup → Connected Apps OAuth Usage and chooses Install next to the app, or gives you the permission Approve Uninstalled Connected Apps (Use Any API Client where API Access Control is on).", pageUsage},
	{"invalid_app_access", "", notApproved, approve, PageApps},
	{"", "not admin approved", notApproved, approve, PageApps},
	{"", "hasn't approved this consumer", notApproved, approve, PageApps},
	{"redirect_uri_mismatch", "", wrongRedirect, addRedirect, PageApps},
	{"", "redirect_uri", wrongRedirect, addRedirect, PageApps},
	{"inactive_user", "", inactiveUser, activate, PageUsers},
	{"", "inactive user", inactiveUser, activate, PageUsers},
	{"inactive_org", "",
		"The org is locked or closed.",
		"Check that it is the org you mean; Salesforce Support can tell why it is locked.", ""},
	{"", "ip restricted",
		"The org does not accept sign-ins from this network address.",
		"Sign in from the company network or VPN, or ask an administrator to allow this address: the profile's Login IP Ranges, or the app's IP relaxation policy.", pageProfiles},
	{"", "expired authorization code",
		"The sign-in took too long or was used twice, so the org dropped it.",
		"Sign in again: each link works once and for 15 minutes.", ""},
	{"", "expired access/refresh token",
		"The saved sign-in is no longer valid: it was revoked, unused for too long, or replaced.",
		"Sign in again; your work is kept.", ""},
	{"", "code verifier",
		"The org could not match its answer to this attempt.",
		"Sign in again with the new link.", ""},
	{"", "no client credentials user enabled",
		"The app has no user to run as.",
		"Setup → External Client App Manager → the app → Policies → Client Credentials Flow: enter the username under Run As.", PageApps},
	{"", "client credentials flow not enabled", noFlow, tickFlow, PageApps},
	{"", "audience is invalid", wrongAudience, otherAudience, ""},
	{"", "audience validation failed", wrongAudience, otherAudience, ""},
	{"", "invalid assertion",
		"The org does not accept the signed request: its time, its certificate or its key does not fit.",
		"Set this computer's clock, and check in Setup → External Client App Manager → the app → Settings that the certificate belongs to the key.", PageApps},
	{"invalid_client_id", "", unknownKey, checkKey, PageApps},
	{"", "client identifier invalid", unknownKey, checkKey, PageApps},
	{"invalid_client", "",
		"The app asks for a secret that Sidestep does not have.",
		"Setup → External Client App Manager → the app → Settings: untick Require secret for Web Server Flow and Require secret for Refresh Token Flow.", PageApps},
	{"access_denied", "",
		"Access was denied in the browser.",
		"Sign in again and choose Allow. Sidestep only reads from the org.", ""},
	{"invalid_scope", "",
		"The app may not grant what Sidestep asks for.",
		"Setup → External Client App Manager → the app → Settings: add the scopes Manage user data via APIs (api) and Perform requests at any time (refresh_token, offline_access).", PageApps},
	{"rate_limit_exceeded", "", tooOften, waitAnHour, ""},
	{"", "login rate", tooOften, waitAnHour, ""},
	{"unsupported_grant_type", "",
		"This app or this address does not offer the browser sign-in.",
		"Sign in at the org's own My Domain address, with an app that has OAuth enabled.", PageApps},
	{"", "authentication failure",
		"The org refused the sign-in without saying why.",
		"Setup → Login History shows the reason in its Status column: a locked user, API access switched off, or a login policy.", pageLogins},
	{"", "not valid for use with the rest api",
		"The sign-in is not good for the org's APIs.",
		"Setup → External Client App Manager → the app → Settings: add the scope Manage user data via APIs (api). Then sign in again from this network.", PageApps},
	{"api_disabled_for_org", "", noAPI, enableAPI, pageProfiles},
	{"api_currently_disabled", "", noAPI, enableAPI, pageProfiles},
	{"", "api is not enabled", noAPI, enableAPI, pageProfiles},
	{"", "api is disabled", noAPI, enableAPI, pageProfiles},
	{"server_error", "", unavailable, tryLater, ""},
	{"temporarily_unavailable", "", unavailable, tryLater, ""},
}

const (
	notApproved   = "The app is only for approved users, and you are not one of them."
	approve       = "An administrator opens Setup → External Client App Manager → the app → Policies and adds your profile or a permission set that you have."
	wrongRedirect = "The app does not know the address that Sidestep waits at."
	addRedirect   = "Setup → External Client App Manager → the app → Settings: the Callback URL must be exactly http://localhost:1717/OauthRedirect, letter for letter."
	inactiveUser  = "Your user is frozen or deactivated."
	activate      = "An administrator activates it in Setup → Users. Sign-ins from anonymous networks can freeze a user too (knowledge article 005318944)."
	noFlow        = "The app or this address does not offer the client credentials flow."
	tickFlow      = "Setup → External Client App Manager → the app: tick Enable Client Credentials Flow in Settings and in Policies, and ask at the org's own My Domain address."
	wrongAudience = "The signed request is meant for another sign-in host."
	otherAudience = "Use https://login.salesforce.com for production and https://test.salesforce.com for sandboxes."
	unknownKey    = "The org does not know this app's consumer key."
	checkKey      = "Check the key and that you sign in to the right org (production or sandbox). A new app needs up to 10 minutes until it is known everywhere."
	noAPI         = "Your user may not use the org's APIs."
	enableAPI     = "An administrator gives you the permission API Enabled, by your profile or a permission set."
	tooOften      = "There were too many sign-ins within an hour."
	waitAnHour    = "Wait an hour, then try again."
	unavailable   = "The org cannot sign anybody in at the moment."
	tryLater      = "Try again in a few minutes; https://status.salesforce.com shows known trouble."
)

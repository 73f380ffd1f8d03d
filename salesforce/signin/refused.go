package signin

import (
	"fmt"
	"strings"
)

// Refused is the org's no, from the browser or from the token endpoint.
type Refused struct {
	// Code and Description are the org's own words (OAuth error and
	// error_description). They are shown to people only after cleaning.
	Code, Description string
}

// maxWords bounds what is kept of the org's words.
const maxWords = 500

func newRefused(code, description string) *Refused {
	return &Refused{Code: code[:min(len(code), maxWords)], Description: description[:min(len(description), maxWords)]}
}

// Error is the sentence, with the org's own words behind it.
func (r *Refused) Error() string {
	words := r.Code
	if r.Description != "" {
		words += ": " + r.Description
	}
	words = strings.Join(strings.Fields(words), " ")
	return fmt.Sprintf("%s (%s)", strings.TrimSuffix(r.Sentence(), "."), words)
}

// Sentence says in an admin's words what happened.
func (r *Refused) Sentence() string { return r.find().sentence }

// Hint says in an admin's words what to do next.
func (r *Refused) Hint() string { return r.find().hint }

type refusal struct {
	code, says     string // lower case; says is a part of the description, "" fits all
	sentence, hint string
}

func (r *Refused) find() refusal {
	code, says := strings.ToLower(r.Code), strings.ToLower(r.Description)
	for _, known := range refusals {
		if (known.code == "" || known.code == code) && strings.Contains(says, known.says) {
			return known
		}
	}
	return refusal{
		sentence: "The org refused the sign-in.",
		hint:     "Setup → Login History shows the org's reason in its Status column.",
	}
}

// refusals are the known answers, the more telling descriptions first
// (Salesforce Help, "OAuth 2.0 Authorization Flow Errors"; knowledge article
// 005132365 for apps that are not installed).
var refusals = []refusal{
	{"", "app must be installed into org",
		"The org only lets installed apps sign in, and this app is not installed.",
		"An administrator opens Setup → Connected Apps OAuth Usage and chooses Install next to the app. Or create an External Client App of your own and sign in with its consumer key."},
	{"oauth_approval_error_generic", "",
		"The org does not let you approve this app.",
		"An administrator opens Setup → Connected Apps OAuth Usage and chooses Install next to the app, or gives you the permission Approve Uninstalled Connected Apps."},
	{"invalid_app_access", "", notApproved, approve},
	{"", "not admin approved", notApproved, approve},
	{"", "hasn't approved this consumer", notApproved, approve},
	{"redirect_uri_mismatch", "", wrongRedirect, addRedirect},
	{"", "redirect_uri", wrongRedirect, addRedirect},
	{"inactive_user", "", inactiveUser, activate},
	{"", "inactive user", inactiveUser, activate},
	{"inactive_org", "",
		"The org is locked or closed.",
		"Check that it is the org you mean; Salesforce Support can tell why it is locked."},
	{"", "ip restricted",
		"The org does not accept sign-ins from this network address.",
		"Sign in from the company network or VPN, or ask an administrator to allow this address: the profile's Login IP Ranges, or the app's IP relaxation policy."},
	{"", "expired authorization code",
		"The sign-in took too long or was used twice, so the org dropped it.",
		"Sign in again: each link works once and for 15 minutes."},
	{"", "expired access/refresh token",
		"The saved sign-in is no longer valid: it was revoked, unused for too long, or replaced.",
		"Sign in again; your work is kept."},
	{"", "code verifier",
		"The org could not match its answer to this attempt.",
		"Sign in again with the new link."},
	{"invalid_client_id", "",
		"The org does not know this app's consumer key.",
		"Check the key and that you sign in to the right org (production or sandbox). A new app needs up to 10 minutes until it is known everywhere."},
	{"", "client identifier invalid",
		"The org does not know this app's consumer key.",
		"Check the key and that you sign in to the right org (production or sandbox). A new app needs up to 10 minutes until it is known everywhere."},
	{"invalid_client", "",
		"The app asks for a secret that Sidestep does not have.",
		"Setup → External Client App Manager → the app → Settings: untick Require secret for Web Server Flow and Require secret for Refresh Token Flow."},
	{"access_denied", "",
		"Access was denied in the browser.",
		"Sign in again and choose Allow. Sidestep only reads from the org."},
	{"invalid_scope", "",
		"The app may not grant what Sidestep asks for.",
		"Setup → External Client App Manager → the app → Settings: add the scopes Manage user data via APIs (api) and Perform requests at any time (refresh_token, offline_access)."},
	{"rate_limit_exceeded", "", tooOften, waitAnHour},
	{"", "login rate", tooOften, waitAnHour},
	{"unsupported_grant_type", "",
		"This app or this address does not offer the browser sign-in.",
		"Sign in at the org's own My Domain address, with an app that has OAuth enabled."},
	{"", "authentication failure",
		"The org refused the sign-in without saying why.",
		"Setup → Login History shows the reason in its Status column: a locked user, API access switched off, or a login policy."},
	{"server_error", "", unavailable, tryLater},
	{"temporarily_unavailable", "", unavailable, tryLater},
}

const (
	notApproved   = "The app is only for approved users, and you are not one of them."
	approve       = "An administrator opens Setup → External Client App Manager → the app → Policies and adds your profile or a permission set that you have."
	wrongRedirect = "The app does not know the address that Sidestep waits at."
	addRedirect   = "Setup → External Client App Manager → the app → Settings: the Callback URL must be exactly http://localhost:1717/OauthRedirect, letter for letter."
	inactiveUser  = "Your user is frozen or deactivated."
	activate      = "An administrator activates it in Setup → Users. Sign-ins from anonymous networks can freeze a user too (knowledge article 005318944)."
	tooOften      = "There were too many sign-ins within an hour."
	waitAnHour    = "Wait an hour, then sign in again."
	unavailable   = "The org cannot sign anybody in at the moment."
	tryLater      = "Try again in a few minutes; https://status.salesforce.com shows known trouble."
)

package org

import (
	"fmt"
	"net/http"
	"strings"

	"sidestep/visible"
)

type explanation struct{ sentence, hint string }

// needs names the permissions of the Metadata API as Setup labels them
// (Metadata API guide, "listMetadata()" and "readMetadata()").
const needs = "your user needs the permissions API Enabled and Modify Metadata Through Metadata API Functions: " +
	"an administrator adds them in Setup → Permission Sets → System Permissions"

// explanations are in an admin's words what the org's error codes mean.
var explanations = map[string]explanation{
	"INVALID_SESSION_ID":  {"the sign-in is no longer valid", "sign in again; everything you entered is kept"},
	"INSUFFICIENT_ACCESS": {"your user may not read this org's metadata", needs},
	"API_DISABLED_FOR_ORG": {"your user, or the org's edition, has no API access",
		"your user needs the permission API Enabled; outbound messages need Enterprise, Performance, Unlimited or Developer Edition"},
	"API_CURRENTLY_DISABLED": {"the org's APIs are switched off",
		"your user needs the permission API Enabled; if it has it, ask Salesforce Support"},
	"FUNCTIONALITY_NOT_ENABLED": {"the org does not offer this", needs},
	"FUNCTIONALITY_TEMPORARILY_UNAVAILABLE": {"the org does not offer this at the moment",
		"try again in a few minutes"},
	"CLIENT_NOT_ACCESSIBLE_FOR_USER": {"your user may not use this app",
		"an administrator opens Setup → External Client App Manager → the app → Policies and adds your profile or a permission set"},
	"REQUEST_LIMIT_EXCEEDED": {"the org's API calls for today are used up",
		"Setup → Company Information shows API Requests, Last 24 Hours; try again when it has gone down. What was read is kept"},
	"LIMIT_EXCEEDED":          {"the org says that a limit is reached", "try again later; what was read is kept"},
	"EXCEEDED_QUOTA":          {"the org says that a limit is reached", "try again later; what was read is kept"},
	"UNSUPPORTED_API_VERSION": {"the org no longer answers this version of its API", "a newer version of Sidestep is needed"},
	"UNSUPPORTED_CLIENT":      {"the org no longer answers this kind of client", "a newer version of Sidestep is needed"},
	"INVALID_TYPE": {"the org does not show this kind of thing to your user",
		"your user needs the permission View Setup and Configuration"},
	"INVALID_FIELD": {"the org does not show this field to your user",
		"your user needs the permission View Setup and Configuration"},
	"SERVER_UNAVAILABLE": {"the org is overloaded or under maintenance", tryStatus},
	"UNABLE_TO_LOCK_ROW": {"the org is busy with a change", "try again in a few minutes"},
	"ORG_LOCKED":         {"the org is locked", "Salesforce Support can tell why"},
	"TRIAL_EXPIRED":      {"the org's trial has ended", "Salesforce can extend it"},
	"UNKNOWN_EXCEPTION": {"the org met a fault of its own",
		"try again; if it stays, give the number in its words to Salesforce Support"},
}

const tryStatus = "try again in a few minutes; https://status.salesforce.com shows known trouble"

// explain finds the words for an error: by code, else by status. The org's own
// words follow in brackets where they add something.
func explain(code string, status int, message string) explanation {
	e, known := explanations[code]
	if !known {
		e = explainStatus(status)
	}
	words := code
	switch {
	case words == "" && message == "" && status != 0:
		words = fmt.Sprintf("HTTP %d", status)
	case words == "":
		words = message
	case message != "":
		words += ": " + message
	}
	words = strings.Join(strings.Fields(words), " ")
	if words != "" {
		e.sentence += " (" + visible.Cut(words, maxWords) + ")"
	}
	return e
}

// maxWords bounds what is repeated of the org's words.
const maxWords = 400

func explainStatus(status int) explanation {
	switch status {
	case http.StatusUnauthorized:
		return explanations["INVALID_SESSION_ID"]
	case http.StatusForbidden:
		return explanations["INSUFFICIENT_ACCESS"]
	case http.StatusProxyAuthRequired:
		return explanation{"the proxy wants a name and a password", "set HTTPS_PROXY=http://name:password@proxy:port"}
	case http.StatusGone:
		return explanations["UNSUPPORTED_API_VERSION"]
	case statusNoRoute, http.StatusNotFound, http.StatusBadGateway:
		return explanation{"no org answers at this address at the moment", "check the org's address; " + tryStatus}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return explanations["SERVER_UNAVAILABLE"]
	}
	return explanation{"the org refused the question", "try again; if it stays, Setup → Login History and the org's own words may tell why"}
}

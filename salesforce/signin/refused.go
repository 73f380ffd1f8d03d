package signin

import (
	"fmt"
	"slices"
	"strings"
)

// Refused is the org's no, from the browser or from the token endpoint.
type Refused struct {
	// Code and Description are the org's own words (OAuth error and
	// error_description). They are shown to people only after cleaning.
	Code, Description string
	// server: a server asked, and nobody sat before a browser.
	server bool
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

// Page is the path of the page in the org's Setup where the next step is taken,
// "" where there is none.
func (r *Refused) Page() string { return r.find().page }

// The pages of Setup.
const (
	PageApps           = "/lightning/setup/ManageExternalClientApplication/home"
	PageUsers          = "/lightning/setup/ManageUsers/home"
	PagePermissionSets = "/lightning/setup/PermSets/home"

	pageUsage    = "/lightning/setup/ConnectedAppsUsage/home"
	pageProfiles = "/lightning/setup/EnhancedProfiles/home"
	pageLogins   = "/lightning/setup/OrgLoginHistory/home"
)

type refusal struct {
	code, says     string // lower case; says is a part of the description, "" fits all
	sentence, hint string
	page           string
}

// Known reports whether there are words of our own for the refusal.
func (r *Refused) Known() bool { return r.find() != unknownRefusal }

// unknownRefusal stands for every refusal that has no words of its own.
var unknownRefusal = refusal{
	sentence: "The org refused the sign-in.",
	hint:     "Setup → Login History shows the org's reason in its Status column.",
	page:     pageLogins,
}

// Passing reports whether the org may say yes to the same question later: it says
// no to everybody at the moment, or to too many questions.
func (r *Refused) Passing() bool {
	switch r.Sentence() {
	case unavailable, tooOften, tooManyTokens:
		return true
	}
	return false
}

func (r *Refused) find() refusal {
	code, says := strings.ToLower(r.Code), strings.ToLower(r.Description)
	table := refusals
	if r.server {
		table = slices.Concat(serverRefusals, refusals)
	}
	for _, known := range table {
		if (known.code == "" || known.code == code) && strings.Contains(says, known.says) {
			return known
		}
	}
	return unknownRefusal
}

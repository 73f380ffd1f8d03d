// Package sfcli borrows a sign-in that the Salesforce CLI holds, by asking the
// program sf.
//
// It promises that nothing of the CLI's own files is read, that a token is kept
// in memory only and is in no error, that what sf prints is never logged, and
// that every question ends: by an answer, by a limit, or with its context.
package sfcli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sidestep/salesforce/signin"
)

// ErrSignedOut is what errors are that only a new sign-in cures, with the CLI or
// without it. A CLI that can't reach the org, or answers nonsense, is none of them.
var ErrSignedOut = errors.New("the Salesforce CLI has no sign-in that can be used")

// ErrNoCLI means that there is no program sf on the PATH.
var ErrNoCLI error = &advised{
	text: "the Salesforce CLI is not installed here",
	hint: "sign in through the browser instead", signedOut: true,
}

// ErrStale comes together with a token that the CLI could not refresh. It may
// still be good, or not.
var ErrStale error = &advised{
	text: "the Salesforce CLI could not refresh its sign-in",
	hint: "sign in with it again: sf org login web", signedOut: true,
}

// Org is an org that the CLI is signed in to.
type Org struct {
	Username, Alias string
	// OrgID is the id as the CLI writes it, 15 or 18 characters.
	OrgID string
	// Instance is the org's base address.
	Instance string
	// Sandbox is what the CLI says, Default whether its commands mean this org.
	Sandbox, Default bool
}

// Called is the shortest name that people know it by.
func (o Org) Called() string { return cmp.Or(o.Alias, o.Username) }

type listed struct {
	Username    string `json:"username"`
	Alias       string `json:"alias"`
	OrgID       string `json:"orgId"`
	InstanceURL string `json:"instanceUrl"`
	IsSandbox   bool   `json:"isSandbox"`
	IsDefault   bool   `json:"isDefaultUsername"`
	IsExpired   bool   `json:"isExpired"`
}

// groups are those of sf org list. An org can occur in several.
type groups struct {
	Other       []listed `json:"other"`
	Sandboxes   []listed `json:"sandboxes"`
	NonScratch  []listed `json:"nonScratchOrgs"`
	DevHubs     []listed `json:"devHubs"`
	ScratchOrgs []listed `json:"scratchOrgs"`
}

// List asks which orgs the CLI is signed in to, each named once, in the order of
// their names. Errors: ErrNoCLI, or one line about what sf said.
func List(ctx context.Context) ([]Org, error) {
	a, err := ask(ctx, "org", "list", "--json", "--skip-connection-status")
	if err != nil {
		return nil, err
	}
	var g groups
	if err := json.Unmarshal(a.Result, &g); err != nil {
		return nil, errJunk
	}
	var orgs []Org
	for _, l := range slices.Concat(g.Other, g.Sandboxes, g.NonScratch, g.DevHubs, g.ScratchOrgs) {
		if l.Username == "" || l.IsExpired {
			continue
		}
		o := Org{l.Username, l.Alias, l.OrgID, strings.TrimSuffix(l.InstanceURL, "/"), l.IsSandbox, l.IsDefault}
		if i := slices.IndexFunc(orgs, func(p Org) bool { return strings.EqualFold(p.Username, o.Username) }); i >= 0 {
			orgs[i].Sandbox = orgs[i].Sandbox || o.Sandbox
			orgs[i].Default = orgs[i].Default || o.Default
			orgs[i].Alias = cmp.Or(orgs[i].Alias, o.Alias)
			continue
		}
		orgs = append(orgs, o)
	}
	slices.SortFunc(orgs, func(a, b Org) int { return cmp.Compare(a.Called(), b.Called()) })
	return orgs, nil
}

// named is what a username or alias may look like. On Windows sf is a script
// that a shell runs, so nothing that means something to a shell gets there.
var named = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._+@-]{0,120}$`)

// Token asks for a fresh access token of the org that username names, by
// username or alias. It has no refresh token: ask again instead. Errors: ErrNoCLI,
// ErrStale together with the token, which is also what a CLI without a network
// says, a *Failed, or one line about what sf did.
func Token(ctx context.Context, username string) (signin.Token, error) {
	if !named.MatchString(username) {
		return signin.Token{}, fmt.Errorf("%q is no username that the Salesforce CLI can be asked for", username)
	}
	orgs, err := List(ctx)
	if err != nil {
		return signin.Token{}, err
	}
	i := slices.IndexFunc(orgs, func(o Org) bool {
		return strings.EqualFold(o.Username, username) || o.Alias == username
	})
	if i < 0 {
		return signin.Token{}, &advised{
			text: fmt.Sprintf("the Salesforce CLI is not signed in as %q", username),
			hint: "run: sf org list", signedOut: true,
		}
	}
	o := orgs[i]
	if !named.MatchString(o.Username) {
		return signin.Token{}, fmt.Errorf("%q is no username that the Salesforce CLI can be asked for", o.Username)
	}
	access, stale := show(ctx, o.Username)
	if stale != nil && !errors.Is(stale, ErrStale) {
		return signin.Token{}, stale
	}
	t := signin.Token{Access: access, InstanceURL: o.Instance, OrgID: o.OrgID}
	if err := signin.InstanceAllowed(t.InstanceURL, t.InstanceURL); err != nil {
		return signin.Token{}, fmt.Errorf("the Salesforce CLI names an address that is not Salesforce's: %w", err)
	}
	return t, stale
}

// show gets the token. The command exists since version 2.136.8, when the
// others began to mask it; before, sf org display told.
func show(ctx context.Context, username string) (string, error) {
	a, err := ask(ctx, "org", "auth", "show-access-token", "--target-org", username, "--json")
	var no *Failed
	if errors.Is(err, errJunk) || errors.As(err, &no) && no.unknownCommand() {
		a, err = ask(ctx, "org", "display", "--target-org", username, "--json")
	}
	if err != nil {
		return "", err
	}
	var r struct {
		AccessToken string `json:"accessToken"`
	}
	if err := json.Unmarshal(a.Result, &r); err != nil {
		return "", errJunk
	}
	switch {
	case strings.HasPrefix(r.AccessToken, "[REDACTED]"):
		return "", &advised{
			text: "this version of the Salesforce CLI hides its tokens and can't show one",
			hint: "update it: sf update", signedOut: true,
		}
	case !strings.HasPrefix(r.AccessToken, "00D") || !strings.Contains(r.AccessToken, "!"):
		return "", &advised{
			text: "what the Salesforce CLI holds is no session that outbound messages can be read with",
			hint: "sign in through the browser instead", signedOut: true,
		}
	}
	if slices.ContainsFunc(a.Warnings, func(w string) bool { return strings.Contains(w, "Unable to refresh auth") }) {
		return r.AccessToken, ErrStale
	}
	return r.AccessToken, nil
}

// advised is an error of one line with a hint on how to go on.
type advised struct {
	text, hint string
	signedOut  bool
}

func (e *advised) Error() string { return e.text }

// Is reports whether a new sign-in is what helps.
func (e *advised) Is(target error) bool { return e.signedOut && target == ErrSignedOut }

// Hint says how to go on.
func (e *advised) Hint() string { return e.hint }

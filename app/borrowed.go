package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"sidestep/salesforce/org"
	"sidestep/salesforce/sfcli"
	"sidestep/salesforce/signin"
	"sidestep/state"
	"sidestep/ui"
)

// CLI are the Salesforce CLI's logins, as the interface asks for them.
type CLI struct{}

// Logins asks which orgs the CLI is logged in to.
func (CLI) Logins(ctx context.Context) ([]ui.CLILogin, error) {
	orgs, err := sfcli.List(ctx)
	if err != nil {
		return nil, err
	}
	logins := make([]ui.CLILogin, 0, len(orgs))
	for _, o := range orgs {
		logins = append(logins, ui.CLILogin{Username: o.Username, Alias: o.Alias, OrgID: o.OrgID, Instance: o.Instance})
	}
	return logins, nil
}

// Connect uses one of the logins for as long as the program runs.
func (CLI) Connect(ctx context.Context, l ui.CLILogin) (ui.Org, error) {
	o, err := Borrow(ctx, l.Username)
	if err != nil {
		return nil, err
	}
	return o, nil
}

// SignedOut reports whether a new sign-in is what helps against an error of Borrow,
// or of Resume with a login of the Salesforce CLI. Against a line that is down it
// does not.
func SignedOut(err error) bool {
	return errors.Is(err, org.ErrExpired) || errors.Is(err, sfcli.ErrSignedOut) || errors.Is(err, errOtherOrg)
}

// errOtherOrg: the CLI's login is not the one that it was.
var errOtherOrg = errors.New("the Salesforce CLI is signed in to another org")

// Borrow goes on with the Salesforce CLI's login of a user. The token is in
// memory only; the CLI is asked for another one when the org refuses it.
func Borrow(ctx context.Context, username string) (*Org, error) {
	t, stale := sfcli.Token(ctx, username)
	if stale != nil && !errors.Is(stale, sfcli.ErrStale) {
		return nil, stale
	}
	o := &Org{Token: t, Options: signin.Options{Host: t.InstanceURL}, borrowed: true}
	o.renewal = func(ctx context.Context) (signin.Token, error) {
		t, err := sfcli.Token(ctx, username)
		if errors.Is(err, sfcli.ErrSignedOut) { // it has asked the org, or has nothing to ask with
			err = fmt.Errorf("%w: %w", org.ErrExpired, err)
		}
		return t, err
	}
	o.client = org.New(t, org.Options{Refresh: o.refresh})
	id, err := o.client.Identity(ctx)
	if err != nil {
		return nil, err
	}
	o.who = state.Org{ID: id.OrgID, Name: cmp.Or(id.OrganizationName, id.OrgID), Username: id.Username}
	return o, nil
}

package cli

import (
	"context"
	"errors"
	"strings"

	"sidestep/app"
	"sidestep/salesforce/sfcli"
)

// borrow remembers an org that the Salesforce CLI is logged in to.
func (w World) borrow(ctx context.Context, f loginFlags) error {
	username := f.username
	if username == "" {
		var err error
		if username, err = onlyLogin(ctx); err != nil {
			return err
		}
	}
	o, err := app.Borrow(ctx, username)
	if err != nil {
		return borrowed(err)
	}
	return w.keep(ctx, o, f.alias)
}

// borrowed tells a login that is worth nothing from a CLI or an org that could not
// be asked.
func borrowed(err error) error {
	if app.SignedOut(err) {
		return &trouble{notSignedIn, err, hintOf(err)}
	}
	return err
}

// onlyLogin is the CLI's login where it has a single one.
func onlyLogin(ctx context.Context) (string, error) {
	orgs, err := sfcli.List(ctx)
	if err != nil {
		return "", borrowed(err)
	}
	names := make([]string, 0, len(orgs))
	for _, o := range orgs {
		names = append(names, o.Called())
	}
	switch len(orgs) {
	case 0:
		return "", &trouble{notSignedIn, errors.New("the Salesforce CLI is not logged in to any org"), "run: sf org login web, or sidestep login --host YOUR-DOMAIN"}
	case 1:
		return orgs[0].Username, nil
	}
	return "", wrong("say which one: sidestep login --sf "+strings.Join(names, ", "), "the Salesforce CLI is logged in to several orgs")
}

package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sidestep/app"
	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
	"sidestep/visible"
)

func (w World) known() app.Known {
	return app.Known{Path: w.Places.Orgs, Secrets: w.Secrets, Notice: func(text string) { w.say("note: %s", text) }}
}

// findOrg finds the known org that name means; "" means the only one.
func (w World) findOrg(name string) (app.KnownOrg, error) {
	orgs, err := w.known().List()
	if err != nil {
		return app.KnownOrg{}, err
	}
	var fit []app.KnownOrg
	var names []string
	for _, o := range orgs {
		if name == "" || o.Answers(name) {
			fit = append(fit, o)
			names = append(names, o.Called())
		}
	}
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) > 1 && name == "":
		return app.KnownOrg{}, wrong("say which one with --org: "+strings.Join(names, ", "), "there are several orgs")
	case len(fit) > 1:
		return app.KnownOrg{}, wrong("say which one with --org: "+strings.Join(names, ", "), "%q fits several orgs", name)
	case name == "":
		return app.KnownOrg{}, &trouble{notSignedIn, errors.New("not signed in to any org"), "run: sidestep login --host YOUR-DOMAIN"}
	}
	hint := "run: sidestep login --host YOUR-DOMAIN --alias " + name
	if len(orgs) > 0 {
		hint += "; known orgs are listed by: sidestep orgs"
	}
	return app.KnownOrg{}, &trouble{notSignedIn, fmt.Errorf("not signed in to %q", name), hint}
}

// resume goes on with the sign-in to an org that is known. A line that is down is
// told as that: the sign-in is as good as before.
func (w World) resume(ctx context.Context, known app.KnownOrg) (*app.Org, error) {
	o, err := w.known().Resume(ctx, known)
	if err == nil || known.KeptIn == app.InCLI && !app.SignedOut(err) {
		return o, err
	}
	return nil, w.signedOut(known, err)
}

// signedOut says that an org is known but its sign-in is of no use any more.
func (w World) signedOut(o app.KnownOrg, why error) error {
	host := o.Host
	if moved, ok := errors.AsType[*signin.Moved](why); ok {
		host = moved.To
	}
	hint := "run: sidestep login --host " + host
	if o.KeptIn == app.InCLI {
		hint = "run: sf org login web --instance-url " + o.Instance
		if !errors.Is(why, org.ErrExpired) { // whose own hint does not know who has the sign-in
			hint = cmp.Or(hintOf(why), hint)
		}
		return &trouble{notSignedIn, fmt.Errorf("not signed in to %s: %w", o.Called(), why), hint}
	}
	if o.Alias != "" {
		hint += " --alias " + o.Alias
	}
	err := fmt.Errorf("not signed in to %s: %w", o.Called(), why)
	if errors.Is(why, app.ErrNoSecret) || !o.Kept {
		err = fmt.Errorf("not signed in to %s", o.Called())
	}
	return &trouble{notSignedIn, err, hint}
}

type orgsJSON struct {
	Schema string         `json:"schema"`
	Orgs   []app.KnownOrg `json:"orgs"`
}

func orgsCommand(w World) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "orgs",
		Short: "List the orgs that were signed in to on this computer",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			orgs, err := w.known().List()
			if err != nil {
				return err
			}
			if asJSON {
				return w.printJSON(orgsJSON{"sidestep.orgs/v1", append([]app.KnownOrg{}, orgs...)})
			}
			if len(orgs) == 0 {
				w.say("No org is known yet. Sign in with: sidestep login --host YOUR-DOMAIN")
				return nil
			}
			return w.print(orgTable(orgs))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}

func orgTable(orgs []app.KnownOrg) []byte {
	rows := [][]string{{"ALIAS", "NAME", "USERNAME", "ORG ID", "HOST", "SIGNED IN"}}
	for _, o := range orgs {
		signedIn := "no"
		if o.Kept {
			signedIn = "since " + o.SignedInAt.Format("2006-01-02")
			switch o.KeptIn {
			case app.InFile:
				signedIn += ", in a file"
			case app.InCLI:
				signedIn += ", by the Salesforce CLI"
			}
		}
		rows = append(rows, []string{cmp.Or(o.Alias, "-"), o.Name, o.Username, o.OrgID, strings.TrimPrefix(o.Instance, "https://"), signedIn})
	}
	return table(rows)
}

// table lines columns up. Cells are cleaned.
func table(rows [][]string) []byte {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, cells := range rows {
		for i, c := range cells {
			cells[i] = visible.Line(c)
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	_ = t.Flush() // a strings.Builder takes everything
	return []byte(b.String())
}

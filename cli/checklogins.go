package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sidestep/app"
	"sidestep/salesforce"
	"sidestep/salesforce/logins"
	"sidestep/salesforce/org"
)

type checkLoginsFlags struct {
	org, user, since string
	json             bool
}

func checkLoginsCommand(w World) *cobra.Command {
	var f checkLoginsFlags
	cmd := &cobra.Command{
		Use:   "logins --user USERNAME [--org NAME] [--since DATE]",
		Short: "See in the org whether a receiver's user has come by OAuth",
		Long: `Asks the org for the logins of the user that a receiver runs as, and for its API
calls of the days whose event log is there. One successful OAuth login since the day
of the change is enough. None is no failure: a receiver that keeps its token signs in
rarely, and one that got no message does not sign in at all.

Logins need the permission Manage Users or Monitor Login History, the event log
View Event Log Files; each is left out by itself where it is missing.

Exit codes: 0 the logins were read, whatever they say, 1 failed, 2 wrong use, 4 not
signed in, 5 the logins could not be read and nothing else proves anything.`,
		Example: "  sidestep check logins --org acme --user integration@acme.example --since 2026-11-02",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return w.checkLogins(cmd, f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.org, "org", "", "the org `NAME`: alias, username, org id or host; not needed when only one is known")
	fl.StringVar(&f.user, "user", "", "the `USERNAME` that the receiver runs as")
	fl.StringVar(&f.since, "since", "", "the `DATE` of the change, as in 2026-11-02 (otherwise the cut-off)")
	fl.BoolVar(&f.json, "json", false, "write JSON (sidestep.check-logins/v1)")
	return cmd
}

func (w World) checkLogins(cmd *cobra.Command, f checkLoginsFlags) error {
	since := salesforce.Cutoff
	switch {
	case f.user == "":
		return wrong("give --user, the username that the receiver runs as", "whose logins?")
	case cmd.Flags().Changed("org") && f.org == "":
		return wrong("run: sidestep orgs", "--org needs a name")
	case f.since != "":
		var err error
		if since, err = parseDay("--since", f.since); err != nil {
			return err
		}
	}
	var h logins.History
	err := w.inOrg(cmd.Context(), f.org, func(ctx context.Context, o *app.Org) (err error) {
		h, err = o.Logins(ctx, f.user, since)
		return err
	})
	if err != nil {
		return err
	}
	a := logins.Assess(h)
	if f.json {
		if err := w.printJSON(loginsJSONOf(h, a)); err != nil {
			return err
		}
	} else if err := w.printPage(loginsPage(h, a)); err != nil {
		return err
	}
	if h.NoLogins != nil && !a.Seen {
		return &trouble{incomplete, errors.New("the logins could not be read: " + h.NoLogins.Why), h.NoLogins.Hint}
	}
	return nil
}

// inOrg asks a known org with the sign-in that is kept.
func (w World) inOrg(ctx context.Context, name string, ask func(context.Context, *app.Org) error) error {
	known, err := w.findOrg(name)
	if err != nil {
		return err
	}
	o, err := w.resume(ctx, known)
	if err != nil {
		return err
	}
	err = ask(ctx, o)
	if errors.Is(err, org.ErrExpired) {
		return w.signedOut(known, err)
	}
	return err
}

type checkLoginsJSON struct {
	Schema   string      `json:"schema"`
	Username string      `json:"username"`
	UserID   string      `json:"userId"`
	Active   bool        `json:"active"`
	Since    string      `json:"since"`
	Seen     bool        `json:"seen"`
	Evidence string      `json:"evidence"`
	Warnings []string    `json:"warnings"`
	Logins   []loginJSON `json:"logins"`
	// Cut: there are older logins that were not read.
	Cut    bool        `json:"cut"`
	Calls  []callsJSON `json:"calls"`
	Days   []string    `json:"days"`
	Missed []string    `json:"missing"`
}

type loginJSON struct {
	At          string `json:"at"`
	Way         string `json:"way"`
	Succeeded   bool   `json:"succeeded"`
	Type        string `json:"type"`
	SubType     string `json:"subType"`
	Application string `json:"application"`
	Address     string `json:"address"`
	Status      string `json:"status"`
}

type callsJSON struct {
	Day         string `json:"day"`
	Application string `json:"application"`
	Address     string `json:"address"`
	Family      string `json:"family"`
	Calls       int    `json:"calls"`
	Succeeded   int    `json:"succeeded"`
}

func loginsJSONOf(h logins.History, a logins.Assessment) checkLoginsJSON {
	out := checkLoginsJSON{
		Schema: "sidestep.check-logins/v1", Username: h.Username, UserID: h.UserID, Active: h.Active, Since: h.Since.Format(time.DateOnly), Seen: a.Seen, Evidence: a.Evidence,
		Warnings: append([]string{}, a.Warnings...), Cut: h.Cut, Logins: []loginJSON{}, Calls: []callsJSON{}, Days: []string{}, Missed: []string{},
	}
	for _, l := range h.Logins {
		out.Logins = append(out.Logins, loginJSON{l.At.Format(time.RFC3339), string(l.Way()), l.Succeeded(), l.Type, l.SubType, l.Application, l.Address, l.Status})
	}
	for _, u := range h.Uses {
		out.Calls = append(out.Calls, callsJSON{u.Day.Format(time.DateOnly), u.Application, u.Address, u.Family, u.Calls, u.Succeeded})
	}
	for _, d := range h.Days {
		out.Days = append(out.Days, d.Format(time.DateOnly))
	}
	for _, m := range []*logins.Missing{h.NoLogins, h.NoUses} {
		if m != nil {
			out.Missed = append(out.Missed, m.Why)
		}
	}
	return out
}

// wayWords are what people call the ways.
var wayWords = map[logins.Way]string{logins.OAuth: "OAuth", logins.OAuthPassword: "OAuth with password", logins.SOAPLogin: "SOAP login()", logins.OtherWay: "other"}

// shownLogins is how many lines of the timeline are printed.
const shownLogins = 20

func loginsPage(h logins.History, a logins.Assessment) *page {
	p := newPage(false)
	p.line(0, "%s since %s", h.Username, day(h.Since))
	p.WriteByte('\n')
	word := "not seen yet"
	if a.Seen {
		word = "SEEN"
	}
	p.line(2, "%s: %s", word, a.Evidence)
	for _, text := range a.Warnings {
		p.line(2, "WARNING: %s", text)
	}
	for _, m := range []struct {
		what string
		*logins.Missing
	}{{"Logins", h.NoLogins}, {"Event logs", h.NoUses}} {
		if m.Missing != nil {
			p.line(2, "%s are missing: %s.", m.what, m.Why)
			p.line(4, "%s", m.Hint)
		}
	}
	if len(h.Logins) > 0 {
		p.WriteByte('\n')
		rows := [][]string{{"TIME (UTC)", "WAY", "RESULT", "APP", "ADDRESS"}}
		for _, l := range h.Logins[:min(len(h.Logins), shownLogins)] {
			result := cmp.Or(l.Status, "-")
			if l.Succeeded() && l.Way().Retiring() {
				result += ", but this way is being retired"
			}
			rows = append(rows, []string{l.At.Format("2006-01-02 15:04"), wayWords[l.Way()], result, cmp.Or(l.Application, "-"), cmp.Or(l.Address, "-")})
		}
		p.Write(table(rows))
		if more := len(h.Logins) - shownLogins; more > 0 {
			p.line(0, "%s", fmt.Sprintf("and %d more", more))
		}
	}
	if len(h.Uses) > 0 {
		p.WriteByte('\n')
		rows := [][]string{{"DAY", "API", "CALLS", "SUCCEEDED", "APP", "ADDRESS"}}
		for _, u := range h.Uses[:min(len(h.Uses), shownLogins)] {
			rows = append(rows, []string{u.Day.Format(time.DateOnly), u.Family, fmt.Sprint(u.Calls), fmt.Sprint(u.Succeeded), cmp.Or(u.Application, "none"), u.Address})
		}
		p.Write(table(rows))
	}
	return p
}

package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"sidestep/app"
	"sidestep/salesforce"
	"sidestep/salesforce/catchup"
)

type checkLostFlags struct {
	org, field, since, until string
	objects                  []string
	json                     bool
}

func checkLostCommand(w World) *cobra.Command {
	var f checkLostFlags
	cmd := &cobra.Command{
		Use:   "lost --object OBJECT [--org NAME] [--since DATE]",
		Short: "Count the records that a receiver may have missed, and say how to find them",
		Long: `Counts the records of an object that were changed since a day, and gives the SOQL
that finds them and the pages of the org where a list view or a report does.

Not each of them is lost: a message is sent only where a rule fires. The number says
how much there is to compare at most. Records that your user may not see are not
counted. Nothing in the org is changed.`,
		Example: "  sidestep check lost --org acme --object Account\n" +
			"  sidestep check lost --org acme --object Order --object Invoice__c --since 2026-02-23 --until 2026-11-02 --json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return w.checkLost(cmd, f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.org, "org", "", "the org `NAME`: alias, username, org id or host; not needed when only one is known")
	fl.StringArrayVar(&f.objects, "object", nil, "the `OBJECT` by its API name; may be given several times")
	fl.StringVar(&f.since, "since", "", "the first `DATE`, as in 2026-02-23 (otherwise the cut-off)")
	fl.StringVar(&f.until, "until", "", "the last `DATE` (otherwise today)")
	fl.StringVar(&f.field, "date-field", "LastModifiedDate", "the `FIELD` with the date that counts, as in CreatedDate")
	fl.BoolVar(&f.json, "json", false, "write JSON (sidestep.check-lost/v1)")
	return cmd
}

// periods finds wrong use before the org is asked.
func (f checkLostFlags) periods(cmd *cobra.Command) ([]catchup.Period, error) {
	p := catchup.Period{Field: f.field, From: salesforce.Cutoff}
	var err error
	switch {
	case len(f.objects) == 0:
		return nil, wrong("give --object, as in --object Account", "records of which object?")
	case cmd.Flags().Changed("org") && f.org == "":
		return nil, wrong("run: sidestep orgs", "--org needs a name")
	}
	if f.since != "" {
		if p.From, err = parseDay("--since", f.since); err != nil {
			return nil, err
		}
	}
	if f.until != "" {
		if p.To, err = parseDay("--until", f.until); err != nil {
			return nil, err
		}
		p.To = p.To.AddDate(0, 0, 1) // the last day counts, too
	}
	var list []catchup.Period
	for _, name := range f.objects {
		p.Object = name
		if err := p.Check(); err != nil {
			return nil, wrong("give names as they are in Setup → Object Manager, in the column API Name, and --since before --until", "%w", err)
		}
		list = append(list, p)
	}
	return list, nil
}

type checkLostJSON struct {
	Schema  string     `json:"schema"`
	Since   string     `json:"since"`
	Until   string     `json:"until"`
	Objects []lostJSON `json:"objects"`
}

type lostJSON struct {
	Object  string `json:"object"`
	Count   int    `json:"count"`
	SOQL    string `json:"soql"`
	List    string `json:"list"`
	Reports string `json:"reports"`
}

func (w World) checkLost(cmd *cobra.Command, f checkLostFlags) error {
	periods, err := f.periods(cmd)
	if err != nil {
		return err
	}
	out := checkLostJSON{Schema: "sidestep.check-lost/v1", Since: periods[0].From.Format(time.DateOnly), Until: f.until}
	err = w.inOrg(cmd.Context(), f.org, func(ctx context.Context, o *app.Org) error {
		for _, p := range periods {
			n, err := o.Count(ctx, p)
			if err != nil {
				return advise(err, "a user sees what profile and permission sets allow; check the API name in Setup → Object Manager, too")
			}
			query, err := p.Query()
			if err != nil {
				return err
			}
			links := p.LinksIn(o.Who().Instance)
			out.Objects = append(out.Objects, lostJSON{p.Object, n, query, links.List, links.Reports})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if f.json {
		return w.printJSON(out)
	}
	return w.printPage(lostPage(out, periods[0].From, f.until))
}

func lostPage(out checkLostJSON, since time.Time, until string) *page {
	p := newPage(false)
	period := "since " + day(since)
	if last, err := time.Parse(time.DateOnly, until); err == nil {
		period = "from " + day(since) + " to " + day(last)
	}
	p.para("Changed " + period + ", as far as your user sees. Not each of them is lost: compare them with what the receiver has.")
	for i, o := range out.Objects {
		if i > 0 {
			p.WriteByte('\n')
		}
		p.line(0, "%s: %s", o.Object, count(o.Count, "record"))
		p.line(2, "SOQL     %s", o.SOQL)
		if o.List != "" {
			p.line(2, "list     %s", o.List)
			p.line(2, "reports  %s", o.Reports)
		}
	}
	return p
}

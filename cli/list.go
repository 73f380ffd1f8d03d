package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sidestep/app"
	"sidestep/state"
)

type listJSON struct {
	Schema     string          `json:"schema"`
	Migrations []migrationJSON `json:"migrations"`
}

type migrationJSON struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	OrgID     string       `json:"orgId"`
	Username  string       `json:"username"`
	Instance  string       `json:"instance"`
	UpdatedAt string       `json:"updatedAt"`
	Messages  int          `json:"messages"`
	Endpoints int          `json:"endpoints"`
	Finished  int          `json:"finished"`
	Progress  progressJSON `json:"progress"`
	Complete  bool         `json:"complete"`
	HeldBy    string       `json:"heldBy"`
	Trouble   string       `json:"trouble"`
	Path      string       `json:"path"`
}

func listCommand(w World) *cobra.Command {
	var asJSON, demo, due bool
	var ics string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List saved migrations and their progress",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			toFile := cmd.Flags().Changed("ics")
			if toFile && (!due || asJSON || ics == "") {
				return wrong("as in: sidestep list --due --ics reminders.ics", "--ics goes with --due, the name of a file, and no --json")
			}
			entries, err := w.saved(demo)
			if err != nil {
				return err
			}
			switch {
			case toFile:
				return w.saveDue(entries, ics)
			case due && asJSON:
				return w.printDue(entries)
			case due:
				return w.tellDue(entries)
			case asJSON:
				return w.printList(entries)
			}
			return w.tellList(entries)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	cmd.Flags().BoolVar(&due, "due", false, "list what to do next about vendors and colleagues, in all orgs, the soonest first")
	cmd.Flags().StringVar(&ics, "ics", "", "with --due: write it to the new `FILE` as reminders for your calendar")
	cmd.Flags().BoolVar(&demo, "demo", false, "list the work on the built-in org instead")
	return cmd
}

// saved lists what is saved; listing makes no folder.
func (w World) saved(demo bool) ([]state.Entry, error) {
	folder := w.Places.Work
	if demo {
		folder = w.Places.DemoWork
	}
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	work, err := app.OpenWork(folder)
	if err != nil {
		return nil, err
	}
	entries, err := work.Store.List()
	if err != nil {
		return nil, advise(err, "check that you may read that folder, or name another one in SIDESTEP_HOME")
	}
	return entries, nil
}

func (w World) printList(entries []state.Entry) error {
	out := listJSON{Schema: "sidestep.list/v1", Migrations: []migrationJSON{}}
	for _, e := range entries {
		m, o := e.Migration, e.Migration.Overview()
		row := migrationJSON{
			ID: e.ID, Name: m.Org.Name, OrgID: m.Org.ID, Username: m.Org.Username, Instance: m.Org.Instance,
			Messages: o.Messages, Endpoints: o.Endpoints, Finished: o.Finished, Progress: progressJSON{o.Progress.Done, o.Progress.Of},
			Complete: o.Complete, HeldBy: e.HeldBy, Path: e.Path,
		}
		if !m.UpdatedAt.IsZero() {
			row.UpdatedAt = m.UpdatedAt.UTC().Format(time.RFC3339)
		}
		if e.Err != nil {
			row.Trouble = e.Err.Error()
		}
		out.Migrations = append(out.Migrations, row)
	}
	return w.printJSON(out)
}

// tellList prints a table. What is wrong with a file goes to stderr.
func (w World) tellList(entries []state.Entry) error {
	if len(entries) == 0 {
		w.say("Nothing is saved yet. Begin with: sidestep, or sidestep demo")
		return nil
	}
	rows := [][]string{{"NAME", "ORG ID", "STEPS", "ENDPOINTS", "LAST CHANGE", ""}}
	for _, e := range entries {
		m, o := e.Migration, e.Migration.Overview()
		row := []string{
			cmp.Or(m.Org.Name, e.ID, "?"), cmp.Or(m.Org.ID, "-"),
			fmt.Sprintf("%d of %d", o.Progress.Done, o.Progress.Of), fmt.Sprintf("%d of %d finished", o.Finished, o.Endpoints),
			m.UpdatedAt.Local().Format("2006-01-02 15:04"), "",
		}
		switch {
		case e.Err != nil:
			row[2], row[3], row[4] = "?", "?", "?"
			row[5] = "can't be read"
			w.say("%s", troubleOf(e))
		case e.HeldBy != "":
			row[5] = "open in " + e.HeldBy
		}
		rows = append(rows, row)
	}
	return w.print(table(rows))
}

// troubleOf says what is wrong with a saved file, and what to do.
func troubleOf(e state.Entry) string {
	text := "sidestep: " + e.Err.Error()
	var damaged *state.DamagedError
	if errors.As(e.Err, &damaged) {
		if len(damaged.Copies) > 0 {
			return text + ". It has a good copy of " + damaged.Copies[0].At.Local().Format("2006-01-02 15:04") + ": run sidestep and choose it"
		}
		return text + ". It has no good copy; nothing was changed"
	}
	return text
}

// findSaved finds the saved migration that name means; "" means the only one.
func (w World) findSaved(name string, demo bool) (state.Migration, error) {
	entries, err := w.saved(demo)
	if err != nil {
		return state.Migration{}, err
	}
	orgs, _ := w.known().List() // only aliases would be missing
	var fit []state.Entry
	var names []string
	for _, e := range entries {
		if name == "" || meansSaved(e, name, orgs) {
			fit = append(fit, e)
			names = append(names, cmp.Or(e.Migration.Org.Username, e.Migration.Org.Name, e.ID))
		}
	}
	switch {
	case len(fit) == 1 && fit[0].Err != nil:
		return state.Migration{}, advise(fit[0].Err, "start sidestep and choose it")
	case len(fit) == 1:
		return fit[0].Migration, nil
	case len(fit) > 1:
		return state.Migration{}, wrong("say which one with --org: "+strings.Join(names, ", "), "there are several migrations")
	case name == "":
		return state.Migration{}, advise(errors.New("nothing is saved yet"), "begin with: sidestep, or sidestep demo")
	}
	return state.Migration{}, advise(fmt.Errorf("there is no saved migration %q", name), "run: sidestep list")
}

func meansSaved(e state.Entry, name string, orgs []app.KnownOrg) bool {
	o := e.Migration.Org
	if name == e.ID || strings.EqualFold(name, o.Name) {
		return true
	}
	known := app.KnownOrg{OrgID: o.ID, Username: o.Username, Instance: o.Instance}
	for _, k := range orgs {
		if k.OrgID == o.ID {
			known.Alias, known.Host = k.Alias, k.Host
			if known.Answers(name) {
				return true
			}
		}
	}
	return known.Answers(name)
}

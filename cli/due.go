package cli

import (
	"cmp"
	"slices"
	"time"

	"sidestep/email/calendar"
	"sidestep/state"
)

type dueListJSON struct {
	Schema string    `json:"schema"`
	Due    []dueJSON `json:"due"`
}

type dueJSON struct {
	Migration string   `json:"migration"`
	Org       string   `json:"org"`
	OrgID     string   `json:"orgId"`
	Who       string   `json:"who"`
	Action    string   `json:"action"`
	Why       string   `json:"why"`
	On        string   `json:"on"`
	IsDue     bool     `json:"isDue"`
	Overdue   bool     `json:"overdue"`
	Endpoints []string `json:"endpoints"`
}

// dueIn is what is due in one of the saved migrations.
type dueIn struct {
	state.Due
	entry state.Entry
}

// org names the org, or the files where none was signed in to.
func (d dueIn) org() string { return cmp.Or(d.entry.Migration.Org.Name, d.entry.ID) }

// due is what to do next in all saved migrations, the soonest first. A file that
// can't be read is said on stderr.
func (w World) due(entries []state.Entry) []dueIn {
	var all []dueIn
	for _, e := range entries {
		if e.Err != nil {
			w.say("%s", troubleOf(e))
			continue
		}
		for _, d := range e.Migration.Chase() {
			all = append(all, dueIn{d, e})
		}
	}
	slices.SortStableFunc(all, func(a, b dueIn) int {
		return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.org(), b.org()), cmp.Compare(a.Who, b.Who))
	})
	return all
}

func (w World) printDue(entries []state.Entry) error {
	out, now := dueListJSON{Schema: "sidestep.due/v1", Due: []dueJSON{}}, w.Now()
	for _, d := range w.due(entries) {
		out.Due = append(out.Due, dueJSON{
			Migration: d.entry.ID, Org: d.org(), OrgID: d.entry.Migration.Org.ID, Who: d.Who,
			Action: string(d.Action), Why: d.Why, On: d.On.Format(time.DateOnly),
			IsDue: d.IsDue(now), Overdue: d.Overdue(now), Endpoints: d.Endpoints,
		})
	}
	return w.printJSON(out)
}

const nothingDue = "Nothing is due: no endpoint waits for a vendor, and nobody who was written to owes an answer."

// saveDue writes a calendar file with a reminder for each; none is no file.
func (w World) saveDue(entries []state.Entry, path string) error {
	all, now := w.due(entries), w.Now()
	if len(all) == 0 {
		w.say(nothingDue)
		return nil
	}
	var reminders []calendar.Reminder
	for _, d := range all {
		reminders = append(reminders, calendar.About(d.Due, d.entry.ID, d.org(), now))
	}
	data, err := calendar.File(reminders, now)
	if err != nil {
		return err
	}
	return w.writeNew(path, data, "the calendar file")
}

func (w World) tellDue(entries []state.Entry) error {
	all := w.due(entries)
	if len(all) == 0 {
		w.say(nothingDue)
		return nil
	}
	rows := [][]string{{"DAY", "", "WHO", "NEXT", "ORG"}}
	for _, d := range all {
		rows = append(rows, []string{d.On.Format(time.DateOnly), d.When(w.Now()), d.Who, string(d.Action), d.org()})
	}
	return w.print(table(rows))
}

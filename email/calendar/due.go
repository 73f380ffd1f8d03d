package calendar

import (
	"fmt"
	"strings"
	"time"

	"sidestep/state"
)

// About reminds of what is due next in a migration, which org names for people. What
// is overdue already is put on today.
func About(d state.Due, migration, org string, now time.Time) Reminder {
	r := Reminder{
		Key: migration + "\x00" + d.Matter,
		// A later file wins, whichever screen or command wrote it.
		Change:  int(now.Unix() / 60),
		Day:     d.On,
		Summary: fmt.Sprintf("%s: %s (%s)", d.Who, d.Action, org),
		Text:    d.Why + "\n\n" + strings.Join(d.Endpoints, "\n") + "\n",
	}
	if d.Overdue(now) {
		r.Day = now
		r.Text = "Due since " + d.On.Format("2 January 2006") + ". " + r.Text
	}
	return r
}

package calendar_test

import (
	"strings"
	"testing"
	"time"

	"sidestep/email/calendar"
	"sidestep/state"
)

func TestWhatIsDueBecomesAReminder(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	d := state.Due{Who: "Parcelwise", Matter: "vendor parcelwise", Action: state.Remind, Why: "They have not answered yet.", On: now.AddDate(0, 0, 5), Endpoints: []string{"a.example/x", "b.example"}}
	r := calendar.About(d, "00D1", "Northwind", now)
	if r.Summary != "Parcelwise: remind (Northwind)" || !r.Day.Equal(d.On) || !strings.Contains(r.Text, "They have not answered yet.\n\na.example/x\nb.example") {
		t.Errorf("%+v", r)
	}
	late := d
	late.On, late.Action = now.AddDate(0, 0, -3), state.Escalate
	l := calendar.About(late, "00D1", "Northwind", now.Add(time.Hour))
	if l.Day.Format(time.DateOnly) != "2026-11-23" || !strings.HasPrefix(l.Text, "Due since 20 November 2026.") {
		t.Errorf("what is overdue: %+v", l)
	}
	if calendar.UID(l.Key) != calendar.UID(r.Key) || l.Change <= r.Change {
		t.Error("the next action with the vendor does not move the reminder")
	}
	if other := calendar.About(d, "00D2", "Northwind", now); calendar.UID(other.Key) == calendar.UID(r.Key) {
		t.Error("two orgs share a reminder")
	}
}

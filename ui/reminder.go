package ui

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sidestep/email/calendar"
	"sidestep/state"
)

// saveReminders writes what is due into one calendar file, and says where it is.
func saveReminders(s *session, all []dueIn) tea.Cmd {
	desktop, now := s.deps.Desktop, s.deps.Now()
	return func() tea.Msg {
		var reminders []calendar.Reminder
		for _, d := range all {
			reminders = append(reminders, calendar.About(d.Due, d.in.ID, d.in.Name, now))
		}
		data, err := calendar.File(reminders, now)
		if err != nil {
			return complain(err)()
		}
		path, err := desktop.SaveDraft("sidestep-reminders.ics", data)
		if err != nil {
			return complain(err)()
		}
		return sayMsg{text: "Saved as " + path + ". Open it, and your calendar has " + count(len(reminders), "reminder") + "."}
	}
}

// saveReminder does so for what is due about the mail's endpoint.
func (m *mail) saveReminder() tea.Cmd {
	s := m.s
	all := s.m.Chase()
	i := slices.IndexFunc(all, func(d state.Due) bool { return slices.Contains(d.Endpoints, m.key) })
	if i < 0 {
		return say("Nothing is due here: there is no mail that waits for an answer, and no vendor to write to.")
	}
	return saveReminders(s, []dueIn{{all[i], Saved{ID: s.m.ID, Name: cmp.Or(s.m.Org.Name, s.m.ID)}}})
}

package ui

import (
	"errors"
	"fmt"
	"path"

	"sidestep/email"
)

// unusableShown is how many files of the admin's that can't be used have a line at
// home.
const unusableShown = 3

// unusable says which files of the admin's can't be used, and what stands in. Where
// rows are few it says so on one.
func (s *session) unusable(w, rows int) []string {
	all := s.deps.Unusable
	switch {
	case len(all) == 0:
		return nil
	case rows < 20:
		return []string{s.theme.warning.Render(fit("! "+count(len(all), "fault")+" in files of yours: "+clean(all[0].Error()), w))}
	}
	lines := []string{""}
	for i, err := range all {
		if i == unusableShown {
			lines = append(lines, s.theme.warning.Render(fmt.Sprintf("! and %d more", len(all)-i)))
			break
		}
		for _, l := range hang("! ", clean(err.Error()), w) {
			lines = append(lines, s.theme.warning.Render(l))
		}
	}
	return append(lines, wrap(s.theme.muted.Render("What comes with Sidestep is used instead. Correct it, and start Sidestep again."), w)...)
}

// unusable says that the admin's own text of this mail can't be used.
func (m *mail) unusable(w int) []string {
	for _, err := range m.s.deps.Unusable {
		var p email.Problem
		if !errors.As(err, &p) {
			continue
		}
		for _, name := range []string{m.draft.Kind + ".txt", email.Parts} {
			if p.File != path.Join(m.draft.Language, name) {
				continue
			}
			var lines []string
			for _, l := range hang("! ", clean(err.Error())+". This is the text that comes with Sidestep.", w) {
				lines = append(lines, m.s.theme.warning.Render(l))
			}
			return lines
		}
	}
	return nil
}

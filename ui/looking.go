package ui

import (
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
	"sidestep/state"
)

// Saved work can be looked at where it can't be changed: somebody else has it open, a
// newer version saved it, or nothing can be written. Nothing is recorded then, and
// what leaves the program (mails, reports) still does.

// lookingOnly is the handle of work that nobody here holds.
type lookingOnly struct{ why error }

func (l lookingOnly) Save(state.Migration) error { return l.why }
func (l lookingOnly) Close() error               { return nil }

// openOrLook takes hold of saved work, or has it looked at where nobody can change it.
func openOrLook(w Work, id string) openedMsg {
	h, m, why := w.Open(id)
	var newer *state.NewerError
	if errors.As(why, &newer) || errors.Is(why, state.ErrReadOnly) {
		return lookAt(w, id, why)
	}
	return openedMsg{handle: h, m: m, err: why}
}

// lookAt reads saved work; why says what keeps it from being changed.
func lookAt(w Work, id string, why error) openedMsg {
	m, err := w.Look(id)
	if err != nil {
		return openedMsg{err: err}
	}
	return openedMsg{handle: lookingOnly{why}, m: m, looking: why}
}

// beginToLook has findings looked at where nothing can be saved, together with what is
// saved of the same org.
func beginToLook(w Work, fresh state.Migration, f salesforce.Findings, why error, act state.Act) openedMsg {
	m, err := w.Look(fresh.ID)
	if errors.Is(err, state.ErrNotFound) {
		m, err = fresh, nil
	}
	if err != nil {
		return openedMsg{err: err}
	}
	m, changes, err := merged(m, f, fresh.Org, act)
	if err != nil {
		return openedMsg{err: err}
	}
	return openedMsg{handle: lookingOnly{why}, m: m, changes: changes, looking: why}
}

// askToLook asks whether work that could not be opened is to be looked at, if it is
// somebody else who has it open. began is called when it is.
func (s *session) askToLook(id string, why error, began func()) tea.Cmd {
	var held *state.HeldError
	if !errors.As(why, &held) {
		return complain(why)
	}
	return s.push(newChoose(s, nameAmong(s.known, id)+" is being worked on", sentence(inWords(why))+".", []option{
		{label: "Leave it"},
		{"Look at it", "Nothing can be changed. Mails and reports can be written, and are not recorded."},
	}, 0, func(i int) tea.Cmd {
		if i == 0 {
			return nil
		}
		began()
		return s.takeAs(func(w Work) openedMsg { return lookAt(w, id, why) })
	}))
}

// takesIn reports whether evidence can be added. Where nobody can save anything, what
// is read is there until the program ends.
func (s *session) takesIn() bool { return s.looking == nil || errors.Is(s.looking, state.ErrReadOnly) }

// lookingText says that nothing can be changed, and why.
func lookingText(why error) string {
	return "You are only looking, nothing is recorded: " + inWords(why)
}

// available are the keys as a footer shows them: while work is only looked at, without
// those that would change something. Pressed all the same they say why.
func (s *session) available() keymap {
	k := s.keys
	if s.looking == nil {
		return k
	}
	for _, b := range k.recording() {
		b.SetEnabled(false)
	}
	return k
}

// refuse says that nothing was changed.
func (s *session) refuse() tea.Cmd {
	return complain(fmt.Errorf("nothing was changed, you are only looking: %w", s.looking))
}

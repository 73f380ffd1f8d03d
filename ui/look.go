package ui

import "sidestep/state"

// look is how the admin looks at the board. It belongs to the session, so that a
// board that is made anew after a scan shows what the one before it showed.
type look struct {
	// folded hosts hide their endpoints; open endpoints show their messages.
	folded, open map[string]bool
	filter       filter
	// narrowed shows only the endpoints of one group of the triage.
	narrowed *state.Use
	sort     order
	query    string
	// at is the row under the cursor.
	at string
	// marked are the keys of the endpoints that the next change is meant for.
	marked map[string]bool
}

func newLook() *look {
	return &look{folded: map[string]bool{}, open: map[string]bool{}, marked: map[string]bool{}}
}

// everything reports whether nothing narrows the board.
func (l *look) everything() bool { return l.query == "" && l.filter == showAll && l.narrowed == nil }

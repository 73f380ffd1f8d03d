package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// moveCursor is how every list answers the keys that move.
func moveCursor(k keymap, msg tea.KeyPressMsg, cursor, n, page int) (int, bool) {
	switch {
	case key.Matches(msg, k.up):
		cursor--
	case key.Matches(msg, k.down):
		cursor++
	case key.Matches(msg, k.pageUp):
		cursor -= page
	case key.Matches(msg, k.pageDown):
		cursor += page
	case key.Matches(msg, k.top):
		cursor = 0
	case key.Matches(msg, k.bottom):
		cursor = n - 1
	default:
		return cursor, false
	}
	return max(0, min(cursor, n-1)), true
}

// moveAround is how short menus do: from the last entry on to the first, and back.
func moveAround(k keymap, msg tea.KeyPressMsg, cursor, n int) (int, bool) {
	switch {
	case key.Matches(msg, k.up):
		return (cursor + n - 1) % n, true
	case key.Matches(msg, k.down):
		return (cursor + 1) % n, true
	case key.Matches(msg, k.top):
		return 0, true
	case key.Matches(msg, k.bottom):
		return n - 1, true
	}
	return cursor, false
}

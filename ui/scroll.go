package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// maxLines is more than any text has: the end is wherever the text ends.
const maxLines = 100_000

// scroll is where a text stands that may be longer than its room.
type scroll struct {
	offset, page int
	// more is whether the last frame could not show all of it.
	more bool
}

// window returns the lines that h rows show.
func (c *scroll) window(lines []string, h int) []string {
	c.page, c.more = max(1, h), len(lines) > h
	lines, c.offset = window(lines, c.offset, h)
	return lines
}

// press moves the text by the keys that move.
func (c *scroll) press(k keymap, msg tea.KeyPressMsg) {
	c.offset, _ = moveCursor(k, msg, c.offset, maxLines, c.page)
}

// keys are the ones to list in the footer.
func (c *scroll) keys(k keymap) []key.Binding {
	if !c.more {
		return nil
	}
	return []key.Binding{as(k.down, "scroll")}
}

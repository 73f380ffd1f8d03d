package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// maxLines is more than any text has: the end is wherever the text ends.
const maxLines = 100_000

// moreBelow is what the key does that shows what is left out below.
const moreBelow = "more"

// scroll is where a text stands that may be longer than its room.
type scroll struct {
	offset, page int
	// above and below are whether the last frame left something out there.
	above, below bool
}

// window returns the lines that h rows show.
func (c *scroll) window(lines []string, h int) []string {
	c.page = max(1, h)
	shown, offset := window(lines, c.offset, h)
	c.offset, c.above, c.below = offset, offset > 0, offset+len(shown) < len(lines)
	return shown
}

// press moves the text by the keys that move.
func (c *scroll) press(k keymap, msg tea.KeyPressMsg) {
	c.offset, _ = moveCursor(k, msg, c.offset, maxLines, c.page)
}

// keys are the ones to list in the footer.
func (c *scroll) keys(k keymap) []key.Binding {
	switch {
	case c.below:
		return []key.Binding{as(k.down, moreBelow)}
	case c.above:
		return []key.Binding{as(k.up, "back up")}
	}
	return nil
}

package ui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// input is a text line in our style, with a cursor that does not blink.
type input struct {
	textinput.Model
	// placeholder is all of what an empty line shows; the model has what fits.
	placeholder string
}

func newInput(th theme, placeholder string) input {
	in := input{textinput.New(), placeholder}
	in.Prompt = ""
	in.Placeholder = placeholder
	in.CharLimit = 2000
	st := in.Styles()
	st.Cursor.Blink = false
	st.Focused.Placeholder, st.Blurred.Placeholder = th.faint, th.faint
	st.Focused.Text, st.Blurred.Text = th.text, th.text
	in.SetStyles(st)
	return in
}

// take hands a key or a paste on. A cursor that does not blink has no commands.
func (in *input) take(msg tea.Msg) { in.Model, _ = in.Update(msg) }

// fit gives the line its room, and a cell for the cursor behind. A placeholder that does
// not fit in it says so.
func (in *input) fit(w int) {
	if in.Width() != w {
		in.SetWidth(w)
		if in.Focused() {
			in.SetCursor(in.Position()) // in sight
		}
	}
	in.Placeholder = ansi.Truncate(in.placeholder, w+1, "…")
}

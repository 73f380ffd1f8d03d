package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"sidestep/visible"
)

// field is one line of text that an ask wants.
type field struct {
	label, value, placeholder string
	// hidden shows a sign for each letter that is typed.
	hidden bool
	// check says what is wrong with the text, nil for anything goes.
	check func(string) error
}

// ask is a box with a few lines of text to fill in. It answers with their
// values; the screen that asked acts on them.
type ask struct {
	s            *session
	title, about string
	fields       []field
	inputs       []input
	current      int
	wrong        string
	accept       func(values []string) tea.Cmd
	// beside is true where the answer changes nothing that is saved.
	beside bool
}

func (a *ask) records() bool { return !a.beside }

// besideTheWork is a question whose answer changes nothing that is saved: it is asked
// where work is only looked at, too.
func (a *ask) besideTheWork() *ask {
	a.beside = true
	return a
}

func newAsk(s *session, title, about string, fields []field, accept func([]string) tea.Cmd) *ask {
	a := &ask{s: s, title: title, about: about, fields: fields, accept: accept}
	for _, f := range fields {
		in := newInput(s.theme, f.placeholder)
		in.SetValue(f.value)
		if f.hidden {
			in.EchoMode = textinput.EchoPassword
		}
		a.inputs = append(a.inputs, in)
	}
	a.inputs[0].Focus()
	return a
}

// newTextBox is a text of several lines in our style, with a cursor that does not
// blink. limit is how many characters it takes.
func newTextBox(th theme, placeholder string, limit int) textarea.Model {
	box := textarea.New()
	box.Placeholder = placeholder
	box.ShowLineNumbers = false
	box.Prompt = ""
	box.CharLimit = limit
	box.MaxHeight = 0
	st := box.Styles()
	st.Cursor.Blink = false
	st.Focused.CursorLine = th.text
	st.Focused.Base, st.Blurred.Base = th.text, th.text
	st.Focused.Placeholder, st.Blurred.Placeholder = th.faint, th.faint
	box.SetStyles(st)
	return box
}

func (a *ask) Init() tea.Cmd { return nil }
func (a *ask) Crumb() string { return "" }
func (a *ask) Typing() bool  { return true }

func (a *ask) Keys() []key.Binding {
	k := a.s.keys
	if len(a.fields) == 1 {
		return []key.Binding{as(k.enter, "accept"), as(k.back, "cancel")}
	}
	if a.current < len(a.fields)-1 {
		return []key.Binding{as(k.enter, "next field"), as(k.back, "cancel")}
	}
	return []key.Binding{as(k.enter, "accept"), as(k.back, "cancel"), as(k.tab, "first field")}
}

func (a *ask) Update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if ok {
		a.wrong = ""
		switch press.String() {
		case "esc":
			return a, a.s.pop()
		case "tab", "down":
			a.move(1)
			return a, nil
		case "shift+tab", "up":
			a.move(-1)
			return a, nil
		case "enter":
			if a.current < len(a.inputs)-1 {
				a.move(1)
				return a, nil
			}
			return a, a.done()
		}
	}
	paste, pasted := msg.(tea.PasteMsg)
	if !ok && !pasted {
		return a, nil
	}
	in := &a.inputs[a.current]
	in.take(msg)
	if pasted {
		a.wrong = ""
		if !strings.Contains(in.Value(), strings.TrimRight(paste.Content, "\r\n")) {
			a.wrong = "Pasted without line breaks, control characters, or what is too long."
		}
	}
	return a, nil
}

func (a *ask) move(by int) {
	a.inputs[a.current].Blur()
	a.current = (a.current + by + len(a.inputs)) % len(a.inputs)
	a.inputs[a.current].Focus()
}

func (a *ask) done() tea.Cmd {
	values := make([]string, len(a.inputs))
	for i, in := range a.inputs {
		values[i] = strings.TrimSpace(in.Value())
		if check := a.fields[i].check; check != nil {
			if err := check(values[i]); err != nil {
				a.wrong = err.Error()
				a.move(i - a.current)
				return nil
			}
		}
	}
	return tea.Batch(a.s.pop(), a.accept(values))
}

func (a *ask) View(s size) string { return fill(nil, s) }

// Box draws the question.
func (a *ask) Box(s size) string {
	th := a.s.theme
	w := boxWidth(s, 72)
	var lines []string
	label := 0
	for _, f := range a.fields {
		label = max(label, len(f.label)+2)
	}
	for i, f := range a.fields {
		a.inputs[i].fit(w - label - 3)
		mark := "  "
		if i == a.current {
			mark = th.cursor.Render("› ")
		}
		// What the frame shows hidden characters as has a width that they have not.
		typed := visible.Drawn(a.inputs[i].View())
		lines = append(lines, fit(mark+th.muted.Render(fit(f.label, label))+typed, w))
	}
	if a.wrong != "" {
		lines = append(lines, "")
		for _, l := range wrap(clean(a.wrong), w) {
			lines = append(lines, th.danger.Render(l))
		}
	}
	head := boxHead(th, a.title, a.about, w)
	if len(head)+len(lines) > s.h-2 {
		head = boxHead(th, a.title, "", w)
	}
	return th.box.Render(strings.Join(append(head, lines...), "\n"))
}

// required is a check for text that must not be empty.
func required(what string) func(string) error {
	return func(s string) error {
		if s == "" {
			return emptyError(what)
		}
		return nil
	}
}

type emptyError string

func (e emptyError) Error() string { return "please enter " + string(e) }

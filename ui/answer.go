package ui

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"

	"sidestep/email/answer"
	"sidestep/state"
)

// answerScreen answers: what did they write back, and which day do they promise?
// The answer is pasted, or read from a file; then its text is shown, with the days
// that it names.
type answerScreen struct {
	s      *session
	vendor string

	path input
	text textarea.Model
	// inText is true while the text is typed, not the path.
	inText  bool
	gen     int
	cancel  context.CancelFunc
	reading bool
	wrong   string
	hint    string
	// found are paths that begin like the typed one, as far as they were asked for.
	found []string

	// read is the answer, nil until there is one; cursor is in its days.
	read   *answer.Answer
	cursor int
	offset int
	scroll scroll
}

// answerReadMsg brings what became of reading an answer.
type answerReadMsg struct {
	to  *answerScreen
	gen int
	a   answer.Answer
	err error
}

func (a *answerScreen) records() bool { return true }

// newAnswer takes in what a vendor answered.
func newAnswer(s *session, vendor string) *answerScreen {
	a := &answerScreen{s: s, vendor: vendor, path: newInput(s.theme, "a saved mail (.eml) or a text file"), cancel: func() {}}
	a.path.Focus()
	a.text = newTextBox(s.theme, "or paste the answer here", 100_000)
	return a
}

func (a *answerScreen) Init() tea.Cmd { return nil }
func (a *answerScreen) Crumb() string { return "answer" }
func (a *answerScreen) Typing() bool  { return a.read == nil }
func (a *answerScreen) Leave()        { a.cancel() }

func (a *answerScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case answerReadMsg:
		if msg.to == a && msg.gen == a.gen && a.reading {
			a.take(msg)
		}
	case answerFoundMsg:
		if msg.to == a && a.read == nil && !a.inText && msg.text == a.path.Value() {
			a.complete(msg)
		}
	case tea.PasteMsg:
		if a.read == nil && !a.reading {
			return a, a.pasted(msg)
		}
	case tea.KeyPressMsg:
		switch {
		case a.reading:
			if key.Matches(msg, a.s.keys.back) {
				a.cancel()
				a.reading = false
			}
		case a.read == nil:
			return a, a.enter(msg)
		default:
			return a, a.press(msg)
		}
	}
	return a, nil
}

// take shows what was read, with the first proposed day under the cursor.
func (a *answerScreen) take(msg answerReadMsg) {
	a.reading = false
	if msg.err != nil {
		a.wrong, a.hint = msg.err.Error(), hintOf(msg.err)
		return
	}
	if msg.a.At.After(a.s.deps.Now()) {
		msg.a.At = time.Time{} // its sender can write any day there
	}
	a.read, a.cursor, a.offset, a.scroll = &msg.a, 0, 0, scroll{}
}

// pasted reads what has several lines at once: that is an answer. One line goes
// where the cursor stands: it may be the path of a file.
func (a *answerScreen) pasted(msg tea.PasteMsg) tea.Cmd {
	if strings.ContainsAny(strings.TrimSpace(msg.Content), "\r\n") && a.text.Value() == "" {
		return a.readText(msg.Content)
	}
	return a.typed(msg)
}

// enter takes a key while path or text are typed.
func (a *answerScreen) enter(msg tea.KeyPressMsg) tea.Cmd {
	a.wrong, a.hint, a.found = "", "", nil
	switch s := msg.String(); {
	case s == "esc":
		return a.s.pop()
	case s == "tab" && !a.inText && a.path.Value() != "":
		return a.find()
	case s == "shift+tab" || s == "tab" && (!a.inText || a.text.Value() == ""):
		a.turn()
		return nil
	case s == "tab":
		return a.readText(a.text.Value())
	case s == "enter" && !a.inText:
		return a.readFile()
	}
	return a.typed(msg)
}

// answerFoundMsg brings the paths that begin like text.
type answerFoundMsg struct {
	to    *answerScreen
	text  string
	found []string
}

// find looks for paths that begin like the one that is typed.
func (a *answerScreen) find() tea.Cmd {
	files, text := a.s.deps.Files, a.path.Value()
	return func() tea.Msg { return answerFoundMsg{a, text, files.Complete(text, ".eml", ".txt")} }
}

// complete goes on with what the found paths have in common. Where nothing can be
// added to a path, the text is next.
func (a *answerScreen) complete(msg answerFoundMsg) {
	common := ""
	for i, path := range msg.found {
		if i == 0 {
			common = path
		}
		for !strings.HasPrefix(path, common) {
			_, last := utf8.DecodeLastRuneInString(common)
			common = common[:len(common)-last]
		}
	}
	switch {
	case len(common) > len(msg.text):
		a.path.SetValue(common)
		a.path.CursorEnd()
	case len(msg.found) < 2:
		a.turn()
	}
	if len(msg.found) > 1 {
		a.found = msg.found
	}
}

// turn goes from the path to the text, or back.
func (a *answerScreen) turn() {
	if a.inText = !a.inText; a.inText {
		a.path.Blur()
		a.text.Focus()
		return
	}
	a.text.Blur()
	a.path.Focus()
}

func (a *answerScreen) typed(msg tea.Msg) tea.Cmd {
	if a.inText {
		a.text, _ = a.text.Update(msg)
	} else {
		a.path.take(msg)
	}
	return nil
}

func (a *answerScreen) readFile() tea.Cmd {
	path := strings.TrimSpace(a.path.Value())
	if path == "" {
		a.turn()
		return nil
	}
	files, now := a.s.deps.Files, a.s.deps.Now()
	return a.start(func(ctx context.Context) (answer.Answer, error) { return files.Answer(ctx, path, now) })
}

// lineEnds are those of a paste: most terminals send the key enter for each.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func (a *answerScreen) readText(text string) tea.Cmd {
	now := a.s.deps.Now()
	return a.start(func(context.Context) (answer.Answer, error) {
		return answer.Read(strings.NewReader(lineEnds.Replace(text)), now)
	})
}

// start reads away from Update; one that is stopped is not taken in any more.
func (a *answerScreen) start(read func(context.Context) (answer.Answer, error)) tea.Cmd {
	a.gen++
	a.reading, a.wrong, a.hint = true, "", ""
	gen := a.gen
	cancel, cmd := run(func(ctx context.Context) tea.Msg {
		got, err := read(ctx)
		return answerReadMsg{a, gen, got, err}
	})
	a.cancel = cancel
	return cmd
}

// press takes a key while the answer is shown.
func (a *answerScreen) press(msg tea.KeyPressMsg) tea.Cmd {
	k := a.s.keys
	switch {
	case key.Matches(msg, k.back):
		a.read = nil
	case key.Matches(msg, k.enter):
		return a.choose()
	case key.Matches(msg, k.pageUp, k.pageDown):
		a.scroll.press(k, msg)
	default:
		a.cursor, _ = moveCursor(k, msg, a.cursor, len(a.read.Dates)+2, 1)
	}
	return nil
}

// choose keeps the answer with the day under the cursor: one of those that it
// names, another one, or none.
func (a *answerScreen) choose() tea.Cmd {
	switch n := len(a.read.Dates); a.cursor {
	case n:
		return a.keep(time.Time{})
	case n + 1:
		return a.s.push(newAsk(a.s, "Which day do they promise?", "", []field{{label: "Date", placeholder: "2026-12-31", check: aDay}}, func(v []string) tea.Cmd {
			day, _ := parseDate(v[0]) // it was checked
			return a.keep(day)
		}))
	}
	return a.keep(a.read.Dates[a.cursor].Day)
}

func aDay(text string) error {
	if err := required("a day")(text); err != nil {
		return err
	}
	return dateOrEmpty(text)
}

// keep records the answer with the vendor.
func (a *answerScreen) keep(promised time.Time) tea.Cmd {
	r := a.read
	save := a.s.do("the answer", a.s.m.Answered(a.vendor, state.Answer{At: r.At, From: sentBy(*r), Subject: r.Subject, Text: r.Text, Promised: promised}, a.s.act()))
	done := "The answer of " + a.vendor + " is kept, without a promised day."
	if !promised.IsZero() {
		done = "The answer of " + a.vendor + " is kept: repair promised by " + day(promised) + "."
	}
	return tea.Batch(save, a.s.pop(), say(done))
}

// sentBy is the sender as the mail names it, "" where it was pasted.
func sentBy(r answer.Answer) string {
	if r.Name != "" && r.Email != "" {
		return r.Name + " <" + r.Email + ">"
	}
	return r.Name + r.Email
}

func (a *answerScreen) Keys() []key.Binding {
	k := a.s.keys
	switch {
	case a.reading:
		return []key.Binding{as(k.back, "stop")}
	case a.read == nil && a.inText && a.text.Value() != "":
		return []key.Binding{as(k.tab, "read it"), as(k.back, "cancel")}
	case a.read == nil && a.inText:
		return []key.Binding{as(k.tab, "a file"), as(k.back, "cancel")}
	case a.read == nil:
		next := "text"
		if a.path.Value() != "" {
			next = "complete the path"
		}
		return []key.Binding{as(k.enter, "read it"), as(k.tab, next), as(k.back, "cancel")}
	}
	keep := "keep this day"
	switch len(a.read.Dates) {
	case a.cursor:
		keep = "keep, no day"
	case a.cursor - 1:
		keep = "enter the day"
	}
	keys := []key.Binding{as(k.enter, keep), as(k.down, "choose")}
	if a.scroll.above || a.scroll.below {
		keys = append(keys, as(k.pageDown, "read on"))
	}
	return append(keys, as(k.back, "back"))
}

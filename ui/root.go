// Package ui is the interface: it draws a migration and turns keys into intents.
// docs/interface.md says which screens there are and which key means what; each
// screen has a file of its own. Nothing here opens a file or a socket: commands
// call the small interfaces of Deps.
package ui

import (
	"context"
	"errors"
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
	"sidestep/state"
)

// Smallest window in which the screens can be used.
const (
	minWidth  = 40
	minHeight = 12
)

// framesPerSecond is how often a changed screen is drawn. At the usual 60 a key
// can wait 16.7 ms for its frame, which alone is more than a key may take.
const framesPerSecond = 120

// screen is one place in the interface. Update may return another screen value;
// moving to another screen is asked of the session, see nav.go.
type screen interface {
	Init() tea.Cmd
	Update(tea.Msg) (screen, tea.Cmd)
	// View fills the room exactly.
	View(size) string
	// Keys are the bindings that would do something now; those that are not enabled
	// would not, and are not shown.
	Keys() []key.Binding
	// Crumb is the screen's name in the path of the header.
	Crumb() string
}

// A typing screen takes letters as text while Typing is true.
type typing interface{ Typing() bool }

// A box is drawn above the screen below it.
type box interface{ Box(size) string }

// A returner has something to do when the screen above it was left.
type returner interface{ Return() tea.Cmd }

// A leaver has something to stop when it is left.
type leaver interface{ Leave() }

// sayMsg is an answer to the admin; bad where it is about something that went wrong.
type sayMsg struct {
	text string
	bad  bool
}

func say(text string) tea.Cmd { return func() tea.Msg { return sayMsg{text: text} } }

func complain(err error) tea.Cmd {
	return func() tea.Msg { return sayMsg{text: inWords(err), bad: true} }
}

// inWords is an error with its hint, for one line.
func inWords(err error) string {
	text := err.Error()
	var h Hinted
	if errors.As(err, &h) && h.Hint() != "" {
		text += " – " + h.Hint()
	}
	return text
}

// root holds the stack of screens, and draws the header and the footer.
type root struct {
	s     *session
	stack []screen
	size  size
	said  sayMsg
	// quitWarned is true after a quit was refused because a save had failed.
	quitWarned bool
	quitting   bool
}

// New makes the interface. It begins at home, or with the demo's sign-in when
// the demo has no saved work.
func New(deps Deps) tea.Model {
	s := &session{deps: deps, theme: newTheme(true), keys: newKeymap(), loginOf: map[string]string{}, appOf: map[appKey][]string{}}
	return &root{s: s, stack: []screen{newHome(s)}}
}

// Run shows the interface until the admin quits, and saves what is left. A panic is
// handed on when the terminal is as it was and the work is saved.
func Run(ctx context.Context, deps Deps, opts ...tea.ProgramOption) error {
	model := New(deps)
	opts = append([]tea.ProgramOption{tea.WithFPS(framesPerSecond)}, opts...)
	if deps.Keyboard != nil {
		opts = append(opts, tea.WithInput(deps.Keyboard))
	}
	net := &guarded{Model: model}
	program := tea.NewProgram(net, append(opts, tea.WithContext(ctx))...)
	net.program = program
	if deps.Shell != nil {
		obeying, end := context.WithCancel(ctx)
		defer end()
		go obey(obeying, deps.Shell, program, &model.(*root).s.editing)
	}
	_, err := program.Run()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		err = nil
	}
	err = errors.Join(err, model.(*root).s.finish())
	if bug := net.bug.Load(); bug != nil {
		panic(*bug)
	}
	return err
}

func (r *root) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, r.top().Init())
}

func (r *root) top() screen { return r.stack[len(r.stack)-1] }

// Update takes in a message, and then moves to where a screen asked to go.
func (r *root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := r.take(msg)
	return r, tea.Batch(cmd, r.move())
}

func (r *root) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		r.size = size{msg.Width, msg.Height}
	case tea.BackgroundColorMsg:
		r.s.theme = newTheme(msg.IsDark())
	case tea.KeyPressMsg:
		return r.press(msg)
	case tea.PasteMsg, tea.MouseMsg:
		return r.toTop(msg)
	case sayMsg:
		r.said = msg
		return nil
	case stopMsg:
		return r.s.stop()
	case leaveMsg:
		return r.s.leave()
	case savedMsg:
		return r.s.saved(msg)
	case errandMsg:
		return tea.Batch(r.toAll(msg), r.s.returned(msg))
	case openedMsg:
		if msg.err == nil {
			r.s.open(msg)
			if msg.looking != nil {
				r.said = sayMsg{text: lookingText(msg.looking), bad: true}
			}
		}
	case sourceReadMsg:
		if cmd := r.sourceRead(msg); cmd != nil {
			return cmd
		}
	case mergedMsg:
		return tea.Batch(r.toAll(msg), r.merged(msg))
	}
	return r.toAll(msg)
}

// press gives a key to the screen on top, after the keys that work everywhere.
func (r *root) press(msg tea.KeyPressMsg) tea.Cmd {
	r.said = sayMsg{}
	switch msg.String() {
	case "ctrl+c":
		return r.quit()
	case "ctrl+z":
		return r.s.stop()
	}
	if t, ok := r.top().(typing); !ok || !t.Typing() {
		switch k := r.s.keys; {
		case key.Matches(msg, k.quit):
			return r.quit()
		case key.Matches(msg, k.help):
			if _, there := r.top().(*help); !there {
				return r.s.push(newHelp(r.s))
			}
		case key.Matches(msg, k.undo) && r.s.handle != nil:
			return r.s.takeBack()
		}
	}
	return r.toTop(msg)
}

// quit leaves at once when all is saved. Work that can't be saved is worth one
// more question.
func (r *root) quit() tea.Cmd {
	if r.s.saveErr != nil && r.s.unsaved() && !r.quitWarned {
		r.quitWarned = true
		r.said = sayMsg{text: "Not saved: " + inWords(r.s.saveErr) + " – press again to quit without saving.", bad: true}
		return nil
	}
	r.quitting = true
	for len(r.stack) > 1 {
		r.leaveTop()
	}
	return tea.Quit
}

// sourceRead brings what a file source holds into the work.
func (r *root) sourceRead(msg sourceReadMsg) tea.Cmd {
	if msg.err != nil {
		r.s.offer = r.s.onOffer() // it is still there to be added
	}
	f, asking := r.top().(*openFiles)
	switch {
	case msg.stopped() != nil:
		return say("Stopped. Nothing was changed.")
	case msg.err != nil && asking:
		return nil // that screen says it, with room for the hint
	case msg.err != nil:
		return complain(msg.err)
	case asking:
		f.settling = true
	}
	if r.s.handle == nil {
		return r.s.begin(msg.f, state.Org{})
	}
	return r.s.add(msg.f, state.Org{})
}

// merged says what became of a file source; of a scan its own screen does.
func (r *root) merged(msg mergedMsg) tea.Cmd {
	if msg.source.Kind == salesforce.SourceOrg {
		return nil
	}
	if msg.err != nil {
		return complain(msg.err)
	}
	return say(fmt.Sprintf("%s is added: evidence for %d of %s now.", msg.source.Name, r.s.o.Settled, count(r.s.o.Messages, "message")))
}

func (r *root) toTop(msg tea.Msg) tea.Cmd {
	next, cmd := r.top().Update(msg)
	r.stack[len(r.stack)-1] = next
	return cmd
}

// toAll gives the answer to a question to every screen: the one that asked may
// have another one above it by now. Who did not ask does not know the message.
func (r *root) toAll(msg tea.Msg) tea.Cmd {
	cmds := make([]tea.Cmd, 0, len(r.stack))
	for i := range r.stack {
		next, cmd := r.stack[i].Update(msg)
		r.stack[i] = next
		cmds = append(cmds, cmd)
	}
	return tea.Batch(cmds...)
}

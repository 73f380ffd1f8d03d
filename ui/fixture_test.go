package ui

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sidestep/state"
)

// bench is an interface under test: it runs commands and answers what is on
// screen. In a test it stands in a bubble of its own time, so that a command
// that waits (for a browser, for the next second) is known to wait, and nothing
// is ever slept for. In a benchmark, commands are simply run.
type bench struct {
	t     testing.TB
	model tea.Model
	world *world
	size  size
	quit  bool
	// terminal is what was sent to the terminal's own clipboard.
	terminal []string
	closed   bool
	bubble   bool
	mu       sync.Mutex
	answers  []tea.Msg
}

// play runs a test of the interface in a bubble.
func play(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

func newBench(t testing.TB, w *world, cols, rows int) *bench {
	t.Helper()
	_, bubble := t.(*testing.T)
	b := &bench{t: t, model: New(w.deps()), world: w, size: size{cols, rows}, bubble: bubble}
	if bubble {
		t.Cleanup(b.close)
	}
	b.run(b.model.Init())
	b.resize(cols, rows)
	return b
}

// close quits. A bubble ends only when every command has: that nothing is left
// running is part of every test.
func (b *bench) close() {
	if b.closed {
		return
	}
	b.closed = true
	b.world.mu.Lock()
	gate := b.world.gate
	b.world.gate = nil
	b.world.mu.Unlock()
	if gate != nil {
		close(gate)
	}
	for range 2 {
		if !b.quit {
			b.keys("ctrl+c")
		}
	}
	if !b.quit {
		b.t.Error("ctrl+c does not quit")
	}
	_ = b.root().s.finish()
	time.Sleep(time.Minute) // the bubble's time: whoever waits for a second has it
	b.settle()
}

func (b *bench) root() *root { return b.model.(*root) }

func (b *bench) top() screen { return b.root().top() }

// work is the migration at hand.
func (b *bench) work() state.Migration { return b.root().s.m }

// vendor is the vendor's endpoint as it was saved, with what the vendor's record says.
func (b *bench) vendor() state.Endpoint {
	b.world.mu.Lock()
	defer b.world.mu.Unlock()
	for _, h := range b.world.saved[northwind.ID].Overview().Hosts {
		for _, v := range h.Endpoints {
			if v.Key == vendorKey {
				return v.Endpoint
			}
		}
	}
	return state.Endpoint{}
}

// send gives a message to the interface and runs what it asks for.
func (b *bench) send(m tea.Msg) {
	var cmd tea.Cmd
	b.model, cmd = b.model.Update(m)
	b.run(cmd)
	if b.bubble {
		b.settle()
	}
}

// run carries a command out, and everything that follows from it. One that waits
// goes on waiting beside the test: its answer is taken when it comes.
func (b *bench) run(cmd tea.Cmd) {
	switch {
	case cmd == nil:
	case !b.bubble:
		b.take(cmd())
	default:
		go func() {
			m := cmd()
			b.mu.Lock()
			defer b.mu.Unlock()
			b.answers = append(b.answers, m)
		}()
		b.settle()
	}
}

// settle takes the answers that have come, until everything that still runs waits.
func (b *bench) settle() {
	synctest.Wait()
	for {
		b.mu.Lock()
		if len(b.answers) == 0 {
			b.mu.Unlock()
			return
		}
		m := b.answers[0]
		b.answers = b.answers[1:]
		b.mu.Unlock()
		b.take(m)
		synctest.Wait()
	}
}

func (b *bench) take(m tea.Msg) {
	switch m := m.(type) {
	case nil:
	case tea.BatchMsg:
		for i := range m {
			if b.world.backwards {
				i = len(m) - 1 - i
			}
			b.run(m[i])
		}
	case tea.QuitMsg:
		b.quit = true
	default:
		if text, ok := clipboardText(m); ok {
			b.terminal = append(b.terminal, text)
			return
		}
		if cmd, done, ok := execution(m); ok {
			cmd.SetStdin(strings.NewReader(""))
			cmd.SetStdout(io.Discard)
			cmd.SetStderr(io.Discard)
			b.run(func() tea.Msg { return done(cmd.Run()) })
			time.Sleep(time.Second) // the bubble's time
			b.settle()
			return
		}
		if cmds, ok := sequence(m); ok {
			for _, c := range cmds {
				b.run(c)
			}
			return
		}
		b.send(m)
	}
}

// clipboardText is what a message asks the terminal to copy. Its type is not
// exported, but it is a string.
func clipboardText(m tea.Msg) (string, bool) {
	if fmt.Sprintf("%T", m) != fmt.Sprintf("%T", tea.SetClipboard("")()) {
		return "", false
	}
	return reflect.ValueOf(m).String(), true
}

// pass lets time pass, second by second.
func (b *bench) pass(d time.Duration) {
	for range int(d / time.Second) {
		time.Sleep(time.Second)
		b.settle()
	}
}

func (b *bench) resize(cols, rows int) {
	b.size = size{cols, rows}
	b.send(tea.WindowSizeMsg{Width: cols, Height: rows})
}

// keys types: names of keys, or single characters.
func (b *bench) keys(names ...string) {
	for _, n := range names {
		b.send(keyPress(n))
	}
}

// text types a text letter by letter.
func (b *bench) text(s string) {
	for _, r := range s {
		b.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// paste pastes a text, as terminals do it.
func (b *bench) paste(s string) { b.send(tea.PasteMsg{Content: s}) }

// fill clears the line at hand and types another text.
func (b *bench) fill(s string) {
	b.keys("ctrl+e", "ctrl+u")
	b.text(s)
}

var codes = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "space": tea.KeySpace, "home": tea.KeyHome, "end": tea.KeyEnd,
	"pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "backspace": tea.KeyBackspace,
}

func keyPress(name string) tea.KeyPressMsg {
	if name == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	if c, ok := codes[name]; ok {
		return tea.KeyPressMsg{Code: c}
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// screen is what is on screen, without colours.
func (b *bench) screen() string { return ansi.Strip(b.frame()) }

// frame is the screen with colours.
func (b *bench) frame() string { return b.model.View().Content }

// line is the first line on screen that holds text.
func (b *bench) line(text string) string {
	b.t.Helper()
	for l := range strings.Lines(b.screen()) {
		if strings.Contains(l, text) {
			return l
		}
	}
	b.t.Fatalf("%q is not on screen:\n%s", text, b.screen())
	return ""
}

// sees fails the test unless all the texts are on screen. Texts may be wrapped.
func (b *bench) sees(texts ...string) {
	b.t.Helper()
	flat := strings.Join(strings.Fields(b.screen()), " ")
	for _, text := range texts {
		if !strings.Contains(b.screen(), text) && !strings.Contains(flat, text) {
			b.t.Fatalf("%q is not on screen:\n%s", text, b.screen())
		}
	}
}

// lacks fails the test if any of the texts is on screen.
func (b *bench) lacks(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if strings.Contains(b.screen(), text) {
			b.t.Fatalf("%q is on screen:\n%s", text, b.screen())
		}
	}
}

// under fails the test unless the cursor stands on a line with text.
func (b *bench) under(text string) {
	b.t.Helper()
	lines := strings.Split(b.screen(), "\n")
	if !slices.ContainsFunc(lines[1:], func(l string) bool { return strings.Contains(l, "›") && strings.Contains(l, text) }) {
		b.t.Fatalf("the cursor is not on %q:\n%s", text, b.screen())
	}
}

// onBoard is an interface with a saved migration on the board.
func onBoard(t testing.TB, m state.Migration, cols, rows int) *bench {
	t.Helper()
	w := newWorld()
	w.saved[m.ID] = m
	b := newBench(t, w, cols, rows)
	b.keys("enter")
	if _, first := b.top().(*triage); first {
		b.keys("esc")
	}
	return b
}

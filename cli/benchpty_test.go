//go:build unix

package cli

import (
	"io"
	"math"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/charmbracelet/x/xpty"
)

// stillness is how long nothing must arrive for a frame to be complete. It is
// longer than the 16.7 ms between two frames at 60 frames a second, so that a
// second frame that the same key causes still counts.
const stillness = 25 * time.Millisecond

// benchTerminal is a terminal around the release binary that notes when bytes
// arrive. Reading them and drawing them are apart, so that the drawing does not
// delay what is measured.
type benchTerminal struct {
	pty     xpty.Pty
	cmd     *exec.Cmd
	started time.Time
	arrived chan struct{}

	mu    sync.Mutex
	last  time.Time // when the last bytes arrived
	bytes int

	screenMu sync.Mutex
	emu      *vt.SafeEmulator
	drawn    time.Time // when the last bytes on the screen arrived
	wanted   string
	found    chan time.Time
}

type arrival struct {
	at   time.Time
	data []byte
}

// openTerminal starts the release binary in a terminal of its own. A terminal
// that does not answer keeps silent when it is asked for colours and modes.
func (r release) openTerminal(b *testing.B, home string, cols, rows int, answers bool, args ...string) *benchTerminal {
	b.Helper()
	pty, err := xpty.NewPty(cols, rows)
	if err != nil {
		b.Skipf("no terminal can be made here: %v", err)
	}
	t := &benchTerminal{
		pty: pty, emu: vt.NewSafeEmulator(cols, rows),
		arrived: make(chan struct{}, 1), found: make(chan time.Time, 1),
	}
	t.cmd = exec.CommandContext(b.Context(), string(r), args...)
	// An empty PATH leaves no browser to open.
	t.cmd.Env = r.env(home)
	arrivals := make(chan arrival, 1024)
	t.started = time.Now()
	if err := pty.Start(t.cmd); err != nil {
		b.Fatal(err)
	}
	go t.read(arrivals)
	go t.draw(arrivals)
	if answers {
		go func() { _, _ = io.Copy(pty, t.emu) }()
	} else {
		go func() { _, _ = io.Copy(io.Discard, t.emu) }()
	}
	return t
}

func (t *benchTerminal) read(arrivals chan<- arrival) {
	defer close(arrivals)
	for {
		buf := make([]byte, 64<<10)
		n, err := t.pty.Read(buf)
		at := time.Now()
		if n > 0 {
			t.mu.Lock()
			t.last = at
			t.bytes += n
			t.mu.Unlock()
			select {
			case t.arrived <- struct{}{}:
			default:
			}
			arrivals <- arrival{at, buf[:n]}
		}
		if err != nil {
			return
		}
	}
}

func (t *benchTerminal) draw(arrivals <-chan arrival) {
	for a := range arrivals {
		_, _ = t.emu.Write(a.data)
		t.screenMu.Lock()
		t.drawn = a.at
		t.look()
		t.screenMu.Unlock()
	}
}

// look tells when what is wanted is on the screen.
func (t *benchTerminal) look() {
	if t.wanted != "" && strings.Contains(t.screen(), t.wanted) {
		t.wanted = ""
		t.found <- t.drawn
	}
}

func (t *benchTerminal) screen() string { return ansi.Strip(t.emu.Render()) }

// shows waits until a text is on the screen, and returns when the bytes arrived
// that brought it there.
func (t *benchTerminal) shows(b *testing.B, text string) time.Time {
	b.Helper()
	t.screenMu.Lock()
	t.wanted = text
	t.look()
	t.screenMu.Unlock()
	select {
	case at := <-t.found:
		return at
	case <-time.After(time.Minute):
		b.Fatalf("%q never came; on screen:\n%s", text, t.screen())
	}
	panic("not reached")
}

// rest waits until nothing has arrived for a while.
func (t *benchTerminal) rest(while time.Duration) {
	for {
		select {
		case <-t.arrived:
		case <-time.After(while):
			return
		}
	}
}

// press types a key and waits for what it causes. It returns how long it took
// until the first bytes of that had arrived, and the last.
func (t *benchTerminal) press(b *testing.B, key string) (begun, done time.Duration) {
	b.Helper()
	pressed := time.Now()
	t.write(b, key)
	select {
	case <-t.arrived:
	case <-time.After(5 * time.Second):
		b.Fatalf("%q changed nothing:\n%s", key, t.screen())
	}
	begun = t.lastArrival().Sub(pressed)
	t.rest(stillness)
	return begun, t.lastArrival().Sub(pressed)
}

func (t *benchTerminal) lastArrival() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}

func (t *benchTerminal) write(b *testing.B, keys string) {
	b.Helper()
	if _, err := io.WriteString(t.pty, keys); err != nil {
		b.Fatal(err)
	}
}

func (t *benchTerminal) total() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bytes
}

// quit leaves the program as people do and waits for its end.
func (t *benchTerminal) quit(b *testing.B) {
	b.Helper()
	t.write(b, "\x03")
	if err := xpty.WaitProcess(b.Context(), t.cmd); err != nil {
		b.Fatalf("%v\n%s", err, t.screen())
	}
	_ = t.pty.Close()
	_ = t.emu.Close()
}

// spread reports the times that a benchmark saw, in milliseconds.
func spread(b *testing.B, seen []time.Duration) {
	b.Helper()
	slices.Sort(seen)
	for _, f := range []struct {
		name string
		part float64
	}{{"min-ms", 0}, {"p50-ms", 0.5}, {"p99-ms", 0.99}, {"max-ms", 1}} {
		rank := max(1, int(math.Ceil(f.part*float64(len(seen)))))
		b.ReportMetric(float64(seen[rank-1].Microseconds())/1000, f.name)
	}
	b.ReportMetric(0, "ns/op") // an operation is many of them
}

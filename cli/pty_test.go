//go:build unix

package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	xterm "github.com/charmbracelet/x/term"
	"github.com/charmbracelet/x/vt"
	"github.com/charmbracelet/x/xpty"
	"golang.org/x/sys/unix"
)

// patience is how long a screen may take that a test waits for. Nothing is timed
// with it: it only ends a test that would wait for ever.
const patience = 20 * time.Second

// desk is a terminal with the program in it, and somebody who looks and types.
type desk struct {
	t *testing.T
	// tty is the side of the terminal that is looked at and typed on.
	tty *os.File
	cmd *exec.Cmd
	emu *vt.SafeEmulator
	// arrived has an element when something was drawn since it was last empty.
	arrived chan struct{}
	// before is the mode that the terminal had at first.
	before  string
	written atomic.Int64
	// raw is everything that the program wrote, complete when it is closed.
	raw   strings.Builder
	rawMu sync.Mutex
	read  chan struct{}
}

// terminal says what kind of terminal a desk has.
type terminal struct {
	cols, rows int
	// silent terminals answer no question about themselves.
	silent bool
	env    []string
	// inside starts the program in another network; nil for this computer's.
	inside func(start func())
	// bin is another program than the one that is released, "" for that one.
	bin string
}

// sit starts the program in a terminal; home is where its work is kept. There is
// no browser and no display.
func sit(t *testing.T, home string, term terminal, args ...string) *desk {
	t.Helper()
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	bin = cmp.Or(term.bin, bin)
	pty, err := xpty.NewUnixPty(term.cols, term.rows)
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	d := &desk{t: t, tty: closable(t, pty), emu: vt.NewSafeEmulator(term.cols, term.rows), arrived: make(chan struct{}, 1), read: make(chan struct{})}
	d.cmd = exec.CommandContext(t.Context(), bin, args...)
	// Its own terminal tells it of new sizes, and when it goes away.
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	d.before = d.mode()
	d.cmd.Env = append([]string{"TERM=xterm-256color", "LANG=en_US.UTF-8", "PATH=", "HOME=" + home, "SIDESTEP_HOME=" + home, "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere"}, term.env...)
	if term.inside == nil {
		term.inside = func(start func()) { start() }
	}
	term.inside(func() { err = pty.Start(d.cmd) })
	if err != nil {
		t.Fatal(err)
	}
	// The program has its own handle of the terminal: without ours, reading ends
	// when the program does.
	_ = pty.Close()
	go d.look()
	answers := io.Writer(d.tty)
	if term.silent {
		answers = io.Discard
	}
	go func() {
		_, _ = io.Copy(answers, d.emu)
		_, _ = io.Copy(io.Discard, d.emu) // nobody takes answers any more
	}()
	t.Cleanup(d.leave)
	return d
}

// closable is our side of a terminal as a file that can be closed while it is
// read: that is how a window is closed.
func closable(t *testing.T, pty *xpty.UnixPty) *os.File {
	t.Helper()
	var fd int
	var err error
	if ctl := pty.Control(func(master uintptr) { fd, err = unix.FcntlInt(master, unix.F_DUPFD_CLOEXEC, 0) }); ctl != nil || err != nil {
		t.Fatal(errors.Join(ctl, err))
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), pty.Name())
}

// control does something to the terminal itself.
func (d *desk) control(do func(fd int) error) {
	d.t.Helper()
	conn, err := d.tty.SyscallConn()
	if err != nil {
		d.t.Fatal(err)
	}
	if ctl := conn.Control(func(fd uintptr) { err = do(int(fd)) }); ctl != nil || err != nil {
		d.t.Fatal(errors.Join(ctl, err))
	}
}

// look draws what the program writes.
func (d *desk) look() {
	defer close(d.read)
	buf := make([]byte, 64<<10)
	for {
		n, err := d.tty.Read(buf)
		d.rawMu.Lock()
		d.raw.Write(buf[:n])
		d.rawMu.Unlock()
		_, _ = d.emu.Write(buf[:n])
		d.written.Add(int64(n))
		select {
		case d.arrived <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// wrote is everything that the program has written so far.
func (d *desk) wrote() string {
	d.rawMu.Lock()
	defer d.rawMu.Unlock()
	return d.raw.String()
}

// leave ends what is still running.
func (d *desk) leave() {
	if d.cmd.ProcessState == nil {
		_ = d.cmd.Process.Kill()
		_ = d.cmd.Wait()
	}
	_ = d.tty.Close()
	<-d.read
	// The emulator's own Close races with the reading of its answers.
	if answers, ok := d.emu.InputPipe().(io.Closer); ok {
		_ = answers.Close()
	}
}

func (d *desk) screen() string { return ansi.Strip(d.emu.Render()) }

// mode is how the terminal treats what is typed.
func (d *desk) mode() string {
	d.t.Helper()
	var mode string
	d.control(func(fd int) error {
		state, err := xterm.GetState(uintptr(fd))
		if err == nil {
			mode = fmt.Sprintf("%+v", *state)
		}
		return err
	})
	return mode
}

// until waits for a screen.
func (d *desk) until(what string, there func(screen string) bool) {
	d.t.Helper()
	end := time.NewTimer(patience)
	defer end.Stop()
	for !there(d.screen()) {
		select {
		case <-d.arrived:
		case <-end.C:
			d.t.Fatalf("%s never came; on screen:\n%s", what, d.screen())
		case <-d.read:
			if !there(d.screen()) {
				d.t.Fatalf("the program ended before %s; on screen:\n%s", what, d.screen())
			}
		}
	}
}

// sees waits until all the texts are on screen.
func (d *desk) sees(texts ...string) {
	d.t.Helper()
	d.until(strings.Join(texts, " and "), func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

// saved waits until all the texts are on screen and the header says that the
// work is safe.
func (d *desk) saved(texts ...string) {
	d.t.Helper()
	d.sees(texts...)
	d.until("saved", func(screen string) bool {
		header, _, _ := strings.Cut(screen, "\n")
		return strings.HasSuffix(strings.TrimSpace(header), "· saved")
	})
}

// under waits until the cursor stands on a row with text.
func (d *desk) under(text string) {
	d.t.Helper()
	d.until("the cursor on "+text, func(screen string) bool {
		for l := range strings.Lines(screen) {
			if _, row, ok := strings.Cut(l, "› "); ok && strings.Contains(row, text) && !strings.Contains(l, "Sidestep ") {
				return true
			}
		}
		return false
	})
}

// types types keys and text.
func (d *desk) types(keys ...string) {
	d.t.Helper()
	for _, k := range keys {
		if _, err := io.WriteString(d.tty, k); err != nil {
			d.t.Fatal(err)
		}
	}
}

// Keys as terminals send them.
const (
	keyEnter = "\r"
	keyEsc   = "\x1b"
	keyDown  = "\x1b[B"
	keyTab   = "\t"
	keyWipe  = "\x05\x15" // to the end of the line, and delete it
)

// resizes makes the window another size.
func (d *desk) resizes(cols, rows int) {
	d.t.Helper()
	d.emu.Resize(cols, rows)
	d.control(func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(cols), Row: uint16(rows)})
	})
}

// still waits until the program has written nothing for a while. Whatever blinks
// or ticks never lets that happen.
func (d *desk) still(while time.Duration) {
	d.t.Helper()
	end := time.NewTimer(patience)
	defer end.Stop()
	for {
		before := d.written.Load()
		quiet := time.NewTimer(while)
		for silent := true; silent; {
			select {
			case <-d.arrived:
				silent = d.written.Load() == before
			case <-quiet.C:
				return
			case <-end.C:
				d.t.Fatalf("the program never falls still; on screen:\n%s", d.screen())
			}
		}
	}
}

// ends waits for the program's end and returns its exit code, -1 for one that a
// signal ended.
func (d *desk) ends() int {
	d.t.Helper()
	done := make(chan error, 1)
	go func() { done <- d.cmd.Wait() }()
	select {
	case err := <-done:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			d.t.Fatal(err)
		}
	case <-time.After(patience):
		d.t.Fatalf("the program does not end; on screen:\n%s", d.screen())
	}
	<-d.read
	return d.cmd.ProcessState.ExitCode()
}

// signal sends the program a signal.
func (d *desk) signal(s syscall.Signal) {
	d.t.Helper()
	if err := d.cmd.Process.Signal(s); err != nil {
		d.t.Fatal(err)
	}
}

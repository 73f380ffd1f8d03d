//go:build unix

package cli

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// inShell sits down at an interactive shell and starts the demo in it.
func inShell(t *testing.T, home string, env ...string) *desk {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("SKIPPED: the program bash is not installed")
	}
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	d := sit(t, home, terminal{cols: 120, rows: 40, bin: bash, env: append(env, "PS1=ready> ")}, "--norc", "--noprofile", "--noediting", "-i")
	d.sees("ready>")
	d.before = d.mode()
	d.types(bin + " demo\n")
	return d
}

// prompt waits until the shell waits for its nth command, and looks whether the
// terminal is as it was.
func (d *desk) prompt(nth int) {
	d.t.Helper()
	d.until("the shell's prompt", func(screen string) bool {
		lines := strings.Split(strings.TrimSpace(screen), "\n")
		return strings.Count(screen, "ready>") == nth && strings.TrimSpace(lines[len(lines)-1]) == "ready>"
	})
	d.isRestored()
}

// Row "terminal ends": ctrl+z and SIGTSTP stop the program with the terminal as it
// was before, and fg has it draw again, in the size that the window has then.
func TestTheShellGetsTheTerminalForAWhile(t *testing.T) {
	t.Parallel()
	d := inShell(t, t.TempDir())
	d.signsInAlone()
	d.ticksAStep()
	d.types("\x1a")
	d.prompt(2)
	d.types("jobs -p\n")
	d.prompt(3)
	listed := strings.Fields(d.screen())
	pid, err := strconv.Atoi(listed[len(listed)-2])
	if err != nil {
		t.Fatal(err)
	}
	d.resizes(100, 30)
	d.types("fg\n")
	d.sees("‹Checklist 1/", "[x]", "? help")
	d.types(keyDown + " ")
	d.saved("‹Checklist 2/")

	if err := syscall.Kill(pid, syscall.SIGTSTP); err != nil {
		t.Fatal(err)
	}
	d.prompt(4)
	d.types("fg\n")
	d.sees("‹Checklist 2/")
	d.types("\x1a")
	d.prompt(5)
	d.types("fg\n")
	d.sees("‹Checklist 2/")
	d.types("q")
	d.prompt(6)
	d.types("echo it ended with $?\n")
	d.sees("it ended with 0")
	if strings.Count(d.screen(), "Stopped") != 3 {
		t.Errorf("the shell saw something else than three stops:\n%s", d.screen())
	}
}

// Where no shell could let it go on it is not stopped, and says so.
func TestWithoutAShellNothingStops(t *testing.T) {
	t.Parallel()
	d := sit(t, t.TempDir(), usual, "demo")
	d.under("Sign in to the demo org")
	d.types("\x1a")
	d.sees("No shell waits here")
	d.types(keyDown)
	d.under("Open files")
	d.types("q")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	d.isRestored()
}

//go:build unix

package cli

import (
	"strings"
	"testing"
)

// Row "terminal ends": also after a panic the work is saved and the terminal as it
// was, and what is said is one line and a hint, wherever the bug is.
func TestABugInTheInterfaceLosesNothing(t *testing.T) {
	t.Parallel()
	const quits = "\tcase \"ctrl+z\":\n"
	bin, err := altered("buggy", map[string][2]string{"ui/root.go": {quits, `
	case "f11":
		return tea.Sequence(func() tea.Msg { return nil }, func() tea.Msg { panic("a bug\nof two lines") })
	case "f12":
		panic("a bug\nof two lines")
` + quits}})
	if err != nil {
		t.Fatal(err)
	}
	for where, key := range map[string]string{"in a command": "\x1b[23~", "in a key": "\x1b[24~"} {
		t.Run(where, func(t *testing.T) {
			home := t.TempDir()
			with := usual
			with.bin = bin
			d := sit(t, home, with, "demo")
			d.signsInAlone()
			d.ticksAStep()
			d.types(key)
			if code := d.ends(); code != failed {
				t.Errorf("exit code %d", code)
			}
			d.isRestored()
			_, said, _ := strings.Cut(d.wrote(), "sidestep: something went wrong that should not have: a bug of two lines\r\n")
			if !strings.HasPrefix(said, "hint: ") || strings.Count(said, "\n") != 1 || strings.Contains(d.wrote(), "goroutine") {
				t.Errorf("it says more or less than a line and a hint:\n%q", said)
			}
			d.isThereAgain(home)
		})
	}
}

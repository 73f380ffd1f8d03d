//go:build unix

package cli

import (
	"slices"
	"strings"
	"testing"
)

func TestLinesAreWrappedLikeTheirText(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
	}{
		{"short", []string{"short"}},
		{"one two three four five six", []string{"one two three four", "five six"}},
		{"    sent          Account.Send  (fired by rule)", []string{"    sent          Account.Send  (fired by rule)"}},
		{"  - one two three four", []string{"  - one two three", "    four"}},
		{"  ! one two three four", []string{"  ! one two three", "    four"}},
		{"  to    one two three four", []string{"  to    one two", "        three four"}},
		{"  https://example.com/a/long/address", []string{"  https://example.com/a/long/address"}},
		{"  see https://example.com/a/long/address there", []string{"  see", "  https://example.com/a/long/address", "  there"}},
		{"  ééé  one two three four five", []string{"  ééé  one two three", "  four five"}},
	} {
		width := 20
		if got := wrapLine(c.line, width); !slices.Equal(got, c.want) {
			t.Errorf("%q is wrapped to %q, want %q", c.line, got, c.want)
		}
	}
}

func TestFlagsAreWrappedInTheirColumn(t *testing.T) {
	const flag = "  -p, --path P   scan the folder or file P"
	for width, want := range map[int][]string{
		0:  {flag},
		42: {flag},
		36: {"  -p, --path P   scan the folder or", "                 file P"},
		24: {"  -p, --path P", "        scan the folder", "        or file P"},
	} {
		if got := wrapHelp(flag, width); !slices.Equal(got, want) {
			t.Errorf("at %d it is wrapped to %q, want %q", width, got, want)
		}
	}
}

// TestHelpFitsTheTerminal: no line of any command's help is wider than the window.
func TestHelpFitsTheTerminal(t *testing.T) {
	for _, cols := range []int{80, 40} {
		for _, command := range []string{"scan", "email", "report", "login"} {
			d := sit(t, t.TempDir(), terminal{cols: cols, rows: 200}, command, "--help")
			if code := d.ends(); code != fine {
				t.Errorf("exit code %d", code)
			}
			for _, line := range strings.Split(strings.ReplaceAll(d.wrote(), "\r", ""), "\n") {
				if len([]rune(line)) > cols && strings.Contains(strings.TrimSpace(line), " ") {
					t.Errorf("at %d columns %s --help has %q", cols, command, line)
				}
			}
		}
	}
}

// TestAScanFitsTheTerminal: a sentence that is wider than the window goes on below
// where it began.
func TestAScanFitsTheTerminal(t *testing.T) {
	d := sit(t, t.TempDir(), terminal{cols: 80, rows: 200}, "scan", "--demo")
	d.sees("Next steps", "For your own org")
	d.sees("Evidence from 17 January 2026, before the cut-off, says that", "                  it sent a session id.")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
}

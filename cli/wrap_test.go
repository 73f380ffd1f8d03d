//go:build unix

package cli

import (
	"slices"
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

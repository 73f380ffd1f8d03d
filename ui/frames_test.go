package ui

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"
)

// sizes are a large window, the usual one, a small one, and the smallest that shows screens.
var sizes = []size{{120, 40}, {80, 24}, {60, 15}, {40, 12}}

// TestFrames shows every place at every size as it was last agreed on; run with
// -update after a change that was meant.
func TestFrames(t *testing.T) {
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			for _, s := range sizes {
				t.Run(fmt.Sprintf("%dx%d", s.w, s.h), func(t *testing.T) {
					play(t, func(t *testing.T) {
						golden.RequireEqual(t, trimmed(p.open(t, newWorld(), s.w, s.h).screen()))
					})
				})
			}
		})
	}
}

// trimmed is a frame without the blanks at the ends of its lines.
func trimmed(frame string) string {
	var out strings.Builder
	for l := range strings.Lines(frame) {
		out.WriteString(strings.TrimRight(l, " \n") + "\n")
	}
	return out.String()
}

func TestBoardInColours(t *testing.T) {
	for _, dark := range []bool{true, false} {
		t.Run(map[bool]string{true: "dark", false: "light"}[dark], func(t *testing.T) {
			play(t, func(t *testing.T) {
				b := onBoard(t, worked(), 100, 24)
				b.send(background(dark))
				golden.RequireEqual(t, b.frame()+"\n")
			})
		})
	}
}

// background is what a terminal answers when it is asked for its colour.
func background(dark bool) tea.BackgroundColorMsg {
	if dark {
		return tea.BackgroundColorMsg{Color: color.Black}
	}
	return tea.BackgroundColorMsg{Color: color.White}
}

// TestTooSmallIsSaidAndNothingElse holds at every place: what is below fits
// nowhere.
func TestTooSmallIsSaidAndNothingElse(t *testing.T) {
	everywhere(t, 39, 12, func(t *testing.T, _ place, b *bench) {
		const text = "This window is 39×12. Sidestep needs 40×12: make it larger, nothing is lost. ctrl+c quits."
		if got := strings.Join(strings.Fields(b.screen()), " "); got != text {
			t.Fatalf("on screen:\n%s", b.screen())
		}
	})
}

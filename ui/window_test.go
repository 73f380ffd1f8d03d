package ui

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// fits fails the test unless the frame fills the window exactly.
func fits(t *testing.T, b *bench) {
	t.Helper()
	lines := strings.Split(b.frame(), "\n")
	if len(lines) != b.size.h {
		t.Errorf("in a window of %dx%d there are %d lines:\n%s", b.size.w, b.size.h, len(lines), b.screen())
	}
	for i, l := range lines {
		if w := ansi.StringWidth(l); w > b.size.w {
			t.Errorf("in a window of %dx%d line %d is %d wide: %s", b.size.w, b.size.h, i+1, w, ansi.Strip(l))
		}
	}
}

func TestNoScreenIsLargerThanTheWindow(t *testing.T) {
	t.Parallel()
	everywhere(t, minWidth, minHeight, func(t *testing.T, _ place, b *bench) {
		random := rand.New(rand.NewPCG(1, 2))
		fits(t, b)
		for range 20 {
			b.resize(minWidth+random.IntN(141), minHeight+random.IntN(46))
			fits(t, b)
			if t.Failed() {
				return
			}
		}
	})
}

func TestASmallWindowSaysWhatItNeedsAndNothingIsLost(t *testing.T) {
	everywhere(t, 100, 30, func(t *testing.T, p place, b *bench) {
		before := b.frame()
		for _, s := range []size{{39, 12}, {40, 11}, {39, 11}, {10, 3}, {1, 1}} {
			b.resize(s.w, s.h)
			fits(t, b)
			text := strings.Join(strings.Fields(b.screen()), "")
			if s.w > 30 && !strings.Contains(text, fmt.Sprintf("Thiswindowis%d×%d.Sidestepneeds40×12", s.w, s.h)) {
				t.Errorf("%dx%d: %s", s.w, s.h, b.screen())
			}
		}
		b.resize(100, 30)
		if b.frame() != before {
			t.Errorf("after resizing the screen is another one:\n%s", b.screen())
		}
	})
}

func TestTheSmallestWindowsBeginToSayWhatTheyNeed(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.resize(10, 3)
		if got := strings.Join(strings.Fields(b.screen()), " "); !strings.HasPrefix("This window is 10×3. Sidestep needs", got) || len(got) < 10 {
			t.Fatalf("on screen: %q", got)
		}
	})
}

func TestTheCursorIsSeenOnEveryRowOfASmallWindow(t *testing.T) {
	for _, name := range []string{"home-saved", "home-demo", "signin-ways", "signin-before", "signin-cli", "signin-host", "board", "board-messages", "evidence", "endpoint", "endpoint-messages", "route", "receiver", "know", "mail-kind"} {
		t.Run(name, func(t *testing.T) {
			play(t, func(t *testing.T) {
				p := places[slices.IndexFunc(places, func(p place) bool { return p.name == name })]
				b := p.open(t, newWorld(), minWidth, minHeight)
				seen := map[string]bool{}
				for i := range 40 {
					b.keys([]string{"down", "up"}[i/20])
					row := b.cursorRow()
					if row == "" {
						t.Fatalf("the cursor is not on screen:\n%s", b.screen())
					}
					seen[row] = true
				}
				if len(seen) < 2 && name != "endpoint-messages" {
					t.Fatalf("the cursor does not move:\n%s", b.screen())
				}
			})
		})
	}
}

// cursorRow is the row under the cursor, below the header.
func (b *bench) cursorRow() string {
	for _, l := range strings.Split(b.screen(), "\n")[1:] {
		if strings.HasPrefix(strings.TrimLeft(l, " │"), "› ") {
			return strings.TrimSpace(l)
		}
	}
	return ""
}

// monochrome is a frame as a terminal without colours shows it.
func monochrome(t *testing.T, frame string) string {
	t.Helper()
	var out bytes.Buffer
	w := &colorprofile.Writer{Forward: &out, Profile: colorprofile.Ascii}
	if _, err := w.WriteString(frame); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWithoutColoursEveryStateIsStillTold(t *testing.T) {
	want := map[string][]string{
		"board":            {"›   ● sent", "? unknown", "✓ not aff.", "saved"},
		"endpoint":         {"[x]", "[-]", "[ ]", "› [ ] Get an answer", "‹Checklist 2/9›"},
		"message":          {"● sent", "▸ 17 January 2026: with session id"},
		"board-incomplete": {"INCOMPLETE"},
		"not-saved":        {"NOT SAVED"},
		"route":            {"› Vendor contact"},
		"home-saved":       {"› Northwind Traders", "2/48", "The saved file is damaged"},
		"evidence":         {"› northwind-crm.zip"},
		"owner":            {"› Vendor"},
		"signin-failed":    {"You are not signed in."},
		"scan-failed":      {"The scan failed."},
	}
	everywhere(t, 100, 30, func(t *testing.T, p place, b *bench) {
		frame := monochrome(t, b.frame())
		if strings.Contains(frame, "[3") && strings.Contains(frame, "\x1b[38") {
			t.Errorf("the frame has colours: %q", frame)
		}
		for _, text := range want[p.name] {
			if !strings.Contains(ansi.Strip(frame), text) {
				t.Errorf("%q is not told:\n%s", text, ansi.Strip(frame))
			}
		}
		delete(want, p.name)
	})
	for name := range want {
		t.Errorf("there is no place %q", name)
	}
}

func TestTheBackgroundDecidesTheColours(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 30)
		b.send(background(true))
		dark := b.frame()
		b.send(background(false))
		light := b.frame()
		if dark == light || ansi.Strip(dark) != ansi.Strip(light) {
			t.Fatal("dark and light differ in more, or less, than colours")
		}
	})
}

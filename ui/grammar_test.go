package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
)

// footerKeys are the bindings that the footer lists now.
func (b *bench) footerKeys() []key.Binding {
	keys := slices.DeleteFunc(slices.Clone(b.top().Keys()), func(k key.Binding) bool { return !k.Enabled() })
	if t, ok := b.top().(typing); !ok || !t.Typing() {
		keys = append(keys, b.root().s.keys.help, b.root().s.keys.quit)
		if b.root().s.handle != nil && len(b.root().s.undo) > 0 {
			keys = append(keys, b.root().s.keys.undo)
		}
	}
	return keys
}

// trace is everything that a key can change: what is on screen, and what was
// done to the world.
func (b *bench) trace() string {
	b.root().said = sayMsg{} // the next key clears it, whatever that key does
	w := b.world
	return fmt.Sprint(b.frame(), b.quit, b.root().s.secrets, b.terminal, w.browser, w.clipboard, w.drafts, w.saves, w.scans, w.reads, w.connects, w.looks, len(w.attempts), w.checks.asked)
}

// TestEveryKeyInTheFooterDoesSomething presses each of them at every place.
func TestEveryKeyInTheFooterDoesSomething(t *testing.T) {
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range []size{{60, 15}, {200, 60}} {
				play(t, func(t *testing.T) {
					for _, k := range p.open(t, newWorld(), s.w, s.h).footerKeys() {
						b := p.open(t, newWorld(), s.w, s.h)
						before := b.trace()
						b.keys(k.Keys()[0])
						if b.root().said.text == "" && b.trace() == before {
							t.Errorf("at %dx%d, %s (%s) does nothing:\n%s", s.w, s.h, k.Help().Key, k.Help().Desc, b.screen())
						}
					}
				})
			}
		})
	}
}

// TestALetterThatIsNotInTheFooterDoesNothing presses all the others. Only a tick
// before there is a route leads to the question that it waits for.
func TestALetterThatIsNotInTheFooterDoesNothing(t *testing.T) {
	const letters = "abcdefimnoprstuvwxyzARV "
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			play(t, func(t *testing.T) {
				b := p.open(t, newWorld(), 80, 24)
				if typ, ok := b.top().(typing); ok && typ.Typing() {
					return // letters are letters
				}
				var listed []string
				for _, k := range b.footerKeys() {
					listed = append(listed, k.Keys()...)
				}
				for _, l := range strings.Split(letters, "") {
					name := l
					if l == " " {
						name = "space"
					}
					if slices.Contains(listed, name) {
						continue
					}
					before := b.trace()
					b.keys(name)
					asksRoute := (name == "space" || name == "s") && strings.Contains(b.screen(), "What happens with this endpoint?")
					if b.trace() != before && !asksRoute {
						t.Errorf("%q is not in the footer and does something:\n%s", name, b.screen())
						b = p.open(t, newWorld(), 80, 24)
					}
				}
			})
		})
	}
}

// TestTheFooterShowsItsKeys holds at every place where there is room for them.
func TestTheFooterShowsItsKeys(t *testing.T) {
	everywhere(t, 200, 40, func(t *testing.T, _ place, b *bench) {
		b.root().said = sayMsg{}
		lines := strings.Split(b.screen(), "\n")
		for _, k := range b.footerKeys() {
			if want := k.Help().Key + " " + k.Help().Desc; !strings.Contains(lines[len(lines)-1], want) {
				t.Errorf("the footer lacks %q: %s", want, lines[len(lines)-1])
			}
		}
	})
}

// TestLeavingIsShownAtEveryWidth: who is lost finds the way back first.
func TestLeavingIsShownAtEveryWidth(t *testing.T) {
	everywhere(t, minWidth, minHeight, func(t *testing.T, _ place, b *bench) {
		b.root().said = sayMsg{}
		lines := strings.Split(b.screen(), "\n")
		footer, want := lines[len(lines)-1], "q quit"
		if slices.ContainsFunc(b.footerKeys(), back) {
			want = "esc "
		}
		if !strings.Contains(footer, want) {
			t.Errorf("no way out is shown: %s", footer)
		}
	})
}

// TestEveryListHasAFirstAndALastEntry: g and G lead there, in questions and menus, too.
func TestEveryListHasAFirstAndALastEntry(t *testing.T) {
	everywhere(t, 100, 30, func(t *testing.T, p place, b *bench) {
		if !slices.Contains([]string{"home-saved", "route", "mail-kind", "mails-kind", "signin-ways", "signin-cli", "signin-host", "board", "evidence", "triage"}, p.name) {
			return
		}
		b.keys("G")
		last := b.trace()
		b.keys("down", "up", "g")
		if b.trace() == last {
			t.Errorf("g and G lead to the same place:\n%s", b.screen())
		}
		b.keys("G")
		if b.trace() != last {
			t.Errorf("G leads elsewhere now:\n%s", b.screen())
		}
	})
}

// TestACutTextSaysThatThereIsMore at every width.
func TestACutTextSaysThatThereIsMore(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 80, 24)
		for _, way := range []string{"m", "enter"} {
			b.keys(way)
			for _, s := range []size{{minWidth, minHeight}, {60, 15}, {80, 18}, {100, 12}} {
				b.resize(s.w, s.h)
				b.sees("↓ more")
			}
			b.keys("esc")
		}
	})
}

// TestArrowsGiveWayToOtherKeys: everybody tries them, and nobody guesses the others.
func TestArrowsGiveWayToOtherKeys(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 60, 20)
		b.keys("space", "r") // undo wants room, too
		b.sees("enter choose", "esc cancel", "u undo")
		b.lacks("↑ up")
		b.resize(100, 30)
		b.sees("↑ up", "enter choose")
	})
}

// TestWhatComesNextIsShownAtEveryWidth: the first key of a screen is what it is for.
func TestWhatComesNextIsShownAtEveryWidth(t *testing.T) {
	everywhere(t, minWidth, minHeight, func(t *testing.T, _ place, b *bench) {
		b.root().said = sayMsg{}
		lines := strings.Split(b.screen(), "\n")
		for _, k := range b.footerKeys() {
			if d := k.Help().Desc; d == "up" || d == "down" {
				continue
			}
			if want := k.Help().Key + " " + k.Help().Desc; !strings.Contains(lines[len(lines)-1], want) {
				t.Errorf("%q is not shown: %s", want, lines[len(lines)-1])
			}
			return
		}
	})
}

// TestAQuestionIsCutWithAMark where it has no room, and names stand apart from what
// is beside them.
func TestAQuestionIsCutWithAMark(t *testing.T) {
	everywhere(t, minWidth, minHeight, func(t *testing.T, p place, b *bench) {
		if p.name == "many-route" || p.name == "triage-route" || p.name == "vendor-language" {
			if title := strings.Split(b.screen(), "\n")[2]; !strings.HasSuffix(strings.TrimRight(title, " │"), "…") {
				t.Error(title)
			}
		}
		if p.name == "signin-cli" {
			b.sees("… https://")
		}
	})
}

func TestEscAlwaysLeadsHome(t *testing.T) {
	everywhere(t, 80, 24, func(t *testing.T, _ place, b *bench) {
		for range 12 {
			b.keys("esc")
		}
		if _, ok := b.top().(*home); !ok && b.root().s.saveErr == nil {
			t.Fatalf("esc does not lead home:\n%s", b.screen())
		}
		if b.quit {
			t.Fatal("esc quits")
		}
	})
}

// TestMenusAreRoundAndHaveEnds: every list that one chooses from knows all the keys that
// move.
func TestMenusAreRoundAndHaveEnds(t *testing.T) {
	everywhere(t, 80, 24, func(t *testing.T, p place, b *bench) {
		switch b.top().(type) {
		case *choose, *ways, *signIn, *cliLogins, *home, *dueList:
		default:
			return
		}
		if !slices.ContainsFunc(b.footerKeys(), func(k key.Binding) bool { return k.Help().Desc == "down" }) {
			return
		}
		frame := func(keys ...string) string {
			b.keys(keys...)
			return b.frame()
		}
		first, last := frame("g"), frame("G")
		if first == last || frame("down") != first || frame("up") != last || frame("home") != first || frame("end") != last {
			t.Errorf("the cursor does not go round and to the ends:\n%s", b.screen())
		}
	})
}

func TestCtrlCQuitsFromEverywhere(t *testing.T) {
	everywhere(t, 80, 24, func(t *testing.T, _ place, b *bench) {
		unsaved := b.root().s.saveErr != nil
		b.keys("ctrl+c")
		if !b.quit && !unsaved {
			t.Fatalf("ctrl+c does not quit:\n%s", b.screen())
		}
	})
}

func TestHelpOpensOverAScreenAndLeadsBackToIt(t *testing.T) {
	everywhere(t, 80, 24, func(t *testing.T, p place, b *bench) {
		if typ, ok := b.top().(typing); ok && typ.Typing() || p.name == "help" {
			return
		}
		b.root().said = sayMsg{}
		before := b.frame()
		b.keys("?")
		b.sees("Everywhere", "go back, cancel")
		b.keys("esc")
		if b.frame() != before {
			t.Fatalf("after help the screen is another one:\n%s", b.screen())
		}
	})
}

// TestKeysThatAreTypedAheadMeetTheScreenTheyWereMeantFor sends keys faster than
// commands are carried out.
func TestKeysThatAreTypedAheadMeetTheScreenTheyWereMeantFor(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, evidenced(), 100, 30)
		b.find("parcelwise")
		for _, k := range []string{"r", "down", "enter", "enter", "space", "n", "o", "k", "enter", "esc"} {
			m, cmd := b.model.Update(keyPress(k))
			b.model = m
			defer b.run(cmd)
		}
		e := b.work().Endpoints[vendorKey]
		if e.Route != "vendor" || len(e.Ticks) != 1 || len(e.Notes) != 1 || e.Notes[0].Text != "ok" {
			t.Fatalf("route %q, %d ticks, notes %v", e.Route, len(e.Ticks), e.Notes)
		}
	})
}

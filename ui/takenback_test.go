package ui

import (
	"testing"

	"sidestep/state"
)

// TestAQuestionCanBeAnsweredWhenWhatItIsAboutIsGone: u works while one is asked. Each
// that is asked anywhere gets each of its first answers then.
func TestAQuestionCanBeAnsweredWhenWhatItIsAboutIsGone(t *testing.T) {
	const answers = 3
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			play(t, func(t *testing.T) {
				for _, k := range p.open(t, newWorld(), 80, 24).footerKeys() {
					for answer := range answers {
						b := p.open(t, newWorld(), 80, 24)
						b.keys(k.Keys()[0])
						if !isBox(b.top()) || b.root().s.handle == nil {
							break
						}
						b.run(b.root().s.do("taking everything away", state.New(northwind, act())))
						b.down(answer)
						b.keys("space", "enter", "enter", "enter")
						b.screen()
					}
				}
			})
		})
	}
}

package cli

import (
	"testing"

	"sidestep/regex"
)

// TestEveryRegexCompiles: none of them is compiled before it is used.
func TestEveryRegexCompiles(t *testing.T) {
	all := regex.All()
	if len(all) < 60 {
		t.Fatalf("there are %d only", len(all))
	}
	for _, p := range all {
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("%s: %v", p, r)
				}
			}()
			p.Compiled()
		}()
	}
}

package ui

import (
	"slices"
	"testing"
)

// TestAnAddressBreaksAtItsSeparators, wherever it stands in a text; other words are
// broken where they must be.
func TestAnAddressBreaksAtItsSeparators(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"About https://a.example/v2/returns, now", []string{"About", "https://a.example/", "v2/returns, now"}},
		{"https://a.example/x is short", []string{"https://a.example/x", "is short"}},
		{"a verylongwordthatgoesonandon", []string{"a", "verylongwordthatgoes", "onandon"}},
	} {
		if got := wrap(c.text, 20); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q", c.text, got)
		}
	}
}

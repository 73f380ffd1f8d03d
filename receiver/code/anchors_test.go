package code

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// asAnchor is what the quick look for anchors stands for.
var asAnchor = regexp.MustCompile(`(?i)session(_id|-id|id|header)|outbound["'};.#</` + "`" + `| \n\r)]|notification(s_?response|binding|port|service|s\(|s"|s')|(partner|enterprise)_?url|salesforce(notifications|outbound)`)

// TestAnchorsWhereverTheyStand puts each anchor at every distance from the runs that
// are looked at, at the very end, and cut short by a letter.
func TestAnchorsWhereverTheyStand(t *testing.T) {
	seen := map[string]bool{}
	for _, places := range anchors.places {
		for _, p := range places {
			seen[string(p.word)] = true
		}
	}
	if len(seen) < 30 {
		t.Fatal(seen)
	}
	for anchor := range seen {
		for before := range 2 * anchors.stride {
			text := strings.Repeat("x", before) + anchor
			for _, s := range []string{text, text + "yy", strings.ToUpper(text[:before+6]) + text[before+6:]} {
				if !anchored([]byte(s)) {
					t.Errorf("%q is not seen", s)
				}
			}
			if cut := text[:len(text)-1]; anchored([]byte(cut)) && !seen[anchor[:len(anchor)-1]] {
				t.Errorf("%q is taken for an anchor", cut)
			}
		}
	}
}

func FuzzAnchored(f *testing.F) {
	for _, s := range []string{"x.getSessionId()", "session _id", "SESSION-ID", "outbound_", "2005/09/outbound/", "a notifications('", "Notifications_Response", "enterpriseurpartnerUrl", "sess", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		// The quick look takes some signs for others, and two letters beyond ASCII are k and s.
		if bytes.ContainsAny(text, "\u017f\u212a") || bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == '@' || r > '~' }) {
			t.Skip()
		}
		if asAnchor.Match(text) && !anchored(text) {
			t.Errorf("%q is not seen", text)
		}
	})
}

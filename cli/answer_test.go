//go:build unix

package cli

import "testing"

// TestAnAnswerIsPastedInATerminal pastes as terminals do: between marks, with the
// key enter for each line.
func TestAnAnswerIsPastedInATerminal(t *testing.T) {
	home := t.TempDir()
	d := sit(t, home, usual, "demo")
	d.signsInAlone()
	d.opens("v2/shipments")
	d.types("r")
	d.under("Internal fix")
	d.types(keyDown + keyEnter)
	d.sees("Route vendor contact")
	d.types("o")
	d.sees("Who runs this endpoint?")
	d.types("SwiftFreight" + keyTab + keyTab + keyEnter)
	d.saved("Owner SwiftFreight")
	d.types("m")
	d.sees("first mail to the vendor", "v answer")
	d.types("v")
	d.sees("What did SwiftFreight answer?")
	d.types("\x1b[200~Hello,\rwe deliver on 15 January 2028.\r\rOn Mon, 16 Nov 2026 you wrote:\r> by 7 December 2028?\r\x1b[201~")
	d.sees("we deliver on 15 January 2028.", "What they quote of your mail is left out")
	d.under("15 January 2028")
	d.types(keyEnter)
	d.saved("The answer of SwiftFreight is kept: repair promised by 15 January 2028.")
	d.types("u")
	d.saved("Undone: the answer")
	d.types("q")
	d.ends()
}

// Row "control sequences": one that begins in a paste and never ends takes no key with it.
func TestKeysWorkAfterAPasteWithAnOpenSequence(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	clients(t, home, "Acme")
	d := sit(t, home, usual)
	d.sees("Acme")
	d.types(keyEnter)
	d.sees("‹Checklist")
	d.types("m")
	d.sees("Subject ", "v answer")
	d.types("v")
	d.sees("answer")
	d.types("\t")
	for _, opened := range []string{"\x1b]8;;http://x", "\x1bPq", "\x1b_x", "\x1b[", "\x1b"} {
		d.types("\x1b[200~fix it " + opened + " by 3 March\x1b[201~")
	}
	d.types(" typed")
	d.sees("by 3 March typed", "␛]8;;http://x by 3 March")
	d.types("\x03")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	d.isRestored()
}

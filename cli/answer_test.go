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

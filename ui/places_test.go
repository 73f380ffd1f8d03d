package ui

import (
	"errors"
	"testing"

	"sidestep/state"
)

// place is a screen in a state that is worth a look, and the way there.
type place struct {
	name string
	// world prepares what is there before the start; nil for the worked migration.
	world func(*world)
	// way leads from home to the place.
	way func(*bench)
}

func (p place) open(t *testing.T, w *world, cols, rows int) *bench {
	t.Helper()
	if p.world == nil {
		w.keep(worked())
	} else {
		p.world(w)
	}
	b := newBench(t, w, cols, rows)
	if p.way != nil {
		p.way(b)
	}
	return b
}

func (w *world) keep(m state.Migration) { w.saved[m.ID] = m }

// typed is a way of plain keys.
func typed(keys ...string) func(*bench) { return func(b *bench) { b.keys(keys...) } }

// nothing is a world without saved work.
func nothing(*world) {}

func atVendor(w *world) { w.keep(worked().Stand(vendorKey, act())) }

func atOrders(w *world) {
	w.checks.recipes = someRecipes
	w.keep(internal().Stand(ordersKey, act()))
}

func codeKnown(w *world) {
	atOrders(w)
	w.checks.found = CodeFound{
		Check:    state.Check{Summary: "It calls back with the session id, and acknowledges first.", Details: []string{"src/Receiver.java:42 sets a session header", "src/Receiver.java:57 acknowledges"}},
		Receiver: state.CallsBack, Acks: state.AcksFirst,
	}
}

func checkHeld(w *world) {
	atOrders(w)
	w.checks.hold = make(chan struct{})
}

func checkFails(w *world) {
	atOrders(w)
	w.checks.err = hintedError{"the host has no such name", "check the spelling"}
}

// sendsATest sends a test message to a test instance.
func sendsATest(b *bench) {
	b.keys("enter")
	b.down(6)
	b.keys("v", "down", "enter")
	b.text("https://test.northwind.example/in")
	b.keys("enter", "down", "enter")
}

// down moves the cursor by n rows.
func (b *bench) down(n int) {
	for range n {
		b.keys("down")
	}
}

// places are all screens; the golden frames, the tests of keys, sizes and hostile
// text walk through all of them.
var places = []place{
	{"home-first", nothing, nil},
	{"home-saved", damaged, nil},
	{"home-restore", damaged, typed("down", "enter")},
	{"home-demo", inDemo, nil},
	{"home-unusable", ownFilesFail, nil},
	{"home-due", twoOrgs, nil},
	{"home-held", heldElsewhere, typed("enter")},
	{"looking", heldElsewhere, typed("enter", "down", "enter")},
	{"looking-refused", heldElsewhere, typed("enter", "down", "enter", "space")},
	{"home-newer", savedByNewer, nil},
	{"home-read-only", func(w *world) {
		w.readOnly = hintedError{"work cannot be saved here: mkdir /media/stick/sidestep: read-only file system", "set SIDESTEP_HOME to a folder that you may write in, and start again"}
	}, nil},
	{"due", twoOrgs, typed("G", "up", "up", "up", "up", "enter", "down")},
	{"signin-ways", nothing, typed("enter")},
	{"signin-before", signedInBefore, typed("enter")},
	{"signin-unreachable", cutOff, typed("enter", "enter")},
	{"signin-cli", cliLoggedIn, typed("enter", "enter")},
	{"signin-app", nothing, typed("enter", "enter")},
	{"signin-app-key", nothing, typed("enter", "enter", "enter")},
	{"signin-host", nothing, typed("enter", "down", "enter")},
	{"signin-domain", nothing, typed("enter", "down", "enter", "up", "enter")},
	{"signin-key", nothing, typed("enter", "down", "enter", "e")},
	{"signin-waiting", nothing, typed("enter", "down", "enter", "enter")},
	{"signin-paste", nothing, typed("enter", "down", "enter", "enter", "v")},
	{"signin-failed", nothing, signInRefused},
	{"signin-keep", keptNowhere, signedIn},
	{"signin-out", signedInBefore, typed("enter", "d")},
	{"signin-demo", inDemo, typed("enter")},
	{"scanning", scanHeld, signedIn},
	{"scan-failed", scanFails, signedIn},
	{"board", nil, typed("enter", "down")},
	{"board-offer", inDemo, typed("enter", "enter")},
	{"board-incomplete", scanPart, signedIn},
	{"board-messages", nil, typed("enter", "down", "right", "down")},
	{"board-search", nil, func(b *bench) { b.keys("enter", "/"); b.text("parcel") }},
	{"board-no-match", nil, func(b *bench) { b.keys("enter", "/"); b.text("zebra"); b.keys("enter") }},
	{"board-empty", func(w *world) { w.keep(state.New(northwind, act())) }, typed("enter")},
	{"board-triaged", undecided, typed("enter", "down", "enter")},
	{"board-marked", withSeveral, typed("enter", "end", "space", "g", "space", "down", "space")},
	{"board-marked-hidden", withSeveral, markedAndSearched},
	{"many-route", withSeveral, func(b *bench) { markedAndSearched(b); b.keys("r") }},
	{"many-owner", withSeveral, func(b *bench) { markedAndSearched(b); b.keys("o") }},
	{"many-know", withSeveral, func(b *bench) { markedAndSearched(b); b.keys("w") }},
	{"mails", withSeveral, typed("enter", "A", "m")},
	{"mails-written", withSeveral, typed("enter", "A", "m", "d")},
	{"mails-which-orgs", amongThree, typed("enter", "esc", "A", "m", "O", "down", "space")},
	{"mails-three-orgs", amongThree, typed("enter", "esc", "A", "m", "O", "space", "down", "space", "enter", "down")},
	{"mails-kind", someSent, typed("enter", "A", "m")},
	{"mails-again", someSent, typed("enter", "A", "m", "down", "enter")},
	{"triage", undecided, typed("enter")},
	{"triage-offer", triageOffered, typed("enter")},
	{"triage-route", undecided, typed("enter", "down", "r")},
	{"know-host", nil, typed("enter", "g", "w")},
	{"evidence", nil, typed("enter", "e", "down")},
	{"evidence-offer", inDemo, typed("enter", "enter", "e")},
	{"evidence-date", nil, typed("enter", "e", "down", "enter")},
	{"evidence-remove", nil, typed("enter", "e", "down", "d")},
	{"files", zipAtHand, typed("enter", "e", "a")},
	{"files-date", zipAtHand, func(b *bench) { b.keys("enter", "e", "a"); b.text("backup.zip"); b.keys("enter") }},
	{"files-history", repositoryAtHand, func(b *bench) { b.keys("enter", "e", "a"); b.text("crm"); b.keys("enter") }},
	{"files-searching", searchHeld, func(b *bench) { b.keys("enter", "e", "a"); b.text("crm"); b.keys("enter", "enter") }},
	{"message-history", historyKnown, typed("enter", "tab", "enter")},
	{"evidence-history", historyKnown, typed("enter", "esc", "e")},
	{"files-wrong", zipAtHand, func(b *bench) { b.keys("enter", "e", "a"); b.text("nowhere"); b.keys("enter") }},
	{"endpoint", atVendor, typed("enter")},
	{"endpoint-undecided", nil, typed("enter", "down", "enter")},
	{"endpoint-messages", atVendor, typed("enter", "tab")},
	{"endpoint-history", atVendor, typed("enter", "tab", "tab")},
	{"route", atVendor, typed("enter", "r")},
	{"receiver", atVendor, typed("enter", "c")},
	{"owner", atVendor, typed("enter", "o")},
	{"note", atVendor, typed("enter", "n")},
	{"skip", atVendor, typed("enter", "s")},
	{"know", atVendor, typed("enter", "w")},
	{"know-reason", atVendor, typed("enter", "w", "enter")},
	{"step", atVendor, typed("enter", "down", "enter")},
	{"flow", atOrders, typed("enter", "down", "down", "v")},
	{"flow-proposed", atOrders, typed("enter", "down", "down", "v", "enter", "enter")},
	{"check-code", codeKnown, func(b *bench) { b.keys("enter", "down", "v"); b.text("src"); b.keys("enter") }},
	{"check-credentials", atOrders, func(b *bench) { b.keys("enter"); b.down(5); b.keys("v") }},
	{"check-target", atOrders, func(b *bench) { b.keys("enter"); b.down(6); b.keys("v") }},
	{"check-consent", atOrders, func(b *bench) { b.keys("enter"); b.down(6); b.keys("v", "enter") }},
	{"check-running", checkHeld, sendsATest},
	{"check-failed", checkFails, sendsATest},
	{"app", atOrders, func(b *bench) { b.keys("enter"); b.down(3); b.keys("v") }},
	{"app-files", atOrders, func(b *bench) {
		b.keys("enter")
		b.down(3)
		b.keys("v", "tab")
		b.text("kim@northwind.example")
		b.keys("tab")
		b.text("hub@northwind.example")
		b.keys("tab", "enter")
	}},
	{"app-wrong", atOrders, func(b *bench) {
		b.keys("enter")
		b.down(3)
		b.keys("v", "tab")
		b.text("kim")
		b.keys("tab")
		b.text("hub")
		b.keys("tab", "enter")
	}},
	{"recipes", atOrders, func(b *bench) { b.keys("enter"); b.down(4); b.keys("v") }},
	{"sign-off", atOrders, typed("enter", "G", "space")},
	{"message", atVendor, typed("enter", "tab", "enter")},
	{"mail", atVendor, typed("enter", "m")},
	{"mail-unusable", ownFilesFail, typed("enter", "m")},
	{"mail-editing", atVendor, typed("enter", "m", "e")},
	{"mail-language", atVendor, typed("enter", "m", "l")},
	{"mail-kind", atVendor, typed("enter", "m", "K")},
	{"answer", answerAtHand, typed("enter", "m", "v")},
	{"answer-typed", answerAtHand, func(b *bench) { b.keys("enter", "m", "v", "tab"); b.text("By 15 January.") }},
	{"answer-wrong", answerAtHand, takesIn("nowhere.eml")},
	{"answer-reading", answerHeld, takesIn("answer.eml")},
	{"answer-read", answerAtHand, takesIn("answer.eml")},
	{"answer-no-day", answerAtHand, takesIn("none.txt")},
	{"answer-day", answerAtHand, func(b *bench) { takesIn("none.txt")(b); b.keys("down", "enter") }},
	{"mail-due", atVendor, typed("enter", "m", "b")},
	{"vendor", atChased, typed("enter", "V")},
	{"vendor-elsewhere", besideTailspin, typed("enter", "V")},
	{"mail-two-orgs", besideTailspin, typed("enter", "m", "O", "down", "enter")},
	{"mail-which-orgs", besideTailspin, typed("enter", "m", "O")},
	{"vendor-bare", atVendor, typed("enter", "V")},
	{"vendor-endpoints", atChased, func(b *bench) { b.keys("enter", "V"); b.down(6) }},
	{"vendor-timeline", atChased, typed("enter", "V", "tab", "down")},
	{"vendor-answer", atChased, typed("enter", "V", "tab", "down", "down", "down", "down", "down", "down", "down", "down", "down", "enter")},
	{"vendor-contact", atChased, typed("enter", "V", "a")},
	{"vendor-language", atChased, func(b *bench) { b.keys("enter", "V"); b.down(3); b.keys("enter") }},
	{"vendor-ticket", atChased, func(b *bench) { b.keys("enter", "V"); b.down(4); b.keys("enter") }},
	{"vendor-promise", atChased, typed("enter", "V", "b")},
	{"vendor-note", atChased, typed("enter", "V", "n")},
	{"help", atVendor, typed("enter", "?")},
	{"not-saved", func(w *world) { atVendor(w); w.saveErr = errors.New("no space left on device") }, typed("enter", "space")},
	{"quit-warned", func(w *world) { atVendor(w); w.saveErr = errors.New("no space left on device") }, typed("enter", "space", "q")},
}

// everywhere runs a test at every place.
func everywhere(t *testing.T, cols, rows int, test func(t *testing.T, p place, b *bench)) {
	t.Helper()
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			play(t, func(t *testing.T) { test(t, p, p.open(t, newWorld(), cols, rows)) })
		})
	}
}

// TestTheOrderOfAnswersDoesNotMatter goes everywhere twice: commands that run at
// the same time may end in any order.
func TestTheOrderOfAnswersDoesNotMatter(t *testing.T) {
	everywhere(t, 100, 30, func(t *testing.T, p place, b *bench) {
		w := newWorld()
		w.backwards = true
		if other := p.open(t, w, 100, 30); other.screen() != b.screen() {
			t.Errorf("one order leads to\n%s\nand the other to\n%s", b.screen(), other.screen())
		}
	})
}

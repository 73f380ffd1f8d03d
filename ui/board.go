package ui

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
	"sidestep/state"
)

// board answers: what is affected, and how far are we?
type board struct {
	*look
	s         *session
	rows      []row
	cursor    int
	offset    int
	page      int
	search    input
	searching bool
	// count is how many endpoints are marked, hidden how many of those are not shown,
	// and total how many endpoints are.
	count, hidden, total int
	// drawn is the session's version that rows were built from.
	drawn int
}

func newBoard(s *session) *board {
	fresh := s.lastLook == nil
	if fresh {
		s.lastLook = newLook()
	}
	b := &board{look: s.lastLook, s: s, search: newInput(s.theme, "host, message, vendor, owner"), drawn: -1, page: 10}
	b.search.SetValue(b.query)
	b.build()
	if fresh {
		b.begin()
	}
	return b
}

// placeOf is where a migration that was opened goes on.
func placeOf(s *session) []screen {
	if _, there := s.views[s.m.Place]; !there {
		return beginning(s)
	}
	b := newBoard(s)
	b.seek("e:" + s.m.Place)
	return []screen{b, newEndpoint(s, s.m.Place)}
}

// beginning is where work begins: the board, below triage while that comes first,
// unless the admin looks at some of the endpoints already.
func beginning(s *session) []screen {
	b := newBoard(s)
	if worthTriage(s) && b.everything() && b.count == 0 {
		return []screen{b, newTriage(s, b)}
	}
	return []screen{b}
}

func (b *board) Init() tea.Cmd { return nil }
func (b *board) Crumb() string { return "" }
func (b *board) Typing() bool  { return b.searching }

// seek puts the cursor on a row, or leaves it where it fits.
func (b *board) seek(id string) {
	if i := slices.IndexFunc(b.rows, func(r row) bool { return r.id == id }); i >= 0 {
		b.cursor = i
	}
	b.cursor = max(0, min(b.cursor, len(b.rows)-1))
	b.stay()
}

// begin puts the cursor on the first endpoint, below its host.
func (b *board) begin() {
	b.cursor = min(1, max(0, len(b.rows)-1))
	b.stay()
}

// stay remembers the row under the cursor. Where nothing is shown, it is still the
// one from before.
func (b *board) stay() {
	if b.cursor < len(b.rows) {
		b.at = b.rows[b.cursor].id
	}
}

func (b *board) Update(msg tea.Msg) (screen, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if b.searching {
			b.search.take(msg)
			b.searchFor(b.search.Value())
		}
	case tea.KeyPressMsg:
		if b.searching {
			b.typeSearch(msg)
		} else {
			cmd = b.press(msg)
		}
	}
	if b.drawn != b.s.version {
		b.build()
	}
	b.stay()
	return b, cmd
}

func (b *board) typeSearch(msg tea.KeyPressMsg) {
	switch msg.String() {
	case "esc":
		b.search.SetValue("")
		b.searching = false
	case "enter", "down":
		b.searching = false
	default:
		b.search.take(msg)
	}
	if !b.searching {
		b.search.Blur()
	}
	b.searchFor(strings.TrimSpace(b.search.Value()))
}

// searchFor narrows the board. Where that hides the row under the cursor, the first
// endpoint that was found is next.
func (b *board) searchFor(text string) {
	was := b.at
	b.query = text
	b.build()
	if b.at != was {
		b.begin()
	}
}

func (b *board) press(msg tea.KeyPressMsg) tea.Cmd {
	if moved, ok := moveCursor(b.s.keys, msg, b.cursor, len(b.rows), b.page); ok {
		b.cursor = moved
		return nil
	}
	if b.count > 0 {
		if cmd, done := b.pressMarked(msg); done {
			return cmd
		}
	}
	switch k := b.s.keys; {
	case key.Matches(msg, k.search):
		b.searching = true
		b.search.Focus()
	case key.Matches(msg, k.filter):
		b.filter = (b.filter + 1) % filters
		b.build()
	case key.Matches(msg, k.sort):
		b.sort = (b.sort + 1) % orders
		b.build()
	case key.Matches(msg, k.tick) && len(b.rows) > 0:
		b.mark(b.rows[b.cursor].of())
	case key.Matches(msg, k.all):
		b.mark(b.shown())
	case key.Matches(msg, k.secrets) && b.s.anySecret():
		b.s.secrets = !b.s.secrets
	case key.Matches(msg, k.evidence):
		return b.s.push(newEvidence(b.s))
	case key.Matches(msg, k.add) && b.s.offer != "":
		return addBackup(b.s)
	case key.Matches(msg, k.tab):
		return b.s.push(newTriage(b.s, b))
	case key.Matches(msg, k.rescan):
		return b.rescan()
	case key.Matches(msg, k.report) && b.reportable():
		return askReport(b.s)
	case key.Matches(msg, k.back):
		return b.back()
	default:
		return b.pressRow(msg)
	}
	return nil
}

// back first clears what narrows the board, then leaves it.
func (b *board) back() tea.Cmd {
	if b.everything() {
		if b.s.saveErr != nil && b.s.unsaved() {
			return tea.Batch(complain(fmt.Errorf("not saved, so this stays open: %w", b.s.saveErr)), b.s.save())
		}
		return b.s.pop()
	}
	b.query, b.filter, b.narrowed = "", showAll, nil
	b.search.SetValue("")
	b.build()
	return nil
}

// narrow shows only the endpoints that triage counts under a use.
func (b *board) narrow(u state.Use) {
	b.query, b.filter, b.narrowed = "", showAll, &u
	b.search.SetValue("")
	b.build()
	b.begin()
}

// pressRow does what a key means for the row under the cursor.
func (b *board) pressRow(msg tea.KeyPressMsg) tea.Cmd {
	if len(b.rows) == 0 {
		return nil
	}
	r := b.rows[b.cursor]
	switch k := b.s.keys; {
	case key.Matches(msg, k.enter):
		switch {
		case r.msg != nil:
			return b.s.push(newMessage(b.s, r.ep.Key, r.msg.Key()))
		case r.ep != nil:
			return b.s.push(newEndpoint(b.s, r.ep.Key))
		}
		b.folded[r.host.Host] = !b.folded[r.host.Host]
		b.build()
	case key.Matches(msg, k.right):
		if r.ep == nil {
			b.folded[r.host.Host] = false
		} else {
			b.open[r.ep.Key] = true
		}
		b.build()
	case key.Matches(msg, k.left):
		b.fold(r)
	case key.Matches(msg, k.know):
		if about, ok := aboutRow(r); ok {
			return askKnowledge(b.s, about)
		}
	case r.ep == nil:
	case key.Matches(msg, k.route):
		return askRoute(b.s, r.ep)
	case key.Matches(msg, k.owner):
		return askOwner(b.s, r.ep)
	case key.Matches(msg, k.mail):
		return b.s.push(newMail(b.s, r.ep.Key))
	case key.Matches(msg, k.vendor) && r.ep.Vendor != "":
		return b.s.push(newVendor(b.s, r.ep.Vendor))
	}
	return nil
}

// fold hides what belongs to the row, or goes to the row that it belongs to.
func (b *board) fold(r row) {
	switch {
	case r.msg != nil || r.ep != nil && b.open[r.ep.Key]:
		b.open[r.ep.Key] = false
		b.build()
		b.seek("e:" + r.ep.Key)
	case r.ep != nil:
		b.seek("h:" + r.host.Host)
	default:
		b.folded[r.host.Host] = true
		b.build()
	}
}

func (b *board) rescan() tea.Cmd {
	switch {
	case !b.s.takesIn():
		return b.s.refuse()
	case b.s.org != nil:
		return b.s.push(newScanning(b.s, b.s.org))
	case b.s.deps.Demo != nil:
		return b.s.push(newSignInDemo(b.s))
	}
	return b.s.push(newWays(b.s))
}

// available are the keys for the footer. Marks are nothing that is saved.
func (b *board) available() keymap {
	k := b.s.available()
	k.tick = b.s.keys.tick
	k.add.SetEnabled(b.s.takesIn())
	return k
}

func (b *board) Keys() []key.Binding {
	k := b.available()
	if b.searching {
		return []key.Binding{as(k.enter, "keep"), as(k.back, "clear")}
	}
	var keys []key.Binding
	if b.count > 0 {
		keys = b.markedKeys()
	}
	if len(b.rows) > 0 {
		keys = append(keys, b.rowKeys(b.rows[b.cursor])...)
	}
	if b.count == 0 && !b.everything() {
		keys = append(keys, as(k.back, "show all"))
	}
	if b.s.offer != "" {
		keys = append(keys, as(k.add, "add backup"))
	}
	keys = append(keys, k.evidence)
	if b.count == 0 {
		keys = append(keys, b.markKeys()...)
	}
	keys = append(keys, as(k.tab, "triage"), k.search)
	if b.onVendors() {
		keys = append(keys, k.vendor)
	}
	keys = append(keys, k.filter, k.sort)
	if b.s.anySecret() {
		keys = append(keys, k.secrets)
	}
	if b.count == 0 && b.everything() {
		keys = append(keys, as(k.back, "home"))
	}
	scan := "rescan"
	if b.s.org == nil {
		scan = "scan"
	}
	keys = append(keys, as(k.rescan, scan))
	if b.reportable() {
		keys = append(keys, k.report)
	}
	return keys
}

// reportable reports whether there is more to report than the first look: while
// endpoints are marked or a backup is to be added, the footer has no room for it.
func (b *board) reportable() bool { return b.count == 0 && b.s.offer == "" }

// rowKeys are the bindings for the row under the cursor. While endpoints are
// marked, letters are for those, and the footer has no room for more.
func (b *board) rowKeys(r row) []key.Binding {
	k := b.available()
	enter := k.enter
	var others []key.Binding
	switch {
	case r.ep == nil:
		enter = as(k.enter, "fold")
		if b.folded[r.host.Host] {
			enter = as(k.enter, "unfold")
		}
		if r.host.Host != salesforce.NoHost {
			others = append(others, k.know)
		}
	case r.msg != nil:
		enter, others = as(k.enter, "message"), []key.Binding{k.know, k.route, k.owner, k.mail}
	default:
		others = []key.Binding{as(k.right, "messages"), k.route, k.owner, k.mail, k.know}
	}
	if b.count > 0 {
		return []key.Binding{enter}
	}
	return append([]key.Binding{enter}, others...)
}

// onVendors reports whether the cursor is on an endpoint of a vendor's.
func (b *board) onVendors() bool {
	return len(b.rows) > 0 && b.rows[b.cursor].ep != nil && b.rows[b.cursor].ep.Vendor != ""
}

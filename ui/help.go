package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// help answers: which keys are there, and what do the words mean?
type help struct {
	s      *session
	scroll scroll
}

func newHelp(s *session) *help { return &help{s: s} }

func (h *help) Init() tea.Cmd { return nil }
func (h *help) Crumb() string { return "help" }

func (h *help) Keys() []key.Binding {
	return append(h.scroll.keys(h.s.keys), h.s.keys.back)
}

func (h *help) Update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return h, nil
	}
	if key.Matches(press, h.s.keys.back, h.s.keys.help, h.s.keys.enter) {
		return h, h.s.pop()
	}
	h.scroll.press(h.s.keys, press)
	return h, nil
}

// helpSection is a heading with pairs of a word and what it means.
type helpSection struct {
	title string
	pairs [][2]string
}

func (h *help) sections() []helpSection {
	k := h.s.keys
	keys := func(bs ...key.Binding) (out [][2]string) {
		for _, b := range bs {
			out = append(out, [2]string{b.Help().Key, b.Help().Desc})
		}
		return out
	}
	return append([]helpSection{
		{"Everywhere", append([][2]string{
			{"↑ ↓, j k", "move; pgup and pgdn by pages, g and G to the ends"},
			{"← →, h l", "fold and unfold; on an endpoint the tab before and after"},
			{"enter", "go in, choose, accept"},
			{"esc", "go back, cancel, stop what is running"},
			{"space", "tick, and untick"},
		}, keys(k.search, k.undo, k.help, k.quit)...)},
		{"On the board and on an endpoint", append(keys(k.route, k.receiver, k.owner, k.mail, k.note, k.skip, k.know, k.page, k.evidence, k.filter, k.sort, k.vendor), [][2]string{
			{"x", "show and hide what is masked in addresses"},
			{"v", "do what the program can do for a step: check, try, send, ask, choose"},
			{"space, A", "on the board: mark the endpoint or host, all that is shown; then r, o, w, c, m are for what is marked"},
			{"tab", "on the board: triage, by what fires the messages"},
			{"R", "scan the org again; nothing that you entered is lost"},
			{"P", "on the board: write a report for people without Sidestep (.html, .md, .csv)"},
		}...)},
		{"In a mail", [][2]string{
			{"e", "edit recipients, subject and text; what you typed is kept"},
			{"E", "the same in your own editor ($VISUAL, $EDITOR)"},
			{"a", "give others of the vendor a copy, or none any more"},
			{"O", "about which orgs it is, where others have endpoints of the vendor too"},
			{"l, K, b", "the language, which mail it is, by when you ask for an answer"},
			{"c, d, o", "copy it, write an .eml draft, open it in the mail program"},
			{"s", "say on which day you sent it; reminders are counted from there"},
			{"i", "write what is due next with them into a calendar file (.ics)"},
			{"v", "take in what the vendor answered, with the day that they promise"},
		}},
		{"In a vendor's record", [][2]string{
			{"enter", "change what the cursor is on, open an endpoint, read a note or an answer"},
			{"a, d", "add a contact; take away what the cursor is on"},
			{"e", "give the vendor another name"},
			{"b, o", "by when they promised the repair; the ticket in the browser"},
			{"m, s", "the mail that is due; say on which day you sent it"},
			{"tab", "everything that happened with them, newest first"},
		}},
	}, meanings...)
}

// meanings are the words and signs on the screens, and what else is good to know.
var meanings = []helpSection{
	{"Verdicts", [][2]string{
		{"● sends", "the org still answers that it sends a session id"},
		{"● sent", "evidence from before 23 February 2026 says that it did: affected"},
		{"◐ stated", "you, or a document, say that it did: affected"},
		{"? unknown", "nothing tells either way: work to do, with a question to ask"},
		{"◌ gone", "it did, but the org no longer has the message"},
		{"✓ not affected", "proved, or stated with a reason"},
	}},
	{"Words", [][2]string{
		{"endpoint", "an address that outbound messages are sent to"},
		{"route", "what you decide: internal fix, vendor contact, retire, no action"},
		{"receiver", "what the other side did with the session id: calls back, checks the sender, ignores it"},
		{"dormant", "nothing active fires the message, as far as known"},
		{"evidence", "a fact with a source and a date. A “no” from after the cut-off proves nothing"},
	}},
	{"Good to know", [][2]string{
		{"saved", "after every change. Quit, or pull the plug: it goes on where you stood"},
		{"read-only", "nothing in an org is ever changed. What has to be changed, you change in Setup"},
		{"article", "help.salesforce.com, knowledge article 005232763"},
	}},
}

func (h *help) View(s size) string {
	th := h.s.theme
	w, column := min(s.w-4, 100), 16
	if s.narrow() {
		column = 10
	}
	var lines []string
	for _, sec := range h.sections() {
		lines = append(lines, "", th.accent.Render(sec.title))
		for _, p := range sec.pairs {
			lines = append(lines, hang("  "+th.key.Render(fit(p[0], column)), p[1], w)...)
		}
	}
	return fill(indent(h.scroll.window(lines, s.h), 2), s)
}

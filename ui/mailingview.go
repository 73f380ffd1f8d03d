package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sidestep/email"
)

// View lists the letters, and beside them, where there is room, the text of the one
// under the cursor.
func (m *mailing) View(s size) string {
	m.refresh()
	th := m.s.theme
	left := s
	if s.wide() {
		left.w = s.w/2 - 2
	}
	w := left.w - 4
	lines := m.head(s, w)
	about := m.aboutLines(w, s)
	room := max(1, left.h-len(lines)-len(about))
	m.page, m.offset = room, max(0, min(scrolled(m.offset, m.cursor, room), len(m.letters)-room))
	for i := m.offset; i < min(len(m.letters), m.offset+room); i++ {
		lines = append(lines, "  "+m.row(m.letters[i], i == m.cursor, w))
	}
	lines = append(lines, about...)
	if !s.wide() {
		return fill(lines, s)
	}
	right := size{s.w - left.w - 3, s.h}
	return th.beside(fill(lines, left), fill(m.textLines(right.w-1), right))
}

// head is what stands above the list. In a low room the list matters more than what
// separates, than all of a path, and than everybody who can't be written to.
func (m *mailing) head(s size, w int) []string {
	th := m.s.theme
	title, sum, told := wrap("Mails about "+m.about.String(), w), wrap(m.sum(), w), wrap(m.told(), w)
	if s.low() {
		title, sum = shorten(title, w, 1), shorten(sum, w, 2)
		switch {
		case m.folder == "":
			told = nil
		case len(told) > 1:
			told = []string{fitMiddle(m.told(), w)}
		}
	}
	lines := append(append(styled(th.title, title), styled(th.muted, sum)...), styled(th.good, told)...)
	if !s.low() {
		lines = append(append([]string{""}, lines...), "")
	}
	return indent(lines, 2)
}

// sum says how many mails will be written, and what keeps the others.
func (m *mailing) sum() string {
	if m.busy != "" {
		return m.busy
	}
	var names []string
	reasons := map[string][]string{}
	for _, l := range m.letters {
		if l.why == "" {
			continue
		}
		if len(reasons[l.why]) == 0 {
			names = append(names, l.why)
		}
		who := clean(l.who())
		if l.nobody() {
			who = count(len(l.to.Endpoints), "endpoint")
		}
		reasons[l.why] = append(reasons[l.why], who)
	}
	next := m.next()
	text := count(len(next), "mail") + " to write."
	if len(next) > 0 && !next[0].draft.WrittenAt.IsZero() {
		text = "All mails are written that can be."
	}
	for _, why := range names {
		who := reasons[why]
		text += " " + sentence(why) + ": " + strings.Join(who[:min(len(who), 3)], ", ")
		if more := len(who) - 3; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		text += "."
	}
	return text
}

// told says where the mails are that were written last, "" before.
func (m *mailing) told() string {
	if m.folder == "" {
		return ""
	}
	return fmt.Sprintf("%s written to %s", count(m.written, "mail"), clean(m.folder))
}

func (m *mailing) row(l letter, current bool, w int) string {
	th := m.s.theme
	mark, style := "  ", th.text
	if current {
		mark, style = th.cursor.Render("› "), th.cursor
	}
	name := max(14, w*3/10)
	line := mark + style.Render(fit(clean(l.who()), name)) + " "
	of := ", " + count(len(l.to.Endpoints), "endpoint")
	if n := len(l.draft.Others()); n > 0 {
		of += fmt.Sprintf(", %d orgs", n+1)
	}
	about := th.faint.Render(of)
	switch {
	case !l.draft.SentAt.IsZero():
		line += th.good.Render(l.why) + about
	case l.why != "":
		line += th.warning.Render(l.why) + about
	case !l.draft.WrittenAt.IsZero():
		line += th.good.Render("written "+agoWords(l.draft.WrittenAt, m.s.deps.Now())) + th.muted.Render(" to "+clean(l.address)) + about
	default:
		line += th.muted.Render(clean(l.address)) + about
	}
	line = fit(ansi.Truncate(line, w, "…"), w)
	if current {
		line = th.highlight(line)
	}
	return line
}

// aboutLines say what the letter under the cursor is about, and what can be done, in
// few lines: the list matters more. In a low room they stay out while an answer takes
// lines away, too.
func (m *mailing) aboutLines(w int, s size) []string {
	l, there := m.current()
	if !there || s.h < 9 {
		return nil
	}
	var paths []string
	for _, v := range m.s.viewsOf(l.to.Endpoints[:min(len(l.to.Endpoints), 3)]) {
		paths = append(paths, m.s.address(v))
	}
	text := "About " + strings.Join(paths, ", ")
	if more := len(l.to.Endpoints) - len(paths); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	text += "."
	if more := len(l.to.Endpoints) - l.to.Asked; more > 0 {
		text += fmt.Sprintf(" Not marked, but open and of the same vendor: %d of them.", more)
	}
	if l.nobody() || l.address == "" {
		do := "o says whom to write to."
		text += " " + do
		if s.h < 16 {
			text = do // the list has told the rest
		}
	}
	var lines []string
	if others := l.draft.Others(); len(others) > 0 {
		for _, line := range wrap("Also about "+clean(m.s.namesOf(others))+": the vendor reads the names of all of them.", w) {
			lines = append(lines, m.s.theme.warning.Render(line))
		}
	}
	lines = append(lines, styled(m.s.theme.muted, wrap(text, w))...)
	if s.low() {
		return indent(shorten(lines, w, 2), 2)
	}
	return append([]string{""}, indent(shorten(lines, w, max(1, s.h/4-1)), 2)...)
}

// maxPreviewed is about how many messages a letter may be whose text is shown
// beside the list: of more it takes longer than a key may.
const maxPreviewed = 200

// messages counts the messages that a letter is about.
func (m *mailing) messages(l letter) (n int) {
	for _, v := range m.s.viewsOf(l.to.Endpoints) {
		n += len(v.Messages)
	}
	return n
}

// textLines are the letter under the cursor as it will be read.
func (m *mailing) textLines(w int) []string {
	l, there := m.current()
	if !there || l.nobody() || l.kind == "" {
		return nil
	}
	if m.messages(l) > maxPreviewed {
		return append([]string{""}, wrap("enter shows the text.", w)...)
	}
	d, err := m.text(l)
	if err != nil {
		return append([]string{""}, wrap(clean(err.Error()), w)...)
	}
	th := m.s.theme
	lines := []string{"", th.muted.Render(fit(l.kind.Label()+", "+email.Language(d.Language).Native(), w)), th.title.Render(fit(clean(d.Subject), w)), ""}
	for _, line := range strings.Split(d.Body, "\n") {
		lines = append(lines, wrapLetter(line, w)...)
	}
	return lines
}

package ui

import (
	"context"
	"fmt"
	"slices"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/state"
)

// mailing answers: which mails are to be written about what is marked, and to whom?
// One key writes all of them as files in one folder.
type mailing struct {
	s       *session
	about   selection
	kind    email.Kind
	letters []letter
	// there are the other orgs that the letters can be about.
	there []elsewhereDue
	// seen is the session's version that the letters are from.
	seen                 int
	cursor, offset, page int
	cancel               context.CancelFunc
	// busy says what is under way, "" for nothing; folder is where files were written last.
	busy    string
	written int
	folder  string
	// preview is the text of the letter under the cursor, by its lead.
	preview map[string]state.Draft
}

// mailsOutMsg says what became of the letters that were to be written.
type mailsOutMsg struct {
	from   *mailing
	mails  []state.Mailing
	folder string
	err    error
}

// mailingKinds are the mails that are written to many at once.
var mailingKinds = []struct {
	kind  email.Kind
	label string
}{
	{email.First, "First mails"}, {email.Reminder, "Reminders"}, {email.Escalation, "Escalations"},
}

// askMailing leads to the mails about endpoints. Which kind is asked as soon as one
// of them was sent a first mail.
func askMailing(s *session, to selection) tea.Cmd {
	sent, current := false, -1
	var options []option
	for i, k := range mailingKinds {
		letters := s.letters(to.keys, k.kind)
		if len(letters) == 0 {
			return say("All of them are finished: there is nothing left to write.")
		}
		n := toWrite(letters)
		if n > 0 && current < 0 {
			current = i
		}
		options = append(options, option{k.label, fmt.Sprintf("%s to write, %d that can't be written now.", count(n, "mail"), len(letters)-n)})
		sent = sent || slices.ContainsFunc(letters, func(l letter) bool { return !l.draft.SentAt.IsZero() })
	}
	if !sent {
		return s.push(newMailing(s, to, email.First))
	}
	return s.push(newChoose(s, "Which mails about "+to.String()+"?", "", options, current, func(i int) tea.Cmd {
		return s.push(newMailing(s, to, mailingKinds[i].kind))
	}).besideTheWork())
}

func toWrite(letters []letter) (n int) {
	for _, l := range letters {
		if l.why == "" {
			n++
		}
	}
	return n
}

// next are the letters that d writes: those that were not written yet, or all of
// them again.
func (m *mailing) next() []letter {
	var fresh, all []letter
	for _, l := range m.letters {
		if l.why != "" {
			continue
		}
		all = append(all, l)
		if l.draft.WrittenAt.IsZero() {
			fresh = append(fresh, l)
		}
	}
	if len(fresh) > 0 {
		return fresh
	}
	return all
}

func newMailing(s *session, about selection, kind email.Kind) *mailing {
	m := &mailing{s: s, about: about, kind: kind, seen: -1, page: 10, cancel: func() {}}
	m.refresh()
	return m
}

// refresh takes in what has changed: an address that was entered, an undo.
func (m *mailing) refresh() {
	if m.seen == m.s.version {
		return
	}
	m.seen, m.preview = m.s.version, map[string]state.Draft{}
	m.letters = m.s.letters(m.about.keys, m.kind)
	m.there = m.alsoThere()
	if m.s.looking == nil && !slices.ContainsFunc(m.letters, func(l letter) bool { return !l.draft.WrittenAt.IsZero() }) {
		m.folder = "" // it was taken back
	}
	m.cursor = max(0, min(m.cursor, len(m.letters)-1))
}

func (m *mailing) Init() tea.Cmd { return nil }
func (m *mailing) Crumb() string { return "mails" }
func (m *mailing) Leave()        { m.cancel() }

// current is the letter under the cursor, false where there is none.
func (m *mailing) current() (letter, bool) {
	if len(m.letters) == 0 {
		return letter{}, false
	}
	return m.letters[m.cursor], true
}

// unsent are the letters that were written and of which nobody said that they are sent.
func (m *mailing) unsent() (out []letter) {
	for _, l := range m.letters {
		if !l.draft.WrittenAt.IsZero() && l.draft.SentAt.IsZero() {
			out = append(out, l)
		}
	}
	return out
}

func (m *mailing) Update(msg tea.Msg) (screen, tea.Cmd) {
	m.refresh()
	switch msg := msg.(type) {
	case listedMsg:
		m.seen = -1 // other orgs may have changed
	case mailsOutMsg:
		if msg.from == m {
			return m, m.handedOut(msg)
		}
	case mailsAboutMsg:
		if msg.from == m {
			return m, m.joined(msg)
		}
	case tea.KeyPressMsg:
		return m, m.press(msg)
	}
	return m, nil
}

func (m *mailing) press(msg tea.KeyPressMsg) tea.Cmd {
	k := m.s.keys
	if moved, ok := moveCursor(k, msg, m.cursor, len(m.letters), m.page); ok {
		m.cursor = moved
		return nil
	}
	l, there := m.current()
	switch {
	case key.Matches(msg, k.back):
		return m.s.pop()
	case m.busy != "" || !there:
	case key.Matches(msg, k.file) && len(m.next()) > 0:
		return m.write()
	case key.Matches(msg, k.enter) && l.kind != "" && !l.nobody():
		return m.read(l)
	case key.Matches(msg, k.orgs) && len(m.there) > 0:
		return m.askOrgs()
	case key.Matches(msg, k.owner):
		return askOwnerOfAll(m.s, selection{keys: l.to.Endpoints[:l.to.Asked]})
	case key.Matches(msg, k.sent) && len(m.unsent()) > 0:
		return m.askSent()
	}
	return nil
}

// read shows a letter on the screen where it can be edited.
func (m *mailing) read(l letter) tea.Cmd {
	d, wrong := m.text(l)
	to := newMail(m.s, l.lead())
	to.draft, to.wrong = d, wrong
	return m.s.push(to)
}

// text is a letter as it would be written now.
func (m *mailing) text(l letter) (state.Draft, error) {
	if d, ok := m.preview[l.lead()]; ok {
		return d, nil
	}
	d, err := m.s.writes(l)()
	if err == nil {
		d.WrittenAt, d.How, d.SentAt = l.draft.WrittenAt, l.draft.How, l.draft.SentAt
		m.preview[l.lead()] = d
	}
	return d, err
}

// write writes the next letters into a new folder: all of them, or none.
func (m *mailing) write() tea.Cmd {
	type job struct {
		letter
		text func() (state.Draft, error)
	}
	var jobs []job
	for _, l := range m.next() {
		jobs = append(jobs, job{l, m.s.writes(l)})
	}
	desktop, sender, now := m.s.deps.Desktop, m.s.sender(), m.s.deps.Now()
	m.busy = fmt.Sprintf("Writing %s…", count(len(jobs), "mail"))
	cancel, cmd := run(func(ctx context.Context) tea.Msg {
		out := mailsOutMsg{from: m}
		var files []DraftFile
		for _, j := range jobs {
			d, err := j.text()
			if err != nil {
				out.err = err
				return out
			}
			data, err := email.EML(d, sender, now)
			if err != nil {
				out.err = fmt.Errorf("the mail to %s: %w", j.who(), err)
				return out
			}
			files = append(files, DraftFile{email.FileName(d, j.who()), data})
			out.mails = append(out.mails, state.Mailing{To: j.to, Draft: d})
		}
		var paths []string
		out.folder, paths, out.err = desktop.SaveDrafts(ctx, "mails-"+now.Format(time.DateOnly), files)
		for i, path := range paths {
			out.mails[i].How = "saved as " + path
		}
		return out
	})
	m.cancel = cancel
	return cmd
}

func (m *mailing) handedOut(msg mailsOutMsg) tea.Cmd {
	m.busy = ""
	if msg.err != nil {
		return complain(msg.err)
	}
	m.written, m.folder = len(msg.mails), msg.folder
	what := count(m.written, "mail")
	if m.s.looking != nil {
		return say(what + " written to " + msg.folder + ", and not recorded.")
	}
	cmd := m.s.doAlso(what+" written", m.s.m.MailsWritten(msg.mails, m.s.act()), m.s.writtenElsewhere(msg.mails),
		what+" written to "+msg.folder+". Sidestep sends nothing itself: press s when you have sent them.")
	m.refresh()
	return cmd
}

// askSent asks on which day the written mails were sent, all of them at once.
func (m *mailing) askSent() tea.Cmd {
	unsent, now := m.unsent(), m.s.deps.Now()
	what := count(len(unsent), "mail")
	return m.s.push(newAsk(m.s, "On which day did you send "+what+"?", "The day counts for all of them, and what is due next is counted from it.", []field{
		{label: "Date", value: dateText(now), check: aDayThatHasCome(now)},
	}, func(v []string) tea.Cmd {
		day, _ := parseDate(v[0]) // it was checked
		var mails []state.Mailing
		for _, l := range unsent {
			mails = append(mails, state.Mailing{To: l.to, Draft: l.draft})
		}
		return m.s.doAlso(what+" as sent", m.s.m.MailsSent(mails, day, m.s.act()), m.s.sentElsewhere(mails, day), "")
	}))
}

func (m *mailing) Keys() []key.Binding {
	m.refresh()
	k := m.s.available()
	var keys []key.Binding
	if l, there := m.current(); there && m.busy == "" {
		if len(m.unsent()) > 0 {
			keys = append(keys, as(k.sent, "say they are sent"))
		}
		if next := m.next(); len(next) > 0 {
			desc := "write " + count(len(next), ".eml file")
			if !next[0].draft.WrittenAt.IsZero() {
				desc += " again"
			}
			keys = append(keys, as(k.file, desc))
		}
		if l.kind != "" && !l.nobody() {
			keys = append(keys, as(k.enter, "read it"))
		}
		if len(m.there) > 0 {
			keys = append(keys, k.orgs)
		}
		keys = append(keys, k.owner)
	}
	return append(keys, k.back)
}

package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/state"
)

// mail answers: what do I write to them? The text is shown as it will be read;
// e edits it, and what was edited is never filled in anew without asking.
type mail struct {
	s     *session
	key   string
	draft state.Draft
	wrong error

	editing bool
	focus   mailField
	// lines are the fields above the text.
	lines [mailBody]input
	body  textarea.Model
	// refused is what the admin's own editor saved and could not be taken over.
	refused *refused

	// with are the ids of the other works that the mail is to be about, works those that
	// were read.
	with  []string
	works map[string]state.Migration

	scroll scroll
	// seen is the session's version that the draft is from.
	seen int
}

// mailField is a part of the mail that can be edited.
type mailField int

const (
	mailTo mailField = iota
	mailCc
	mailSubject
	mailBody
	mailFields
)

// mailOutMsg says what became of a draft that was handed out.
type mailOutMsg struct {
	key   string
	draft state.Draft
	how   string
	err   error
}

func newMail(s *session, key string) *mail {
	m := &mail{s: s, key: key, body: newTextBox(s.theme, "", email.MaxBody)}
	for i, placeholder := range []string{"support@vendor.example", "nobody else; several are separated by commas", ""} {
		m.lines[i] = newInput(s.theme, placeholder)
		m.lines[i].CharLimit = email.MaxLine
	}
	v := s.views[key]
	if v == nil {
		return m
	}
	kind := email.First
	if v.Route == state.InternalFix {
		kind = email.Owner
	}
	m.show(v, kind, email.Language(languageOf(v)))
	return m
}

// languageOf is the language of the mails about an endpoint: English too where the
// file names one that there is not.
func languageOf(v *state.EndpointView) string {
	if slices.Contains(email.Languages(), email.Language(v.Language)) {
		return v.Language
	}
	return string(email.English)
}

// refresh shows what undo, or anything else, has made of the draft.
func (m *mail) refresh() {
	v := m.s.views[m.key]
	if m.editing || v == nil || m.seen == m.s.version {
		return
	}
	m.seen = m.s.version
	m.show(v, email.Kind(m.draft.Kind), email.Language(languageOf(v)))
}

// show takes the draft as the admin left it, or fills in a new one.
func (m *mail) show(v *state.EndpointView, kind email.Kind, lang email.Language) {
	m.seen = m.s.version
	if d, ok := v.Drafts[string(kind)]; ok && (d.Edited || !d.WrittenAt.IsZero() || d.With != "") && d.Language == string(lang) {
		m.draft, m.with, m.wrong = d, d.Others(), nil
		return
	}
	m.with = nil // each mail begins with this org alone
	m.write(v, kind, lang)
}

// write fills the mail in from what is known now.
func (m *mail) write(v *state.EndpointView, kind email.Kind, lang email.Language) {
	now := m.s.deps.Now()
	due := v.Due
	if due.IsZero() {
		due = now.Add(state.AnswerWithin)
	}
	facts, also := m.facts(v, kind, due, now)
	m.draft, m.wrong = m.s.deps.Texts.Draft(kind, lang, facts)
	m.draft = m.draft.AlsoAbout(also)
	if old, ok := v.Drafts[string(kind)]; ok {
		m.draft.WrittenAt, m.draft.How = old.WrittenAt, old.How
	}
	m.scroll.offset = 0
}

// sender signs the mails.
func (s *session) sender() state.Contact { return state.Contact{Name: s.deps.By} }

// Init reads the other works that the mail is about: it may be written anew.
func (m *mail) Init() tea.Cmd {
	if len(m.with) == 0 {
		return nil
	}
	return m.read(m.with, func() tea.Cmd {
		m.seen = -1 // one that was not kept yet is filled in with what was read
		return nil
	})
}

func (m *mail) Crumb() string { return "mail" }
func (m *mail) Typing() bool  { return m.editing }

func (m *mail) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case othersMsg:
		if msg.from == m {
			return m, m.othersRead(msg)
		}
	case mailOutMsg:
		if msg.key == m.key {
			return m, m.handedOut(msg)
		}
	case editedMsg:
		if msg.from == m {
			return m, m.edited(msg)
		}
	case tea.PasteMsg:
		if m.editing {
			return m, m.typed(msg)
		}
	case tea.KeyPressMsg:
		if m.editing {
			return m, m.edit(msg)
		}
		return m, m.press(msg)
	}
	return m, nil
}

func (m *mail) press(msg tea.KeyPressMsg) tea.Cmd {
	v := m.s.views[m.key]
	k := m.s.keys
	if m.refused != nil && m.refused.path == "" {
		m.refused = nil // it was read
	}
	switch {
	case v == nil || key.Matches(msg, k.back):
		return m.s.pop()
	case m.s.looking != nil && key.Matches(msg, k.edit, k.enter, k.editor, k.add, k.orgs, k.language):
		return m.s.refuse()
	case key.Matches(msg, k.edit, k.enter):
		m.startEditing()
	case key.Matches(msg, k.editor) && m.wrong == nil:
		return m.ownEditor()
	case key.Matches(msg, k.add) && len(m.others()) > 0:
		return m.askCopies()
	case key.Matches(msg, k.orgs) && m.severalOrgs(v):
		return m.askOrgs(v)
	case key.Matches(msg, k.language):
		return m.askLanguage()
	case key.Matches(msg, k.kind):
		return m.askKind(v)
	case key.Matches(msg, k.due):
		return m.askDue(v)
	case key.Matches(msg, k.copy):
		subject, body := email.Plain(m.draft)
		return tea.Batch(copyText(m.s, "Subject: "+subject+"\n\n"+body, ""), m.out("copied", nil))
	case key.Matches(msg, k.file):
		return m.saveFile(v)
	case key.Matches(msg, k.open):
		return m.openMailProgram()
	case key.Matches(msg, k.sent) && !m.draft.WrittenAt.IsZero():
		return m.askSent()
	case key.Matches(msg, k.calendar):
		return m.saveReminder()
	case key.Matches(msg, k.paste) && toVendor(v):
		return m.s.push(newAnswer(m.s, v.Vendor))
	default:
		m.scroll.press(k, msg)
	}
	return nil
}

// change turns to another language or kind. A text that was edited is only
// given up after a question.
func (m *mail) change(v *state.EndpointView, kind email.Kind, lang email.Language) tea.Cmd {
	turn := func() tea.Cmd {
		return m.read(m.with, func() tea.Cmd {
			v := m.s.views[m.key]
			if v == nil {
				return nil // it was taken back while the question was asked
			}
			m.write(v, kind, lang)
			return m.s.do("mail text", m.s.m.SpeakTo(m.key, string(lang), m.s.act()).KeepDraft(m.key, m.draft, m.s.act()))
		})
	}
	if old, ok := v.Drafts[string(kind)]; ok && old.Edited && old.Language != string(lang) {
		return m.s.push(newConfirm(m.s, "Write it anew in "+lang.Native()+"?", "The text that you edited is replaced; u brings it back.", "Write it anew", turn))
	}
	if old, ok := v.Drafts[string(kind)]; ok && old.Language == string(lang) {
		m.show(v, kind, lang)
		return nil
	}
	return turn()
}

// askLanguage offers the languages by the names that their speakers use.
func (m *mail) askLanguage() tea.Cmd {
	var options []option
	for _, lang := range email.Languages() {
		options = append(options, option{label: lang.Native()})
	}
	current := slices.Index(email.Languages(), email.Language(m.draft.Language))
	return m.s.push(newChoose(m.s, "In which language?", "", options, current, func(i int) tea.Cmd {
		v := m.s.views[m.key]
		if v == nil || i == current {
			return nil
		}
		return m.change(v, email.Kind(m.draft.Kind), email.Languages()[i])
	}))
}

func (m *mail) askKind(v *state.EndpointView) tea.Cmd {
	var options []option
	for _, kind := range email.Kinds() {
		options = append(options, option{label: kind.Label()})
	}
	current := slices.Index(email.Kinds(), email.Kind(m.draft.Kind))
	return m.s.push(newChoose(m.s, "Which mail?", "", options, current, func(i int) tea.Cmd {
		v := m.s.views[m.key]
		if v == nil {
			return nil
		}
		m.show(v, email.Kinds()[i], email.Language(m.draft.Language))
		return nil
	}).besideTheWork())
}

func (m *mail) askDue(v *state.EndpointView) tea.Cmd {
	return m.s.push(newAsk(m.s, "By when do you ask for an answer?", "", []field{{label: "Date", value: dateText(v.Due), placeholder: "2026-12-31, or empty for two weeks from today", check: dateOrEmpty}},
		func(values []string) tea.Cmd {
			due, _ := parseDate(values[0])
			cmd := m.s.do("the day of the answer", m.s.m.AskBy(m.key, due, m.s.act()))
			if v := m.s.views[m.key]; v != nil && !m.draft.Edited {
				m.write(v, email.Kind(m.draft.Kind), email.Language(m.draft.Language))
			}
			return cmd
		}))
}

func (m *mail) startEditing() {
	m.editing, m.focus = true, mailBody
	m.lines[mailTo].SetValue(m.draft.To)
	m.lines[mailCc].SetValue(m.draft.Cc)
	m.lines[mailSubject].SetValue(m.draft.Subject)
	m.body.SetValue(m.draft.Body)
	m.body.MoveToBegin()
	if m.draft.To == "" {
		m.focus = mailTo
	}
	m.refocus()
	// One step back undoes the whole edit, not a letter of it.
	m.s.mark("mail text")
}

func (m *mail) refocus() {
	m.body.Blur()
	for i := range m.lines {
		m.lines[i].Blur()
	}
	if m.focus == mailBody {
		m.body.Focus()
		return
	}
	m.lines[m.focus].Focus()
}

func (m *mail) edit(msg tea.KeyPressMsg) tea.Cmd {
	switch s := msg.String(); {
	case s == "esc":
		m.editing = false
		return nil
	case s == "tab", s == "enter" && m.focus < mailBody, s == "down" && m.focus < mailBody:
		m.focus = (m.focus + 1) % mailFields
		m.refocus()
		return nil
	case s == "shift+tab", s == "up" && m.focus > mailTo && m.focus < mailBody:
		m.focus = (m.focus + mailFields - 1) % mailFields
		m.refocus()
		return nil
	}
	return m.typed(msg)
}

// typed brings a key or a paste into the field at hand, and keeps the draft.
func (m *mail) typed(msg tea.Msg) tea.Cmd {
	if m.focus == mailBody {
		m.body, _ = m.body.Update(msg)
	} else {
		m.lines[m.focus].take(msg)
	}
	d := m.draft
	d.To, d.Cc = strings.TrimSpace(m.lines[mailTo].Value()), strings.TrimSpace(m.lines[mailCc].Value())
	d.Subject, d.Body = m.lines[mailSubject].Value(), m.body.Value()
	if d == m.draft {
		return nil
	}
	d.Edited = true
	m.draft = d
	return m.s.keep(m.s.m.KeepDraft(m.key, d, m.s.act()))
}

func (m *mail) Keys() []key.Binding {
	k := m.s.available()
	if m.editing {
		return []key.Binding{as(k.tab, "next field"), as(k.back, "stop editing")}
	}
	keys := []key.Binding{k.edit, k.editor, k.language, as(k.copy, "copy"), as(k.file, ".eml"), as(k.open, "mail program")}
	sent := !m.draft.SentAt.IsZero()
	switch {
	case sent:
		keys = append(keys, as(k.sent, "sent on another day"))
	case !m.draft.WrittenAt.IsZero():
		keys = append([]key.Binding{k.sent}, keys...)
	}
	if v := m.s.views[m.key]; v != nil && toVendor(v) {
		if answer := as(k.paste, "answer"); sent {
			keys = append([]key.Binding{answer}, keys...) // it is what comes next
		} else {
			keys = append(keys, answer)
		}
		if m.severalOrgs(v) {
			keys = slices.Insert(keys, slices.IndexFunc(keys, func(b key.Binding) bool { return b.Help().Key == k.language.Help().Key }), k.orgs)
		}
	}
	keys = append(keys, k.kind, k.due)
	if len(m.others()) > 0 {
		keys = append(keys, as(k.add, "copy to"))
	}
	return append(append(append(keys, k.calendar), m.scroll.keys(k)...), k.back)
}

// toVendor reports whether the mails about an endpoint go to a vendor.
func toVendor(v *state.EndpointView) bool { return v.Vendor != "" && v.Route != state.InternalFix }

package ui

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/state"
)

// out records that the draft leaves the program, after work has succeeded.
func (m *mail) out(how string, work func() (string, error)) tea.Cmd {
	key, d := m.key, m.draft
	return func() tea.Msg {
		if work == nil {
			return mailOutMsg{key, d, how, nil}
		}
		detail, err := work()
		return mailOutMsg{key, d, how + detail, err}
	}
}

func (m *mail) saveFile(v *state.EndpointView) tea.Cmd {
	desktop, d, from, at, host := m.s.deps.Desktop, m.draft, m.s.sender(), m.s.deps.Now(), v.Address.Host
	return m.out("saved as ", func() (string, error) {
		data, err := email.EML(d, from, at)
		if err != nil {
			return "", err
		}
		return desktop.SaveDraft(email.FileName(d, host), data)
	})
}

// openMailProgram hands the draft to the mail program. A link can carry only a
// short text: of a longer one it carries recipient and subject, and the text goes
// on the clipboard.
func (m *mail) openMailProgram() tea.Cmd {
	desktop, d := m.s.deps.Desktop, m.draft
	link, err := email.Mailto(d)
	if !errors.Is(err, email.ErrTooLong) {
		return m.out("opened in the mail program", func() (string, error) {
			if err != nil {
				return "", err
			}
			return "", desktop.OpenURL(link)
		})
	}
	short := d
	short.Body = ""
	_, body := email.Plain(d)
	return tea.Batch(tea.SetClipboard(body), m.out("opened in the mail program, the text on the clipboard to be pasted", func() (string, error) {
		link, err := email.Mailto(short)
		if err != nil {
			return "", err
		}
		_ = desktop.Copy(body)
		return "", desktop.OpenURL(link)
	}))
}

func (m *mail) handedOut(msg mailOutMsg) tea.Cmd {
	if msg.err != nil {
		return complain(msg.err)
	}
	if m.s.looking != nil {
		return say("Done, and not recorded: " + msg.how + ".")
	}
	mails := []state.Mailing{{To: m.s.vendorOf(m.key), Draft: msg.draft, How: msg.how}}
	cmd := m.s.doAlso("mail written", m.s.m.MailWritten(m.key, msg.draft, msg.how, m.s.act()), m.s.writtenElsewhere(mails),
		"Recorded as written: "+msg.how+". Sidestep sends nothing itself: press s when you have sent it.")
	if v := m.s.views[m.key]; v != nil && m.draft.Kind == msg.draft.Kind {
		m.draft = v.Drafts[msg.draft.Kind]
	}
	return cmd
}

// vendorOf is the vendor of an endpoint as whom a mail goes to.
func (s *session) vendorOf(key string) state.Addressee {
	return state.Addressee{Vendor: s.m.Endpoints[key].Vendor, Endpoints: []string{key}}
}

// askSent asks on which day a mail was sent: only the admin knows. That settles
// the step that the mail belongs to, and starts the clock for the next one.
func askSent(s *session, key, kind, about string, then func()) tea.Cmd {
	now := s.deps.Now()
	return s.push(newAsk(s, "On which day did you send it?", about+"What is due next is counted from that day.", []field{
		{label: "Date", value: dateText(now), check: aDayThatHasCome(now)},
	}, func(v []string) tea.Cmd {
		day, _ := parseDate(v[0]) // it was checked
		var mails []state.Mailing
		if view := s.views[key]; view != nil {
			mails = append(mails, state.Mailing{To: s.vendorOf(key), Draft: view.Drafts[kind]})
		}
		cmd := s.doAlso("the mail as sent", s.m.MailSent(key, kind, day, s.act()), s.sentElsewhere(mails, day), "")
		then()
		return cmd
	}))
}

func (m *mail) askSent() tea.Cmd {
	key, kind := m.key, m.draft.Kind
	return askSent(m.s, key, kind, "", func() {
		if view := m.s.views[key]; view != nil {
			m.draft = view.Drafts[kind]
		}
	})
}

func aDayThatHasCome(now time.Time) func(string) error {
	return func(text string) error {
		if err := required("a day")(text); err != nil {
			return err
		}
		return notLater(now)(text)
	}
}

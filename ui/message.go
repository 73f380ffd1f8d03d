package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/state"
)

// message answers: what is this message, what fires it, and what does its
// verdict stand on?
type message struct {
	s             *session
	endpoint, key string
	scroll        scroll
}

func newMessage(s *session, endpoint, key string) *message {
	return &message{s: s, endpoint: endpoint, key: key}
}

func (m *message) Init() tea.Cmd { return nil }
func (m *message) Crumb() string { return m.key }

func (m *message) at() (*state.EndpointView, *state.MessageView) {
	v := m.s.views[m.endpoint]
	if v == nil {
		return nil, nil
	}
	for i := range v.Messages {
		if v.Messages[i].Key() == m.key {
			return v, &v.Messages[i]
		}
	}
	return nil, nil
}

func (m *message) Update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return m, nil
	}
	v, mv := m.at()
	k := m.s.keys
	switch {
	case mv == nil || key.Matches(press, k.back, k.left):
		return m, m.s.pop()
	case key.Matches(press, k.know):
		return m, askKnowledge(m.s, aboutMessage(mv))
	case key.Matches(press, k.secrets) && v.Address.Secret:
		m.s.secrets = !m.s.secrets
	case key.Matches(press, k.page):
		return m, openMessagePage(m.s, mv)
	}
	m.scroll.press(k, press)
	return m, nil
}

func (m *message) Keys() []key.Binding {
	k := m.s.available()
	v, mv := m.at()
	if mv == nil {
		return []key.Binding{k.back}
	}
	keys := append(m.scroll.keys(k), k.know)
	if m.s.m.Org.Instance != "" {
		keys = append(keys, k.page)
	}
	if v.Address.Secret {
		keys = append(keys, k.secrets)
	}
	return append(keys, k.back)
}

func (m *message) View(s size) string {
	v, mv := m.at()
	if mv == nil {
		return fill([]string{"", "  This message is no longer there. esc goes back."}, s)
	}
	lines := append([]string{""}, messageFacts(m.s, v, mv, min(s.w-4, 100))...)
	return fill(indent(m.scroll.window(lines, s.h), 2), s)
}

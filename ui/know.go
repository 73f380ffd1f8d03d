package ui

import (
	"cmp"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
	"sidestep/state"
)

// aboutMessage, aboutEndpoint and aboutHost are what a statement can be about.
func aboutMessage(m *state.MessageView) state.Subject {
	return state.Subject{Scope: state.OneMessage, Key: m.Key()}
}

func aboutEndpoint(e *state.EndpointView) state.Subject {
	return state.Subject{Scope: state.WholeEndpoint, Key: e.Key}
}

func aboutHost(h *state.HostView) state.Subject {
	return state.Subject{Scope: state.WholeHost, Key: h.Host}
}

// aboutRow is what a statement is about that is made on a row of the board, false
// where the row stands for nothing that one can speak of as a whole.
func aboutRow(r row) (state.Subject, bool) {
	switch {
	case r.msg != nil:
		return aboutMessage(r.msg), true
	case r.ep != nil:
		return aboutEndpoint(r.ep), true
	}
	return aboutHost(r.host), r.host.Host != salesforce.NoHost
}

const knowledgeWeighs = "Older evidence weighs more than memory: what a backup says stays visible."

func knowledgeOptions() []option {
	return []option{
		{"It sent the session id", "You saw the box ticked, or a document says so."},
		{"It never sent it", "You know for sure, and can say why."},
	}
}

// askKnowledge asks what the admin knows about the session id of a subject.
func askKnowledge(s *session, about state.Subject) tea.Cmd {
	options, text, current := knowledgeOptions(), knowledgeWeighs, 0
	was := s.m.StatementOn(about)
	if was != nil {
		options = append(options, option{"Take back what was said", "Then only the other evidence counts."})
		text = "Stated on " + day(was.At) + ": " + clean(was.Reason)
		if !was.Says {
			current = 1
		}
	}
	return s.push(newChoose(s, "What do you know about "+subjectWords(s, about)+"?", text, options, current, func(i int) tea.Cmd {
		if i == 2 {
			return s.do("what you knew", s.m.Unstate(about, s.act()))
		}
		return askReason(s, options[i].label, i == 0, was, func(st state.Statement) tea.Cmd {
			return s.do("what you know", s.m.State(about, st, s.act()))
		})
	}))
}

// askReason asks how the admin knows, and hands on what they state.
func askReason(s *session, title string, says bool, was *state.Statement, accept func(state.Statement) tea.Cmd) tea.Cmd {
	if was == nil || was.Says != says {
		was = &state.Statement{}
	}
	return s.push(newAsk(s, title, "How do you know? Saying it of an endpoint or a host also covers what is found there later.", []field{
		{label: "Because", value: was.Reason, check: required("a reason")},
		{label: "Document", value: was.Document, placeholder: "a manual, a ticket, a screenshot; may stay empty"},
		{label: "Of which day", value: dateText(was.AsOf), placeholder: "today, or like 2026-01-17", check: notLater(s.deps.Now())},
	}, func(v []string) tea.Cmd {
		st := state.Statement{Says: says, Reason: v[0], Document: v[1]}
		if v[2] != "" {
			st.AsOf, _ = parseDate(v[2]) // it was checked
		}
		return accept(st)
	}))
}

func subjectWords(s *session, about state.Subject) string {
	switch about.Scope {
	case state.OneMessage:
		def, _ := s.m.Definition(s.m.Messages[about.Key])
		return "“" + clean(cmp.Or(def.Label, about.Key)) + "”"
	case state.WholeHost:
		return "all of " + clean(about.Key)
	}
	if v := s.views[about.Key]; v != nil {
		return count(len(v.Messages), "message") + " to this endpoint"
	}
	return "this endpoint"
}

// notLater accepts no day, or one that has come.
func notLater(now time.Time) func(string) error {
	return func(text string) error {
		if text == "" {
			return nil
		}
		at, err := parseDate(strings.TrimSpace(text))
		if err == nil && at.After(now) {
			err = errFuture
		}
		return err
	}
}

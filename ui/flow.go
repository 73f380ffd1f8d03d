package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce/credentials"
	"sidestep/state"
)

const flowJWT = string(credentials.JWTBearer)

// askFlow asks the questions that lead to a receiver's OAuth flow, one after the
// other, and proposes what follows.
func askFlow(s *session, key string) tea.Cmd {
	return askFlowFrom(s, key, credentials.Questions(), credentials.Answers{})
}

func askFlowFrom(s *session, key string, questions []credentials.Question, given credentials.Answers) tea.Cmd {
	for len(questions) > 0 && !given.Needed(questions[0].ID) {
		questions = questions[1:]
	}
	if len(questions) == 0 {
		return proposeFlow(s, key, credentials.Choose(given))
	}
	q := questions[0]
	return s.push(newChoose(s, q.Text, q.Why, []option{{label: "No"}, {label: "Yes"}}, 0, func(i int) tea.Cmd {
		return askFlowFrom(s, key, questions[1:], given.With(q.ID, i == 1))
	}))
}

// proposeFlow shows the flow that follows, with its reason and what it takes.
func proposeFlow(s *session, key string, c credentials.Choice) tea.Cmd {
	about := c.Reason + " It takes " + strings.Join(c.Needs, "; ") + "."
	if c.Warning != "" {
		about = c.Warning + " " + about
	}
	return s.push(newChoose(s, "The "+c.Flow.Name(), about, []option{{label: "Take it"}, {label: "Leave it open"}}, 0, func(i int) tea.Cmd {
		if i == 1 {
			return nil
		}
		m := s.m.ChooseFlow(key, string(c.Flow), c.Reason, s.act())
		e := m.Endpoints[key]
		for _, step := range e.Checklist(e.Route) {
			if step.Guide == state.GuideFlow && e.Ticks[step.ID].State == state.ToDo {
				m = m.MarkDone(key, step, s.act())
			}
		}
		return s.do("the OAuth flow", m)
	}))
}

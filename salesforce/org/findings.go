package org

import (
	"context"
	"errors"
	"strings"

	"sidestep/salesforce"
)

// findings puts together what was read, in the order of the list, and makes a
// problem of everything that was listed and is not there.
func (s *scan) findings(err error) salesforce.Findings {
	t := s.client.Token()
	f := salesforce.Findings{
		Source: salesforce.Source{
			ID: id18(t.OrgID), Kind: salesforce.SourceOrg, Name: s.client.name(), OrgID: id18(t.OrgID),
			At: s.began, Calls: s.client.Calls() - s.callsBefore, Complete: err == nil, TellsUsers: s.tellsUsers,
		},
		Problems: s.doubts, Users: s.users, Audit: s.audit, People: s.people, Packages: s.packages,
	}
	for _, k := range s.known {
		key := strings.ToLower(k.FullName)
		if m, ok := s.read[key]; ok {
			f.Messages = append(f.Messages, m)
			continue
		}
		f.Problems = append(f.Problems, salesforce.Problem{
			Source: f.Source.Name, File: k.FileName, Message: k.FullName + " is in the org but was not read: " + s.why(key, err),
		})
	}
	f.Messages = append(f.Messages, s.extra...)
	if err != nil && len(s.known) == 0 {
		f.Problems = append(f.Problems, salesforce.Problem{Source: f.Source.Name, Message: "The org was not read: " + err.Error()})
	}
	for _, p := range f.Problems {
		f.Source.Complete = f.Source.Complete && p.Notice
	}
	return f
}

func (s *scan) why(key string, stopped error) string {
	why := s.unread[key]
	switch {
	case why != nil && !errors.Is(why, context.Canceled):
		return why.Error()
	case errors.Is(stopped, context.Canceled), stopped == nil && why != nil:
		return "the scan was stopped"
	case stopped != nil:
		return stopped.Error()
	}
	return "the org did not return its definition"
}

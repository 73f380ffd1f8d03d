package org

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sidestep/salesforce"
)

// senders are the usernames that the messages are sent as, each once.
func (s *scan) senders() []string {
	var names []string
	for _, m := range s.messages() {
		names = append(names, strings.ToLower(strings.TrimSpace(m.IntegrationUser)))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// flowNames are the developer names of the flows that fire messages, each once.
func (s *scan) flowNames() []string {
	var names []string
	for _, u := range s.users {
		if u.Type == salesforce.Flow {
			_, bare, packaged := strings.Cut(u.Name, "__")
			if !packaged {
				bare = u.Name
			}
			names = append(names, bare)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// nameOf is the lower-case full name of a flow.
func nameOf(v flowVersions) string {
	if v.NamespacePrefix != "" {
		return strings.ToLower(v.NamespacePrefix + "__" + v.DeveloperName)
	}
	return strings.ToLower(v.DeveloperName)
}

type userRow struct {
	ID, Username, Name string
	IsActive           bool
}

// sendsRow is a permission set, of the user's own or of the profile's, that allows
// to send outbound messages (Object Reference, "PermissionSetAssignment").
type sendsRow struct{ AssigneeID string }

// The two questions about integration users. The metadata name of the permission
// Send Outbound Messages is EnableNotifications.
const (
	usersQuery = "SELECT Id, Username, Name, IsActive FROM User WHERE Username IN ("
	sendsQuery = "SELECT AssigneeId FROM PermissionSetAssignment WHERE PermissionSet.PermissionsEnableNotifications = true AND Assignee.Username IN ("
)

// askPeople asks both questions with one call for each list of names.
func (a *around) askPeople(names []string) error {
	base := "/services/data/v" + versionText(a.version) + "/"
	read := func(soql, list, ref string) subread {
		return subread{http.MethodGet, base + "query/?q=" + url.QueryEscape(soql+list+")"), ref}
	}
	var known []userRow
	sends := map[string]bool{}
	var noUsers, noSends error
	for _, list := range lists(names) {
		answers, err := a.s.client.together(a.ctx, base+"composite", []subread{read(usersQuery, list, "users"), read(sendsQuery, list, "sends")})
		if err != nil {
			return err
		}
		users, err := subrows[userRow](a, answers, "users")
		if noUsers == nil {
			noUsers = err
		}
		known = append(known, users...)
		given, err := subrows[sendsRow](a, answers, "sends")
		if noSends == nil {
			noSends = err
		}
		for _, g := range given {
			sends[id18(g.AssigneeID)] = true
		}
	}
	if noUsers != nil {
		return noUsers
	}
	if noSends != nil {
		a.lacking("Whether the messages' integration users may send outbound messages, which can make a loop, is not known", noSends)
	}
	a.senders = peopleOf(names, known, sends, noSends == nil)
	return nil
}

// peopleOf puts the answers together, in the order of the names.
func peopleOf(names []string, known []userRow, sends map[string]bool, sendsKnown bool) []salesforce.IntegrationUser {
	rows := make(map[string]userRow, len(known))
	for _, r := range known {
		rows[strings.ToLower(r.Username)] = r
	}
	var out []salesforce.IntegrationUser
	for _, name := range names {
		if len(lists([]string{name})) == 0 {
			continue // nobody was asked about it
		}
		u := salesforce.IntegrationUser{Username: name, Missing: true}
		if r, found := rows[name]; found {
			u = salesforce.IntegrationUser{Username: r.Username, ID: id18(r.ID), Name: r.Name, Active: &r.IsActive}
			if sendsKnown {
				u.Sends = new(sends[u.ID])
			}
		}
		out = append(out, u)
	}
	return out
}

// subrows reads the rows of one query of a composite request, and its further pages.
func subrows[T any](a *around, answers []subresponse, ref string) ([]T, error) {
	i := slices.IndexFunc(answers, func(r subresponse) bool { return r.ReferenceID == ref })
	switch {
	case i < 0 && len(answers) > 0 && answers[0].Status != http.StatusOK:
		return nil, errorOf(answers[0].Status, answers[0].Body)
	case i < 0:
		return nil, broken(errors.New("it lacks a part"))
	case answers[i].Status != http.StatusOK:
		return nil, errorOf(answers[i].Status, answers[i].Body)
	}
	var first rows[T]
	if err := json.Unmarshal(answers[i].Body, &first); err != nil {
		return nil, broken(err)
	}
	var out []T
	err := pages(a.ctx, a.s.client, first, maxTrail, func(page rows[T]) { out = append(out, page.Records...) })
	return out, err
}

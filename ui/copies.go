package ui

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/state"
)

// others are the vendor's contacts who could get a copy of the mail.
func (m *mail) others() []state.Person {
	v := m.s.views[m.key]
	if v == nil || !toVendor(v) || m.wrong != nil {
		return nil
	}
	about, _ := m.s.m.VendorNamed(v.Vendor)
	return slices.DeleteFunc(slices.Clone(about.Contacts), func(p state.Person) bool {
		return email.ValidAddress(p.Email) != nil || strings.EqualFold(p.Email, m.draft.To)
	})
}

// askCopies asks who of the vendor gets a copy.
func (m *mail) askCopies() tea.Cmd {
	others := m.others()
	var options []option
	var ticked []bool
	for _, p := range others {
		about := p.Email
		if p.Role != "" {
			about += ", " + p.Role
		}
		options = append(options, option{clean(cmp.Or(p.Name, p.Email)), clean(about)})
		ticked = append(ticked, email.CopyTo(m.draft, p.Email) == m.draft)
	}
	return m.s.push(newChooseSeveral(m.s, "Who gets a copy?", "", "Nobody else", options, ticked, func(ticked []bool) tea.Cmd {
		d := m.draft
		for i, p := range others {
			if ticked[i] {
				d = email.CopyTo(d, p.Email)
			} else {
				d = email.NoCopyTo(d, p.Email)
			}
		}
		if d == m.draft {
			return nil
		}
		d.Edited = true
		m.draft = d
		return m.s.do("who gets a copy", m.s.m.KeepDraft(m.key, d, m.s.act()))
	}))
}

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

// askCopies asks who of the vendor gets a copy, and takes away who gets one already.
func (m *mail) askCopies() tea.Cmd {
	others := m.others()
	var options []option
	for _, p := range others {
		about := "gets no copy"
		if email.CopyTo(m.draft, p.Email) == m.draft {
			about = "gets a copy: enter takes it away"
		}
		if p.Role != "" {
			about = p.Role + ", " + about
		}
		options = append(options, option{cmp.Or(p.Name, p.Email), p.Email + ", " + about})
	}
	return m.s.push(newChoose(m.s, "Who gets a copy?", "", options, 0, func(i int) tea.Cmd {
		d := email.CopyTo(m.draft, others[i].Email)
		if d == m.draft {
			d = email.NoCopyTo(d, others[i].Email)
		}
		d.Edited = true
		m.draft = d
		return m.s.do("who gets a copy", m.s.m.KeepDraft(m.key, d, m.s.act()))
	}))
}

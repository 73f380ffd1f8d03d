package ui

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/state"
)

// A mail to a vendor can be about its endpoints in several orgs: whoever looks after
// them asks once. What is written and sent is then recorded in the work of each.

// elsewhereDue is another org with open endpoints of the vendor.
type elsewhereDue struct {
	id, name  string
	endpoints int
}

// alsoThere are the other orgs in which the vendor is written to, as home listed them.
// Work on files alone has no name that a vendor would know.
func (s *session) alsoThere(vendor string) []elsewhereDue {
	var out []elsewhereDue
	for _, sv := range s.known {
		if sv.ID == s.m.ID || sv.Trouble != "" || sv.Name == "" || sv.Name == sv.ID {
			continue
		}
		for _, d := range sv.Due {
			if state.SameVendor(d.Who, vendor) {
				out = append(out, elsewhereDue{sv.ID, sv.Name, len(d.Endpoints)})
				break
			}
		}
	}
	return out
}

// nameOf is what the saved work with an id is called.
func (s *session) nameOf(id string) string {
	if i := slices.IndexFunc(s.known, func(sv Saved) bool { return sv.ID == id }); i >= 0 {
		return cmp.Or(s.known[i].Name, id)
	}
	return id
}

// namesOf lists what works are called.
func (s *session) namesOf(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, s.nameOf(id))
	}
	return strings.Join(names, ", ")
}

// severalOrgs reports whether the mail can be about other orgs too.
func (m *mail) severalOrgs(v *state.EndpointView) bool {
	return toVendor(v) && (len(m.s.alsoThere(v.Vendor)) > 0 || m.draft.With != "")
}

// othersMsg brings the works that a mail is about besides the one at hand.
type othersMsg struct {
	from   *mail
	others map[string]state.Migration
	err    error
	then   func() tea.Cmd
}

// askOrgs asks about which orgs the mail is. The choice stays with the draft.
func (m *mail) askOrgs(v *state.EndpointView) tea.Cmd {
	there := m.s.alsoThere(v.Vendor)
	choices, options := [][]string{nil}, []option{{label: "This org alone"}}
	var all []string
	for _, o := range there {
		all = append(all, o.id)
		choices = append(choices, []string{o.id})
		options = append(options, option{label: "With " + clean(o.name), about: count(o.endpoints, "endpoint") + " there"})
	}
	if len(all) > 1 {
		choices, options = append(choices, all), append(options, option{label: fmt.Sprintf("With all %d", len(all))})
	}
	current := slices.IndexFunc(choices, func(ids []string) bool { return slices.Equal(ids, m.draft.Others()) })
	about := "The vendor then reads the names of all of them. What you send is recorded in the work of each."
	return m.s.push(newChoose(m.s, "About which orgs?", about, options, current, func(i int) tea.Cmd {
		v := m.s.views[m.key]
		if v == nil || i == current {
			return nil
		}
		anew := func() tea.Cmd { return m.read(choices[i], func() tea.Cmd { return m.about(choices[i]) }) }
		if m.draft.Edited {
			return m.s.push(newConfirm(m.s, "Write it anew?", "The text that you edited is replaced; u brings it back.", "Write it anew", anew))
		}
		return anew()
	}))
}

// about writes the mail anew about other orgs as well, which have been read.
func (m *mail) about(ids []string) tea.Cmd {
	v := m.s.views[m.key]
	if v == nil {
		return nil
	}
	m.with = ids
	m.write(v, email.Kind(m.draft.Kind), email.Language(m.draft.Language))
	return m.s.do("the orgs that the mail is about", m.s.m.KeepDraft(m.key, m.draft, m.s.act()))
}

// read reads other saved works, then goes on. Those that were read stay.
func (m *mail) read(ids []string, then func() tea.Cmd) tea.Cmd {
	missing := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, there := m.works[id]; return there })
	if len(missing) == 0 {
		return then()
	}
	work, names := m.s.deps.Work, m.s.nameOf
	called := map[string]string{}
	for _, id := range missing {
		called[id] = names(id)
	}
	return func() tea.Msg {
		others := map[string]state.Migration{}
		for _, id := range missing {
			handle, other, err := work.Open(id)
			if err == nil {
				err = handle.Close()
			}
			if err != nil {
				return othersMsg{from: m, err: fmt.Errorf("%s can't be read: %w", called[id], err)}
			}
			others[id] = other
		}
		return othersMsg{from: m, others: others, then: then}
	}
}

// othersRead takes what was read.
func (m *mail) othersRead(msg othersMsg) tea.Cmd {
	if msg.err != nil {
		return complain(msg.err)
	}
	if m.works == nil {
		m.works = map[string]state.Migration{}
	}
	maps.Copy(m.works, msg.others)
	return msg.then()
}

// facts are what the mail is filled from: those of the org at hand, and of the others
// that it is about. also are the ids of those that have been read and have endpoints.
func (m *mail) facts(v *state.EndpointView, kind email.Kind, due, now time.Time) (f email.Facts, also []string) {
	f = email.FactsAbout(m.s.m.Org, m.s.aboutVendor(v), m.s.sender(), due, now, email.Show{})
	if !toVendor(v) || kind == email.Manager {
		return f, nil
	}
	var elsewhere []email.Facts
	for _, id := range m.with {
		if other, read := m.works[id]; read {
			if open := other.OpenOf(v.Vendor); len(open) > 0 {
				elsewhere = append(elsewhere, email.FactsAbout(other.Org, open, state.Contact{}, time.Time{}, now, email.Show{}))
				also = append(also, id)
			}
		}
	}
	return email.Together(f, elsewhere...), also
}

// changeElsewhere makes a change in other saved works, each held for as long as that
// takes. It returns how they are called that have it, and what is wrong with the others.
func (s *session) changeElsewhere(ids []string, change func(state.Migration) state.Migration) func() (done []string, failed error) {
	work, called := s.deps.Work, map[string]string{}
	for _, id := range ids {
		called[id] = s.nameOf(id)
	}
	return func() (done []string, failed error) {
		for _, id := range ids {
			handle, m, err := work.Open(id)
			if err == nil {
				err = errors.Join(handle.Save(change(m)), handle.Close())
			}
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %w", called[id], err))
				continue
			}
			done = append(done, called[id])
		}
		return done, failed
	}
}

// recordElsewhere records a mail in other saved works, and says where it is recorded.
// what is that in a word; next says what follows, and later what makes up for a work
// that could not be changed.
func (s *session) recordElsewhere(ids []string, what, next, later string, change func(state.Migration) state.Migration) tea.Cmd {
	if len(ids) == 0 {
		return nil
	}
	record := s.changeElsewhere(ids, change)
	return func() tea.Msg {
		done, failed := record()
		where := strings.Join(append([]string{"here"}, done...), " and in ")
		if failed != nil {
			return complain(fmt.Errorf("%s %s; not in %w. %s", what, where, failed, later))()
		}
		return sayMsg{text: "Recorded as " + what + " " + where + ". " + next + "u takes back what is here."}
	}
}

// writtenElsewhere records in the other works that a mail is about that it left the
// program.
func (s *session) writtenElsewhere(vendor string, d state.Draft, how string) tea.Cmd {
	from, act := s.m.ID, s.act()
	return s.recordElsewhere(d.Others(), "written", "Press s when you have sent it; ", "s makes up for it.", func(m state.Migration) state.Migration {
		return m.MailWrittenIn(from, vendor, d, how, act)
	})
}

// sentElsewhere records in the other works that a mail is about on which day it was sent.
func (s *session) sentElsewhere(v *state.EndpointView, d state.Draft, day time.Time) tea.Cmd {
	from, vendor, act := s.m.ID, v.Vendor, s.act()
	return s.recordElsewhere(d.Others(), "sent", "", "Say it there too.", func(m state.Migration) state.Migration {
		return m.MailSentIn(from, vendor, d, day, act)
	})
}

package ui

import (
	"cmp"
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

// nameAmong is what the saved work with an id is called.
func nameAmong(known []Saved, id string) string {
	if i := slices.IndexFunc(known, func(sv Saved) bool { return sv.ID == id }); i >= 0 {
		return cmp.Or(known[i].Name, id)
	}
	return id
}

// namesOf lists what works are called.
func (s *session) namesOf(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, nameAmong(s.known, id))
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
	there, with := m.s.alsoThere(v.Vendor), m.draft.Others()
	for _, id := range with {
		if !slices.ContainsFunc(there, func(o elsewhereDue) bool { return o.id == id }) {
			there = append(there, elsewhereDue{id: id, name: nameAmong(m.s.known, id)})
		}
	}
	return m.s.push(newChooseOrgs(m.s, there, with, func(ids []string) tea.Cmd {
		if v := m.s.views[m.key]; v == nil || slices.Equal(ids, with) {
			return nil
		}
		anew := func() tea.Cmd { return m.read(ids, func() tea.Cmd { return m.about(ids) }) }
		if m.draft.Edited {
			return m.s.push(newConfirm(m.s, "Write it anew?", "The text that you edited is replaced; u brings it back.", "Write it anew", anew))
		}
		return anew()
	}))
}

// newChooseOrgs asks about which other orgs mails are besides the one at hand.
func newChooseOrgs(s *session, there []elsewhereDue, with []string, accept func(ids []string) tea.Cmd) *choose {
	var options []option
	var ticked []bool
	for _, o := range there {
		about := "nothing is open there any more"
		if o.endpoints > 0 {
			about = count(o.endpoints, "open endpoint") + " there"
		}
		options = append(options, option{clean(o.name), about})
		ticked = append(ticked, slices.Contains(with, o.id))
	}
	about := "A vendor reads the names of all that are ticked. What you send is recorded in the work of each."
	return newChooseSeveral(s, "About which orgs besides this one?", about, "This org alone", options, ticked, func(ticked []bool) tea.Cmd {
		var ids []string
		for i, o := range there {
			if ticked[i] {
				ids = append(ids, o.id)
			}
		}
		return accept(ids)
	})
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
	abroad := m.s.abroad()
	return func() tea.Msg {
		others := map[string]state.Migration{}
		for _, id := range missing {
			other, err := abroad.read(id)
			if err != nil {
				return othersMsg{from: m, err: err}
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
	var works []state.Migration
	for _, id := range m.with {
		if other, read := m.works[id]; read {
			works = append(works, other)
		}
	}
	return togetherWith(f, v.Vendor, works, now)
}

// togetherWith are the facts of a mail to a vendor that is about its open endpoints in
// other works as well. also are the ids of those that have any.
func togetherWith(f email.Facts, vendor string, works []state.Migration, now time.Time) (_ email.Facts, also []string) {
	var elsewhere []email.Facts
	for _, other := range works {
		if open := other.OpenOf(vendor); len(open) > 0 {
			elsewhere = append(elsewhere, email.FactsAbout(other.Org, open, state.Contact{}, time.Time{}, now, email.Show{}))
			also = append(also, other.ID)
		}
	}
	return email.Together(f, elsewhere...), also
}

// recordElsewhere is the errand that records mails in the other works that they are
// about. what is that in a word, next says what follows, and later what makes up for a
// work that could not be changed.
func (s *session) recordElsewhere(mails []state.Mailing, what, next, later string, change func(m state.Migration) state.Migration) errand {
	var ids []string
	for _, one := range mails {
		ids = append(ids, one.Draft.Others()...)
	}
	if len(ids) == 0 {
		return errand{}
	}
	slices.Sort(ids)
	vendor := mails[0].To.Vendor
	if len(mails) > 1 {
		vendor = "these vendors"
	}
	run := s.abroad().change(slices.Compact(ids), func(_ string, m state.Migration) (state.Migration, error) {
		changed := change(m)
		if changed.Seq == m.Seq {
			return m, fmt.Errorf("it writes to %s about nothing any more", vendor)
		}
		return changed, nil
	})
	return errand{run: run, tell: func(out outcome) tea.Msg {
		where := listed("here", out.done)
		if out.failed != nil {
			return complain(fmt.Errorf("%s %s; not in %w. %s", what, where, out.failed, later))()
		}
		return sayMsg{text: "Recorded as " + what + " " + where + ". " + next + "u takes it back in all of them."}
	}}
}

// writtenElsewhere records in the other works that mails are about that they left the
// program.
func (s *session) writtenElsewhere(mails []state.Mailing) errand {
	from, act := s.m.ID, s.act()
	return s.recordElsewhere(mails, "written", "Press s when it is sent; ", "s makes up for it.", func(m state.Migration) state.Migration {
		return m.MailsWrittenIn(from, mails, act)
	})
}

// sentElsewhere records in the other works that mails are about on which day they were
// sent.
func (s *session) sentElsewhere(mails []state.Mailing, day time.Time) errand {
	from, act := s.m.ID, s.act()
	return s.recordElsewhere(mails, "sent", "", "s on the mail's own screen makes up for it.", func(m state.Migration) state.Migration {
		return m.MailsSentIn(from, mails, day, act)
	})
}

package ui

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sidestep/state"
)

// Mails to several vendors can be about other orgs as well, each about those in which
// its vendor is still written to.

// mailsAboutMsg brings the texts of mails that are about other orgs.
type mailsAboutMsg struct {
	from *mailing
	// at is the session's version that they were asked for at.
	at     int
	keys   []string
	drafts []state.Draft
	err    error
}

// joinable are the letters that can be about other orgs.
func (m *mailing) joinable() []letter {
	return slices.DeleteFunc(slices.Clone(m.letters), func(l letter) bool {
		return l.to.Vendor == "" || l.kind == "" || !l.draft.SentAt.IsZero() || l.draft.Edited
	})
}

// alsoThere are the other orgs in which one of the letters' vendors is written to, with
// as many endpoints as all of these vendors have there, and those that letters are
// about already.
func (m *mailing) alsoThere() (all []elsewhereDue) {
	add := func(o elsewhereDue) {
		if i := slices.IndexFunc(all, func(known elsewhereDue) bool { return known.id == o.id }); i >= 0 {
			all[i].endpoints += o.endpoints
			return
		}
		all = append(all, o)
	}
	for _, l := range m.joinable() {
		for _, o := range m.s.alsoThere(l.to.Vendor) {
			add(o)
		}
		for _, id := range l.draft.Others() {
			add(elsewhereDue{id: id, name: nameAmong(m.s.known, id)})
		}
	}
	slices.SortFunc(all, func(a, b elsewhereDue) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.id, b.id))
	})
	return all
}

// askOrgs asks about which other orgs the mails are.
func (m *mailing) askOrgs() tea.Cmd {
	var with []string
	for _, l := range m.joinable() {
		with = append(with, l.draft.Others()...)
	}
	return m.s.push(newChooseOrgs(m.s, m.there, with, m.writeAbout))
}

// writeAbout writes the letters anew about other orgs as well.
func (m *mailing) writeAbout(ids []string) tea.Cmd {
	m.refresh() // what was there when it was asked may have been taken back
	letters := m.joinable()
	m.busy = "Reading the other orgs…"
	out := mailsAboutMsg{from: m, at: m.s.version}
	var texts []func(works []state.Migration) (state.Draft, error)
	for _, l := range letters {
		out.keys = append(out.keys, l.lead())
		texts = append(texts, m.s.writesAnew(l))
	}
	abroad := m.s.abroad()
	cancel, cmd := run(func(ctx context.Context) tea.Msg {
		var works []state.Migration
		for _, id := range ids {
			work, err := abroad.read(id)
			if err != nil {
				out.err = err
				return out
			}
			works = append(works, work)
		}
		for i, text := range texts {
			d, err := text(works)
			if err != nil || ctx.Err() != nil {
				out.err = err
				return out
			}
			d.WrittenAt, d.How = letters[i].draft.WrittenAt, letters[i].draft.How
			out.drafts = append(out.drafts, d)
		}
		return out
	})
	m.cancel = cancel
	return cmd
}

// joined takes in the texts, unless what they were made from was changed meanwhile.
func (m *mailing) joined(msg mailsAboutMsg) tea.Cmd {
	m.busy = ""
	switch {
	case msg.err != nil:
		return complain(msg.err)
	case msg.at != m.s.version:
		return say("Something was changed meanwhile: nothing is written anew.")
	}
	next := m.s.m
	for i, d := range msg.drafts {
		next = next.KeepDraft(msg.keys[i], d, m.s.act())
	}
	cmd := m.s.do("the orgs that the mails are about", next)
	m.refresh()
	edited := 0
	for _, l := range m.letters {
		if l.draft.Edited && l.to.Vendor != "" {
			edited++
		}
	}
	if edited > 0 {
		return tea.Batch(cmd, say(fmt.Sprintf("Texts that you edited stay as they are: %d.", edited)))
	}
	return cmd
}

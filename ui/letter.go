package ui

import (
	"cmp"
	"fmt"

	"sidestep/email"
	"sidestep/state"
)

// letter is one of several mails that are written at once: to whom, and what kind.
type letter struct {
	to   state.Addressee
	kind email.Kind
	// address is the one that it goes to.
	address string
	// why says why none is written, "" if one is.
	why string
	// draft is the mail of that kind as far as there is one.
	draft state.Draft
}

// lead is the endpoint that the mail is kept with.
func (l letter) lead() string { return l.to.Endpoints[0] }

// nobody reports whether no vendor and no person is known.
func (l letter) nobody() bool { return l.to.Vendor == "" && l.to.Owner == (state.Contact{}) }

// who is whom the letter goes to, in a few words.
func (l letter) who() string {
	return cmp.Or(l.to.Vendor, l.to.Owner.Name, l.to.Owner.Email, "nobody yet")
}

// toColleagues are the kinds that take the place of those to a vendor.
var toColleagues = map[email.Kind]email.Kind{email.First: email.Owner, email.Reminder: email.OwnerReminder}

// letters are the mails of a kind about endpoints: First, Reminder or Escalation,
// and to colleagues what is like it.
func (s *session) letters(keys []string, kind email.Kind) []letter {
	var out []letter
	for _, to := range s.m.Addressees(keys) {
		v := s.views[to.Endpoints[0]]
		if v == nil {
			continue
		}
		l := letter{to: to, kind: kind}
		first := email.First
		if to.Vendor == "" && v.Route != state.VendorContact {
			l.kind, first = toColleagues[kind], email.Owner
		}
		l.draft = v.Drafts[string(l.kind)]
		l.address = to.Owner.Email
		if l.kind == email.Escalation {
			l.address = cmp.Or(v.EscalateTo.Email, l.address)
		}
		own, kept := s.keptLetter(l)
		if kept {
			l.address = cmp.Or(own.To, l.address)
		}
		l.why = l.notWritten(v.Drafts[string(first)], kept)
		out = append(out, l)
	}
	return out
}

// notWritten says why a letter is not written; first is the mail that others follow,
// own is true where there is a text that is kept.
func (l letter) notWritten(first state.Draft, own bool) string {
	switch {
	case l.nobody():
		return "no owner yet"
	case l.kind == "":
		return "a colleague is not escalated"
	case !l.draft.SentAt.IsZero():
		return "sent on " + day(l.draft.SentAt)
	case l.draft.With != "" && !own:
		return "about several orgs, in another language"
	case l.kind != email.First && l.kind != email.Owner && first.SentAt.IsZero():
		return "no first mail was sent yet"
	case l.address == "":
		return "no address yet"
	case email.ValidAddress(l.address) != nil:
		return "not a mail address: " + clean(l.address)
	}
	return ""
}

// keptLetter is the text that is not filled in anew, if it is in the language at hand:
// one that the admin has edited, or for which other orgs were read.
func (s *session) keptLetter(l letter) (state.Draft, bool) {
	return l.draft, (l.draft.Edited || l.draft.With != "") && l.draft.Language == languageOf(s.views[l.lead()])
}

// writes prepares a letter: what it returns gives its text and touches nothing of the
// session.
func (s *session) writes(l letter) func() (state.Draft, error) {
	if own, kept := s.keptLetter(l); kept {
		own.To = l.address
		return func() (state.Draft, error) { return own, nil }
	}
	anew := s.writesAnew(l)
	return func() (state.Draft, error) { return anew(nil) }
}

// writesAnew prepares a letter: what it returns fills in the text, with a copy to the
// others that it names, and about what other works have of the vendor.
func (s *session) writesAnew(l letter) func(works []state.Migration) (state.Draft, error) {
	v, now := s.views[l.lead()], s.deps.Now()
	due := v.Due
	if due.IsZero() {
		due = now.Add(state.AnswerWithin)
	}
	var about []state.EndpointView
	for _, o := range s.viewsOf(l.to.Endpoints) {
		about = append(about, *o)
	}
	texts := s.deps.Texts
	org, sender, lang := s.m.Org, s.sender(), email.Language(languageOf(v))
	return func(works []state.Migration) (state.Draft, error) {
		facts, also := togetherWith(email.FactsAbout(org, about, sender, due, now, email.Show{}), l.to.Vendor, works, now)
		d, err := texts.Draft(l.kind, lang, facts)
		if err != nil {
			return d, fmt.Errorf("the mail to %s: %w", l.who(), err)
		}
		d.To = l.address
		return email.CopyTo(d, facts.Contact.Email).AlsoAbout(also), nil
	}
}

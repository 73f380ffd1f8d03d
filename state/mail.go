package state

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Mails to a vendor belong to the vendor's record, which all its endpoints share;
// those to a colleague belong to the endpoint. The intents of this file are given
// the endpoint that the admin looks at and find out where the mail belongs.

// vendorOf is the vendor to whom mails about an endpoint go, "" for a colleague.
func (m Migration) vendorOf(key string) string {
	e := m.Endpoints[key]
	if e.Route == InternalFix {
		return ""
	}
	return e.Vendor
}

// shared is an endpoint with what its vendor's record says of contact, language,
// day and mails.
func (m Migration) shared(e Endpoint) Endpoint {
	if m.vendorOf(e.Key) == "" {
		return e
	}
	v, known := m.Vendors[vendorKey(e.Vendor)]
	if !known {
		return e
	}
	if e.Owner == (Contact{}) && len(v.Contacts) > 0 {
		e.Owner = v.Contacts[0].Contact
	}
	if v.Language != "" {
		e.Language = v.Language
	}
	if !v.AnswerBy.IsZero() {
		e.Due = v.AnswerBy
	}
	if len(v.Drafts) > 0 {
		// Mails that were written before the vendor was named stay in sight.
		e.Drafts = cloned(e.Drafts)
		maps.Copy(e.Drafts, v.Drafts)
	}
	return e
}

// escalates are the beginnings of words in a role that is made for escalations, the
// plainest first.
var escalates = [][]string{{"escal", "eskal"}, {"manag", "director", "direkt", "direct", "head", "leit", "chief"}}

// escalatesTo is the contact of an endpoint's vendor whose role is made for
// escalations, nobody where none has such a role.
func (m Migration) escalatesTo(e Endpoint) Contact {
	if m.vendorOf(e.Key) == "" {
		return Contact{}
	}
	for _, words := range escalates {
		for _, p := range m.Vendors[vendorKey(e.Vendor)].Contacts {
			for word := range strings.FieldsFuncSeq(strings.ToLower(p.Role), func(r rune) bool { return !unicode.IsLetter(r) }) {
				if p.Email != "" && slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(word, w) }) {
					return p.Contact
				}
			}
		}
	}
	return Contact{}
}

// Said is what a vendor said last: when it answered, zero for never, and the day that it
// named for the repair, zero for none.
type Said struct{ Answered, Promised time.Time }

// said is what an endpoint's vendor said last.
func (m Migration) said(e Endpoint) Said {
	if m.vendorOf(e.Key) == "" {
		return Said{}
	}
	v := m.Vendors[vendorKey(e.Vendor)]
	answer, _ := v.lastAnswer()
	return Said{answer.At, v.Promised}
}

// AskBy sets the day by which an answer or the fix is asked for; the zero time
// takes it back.
func (m Migration) AskBy(key string, due time.Time, act Act) Migration {
	what := "answer asked for by " + due.Format(time.DateOnly)
	if due.IsZero() {
		what = "no day asked for"
	}
	if vendor := m.vendorOf(key); vendor != "" {
		return m.editVendor(vendor, act, what, func(v *Vendor) { v.AnswerBy = due })
	}
	return m.edit(key, act, what, func(e *Endpoint) { e.Due = due })
}

// SpeakTo sets the language of the mails.
func (m Migration) SpeakTo(key, language string, act Act) Migration {
	if vendor := m.vendorOf(key); vendor != "" {
		return m.editVendor(vendor, act, "", func(v *Vendor) { v.Language = language })
	}
	return m.edit(key, act, "", func(e *Endpoint) { e.Language = language })
}

// KeepDraft saves a draft as the admin left it.
func (m Migration) KeepDraft(key string, d Draft, act Act) Migration {
	if vendor := m.vendorOf(key); vendor != "" {
		return m.editVendor(vendor, act, "", func(v *Vendor) { v.Drafts[d.Kind] = d })
	}
	return m.edit(key, act, "", func(e *Endpoint) { e.Drafts[d.Kind] = d })
}

// MailWritten records that a draft left the program, and how. One to a vendor is
// about all of the vendor's endpoints.
func (m Migration) MailWritten(key string, d Draft, how string, act Act) Migration {
	return m.MailsWritten([]Mailing{{Addressee{Endpoints: []string{key}}, d, how}}, act)
}

// MailSent says on which day the last mail of a kind was sent. The program sends
// nothing: only the admin knows. It settles the step that the mail belongs to.
func (m Migration) MailSent(key, kind string, day time.Time, act Act) Migration {
	return m.MailsSent([]Mailing{{To: Addressee{Endpoints: []string{key}}, Draft: Draft{Kind: kind}}}, day, act)
}

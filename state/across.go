package state

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A mail to a vendor can be about endpoints in several migrations. Each of them then
// has the mail in its own record of the vendor: with whoever opens it, the chasing
// goes on from there.

// Others are the ids of the other migrations that a mail is about.
func (d Draft) Others() []string {
	if d.With == "" {
		return nil
	}
	return strings.Split(d.With, ",")
}

// AlsoAbout is the draft as a mail that is about other migrations as well; none makes
// it one about its own again.
func (d Draft) AlsoAbout(ids []string) Draft {
	d.With = strings.Join(ids, ",")
	return d
}

// seenFrom is a draft of the migration from as its other migration to has it.
func (d Draft) seenFrom(from, to string) Draft {
	ids := slices.DeleteFunc(d.Others(), func(id string) bool { return id == to })
	return d.AlsoAbout(append([]string{from}, ids...))
}

// OpenOf are the views of a vendor's endpoints about which it is written to: those
// that are not finished, and not repaired by the own company.
func (m Migration) OpenOf(vendor string) []EndpointView {
	var open []EndpointView
	for _, h := range m.Overview().Hosts {
		for _, v := range h.Endpoints {
			if v.mailsToVendor() && !v.finished() && SameVendor(v.Vendor, vendor) {
				open = append(open, v)
			}
		}
	}
	return open
}

// asksVendorAbout is an endpoint with which mails to a vendor are recorded, "" for none.
func (m Migration) asksVendorAbout(vendor string) string {
	for _, key := range m.EndpointsOf(vendor) {
		if m.Endpoints[key].mailsToVendor() {
			return key
		}
	}
	return ""
}

// MailsWrittenIn records that mails left the program which were written in the
// migration from: those that are about endpoints here as well. Where their vendor has
// none here nothing changes.
func (m Migration) MailsWrittenIn(from string, all []Mailing, act Act) Migration {
	var here []Mailing
	for _, one := range all {
		if key := m.asksVendorAbout(one.To.Vendor); key != "" && slices.Contains(one.Draft.Others(), m.ID) {
			here = append(here, Mailing{Addressee{Vendor: one.To.Vendor, Endpoints: []string{key}}, one.Draft.seenFrom(from, m.ID), one.How})
		}
	}
	if len(here) == 0 {
		return m
	}
	return m.MailsWritten(here, act)
}

// MailsSentIn says on which day such mails were sent. One that could not be recorded
// as written before is now.
func (m Migration) MailsSentIn(from string, all []Mailing, day time.Time, act Act) Migration {
	var missing, here []Mailing
	for _, one := range all {
		key := m.asksVendorAbout(one.To.Vendor)
		if key == "" || !slices.Contains(one.Draft.Others(), m.ID) {
			continue
		}
		v, _ := m.VendorNamed(one.To.Vendor)
		if i := lastLetter(v.Letters, one.Draft.Kind); i < 0 || v.Letters[i].Subject != one.Draft.Subject {
			missing = append(missing, Mailing{one.To, one.Draft, one.Draft.How})
		}
		here = append(here, Mailing{To: Addressee{Endpoints: []string{key}}, Draft: one.Draft})
	}
	if len(here) == 0 {
		return m
	}
	return m.MailsWrittenIn(from, missing, act).MailsSent(here, day, act)
}

// TakenFrom is a vendor's record with what the record of another migration has of
// contacts, language, ticket and promised day: people join, the rest takes the place of
// what was noted here. Notes stay as they are: they may be about one company alone.
func (v Vendor) TakenFrom(other Vendor) Vendor {
	v.Contacts = slices.Clone(v.Contacts)
	for _, p := range other.Contacts {
		same := func(known Person) bool {
			if p.Email == "" {
				return strings.EqualFold(known.Name, p.Name)
			}
			return strings.EqualFold(known.Email, p.Email)
		}
		if !slices.ContainsFunc(v.Contacts, same) {
			v.Contacts = append(v.Contacts, p)
		}
	}
	v.Language = cmp.Or(other.Language, v.Language)
	if other.Ticket != "" || other.TicketLink != "" {
		v.Ticket, v.TicketLink = other.Ticket, other.TicketLink
	}
	if !other.Promised.IsZero() {
		v.Promised = other.Promised
	}
	return v
}

// WithNotesFrom is a vendor's record with the notes of another migration's record too.
func (v Vendor) WithNotesFrom(other Vendor) Vendor {
	v.Notes = slices.Clip(v.Notes)
	for _, n := range other.Notes {
		if !slices.ContainsFunc(v.Notes, func(known Note) bool { return known.Text == n.Text }) {
			v.Notes = append(v.Notes, n)
		}
	}
	return v
}

// Agreed records what was agreed with a vendor: all that DescribeVendor does, the
// promised day, and notes.
func (m Migration) Agreed(about Vendor, act Act) Migration {
	was, _ := m.VendorNamed(about.Name)
	m = m.DescribeVendor(about, act)
	if len(about.Notes) > len(was.Notes) {
		m = m.editVendor(about.Name, act, "notes taken over", func(v *Vendor) { v.Notes = about.Notes })
	}
	if !about.Promised.Equal(was.Promised) {
		m = m.Promise(about.Name, about.Promised, act)
	}
	return m
}

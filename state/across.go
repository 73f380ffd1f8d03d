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

// MailWrittenIn records that a draft left the program which was written in the
// migration from and is about the vendor's endpoints here as well. Where the vendor
// has none here nothing changes.
func (m Migration) MailWrittenIn(from, vendor string, d Draft, how string, act Act) Migration {
	key := m.asksVendorAbout(vendor)
	if key == "" {
		return m
	}
	return m.MailWritten(key, d.seenFrom(from, m.ID), how, act)
}

// MailSentIn says on which day such a mail was sent. Where it could not be recorded
// as written before, it is now.
func (m Migration) MailSentIn(from, vendor string, d Draft, day time.Time, act Act) Migration {
	key := m.asksVendorAbout(vendor)
	if key == "" {
		return m
	}
	v, _ := m.VendorNamed(vendor)
	if i := lastLetter(v.Letters, d.Kind); i < 0 || v.Letters[i].Subject != d.Subject {
		m = m.MailWrittenIn(from, vendor, d, d.How, act)
	}
	return m.MailSent(key, d.Kind, day, act)
}

// TakenFrom is a vendor's record with what the record of another migration has of
// contacts, language, ticket and promised day: people join, the rest takes the place of
// what was noted here.
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

// Agreed records what was agreed with a vendor: all that DescribeVendor does, and the
// promised day.
func (m Migration) Agreed(about Vendor, act Act) Migration {
	was, _ := m.VendorNamed(about.Name)
	m = m.DescribeVendor(about, act)
	if !about.Promised.Equal(was.Promised) {
		m = m.Promise(about.Name, about.Promised, act)
	}
	return m
}

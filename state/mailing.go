package state

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Addressee is whom one mail goes to, and what it is about.
type Addressee struct {
	// Vendor is its name, "" for a person of the own company, or one of whom nobody
	// said which company it is.
	Vendor string
	// Owner is the person that the first endpoint with one names; both may be empty.
	Owner Contact
	// Endpoints are the keys of what the mail is about: first those that were asked
	// for, then the vendor's other ones that are still open.
	Endpoints []string
	// Asked is how many of them were asked for.
	Asked int
}

// Addressees says to whom mails about several endpoints go: to each vendor one,
// about all of its open endpoints, and to each person one. Endpoints that are
// finished are left out. Those without vendor and owner come last, as one
// addressee that is nobody.
func (m Migration) Addressees(keys []string) []Addressee {
	var order []string
	groups := map[string]*Addressee{}
	asked := map[string]bool{}
	for _, key := range keys {
		e, there := m.Endpoints[key]
		if !there || asked[key] || e.finished() {
			continue
		}
		asked[key] = true
		e = m.shared(e)
		id, vendor := e.addressee(), ""
		if e.mailsToVendor() {
			v, _ := m.VendorNamed(e.Vendor)
			vendor = v.Name
		}
		g := groups[id]
		if g == nil {
			g = &Addressee{Vendor: vendor}
			groups[id] = g
			order = append(order, id)
		}
		g.Endpoints = append(g.Endpoints, key)
		g.Asked++
	}
	for _, key := range slices.Sorted(maps.Keys(m.Endpoints)) {
		e := m.Endpoints[key]
		if g := groups[e.addressee()]; g != nil && g.Vendor != "" && !asked[key] && e.mailsToVendor() && !e.finished() {
			g.Endpoints = append(g.Endpoints, key)
		}
	}
	out := make([]Addressee, 0, len(order))
	for _, id := range order {
		g := groups[id]
		g.Owner = m.ownerAmong(g.Endpoints)
		out = append(out, *g)
	}
	nobody := func(a Addressee) int {
		if a.Vendor == "" && a.Owner == (Contact{}) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(out, func(a, b Addressee) int { return cmp.Compare(nobody(a), nobody(b)) })
	return out
}

func (e Endpoint) finished() bool { return e.Route != Undecided && ProgressOf(e, e.Route).Complete() }

// mailsToVendor reports whether mails about the endpoint belong to its vendor.
func (e Endpoint) mailsToVendor() bool { return e.Route != InternalFix && vendorKey(e.Vendor) != "" }

// addressee tells whom mails about the endpoint go to, the same for the same one.
func (e Endpoint) addressee() string {
	if e.mailsToVendor() {
		return "vendor " + vendorKey(e.Vendor)
	}
	if who := strings.ToLower(cmp.Or(e.Owner.Email, e.Owner.Name)); who != "" {
		return string(e.Route.asksVendor()) + " " + who
	}
	return ""
}

// asksVendor keeps the routes apart in which one writes to a vendor from those in
// which one writes to a colleague.
func (r Route) asksVendor() Route {
	if r == VendorContact {
		return VendorContact
	}
	return InternalFix
}

// ownerAmong is the first person with an address among endpoints, else the first
// person at all.
func (m Migration) ownerAmong(keys []string) (owner Contact) {
	for _, key := range keys {
		switch c := m.shared(m.Endpoints[key]).Owner; {
		case c.Email != "":
			return c
		case owner == Contact{}:
			owner = c
		}
	}
	return owner
}

// Mailing is a mail that leaves the program together with others, and how.
type Mailing struct {
	To    Addressee
	Draft Draft
	How   string
}

// MailsWritten records that several mails left the program, as one change. One to
// a vendor is about all of the vendor's endpoints.
func (m Migration) MailsWritten(all []Mailing, act Act) Migration {
	of := m.endpointsByVendor()
	next, written := m.apart(all), false
	for _, one := range all {
		d, about := one.Draft, one.To.Endpoints
		d.WrittenAt, d.How, d.SentAt = act.At, one.How, time.Time{}
		what := fmt.Sprintf(EventWritten+" (%s): %s", d.How, d.Subject)
		if d.With != "" {
			// The subject names the other companies, and a history is shown to others.
			what = fmt.Sprintf(EventWritten+" (%s), about other orgs as well", d.How)
		}
		vendor := m.vendorOf(about[0])
		if vendor == "" {
			written = next.put(about, act, what, func(e *Endpoint) { e.Drafts[d.Kind] = d }) || written
			continue
		}
		written = true
		about = of[vendorKey(vendor)]
		next.putVendor(vendor, act, what, func(v *Vendor) {
			v.Drafts[d.Kind] = d
			v.Letters = append(slices.Clip(v.Letters), Letter{
				Kind: d.Kind, Subject: d.Subject, To: d.To, Cc: d.Cc, Endpoints: about, With: d.With, WrittenAt: act.At, How: d.How, AnswerBy: v.AnswerBy,
			})
		})
		next.put(about, act, what, func(*Endpoint) {})
	}
	if !written {
		return m
	}
	return next.touched(act)
}

// apart is m with maps of its own for everything that mails change.
func (m Migration) apart(all []Mailing) Migration {
	next := m
	next.Endpoints = maps.Clone(m.Endpoints)
	if slices.ContainsFunc(all, func(one Mailing) bool { return m.vendorOf(one.To.Endpoints[0]) != "" }) {
		next.Vendors = cloned(m.Vendors)
	}
	return next
}

// MailsSent says, as one change, on which day several mails were sent that had
// been written. It settles the steps that they belong to.
func (m Migration) MailsSent(all []Mailing, day time.Time, act Act) Migration {
	next, sent := m.apart(all), false
	for _, one := range all {
		kind, about := one.Draft.Kind, one.To.Endpoints
		if vendor := m.vendorOf(about[0]); vendor != "" {
			v, _ := m.VendorNamed(vendor)
			i := lastLetter(v.Letters, kind)
			if i < 0 {
				continue
			}
			about = v.Letters[i].Endpoints
			next.putVendor(vendor, act, "", func(v *Vendor) { v.sent(i, day) })
		} else if _, written := m.Endpoints[about[0]].Drafts[kind]; !written {
			continue
		}
		sent = true
		next.put(about, act, EventSent+day.Format(time.DateOnly), func(e *Endpoint) { e.mailSent(kind, day, act) })
	}
	if !sent {
		return m
	}
	return next.touched(act)
}

// mailSent marks the draft as sent, and settles the step that it belongs to.
func (e *Endpoint) mailSent(kind string, day time.Time, act Act) {
	if d, own := e.Drafts[kind]; own {
		d.SentAt = day
		e.Drafts[kind] = d
	}
	for _, step := range e.Checklist(e.Route) {
		if step.Mail == kind && e.Ticks[step.ID].State == ToDo {
			e.Ticks[step.ID] = Tick{State: Done, Note: "sent on " + day.Format(time.DateOnly), At: act.At, By: act.By}
		}
	}
}

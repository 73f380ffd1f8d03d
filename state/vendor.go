package state

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Vendor is a company that runs receivers, with all that was agreed with it. The
// endpoints that name it share it: it is asked once, and answers once.
type Vendor struct {
	Name     string   `json:"name"`
	Contacts []Person `json:"contacts,omitempty"`
	// Language is that of its mails, "" for English.
	Language string `json:"language,omitempty"`
	// Ticket is the number of the support case, and TicketLink where it is found.
	Ticket     string `json:"ticket,omitempty"`
	TicketLink string `json:"ticketLink,omitempty"`
	// AnswerBy is the day by which an answer is asked for, Promised the day by which
	// the vendor promised the repair.
	AnswerBy time.Time `json:"answerBy,omitzero"`
	Promised time.Time `json:"promised,omitzero"`
	// Drafts are the mails at hand, by kind; Letters are those that left the program.
	Drafts  map[string]Draft `json:"drafts,omitempty"`
	Letters []Letter         `json:"letters,omitempty"`
	Answers []Answer         `json:"answers,omitempty"`
	Notes   []Note           `json:"notes,omitempty"`
	History []Event          `json:"history,omitempty"`
}

// Person is somebody at a vendor's, and what they are there.
type Person struct {
	Contact
	Role string `json:"role,omitempty"`
}

// Letter is a mail that left the program. It counts as sent once the admin says so.
type Letter struct {
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	To      string `json:"to"`
	// Cc are those who got a copy, separated by commas.
	Cc string `json:"cc,omitempty"`
	// Endpoints are the keys of those that it is about, With the ids of other
	// migrations with more of them, as in a Draft.
	Endpoints []string  `json:"endpoints,omitempty"`
	With      string    `json:"with,omitempty"`
	WrittenAt time.Time `json:"writtenAt"`
	How       string    `json:"how"`
	SentAt    time.Time `json:"sentAt,omitzero"`
	// AnswerBy is the day by which it asks for an answer.
	AnswerBy time.Time `json:"answerBy,omitzero"`
}

// Answer is what a vendor answered.
type Answer struct {
	// At is when it came.
	At      time.Time `json:"at"`
	From    string    `json:"from,omitempty"`
	Subject string    `json:"subject,omitempty"`
	Text    string    `json:"text"`
	// Promised is the day that it names for the repair, zero for none.
	Promised time.Time `json:"promised,omitzero"`
	By       string    `json:"by"`
}

// vendorKey recognises a vendor however its name is written.
func vendorKey(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// SameVendor reports whether two names are those of one vendor.
func SameVendor(a, b string) bool { return vendorKey(a) == vendorKey(b) && vendorKey(a) != "" }

// VendorNamed is the vendor with that name. One of which nothing is noted yet has
// just its name; false means that there is no name.
func (m Migration) VendorNamed(name string) (Vendor, bool) {
	if v, ok := m.Vendors[vendorKey(name)]; ok {
		return v, true
	}
	return Vendor{Name: strings.TrimSpace(name)}, vendorKey(name) != ""
}

// editVendor is how every intent changes a vendor: on a copy, with a line of history.
func (m Migration) editVendor(name string, act Act, what string, change func(*Vendor)) Migration {
	if _, ok := m.VendorNamed(name); !ok {
		return m
	}
	m.Vendors = cloned(m.Vendors)
	m.putVendor(name, act, what, change)
	return m.touched(act)
}

// putVendor changes a vendor in a map that is not shared with an earlier value.
func (m Migration) putVendor(name string, act Act, what string, change func(*Vendor)) {
	v, _ := m.VendorNamed(name)
	v.Drafts = cloned(v.Drafts)
	change(&v)
	if what != "" {
		v.History = append(slices.Clip(v.History), Event{At: act.At, By: act.By, What: what})
	}
	m.Vendors[vendorKey(name)] = v
}

// DescribeVendor records whom to write to, in which language, and under which
// ticket. Letters, answers and notes stay as they are.
func (m Migration) DescribeVendor(about Vendor, act Act) Migration {
	was, _ := m.VendorNamed(about.Name)
	next := m.editVendor(about.Name, act, was.changedTo(about), func(v *Vendor) {
		v.Name, v.Contacts, v.Language, v.Ticket, v.TicketLink = strings.TrimSpace(about.Name), about.Contacts, about.Language, about.Ticket, about.TicketLink
	})
	return next.settled(m.EndpointsOf(about.Name), act)
}

// changedTo says in words what a new description of a vendor changes.
func (v Vendor) changedTo(about Vendor) string {
	var what []string
	note := func(changed bool, label, text string) {
		if changed {
			what = append(what, label+": "+cmp.Or(text, "none"))
		}
	}
	var people []string
	for _, p := range about.Contacts {
		people = append(people, cmp.Or(p.Name, p.Email))
	}
	note(!slices.Equal(v.Contacts, about.Contacts), "contacts", strings.Join(people, ", "))
	note(v.Language != about.Language, "language", about.Language)
	note(v.Ticket != about.Ticket, "ticket", about.Ticket)
	note(v.TicketLink != about.TicketLink, "link", about.TicketLink)
	return strings.Join(what, "; ")
}

// NameVendor says of several endpoints, as one change, which vendor runs them; ""
// says that the own company does.
func (m Migration) NameVendor(keys []string, name string, act Act) Migration {
	name = strings.TrimSpace(name)
	return m.editAll(keys, act, "vendor: "+cmp.Or(name, "our own company"), func(e *Endpoint) { e.Vendor = name }).settled(keys, act)
}

// RenameVendor gives a vendor another name, in its record and with its endpoints:
// all that was agreed stays together. It changes nothing where another vendor has
// that name already (VendorKnown), or there is none.
func (m Migration) RenameVendor(from, to string, act Act) Migration {
	to = strings.Join(strings.Fields(to), " ")
	v, named := m.VendorNamed(from)
	if !named || vendorKey(to) == "" || v.Name == to || !SameVendor(from, to) && m.VendorKnown(to) {
		return m
	}
	keys, what := m.EndpointsOf(from), "vendor: "+to+", before "+v.Name
	m = m.editVendor(from, act, what, func(v *Vendor) { v.Name = to })
	record := m.Vendors[vendorKey(from)]
	delete(m.Vendors, vendorKey(from)) // a map of its own since it was edited
	m.Vendors[vendorKey(to)] = record
	m.Endpoints = maps.Clone(m.Endpoints)
	m.put(keys, act, what, func(e *Endpoint) { e.Vendor = to })
	return m
}

// VendorKnown reports whether a vendor of that name has a record or an endpoint.
func (m Migration) VendorKnown(name string) bool {
	_, recorded := m.Vendors[vendorKey(name)]
	return recorded || len(m.EndpointsOf(name)) > 0
}

// NameOwner says of several endpoints, as one change, which person is to be talked
// to; the vendor stays. Nobody is a person too: then the vendor's contacts count.
func (m Migration) NameOwner(keys []string, owner Contact, act Act) Migration {
	who := strings.Join(slices.DeleteFunc([]string{owner.Name, owner.Email}, func(s string) bool { return s == "" }), ", ")
	return m.editAll(keys, act, "owner: "+cmp.Or(who, "nobody"), func(e *Endpoint) { e.Owner = owner }).settled(keys, act)
}

// Promise records the day by which the vendor promised the repair; the zero time
// takes it back.
func (m Migration) Promise(name string, day time.Time, act Act) Migration {
	what := "repair promised by " + day.Format(time.DateOnly)
	if day.IsZero() {
		what = "promised day taken back"
	}
	return m.editVendor(name, act, what, func(v *Vendor) { v.Promised = day }).settled(m.EndpointsOf(name), act)
}

// NoteVendor keeps a remark on a vendor.
func (m Migration) NoteVendor(name, text string, act Act) Migration {
	return m.editVendor(name, act, "", func(v *Vendor) {
		v.Notes = append(slices.Clip(v.Notes), Note{Text: text, At: act.At, By: act.By})
	})
}

// Answered keeps what a vendor answered, with the day that it promises.
func (m Migration) Answered(name string, a Answer, act Act) Migration {
	a.By = act.By
	if a.At.IsZero() {
		a.At = act.At
	}
	what := EventAnswered
	if !a.Promised.IsZero() {
		what += ", repair promised by " + a.Promised.Format(time.DateOnly)
	}
	next := m.editVendor(name, act, what, func(v *Vendor) {
		v.Answers = append(slices.Clip(v.Answers), a)
		if !a.Promised.IsZero() {
			v.Promised = a.Promised
		}
	})
	return next.settled(m.EndpointsOf(name), act)
}

// sent marks a letter, and the draft that it was, as sent.
func (v *Vendor) sent(i int, day time.Time) {
	v.Letters = slices.Clone(v.Letters)
	v.Letters[i].SentAt = day
	d := v.Drafts[v.Letters[i].Kind]
	d.SentAt = day
	v.Drafts[d.Kind] = d
}

func lastLetter(letters []Letter, kind string) int {
	for i := len(letters) - 1; i >= 0; i-- {
		if letters[i].Kind == kind {
			return i
		}
	}
	return -1
}

// EndpointsOf are the keys of the endpoints that a vendor runs, sorted.
func (m Migration) EndpointsOf(name string) []string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(m.Endpoints)) {
		if e := m.Endpoints[key]; e.Vendor != "" && vendorKey(e.Vendor) == vendorKey(name) {
			keys = append(keys, key)
		}
	}
	return keys
}

// endpointsByVendor are the same for every vendor, by its key.
func (m Migration) endpointsByVendor() map[string][]string {
	of := map[string][]string{}
	for _, key := range slices.Sorted(maps.Keys(m.Endpoints)) {
		if vendor := vendorKey(m.Endpoints[key].Vendor); vendor != "" {
			of[vendor] = append(of[vendor], key)
		}
	}
	return of
}

// VendorNames are the vendors that endpoints name, sorted, each once.
func (m Migration) VendorNames() []string {
	names := map[string]string{}
	for _, e := range m.Endpoints {
		if key := vendorKey(e.Vendor); key != "" {
			v, _ := m.VendorNamed(e.Vendor)
			names[key] = v.Name
		}
	}
	return slices.Sorted(maps.Values(names))
}

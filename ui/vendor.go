package ui

import (
	"cmp"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/state"
)

// vendor answers: what did we agree with them, and what is next?
type vendor struct {
	s    *session
	name string
	// before are the names that it had, the last one last: undo may bring them back.
	before []string
	tab    vendorTab
	// cursor and offset are kept for each tab.
	cursor, offset [vendorTabs]int
	page           int

	// What follows is worked out from the session's version that was drawn.
	drawn     int
	about     state.Vendor
	next      state.Due
	waits     bool
	endpoints []*state.EndpointView
	rows      []vendorRow
	moments   []moment
}

type vendorTab int

const (
	recordTab vendorTab = iota
	timelineTab
	vendorTabs
)

// vendorRow is a line of the record that the cursor can stand on.
type vendorRow struct {
	part vendorPart
	// at is which contact or note of the record it is.
	at int
	// person is a contact, or the owner of an endpoint who could become one.
	person   state.Person
	endpoint *state.EndpointView
	// in is the other org in which a person is noted, there a record in another org.
	in    string
	there recordThere
}

type vendorPart int

const (
	contactPart vendorPart = iota
	ownerPart
	elsewherePart
	languagePart
	ticketPart
	promisePart
	levelPart
	endpointPart
	notePart
)

func newVendor(s *session, name string) *vendor {
	v := &vendor{s: s, name: name, page: 10, drawn: -1}
	v.refresh()
	return v
}

func (v *vendor) Init() tea.Cmd { return nil }
func (v *vendor) Crumb() string { return v.about.Name }

// refresh works out what is shown anew after the work has changed.
func (v *vendor) refresh() {
	if v.drawn == v.s.version {
		return
	}
	v.drawn = v.s.version
	m := v.s.m
	v.settleName()
	v.about, _ = m.VendorNamed(v.name)
	v.next, v.waits = m.Next(v.name)
	v.endpoints, v.rows = nil, nil
	for _, key := range m.EndpointsOf(v.name) {
		if e := v.s.views[key]; e != nil {
			v.endpoints = append(v.endpoints, e)
		}
	}
	for i, p := range v.about.Contacts {
		v.rows = append(v.rows, vendorRow{part: contactPart, at: i, person: p})
	}
	v.rows = append(v.rows, v.owners()...)
	v.rows = append(v.rows, v.elsewhere()...)
	v.rows = append(v.rows, vendorRow{part: languagePart}, vendorRow{part: ticketPart}, vendorRow{part: promisePart})
	for _, r := range v.recordsThere() {
		v.rows = append(v.rows, vendorRow{part: levelPart, there: r})
	}
	for _, e := range v.endpoints {
		v.rows = append(v.rows, vendorRow{part: endpointPart, endpoint: e})
	}
	for i := len(v.about.Notes) - 1; i >= 0; i-- {
		v.rows = append(v.rows, vendorRow{part: notePart, at: i})
	}
	v.moments = timeline(m, v.about)
	v.cursor[recordTab] = min(v.cursor[recordTab], len(v.rows)-1)
	v.cursor[timelineTab] = max(0, min(v.cursor[timelineTab], len(v.moments)-1))
}

// owners are people who are noted with an endpoint and not with the vendor.
func (v *vendor) owners() []vendorRow {
	known := map[state.Contact]bool{}
	for _, p := range v.about.Contacts {
		known[p.Contact] = true
	}
	var rows []vendorRow
	for _, e := range v.endpoints {
		owner := v.s.m.Endpoints[e.Key].Owner
		if owner == (state.Contact{}) || known[owner] || e.Route == state.InternalFix {
			continue
		}
		known[owner] = true
		rows = append(rows, vendorRow{part: ownerPart, person: state.Person{Contact: owner}, endpoint: e})
	}
	return rows
}

// elsewhere are people whom the records of other orgs name, and nobody here does:
// whoever works for several orgs asks a vendor's support once.
func (v *vendor) elsewhere() []vendorRow {
	known := map[string]bool{}
	note := func(p state.Person) bool {
		key := strings.ToLower(cmp.Or(p.Email, p.Name))
		again := known[key]
		known[key] = true
		return !again
	}
	for _, r := range v.rows {
		note(r.person)
	}
	var rows []vendorRow
	for _, sv := range v.s.known {
		for _, other := range sv.Vendors {
			if sv.ID == v.s.m.ID || !state.SameVendor(other.Name, v.name) {
				continue
			}
			for _, p := range other.Contacts {
				if note(p) {
					rows = append(rows, vendorRow{part: elsewherePart, person: p, in: sv.Name})
				}
			}
		}
	}
	return rows
}

func (v *vendor) Update(msg tea.Msg) (screen, tea.Cmd) {
	if _, listed := msg.(listedMsg); listed {
		v.drawn = -1 // what other works have noted may be another
	}
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return v, nil
	}
	v.refresh()
	k := v.s.keys
	n := len(v.rows)
	if v.tab == timelineTab {
		n = max(1, len(v.moments))
	}
	if moved, ok := moveCursor(k, press, v.cursor[v.tab], n, v.page); ok {
		v.cursor[v.tab] = moved
		return v, nil
	}
	switch {
	case key.Matches(press, k.back):
		return v, v.s.pop()
	case key.Matches(press, k.tab, k.right):
		v.tab = (v.tab + 1) % vendorTabs
	case key.Matches(press, k.left), press.String() == "shift+tab":
		v.tab = (v.tab + vendorTabs - 1) % vendorTabs
	case key.Matches(press, k.secrets) && v.secret():
		v.s.secrets = !v.s.secrets
	case key.Matches(press, k.add):
		return v, v.askContact(len(v.about.Contacts), state.Person{})
	case key.Matches(press, k.edit):
		return v, v.askName()
	case key.Matches(press, k.note):
		return v, v.askNote()
	case key.Matches(press, k.due):
		return v, v.askPromise()
	case key.Matches(press, k.open) && v.about.TicketLink != "":
		return v, v.openTicket()
	case key.Matches(press, k.mail):
		return v, v.openMail()
	case key.Matches(press, k.paste):
		return v, v.s.push(newAnswer(v.s, v.about.Name))
	case key.Matches(press, k.calendar) && v.waits:
		return v, saveReminders(v.s, []dueIn{{v.next, Saved{ID: v.s.m.ID, Name: cmp.Or(v.s.m.Org.Name, v.s.m.ID)}}})
	case key.Matches(press, k.sent):
		return v, v.askSent()
	case v.tab == timelineTab && key.Matches(press, k.enter):
		return v, v.readMoment()
	case v.tab == recordTab && key.Matches(press, k.enter):
		return v, v.enter(v.rows[v.cursor[recordTab]])
	case v.tab == recordTab && key.Matches(press, k.remove):
		return v, v.takeAway(v.rows[v.cursor[recordTab]])
	}
	return v, nil
}

// enter opens what the cursor stands on, or asks for it.
func (v *vendor) enter(r vendorRow) tea.Cmd {
	switch r.part {
	case contactPart:
		return v.askContact(r.at, r.person)
	case ownerPart, elsewherePart:
		return v.askContact(len(v.about.Contacts), r.person)
	case languagePart:
		return v.askLanguage()
	case ticketPart:
		return v.askTicket()
	case promisePart:
		return v.askPromise()
	case levelPart:
		return v.askLevel(r.there)
	case endpointPart:
		return v.s.push(newEndpoint(v.s, r.endpoint.Key))
	}
	n := v.about.Notes[r.at]
	return v.s.push(newReading(v.s, "note", "Note of "+day(n.At.Local())+" by "+n.By, n.Text))
}

func (v *vendor) readMoment() tea.Cmd {
	if len(v.moments) == 0 || v.moments[v.cursor[timelineTab]].whole == "" {
		return nil
	}
	m := v.moments[v.cursor[timelineTab]]
	return v.s.push(newReading(v.s, m.label, m.text, m.whole))
}

// reachable is the endpoint that a mail to the vendor begins with: the first that
// is not finished, or any that the vendor is written to about.
func (v *vendor) reachable() (endpoint *state.EndpointView, ok bool) {
	for _, e := range v.endpoints {
		if e.Route == state.InternalFix {
			continue
		}
		if e.Route == state.Undecided || !e.Progress.Complete() {
			return e, true
		}
		if endpoint == nil {
			endpoint = e
		}
	}
	return endpoint, endpoint != nil
}

// unsent is the last letter of which nobody has said that it was sent. One that was
// written anew since is not asked for.
func (v *vendor) unsent() (state.Letter, bool) {
	anew := map[string]bool{}
	for _, l := range slices.Backward(v.about.Letters) {
		if l.SentAt.IsZero() && !anew[l.Kind] {
			return l, true
		}
		anew[l.Kind] = true
	}
	return state.Letter{}, false
}

// dueMail is the mail that an action asks for.
var dueMail = map[state.Action]email.Kind{
	state.WriteFirst: email.First, state.Remind: email.Reminder, state.AskForDay: email.Reminder,
	state.Escalate: email.Escalation, state.TellManager: email.Manager,
}

// openMail leads to the mail that is due, or to the first one.
func (v *vendor) openMail() tea.Cmd {
	e, ok := v.reachable()
	if !ok {
		return nil
	}
	m := newMail(v.s, e.Key)
	kind, due := dueMail[v.next.Action]
	if letter, waits := v.unsent(); waits && v.next.Action == state.SayItIsSent {
		kind, due = email.Kind(letter.Kind), true
	}
	if v.waits && due {
		m.show(e, kind, email.Language(languageOf(e)))
	}
	return v.s.push(m)
}

func (v *vendor) secret() bool {
	return slices.ContainsFunc(v.endpoints, func(e *state.EndpointView) bool { return e.Address.Secret })
}

func (v *vendor) Keys() []key.Binding {
	v.refresh()
	k := v.s.available()
	var keys []key.Binding
	other := "timeline"
	if v.tab == timelineTab {
		other = "record"
		if len(v.moments) > 0 && v.moments[v.cursor[timelineTab]].whole != "" {
			keys = append(keys, as(k.enter, "read it"))
		}
	} else {
		keys = v.rowKeys(v.rows[v.cursor[recordTab]])
	}
	if _, ok := v.reachable(); ok {
		if _, waits := v.unsent(); waits {
			keys = append(keys, k.sent)
		}
		keys = append(keys, k.mail)
	}
	keys = append(keys, as(k.tab, other), as(k.paste, "answer"), k.note, as(k.add, "contact"), as(k.due, "promised day"), as(k.edit, "rename"))
	if v.waits {
		keys = append(keys, k.calendar)
	}
	if v.about.TicketLink != "" {
		keys = append(keys, as(k.open, "ticket"))
	}
	if v.secret() {
		keys = append(keys, k.secrets)
	}
	return append(keys, k.back)
}

// rowKeys are the bindings for the row under the cursor.
func (v *vendor) rowKeys(r vendorRow) []key.Binding {
	k := v.s.available()
	does := "edit"
	switch r.part {
	case ownerPart, elsewherePart:
		does = "add as contact"
	case levelPart:
		does = "bring level"
	case endpointPart:
		does = "open"
	case notePart:
		does = "read it"
	}
	enter := as(k.enter, does)
	enter.SetEnabled(v.s.looking == nil || r.part == endpointPart || r.part == notePart)
	keys := []key.Binding{enter}
	if v.removable(r) {
		keys = append(keys, k.remove)
	}
	return keys
}

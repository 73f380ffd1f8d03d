package ui

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/state"
	"sidestep/visible"
)

// askContact asks for a person at the vendor's: the one at a place of the list, or
// behind its end a new one.
func (v *vendor) askContact(at int, p state.Person) tea.Cmd {
	title, about := "A contact at "+v.about.Name, "Mails go to the first contact, unless somebody is noted with the endpoint itself."
	return v.s.push(newAsk(v.s, title, about, []field{
		{label: "Name", value: p.Name, placeholder: "a person or a desk", check: required("a name")},
		{label: "E-mail", value: p.Email, placeholder: "may stay empty", check: oneAddress},
		{label: "Role", value: p.Role, placeholder: "like support, developer, account manager"},
	}, func(values []string) tea.Cmd {
		about, _ := v.s.m.VendorNamed(v.name)
		person := state.Person{Contact: state.Contact{Name: values[0], Email: values[1]}, Role: values[2]}
		about.Contacts = slices.Clone(about.Contacts)
		if at < len(about.Contacts) {
			about.Contacts[at] = person
		} else {
			about.Contacts = append(about.Contacts, person)
		}
		return v.describe("the contact "+person.Name, about)
	}))
}

// askName asks for another name. A name that another vendor has would mix two
// records, so it is refused.
func (v *vendor) askName() tea.Cmd {
	free := func(text string) error {
		if err := required("a name")(text); err != nil {
			return err
		}
		if !state.SameVendor(text, v.name) && v.s.m.VendorKnown(text) {
			return errors.New("another vendor has this name: its endpoints and its record would be mixed up with these")
		}
		return nil
	}
	about := "Its record and all of its endpoints get the new name."
	return v.s.push(newAsk(v.s, "A new name for "+v.about.Name, about, []field{{label: "Name", value: v.about.Name, check: free}}, func(values []string) tea.Cmd {
		old := v.name
		cmd := v.s.do("the name "+values[0], v.s.m.RenameVendor(old, values[0], v.s.act()))
		if v.s.m.VendorKnown(values[0]) {
			v.before, v.name = append(v.before, old), values[0]
		}
		return cmd
	}))
}

// settleName goes back to the name that the vendor had, if the new one was undone.
func (v *vendor) settleName() {
	for len(v.before) > 0 && !v.s.m.VendorKnown(v.name) {
		last := len(v.before) - 1
		v.name, v.before = v.before[last], v.before[:last]
	}
}

// oneAddress accepts one mail address, or none. Of several it says what to do with
// them; the line keeps them meanwhile.
func oneAddress(text string) error {
	if n := strings.Count(text, "@"); n > 1 {
		return fmt.Errorf("%d addresses: keep one, the others get contacts of their own", n)
	}
	return addressOrEmpty(text)
}

// describe saves what is noted about the vendor.
func (v *vendor) describe(what string, about state.Vendor) tea.Cmd {
	return v.s.do(what, v.s.m.DescribeVendor(about, v.s.act()))
}

func (v *vendor) askLanguage() tea.Cmd {
	var options []option
	current := 0
	for i, l := range email.Languages() {
		options = append(options, option{label: l.Native()})
		if string(l) == v.about.Language {
			current = i
		}
	}
	return v.s.push(newChoose(v.s, "In which language do you write to them?", "", options, current, func(i int) tea.Cmd {
		about, _ := v.s.m.VendorNamed(v.name)
		about.Language = string(email.Languages()[i])
		return v.describe("the language", about)
	}))
}

func (v *vendor) askTicket() tea.Cmd {
	return v.s.push(newAsk(v.s, "The support case at "+v.about.Name, "", []field{
		{label: "Number", value: v.about.Ticket, placeholder: "may stay empty"},
		{label: "Link", value: v.about.TicketLink, placeholder: "https://…, may stay empty", check: linkOrEmpty},
	}, func(values []string) tea.Cmd {
		about, _ := v.s.m.VendorNamed(v.name)
		about.Ticket, about.TicketLink = values[0], values[1]
		return v.describe("the ticket", about)
	}))
}

// linkOrEmpty accepts a link that a browser can be given, or none.
func linkOrEmpty(text string) error {
	if text == "" {
		return nil
	}
	if visible.Line(text) != text || strings.ContainsFunc(text, func(r rune) bool { return r == ' ' || r == '"' || r == '<' || r == '>' || r == '\\' }) {
		return errors.New("a link has no blanks, no quotes and no hidden characters")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return errors.New("this is no link: it begins with https:// and a host")
	case u.User != nil:
		return errors.New("leave out the part before the @: it hides where the link leads")
	}
	return nil
}

// openTicket shows the support case in the browser. The link may come from a file
// of somebody else's, so it is looked at again.
func (v *vendor) openTicket() tea.Cmd {
	if err := linkOrEmpty(v.about.TicketLink); err != nil {
		return complain(fmt.Errorf("the ticket is not opened: %w", err))
	}
	return openLink(v.s, v.about.TicketLink)
}

func (v *vendor) askPromise() tea.Cmd {
	return v.s.push(newAsk(v.s, "By when did they promise the repair?", "From the day after, Sidestep reminds you to ask.", []field{
		{label: "Date", value: dateText(v.about.Promised), placeholder: "2026-12-31, or empty for no day", check: dateOrEmpty},
	}, func(values []string) tea.Cmd {
		var day time.Time
		if values[0] != "" {
			day, _ = parseDate(values[0]) // it was checked
		}
		return v.s.do("the promised day", v.s.m.Promise(v.name, day, v.s.act()))
	}))
}

func (v *vendor) askNote() tea.Cmd {
	return v.s.push(newAsk(v.s, "Note on "+v.about.Name, "", []field{{label: "Note", check: required("a note")}}, func(values []string) tea.Cmd {
		return v.s.do("note", v.s.m.NoteVendor(v.name, values[0], v.s.act()))
	}))
}

// askSent asks on which day the last letter was sent.
func (v *vendor) askSent() tea.Cmd {
	e, reached := v.reachable()
	letter, waits := v.unsent()
	if !reached || !waits {
		return nil
	}
	return askSent(v.s, e.Key, letter.Kind, "“"+letter.Subject+"”. ", func() {})
}

// removable reports whether the row holds something that can be taken away.
func (v *vendor) removable(r vendorRow) bool {
	switch r.part {
	case contactPart:
		return true
	case languagePart:
		return v.about.Language != ""
	case ticketPart:
		return v.about.Ticket != "" || v.about.TicketLink != ""
	case promisePart:
		return !v.about.Promised.IsZero()
	}
	return false
}

// takeAway empties a row. It asks nothing: u brings it back.
func (v *vendor) takeAway(r vendorRow) tea.Cmd {
	if !v.removable(r) {
		return nil
	}
	about, what := v.about, "the contact "+r.person.Name
	switch r.part {
	case contactPart:
		about.Contacts = slices.Delete(slices.Clone(about.Contacts), r.at, r.at+1)
	case languagePart:
		about.Language, what = "", "the language"
	case ticketPart:
		about.Ticket, about.TicketLink, what = "", "", "the ticket"
	case promisePart:
		what = "the promised day"
		return tea.Batch(v.s.do(what, v.s.m.Promise(v.name, time.Time{}, v.s.act())), takenAway(what))
	}
	return tea.Batch(v.describe(what, about), takenAway(what))
}

func takenAway(what string) tea.Cmd { return say("Taken away: " + what + ". u brings it back.") }

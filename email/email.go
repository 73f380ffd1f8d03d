// Package email writes the mails of a migration: to a vendor, to the colleague
// who owns a receiver and to the admin's own manager, to remind, to escalate, to
// arrange a test and to thank.
//
// Everything here is a pure function from facts to text. The texts themselves
// lie in templates/LANGUAGE/KIND.txt, where a domain expert can read and edit
// them, and a file of the user's can take the place of each (Load). Sidestep
// sends nothing: a draft leaves the program as an .eml file (EML), as a mailto:
// link (Mailto), or through the clipboard.
//
// What a mail holds only where the admin asked for it (Show): org ids, usernames
// of the org, and the user info and query values of an endpoint's address.
package email

import (
	"fmt"
	"slices"
	"strings"

	"sidestep/state"
)

// Draft fills the mail of a kind in a language. The recipient is the
// contact's address as the admin entered it, valid or not; EML and Mailto refuse
// it if it is not. Others that it goes to get a copy where their address is valid.
// A fact that is missing leaves a sentence that reads well without it.
func (t Templates) Draft(kind Kind, lang Language, f Facts) (state.Draft, error) {
	if !slices.Contains(Kinds(), kind) {
		return state.Draft{}, fmt.Errorf("there is no mail of kind %q: choose one of %s", kind, list(Kinds()))
	}
	if !slices.Contains(Languages(), lang) {
		return state.Draft{}, fmt.Errorf("there are no mails in language %q: choose one of %s", lang, list(Languages()))
	}
	f = f.clean()
	if len(f.Orgs) > 0 {
		f.Org = lang.list(f.Orgs)
	}
	copies := f.Also
	switch {
	case kind == Manager:
		f.Contact, f.Also, copies = f.Manager, nil, nil
	case kind == Escalation && f.EscalateTo != (state.Contact{}):
		// Who was written to so far sees it, and is not the one addressed.
		copies = append([]state.Contact{f.Contact}, f.Also...)
		f.Contact, f.Also = f.EscalateTo, nil
	}
	subject, body, err := t.render(kind, lang, f)
	if err != nil {
		return state.Draft{}, err
	}
	d := state.Draft{Kind: string(kind), Language: string(lang), To: f.Contact.Email, Subject: subject, Body: body}
	for _, c := range copies {
		d = CopyTo(d, c.Email)
	}
	return d, nil
}

// NoCopyTo is a draft of which an address gets no copy.
func NoCopyTo(d state.Draft, address string) state.Draft {
	d.Cc = strings.Join(slices.DeleteFunc(strings.Split(d.Cc, ","), func(k string) bool {
		return strings.EqualFold(strings.TrimSpace(k), address)
	}), ",")
	d.Cc = strings.TrimSpace(d.Cc)
	return d
}

// CopyTo is a draft of which an address gets a copy as well. One that is none, or
// gets the mail already, changes nothing.
func CopyTo(d state.Draft, address string) state.Draft {
	known := append(strings.Split(d.Cc, ","), d.To)
	if ValidAddress(address) != nil || slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(strings.TrimSpace(k), address) }) {
		return d
	}
	if d.Cc != "" {
		address = d.Cc + ", " + address
	}
	d.Cc = address
	return d
}

func list[S ~string](words []S) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

// Package email writes the mails of a migration: to a vendor, to the colleague
// who owns a receiver, to remind, to escalate and to thank.
//
// Everything here is a pure function from facts to text. The texts themselves
// lie in templates/LANGUAGE/KIND.txt, where a domain expert can read and edit
// them. Sidestep sends nothing: a draft leaves the program as an .eml file
// (EML), as a mailto: link (Mailto), or through the clipboard.
//
// What a mail never holds: org ids, usernames of the org, and the user info and
// query values of an endpoint's address.
package email

import (
	"fmt"
	"slices"
	"strings"

	"sidestep/state"
)

// Kind says what a mail is for, as `sidestep email --kind` and state.Draft name it.
type Kind string

// The kinds of mail.
const (
	// First is the first mail to a vendor.
	First Kind = "first"
	// Reminder follows a first mail that got no answer.
	Reminder Kind = "reminder"
	// Escalation asks the vendor's management for a person and a date.
	Escalation Kind = "escalation"
	// Owner goes to the colleague or developer who owns the receiver.
	Owner Kind = "owner"
	// Thanks closes the matter and asks for a written confirmation.
	Thanks Kind = "thanks"
)

// Kinds are the kinds of mail in the order in which they are offered.
func Kinds() []Kind { return []Kind{First, Reminder, Escalation, Owner, Thanks} }

// Label is the kind in words.
func (k Kind) Label() string {
	switch k {
	case First:
		return "first mail to the vendor"
	case Reminder:
		return "reminder"
	case Escalation:
		return "escalation"
	case Owner:
		return "mail to the internal owner"
	case Thanks:
		return "thanks and confirmation"
	}
	return string(k)
}

// Language is the language of a mail, as an ISO 639 code.
type Language string

// The languages.
const (
	English Language = "en"
	German  Language = "de"
)

// Languages are the languages in the order in which they are offered.
func Languages() []Language { return []Language{English, German} }

// Native is the language's own name for itself.
func (l Language) Native() string {
	switch l {
	case English:
		return "English"
	case German:
		return "Deutsch"
	}
	return string(l)
}

// Draft fills the mail of a kind in a language. The recipient is the contact's
// address as the admin entered it, valid or not; EML and Mailto refuse it if it
// is not. A fact that is missing leaves a sentence that reads well without it.
func Draft(kind Kind, lang Language, f Facts) (state.Draft, error) {
	if !slices.Contains(Kinds(), kind) {
		return state.Draft{}, fmt.Errorf("there is no mail of kind %q: choose one of %s", kind, list(Kinds()))
	}
	if !slices.Contains(Languages(), lang) {
		return state.Draft{}, fmt.Errorf("there are no mails in language %q: choose one of %s", lang, list(Languages()))
	}
	f = f.clean()
	subject, body, err := render(kind, lang, f)
	if err != nil {
		return state.Draft{}, err
	}
	return state.Draft{Kind: string(kind), Language: string(lang), To: f.Contact.Email, Subject: subject, Body: body}, nil
}

func list[S ~string](words []S) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

package email

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
	// Test arranges the joint test with a vendor.
	Test Kind = "test"
	// OwnerReminder follows a mail to the owner that got no answer.
	OwnerReminder Kind = "owner-reminder"
	// Manager asks the admin's own management for help: the escalation inside.
	Manager Kind = "manager"
)

// Kinds are the kinds of mail in the order in which they are offered.
func Kinds() []Kind {
	return []Kind{First, Reminder, Escalation, Owner, Thanks, Test, OwnerReminder, Manager}
}

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
	case Test:
		return "joint test with the vendor"
	case OwnerReminder:
		return "reminder to the internal owner"
	case Manager:
		return "mail to your own manager"
	}
	return string(k)
}

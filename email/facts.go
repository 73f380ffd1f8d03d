package email

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"sidestep/state"
	"sidestep/visible"
)

// Facts is everything that a template may use. Its fields and methods are listed
// in docs/mails.md for those who write templates.
type Facts struct {
	// Org is the name of the company whose org it is. Where the mail is about several
	// orgs it lists all of Orgs, which is nil otherwise.
	Org  string
	Orgs []string
	// OrgID is the org's id, "" unless the admin wants it told.
	OrgID string
	// Vendor is the company behind the endpoints, "" for the admin's own.
	Vendor string
	// Contact is who the mail goes to, Sender who writes it.
	Contact, Sender state.Contact
	// Also are further people that the mail goes to.
	Also []state.Contact
	// EscalateTo is who mails of kind Escalation go to, nobody for Contact.
	EscalateTo state.Contact
	// Manager is who decides in the admin's own company: mails of kind Manager go
	// there.
	Manager state.Contact
	// Endpoints are what the mail is about.
	Endpoints []Endpoint
	// Due is the day by which an answer is asked for.
	Due, Today time.Time
	// FirstWritten, ReminderWritten and EscalationWritten are when earlier mails
	// left the program.
	FirstWritten, ReminderWritten, EscalationWritten time.Time
	// Answered is when the vendor last answered, zero for never; Promised is the day that
	// it named for the repair, zero for none.
	Answered, Promised time.Time
	// Show is what the mail may tell beyond the usual.
	Show Show
}

// Show is what a mail tells only when the admin asked for it.
type Show struct {
	// OrgID lets org ids stand.
	OrgID bool
	// Users names the users whose rights the messages are sent with.
	Users bool
	// Secrets lets the user info and query values of addresses stand.
	Secrets bool
}

// Endpoint is an address as a mail tells it.
type Endpoint struct {
	// Org is the name of its org where the mail is about several, "" otherwise;
	// Heading is the same on the first listed address of each.
	Org, Heading string
	// Number counts the addresses of a mail from 1; it is 0 for a lone one.
	Number int
	// URL is the address, masked unless the admin wants it told; Hidden is true
	// when that hides something. It is "" where it cannot be told safely.
	URL    string
	Hidden bool
	// Host is "" where the address is not usable.
	Host      string
	PlainHTTP bool
	Receiver  state.Receiver
	// Messages are what is sent there, the most urgent first.
	Messages []Message
}

// Message is an outbound message as a mail tells it.
type Message struct {
	Label  string
	Object string
	// Name is the API name without the object, with the namespace of its package.
	Name string
	// Namespace is the managed package that the message came with, "" for none.
	Namespace string
	// APIVersion is written as Salesforce does: "28.0". Retired is true when
	// Salesforce has switched that version off.
	APIVersion string
	Retired    bool
	// User is the user that the message is sent as, "" unless the admin wants it told.
	User  string
	Basis Basis
	// At is the day of the evidence, zero when nobody knows it.
	At time.Time
	// Deleted is true when the org no longer has the message.
	Deleted bool
	// Address is the number of the endpoint it is sent to, 0 for a lone one.
	Address int
}

// Basis says on what the word about a message's session id rests.
type Basis string

// The bases.
const (
	// Unknown: nothing proves either way.
	Unknown Basis = "unknown"
	// Live: the org answers today that it sends one.
	Live Basis = "live"
	// Backup: a file or an export kept outside the org.
	Backup Basis = "backup"
	// Repository: a commit in a source repository.
	Repository Basis = "repository"
	// Scan: what the org itself answered before the cut-off.
	Scan Basis = "scan"
	// Records: what the admin or a document says.
	Records Basis = "records"
	// Harmless: none was sent.
	Harmless Basis = "harmless"
)

// Group is a run of messages about which a mail says the same.
type Group struct {
	Basis    Basis
	At       time.Time
	Deleted  bool
	Messages []Message
}

// maxListed is how many messages a mail lists: who gets it reads no further.
const maxListed = 12

// maxAddresses is how many addresses it lists.
const maxAddresses = 10

// Several reports whether the mail is about more than one endpoint.
func (f Facts) Several() bool { return len(f.Endpoints) > 1 }

// URL is the address of a lone endpoint, "" where there are several or it cannot
// be told.
func (f Facts) URL() string {
	if len(f.Endpoints) != 1 {
		return ""
	}
	return f.Endpoints[0].URL
}

// Host is the host that all endpoints share, "" where they do not.
func (f Facts) Host() string {
	host := ""
	for i, e := range f.Endpoints {
		if i > 0 && e.Host != host {
			return ""
		}
		host = e.Host
	}
	return host
}

// Receiver is the class that all endpoints share, else not known.
func (f Facts) Receiver() state.Receiver {
	class := state.ReceiverUnknown
	for i, e := range f.Endpoints {
		if i > 0 && e.Receiver != class {
			return state.ReceiverUnknown
		}
		class = e.Receiver
	}
	return class
}

// Addresses are the endpoints whose address the mail lists, at most maxAddresses.
func (f Facts) Addresses() []Endpoint {
	all := f.addresses()
	return all[:min(maxAddresses, len(all))]
}

// MoreAddresses is how many the list leaves out for its length.
func (f Facts) MoreAddresses() int { return max(0, len(f.addresses())-maxAddresses) }

func (f Facts) addresses() []Endpoint {
	all := slices.DeleteFunc(slices.Clone(f.Endpoints), func(e Endpoint) bool { return e.URL == "" })
	for i := range all {
		if i == 0 || all[i].Org != all[i-1].Org {
			all[i].Heading = all[i].Org
		}
	}
	return all
}

// Hidden reports whether a listed address is not told completely.
func (f Facts) Hidden() bool {
	return slices.ContainsFunc(f.Addresses(), func(e Endpoint) bool { return e.Hidden })
}

// PlainHTTP reports whether a listed address is unencrypted.
func (f Facts) PlainHTTP() bool {
	return slices.ContainsFunc(f.Addresses(), func(e Endpoint) bool { return e.PlainHTTP })
}

// Groups puts together the messages that a mail lists, at most maxListed of
// them. Harmless ones are left out unless there are no others.
func (f Facts) Groups() []Group {
	var groups []Group
	listed := f.listed()
	for _, m := range listed[:min(maxListed, len(listed))] {
		i := slices.IndexFunc(groups, func(g Group) bool {
			return g.Basis == m.Basis && sameDay(g.At, m.At) && g.Deleted == m.Deleted
		})
		if i < 0 {
			i = len(groups)
			groups = append(groups, Group{Basis: m.Basis, At: m.At, Deleted: m.Deleted})
		}
		groups[i].Messages = append(groups[i].Messages, m)
	}
	return groups
}

// Messages is how many messages the mail is about: those that Groups lists, and
// those left out for the length.
func (f Facts) Messages() int { return len(f.listed()) }

// More is how many messages the list leaves out for its length.
func (f Facts) More() int { return max(0, len(f.listed())-maxListed) }

func (f Facts) listed() []Message {
	var all []Message
	for _, e := range f.Endpoints {
		all = append(all, e.Messages...)
	}
	open := slices.DeleteFunc(slices.Clone(all), func(m Message) bool { return m.Basis == Harmless })
	if len(open) == 0 {
		return all
	}
	return open
}

// Packages names the managed packages that listed messages came with.
func (f Facts) Packages() []string {
	var out []string
	for _, m := range f.listed() {
		if m.Namespace != "" && !slices.Contains(out, m.Namespace) {
			out = append(out, m.Namespace)
		}
	}
	return out
}

// Retired reports whether a listed message points to an API version that
// Salesforce has switched off.
func (f Facts) Retired() bool {
	return slices.ContainsFunc(f.listed(), func(m Message) bool { return m.Retired })
}

// Names are the names of those that the mail goes to, as far as known.
func (f Facts) Names() []string {
	var out []string
	for _, c := range append([]state.Contact{f.Contact}, f.Also...) {
		if c.Name != "" && !slices.Contains(out, c.Name) {
			out = append(out, c.Name)
		}
	}
	return out
}

// DaysOverdue is how many days the deadline for an answer is past, 0 while it is not, and
// where an answer came or a day was promised.
func (f Facts) DaysOverdue() int {
	if !f.Answered.IsZero() || !f.Promised.IsZero() {
		return 0
	}
	return daysFrom(f.Due, f.Today)
}

// DaysSilent is how many days have passed since the first mail, or since the last answer;
// 0 if there was neither.
func (f Facts) DaysSilent() int { return daysFrom(later(f.FirstWritten, f.Answered), f.Today) }

// Overdue reports whether the day of the deadline is over, and nobody answered.
func (f Facts) Overdue() bool { return f.DaysOverdue() > 0 }

// PromiseOver reports whether the day that was promised for the repair is over.
func (f Facts) PromiseOver() bool { return daysFrom(f.Promised, f.Today) > 0 }

// After so many days mails become firmer.
const (
	longOverdue = 14
	longSilent  = 42
)

// Urgent reports whether it has been so long that a mail should be firm: two weeks past
// the deadline or the promised day, or six weeks since anything was heard. While a promise
// may still be kept it is not.
func (f Facts) Urgent() bool {
	if !f.Promised.IsZero() {
		return daysFrom(f.Promised, f.Today) >= longOverdue
	}
	return f.DaysOverdue() >= longOverdue || f.DaysSilent() >= longSilent
}

// sameDay reports whether two moments are written as the same day.
func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// daysFrom counts the calendar days from one day to a later one.
func daysFrom(from, to time.Time) int {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	date := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return max(0, int(date(to).Sub(date(from)).Hours()/24))
}

// clean makes all text of the org and the admin safe to stand in a line of a mail.
func (f Facts) clean() Facts {
	line := f.Show.line
	person := func(c state.Contact) state.Contact { return state.Contact{Name: line(c.Name), Email: line(c.Email)} }
	f.Org, f.Vendor, f.OrgID = line(f.Org), line(f.Vendor), line(f.OrgID)
	f.Contact, f.EscalateTo, f.Sender, f.Manager = person(f.Contact), person(f.EscalateTo), person(f.Sender), person(f.Manager)
	f.Also, f.Orgs = slices.Clone(f.Also), slices.Clone(f.Orgs)
	for i, c := range f.Also {
		f.Also[i] = person(c)
	}
	for i, org := range f.Orgs {
		f.Orgs[i] = line(org)
	}
	f.Endpoints = slices.Clone(f.Endpoints)
	for i, e := range f.Endpoints {
		e.Number = 0
		if f.Several() {
			e.Number = i + 1
		}
		e.URL, e.Host, e.Org = line(e.URL), line(e.Host), line(e.Org)
		e.Hidden = e.Hidden || strings.Contains(e.URL, hiddenOrgID)
		e.Messages = slices.Clone(e.Messages)
		for j, m := range e.Messages {
			m.Object, m.Name, m.Namespace, m.User = line(m.Object), line(m.Name), line(m.Namespace), line(m.User)
			m.Label, m.APIVersion = cmp.Or(line(m.Label), m.Name), line(m.APIVersion)
			m.Address = e.Number
			e.Messages[j] = m
		}
		f.Endpoints[i] = e
	}
	return f
}

// longest is how many characters a single value may take in a mail. The longest
// address among hundreds of real ones has 215.
const longest = 300

// orgID finds the id of an org, which some people put in paths and labels.
var orgID = regexp.MustCompile(`\b00D[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?\b`)

const hiddenOrgID = "00D***"

// line makes a value safe to stand in a line.
func (s Show) line(text string) string {
	text = visible.Line(strings.Join(strings.Fields(text), " "))
	if !s.OrgID {
		text = orgID.ReplaceAllString(text, hiddenOrgID)
	}
	if r := []rune(text); len(r) > longest {
		text = string(r[:longest-1]) + "…"
	}
	return text
}

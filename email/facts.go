package email

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
	"sidestep/visible"
)

// Facts is everything that a template may use.
type Facts struct {
	// Org is the name of the company whose org it is.
	Org string
	// Vendor is the company behind the endpoint, "" for the admin's own.
	Vendor string
	// Contact is who the mail goes to, Sender who writes it.
	Contact, Sender state.Contact
	// URL is the endpoint's address, masked; Hidden is true when that hides something.
	URL    string
	Hidden bool
	// Host is "" where the address is not usable.
	Host      string
	PlainHTTP bool
	Receiver  state.Receiver
	// Messages are what is sent to the endpoint, the most urgent first.
	Messages []Message
	// Due is the day by which an answer is asked for.
	Due, Today time.Time
	// FirstWritten and ReminderWritten are when earlier mails left the program.
	FirstWritten, ReminderWritten time.Time
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
	Basis      Basis
	// At is the day of the evidence, zero when nobody knows it.
	At time.Time
	// Deleted is true when the org no longer has the message.
	Deleted bool
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

// FactsOf gathers what mails about an endpoint may say. due is the day by which
// an answer is asked for; where it is zero the endpoint's own is taken.
func FactsOf(org state.Org, v state.EndpointView, sender state.Contact, due, today time.Time) Facts {
	if due.IsZero() {
		due = v.Due
	}
	first := v.Drafts[string(First)].WrittenAt
	if first.IsZero() {
		first = v.Drafts[string(Owner)].WrittenAt
	}
	f := Facts{
		Org: org.Name, Vendor: v.Vendor, Contact: v.Owner, Sender: sender,
		URL: v.Address.Masked, Hidden: v.Address.Secret, Host: v.Address.Host, PlainHTTP: v.Address.PlainHTTP,
		Receiver: v.Receiver, Due: due, Today: today,
		FirstWritten: first, ReminderWritten: v.Drafts[string(Reminder)].WrittenAt,
	}
	if f.Host == salesforce.NoHost {
		f.Host = ""
		if strings.ContainsAny(f.URL, "?@=") {
			// What is no address cannot be masked with certainty.
			f.URL, f.Hidden = "", false
		}
	}
	for _, m := range v.Messages {
		f.Messages = append(f.Messages, messageOf(m))
	}
	return f
}

func messageOf(m state.MessageView) Message {
	out := Message{
		Label: m.Label, Object: m.Object, Name: m.FullName, Namespace: m.Namespace(),
		Retired: m.RetiredAPIVersion(), Deleted: m.Assessment.Verdict == salesforce.Gone,
	}
	if m.APIVersion > 0 {
		out.APIVersion = strconv.FormatFloat(m.APIVersion, 'f', 1, 64)
	}
	out.Basis, out.At = basisOf(m.Assessment)
	return out
}

func basisOf(a salesforce.Assessment) (Basis, time.Time) {
	switch a.Verdict {
	case salesforce.Sends:
		return Live, time.Time{}
	case salesforce.NotAffected:
		return Harmless, time.Time{}
	case salesforce.Sent, salesforce.Gone, salesforce.Stated:
	default:
		return Unknown, time.Time{}
	}
	if a.Deciding == nil {
		return Records, time.Time{}
	}
	at := a.Deciding.At
	if !at.Before(salesforce.Cutoff) {
		// The day on which a file was written says nothing: what it holds is older.
		at = time.Time{}
	}
	switch a.Deciding.Kind {
	case salesforce.EvidenceFile, salesforce.EvidenceZip:
		return Backup, at
	case salesforce.EvidenceGit:
		return Repository, at
	case salesforce.EvidenceLive, salesforce.EvidenceScan:
		return Scan, at
	}
	return Records, time.Time{}
}

// Group is a run of messages about which a mail says the same.
type Group struct {
	Basis    Basis
	At       time.Time
	Deleted  bool
	Messages []Message
}

// maxListed is how many messages a mail lists: who gets it reads no further.
const maxListed = 12

// Groups puts together the messages that a mail lists, at most maxListed of
// them. Harmless ones are left out unless there are no others.
func (f Facts) Groups() []Group {
	var groups []Group
	for _, m := range f.listed()[:min(maxListed, len(f.listed()))] {
		i := slices.IndexFunc(groups, func(g Group) bool {
			return g.Basis == m.Basis && g.At.Equal(m.At) && g.Deleted == m.Deleted
		})
		if i < 0 {
			i = len(groups)
			groups = append(groups, Group{Basis: m.Basis, At: m.At, Deleted: m.Deleted})
		}
		groups[i].Messages = append(groups[i].Messages, m)
	}
	return groups
}

// More is how many messages the list leaves out for its length.
func (f Facts) More() int { return max(0, len(f.listed())-maxListed) }

func (f Facts) listed() []Message {
	open := slices.DeleteFunc(slices.Clone(f.Messages), func(m Message) bool { return m.Basis == Harmless })
	if len(open) == 0 {
		return f.Messages
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

// Overdue reports whether the day of the deadline is over.
func (f Facts) Overdue() bool {
	if f.Due.IsZero() || f.Today.IsZero() {
		return false
	}
	return f.Due.Format(time.DateOnly) < f.Today.Format(time.DateOnly)
}

// clean makes all text of the org and the admin safe to stand in a line of a mail.
func (f Facts) clean() Facts {
	f.Org, f.Vendor = line(f.Org), line(f.Vendor)
	f.Contact = state.Contact{Name: line(f.Contact.Name), Email: line(f.Contact.Email)}
	f.Sender = state.Contact{Name: line(f.Sender.Name), Email: line(f.Sender.Email)}
	f.URL, f.Host = line(f.URL), line(f.Host)
	f.Hidden = f.Hidden || strings.Contains(f.URL, hiddenOrgID)
	f.Messages = slices.Clone(f.Messages)
	for i, m := range f.Messages {
		m.Object, m.Name, m.Namespace = line(m.Object), line(m.Name), line(m.Namespace)
		m.Label, m.APIVersion = cmp.Or(line(m.Label), m.Name), line(m.APIVersion)
		f.Messages[i] = m
	}
	return f
}

// longest is how many characters a single value may take in a mail. The longest
// address among hundreds of real ones has 215.
const longest = 300

// orgID finds the id of an org, which some people put in paths and labels.
var orgID = regexp.MustCompile(`\b00D[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?\b`)

const hiddenOrgID = "00D***"

func line(s string) string {
	s = visible.Line(strings.Join(strings.Fields(s), " "))
	s = orgID.ReplaceAllString(s, hiddenOrgID)
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest-1]) + "…"
	}
	return s
}

package email

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

// FactsAbout gathers what a mail about endpoints of one vendor or owner may say. The
// people of all of them are written to, the first one's first. due is the day by which
// an answer is asked for; where it is zero the earliest of their days is taken.
func FactsAbout(org state.Org, views []state.EndpointView, sender state.Contact, due, today time.Time, show Show) Facts {
	f := Facts{Org: org.Name, Sender: sender, Due: due, Today: today, Show: show}
	if show.OrgID {
		f.OrgID = org.ID
	}
	for i := range views {
		v := &views[i]
		f.Vendor = cmp.Or(f.Vendor, v.Vendor)
		f.meet(v.Owner)
		if f.EscalateTo == (state.Contact{}) {
			f.EscalateTo = v.EscalateTo
		}
		f.Answered, f.Promised = later(f.Answered, v.Said.Answered), later(f.Promised, v.Said.Promised)
		if due.IsZero() {
			f.Due = earlier(f.Due, v.Due)
		}
		written := func(kind Kind) time.Time { return v.Drafts[string(kind)].WrittenAt }
		first := written(First)
		if first.IsZero() {
			first = written(Owner)
		}
		f.FirstWritten = earlier(f.FirstWritten, first)
		f.ReminderWritten = later(f.ReminderWritten, later(written(Reminder), written(OwnerReminder)))
		f.EscalationWritten = later(f.EscalationWritten, written(Escalation))
		f.Endpoints = append(f.Endpoints, endpointOf(v, show))
	}
	return f
}

// Together are the facts of one mail about a vendor's endpoints in several orgs. Whom
// it goes to, and by when an answer is asked for, is as here says.
func Together(here Facts, elsewhere ...Facts) Facts {
	if len(elsewhere) == 0 {
		return here
	}
	f := here
	f.Orgs, f.Endpoints = []string{f.Org}, inOrg(f.Org, f.Endpoints)
	for _, other := range elsewhere {
		f.Orgs = append(f.Orgs, other.Org)
		f.Endpoints = append(f.Endpoints, inOrg(other.Org, other.Endpoints)...)
		if other.OrgID != "" {
			f.OrgID = strings.TrimPrefix(f.OrgID+", "+other.OrgID, ", ")
		}
		f.FirstWritten = earlier(f.FirstWritten, other.FirstWritten)
		f.ReminderWritten = later(f.ReminderWritten, other.ReminderWritten)
		f.EscalationWritten = later(f.EscalationWritten, other.EscalationWritten)
	}
	return f
}

func inOrg(org string, endpoints []Endpoint) []Endpoint {
	endpoints = slices.Clone(endpoints)
	for i := range endpoints {
		endpoints[i].Org = org
	}
	return endpoints
}

// meet adds somebody that the mail goes to, once.
func (f *Facts) meet(c state.Contact) {
	switch known := append([]state.Contact{f.Contact}, f.Also...); {
	case c == state.Contact{} || slices.Contains(known, c):
	case f.Contact == state.Contact{}:
		f.Contact = c
	default:
		f.Also = append(f.Also, c)
	}
}

// earlier is the first of two moments, later the last; a zero one does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func endpointOf(v *state.EndpointView, show Show) Endpoint {
	e := Endpoint{URL: v.Address.Masked, Hidden: v.Address.Secret, Host: v.Address.Host, PlainHTTP: v.Address.PlainHTTP, Receiver: v.Receiver}
	if e.Host == salesforce.NoHost {
		e.Host = ""
		if strings.ContainsAny(e.URL, "?@=") {
			// What is no address cannot be masked with certainty.
			e.URL, e.Hidden = "", false
		}
	}
	if show.Secrets && v.Address.URL != "" {
		e.URL, e.Hidden = v.Address.URL, false
	}
	for _, m := range v.Messages {
		e.Messages = append(e.Messages, messageOf(m, show))
	}
	return e
}

func messageOf(m state.MessageView, show Show) Message {
	out := Message{
		Label: m.Label, Object: m.Object, Name: m.FullName, Namespace: m.Namespace(),
		Retired: m.RetiredAPIVersion(), Deleted: m.Assessment.Verdict == salesforce.Gone,
	}
	if m.APIVersion > 0 {
		out.APIVersion = strconv.FormatFloat(m.APIVersion, 'f', 1, 64)
	}
	if show.Users {
		out.User = m.IntegrationUser
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

// Package report turns a migration into pages for other people: a manager who wants
// to know where it stands, an auditor who wants to see who signed off and on what
// evidence, a colleague who takes over. It is a pure function of the migration.
//
// A Report holds text as it is; Markdown, HTML and CSV each make it safe for where it
// will be read. JSON is for programs.
package report

import (
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

// Schema is the version of the JSON form. Fields may be added within it, never
// renamed or removed.
const Schema = "sidestep.report/v1"

// Report is the state of a migration at a moment. Days are written as 2006-01-02, ""
// where there is none.
type Report struct {
	Schema string    `json:"schema"`
	At     time.Time `json:"at"`
	Cutoff string    `json:"cutoff"`
	Org    state.Org `json:"org"`
	// Complete is false when a source could not be read completely: then messages may
	// be missing here.
	Complete  bool                       `json:"complete"`
	Sources   []Source                   `json:"sources"`
	Problems  []salesforce.Problem       `json:"problems"`
	Messages  int                        `json:"messages"`
	Verdicts  map[salesforce.Verdict]int `json:"verdicts"`
	Finished  int                        `json:"finished"`
	Progress  Progress                   `json:"progress"`
	Vendors   []Vendor                   `json:"vendors"`
	Endpoints []Endpoint                 `json:"endpoints"`
}

// Source is a place that was read.
type Source struct {
	Kind     salesforce.SourceKind `json:"kind"`
	Name     string                `json:"name"`
	At       time.Time             `json:"at"`
	AsOf     string                `json:"asOf"`
	Complete bool                  `json:"complete"`
}

// Progress counts the settled steps.
type Progress struct {
	Done int `json:"done"`
	Of   int `json:"of"`
}

// Vendor is what was agreed with a vendor.
type Vendor struct {
	Name       string   `json:"name"`
	Endpoints  []string `json:"endpoints"`
	Ticket     string   `json:"ticket"`
	TicketLink string   `json:"ticketLink"`
	Promised   string   `json:"promised"`
	// Mails are those that were sent, Answers what came back.
	Mails   []Mail   `json:"mails"`
	Answers []Answer `json:"answers"`
	// Next is what to do next about the vendor, and On the day for it; "" where
	// nothing waits.
	Next string `json:"next"`
	On   string `json:"on"`
}

// Mail is a mail that the admin said was sent. One about other orgs as well has no
// Subject here, which would name them.
type Mail struct {
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	Sent    string `json:"sent"`
}

// Answer is that a vendor answered.
type Answer struct {
	At       string `json:"at"`
	From     string `json:"from"`
	Promised string `json:"promised"`
}

// Of is the report on a migration. secrets puts user info and query values of
// addresses in; otherwise they are masked.
func Of(m state.Migration, now time.Time, secrets bool) Report {
	o := m.Overview()
	r := Report{
		Schema: Schema, At: now.UTC().Truncate(time.Second), Cutoff: salesforce.Cutoff.Format(time.DateOnly), Org: m.Org,
		Complete: o.Complete, Sources: []Source{}, Problems: append([]salesforce.Problem{}, o.Problems...),
		Messages: o.Messages, Verdicts: o.Verdicts, Finished: o.Finished, Progress: Progress(o.Progress),
		Vendors: vendorsOf(m), Endpoints: []Endpoint{},
	}
	for _, s := range m.Sources {
		r.Sources = append(r.Sources, Source{s.Kind, s.Name, s.At.UTC().Truncate(time.Second), day(s.AsOf), s.Complete})
	}
	for i := range o.Hosts {
		for j := range o.Hosts[i].Endpoints {
			r.Endpoints = append(r.Endpoints, endpointOf(&o.Hosts[i].Endpoints[j], m.Org.Instance, secrets))
		}
	}
	return r
}

// vendorsOf are the vendors that run an endpoint, by name.
func vendorsOf(m state.Migration) []Vendor {
	out := []Vendor{}
	for _, name := range m.VendorNames() {
		keys := m.EndpointsOf(name)
		if len(keys) == 0 {
			continue
		}
		v, _ := m.VendorNamed(name)
		about := Vendor{
			Name: v.Name, Endpoints: keys, Ticket: v.Ticket, TicketLink: v.TicketLink, Promised: day(v.Promised),
			Mails: []Mail{}, Answers: []Answer{},
		}
		for _, l := range v.Letters {
			if l.SentAt.IsZero() {
				continue
			}
			subject := l.Subject
			if l.With != "" {
				subject = "" // it names the other orgs that the mail was about
			}
			about.Mails = append(about.Mails, Mail{l.Kind, subject, day(l.SentAt)})
		}
		for _, a := range v.Answers {
			about.Answers = append(about.Answers, Answer{day(a.At), a.From, day(a.Promised)})
		}
		if due, ok := m.Next(name); ok {
			about.Next, about.On = string(due.Action), day(due.On)
		}
		out = append(out, about)
	}
	return out
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

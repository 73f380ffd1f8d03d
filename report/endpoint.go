package report

import (
	"cmp"
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

// Endpoint is an endpoint with its messages, and how far it has come.
type Endpoint struct {
	Key  string `json:"key"`
	Host string `json:"host"`
	// URL is the address, with its secrets masked unless they were asked for.
	URL string `json:"url"`
	// Unicode is the host with the letters that its punycode stands for, "" without any.
	Unicode string `json:"unicode"`
	// Trouble says why the address is unusable or suspicious, "" if fine.
	Trouble  string             `json:"trouble"`
	Verdict  salesforce.Verdict `json:"verdict"`
	Messages []Message          `json:"messages"`
	Route    state.Route        `json:"route"`
	Receiver state.Receiver     `json:"receiver"`
	Acks     state.Acks         `json:"acks"`
	Vendor   string             `json:"vendor"`
	Owner    state.Contact      `json:"owner"`
	Due      string             `json:"due"`
	Progress Progress           `json:"progress"`
	Finished bool               `json:"finished"`
	Steps    []Step             `json:"steps"`
	// Proofs are what Sidestep itself found out, a line each.
	Proofs []string `json:"proofs"`
	// SignOff is nil until somebody signed off.
	SignOff *SignOff      `json:"signOff"`
	Notes   []state.Note  `json:"notes"`
	History []state.Event `json:"history"`
}

// Message is an outbound message with its verdict.
type Message struct {
	Key     string             `json:"key"`
	Label   string             `json:"label"`
	Verdict salesforce.Verdict `json:"verdict"`
	Because string             `json:"because"`
	// Ask is the question that would settle an unknown, "" otherwise.
	Ask      string `json:"ask"`
	Dormant  bool   `json:"dormant"`
	SetupURL string `json:"setupUrl"`
}

// Step is a line of the checklist. State is "" for what is still to do.
type Step struct {
	ID    string          `json:"id"`
	Title string          `json:"title"`
	State state.TickState `json:"state"`
	By    string          `json:"by"`
	On    string          `json:"on"`
	Note  string          `json:"note"`
}

// SignOff says who stands behind the end of an endpoint's migration, and on what
// evidence.
type SignOff struct {
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Evidence string    `json:"evidence"`
}

func endpointOf(v *state.EndpointView, instance string, secrets bool) Endpoint {
	e := Endpoint{
		Key: v.Key, Host: v.Address.Host, URL: v.Address.Masked, Unicode: v.Address.Unicode, Trouble: v.Address.Trouble, Verdict: v.Verdict, Messages: []Message{},
		Route: v.Route, Receiver: v.Receiver, Acks: v.Acks, Vendor: v.Vendor, Owner: v.Owner, Due: day(v.Due),
		Progress: Progress(v.Progress), Finished: v.Route != state.Undecided && v.Progress.Complete(),
		Steps: []Step{}, Proofs: append([]string{}, v.Proofs()...),
		Notes: append([]state.Note{}, v.Notes...), History: append([]state.Event{}, v.History...),
	}
	if secrets {
		e.URL = v.Address.URL
	}
	for i := range v.Messages {
		m := &v.Messages[i]
		msg := Message{Key: m.Key(), Label: m.Label, Verdict: m.Assessment.Verdict, Because: m.Assessment.Because, Ask: m.Assessment.Ask, Dormant: m.Dormant()}
		if m.ID != "" && instance != "" {
			msg.SetupURL = strings.TrimSuffix(instance, "/") + m.SetupPath()
		}
		e.Messages = append(e.Messages, msg)
	}
	for _, s := range v.Checklist(v.Route) {
		t := v.Ticks[s.ID]
		e.Steps = append(e.Steps, Step{s.ID, s.Title, t.State, t.By, day(t.At), t.Note})
		if s.ID == state.SignOff && t.State == state.Done {
			e.SignOff = &SignOff{t.By, t.At.UTC().Truncate(time.Second), t.Note}
		}
	}
	return e
}

// Next is the first step that is still to do, "" when none is; before a route is
// chosen that is choosing one.
func (e Endpoint) Next() string {
	if e.Route == state.Undecided {
		return "Choose a route"
	}
	for _, s := range e.Steps {
		if s.State == state.ToDo {
			return s.Title
		}
	}
	return ""
}

// Who is whom to talk to about it, "" when nobody is named.
func (e Endpoint) Who() string {
	who := cmp.Or(e.Owner.Name, e.Owner.Email)
	switch {
	case e.Vendor == "":
		return who
	case who == "":
		return e.Vendor
	}
	return e.Vendor + ", " + who
}

// status is how far it has come, in words.
func (e Endpoint) status() string {
	switch {
	case e.SignOff != nil:
		return "signed off by " + e.SignOff.By + " on " + day(e.SignOff.At)
	case e.Finished:
		return "every step is settled"
	}
	return "next: " + e.Next()
}

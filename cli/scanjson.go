package cli

import (
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

// The form of `scan --json`. Fields may be added, never renamed or removed.
type scanJSON struct {
	Schema    string               `json:"schema"`
	Complete  bool                 `json:"complete"`
	Cutoff    string               `json:"cutoff"`
	Sources   []salesforce.Source  `json:"sources"`
	Problems  []salesforce.Problem `json:"problems"`
	Messages  []messageJSON        `json:"messages"`
	Endpoints []endpointJSON       `json:"endpoints"`
	Lost      []lostJSON           `json:"usesWithoutDefinition"`
}

// lostJSON is something that fires a message which no source holds.
type lostJSON struct {
	Message string `json:"message"`
	firedByJSON
	Source string `json:"source"`
}

type messageJSON struct {
	Key                string             `json:"key"`
	Object             string             `json:"object"`
	FullName           string             `json:"fullName"`
	Label              string             `json:"label"`
	Namespace          string             `json:"namespace"`
	EndpointURL        string             `json:"endpointUrl"`
	Endpoint           string             `json:"endpoint"`
	IncludeSessionID   *bool              `json:"includeSessionId"`
	IntegrationUser    string             `json:"integrationUser"`
	APIVersion         float64            `json:"apiVersion"`
	Fields             []string           `json:"fields"`
	Protected          bool               `json:"protected"`
	UseDeadLetterQueue bool               `json:"useDeadLetterQueue"`
	Description        string             `json:"description"`
	Source             string             `json:"source"`
	File               string             `json:"file"`
	ID                 string             `json:"id"`
	Verdict            salesforce.Verdict `json:"verdict"`
	Because            string             `json:"because"`
	Disagree           bool               `json:"disagree"`
	Dormant            bool               `json:"dormant"`
	Evidence           []evidenceJSON     `json:"evidence"`
	FiredBy            []firedByJSON      `json:"firedBy"`
}

// evidenceJSON has its day as text, null when nobody knows it.
type evidenceJSON struct {
	Kind  salesforce.EvidenceKind `json:"kind"`
	Says  *bool                   `json:"says"`
	At    *string                 `json:"at"`
	Where string                  `json:"where"`
	Note  string                  `json:"note"`
}

type firedByJSON struct {
	Type   salesforce.UserType `json:"type"`
	Name   string              `json:"name"`
	Active *bool               `json:"active"`
	When   string              `json:"when"`
	File   string              `json:"file"`
}

type endpointJSON struct {
	Key      string             `json:"key"`
	Host     string             `json:"host"`
	URL      string             `json:"url"`
	Messages []string           `json:"messages"`
	Verdict  salesforce.Verdict `json:"verdict"`
	Route    state.Route        `json:"route"`
	Progress progressJSON       `json:"progress"`
}

type progressJSON struct {
	Done int `json:"done"`
	Of   int `json:"of"`
}

// json is what is written of a result; secrets lifts the mask from addresses.
func (r result) json(secrets bool) scanJSON {
	out := scanJSON{
		Schema: "sidestep.scan/v1", Complete: r.complete, Cutoff: salesforce.Cutoff.Format(time.DateOnly),
		Sources: r.sources, Problems: append([]salesforce.Problem{}, r.problems...),
		Messages: make([]messageJSON, 0, len(r.definitions)), Endpoints: make([]endpointJSON, 0, len(r.endpoints)), Lost: []lostJSON{},
	}
	for _, d := range r.definitions {
		out.Messages = append(out.Messages, d.json(secrets))
	}
	for _, e := range r.endpoints {
		keys := []string{}
		for _, m := range e.messages {
			keys = append(keys, m.Key())
		}
		out.Endpoints = append(out.Endpoints, endpointJSON{
			Key: e.address.Key, Host: e.address.Host, URL: shown(e.address, secrets), Messages: keys,
			Verdict: e.verdict, Route: e.route, Progress: progressJSON{e.progress.Done, e.progress.Of},
		})
	}
	for _, l := range r.lost {
		u := l.User
		out.Lost = append(out.Lost, lostJSON{u.Message, firedByJSON{u.Type, u.Name, u.Active, u.When, u.File}, l.source})
	}
	return out
}

func (d definition) json(secrets bool) messageJSON {
	m := messageJSON{
		Key: d.Key(), Object: d.Object, FullName: d.FullName, Label: d.Label, Namespace: d.Namespace(),
		EndpointURL: shown(d.address, secrets), Endpoint: d.address.Key, IncludeSessionID: d.IncludeSessionID,
		IntegrationUser: d.IntegrationUser, APIVersion: d.APIVersion, Fields: append([]string{}, d.Fields...),
		Protected: d.Protected, UseDeadLetterQueue: d.UseDeadLetterQueue, Description: d.Description,
		Source: d.source, File: d.File, ID: d.ID, Evidence: []evidenceJSON{}, FiredBy: []firedByJSON{},
	}
	if d.all == nil {
		m.Verdict = salesforce.Unknown
		return m
	}
	a := d.all.Assessment
	m.Verdict, m.Because, m.Disagree, m.Dormant = a.Verdict, a.Because, a.Disagree, d.all.Dormant()
	for _, e := range a.Evidence {
		ev := evidenceJSON{Kind: e.Kind, Says: e.Says, Where: e.Where, Note: e.Note}
		if !e.At.IsZero() {
			at := e.At.UTC().Format(time.DateOnly)
			ev.At = &at
		}
		m.Evidence = append(m.Evidence, ev)
	}
	for _, u := range d.all.Users {
		m.FiredBy = append(m.FiredBy, firedByJSON{u.Type, u.Name, u.Active, u.When, u.File})
	}
	return m
}

// shown is an address as it may be printed.
func shown(e salesforce.Endpoint, secrets bool) string {
	if secrets {
		return e.URL
	}
	return e.Masked
}

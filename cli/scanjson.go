package cli

import (
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

// The form of `scan --json`. Fields may be added, never renamed or removed.
type scanJSON struct {
	Schema   string               `json:"schema"`
	Complete bool                 `json:"complete"`
	Cutoff   string               `json:"cutoff"`
	Sources  []salesforce.Source  `json:"sources"`
	Problems []salesforce.Problem `json:"problems"`
	// Messages are of the form messageJSON.
	Messages  list           `json:"messages"`
	Endpoints []endpointJSON `json:"endpoints"`
	Lost      []nowhereJSON  `json:"usesWithoutDefinition"`
}

// nowhereJSON is something that fires a message which no source holds.
type nowhereJSON struct {
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
	orgJSON
}

// orgJSON is what only an org tells of a message.
type orgJSON struct {
	CreatedAt  *time.Time `json:"createdAt"`
	CreatedBy  string     `json:"createdBy"`
	ModifiedAt *time.Time `json:"modifiedAt"`
	ModifiedBy string     `json:"modifiedBy"`
	// SetupURL is its page in Setup, "" when the org was not scanned.
	SetupURL string `json:"setupUrl"`
	// Sender is the integration user, null when the org does not say.
	Sender *senderJSON `json:"sender"`
	// Package is the package that brought it, null for the org's own messages and
	// where the org does not say.
	Package *packageJSON `json:"package"`
}

type senderJSON struct {
	Username string `json:"username"`
	Name     string `json:"name"`
	Missing  bool   `json:"missing"`
	Active   *bool  `json:"active"`
	Sends    *bool  `json:"sendsOutboundMessages"`
	LoopRisk bool   `json:"loopRisk"`
}

type packageJSON struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Version   string `json:"version"`
	// Vendor is the name to propose for the endpoint's vendor.
	Vendor string `json:"vendor"`
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
	// SetupURL is its page in Setup, or the list that it stands in; "" when the org
	// was not scanned.
	SetupURL string `json:"setupUrl"`
	Note     string `json:"note"`
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
		Messages: list{len(r.definitions), func(i int) any { return r.definitions[i].json(secrets, r.instance) }}, Endpoints: make([]endpointJSON, 0, len(r.endpoints)), Lost: []nowhereJSON{},
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
		out.Lost = append(out.Lost, nowhereJSON{u.Message, firedByOf(u, r.instance), l.source})
	}
	return out
}

func firedByOf(u salesforce.User, instance string) firedByJSON {
	return firedByJSON{u.Type, u.Name, u.Active, u.When, u.File, below(instance, salesforce.SetupPath(u)), u.Note}
}

func (d *definition) json(secrets bool, instance string) *messageJSON {
	m := &messageJSON{
		Key: d.key, Object: d.Object, FullName: d.FullName, Label: d.Label, Namespace: d.Namespace(),
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
	users := d.all.Users
	if d.users != nil {
		users = d.users
	}
	for _, u := range users {
		m.FiredBy = append(m.FiredBy, firedByOf(u, instance))
	}
	m.orgJSON = orgFacts(d.all, instance)
	return m
}

func orgFacts(v *state.MessageView, instance string) orgJSON {
	o := orgJSON{CreatedAt: moment(v.CreatedAt), CreatedBy: v.CreatedBy, ModifiedAt: moment(v.ModifiedAt), ModifiedBy: v.ModifiedBy}
	if v.ID != "" {
		o.SetupURL = below(instance, v.SetupPath())
	}
	if u := v.Sender; u != nil {
		o.Sender = &senderJSON{u.Username, u.Name, u.Missing, u.Active, u.Sends, u.LoopRisk()}
	}
	if p := v.Package; p != nil {
		o.Package = &packageJSON{p.Namespace, p.Name, p.Version, p.Vendor()}
	}
	return o
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Truncate(time.Second))
}

// below is the address of a page of the org.
func below(instance, path string) string {
	if instance == "" {
		return ""
	}
	return strings.TrimSuffix(instance, "/") + path
}

// shown is an address as it may be printed.
func shown(e salesforce.Endpoint, secrets bool) string {
	if secrets {
		return e.URL
	}
	return e.Masked
}

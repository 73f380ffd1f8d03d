package org

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"sidestep/salesforce"
)

const (
	// maxSubrequests is what one composite request may hold (Tooling API guide,
	// "Improve Performance with the Composite Resource").
	maxSubrequests = 25
	// maxPages bounds a query whose pages never end: 500,000 messages.
	maxPages = 250
	// maxComposite is far above what 25 definitions take.
	maxComposite = 32 << 20
)

// errHidden is an org that lists nothing and has something.
var errHidden error = &hinted{
	text: "the org lists no outbound message, but it has some: your user needs the permission Modify Metadata Through Metadata API Functions",
	hint: needs,
}

// toolingMayHelp reports whether the Tooling API, which asks for fewer rights
// and takes every token, may answer what the Metadata API refused.
func toolingMayHelp(err error) bool {
	if errors.Is(err, ErrJWT) || errors.Is(err, errHidden) {
		return true
	}
	switch codeOf(err) {
	case "INSUFFICIENT_ACCESS", "FUNCTIONALITY_NOT_ENABLED", "FUNCTIONALITY_TEMPORARILY_UNAVAILABLE", "UNSUPPORTED_CLIENT", "INVALID_TYPE":
		return true
	}
	return false
}

// row is a WorkflowOutboundMessage of the Tooling API without its definition
// (Tooling API guide, "WorkflowOutboundMessage"), which only answers that hold
// one row carry.
type row struct {
	ID                            string
	Name                          string
	ManageableState               string
	CreatedDate, LastModifiedDate string
	CreatedBy, LastModifiedBy     *struct{ Name string }
}

// component is what the list of the Metadata API would have said.
func (r row) component() component {
	c := component{FullName: r.Name + " (" + id18(r.ID) + ")", ID: r.ID, ManageableState: r.ManageableState, CreatedDate: r.CreatedDate, LastModifiedDate: r.LastModifiedDate}
	if r.CreatedBy != nil {
		c.CreatedBy = r.CreatedBy.Name
	}
	if r.LastModifiedBy != nil {
		c.LastModifiedBy = r.LastModifiedBy.Name
	}
	return c
}

const rowQuery = "SELECT Id, Name, ManageableState, CreatedDate, CreatedBy.Name, LastModifiedDate, LastModifiedBy.Name FROM " + messageType

// byTooling reads the messages through the Tooling API. refused is what the
// Metadata API said; it stands where the Tooling API does not help.
func (s *scan) byTooling(ctx context.Context, refused error) error {
	s.tell(fmt.Sprintf("Going on with the Tooling API: %v.", refused))
	rows, total, listErr := s.client.rows(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(listErr, ErrExpired):
		return listErr
	case len(rows) == 0:
		// None may mean that the user may see none.
		why := "showed no message"
		if listErr != nil {
			why = "refused: " + listErr.Error()
		}
		s.doubted(false, "", "The Tooling API "+why+". It needs the permissions API Enabled and View Setup and Configuration.")
		return refused
	}
	s.doubted(true, "", fmt.Sprintf("Read through the Tooling API, because %v. This way the org does not tell what fires the messages: %s. Until then add the source repository or a backup.", refused, strings.TrimSuffix(hintOf(refused), ".")))
	s.mu.Lock()
	s.known, s.unread = nil, map[string]error{}
	for _, r := range rows {
		s.known = append(s.known, r.component())
	}
	s.mu.Unlock()
	if total != len(rows) {
		why := "it did not say why"
		if listErr != nil {
			why = listErr.Error()
		}
		s.doubted(false, "", fmt.Sprintf("The org has %d outbound messages and named %d of them: %s", total, len(rows), why))
	} else if listErr != nil {
		s.doubted(false, "", "The org's list of outbound messages did not end: "+listErr.Error())
	}
	s.report(nil, pause{})
	version, err := s.client.apiVersion(ctx)
	if err != nil {
		return err
	}
	around := s.around(ctx, version)
	defer around.stop()
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(maxCalls)
	for batch := range slices.Chunk(s.known, maxSubrequests) {
		group.Go(func() error { return s.readComposite(gctx, version, batch) })
	}
	around.begin(false)
	err = group.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		around.people()
		around.wait()
	}
	return err
}

func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return "try again"
}

// rows lists all messages, each once, and says how many the org has. The rows of
// the pages before an error are returned with it.
func (c *Client) rows(ctx context.Context) (all []row, total int, err error) {
	first, err := query[row](ctx, c, "tooling/", rowQuery)
	if err != nil {
		return nil, 0, err
	}
	seen := map[string]bool{}
	err = pages(ctx, c, first, maxPages, func(page rows[row]) {
		total = max(total, page.TotalSize)
		for _, r := range page.Records {
			if r.ID != "" && !seen[r.ID] {
				seen[r.ID] = true
				all = append(all, r)
			}
		}
	})
	return all, total, err
}

// pages hands on a page and the ones that follow it, at most limit of them.
func pages[T any](ctx context.Context, c *Client, page rows[T], limit int, take func(rows[T])) error {
	for n := 1; ; n++ {
		take(page)
		if page.Done {
			return nil
		}
		next, err := c.samePlace(page.Next)
		if err != nil || n == limit {
			return cmp.Or(err, errHuge)
		}
		if page, err = get[rows[T]](ctx, c, next, false); err != nil {
			return err
		}
	}
}

// samePlace takes the link to a next page when it stays with the org's API.
func (c *Client) samePlace(link string) (path string, err error) {
	u, err := url.Parse(link)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/services/data/") {
		return "", broken(fmt.Errorf("its next page leads elsewhere (%.80q)", link))
	}
	return u.RequestURI(), nil
}

// definition is the Metadata of a row. Keys that are not ours are passed over.
type definition struct {
	FullName string
	Metadata *struct {
		APIVersion         float64  `json:"apiVersion"`
		Description        string   `json:"description"`
		EndpointURL        string   `json:"endpointUrl"`
		Fields             []string `json:"fields"`
		IncludeSessionID   *bool    `json:"includeSessionId"`
		IntegrationUser    string   `json:"integrationUser"`
		Name               string   `json:"name"`
		Protected          bool     `json:"protected"`
		UseDeadLetterQueue bool     `json:"useDeadLetterQueue"`
	}
}

func (d definition) message() (salesforce.Message, error) {
	dot := strings.LastIndex(d.FullName, ".")
	if d.Metadata == nil || dot <= 0 || dot == len(d.FullName)-1 {
		return salesforce.Message{}, errors.New("the org did not return its definition")
	}
	m := d.Metadata
	return salesforce.Message{
		Object: d.FullName[:dot], FullName: d.FullName[dot+1:], Label: m.Name, EndpointURL: m.EndpointURL,
		IncludeSessionID: m.IncludeSessionID, IntegrationUser: m.IntegrationUser, APIVersion: m.APIVersion,
		Fields: m.Fields, Protected: m.Protected, UseDeadLetterQueue: m.UseDeadLetterQueue, Description: m.Description,
	}, nil
}

// subresponse is the answer to one of the reads of a composite request.
type subresponse struct {
	Body        json.RawMessage
	Status      int    `json:"httpStatusCode"`
	ReferenceID string `json:"referenceId"`
}

// definition reads the answer, which may be a refusal of its own.
func (r subresponse) definition() (salesforce.Message, error) {
	if r.Status != http.StatusOK {
		return salesforce.Message{}, errorOf(r.Status, r.Body)
	}
	var d definition
	if err := json.Unmarshal(r.Body, &d); err != nil {
		return salesforce.Message{}, broken(err)
	}
	return d.message()
}

// readComposite reads up to 25 messages with one call.
func (s *scan) readComposite(ctx context.Context, version float64, batch []component) error {
	answers, err := s.client.composite(ctx, versionText(version), batch)
	byID := map[string]subresponse{}
	for _, a := range answers {
		byID[a.ReferenceID] = a
	}
	var arrived []salesforce.Message
	s.mu.Lock()
	for _, b := range batch {
		key := strings.ToLower(b.FullName)
		a, answered := byID["m"+b.ID]
		var m salesforce.Message
		why := err
		switch {
		case why != nil:
		case answered:
			m, why = a.definition()
		case len(answers) > 0 && answers[0].Status != http.StatusOK:
			why = errorOf(answers[0].Status, answers[0].Body)
		default:
			why = errors.New("the org did not return its definition")
		}
		if why != nil {
			s.unread[key] = why
			continue
		}
		m = b.complete(m)
		s.read[key] = m
		arrived = append(arrived, m)
	}
	s.mu.Unlock()
	s.report(arrived, pause{})
	if err != nil && hopeless(err) {
		return err
	}
	return nil
}

func (c *Client) composite(ctx context.Context, v string, batch []component) ([]subresponse, error) {
	base := "/services/data/v" + v + "/tooling/"
	reads := make([]subread, len(batch))
	for i, b := range batch {
		reads[i] = subread{http.MethodGet, base + "sobjects/" + messageType + "/" + url.PathEscape(b.ID), "m" + b.ID}
	}
	return c.together(ctx, base+"composite", reads)
}

// subread is one of the reads of a composite request.
type subread struct {
	Method      string `json:"method"`
	URL         string `json:"url"`
	ReferenceID string `json:"referenceId"`
}

// together makes several reads with one call.
func (c *Client) together(ctx context.Context, path string, reads []subread) ([]subresponse, error) {
	body, err := json.Marshal(struct {
		AllOrNone bool      `json:"allOrNone"`
		Reads     []subread `json:"compositeRequest"`
	}{false, reads})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Answers []subresponse `json:"compositeResponse"`
	}
	err = c.ask(ctx, call{path: path, json: body, limit: maxComposite, read: readJSON(&answer)})
	return answer.Answers, err
}

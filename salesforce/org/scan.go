package org

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"sidestep/salesforce"
)

// maxBatches is how many batches are read at once.
const maxBatches = 4

// Progress is how far a scan has come.
type Progress struct {
	// Known is how many messages the org has, Read how many of them were read.
	Known, Read int
	// Calls is how many API calls the scan took so far.
	Calls int
	// New are the messages that arrived since the last report.
	New []salesforce.Message
	// Limit is the org's API usage, as far as it was told.
	Limit Usage
	// Pause is how long the scan waits because the org asked for it or is
	// overloaded; 0 in every other report.
	Pause time.Duration
}

// Scan reads all outbound messages: the list, then the definitions in batches.
// It calls progress, which may be nil, from one goroutine at a time.
//
// What was read is returned with an error too. A message that was listed and not
// read is a Problem, and the source is then not complete. An error means that
// the scan could not go on: the context's own, ErrExpired, ErrJWT, a *Fault or an
// *APIError about rights or limits, or a line that is down.
func (c *Client) Scan(ctx context.Context, progress func(Progress)) (salesforce.Findings, error) {
	if progress == nil {
		progress = func(Progress) {}
	}
	s := &scan{
		client: c, progress: progress, began: c.options.Now(), callsBefore: c.Calls(),
		read: map[string]salesforce.Message{}, unread: map[string]error{},
	}
	err := s.run(withPauses(ctx, s.pause))
	return s.findings(err), err
}

type scan struct {
	client      *Client
	began       time.Time
	callsBefore int

	mu       sync.Mutex
	progress func(Progress)
	known    []component
	read     map[string]salesforce.Message // by lower-case full name
	unread   map[string]error              // why, by lower-case full name
	doubts   []salesforce.Problem
}

func (s *scan) run(ctx context.Context) error {
	version, err := s.list(ctx)
	if err != nil {
		return err
	}
	s.report(nil, 0)
	if len(s.known) == 0 {
		return s.doubt(ctx)
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(maxBatches)
	for batch := range slices.Chunk(s.known, maxNames) {
		group.Go(func() error { return s.readBatch(gctx, version, batch) })
	}
	err = group.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// list asks for the messages and, at the same time, for the API versions: the
// newest version that is known here is almost always right, and asking one after
// the other would cost a round trip.
func (s *scan) list(ctx context.Context) (float64, error) {
	version := newestVersion
	var known []component
	var versionErr, listErr error
	var both sync.WaitGroup
	both.Go(func() { version, versionErr = s.client.apiVersion(ctx) })
	both.Go(func() { known, listErr = s.client.list(ctx, newestVersion) })
	both.Wait()
	switch {
	case versionErr == nil && version < newestVersion && !hopelessAtAnyVersion(listErr):
		known, listErr = s.client.list(ctx, version)
	case versionErr != nil:
		version = newestVersion // it answered the list, so it speaks this version
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = known
	return version, listErr
}

// hopelessAtAnyVersion reports whether an older API version would fail as well.
func hopelessAtAnyVersion(err error) bool {
	return err != nil && hopeless(err) && codeOf(err) != "UNSUPPORTED_API_VERSION"
}

// doubt asks in another way when the list is empty: missing rights can look like
// an org without messages.
func (s *scan) doubt(ctx context.Context) error {
	p := salesforce.Problem{Source: s.client.name()}
	found, err := query[struct{ ID string }](ctx, s.client, "tooling/", "SELECT Id FROM "+messageType+" LIMIT 1")
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && hopeless(err):
		return err
	case err != nil:
		p.Message = fmt.Sprintf("The org lists no outbound message, and whether that is true could not be checked: %v", err)
	case len(found.Records) > 0 || found.TotalSize > 0:
		p.Message = "The org lists no outbound message, but it has some: your user needs the permission Modify Metadata Through Metadata API Functions."
	default:
		p.Message, p.Notice = "The org has no outbound messages.", true
	}
	s.doubts = append(s.doubts, p)
	return nil
}

// readBatch reads up to ten messages. Only what would stop all other batches as
// well is an error.
func (s *scan) readBatch(ctx context.Context, version float64, batch []component) error {
	names := make([]string, len(batch))
	for i, b := range batch {
		names[i] = b.FullName
	}
	got, err := s.client.read(ctx, version, names)
	s.take(batch, got, err)
	if err != nil && hopeless(err) {
		return err
	}
	return nil
}

// take keeps what a batch brought and why the rest of it is missing.
func (s *scan) take(batch []component, got records, err error) {
	var arrived []salesforce.Message
	s.mu.Lock()
	for _, b := range batch {
		key := strings.ToLower(b.FullName)
		if err != nil {
			s.unread[key] = err
			continue
		}
		if why, failed := got.unread[key]; failed {
			s.unread[key] = why
		}
		for _, record := range got.messages {
			if strings.EqualFold(strings.TrimSpace(record.FullName), b.FullName) {
				m := record.Message("")
				m.ID, m.File, m.ManageableState = id18(b.ID), b.FileName, b.ManageableState
				m.CreatedAt, m.ModifiedAt = date(b.CreatedDate), date(b.LastModifiedDate)
				s.read[key] = m
				arrived = append(arrived, m)
				break
			}
		}
	}
	s.mu.Unlock()
	s.report(arrived, 0)
}

func (s *scan) pause(d time.Duration) { s.report(nil, d) }

func (s *scan) report(arrived []salesforce.Message, pause time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress(Progress{
		Known: len(s.known), Read: len(s.read), Calls: s.client.Calls() - s.callsBefore,
		New: arrived, Limit: s.client.lastUsage(), Pause: pause,
	})
}

// findings puts together what was read, in the order of the list, and makes a
// problem of everything that was listed and is not there.
func (s *scan) findings(err error) salesforce.Findings {
	t := s.client.Token()
	f := salesforce.Findings{
		Source: salesforce.Source{
			ID: id18(t.OrgID), Kind: salesforce.SourceOrg, Name: s.client.name(), OrgID: id18(t.OrgID),
			At: s.began, Calls: s.client.Calls() - s.callsBefore, Complete: err == nil,
		},
		Problems: s.doubts,
	}
	for _, k := range s.known {
		key := strings.ToLower(k.FullName)
		if m, ok := s.read[key]; ok {
			f.Messages = append(f.Messages, m)
			continue
		}
		f.Problems = append(f.Problems, salesforce.Problem{
			Source: f.Source.Name, File: k.FileName, Message: k.FullName + " is in the org but was not read: " + s.why(key, err),
		})
	}
	if err != nil && len(s.known) == 0 {
		f.Problems = append(f.Problems, salesforce.Problem{Source: f.Source.Name, Message: "The org was not read: " + err.Error()})
	}
	for _, p := range f.Problems {
		f.Source.Complete = f.Source.Complete && p.Notice
	}
	return f
}

func (s *scan) why(key string, stopped error) string {
	why := s.unread[key]
	switch {
	case why != nil && !errors.Is(why, context.Canceled):
		return why.Error()
	case errors.Is(stopped, context.Canceled), stopped == nil && why != nil:
		return "the scan was stopped"
	case stopped != nil:
		return stopped.Error()
	}
	return "the org did not return its definition"
}

package org

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"sidestep/salesforce"
)

const (
	// maxBatches is how many batches are read at once: one call stays free for
	// the retrieve.
	maxBatches = 4
	// few is how many messages are read by name without waiting for the zip.
	few = 100
	// patience is how long more than that wait for it.
	patience = 15 * time.Second
)

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
	// overloaded; 0 in every other report. Asked is true when the org named the
	// time.
	Pause time.Duration
	Asked bool
	// Note says in a sentence why the scan goes another way than usual, or what
	// it waits for; "" while there is nothing to say.
	Note string
}

// Scan reads all outbound messages, and what fires them where the org tells; the
// package comment says how. It calls progress, which may be nil, from one
// goroutine at a time.
//
// What was read is returned with an error too. A message that was listed and not
// read is a Problem, and the source is then not complete; another way than usual
// is a notice. An error means that the scan could not go on: the context's own,
// ErrExpired, ErrJWT, a *Fault or an *APIError about rights or limits, or a line
// that is down.
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
	extra    []salesforce.Message          // retrieved, though not listed
	users    []salesforce.User
	// tellsUsers is true once everything that may fire messages was read.
	tellsUsers bool
	doubts     []salesforce.Problem
	note       string

	// What else the org told.
	audit    []salesforce.AuditEntry
	people   []salesforce.IntegrationUser
	packages []salesforce.Package
}

func (s *scan) run(ctx context.Context) error {
	err := s.byMetadata(ctx)
	if !toolingMayHelp(err) {
		return err
	}
	return s.byTooling(ctx, err)
}

// byMetadata asks the Metadata API: for the list, and then for the definitions
// by name and in a zip.
func (s *scan) byMetadata(ctx context.Context) error {
	version, err := s.list(ctx)
	if err != nil {
		return err
	}
	s.report(nil, pause{})
	if len(s.known) == 0 {
		return s.doubt(ctx)
	}
	beside, stop := context.WithCancel(ctx)
	var asked sync.WaitGroup
	defer asked.Wait()
	defer stop()
	zip := make(chan packed, 1)
	asked.Go(func() {
		r, err := s.client.retrieve(beside, version)
		zip <- packed{r, err}
	})
	around := s.around(beside, version)
	defer around.stop()
	if len(s.known) <= few {
		if s.client.lastUsage().Max == 0 {
			asked.Go(func() {
				s.client.askUsage(beside, version)
				s.report(nil, pause{})
			})
		}
	} else {
		around.begin(true) // its answers tell the org's usage, too
		s.tell("")
		select {
		case p := <-zip:
			s.takeZip(ctx, p)
			zip = nil
		case <-time.After(patience):
			s.tell("The org is slow to pack its files, so the messages are read one by one.")
		case <-ctx.Done():
		}
	}
	if err := s.readMissing(ctx, version); err != nil {
		return err
	}
	around.begin(true)
	around.people()
	if zip != nil {
		s.tell("Waiting for the org's files, which tell what fires the messages.")
		s.takeZip(ctx, <-zip)
	}
	around.flows()
	around.wait()
	return ctx.Err()
}

// readMissing reads by name what is listed and not yet there.
func (s *scan) readMissing(ctx context.Context, version float64) error {
	var missing []component
	for _, k := range s.known {
		if _, there := s.read[strings.ToLower(k.FullName)]; !there {
			missing = append(missing, k)
		}
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(maxBatches)
	for batch := range slices.Chunk(missing, maxNames) {
		group.Go(func() error { return s.readBatch(gctx, version, batch) })
	}
	err := group.Wait()
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
	both.Go(func() { known, listErr = s.client.list(ctx, newestVersion, messageType) })
	both.Wait()
	switch {
	case versionErr == nil && version < newestVersion && !hopelessAtAnyVersion(listErr):
		known, listErr = s.client.list(ctx, version, messageType)
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
	found, err := query[struct{ ID string }](ctx, s.client, "tooling/", "SELECT Id FROM "+messageType+" LIMIT 1")
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && hopeless(err):
		return err
	case err != nil:
		s.doubted(false, "", fmt.Sprintf("The org lists no outbound message, and whether that is true could not be checked: %v. To be sure, %s.", err, strings.TrimSuffix(hintOf(err), ".")))
	case len(found.Records) > 0 || found.TotalSize > 0:
		return errHidden
	default:
		s.doubted(true, "", "The org has no outbound messages.")
	}
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
				m := b.complete(record.Message(""))
				s.read[key] = m
				arrived = append(arrived, m)
				break
			}
		}
	}
	s.mu.Unlock()
	s.report(arrived, pause{})
}

func (s *scan) pause(p pause) { s.report(nil, p) }

func (s *scan) report(arrived []salesforce.Message, p pause) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress(Progress{
		Known: len(s.known), Read: len(s.read), Calls: s.client.Calls() - s.callsBefore,
		New: arrived, Limit: s.client.lastUsage(), Pause: p.lasts, Asked: p.asked, Note: s.note,
	})
}

// tell reports what the scan is about.
func (s *scan) tell(note string) {
	s.mu.Lock()
	s.note = note
	s.mu.Unlock()
	s.report(nil, pause{})
}

// doubted notes what is not as it should be: a notice where it hides nothing.
func (s *scan) doubted(notice bool, file, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doubts = append(s.doubts, salesforce.Problem{Source: s.client.name(), File: file, Message: message, Notice: notice})
}

package ui

import (
	"context"
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

// hintedError is an error that knows what to do next.
type hintedError struct{ text, hint string }

func (e hintedError) Error() string { return e.text }
func (e hintedError) Hint() string  { return e.hint }

func (w *world) SignIn(_ context.Context, host, client string) (Attempt, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := &fakeAttempt{w: w, host: host, client: client, deadline: w.now().Add(5 * time.Minute), listening: true, answer: make(chan error, 1)}
	w.attempts = append(w.attempts, a)
	return a, w.signInErr
}

func (w *world) Accepts(host string) error {
	if host == "" || strings.Contains(host, "evil") {
		return hintedError{"this is no Salesforce host", "give your org's My Domain"}
	}
	return nil
}

func (w *world) DefaultClient() (string, string) {
	return "PlatformCLI", "the client id of the Salesforce CLI is used."
}

// fakeAttempt is a sign-in that ends when the test says so.
type fakeAttempt struct {
	w            *world
	host, client string
	deadline     time.Time
	listening    bool
	answer       chan error
	// ended is set when nobody waits any more: the port is free.
	ended bool
}

func (a *fakeAttempt) Link() string {
	return "https://login.salesforce.com/services/oauth2/authorize?client_id=PlatformCLI&code_challenge=qjrzSW9gMiUgpUvqgEPE4&redirect_uri=http%3A%2F%2Flocalhost%3A1717%2FOauthRedirect&response_type=code&state=xyz"
}
func (a *fakeAttempt) RedirectURI() string { return "http://localhost:1717/OauthRedirect" }
func (a *fakeAttempt) Deadline() time.Time { return a.deadline }
func (a *fakeAttempt) Listening() bool     { return a.listening }
func (a *fakeAttempt) Close() error        { return nil }
func (a *fakeAttempt) Wait(ctx context.Context) (Org, error) {
	defer func() { a.ended = true }()
	select {
	case err := <-a.answer:
		if a.w.fleeting {
			return fleeting{a.w.org}, err
		}
		return a.w.org, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (a *fakeAttempt) Paste(text string) error {
	if !strings.HasPrefix(text, a.RedirectURI()) {
		return hintedError{"this is not the address that the login ended at", "paste all of it"}
	}
	a.answer <- nil
	return nil
}

// fakeOrg is an org whose scan takes as many steps as the test lets it.
type fakeOrg struct {
	asked    []asked
	w        *world
	who      state.Org
	findings salesforce.Findings
	err      error
	// pause is one before a repeat, asksForIt says whose wish it is.
	pause     time.Duration
	asksForIt bool
	// gate, where there is one, holds the scan after its progress.
	gate chan struct{}
}

func (o *fakeOrg) Who() state.Org { return o.who }
func (o *fakeOrg) Scan(ctx context.Context, progress func(Progress)) (salesforce.Findings, error) {
	o.w.mu.Lock()
	o.w.scans++
	o.w.mu.Unlock()
	n := len(o.findings.Messages)
	p := Progress{Known: n, Read: n, Calls: o.findings.Source.Calls, LimitUsed: 17, LimitMax: 15000, New: o.findings.Messages}
	p.Pause, p.Asked = o.pause, o.asksForIt
	progress(p)
	if o.gate != nil {
		select {
		case <-o.gate:
		case <-ctx.Done():
			return salesforce.Findings{}, ctx.Err()
		}
	}
	return o.findings, o.err
}

// fakeDemo is the built-in org.
type fakeDemo struct {
	w          *world
	backup     string
	refusal    error
	unreadable error
}

func (d *fakeDemo) Host() string { return "http://localhost:8181" }
func (d *fakeDemo) Approve(context.Context, string) error {
	if d.refusal != nil {
		return d.refusal
	}
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	d.w.attempts[len(d.w.attempts)-1].answer <- nil
	return nil
}
func (d *fakeDemo) Backup() (string, time.Time) { return d.backup, backupDay }
func (d *fakeDemo) ReadBackup(context.Context) (salesforce.Findings, error) {
	return backupFindings(), d.unreadable
}

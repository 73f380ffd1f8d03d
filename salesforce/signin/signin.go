// Package signin signs an admin in to an org: authorization code with PKCE
// through the system browser, answered on a loopback port or by pasting the
// address that the browser was sent to.
//
// It promises that nothing but the true answer to this attempt is accepted,
// that at most one token request is made for it, that tokens go to Salesforce
// hosts only, and that the port is free again as soon as the attempt is over.
package signin

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"
)

// CallbackPath is the path of the redirect address that an app has to register.
const CallbackPath = "/OauthRedirect"

// DefaultPorts are tried in order. Salesforce compares the redirect address with
// the registered ones including the port, so the list is short and fixed.
var DefaultPorts = []int{1717, 1718, 17171, 27171, 37171}

const (
	defaultTimeout = 5 * time.Minute
	// exchangeLimit bounds the one token request.
	exchangeLimit = 30 * time.Second
	// pageGrace is how long a finished attempt stays up so that the browser can
	// fetch the page which says how it ended.
	pageGrace = 800 * time.Millisecond
)

// ErrTimedOut is returned by Wait when nobody signed in before the deadline.
var ErrTimedOut error = &advised{
	text: "nobody signed in before the time was up",
	hint: "start again; the link of the old attempt no longer works",
}

// ErrClosed is returned by Wait when the attempt was closed.
var ErrClosed = errors.New("the sign-in was cancelled")

// Options say where and how to sign in.
type Options struct {
	// Host is the base address to sign in at, as ParseHost returns it.
	Host string
	// ClientID is the consumer key of the app. There is no secret: the app is a
	// public client.
	ClientID string
	// Ports are tried in order; nil means DefaultPorts.
	Ports []int
	// HTTP makes the token requests; nil means a client of its own. Redirects
	// are never followed.
	HTTP *http.Client
	// Timeout is how long Wait waits for an answer; 0 means 5 minutes.
	Timeout time.Duration
}

// Attempt is one try to sign in. Its secrets are made for it alone.
type Attempt struct {
	options  Options
	config   *oauth2.Config
	state    string
	verifier string
	port     int
	deadline time.Time

	server    *http.Server
	listeners []net.Listener

	timer  *time.Timer
	life   context.Context
	end    context.CancelCauseFunc
	taken  atomic.Bool
	answer chan answer

	finished chan struct{}
	outcome  outcome // set before finished is closed
	shown    chan struct{}
	showOnce sync.Once
}

// Start makes fresh secrets, binds the first free port and serves the callback.
// The context is for the start only: the attempt ends with Wait, with Close, or
// at its Deadline. When every port is busy it starts all the same, and Paste is
// the only way to answer.
func Start(ctx context.Context, o Options) (*Attempt, error) {
	if o.ClientID == "" {
		return nil, &advised{
			text: "there is no client id to sign in with",
			hint: "give the consumer key of your External Client App",
		}
	}
	if err := InstanceAllowed(o.Host, o.Host); err != nil {
		return nil, fmt.Errorf("sign-in host: %w", err)
	}
	if len(o.Ports) == 0 {
		o.Ports = DefaultPorts
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	listeners, port, err := listen(ctx, o.Ports)
	if err != nil {
		return nil, err
	}
	a := &Attempt{
		options:   o,
		listeners: listeners,
		config:    configOf(o, fmt.Sprintf("http://localhost:%d%s", port, CallbackPath)),
		state:     secret(),
		verifier:  secret(),
		port:      port,
		deadline:  time.Now().Add(o.Timeout),
		answer:    make(chan answer, 1),
		finished:  make(chan struct{}),
		shown:     make(chan struct{}),
	}
	a.life, a.end = context.WithCancelCause(context.Background())
	a.server = newServer(a)
	a.timer = time.AfterFunc(o.Timeout, func() {
		a.end(ErrTimedOut)
		a.release()
	})
	for _, l := range listeners {
		go a.server.Serve(l) // returns when the server is closed
	}
	return a, nil
}

// secret returns 32 random bytes as 43 characters of unpadded base64url, which
// is also what RFC 7636 asks of a code verifier.
func secret() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Link is the address to open in a browser. It holds no secret that would help
// whoever sees it: the verifier stays here.
func (a *Attempt) Link() string {
	return a.config.AuthCodeURL(a.state, oauth2.S256ChallengeOption(a.verifier))
}

// RedirectURI is the address that the browser is sent back to.
func (a *Attempt) RedirectURI() string { return a.config.RedirectURL }

// Deadline is when the attempt gives up.
func (a *Attempt) Deadline() time.Time { return a.deadline }

// Listening reports whether a port could be bound. If not, Paste is the only
// way to answer.
func (a *Attempt) Listening() bool { return len(a.listeners) > 0 }

// Wait waits for a valid callback or paste, redeems it with exactly one token
// request, and frees the port before it returns. Cancelling ctx ends the
// attempt. Errors: a *Refused when the org says no, ErrTimedOut, ErrClosed, the
// error of ctx, or one line about what went wrong.
func (a *Attempt) Wait(ctx context.Context) (Token, error) {
	defer a.Close()
	select {
	case got := <-a.answer:
		t, err := a.redeem(ctx, got)
		a.finish(outcomeOf(err))
		if got.fromBrowser {
			a.showResult(ctx)
		}
		return t, err
	case <-ctx.Done():
		return Token{}, ctx.Err()
	case <-a.life.Done():
		if err := ctx.Err(); err != nil {
			return Token{}, err // whoever cancels may close the attempt as well
		}
		return Token{}, context.Cause(a.life)
	}
}

func (a *Attempt) redeem(ctx context.Context, got answer) (Token, error) {
	if got.refused != nil {
		return Token{}, got.refused
	}
	ctx, cancel := context.WithTimeout(ctx, exchangeLimit)
	defer cancel()
	defer context.AfterFunc(a.life, cancel)()
	raw, err := a.config.Exchange(withClient(ctx, a.options), got.code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		if cause := context.Cause(a.life); cause != nil {
			return Token{}, cause
		}
		return Token{}, tokenError(ctx, a.options.Host, err)
	}
	return tokenOf(a.options, raw)
}

func (a *Attempt) finish(o outcome) {
	a.outcome = o
	close(a.finished)
}

// showResult keeps the server up until the browser has fetched the page which
// says how the sign-in ended, or had its chance to.
func (a *Attempt) showResult(ctx context.Context) {
	patience := time.NewTimer(pageGrace)
	defer patience.Stop()
	select {
	case <-a.shown:
	case <-patience.C:
	case <-ctx.Done():
	case <-a.life.Done():
	}
	ctx, cancel := context.WithTimeout(ctx, pageGrace/4)
	defer cancel()
	_ = a.server.Shutdown(ctx) // lets the page go out; Close ends whatever stays
}

// take hands a checked answer to Wait. Only the first one gets through.
func (a *Attempt) take(got answer) bool {
	if !a.taken.CompareAndSwap(false, true) {
		return false
	}
	a.timer.Stop() // the answer came in time, however long the org needs now
	a.answer <- got
	return true
}

// Close ends the attempt and frees the port. Closing twice does no harm.
func (a *Attempt) Close() error {
	a.timer.Stop()
	a.end(ErrClosed)
	a.release()
	return nil
}

// release frees the port. The server closes only what it serves already, which
// right after the start may be nothing.
func (a *Attempt) release() {
	a.server.Close()
	for _, l := range a.listeners {
		l.Close()
	}
}

// Format keeps state and verifier out of everything that prints values.
func (a *Attempt) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "sign-in at %s", a.options.Host)
}

// advised is an error of one line with a hint on how to go on.
type advised struct {
	text, hint string
	err        error
}

func (e *advised) Error() string { return e.text }

// Hint says how to go on.
func (e *advised) Hint() string  { return e.hint }
func (e *advised) Unwrap() error { return e.err }

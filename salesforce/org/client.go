// Package org asks an org's APIs: who is signed in, and which outbound messages
// there are. It only reads.
//
// It promises that what it returns is complete or says that it is not, that an
// answer which is no answer (a web page, cut XML) is an error and never an empty
// list, that the token goes to the org alone, and that every call ends: by an
// answer, by a limit, or as soon as its context is cancelled.
//
// There are three ways to the messages, and the list of the Metadata API is the
// measure of the first two: each name in it is read, or is a problem.
//
//   - By name, ten with a call. It shows the first messages soonest, and its time
//     grows with every forty messages.
//   - A retrieve, a zip of all files. It takes five calls and much the same time
//     at any size, and it alone tells what fires the messages.
//   - The Tooling API, which needs fewer rights and takes JWT-format tokens, and
//     does not tell what fires the messages either.
//
// Up to a hundred messages are read by name while the retrieve runs beside. More
// are awaited from the zip, and read by name when it takes long, fails, or lacks
// some: with every answer 120 ms late both ways take 0.8 seconds at about 180
// messages, and at 1,000 the zip is there in a quarter of the time of reading by
// name. A refusal of rights or of the token leads to the Tooling API. The
// figures are in docs/performance.md.
package org

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"sidestep/salesforce/signin"
	"sidestep/salesforce/trust"
)

const (
	// newestVersion is the newest API version whose shapes are known here.
	newestVersion = 66.0
	// maxCalls is how many calls are under way at once.
	maxCalls = 5
)

// Options of a Client. The zero value works.
type Options struct {
	// HTTP makes the calls; nil means a client of its own. Redirects are only
	// followed where the same question is answered at another Salesforce address.
	HTTP *http.Client
	// Alias is what people call the org; the instance's host where it is "".
	Alias string
	// Now is the clock for the time of a scan; nil means time.Now.
	Now func() time.Time
	// Refresh gets a new token, already stored, when the org no longer takes the
	// old one. It is never called twice at once. nil means that there is none.
	Refresh func(context.Context) (signin.Token, error)
	// Moved is told the address that the org has moved to for good, when it has
	// taken the token there. nil means that nobody keeps it.
	Moved func(ctx context.Context, instance string)
}

// Client asks one org as one user. It may be used by several goroutines.
type Client struct {
	options Options
	http    *http.Client
	slots   chan struct{}
	calls   atomic.Int64

	renewing chan struct{} // held while the token is being renewed

	mu         sync.Mutex
	token      signin.Token
	generation int  // counts renewals, to tell an old refusal from a new one
	dead       bool // a fresh token was refused too: nothing but a new sign-in helps
	usage      Usage
	version    float64 // 0: not asked yet
}

// New makes a client that asks with t.
func New(t signin.Token, o Options) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{
		options: o, http: clientOf(o), token: t,
		slots: make(chan struct{}, maxCalls), renewing: make(chan struct{}, 1),
	}
}

func clientOf(o Options) *http.Client {
	var c http.Client
	if o.HTTP != nil {
		c = *o.HTTP
	} else {
		c.Transport = trust.Transport(func(t *http.Transport) {
			t.MaxIdleConnsPerHost = maxCalls
			t.MaxResponseHeaderBytes = 1 << 20
		})
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// Calls is how many requests were sent so far, repeats included.
func (c *Client) Calls() int { return int(c.calls.Load()) }

// Token is the token in use. It differs from the one given to New after a
// refresh, and when the org answered that it has moved.
func (c *Client) Token() signin.Token {
	t, _ := c.current()
	return t
}

// Format keeps the token out of everything that prints values.
func (c *Client) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "client of %v", c.Token()) }

func (c *Client) current() (signin.Token, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token, c.generation
}

// renew replaces the token of the given generation, once for all calls that it
// was refused to.
func (c *Client) renew(ctx context.Context, refused int) error {
	select {
	case c.renewing <- struct{}{}:
		defer func() { <-c.renewing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	old, generation := c.current()
	switch {
	case c.isDead() || c.options.Refresh == nil:
		return ErrExpired
	case generation != refused:
		return nil // another call was faster
	}
	fresh, err := c.options.Refresh(ctx)
	if err != nil {
		var no *signin.Refused
		var moved *signin.Moved
		if errors.As(err, &no) && !no.Passing() || errors.As(err, &moved) {
			c.bury()
			return fmt.Errorf("%w: %w", ErrExpired, err)
		}
		return err
	}
	if err := signin.InstanceAllowed(fresh.InstanceURL, old.InstanceURL); err != nil {
		return err
	}
	if old.OrgID != "" && id18(fresh.OrgID) != id18(old.OrgID) {
		return errors.New("the renewed sign-in is for another org")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token = fresh
	c.generation++
	return nil
}

func (c *Client) isDead() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dead
}

func (c *Client) bury() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead = true
}

// move adopts the address that the org has moved to. The first call that finds
// it tells.
func (c *Client) move(ctx context.Context, instance string) {
	c.mu.Lock()
	known := c.token.InstanceURL == instance
	c.token.InstanceURL = instance
	c.mu.Unlock()
	if !known && c.options.Moved != nil {
		c.options.Moved(ctx, instance)
	}
}

// name is what people call the org.
func (c *Client) name() string {
	if c.options.Alias != "" {
		return c.options.Alias
	}
	t := c.Token()
	if u, err := url.Parse(t.InstanceURL); err == nil {
		return u.Host
	}
	return t.InstanceURL
}

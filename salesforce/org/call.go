package org

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"

	"sidestep/salesforce/signin"
)

const (
	maxTries = 4
	// maxPause is the longest wait before a repeat.
	maxPause = 20 * time.Second
	// idleLimit is how long the org may stay silent within a call.
	idleLimit = 30 * time.Second
	// callLimit bounds one call, however busily the org drips.
	callLimit = 2 * time.Minute
	maxHops   = 3
)

// call is one question to the org. All of ours only read, so each may be asked
// again.
type call struct {
	path string
	// body makes a POST of the call and carries the token itself; without it and
	// json the call is a GET.
	body func(token string) []byte
	// json makes a POST of the call, too.
	json []byte
	// anonymous calls carry no token.
	anonymous bool
	// limit is the largest answer that is read, unpacked.
	limit int64
	// read takes the answer. It may be called again with the answer to a repeat.
	read func(a *http.Response, body io.Reader) error
}

// ask makes the call and everything that may be needed for it: repeats with
// growing pauses, one renewal of the sign-in, and one repeat after that.
func (c *Client) ask(ctx context.Context, q call) error {
	t, generation := c.current()
	err := c.try(ctx, q, t)
	if q.anonymous || !refusesToken(err) {
		return err
	}
	if err := c.renew(ctx, generation); err != nil {
		return err
	}
	t, _ = c.current()
	err = c.try(ctx, q, t)
	if refusesToken(err) {
		c.bury()
		return fmt.Errorf("%w: %w", ErrExpired, err)
	}
	return err
}

func (c *Client) try(ctx context.Context, q call, t signin.Token) error {
	pauses := &backoff.ExponentialBackOff{
		InitialInterval: 500 * time.Millisecond, Multiplier: 3, RandomizationFactor: 0.5, MaxInterval: maxPause / 2,
	}
	unexplained := 0
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := c.once(ctx, q, t)
		if err == nil {
			return struct{}{}, nil
		}
		if codeOf(err) == "UNKNOWN_EXCEPTION" {
			// Salesforce's word for a fault of its own: worth one more try.
			unexplained++
		}
		if unexplained > 1 || !passing(err) {
			return struct{}{}, backoff.Permanent(err)
		}
		return struct{}{}, &again{err: err, after: c.retryAfter(err)}
	},
		backoff.WithBackOff(pauses), backoff.WithMaxTries(maxTries),
		backoff.WithNotify(func(err error, d time.Duration) { tellPause(ctx, pause{d, wish(err)}) }))
	var last *again
	if errors.As(err, &last) {
		return last.err
	}
	return err
}

// again marks an error that a repeat may cure, with the pause that the org asked for.
type again struct {
	err   error
	after time.Duration
}

func (a *again) Error() string { return a.err.Error() }

// As hands the org's wish to the back-off.
func (a *again) As(target any) bool {
	wish, ok := target.(**backoff.RetryAfterError)
	if !ok || a.after <= 0 {
		return false
	}
	*wish = &backoff.RetryAfterError{Duration: a.after}
	return true
}

// wish reports whether the org asked for the pause before a repeat.
func wish(err error) bool {
	var a *again
	return errors.As(err, &a) && a.after > 0
}

// retryAfter is the pause that the org asked for, up to the cap; 0 when it asked
// for none that makes sense.
func (c *Client) retryAfter(err error) time.Duration {
	var e *APIError
	if !errors.As(err, &e) || e.retryAfter == "" {
		return 0
	}
	if seconds, err := strconv.Atoi(e.retryAfter); err == nil {
		return time.Duration(max(0, min(seconds, int(maxPause/time.Second)))) * time.Second
	}
	if at, err := http.ParseTime(e.retryAfter); err == nil {
		return max(0, min(at.Sub(c.options.Now()), maxPause))
	}
	return 0
}

// once sends the call a single time and hands the answer to its reader.
func (c *Client) once(ctx context.Context, q call, t signin.Token) error {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	limited, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	total := time.AfterFunc(callLimit, func() { cancel(errSlow) })
	defer total.Stop()
	idle := time.AfterFunc(idleLimit, func() { cancel(errIdle) })
	defer idle.Stop()

	err := c.exchange(limited, q, t, idle)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return context.Cause(limited)
	}
	return err
}

func (c *Client) exchange(ctx context.Context, q call, t signin.Token, idle *time.Timer) error {
	resp, moved, err := c.send(ctx, q, t)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	c.noteUsage(resp.Header.Get("Sforce-Limit-Info"))
	body := &capped{r: &watched{r: resp.Body, idle: idle}, left: q.limit}
	if err := q.read(resp, body); err != nil {
		return err
	}
	// What is left (a line end) is read so that the connection can be used again.
	_, _ = io.CopyN(io.Discard, body, 4<<10)
	// Where the token is taken is the org; anybody's address tells its versions.
	if moved != "" && !q.anonymous {
		c.move(ctx, moved)
	}
	return nil
}

// send makes the request and follows an org that has moved: the same question at
// another address of Salesforce's own. Any other redirect is an error, since it
// leads to a page for people. Moved is the address that it moved to for good, ""
// if it did not.
func (c *Client) send(ctx context.Context, q call, t signin.Token) (resp *http.Response, moved string, err error) {
	base := t.InstanceURL
	if err := signin.InstanceAllowed(base, base); err != nil {
		return nil, "", err
	}
	forGood := true
	for hop := 0; ; hop++ {
		req, err := request(ctx, base, q, t)
		if err != nil {
			return nil, "", err
		}
		c.calls.Add(1)
		resp, err := c.http.Do(req)
		if err != nil {
			return nil, "", unreachable(base, err)
		}
		if resp.StatusCode < 300 || resp.StatusCode > 399 {
			return resp, moved, nil
		}
		resp.Body.Close()
		target, err := resp.Location()
		if err != nil || hop == maxHops || target.RequestURI() != q.path {
			return nil, "", redirected(base)
		}
		base = target.Scheme + "://" + target.Host
		if target.User != nil || signin.InstanceAllowed(base, t.InstanceURL) != nil {
			return nil, "", redirected(t.InstanceURL)
		}
		// What lies behind a detour is not where the org lives from now on.
		forGood = forGood && (resp.StatusCode == http.StatusMovedPermanently || resp.StatusCode == http.StatusPermanentRedirect)
		if forGood {
			moved = base
		}
	}
}

func request(ctx context.Context, base string, q call, t signin.Token) (*http.Request, error) {
	method, body := http.MethodGet, io.Reader(nil)
	switch {
	case q.body != nil:
		method, body = http.MethodPost, bytes.NewReader(q.body(t.Access))
	case q.json != nil:
		method, body = http.MethodPost, bytes.NewReader(q.json)
	}
	req, err := http.NewRequestWithContext(ctx, method, base+q.path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "Sidestep")
	if q.json != nil {
		req.Header.Set("Content-Type", "application/json; charset=UTF-8")
	}
	switch {
	case q.body != nil:
		req.Header.Set("Content-Type", "text/xml; charset=UTF-8")
		req.Header.Set("SOAPAction", `""`)
	case !q.anonymous:
		req.Header.Set("Authorization", "Bearer "+t.Access)
	}
	return req, nil
}

// watched starts the idle limit anew with everything that arrives.
type watched struct {
	r    io.Reader
	idle *time.Timer
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if n > 0 {
		w.idle.Reset(idleLimit)
	}
	return n, err
}

// capped ends an answer that is larger than any honest one with an error, where
// io.LimitReader would make it look complete.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errHuge
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

// pause is a wait before a repeat; asked is true when its length is the org's wish.
type pause struct {
	lasts time.Duration
	asked bool
}

type pauseKey struct{}

// withPauses has tell called before every pause of calls under the context.
func withPauses(ctx context.Context, tell func(pause)) context.Context {
	return context.WithValue(ctx, pauseKey{}, tell)
}

func tellPause(ctx context.Context, p pause) {
	if tell, ok := ctx.Value(pauseKey{}).(func(pause)); ok {
		tell(p)
	}
}

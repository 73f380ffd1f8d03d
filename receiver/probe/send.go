package probe

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	// Limit is how long Salesforce waits for an answer (Salesforce Help, outbound
	// message considerations).
	Limit = 60 * time.Second
	// maxBody is far more than any acknowledgement has.
	maxBody = 1 << 20
	// maxHeader is how many bytes the head of an answer may have.
	maxHeader = 64 << 10
	// maxDial is how long one of several addresses may take to be reached.
	maxDial = 10 * time.Second
)

// Agent is the User-Agent of the request, by which it is found in logs.
const Agent = "Sidestep-check"

// Request is one notification for one target.
type Request struct {
	// Target comes from Parse; Send looks it up where Resolve has not.
	Target       Target
	Notification Notification
	// AllowPrivate says that somebody wants it sent although the target is not on
	// the public internet.
	AllowPrivate bool
	// Limit is how long the answer may take; 0 means Limit.
	Limit time.Duration
	// Roots are the authorities whose certificates are taken; nil means those of
	// this computer.
	Roots *x509.CertPool
}

var errSlow = errors.New("no complete answer within the limit")

// Send sends the notification once and reads the answer. The error is a
// *PrivateError when nothing was sent because nobody allowed the address, or the
// context's when it was cancelled; whatever the receiver does is a Result.
func Send(ctx context.Context, r Request) (Result, error) {
	limit := cmp.Or(r.Limit, Limit)
	limited, cancel := context.WithTimeoutCause(ctx, limit, errSlow)
	defer cancel()
	res := Result{Target: r.Target, Sent: r.Notification, Limit: limit}
	err := r.send(limited, &res)
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	if failure, ok := errors.AsType[*Failure](err); ok {
		return res.failed(failure), nil
	}
	return res, err
}

// Unsent is what came of a request whose target could not be looked up.
func (r Request) Unsent(f *Failure) Result {
	return Result{Target: r.Target, Sent: r.Notification, Limit: cmp.Or(r.Limit, Limit)}.failed(f)
}

func (r Result) failed(f *Failure) Result {
	r.Outcome, r.Why = f.Outcome, f.Words
	return r
}

func (r Request) send(ctx context.Context, res *Result) (err error) {
	target := r.Target
	if target.addresses == nil {
		if target, err = target.Resolve(ctx); err != nil {
			return err
		}
	}
	if addr, what := target.Private(); what != "" && !r.AllowPrivate {
		return &PrivateError{Host: target.endpoint.Host, Addr: addr, What: what}
	}
	l := &line{target: target, roots: r.Roots}
	defer l.close()
	begin := time.Now()
	defer func() { res.Took, res.Address, res.TLS = time.Since(begin), l.address(), l.shown }()
	resp, err := l.exchange(ctx, r.request(target))
	if err != nil {
		return l.explain(ctx, err)
	}
	res.take(resp)
	body, err := io.ReadAll(resp.Body)
	if len(body) > maxBody || l.exhausted() {
		return &Failure{Outcome: TooLarge, Words: "the answer goes on beyond 1 MB: an acknowledgement has some hundred bytes"}
	}
	res.judge(resp, body, err)
	if l.wanted {
		res.Notes = append(res.Notes, "The endpoint asked for a certificate. Salesforce shows one, this program has none: it may answer Salesforce otherwise.")
	}
	if err != nil && !res.Outcome.settledByStatus() {
		return l.explain(ctx, err)
	}
	return nil
}

// request is what Salesforce sends: SOAP 1.1 over HTTP POST with an empty
// SOAPAction. The agent's name is this program's own.
func (r Request) request(t Target) *http.Request {
	u := *t.url
	u.Host = t.endpoint.Host // letters outside ASCII travel as punycode
	body := r.Notification.Envelope()
	req := &http.Request{
		Method: http.MethodPost, URL: &u, Host: u.Host, ProtoMajor: 1, ProtoMinor: 1, Close: true,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Header: http.Header{},
	}
	// Go would write "Soapaction", which some receivers do not know.
	req.Header["SOAPAction"] = []string{`""`}
	req.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	req.Header.Set("Accept", "text/xml")
	req.Header.Set("User-Agent", Agent)
	if u.User != nil {
		password, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), password)
	}
	return req
}

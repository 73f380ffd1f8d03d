package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"sidestep/salesforce/trust"
)

// maxAnswer is far above what a token endpoint says.
const maxAnswer = 1 << 20

// clientOf returns the client for token requests. It never follows a redirect:
// a code, a verifier or a token goes to the address that was meant or nowhere.
func clientOf(o Options) *http.Client {
	c := http.Client{Timeout: exchangeLimit}
	if o.HTTP != nil {
		c = *o.HTTP
	} else {
		c.Transport = trust.Transport(func(t *http.Transport) {
			t.MaxResponseHeaderBytes = 64 << 10
			t.IdleConnTimeout = 10 * time.Second
		})
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

func withClient(ctx context.Context, o Options) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, clientOf(o))
}

// tokenError turns what went wrong at the token endpoint into one line. It drops
// the original answer, which may repeat what was sent.
func tokenError(ctx context.Context, host string, err error) error {
	if cause := ctx.Err(); errors.Is(cause, context.Canceled) {
		return cause
	}
	var answered *oauth2.RetrieveError
	var sent *url.Error
	switch {
	case errors.As(err, &answered) && answered.ErrorCode != "":
		return newRefused(answered.ErrorCode, answered.ErrorDescription)
	case errors.As(err, &answered) && movedTo(host, answered.Response) != "":
		return &Moved{From: host, To: movedTo(host, answered.Response)}
	case errors.As(err, &answered):
		return notOAuth(host, fmt.Sprintf("it answered %d without a reason", answered.Response.StatusCode))
	case errors.As(err, &sent) && trust.Explain(sent) != nil:
		fault := trust.Explain(sent)
		return &advised{text: fmt.Sprintf("%s could not be reached: %s", host, fault.Words), hint: fault.Hint, err: sent.Err}
	case errors.As(err, &sent):
		return &advised{
			text: fmt.Sprintf("%s could not be reached: %v", host, sent.Err),
			hint: "check the network connection, the VPN and the proxy settings, then sign in again", err: sent.Err,
		}
	}
	return notOAuth(host, "it answered with something else than a sign-in answer")
}

func notOAuth(host, what string) error {
	return &advised{
		text: host + " did not answer as an org does: " + what,
		hint: "a wrong address, a maintenance page or a proxy in between looks like this; check the address and try again",
	}
}

// Moved is the answer of a host whose org has another address now. Nothing was
// sent there: a renewed or a new sign-in has to begin at it.
type Moved struct{ From, To string }

func (m *Moved) Error() string { return m.From + " has moved to " + m.To }

// Hint says how to go on.
func (m *Moved) Hint() string { return "sign in again at " + m.To }

// movedTo is the address that an org has moved to for good, "" when the answer
// does not say one of Salesforce's.
func movedTo(host string, r *http.Response) string {
	if r.StatusCode != http.StatusMovedPermanently && r.StatusCode != http.StatusPermanentRedirect {
		return ""
	}
	to, err := r.Location()
	if err != nil || to.User != nil || to.Path != r.Request.URL.Path {
		return ""
	}
	base := to.Scheme + "://" + to.Host
	if base == host || InstanceAllowed(base, host) != nil {
		return ""
	}
	return base
}

// gone reports whether a refusal of revoke means that the token is no longer
// known, which is what was wanted (unsupported_token_type, invalid_token).
func gone(body io.Reader) bool {
	var e struct {
		Error string `json:"error"`
	}
	if json.NewDecoder(io.LimitReader(body, maxAnswer)).Decode(&e) != nil {
		return false
	}
	return strings.EqualFold(e.Error, "unsupported_token_type") || strings.EqualFold(e.Error, "invalid_token")
}

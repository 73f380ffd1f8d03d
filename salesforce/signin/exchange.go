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

	"golang.org/x/oauth2"

	"sidestep/salesforce/trust"
)

// Exchange makes one token request with the given parameters: that of a server,
// which signs in without anybody before it. Only Host, HTTP and Timeout of the
// options count; 0 is 30 seconds. What holds for the sign-in in the browser holds
// here: the parameters go in the body to the host that was meant or nowhere, no
// redirect is followed, and an answer that names an address which is not
// Salesforce's is not used. Errors: a *Refused when the org says no, that of ctx,
// or one line about what went wrong.
func Exchange(ctx context.Context, o Options, parameters url.Values) (Token, error) {
	if err := InstanceAllowed(o.Host, o.Host); err != nil {
		return Token{}, err
	}
	limit := o.Timeout
	if limit <= 0 {
		limit = exchangeLimit
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	raw, err := postForToken(limited, o, parameters)
	switch {
	case ctx.Err() != nil:
		return Token{}, ctx.Err()
	case err != nil && limited.Err() != nil:
		return Token{}, &advised{
			text: fmt.Sprintf("%s did not answer within %v", o.Host, limit),
			hint: "check the address, the network connection, the VPN and the proxy settings, then try again",
		}
	case err != nil:
		return Token{}, err
	}
	return tokenOf(o, raw)
}

func postForToken(ctx context.Context, o Options, parameters url.Values) (*oauth2.Token, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.Host+"/services/oauth2/token", strings.NewReader(parameters.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	c := clientOf(o)
	c.Timeout = 0 // ctx has the limit: with two of the same length, either could be the one that is told
	resp, err := c.Do(req)
	if err != nil {
		return nil, unreachable(o.Host, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return nil, notOAuth(o.Host, "it sends us to another address, where a secret must not go")
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, unreachable(o.Host, err)
	case len(body) > maxAnswer:
		return nil, notOAuth(o.Host, "its answer is larger than any real one")
	}
	var answer map[string]any
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, notOAuth(o.Host, fmt.Sprintf("it answered %d with something else than a sign-in answer", resp.StatusCode))
	}
	text := func(name string) string { s, _ := answer[name].(string); return s }
	switch {
	case resp.StatusCode != http.StatusOK && text("error") != "":
		return nil, Server(text("error"), text("error_description"))
	case resp.StatusCode != http.StatusOK:
		return nil, notOAuth(o.Host, fmt.Sprintf("it answered %d without a reason", resp.StatusCode))
	case text("access_token") == "":
		return nil, notOAuth(o.Host, "its answer holds no token")
	}
	return (&oauth2.Token{AccessToken: text("access_token"), TokenType: text("token_type")}).WithExtra(answer), nil
}

// unreachable names the cause and keeps the request out of it.
func unreachable(host string, err error) error {
	var sent *url.Error
	if errors.As(err, &sent) {
		err = sent.Err
	}
	if fault := trust.Explain(err); fault != nil {
		return &advised{text: fmt.Sprintf("%s could not be reached: %s", host, fault.Words), hint: fault.Hint, err: err}
	}
	return &advised{
		text: fmt.Sprintf("%s could not be reached: %v", host, err),
		hint: "check the address, the network connection, the VPN and the proxy settings, then try again", err: err,
	}
}

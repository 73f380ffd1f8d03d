// Package credentials proves that a receiver's new credentials work: it asks for a
// token as the receiver will, and then the org what the token is good for.
//
// It promises that secret, key and token are kept nowhere and are in no error, no
// report and nothing that prints values; that they go to the host that was named
// and to the Salesforce host of its answer alone; that every question ends by an
// answer, a limit, or as soon as its context is cancelled; and that nothing in the
// org is changed.
package credentials

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"sidestep/salesforce/signin"
)

// assertionLife is how long a signed request is good. Salesforce takes about three
// minutes; one less is for clocks that differ.
const assertionLife = 2 * time.Minute

// Request is what a receiver signs in with.
type Request struct {
	// Flow is ClientCredentials or JWTBearer.
	Flow Flow
	// Host is the base address to ask at, as signin.ParseHost returns it. Client
	// credentials takes the org's My Domain only.
	Host string
	// ClientID is the consumer key of the app.
	ClientID string
	// Secret is that of ClientCredentials; Key and User, a username, those of
	// JWTBearer.
	Secret string
	Key    *rsa.PrivateKey
	User   string
	// OrgID is the org that the receiver serves, in either length; "" for whichever
	// answers.
	OrgID string
	// HTTP makes the requests; nil means a client of its own.
	HTTP *http.Client
	// Limit bounds the request for the token; 0 is 30 seconds.
	Limit time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Format keeps secret and key out of everything that prints values.
func (r Request) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "%s at %s (secrets hidden)", r.Flow.Name(), r.Host)
}

// Token asks for a token, once. The error is a *signin.Refused with the cure when
// the org says no.
func (r Request) Token(ctx context.Context) (signin.Token, error) {
	parameters, err := r.parameters()
	if err != nil {
		return signin.Token{}, err
	}
	return signin.Exchange(ctx, signin.Options{Host: r.Host, HTTP: r.HTTP, Timeout: r.Limit}, parameters)
}

func (r Request) parameters() (url.Values, error) {
	switch {
	case r.ClientID == "":
		return nil, errors.New("there is no consumer key")
	case r.Flow == ClientCredentials && r.Secret == "":
		return nil, errors.New("there is no consumer secret")
	case r.Flow == ClientCredentials:
		return url.Values{"grant_type": {"client_credentials"}, "client_id": {r.ClientID}, "client_secret": {r.Secret}}, nil
	case r.Flow == JWTBearer && (r.Key == nil || r.User == ""):
		return nil, errors.New("there is no private key, or no user to sign in")
	case r.Flow != JWTBearer:
		return nil, fmt.Errorf("a server can't sign in by the %s", r.Flow.Name())
	}
	text, err := r.assertion()
	if err != nil {
		return nil, err
	}
	return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {text}}, nil
}

// assertion is the signed request of the JWT bearer flow. Its audience is the host
// that is asked, which fits the login hosts and each My Domain.
func (r Request) assertion() (string, error) {
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	header, err := json.Marshal(map[string]string{"alg": "RS256"})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{"iss": r.ClientID, "sub": r.User, "aud": r.Host, "exp": now().Add(assertionLife).Unix()})
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, r.Key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("the key can't sign: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

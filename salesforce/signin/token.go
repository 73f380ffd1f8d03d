package signin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// Scopes are what Sidestep asks for: the APIs, and to stay signed in. Reading
// needs nothing more, and a smaller request is easier to approve.
var Scopes = []string{"api", "refresh_token"}

// Token is what a sign-in brings. Printing, logging or marshalling it never
// shows its secrets; whoever stores it takes the fields one by one.
type Token struct {
	// Access authorises API calls at InstanceURL. It has no expiry of its own:
	// it lives as long as the org's session timeout says.
	Access string
	// Refresh gets a new Access; "" when the org gave none.
	Refresh string
	// InstanceURL is the org's base address, without a trailing slash.
	InstanceURL string
	// IdentityURL is the address that names org and user.
	IdentityURL string
	// OrgID and UserID are the ids of the identity URL, as the org wrote them.
	OrgID, UserID string
	// Scope is what was granted, separated by spaces.
	Scope string
	// IssuedAt is the org's time of issue, zero when it gave none.
	IssuedAt time.Time
}

// String names the org and nothing else.
func (t Token) String() string {
	return fmt.Sprintf("token of %s at %s (secrets hidden)", t.OrgID, t.InstanceURL)
}

// GoString hides the secrets from %#v.
func (t Token) GoString() string { return t.String() }

// Format hides the secrets from every verb.
func (t Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.String())) }

// LogValue hides the secrets from log/slog.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalJSON hides the secrets from encoding/json.
func (t Token) MarshalJSON() ([]byte, error) { return []byte(strconv.Quote(t.String())), nil }

// Refresh trades the refresh token for a new access token. Where the answer
// brings no refresh token the old one stays; where it brings one, the old one is
// dead already, so the result must be stored before anything else is done. The
// answer may name another instance, which is then the org's address from now on.
func Refresh(ctx context.Context, o Options, t Token) (Token, error) {
	if t.Refresh == "" {
		return Token{}, &advised{text: "the sign-in cannot be renewed: the org gave no refresh token", hint: "sign in again"}
	}
	if o.Host == "" {
		o.Host = t.InstanceURL
	}
	if err := InstanceAllowed(o.Host, o.Host); err != nil {
		return Token{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, exchangeLimit)
	defer cancel()
	old := &oauth2.Token{RefreshToken: t.Refresh}
	raw, err := configOf(o, "").TokenSource(withClient(ctx, o), old).Token()
	if err != nil {
		return Token{}, tokenError(ctx, o.Host, err)
	}
	fresh, err := tokenOf(o, raw)
	if err != nil {
		return Token{}, err
	}
	if t.OrgID != "" && fresh.OrgID != t.OrgID || t.UserID != "" && fresh.UserID != t.UserID {
		return Token{}, errors.New("the org answered for another org or user than the one that was signed in")
	}
	if fresh.Scope == "" {
		fresh.Scope = t.Scope
	}
	return fresh, nil
}

// Revoke ends the sign-in at the org: the refresh token with everything that
// came from it, or the access token where there is no refresh token. A token
// that the org no longer knows is a success.
func Revoke(ctx context.Context, o Options, t Token) error {
	base := t.InstanceURL
	if base == "" {
		base = o.Host
	}
	if o.Host == "" {
		o.Host = base
	}
	if err := InstanceAllowed(base, o.Host); err != nil {
		return err
	}
	token := t.Refresh
	if token == "" {
		token = t.Access
	}
	if token == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, exchangeLimit)
	defer cancel()
	form := url.Values{"token": {token}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/services/oauth2/revoke", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := clientOf(o).Do(req)
	if err != nil {
		return tokenError(ctx, base, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusBadRequest && gone(resp.Body) {
		return nil
	}
	return fmt.Errorf("the org did not revoke the sign-in: it answered %d", resp.StatusCode)
}

func configOf(o Options, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID:    o.ClientID,
		RedirectURL: redirect,
		Scopes:      Scopes,
		Endpoint: oauth2.Endpoint{
			AuthURL:   o.Host + "/services/oauth2/authorize",
			TokenURL:  o.Host + "/services/oauth2/token",
			AuthStyle: oauth2.AuthStyleInParams, // a public client has nothing to put in a header
		},
	}
}

func tokenOf(o Options, raw *oauth2.Token) (Token, error) {
	text := func(key string) string { s, _ := raw.Extra(key).(string); return s }
	t := Token{
		Access:      raw.AccessToken,
		Refresh:     raw.RefreshToken,
		InstanceURL: strings.TrimSuffix(text("instance_url"), "/"),
		IdentityURL: text("id"),
		Scope:       text("scope"),
	}
	if err := InstanceAllowed(t.InstanceURL, o.Host); err != nil {
		return Token{}, &advised{
			text: "the org's answer names an address that is not Salesforce's, so the sign-in was not used: " + err.Error(),
			hint: "check the address that you sign in at", err: err,
		}
	}
	var ok bool
	if t.OrgID, t.UserID, ok = identityOf(t.IdentityURL); !ok {
		return Token{}, errors.New("the org's answer does not say which org and user signed in")
	}
	if ms, err := strconv.ParseInt(text("issued_at"), 10, 64); err == nil {
		t.IssuedAt = time.UnixMilli(ms).UTC()
	}
	return t, nil
}

// identityOf takes org and user id out of an identity URL,
// https://login.salesforce.com/id/ORG/USER.
func identityOf(raw string) (org, user string, ok bool) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", "", false
	}
	parts := strings.Split(u.Path, "/")
	if len(parts) != 4 || parts[1] != "id" || !isID(parts[2], "00D") || !isID(parts[3], "005") {
		return "", "", false
	}
	return parts[2], parts[3], true
}

func isID(s, prefix string) bool {
	if !strings.HasPrefix(s, prefix) || len(s) != 15 && len(s) != 18 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z') {
			return false
		}
	}
	return true
}

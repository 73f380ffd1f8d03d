package demoorg

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// The grant types of servers.
const (
	grantClientCredentials = "client_credentials"
	grantJWTBearer         = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

// How the flows of servers are refused (Salesforce Help, "OAuth 2.0 Authorization
// Flow Errors"). Which of two documented pairs is answered, where there are two,
// is our choice.
var (
	errGrantType     = &oauthError{"unsupported_grant_type", "grant type not supported"}
	errUnknownApp    = &oauthError{"invalid_client_id", "client identifier invalid"}
	errWrongSecret   = &oauthError{"invalid_client", "invalid client credentials"}
	errFlowOff       = &oauthError{"invalid_grant", "client credentials flow not enabled"}
	errNoRunAs       = &oauthError{"invalid_grant", "no client credentials user enabled"}
	errNoAssertion   = &oauthError{"invalid_request", "missing required parameter: assertion"}
	errAssertion     = &oauthError{"invalid_grant", "invalid assertion"}
	errExpired       = &oauthError{"invalid_grant", "expired authorization code"}
	errAudience      = &oauthError{"invalid_grant", "audience is invalid"}
	errNotConsented  = &oauthError{"invalid_grant", "user hasn't approved this consumer"}
	errNotApproved   = &oauthError{"invalid_app_access", "user is not admin approved to access this app"}
	errInactiveOrg   = &oauthError{"inactive_org", "inactive organization"}
	errInactiveUser  = &oauthError{"inactive_user", "inactive user"}
	errAuthFailure   = &oauthError{"invalid_grant", "authentication failure"}
	errRestrictedIP  = &oauthError{"invalid_grant", "ip restricted"}
	errTooManyLogins = &oauthError{"rate_limit_exceeded", "login rate exceeded"}
)

// loginStatus is the reason that LoginHistory gives for a refusal.
var loginStatus = map[*oauthError]string{
	errNotConsented: "User has not approved this app", errNotApproved: "User is not admin approved to access this app",
	errInactiveUser: "User is Inactive", errAuthFailure: "User is locked out", errRestrictedIP: "Restricted IP", errTooManyLogins: "Login Rate Exceeded",
}

// loginsPerHour is how often one user may sign in within an hour.
const loginsPerHour = 3600

// genericHost reports whether a request came to the generic login host and not
// to the org's My Domain.
func (s *Server) genericHost(r *http.Request) bool {
	name, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		name = r.Host
	}
	return slices.Contains(s.o.LoginHosts, name)
}

// byCredentials is the client credentials flow: key and secret, in the body or as
// HTTP Basic, give a token of the Run As user. Only the My Domain serves it.
func (s *Server) byCredentials(r *http.Request) (tokens, *oauthError) {
	if s.genericHost(r) {
		return tokens{}, errGrantType
	}
	key, secret := clientOf(r)
	a := s.app(key)
	switch {
	case a == nil:
		return tokens{}, errUnknownApp
	case a.server == nil:
		return tokens{}, errFlowOff
	case subtle.ConstantTimeCompare([]byte(secret), []byte(a.server.Secret)) != 1:
		return tokens{}, errWrongSecret
	case !a.server.ClientCredentials:
		return tokens{}, errFlowOff
	case a.server.RunAs == "":
		return tokens{}, errNoRunAs
	}
	u := s.userNamed(a.server.RunAs)
	if u == nil {
		return tokens{}, errNoRunAs
	}
	return s.admit(r, a, u, "OauthClientCredentials", !a.server.RelaxIP)
}

// assertion is a signed request of the JWT bearer flow.
type assertion struct {
	algorithm, issuer, subject, audience string
	expires                              time.Time
	signed                               string // what the signature is of
	signature                            []byte
}

func parseAssertion(text string) (assertion, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return assertion{}, false
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	var claims struct {
		Issuer   string  `json:"iss"`
		Subject  string  `json:"sub"`
		Audience string  `json:"aud"`
		Expires  float64 `json:"exp"`
	}
	for i, v := range []any{&header, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(data, v) != nil {
			return assertion{}, false
		}
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	return assertion{
		algorithm: header.Algorithm, issuer: claims.Issuer, subject: claims.Subject, audience: claims.Audience,
		expires: time.Unix(int64(claims.Expires), 0), signed: parts[0] + "." + parts[1], signature: signature,
	}, err == nil
}

// Requests are to be good for about three minutes; two more are for clocks that
// differ.
const assertionLife = 5 * time.Minute

// bySignature is the JWT bearer flow. Login host and My Domain both serve it.
func (s *Server) bySignature(r *http.Request) (tokens, *oauthError) {
	text := r.PostForm.Get("assertion")
	if text == "" {
		return tokens{}, errNoAssertion
	}
	j, ok := parseAssertion(text)
	if !ok || j.algorithm != "RS256" {
		return tokens{}, errAssertion
	}
	a, now := s.app(j.issuer), s.o.Now()
	switch {
	case a == nil:
		return tokens{}, errUnknownApp
	case a.server == nil || !s.signedFor(a.server, j, now):
		return tokens{}, errAssertion
	case !now.Before(j.expires):
		return tokens{}, errExpired
	case j.expires.Sub(now) > assertionLife:
		return tokens{}, errAssertion
	case !s.meant(r, j.audience):
		return tokens{}, errAudience
	}
	u := s.userNamed(j.subject)
	switch {
	case u == nil:
		return tokens{}, errNotConsented
	case !a.server.approved(u):
		refused := errNotConsented
		if a.server.AdminApproved {
			refused = errNotApproved
		}
		s.noteLogin(r, a, u, "", loginStatus[refused])
		return tokens{}, refused
	}
	// Salesforce documents no LoginSubType for this flow; IP restrictions always
	// apply to it.
	return s.admit(r, a, u, "", true)
}

// signedFor checks the signature with the app's certificate, which must be valid.
func (s *Server) signedFor(a *App, j assertion, now time.Time) bool {
	c := s.certificateOf(a)
	if c == nil || now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return false
	}
	public, ok := c.PublicKey.(*rsa.PublicKey)
	sum := sha256.Sum256([]byte(j.signed))
	return ok && rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], j.signature) == nil
}

// meant reports whether an audience is this org: it is in production, so that the
// sandboxes' login host is not.
func (s *Server) meant(r *http.Request, audience string) bool {
	return audience == "https://login.salesforce.com" || audience == s.url || audience == "http://"+r.Host
}

// admit signs a user in for an app, unless the user's state forbids it.
func (s *Server) admit(r *http.Request, a *app, u *user, subType string, checkIP bool) (tokens, *oauthError) {
	state := s.o.Users[u.Username]
	var refused *oauthError
	switch {
	case s.o.OrgLocked:
		return tokens{}, errInactiveOrg
	case !u.Active || state.Frozen:
		refused = errInactiveUser
	case state.Locked:
		refused = errAuthFailure
	case checkIP && !state.admits(sourceIP(r)):
		refused = errRestrictedIP
	case s.logins.since(u, s.o.Now().Add(-time.Hour)) >= s.loginLimit():
		refused = errTooManyLogins
	}
	if refused != nil {
		s.noteLogin(r, a, u, subType, loginStatus[refused])
		return tokens{}, refused
	}
	s.noteLogin(r, a, u, subType, "Success")
	return s.grants.issue(grant{clientID: a.id, app: a.name, user: u, scopes: a.scopes, jwt: a.server.JWTTokens}, s.o.Now()), nil
}

func (s *Server) loginLimit() int {
	if s.o.LoginsPerHour > 0 {
		return s.o.LoginsPerHour
	}
	return loginsPerHour
}

func (s *Server) noteLogin(r *http.Request, a *app, u *user, subType, status string) {
	s.logins.add(login{user: u, at: s.o.Now(), kind: "Remote Access 2.0", subType: subType, application: a.name, status: status, sourceIP: sourceIP(r)})
}

// since counts the successful sign-ins of a user.
func (h *loginHistory) since(u *user, from time.Time) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, l := range h.rows {
		if l.user == u && l.status == "Success" && l.at.After(from) {
			n++
		}
	}
	return n
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func (s *Server) userNamed(name string) *user {
	return s.org.userByName[strings.ToLower(name)]
}

// Account is what an admin did to a user of the org.
type Account struct {
	// Frozen users can't sign in, like deactivated ones.
	Frozen bool
	// Locked users gave a wrong password too often.
	Locked bool
	// NoAPI takes the permission API Enabled away.
	NoAPI bool
	// Networks are the login IP ranges of the user's profile; none is everywhere.
	Networks []netip.Prefix
	// Permissions are given beside those of the profile, by their metadata names:
	// ManageUsers, ViewEventLogFiles, EnableNotifications.
	Permissions []string
}

func (a Account) admits(address string) bool {
	if len(a.Networks) == 0 {
		return true
	}
	ip, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(a.Networks, func(p netip.Prefix) bool { return p.Contains(ip.Unmap()) })
}

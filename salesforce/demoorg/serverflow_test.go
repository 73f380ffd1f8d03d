package demoorg

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// testPair is one key for all tests, with a certificate until the given day.
var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func certificate(t *testing.T, until time.Time) *x509.Certificate {
	t.Helper()
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: noon.AddDate(-1, 0, 0), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &testKey().PublicKey, testKey())
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// testApp is an app in which everything is right; each test spoils one thing.
func testApp(t *testing.T) App {
	return App{
		Name: "Receiver", Key: "3MVG9test", Secret: "right", Scopes: []string{"api", "id"}, ClientCredentials: true, RunAs: HubUser,
		AdminApproved: true, Users: []string{HubUser}, Certificate: certificate(t, noon.AddDate(1, 0, 0)),
	}
}

func credentials(change ...string) url.Values {
	q := url.Values{"grant_type": {"client_credentials"}, "client_id": {"3MVG9test"}, "client_secret": {"right"}}
	override(q, change)
	return q
}

// signed makes the request of the JWT bearer flow. Claims are changed like the
// parameters of other requests; "alg" is in the header.
func signed(t *testing.T, s *Server, change ...string) url.Values {
	t.Helper()
	q := url.Values{"alg": {"RS256"}, "iss": {"3MVG9test"}, "sub": {HubUser}, "aud": {s.URL()}}
	override(q, change)
	part := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(data)
	}
	exp := noon.Add(2 * time.Minute)
	if q.Has("exp") {
		d, err := time.ParseDuration(q.Get("exp"))
		if err != nil {
			t.Fatal(err)
		}
		exp = noon.Add(d)
	}
	text := part(map[string]string{"alg": q.Get("alg")}) + "." + part(map[string]any{"iss": q.Get("iss"), "sub": q.Get("sub"), "aud": q.Get("aud"), "exp": exp.Unix()})
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, testKey(), crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {text + "." + base64.RawURLEncoding.EncodeToString(signature)}}
}

func TestServersGetTheDocumentedTokenAnswer(t *testing.T) {
	s := start(t, Options{Now: atNoon, Apps: []App{testApp(t)}})
	basic := newRequest(t, "POST", tokenURL(s), "grant_type=client_credentials")
	basic.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	basic.SetBasicAuth("3MVG9test", "right")
	for name, a := range map[string]answer{
		"in the body": postForm(t, tokenURL(s), credentials()), "as HTTP Basic": do(t, basic), "JWT bearer": postForm(t, tokenURL(s), signed(t, s)),
		"login as audience": postForm(t, tokenURL(s), signed(t, s, "aud", "https://login.salesforce.com")),
	} {
		tok := tokensOf(t, a)
		if !strings.HasPrefix(tok.AccessToken, OrgID[:15]+"!AQ") || tok.RefreshToken != "" || tok.InstanceURL != s.URL() || tok.Scope != "api id" ||
			tok.TokenType != "Bearer" || tok.IssuedAt != "1795435200000" || !strings.HasSuffix(tok.ID, s.userNamed(HubUser).ID) || strings.Contains(a.body, "refresh") {
			t.Errorf("%s: %s", name, a.body)
		}
		if !accepted(t, s, tok.AccessToken) {
			t.Errorf("%s: REST refuses the token", name)
		}
		if a := do(t, partnerRequest(t, s, "66.0", tok.AccessToken, "<p:getUserInfo/>")); a.status != 200 || !strings.Contains(a.body, "<userName>"+HubUser+"</userName>") {
			t.Errorf("%s: SOAP: %d %s", name, a.status, a.body)
		}
	}
}

// TestEveryDocumentedRefusalOfServers goes through the lines of the table of
// errors that belong to the two flows; each comes from the state of the org.
func TestEveryDocumentedRefusalOfServers(t *testing.T) {
	const jwt = "jwt"
	for name, c := range map[string]struct {
		spoil             func(*Options)
		flow              string
		change            []string
		code, description string
		status            string // of the row in LoginHistory, "" where none is written
	}{
		"wrong key":               {nil, "", []string{"client_id", "3MVG9other"}, "invalid_client_id", "client identifier invalid", ""},
		"an app just made":        {func(o *Options) { o.Apps[0].Created = noon.Add(-9 * time.Minute) }, "", nil, "invalid_client_id", "client identifier invalid", ""},
		"wrong secret":            {nil, "", []string{"client_secret", "wrong"}, "invalid_client", "invalid client credentials", ""},
		"no secret":               {nil, "", []string{"client_secret", "-"}, "invalid_client", "invalid client credentials", ""},
		"no Run As user":          {func(o *Options) { o.Apps[0].RunAs = "" }, "", nil, "invalid_grant", "no client credentials user enabled", ""},
		"flow not ticked":         {func(o *Options) { o.Apps[0].ClientCredentials = false }, "", nil, "invalid_grant", "client credentials flow not enabled", ""},
		"a public client":         {nil, "", []string{"client_id", ClientID, "client_secret", "-"}, "invalid_grant", "client credentials flow not enabled", ""},
		"login host":              {func(o *Options) { o.LoginHosts = []string{"localhost"} }, "", nil, "unsupported_grant_type", "grant type not supported", ""},
		"not consented":           {func(o *Options) { o.Apps[0].Users, o.Apps[0].AdminApproved = nil, false }, jwt, nil, "invalid_grant", "user hasn't approved this consumer", "User has not approved this app"},
		"not admin approved":      {func(o *Options) { o.Apps[0].Users = nil }, jwt, nil, "invalid_app_access", "user is not admin approved to access this app", "User is not admin approved to access this app"},
		"an unknown user":         {nil, jwt, []string{"sub", "nobody@northwind.example"}, "invalid_grant", "user hasn't approved this consumer", ""},
		"sandbox as audience":     {nil, jwt, []string{"aud", "https://test.salesforce.com"}, "invalid_grant", "audience is invalid", ""},
		"expired":                 {nil, jwt, []string{"exp", "-1s"}, "invalid_grant", "expired authorization code", ""},
		"good for too long":       {nil, jwt, []string{"exp", "1h"}, "invalid_grant", "invalid assertion", ""},
		"other algorithm":         {nil, jwt, []string{"alg", "none"}, "invalid_grant", "invalid assertion", ""},
		"unknown issuer":          {nil, jwt, []string{"iss", "3MVG9other"}, "invalid_client_id", "client identifier invalid", ""},
		"no certificate":          {func(o *Options) { o.Apps[0].Certificate = nil }, jwt, nil, "invalid_grant", "invalid assertion", ""},
		"wrong key of the pair":   {func(o *Options) { o.Apps[0].Key, o.Apps[0].Certificate = HubKey, nil }, jwt, []string{"iss", HubKey}, "invalid_grant", "invalid assertion", ""},
		"certificate of last day": {func(o *Options) { o.Apps[0].Certificate = certificate(t, noon.Add(-time.Hour)) }, jwt, nil, "invalid_grant", "invalid assertion", ""},
		"not an assertion":        {nil, jwt, []string{"assertion", "eyJ.e30"}, "invalid_grant", "invalid assertion", ""},
		"no assertion":            {nil, jwt, []string{"assertion", "-"}, "invalid_request", "missing required parameter: assertion", ""},
		"frozen user":             {account(Account{Frozen: true}), "", nil, "inactive_user", "inactive user", "User is Inactive"},
		"frozen user, signed":     {account(Account{Frozen: true}), jwt, nil, "inactive_user", "inactive user", "User is Inactive"},
		"locked user":             {account(Account{Locked: true}), "", nil, "invalid_grant", "authentication failure", "User is locked out"},
		"from elsewhere":          {account(elsewhere), "", nil, "invalid_grant", "ip restricted", "Restricted IP"},
		"relaxed, but signed":     {func(o *Options) { o.Apps[0].RelaxIP = true; account(elsewhere)(o) }, jwt, nil, "invalid_grant", "ip restricted", "Restricted IP"},
		"locked org":              {func(o *Options) { o.OrgLocked = true }, "", nil, "inactive_org", "inactive organization", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Now: atNoon, Apps: []App{testApp(t)}}
			if c.spoil != nil {
				c.spoil(&o)
			}
			s := start(t, o)
			form := credentials(c.change...)
			if c.flow == jwt {
				form = signed(t, s, c.change...)
				if len(c.change) > 0 && c.change[0] == "assertion" {
					override(form, c.change)
				}
			}
			wantOAuthError(t, postForm(t, tokenURL(s), form), c.code, c.description)
			last := s.logins.list()[len(s.logins.list())-1].(*login)
			if c.status == "" && last.application == "Receiver" || c.status != "" && (last.status != c.status || last.application != "Receiver" || last.user.Username != HubUser) {
				t.Errorf("LoginHistory says %+v", last)
			}
		})
	}
}

// elsewhere may sign in from a network that this computer is not in.
var elsewhere = Account{Networks: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}}

func account(a Account) func(*Options) {
	return func(o *Options) { o.Users = map[string]Account{HubUser: a} }
}

func TestRelaxedIPLetsTheReceiverIn(t *testing.T) {
	app := testApp(t)
	app.RelaxIP = true
	s := start(t, Options{Now: atNoon, Apps: []App{app}, Users: map[string]Account{HubUser: elsewhere}})
	tokensOf(t, postForm(t, tokenURL(s), credentials()))
	here := Account{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
	s = start(t, Options{Now: atNoon, Apps: []App{testApp(t)}, Users: map[string]Account{HubUser: here}})
	tokensOf(t, postForm(t, tokenURL(s), credentials()))
}

func TestTooManyLoginsWithinAnHour(t *testing.T) {
	now := noon
	s := start(t, Options{Now: func() time.Time { return now }, Apps: []App{testApp(t)}, LoginsPerHour: 3})
	for range 3 {
		tokensOf(t, postForm(t, tokenURL(s), credentials()))
	}
	wantOAuthError(t, postForm(t, tokenURL(s), credentials()), "rate_limit_exceeded", "login rate exceeded")
	now = now.Add(time.Hour + time.Second)
	tokensOf(t, postForm(t, tokenURL(s), credentials()))
}

func TestJWTTokensAreForRESTOnly(t *testing.T) {
	app := testApp(t)
	app.JWTTokens = true
	s := start(t, Options{Now: atNoon, Apps: []App{app}})
	tok := tokensOf(t, postForm(t, tokenURL(s), credentials()))
	if !strings.HasPrefix(tok.AccessToken, "eyJ") || strings.Count(tok.AccessToken, ".") != 2 || !accepted(t, s, tok.AccessToken) {
		t.Errorf("token %.20s…", tok.AccessToken)
	}
	wantFault(t, "partner", do(t, partnerRequest(t, s, "66.0", tok.AccessToken, "<p:getUserInfo/>")), "sf:INVALID_SESSION_ID")
	wantFault(t, "metadata", do(t, soapRequest(t, s, "66.0", soapBody(tok.AccessToken, "<m:describeMetadata/>"))), "sf:INVALID_SESSION_ID")
}

func TestTokensOpenWhatTheUserMay(t *testing.T) {
	noScope := testApp(t)
	noScope.Scopes = []string{"id"}
	s := start(t, Options{Now: atNoon, Apps: []App{noScope}})
	req := newRequest(t, "GET", s.URL()+"/services/data/v66.0/limits", "")
	req.Header.Set("Authorization", "Bearer "+tokensOf(t, postForm(t, tokenURL(s), credentials())).AccessToken)
	wantError(t, do(t, req), 401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API")

	s = start(t, Options{Now: atNoon, Apps: []App{testApp(t)}, Users: map[string]Account{HubUser: {NoAPI: true}}})
	token := tokensOf(t, postForm(t, tokenURL(s), credentials())).AccessToken
	req = newRequest(t, "GET", s.URL()+"/services/data/v66.0/limits", "")
	req.Header.Set("Authorization", "Bearer "+token)
	wantError(t, do(t, req), 403, "API_DISABLED_FOR_ORG", "")
	wantFault(t, "partner", do(t, partnerRequest(t, s, "66.0", token, "<p:getUserInfo/>")), "sf:API_DISABLED_FOR_ORG")

	s = start(t, Options{Now: atNoon, Apps: []App{testApp(t)}})
	token = tokensOf(t, postForm(t, tokenURL(s), credentials())).AccessToken
	wantFault(t, "metadata", do(t, soapRequest(t, s, "66.0", soapBody(token, "<m:describeMetadata/>"))), "sf:INSUFFICIENT_ACCESS")
}

func TestTheHubsKeySignsItIn(t *testing.T) {
	s := start(t, Options{})
	block, _ := pem.Decode([]byte(do(t, newRequest(t, "GET", s.URL()+HubKeyPath, "")).body))
	if block == nil {
		t.Fatal("no key")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if c := s.certificateOf(s.app(HubKey).server); !key.(*rsa.PrivateKey).PublicKey.Equal(c.PublicKey) {
		t.Error("the key that is handed out is not that of the certificate")
	}
}

func TestServerAppsAreNoPublicClients(t *testing.T) {
	s := start(t, Options{})
	a := do(t, newRequest(t, "GET", authorizeURL(s, asking("client_id", HubKey)), ""))
	if a.status != 400 || !strings.Contains(a.body, "redirect_uri_mismatch") {
		t.Errorf("%d %s", a.status, a.body)
	}
	wantOAuthError(t, postForm(t, tokenURL(s), redemption("aPrx", "client_id", HubKey)), "invalid_client", "invalid client credentials")
}

func TestSetupShowsTheKeysOfTheApps(t *testing.T) {
	app := testApp(t)
	app.Name = "<script>alert(1)</script>"
	s := start(t, Options{Apps: []App{app}})
	a := do(t, newRequest(t, "GET", s.URL()+appsPage, ""))
	for _, want := range []string{HubKey, HubSecret, HubUser, HubKeyPath, "3MVG9test", "runs as nobody yet", "not enabled"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if a.status != 200 || strings.Contains(a.body, "<script") {
		t.Errorf("%d, a script: %t", a.status, strings.Contains(a.body, "<script"))
	}
}

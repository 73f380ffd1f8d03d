package credentials

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sidestep/salesforce/demoorg"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

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

// world is an org and a receiver's credentials in which everything is right; each
// test spoils one thing.
type world struct {
	org  demoorg.Options
	app  demoorg.App
	user demoorg.Account
	ask  Request
	uses []Use
}

const secret = "canary-secret-Zq7"

func newWorld(t *testing.T) *world {
	return &world{
		org: demoorg.Options{Now: func() time.Time { return noon }},
		app: demoorg.App{
			Name: "Receiver", Key: "3MVG9receiver", Secret: secret, Scopes: []string{"api", "id"}, ClientCredentials: true,
			RunAs: demoorg.HubUser, AdminApproved: true, Users: []string{demoorg.HubUser}, Certificate: certificate(t, noon.AddDate(1, 0, 0)),
		},
		ask:  Request{Flow: ClientCredentials, ClientID: "3MVG9receiver", Secret: secret, Now: func() time.Time { return noon }},
		uses: []Use{{Object: "Order", Reads: []string{"Id", "OrderNumber", "TotalAmount"}, Updates: true, Writes: []string{"Description"}}},
	}
}

func (w *world) signs() {
	w.ask.Flow, w.ask.Secret, w.ask.Key, w.ask.User = JWTBearer, "", testKey(), demoorg.HubUser
}

func (w *world) prove(t *testing.T) Report {
	t.Helper()
	w.org.Apps = append(w.org.Apps, w.app)
	if w.org.Users == nil {
		w.org.Users = map[string]demoorg.Account{demoorg.HubUser: w.user}
	}
	s, err := demoorg.Start(t.Context(), w.org)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w.ask.Host = s.URL()
	r, err := Prove(t.Context(), w.ask, w.uses)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r Report) check(t *testing.T, id string) Check {
	t.Helper()
	i := slices.IndexFunc(r.Checks, func(c Check) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no check %s among %+v", id, r.Checks)
	}
	return r.Checks[i]
}

func TestGoodCredentialsPassEveryCheck(t *testing.T) {
	for _, flow := range []Flow{ClientCredentials, JWTBearer} {
		w := newWorld(t)
		if flow == JWTBearer {
			w.signs()
		}
		r := w.prove(t)
		var ids []string
		for _, c := range r.Checks {
			ids = append(ids, c.ID)
			if c.Outcome != Passed {
				t.Errorf("%s: %+v", flow, c)
			}
		}
		if got := strings.Join(ids, " "); got != "token user scopes rest soap rights send-outbound-messages" {
			t.Errorf("checks %s", got)
		}
		if !r.OK() || r.Username != demoorg.HubUser || r.OrgID != demoorg.OrgID || r.OrgName != demoorg.OrgName || !slices.Equal(r.Scopes, []string{"api", "id"}) || r.JWT || r.Instance != w.ask.Host {
			t.Errorf("%+v", r)
		}
	}
}

// TestEveryRefusalHasItsCure goes through the lines of salesforce.md 6.2 that the
// two flows can meet, each from the state of an org.
func TestEveryRefusalHasItsCure(t *testing.T) {
	jwt := (*world).signs
	for name, c := range map[string]struct {
		spoil            []func(*world)
		id               string
		says, hint, page string
	}{
		"invalid_client_id":        {of(func(w *world) { w.ask.ClientID = "3MVG9nobody" }), "token", "does not know this app's consumer key", "10 minutes", "ManageExternalClientApplication"},
		"app just created":         {of(func(w *world) { w.app.Created = noon.Add(-time.Minute) }), "token", "does not know this app's consumer key", "10 minutes", "ManageExternalClientApplication"},
		"invalid_client":           {of(func(w *world) { w.ask.Secret = "wrong" }), "token", "does not accept the app's secret", "copy the secret again", "ManageExternalClientApplication"},
		"no run-as user":           {of(func(w *world) { w.app.RunAs = "" }), "token", "no user to run as", "Run As", "ManageExternalClientApplication"},
		"flow not ticked":          {of(func(w *world) { w.app.ClientCredentials = false }), "token", "does not offer the client credentials flow", "in Settings and in Policies", "ManageExternalClientApplication"},
		"login host":               {of(func(w *world) { w.org.LoginHosts = []string{"localhost"} }), "token", "does not offer the client credentials flow", "My Domain", "ManageExternalClientApplication"},
		"hasn't approved":          {of(jwt, func(w *world) { w.app.Users, w.app.AdminApproved = nil, false }), "token", "may not use this app", "admin approved users", "ManageExternalClientApplication"},
		"not admin approved":       {of(jwt, func(w *world) { w.app.Users = nil }), "token", "may not use this app", "permission set", "ManageExternalClientApplication"},
		"wrong key":                {of(jwt, otherKey), "token", "signed request", "certificate belongs to this key", "ManageExternalClientApplication"},
		"expired certificate":      {of(jwt, func(w *world) { w.app.Certificate.NotAfter = noon.Add(-time.Hour) }), "token", "signed request", "has not expired", "ManageExternalClientApplication"},
		"slow clock":               {of(jwt, func(w *world) { w.ask.Now = func() time.Time { return noon.Add(-time.Hour) } }), "token", "signed request", "computer's clock", "ManageExternalClientApplication"},
		"fast clock":               {of(jwt, func(w *world) { w.ask.Now = func() time.Time { return noon.Add(time.Hour) } }), "token", "signed request", "computer's clock", "ManageExternalClientApplication"},
		"audience":                 {of(jwt, refusal("token/*", 400, "invalid_grant", "audience is invalid")), "token", "another sign-in host", "test.salesforce.com", ""},
		"audience validation":      {of(jwt, refusal("token/*", 400, "invalid_grant", "Audience validation failed")), "token", "another sign-in host", "test.salesforce.com", ""},
		"ip restricted":            {of(func(w *world) { w.user.Networks = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")} }), "token", "network address", "Login IP Ranges", "EnhancedProfiles"},
		"inactive user":            {of(func(w *world) { w.user.Frozen = true }), "token", "frozen or deactivated", "Setup → Users", "ManageUsers"},
		"inactive org":             {of(func(w *world) { w.org.OrgLocked = true }), "token", "locked or closed", "Support", ""},
		"rate limit":               {of(tired), "token", "3,600 times", "keep the token", "OrgLoginHistory"},
		"authentication failure":   {of(func(w *world) { w.user.Locked = true }), "token", "without saying why", "Status column", "OrgLoginHistory"},
		"expired refresh token":    {of(refusal("token/*", 400, "invalid_grant", "expired access/refresh token")), "token", "no longer valid", "store each new refresh token", ""},
		"redirect_uri_mismatch":    {of(refusal("token/*", 400, "redirect_uri_mismatch", "redirect_uri must match configuration")), "token", "callback address", "letter for letter", "ManageExternalClientApplication"},
		"scope api missing":        {of(func(w *world) { w.app.Scopes = []string{"id"} }), "rest", "not good for the org's APIs", "add the scope", "ManageExternalClientApplication"},
		"scope api named":          {of(func(w *world) { w.app.Scopes = []string{"id"} }), "scopes", "scope api is missing", "add the scope", "ManageExternalClientApplication"},
		"API_DISABLED_FOR_ORG":     {of(func(w *world) { w.user.NoAPI = true }), "rest", "may not use the org's APIs", "API Enabled", "PermSets"},
		"API disabled for SOAP":    {of(func(w *world) { w.user.NoAPI = true }), "soap", "may not use the org's APIs", "API Enabled", "PermSets"},
		"INVALID_FIELD":            {of(func(w *world) { w.uses[0].Reads = append(w.uses[0].Reads, "Nothing__c") }), "rights", "does not see one field of Order: Nothing__c", "Order", "PermSets"},
		"object unseen":            {of(func(w *world) { w.uses[0] = Use{Object: "Invoice__c"} }), "rights", "does not see the object Invoice__c", "tick Read,", "PermSets"},
		"object read only":         {of(func(w *world) { w.uses[0] = Use{Object: "Case", Updates: true} }), "rights", "may read Case and not change it", "Read and Edit", "PermSets"},
		"field read only":          {of(func(w *world) { w.uses[0] = Use{Object: "Opportunity", Updates: true, Writes: []string{"Amount"}} }), "rights", "may not change one field of Opportunity: Amount", "Opportunity", "PermSets"},
		"hostile object":           {of(func(w *world) { w.uses[0] = Use{Object: "../limits"} }), "rights", "no API name", "", ""},
		"another org":              {of(func(w *world) { w.ask.OrgID = "00D5g0000009999" }), "org", "for another org", "org of the migration", ""},
		"loops":                    {of(func(w *world) { w.user.Permissions = []string{"EnableNotifications"} }), "send-outbound-messages", "in a loop", "every permission set", "ManageUsers"},
		"REST streams for ever":    {of(play("resources", demoorg.Play(endless))), "rest", "larger than any real one", "maintenance page", ""},
		"REST answers with HTML":   {of(play("resources", demoorg.HTML(200, ""))), "rest", "web page instead of data", "maintenance page", ""},
		"token is HTML":            {of(play("token/*", demoorg.HTML(200, ""))), "token", "something else than a sign-in answer", "check the address", ""},
		"token streams for ever":   {of(play("token/*", demoorg.Play(endless))), "token", "larger than any real one", "check the address", ""},
		"instance of a stranger":   {of(play("token/*", demoorg.MovedTo("https://acme.my.salesforce.com.evil.test"))), "token", "not Salesforce's", "check the address", ""},
		"redirected with secret":   {of(play("token/*", demoorg.RedirectTo("http://localhost:1"))), "token", "another address, where a secret must not go", "check the address", ""},
		"calls of the day used up": {of(play("resources", demoorg.LimitExceeded())), "rest", "API calls for today are used up", "API Requests, Last 24 Hours", ""},
		"SOAP refuses by itself":   {of(refusal("getUserInfo", 500, "INVALID_SESSION_ID", "Invalid Session ID")), "soap", "does not accept the token", "scopes", "ManageExternalClientApplication"},
		"REST 401 without reason":  {of(play("resources", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { w.WriteHeader(401) })), "rest", "does not accept the token", "scopes", "ManageExternalClientApplication"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, spoil := range c.spoil {
				spoil(w)
			}
			r := w.prove(t)
			got := r.check(t, c.id)
			page := ""
			if c.page != "" {
				page = "/lightning/setup/" + c.page + "/home"
			}
			if r.OK() || got.Outcome != Failed || !strings.Contains(got.Text, c.says) || !strings.Contains(got.Hint, c.hint) || got.Page != page {
				t.Errorf("%+v", got)
			}
		})
	}
}

func of(spoil ...func(*world)) []func(*world) { return spoil }

func play(on string, p demoorg.Play) func(*world) {
	return func(w *world) { w.org.Faults = []demoorg.Fault{{On: on, Play: p}} }
}

func refusal(on string, status int, code, words string) func(*world) {
	return play(on, demoorg.Refuse(status, code, words))
}

// endless answers with JSON that never ends.
func endless(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"a":"`)
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, strings.Repeat("x", 64<<10)); err != nil {
			return
		}
	}
}

func otherKey(w *world) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	w.ask.Key = key
}

// tired is a user who signed in as often as allowed.
func tired(w *world) {
	w.org.LoginsPerHour = 1
	w.app.RunAs = "finance.api@northwind.example"
	w.org.Apps = []demoorg.App{}
	w.org.Faults = []demoorg.Fault{{On: "token/client_credentials", Times: 1, Play: func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
		body, _ := io.ReadAll(r.Body)
		for range 2 { // the first one spends what is allowed
			again := r.Clone(r.Context())
			again.Body = io.NopCloser(strings.NewReader(string(body)))
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, again)
			if rec.Code != http.StatusOK {
				rw.Header().Set("Content-Type", "application/json")
				rw.WriteHeader(rec.Code)
				_, _ = rw.Write(rec.Body.Bytes())
			}
		}
	}}}
}

func TestWarningsAreNoFailures(t *testing.T) {
	for name, c := range map[string]struct {
		spoil    func(*world)
		id, says string
		outcome  Outcome
	}{
		"JWT format":           {func(w *world) { w.app.JWTTokens = true }, "soap", "JWT format", Warned},
		"too many scopes":      {func(w *world) { w.app.Scopes = []string{"full"} }, "scopes", "full", Warned},
		"may loop, reads only": {func(w *world) { w.user.Permissions, w.uses = []string{"EnableNotifications"}, nil }, "send-outbound-messages", "in a loop", Warned},
		"permissions hidden":   {refusal("query", 400, "INVALID_FIELD", "No such column 'PermissionsEnableNotifications'"), "send-outbound-messages", "can't be told", Untold},
		"userinfo is down":     {func(w *world) { w.org.Faults = []demoorg.Fault{{On: "userinfo", Play: demoorg.HTML(500, "")}} }, "user", "does not say whose", Untold},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.spoil(w)
			r := w.prove(t)
			if got := r.check(t, c.id); !r.OK() || got.Outcome != c.outcome || !strings.Contains(got.Text, c.says) {
				t.Errorf("%+v in %+v", got, r)
			}
		})
	}
}

// TestSOAPIsNotAskedWithAJWT: the answer would say no more than that the session
// is invalid.
func TestSOAPIsNotAskedWithAJWT(t *testing.T) {
	w := newWorld(t)
	w.app.JWTTokens = true
	asked := false
	w.org.Faults = []demoorg.Fault{{On: "getUserInfo", Play: func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
		asked = true
		next.ServeHTTP(rw, r)
	}}}
	if r := w.prove(t); asked || !r.JWT {
		t.Errorf("asked %t, JWT %t", asked, r.JWT)
	}
}

func TestHostThatNeverAnswersEndsAtTheLimit(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer s.Close()
	w := newWorld(t)
	w.ask.Host, w.ask.Limit = s.URL, 50*time.Millisecond
	r, err := Prove(t.Context(), w.ask, nil)
	if err != nil || r.OK() || !strings.Contains(r.Checks[0].Text, "did not answer within 50ms") || r.Checks[0].Hint == "" {
		t.Errorf("%v %+v", err, r)
	}
}

func TestCancelEndsTheProof(t *testing.T) {
	arrived := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(arrived)
		<-r.Context().Done()
	}))
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	w := newWorld(t)
	w.ask.Host = s.URL
	if _, err := Prove(ctx, w.ask, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestHostsThatAreNotSalesforceGetNoSecret(t *testing.T) {
	for _, host := range []string{"https://evil.test", "http://acme.my.salesforce.com", "https://acme.my.salesforce.com.evil.test", "https://user@acme.my.salesforce.com", ""} {
		w := newWorld(t)
		w.ask.Host = host
		w.ask.HTTP = &http.Client{Transport: tripper(func(*http.Request) (*http.Response, error) {
			t.Errorf("%q was asked", host)
			return nil, errors.New("no")
		})}
		if r, err := Prove(t.Context(), w.ask, nil); err != nil || r.OK() {
			t.Errorf("%q: %v %+v", host, err, r)
		}
	}
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestNothingShowsASecret looks for the canaries in all that can be printed.
func TestNothingShowsASecret(t *testing.T) {
	w := newWorld(t)
	var token string
	w.org.Faults = []demoorg.Fault{{On: "token/*", Play: func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		var a struct {
			Token string `json:"access_token"`
		}
		_ = json.Unmarshal(rec.Body.Bytes(), &a)
		token = a.Token
		for k, v := range rec.Header() {
			rw.Header()[k] = v
		}
		_, _ = rw.Write(rec.Body.Bytes())
	}}, {On: "resources", Play: demoorg.HTML(500, "")}, {On: "getUserInfo", Play: demoorg.Cut()}}
	r := w.prove(t)
	data, err := json.Marshal(r)
	if err != nil || token == "" {
		t.Fatal(err, token)
	}
	all := string(data) + fmt.Sprintf("%v %+v %#v %s", r, w.ask, w.ask, w.ask)
	for _, canary := range []string{secret, token, token[len(token)-20:]} {
		if strings.Contains(all, canary) {
			t.Errorf("%q is shown in %s", canary, all)
		}
	}
}

func TestAssertionIsForTheHostAndThreeMinutesAtMost(t *testing.T) {
	w := newWorld(t)
	w.signs()
	w.ask.Host = "https://acme.my.salesforce.com"
	text, err := w.ask.assertion()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(text, ".")
	var header, claims map[string]any
	for i, into := range []*map[string]any{&header, &claims} {
		if err := json.Unmarshal(decode(t, parts[i]), into); err != nil {
			t.Fatal(err)
		}
	}
	exp := time.Unix(int64(claims["exp"].(float64)), 0)
	if header["alg"] != "RS256" || claims["aud"] != w.ask.Host || claims["iss"] != "3MVG9receiver" || claims["sub"] != demoorg.HubUser || !exp.After(noon) || exp.Sub(noon) > 3*time.Minute {
		t.Errorf("%v %v", header, claims)
	}
}

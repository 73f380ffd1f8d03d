package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTheWholeSignIn(t *testing.T) {
	org := newFakeOrg(t)
	a := start(t, org.options())
	link, err := url.Parse(a.Link())
	if err != nil {
		t.Fatal(err)
	}
	q := link.Query()
	if link.Path != "/services/oauth2/authorize" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" ||
		len(q.Get("code_challenge")) != 43 || q.Get("redirect_uri") != a.RedirectURI() || q.Get("scope") != "api refresh_token" {
		t.Errorf("link: %s", a.Link())
	}
	if want := fmt.Sprintf("http://localhost:%d/OauthRedirect", a.port); a.RedirectURI() != want {
		t.Errorf("redirect address %q, want %q", a.RedirectURI(), want)
	}
	done := waitFor(t.Context(), a)
	resp := browse(t, "GET", a.right("aPrxCODE"), nil)
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/signed-in" {
		t.Errorf("callback answered %d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	page := browse(t, "GET", fmt.Sprintf("http://127.0.0.1:%d/signed-in", a.port), nil)
	if body := text(t, page); !strings.Contains(body, "You are signed in") || !strings.Contains(body, "close this tab") {
		t.Errorf("page: %s", body)
	}
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	want := Token{
		Access: canaryAccess, Refresh: canaryRefresh, InstanceURL: org.URL, IdentityURL: org.URL + "/id/" + orgID + "/" + userID,
		OrgID: orgID, UserID: userID, Scope: "refresh_token api", IssuedAt: time.UnixMilli(1795421234567).UTC(),
	}
	if got.token != want {
		t.Error("the token is not what the org granted")
	}
}

// Threat "secret in a public client", and "weak secrets": the challenge is the
// verifier's SHA-256, which the org checks.
func TestTokenRequestHoldsWhatAPublicClientSends(t *testing.T) {
	org := newFakeOrg(t)
	a := start(t, org.options())
	done := waitFor(t.Context(), a)
	visit(t, a.right("x"), nil)
	if got := <-done; got.err != nil {
		t.Fatal(got.err)
	}
	form := org.requests()[0]
	want := url.Values{
		"grant_type": {"authorization_code"}, "code": {"x"}, "client_id": {"3MVG9.client"},
		"redirect_uri": {a.RedirectURI()}, "code_verifier": {a.verifier},
	}
	if form.Encode() != want.Encode() {
		t.Errorf("the token request holds %v, want %v", form, want)
	}
	if h := org.header[0].Get("Authorization"); h != "" {
		t.Errorf("the token request carries Authorization %q", h)
	}
}

// Threat "code mangled".
func TestCodeArrivesByteForByte(t *testing.T) {
	for raw, want := range map[string]string{
		"a%2Bb%2Fc%3D%3D.x%253D": "a+b/c==.x%3D",
		"a+b/c==.x%3D":           "a+b/c==.x=",
		"aPrx%3D%3D":             "aPrx==",
	} {
		org := newFakeOrg(t)
		a := start(t, org.options())
		done := waitFor(t.Context(), a)
		visit(t, a.callback("state="+a.state+"&code="+raw), nil)
		if got := <-done; got.err != nil {
			t.Fatal(got.err)
		}
		if code := org.requests()[0].Get("code"); code != want {
			t.Errorf("code %q arrived as %q, want %q", raw, code, want)
		}
	}
}

// Threat "replay".
func TestOneTokenRequestForManyCallbacks(t *testing.T) {
	org := newFakeOrg(t)
	a := start(t, org.options())
	var callbacks sync.WaitGroup
	statuses := make(chan int, 50)
	for i := range 50 {
		callbacks.Go(func() {
			resp, err := http.Get(a.right(fmt.Sprintf("code%d", i%2)))
			if err == nil {
				statuses <- resp.StatusCode
				resp.Body.Close()
			}
		})
	}
	if _, err := a.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	callbacks.Wait()
	if n := len(org.requests()); n != 1 {
		t.Errorf("%d token requests, want 1", n)
	}
	if len(statuses) == 0 {
		t.Error("no browser saw a page")
	}
}

func TestSecretsAreNewForEveryAttempt(t *testing.T) {
	org := newFakeOrg(t)
	seen := map[string]bool{}
	allowed := regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)
	for range 1000 {
		a, err := Start(t.Context(), org.options())
		if err != nil {
			t.Fatal(err)
		}
		a.Close()
		for _, s := range []string{a.state, a.verifier} {
			if seen[s] || !allowed.MatchString(s) {
				t.Fatalf("secret repeated or malformed: %q", s)
			}
			seen[s] = true
		}
	}
}

func TestOrgsRefusalEndsTheWait(t *testing.T) {
	org := newFakeOrg(t)
	a := start(t, org.options())
	done := waitFor(t.Context(), a)
	hostile := url.QueryEscape("<script>alert(1)</script>\r\nSet-Cookie:a=b")
	resp := browse(t, "GET", a.callback("error=access_denied&error_description="+hostile+"&state="+a.state), nil)
	if resp.Header.Get("Location") != "/refused" || resp.Header.Get("Set-Cookie") != "" {
		t.Errorf("headers %v", resp.Header)
	}
	page := browse(t, "GET", fmt.Sprintf("http://localhost:%d/refused", a.port), nil)
	if body := text(t, page); strings.Contains(body, "<script") || !strings.Contains(body, "The org said no") {
		t.Errorf("page: %s", body)
	}
	got := <-done
	var no *Refused
	if !errors.As(got.err, &no) || no.Code != "access_denied" || no.Sentence() != "Access was denied in the browser." {
		t.Errorf("got %v", got.err)
	}
	if len(org.requests()) != 0 {
		t.Error("a refused sign-in asked for a token")
	}
}

func TestTokenEndpointAnswers(t *testing.T) {
	htmlPage := func(status int) func(http.ResponseWriter, url.Values) {
		return func(w http.ResponseWriter, f url.Values) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			fmt.Fprint(w, "<html>Down for maintenance ", f.Get("code"), "</html>")
		}
	}
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, url.Values)
		want   string
	}{
		"refused": {func(w http.ResponseWriter, _ url.Values) {
			writeJSON(w, 400, map[string]string{"error": "invalid_grant", "error_description": "expired authorization code"})
		}, "took too long or was used twice"},
		"web page with 200": {htmlPage(200), "did not answer as an org does"},
		"web page with 503": {htmlPage(503), "did not answer as an org does: it answered 503"},
		"redirect": {func(w http.ResponseWriter, _ url.Values) {
			w.Header().Set("Location", "https://evil.test/")
			w.WriteHeader(302)
		}, "it answered 302"},
		"array": {func(w http.ResponseWriter, _ url.Values) { writeJSON(w, 200, []string{}) }, "did not answer as an org does"},
		"no token": {func(w http.ResponseWriter, _ url.Values) { writeJSON(w, 200, map[string]string{}) },
			"did not answer as an org does"},
		"no org": {func(w http.ResponseWriter, _ url.Values) {
			writeJSON(w, 200, map[string]string{"access_token": canaryAccess, "instance_url": "https://acme.my.salesforce.com", "id": "https://x/id/1/2"})
		}, "does not say which org"},
		"stranger": {func(w http.ResponseWriter, _ url.Values) {
			writeJSON(w, 200, map[string]string{"access_token": canaryAccess, "instance_url": "https://x.my.salesforce.com.evil.test"})
		}, "not Salesforce's"},
	} {
		t.Run(name, func(t *testing.T) {
			org := newFakeOrg(t)
			org.answer = c.answer
			a := start(t, org.options())
			done := waitFor(t.Context(), a)
			if page := visit(t, a.right("canaryCODE"), nil); name != "refused" && page != "/failed" {
				t.Errorf("the browser was sent to %q", page)
			}
			got := <-done
			if got.err == nil || !strings.Contains(got.err.Error(), c.want) || strings.Contains(got.err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", got.err, c.want)
			}
			for _, secret := range []string{"canary", a.verifier} {
				if strings.Contains(fmt.Sprintf("%+v", got.err), secret) {
					t.Errorf("the error repeats a secret: %v", got.err)
				}
			}
			if len(org.requests()) != 1 {
				t.Errorf("%d token requests", len(org.requests()))
			}
		})
	}
}

func TestTimeUp(t *testing.T) {
	o := newFakeOrg(t).options()
	o.Timeout = time.Millisecond
	a := start(t, o)
	if _, err := a.Wait(t.Context()); !errors.Is(err, ErrTimedOut) {
		t.Errorf("got %v", err)
	}
}

func TestCancelAndCloseFreeThePort(t *testing.T) {
	org := newFakeOrg(t)
	for name, end := range map[string]func(*Attempt, context.CancelFunc){
		"cancel": func(_ *Attempt, cancel context.CancelFunc) { cancel() },
		"close":  func(a *Attempt, _ context.CancelFunc) { a.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, org.options())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := waitFor(ctx, a)
			end(a, cancel)
			if got := <-done; !errors.Is(got.err, context.Canceled) && !errors.Is(got.err, ErrClosed) {
				t.Errorf("got %v", got.err)
			}
			again, port, err := listen(t.Context(), []int{a.port})
			if err != nil || port != a.port || len(again) == 0 {
				t.Fatalf("the port is still held: %v", err)
			}
			for _, l := range again {
				l.Close()
			}
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCloseStopsAHangingTokenRequest(t *testing.T) {
	asked, ended := make(chan bool), make(chan error, 1)
	o := newFakeOrg(t).options()
	o.HTTP = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		asked <- true
		<-r.Context().Done()
		ended <- r.Context().Err()
		return nil, r.Context().Err()
	})}
	a := start(t, o)
	done := waitFor(t.Context(), a)
	if err := a.Paste(a.right("c")); err != nil {
		t.Fatal(err)
	}
	<-asked
	a.Close()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the token request ended with %v", err)
	}
	if got := <-done; !errors.Is(got.err, ErrClosed) {
		t.Errorf("got %v", got.err)
	}
}

func TestNothingPrintsSecrets(t *testing.T) {
	token := Token{Access: canaryAccess, Refresh: canaryRefresh, InstanceURL: "https://acme.my.salesforce.com", OrgID: orgID}
	org := newFakeOrg(t)
	a := start(t, org.options())
	var out strings.Builder
	for _, v := range []any{token, &token, struct{ T Token }{token}, []Token{token}, map[string]Token{"a": token}, a, struct{ A *Attempt }{a}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			fmt.Fprintf(&out, verb, v)
		}
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "token", token, "attempt", a)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "token", token)
	j, err := json.Marshal(map[string]any{"token": token})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(j)
	hex := fmt.Sprintf("%x", "canary")
	for _, secret := range []string{"canary", hex, a.state, a.verifier} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q is printed in %s", secret, out.String())
		}
	}
	if !strings.Contains(out.String(), orgID) {
		t.Error("the token does not name its org")
	}
}

func TestStartNeedsAnAppAndAnOrg(t *testing.T) {
	for _, o := range []Options{
		{Host: "https://login.salesforce.com"},
		{ClientID: "x"},
		{ClientID: "x", Host: "https://evil.test"},
		{ClientID: "x", Host: "http://acme.my.salesforce.com"},
		{ClientID: "x", Host: "https://login.salesforce.com", Ports: []int{70000}},
	} {
		if a, err := Start(t.Context(), o); err == nil {
			a.Close()
			t.Errorf("%+v started", o)
		}
	}
}

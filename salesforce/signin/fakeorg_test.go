package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

const (
	canaryAccess  = "00D5g000001AbCdEAK!AQcanaryACCESS"
	canaryRefresh = "5Aep861canaryREFRESH"
	orgID         = "00D5g000001AbCdEAK"
	userID        = "0055g00000AbCdEAAV"
)

// fakeOrg is a token endpoint that remembers what it was asked.
type fakeOrg struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []url.Values
	header []http.Header
	answer func(w http.ResponseWriter, form url.Values)
}

func newFakeOrg(t *testing.T) *fakeOrg {
	t.Helper()
	f := &fakeOrg{}
	f.answer = func(w http.ResponseWriter, _ url.Values) { f.grant(w, canaryRefresh) }
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		f.mu.Lock()
		f.asked = append(f.asked, r.PostForm)
		f.header = append(f.header, r.Header)
		f.mu.Unlock()
		f.answer(w, r.PostForm)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fakeOrg) grant(w http.ResponseWriter, refresh string) {
	answer := map[string]string{
		"access_token": canaryAccess, "instance_url": f.URL, "token_type": "Bearer", "scope": "refresh_token api",
		"id": f.URL + "/id/" + orgID + "/" + userID, "issued_at": "1795421234567", "signature": "c2ln",
	}
	if refresh != "" {
		answer["refresh_token"] = refresh
	}
	writeJSON(w, http.StatusOK, answer)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (f *fakeOrg) requests() []url.Values {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

func (f *fakeOrg) options() Options {
	return Options{Host: f.URL, ClientID: "3MVG9.client", Ports: []int{0}}
}

func start(t *testing.T, o Options) *Attempt {
	t.Helper()
	a, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

type result struct {
	token Token
	err   error
}

func waitFor(ctx context.Context, a *Attempt) <-chan result {
	done := make(chan result, 1)
	go func() {
		t, err := a.Wait(ctx)
		done <- result{t, err}
	}()
	return done
}

// browser makes a request as a browser does, without following redirects.
func browse(t *testing.T, method, address string, change func(*http.Request)) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	return resp
}

// visit goes where a browser would end up and returns that path.
func visit(t *testing.T, address string, change func(*http.Request)) string {
	t.Helper()
	resp := browse(t, http.MethodGet, address, change)
	next, err := resp.Location()
	if err != nil {
		t.Fatalf("%d: %v", resp.StatusCode, err)
	}
	if page := browse(t, http.MethodGet, next.String(), change); page.StatusCode != http.StatusOK {
		t.Errorf("%s answered %d", next, page.StatusCode)
	}
	return next.Path
}

func text(t *testing.T, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// callback is the address that the org would send the browser to.
func (a *Attempt) callback(query string) string {
	return fmt.Sprintf("http://127.0.0.1:%d%s?%s", a.port, CallbackPath, query)
}

func (a *Attempt) right(code string) string {
	return a.callback("code=" + url.QueryEscape(code) + "&state=" + a.state)
}

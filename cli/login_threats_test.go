//go:build unix

package cli

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Rows "forged or stray callback", "DNS rebinding", "mix-up" and the doubled
// parameters of "login never ends": everything but the true answer gets a fixed
// refusal, and the sign-in goes on.
func TestStrayCallbacksChangeNothing(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	c := newComputer(t)
	s := c.login("--no-browser", "--host", org.URL)
	right := "code=stolen&state=" + s.query("state")
	const path = "/OauthRedirect"
	for _, r := range []struct {
		method, target, host string
		status               int
	}{
		{"GET", path + "?error=access_denied", "", 400},
		{"GET", path + "?code=stolen&state=wrong", "", 400},
		{"GET", path + "?error=access_denied&state=wrong", "", 400},
		{"GET", "/favicon.ico", "", 404},
		{"GET", path + "/more?" + right, "", 404},
		{"POST", path + "?" + right, "", 405},
		{"HEAD", path + "?" + right, "", 405},
		{"OPTIONS", path + "?" + right, "", 405},
		{"GET", path + "?" + right + "&code=other", "", 400},
		{"GET", path + "?" + right + "&state=" + s.query("state"), "", 400},
		{"GET", path + "?" + right + "&iss=https%3A%2F%2Fevil.test", "", 400},
		{"GET", path + "?" + right, "evil.example:" + c.port, 403},
		{"GET", path + "?" + right, "localhost.evil.example:" + c.port, 403},
		{"GET", path + "?" + right, "localhost:1", 403},
		{"GET", path + "?" + right, "-", 400}, // no Host at all
		{"GET", path + "?" + right, " ", 403}, // an empty one
		{"GET", path + "?" + right + "&x=" + strings.Repeat("x", 64<<10), "", 431},
	} {
		host := r.host
		if host == "" {
			host = "localhost:" + c.port
		}
		head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nAccess-Control-Request-Private-Network: true\r\nConnection: close\r\n\r\n", r.method, r.target, host)
		head = strings.ReplaceAll(head, "Host: -\r\n", "")
		status, answer := speak(t, c.port, head)
		if status != r.status {
			t.Errorf("%s %.80s with host %s was answered with %d", r.method, r.target, host, status)
		}
		if strings.Contains(answer, "Access-Control-Allow") || strings.Contains(answer, "stolen") {
			t.Errorf("%s %.80s: %s", r.method, r.target, answer)
		}
	}
	if n := len(org.requests()); n > 0 {
		t.Fatalf("%d token requests for stray callbacks", n)
	}
	if resp := s.visit(s.callback("code=true&iss=" + url.QueryEscape(org.URL))); resp.Header.Get("Location") != "/signed-in" {
		t.Errorf("the true callback led to %d %s", resp.StatusCode, resp.Header.Get("Location"))
	}
	s.end().must(t, fine, "Signed in to Northwind Traders")
}

// speak sends a request as it is and reads the answer.
func speak(t *testing.T, port, request string) (status int, answer string) {
	t.Helper()
	conn, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	// A server that refuses early may cut the line while it is written to.
	_, _ = io.WriteString(conn, request)
	data, _ := io.ReadAll(conn)
	if _, err := fmt.Sscanf(string(data), "HTTP/1.1 %d", &status); err != nil {
		t.Errorf("%.60q was answered with %q", request, data)
	}
	return status, string(data)
}

// Row "reachable from the network": neither by another address of this computer,
// nor from a network namespace of its own.
func TestCallbackIsForThisComputerOnly(t *testing.T) {
	ip, err := exec.LookPath("ip")
	if err != nil || os.Geteuid() != 0 {
		t.Skip("SKIPPED: a second network needs root and the program ip")
	}
	name := fmt.Sprintf("sst%d", os.Getpid())
	do := func(args ...string) error {
		out, err := exec.Command(ip, args...).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, out)
		}
		return err
	}
	const here, there = "198.51.100.1", "198.51.100.2" // for documentation, so nobody's
	if err := do("netns", "add", name); err != nil {
		t.Skipf("SKIPPED: no second network can be made here: %v", err)
	}
	t.Cleanup(func() { _ = do("netns", "del", name) })
	for _, args := range [][]string{
		{"link", "add", name, "type", "veth", "peer", "name", "peer", "netns", name},
		{"addr", "add", here + "/30", "dev", name},
		{"link", "set", name, "up"},
		{"-n", name, "addr", "add", there + "/30", "dev", "peer"},
		{"-n", name, "link", "set", "peer", "up"},
	} {
		if err := do(args...); err != nil {
			t.Skipf("SKIPPED: no second network can be made here: %v", err)
		}
	}
	reach := func(port string) error {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		return exec.CommandContext(ctx, ip, "netns", "exec", name, "bash", "-c", "exec 3<>/dev/tcp/"+here+"/"+port).Run()
	}
	open, err := net.Listen("tcp", here+":0")
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	defer func() { _ = open.Close() }()
	if err := reach(fmt.Sprint(open.Addr().(*net.TCPAddr).Port)); err != nil {
		t.Skipf("SKIPPED: the second network does not reach this one: %v", err)
	}

	org := newFakeOrg(t)
	c := newComputer(t)
	s := c.login("--no-browser", "--host", org.URL)
	if reach(c.port) == nil {
		t.Error("another computer reaches the callback")
	}
	if conn, err := net.Dial("tcp", net.JoinHostPort(here, c.port)); err == nil {
		_ = conn.Close()
		t.Error("the callback is on an address of the network")
	}
	s.visit(s.callback("code=c"))
	s.end().must(t, fine)
}

// Row "port squatter": a port that somebody else has on one family is left, and
// without any port there is the paste, which needs a terminal.
func TestHalfAPortIsNotUsed(t *testing.T) {
	squatter, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("SKIPPED: this computer has no IPv6")
	}
	defer func() { _ = squatter.Close() }()
	org := newFakeOrg(t)
	taken := fmt.Sprint(squatter.Addr().(*net.TCPAddr).Port)
	newComputer(t, "SIDESTEP_CALLBACK_PORT="+taken).run("login", "--no-browser", "--host", org.URL).must(t, failed, "is taken", "hint: ")

	first, err := net.Listen("tcp6", "[::1]:1717")
	if err != nil {
		t.Skipf("SKIPPED: port 1717 is taken already: %v", err)
	}
	defer func() { _ = first.Close() }()
	c := newComputer(t, "SIDESTEP_CALLBACK_PORT=")
	s := c.login("--no-browser", "--host", org.URL)
	u, err := url.Parse(s.query("redirect_uri"))
	if err != nil || u.Port() == "1717" || u.Hostname() != "localhost" {
		t.Fatalf("it waits at %v, %v", u, err)
	}
	for _, host := range []string{"127.0.0.1", "::1"} {
		if l, err := net.Listen("tcp", net.JoinHostPort(host, u.Port())); err == nil {
			_ = l.Close()
			t.Errorf("%s port %s is not its own", host, u.Port())
		}
	}
	c.port = u.Port()
	s.visit(s.callback("code=c"))
	s.end().must(t, fine)
}

// Row "script in the callback page", and "org refuses the app" as the browser
// tells it.
func TestRefusalPageRepeatsNothing(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	c := newComputer(t)
	s := c.login("--no-browser", "--host", org.URL)
	type seen struct {
		head http.Header
		body string
	}
	page := make(chan seen)
	go func() {
		resp, err := http.Get(s.callback("error=access_denied&error_description=" + url.QueryEscape("<script>alert(1)</script>\x1b]0;x\a\u202e") + "%0d%0aSet-Cookie:a=b"))
		if err != nil {
			page <- seen{}
			return
		}
		defer func() { _ = resp.Body.Close() }()
		body, _ := io.ReadAll(resp.Body)
		page <- seen{resp.Header, string(body)}
	}()
	got := <-page
	e := s.end().must(t, failed, "Access was denied", "hint: ")
	if !strings.Contains(got.body, "The org said no") || strings.Contains(got.body, "script>alert") || got.head.Get("Set-Cookie") != "" {
		t.Errorf("%v\n%s", got.head, got.body)
	}
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
	} {
		if !strings.HasPrefix(got.head.Get(name), want) {
			t.Errorf("%s: %q", name, got.head.Get(name))
		}
	}
	if strings.ContainsAny(e.words, "\x1b\a\u202e") || strings.Count(e.words, "sidestep: ") != 1 {
		t.Errorf("on the terminal: %q", e.words)
	}
}

// Row "replay": the first answer wins, one token request, and everybody who asks
// again is shown the same end.
func TestFiftyCallbacksAreOneTokenRequest(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	all := make(chan struct{})
	org.answering(func(w http.ResponseWriter, _ *http.Request) { <-all; org.grant(w, nil) })
	s := newComputer(t).login("--no-browser", "--host", org.URL)
	sent := sync.WaitGroup{}
	var callbacks sync.WaitGroup
	for range 50 {
		sent.Add(1)
		callbacks.Go(func() {
			conn, err := net.Dial("tcp", "127.0.0.1:"+s.c.port)
			if err != nil {
				sent.Done()
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			u, _ := url.Parse(s.callback("code=c"))
			_, _ = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost:%s\r\n\r\n", u.RequestURI(), s.c.port)
			sent.Done()
			_, _ = io.Copy(io.Discard, conn)
		})
	}
	sent.Wait()
	close(all)
	s.end().must(t, fine)
	callbacks.Wait()
	if n := len(org.requests()); n != 1 {
		t.Errorf("%d token requests", n)
	}
}

// Rows "weak or reused secrets", "code mangled" and "secret in a public client":
// what the token request holds, byte for byte.
func TestTokenRequestHoldsWhatItMust(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	c := newComputer(t)
	s := c.login("--no-browser", "--host", org.URL)
	s.visit(s.callback("code=a+b/c==.x%253D"))
	s.end().must(t, fine)
	r := org.requests()[0]
	if got := r.form.Get("code"); got != "a+b/c==.x%3D" {
		t.Errorf("the code arrived as %q", got)
	}
	if r.form.Has("client_secret") || r.header.Get("Authorization") != "" {
		t.Error("a public client sent a secret")
	}
	if r.query != "" {
		t.Errorf("the address of the token request holds %q", r.query)
	}
	verifier := r.form.Get("code_verifier")
	form := regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)
	if !form.MatchString(verifier) {
		t.Errorf("a weak verifier: %q", verifier)
	}
	sum := sha256.Sum256([]byte(verifier))
	if base64.RawURLEncoding.EncodeToString(sum[:]) != s.query("code_challenge") || s.query("code_challenge_method") != "S256" {
		t.Error("the verifier is not the one of the challenge")
	}
	seen := map[string]bool{}
	for range 20 {
		again := c.login("--no-browser", "--host", org.URL)
		for _, secret := range []string{again.query("state"), again.query("code_challenge")} {
			if !form.MatchString(secret) || seen[secret] {
				t.Errorf("weak or used before: %q", secret)
			}
			seen[secret] = true
		}
		_ = again.cmd.Process.Signal(os.Interrupt)
		again.end().must(t, failed, "interrupted")
	}
}

// Rows "secret in a public client" and "token sent to a stranger": no redirect is
// followed, and a token is never used at an address that is not Salesforce's.
func TestTokensGoToTheOrgOnly(t *testing.T) {
	t.Parallel()
	var strangers sync.Map
	stranger := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { strangers.Store(r.URL.Path, true) }))
	defer stranger.Close()
	org := newFakeOrg(t)
	c := newComputer(t)
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect} { // the second repeats the body too
		org.answering(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, stranger.URL+"/services/oauth2/token", status)
		})
		s := c.login("--no-browser", "--host", org.URL)
		s.visit(s.callback("code=c"))
		s.end().must(t, failed, "did not answer as an org does")
	}

	for _, instance := range []string{
		"https://x.my.salesforce.com.evil.test", "https://x.my.salesforce.com@evil.test", "https://ann:pw@x.my.salesforce.com", "http://x.my.salesforce.com",
		"https://192.0.2.7", "https://evil.test/.my.salesforce.com", "ftp://x.my.salesforce.com", "//x.my.salesforce.com", "",
		strings.Replace(stranger.URL, "127.0.0.1", "127.0.0.2", 1),
	} {
		org.answering(func(w http.ResponseWriter, _ *http.Request) { org.grant(w, map[string]any{"instance_url": instance}) })
		s := c.login("--no-browser", "--host", org.URL)
		s.visit(s.callback("code=c"))
		s.end().must(t, failed, "not Salesforce's")
	}
	strangers.Range(func(path, _ any) bool { t.Errorf("a stranger was asked for %v", path); return true })
	c.run("orgs").must(t, fine, "No org is known yet")
}

// Row "login never ends": idle and half-sent requests hold nobody up, and an
// interrupted sign-in frees its port.
func TestIdleConnectionsHoldNobodyUp(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	c := newComputer(t)
	s := c.login("--no-browser", "--host", org.URL)
	for i := range 50 {
		conn, err := net.Dial("tcp", "127.0.0.1:"+c.port)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if i%2 == 0 {
			_, _ = io.WriteString(conn, "GET /OauthRedirect?code=c&state=")
		}
	}
	s.visit(s.callback("code=c"))
	s.end().must(t, fine)

	s = c.login("--no-browser", "--host", org.URL)
	conn, err := net.Dial("tcp", "127.0.0.1:"+c.port)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	s.end().must(t, failed, "interrupted")
	l, err := net.Listen("tcp", "127.0.0.1:"+c.port)
	if err != nil {
		t.Fatalf("the port is still taken: %v", err)
	}
	_ = l.Close()
}

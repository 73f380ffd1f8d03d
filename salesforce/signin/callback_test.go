package signin

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Threats "forged or stray callback" and "DNS rebinding": everything but the
// true answer is refused with a fixed text, and the wait goes on.
func TestStrayRequestsAreRefusedAndTheWaitGoesOn(t *testing.T) {
	org := newFakeOrg(t)
	a := start(t, org.options())
	done := waitFor(t.Context(), a)
	base := fmt.Sprintf("http://127.0.0.1:%d", a.port)
	right := "code=c&state=" + a.state
	host := func(h string) func(*http.Request) { return func(r *http.Request) { r.Host = h } }
	port := fmt.Sprint(a.port)
	for name, c := range map[string]struct {
		method, path string
		change       func(*http.Request)
		status       int
	}{
		"denial without state":   {"GET", CallbackPath + "?error=access_denied", nil, 400},
		"denial, wrong state":    {"GET", CallbackPath + "?error=access_denied&state=x", nil, 400},
		"code without state":     {"GET", CallbackPath + "?code=c", nil, 400},
		"wrong state":            {"GET", CallbackPath + "?code=c&state=" + strings.Repeat("x", 43), nil, 400},
		"state of other case":    {"GET", CallbackPath + "?code=c&state=" + swapCase(a.state), nil, 400},
		"state only":             {"GET", CallbackPath + "?state=" + a.state, nil, 400},
		"empty code":             {"GET", CallbackPath + "?code=&state=" + a.state, nil, 400},
		"code and error":         {"GET", CallbackPath + "?error=x&" + right, nil, 400},
		"code twice":             {"GET", CallbackPath + "?code=d&" + right, nil, 400},
		"state twice":            {"GET", CallbackPath + "?" + right + "&state=" + a.state, nil, 400},
		"code twice, disguised":  {"GET", CallbackPath + "?c%6Fde=d&" + right, nil, 400},
		"broken escape":          {"GET", CallbackPath + "?code=%zz&state=" + a.state, nil, 400},
		"wrong issuer":           {"GET", CallbackPath + "?iss=https%3A%2F%2Fevil.test&" + right, nil, 400},
		"empty issuer":           {"GET", CallbackPath + "?iss=&" + right, nil, 400},
		"no query":               {"GET", CallbackPath, nil, 400},
		"icon":                   {"GET", "/favicon.ico", nil, 404},
		"root":                   {"GET", "/?" + right, nil, 404},
		"longer path":            {"GET", CallbackPath + "/?" + right, nil, 404},
		"other case":             {"GET", "/oauthredirect?" + right, nil, 404},
		"disguised path":         {"GET", "/Oauth%52edirect?" + right, nil, 404},
		"doubled slash":          {"GET", "/" + CallbackPath + "?" + right, nil, 404},
		"result before its time": {"GET", "/signed-in", nil, 404},
		"POST":                   {"POST", CallbackPath + "?" + right, nil, 405},
		"HEAD":                   {"HEAD", CallbackPath + "?" + right, nil, 405},
		"PUT":                    {"PUT", CallbackPath + "?" + right, nil, 405},
		"private network": {"OPTIONS", CallbackPath + "?" + right, func(r *http.Request) {
			r.Header.Set("Origin", "https://evil.test")
			r.Header.Set("Access-Control-Request-Private-Network", "true")
		}, 405},
		"rebound name":   {"GET", CallbackPath + "?" + right, host("evil.example:" + port), 403},
		"name in front":  {"GET", CallbackPath + "?" + right, host("localhost.evil.example:" + port), 403},
		"wrong port":     {"GET", CallbackPath + "?" + right, host("localhost:1"), 403},
		"no port":        {"GET", CallbackPath + "?" + right, host("localhost"), 403},
		"only the port":  {"GET", CallbackPath + "?" + right, host(":" + port), 403},
		"other loopback": {"GET", CallbackPath + "?" + right, host("127.0.0.2:" + port), 403},
		"long query":     {"GET", CallbackPath + "?" + right + "&x=" + strings.Repeat("x", 9<<10), nil, 400},
		"64 KB query":    {"GET", CallbackPath + "?" + right + "&x=" + strings.Repeat("x", 64<<10), nil, 431},
	} {
		t.Run(name, func(t *testing.T) {
			resp := browse(t, c.method, base+c.path, c.change)
			body := text(t, resp)
			if resp.StatusCode != c.status {
				t.Errorf("answered %d, want %d: %s", resp.StatusCode, c.status, body)
			}
			if strings.Contains(body, a.state) || strings.Contains(body, "evil") || strings.Contains(body, "<") {
				t.Errorf("the refusal repeats the request: %s", body)
			}
			for name := range resp.Header {
				if strings.HasPrefix(name, "Access-Control") {
					t.Errorf("the refusal carries %s", name)
				}
			}
		})
	}
	if n := len(org.requests()); n != 0 {
		t.Fatalf("%d token requests for stray callbacks", n)
	}
	if page := visit(t, a.right("true"), nil); page != "/signed-in" {
		t.Errorf("the true callback led to %s", page)
	}
	if got := <-done; got.err != nil {
		t.Error(got.err)
	}
}

func swapCase(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			b[i] = c ^ 0x20
		}
	}
	return string(b)
}

// An empty Host header is something Go's client cannot send.
func TestEmptyHostIsRefused(t *testing.T) {
	a := start(t, newFakeOrg(t).options())
	for _, request := range []string{
		"GET " + CallbackPath + "?code=c&state=" + a.state + " HTTP/1.1\r\nHost:\r\n\r\n",
		"GET " + CallbackPath + "?code=c&state=" + a.state + " HTTP/1.0\r\n\r\n",
		"GET http://evil.test" + CallbackPath + "?code=c&state=" + a.state + " HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		if status := raw(t, a.port, request); !strings.HasPrefix(status, "HTTP/1.") || !strings.Contains(status, " 40") {
			t.Errorf("%q was answered with %q", request, status)
		}
	}
	if a.taken.Load() {
		t.Error("a request without a Host was taken for the answer")
	}
}

func raw(t *testing.T, port int, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 64)
	n, err := conn.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	return string(line[:n])
}

func TestTrueHostsAreAccepted(t *testing.T) {
	for _, host := range []string{"localhost", "127.0.0.1", "[::1]", "LOCALHOST"} {
		org := newFakeOrg(t)
		a := start(t, org.options())
		done := waitFor(t.Context(), a)
		visit(t, a.right("c"), func(r *http.Request) { r.Host = fmt.Sprintf("%s:%d", host, a.port) })
		if got := <-done; got.err != nil {
			t.Errorf("%s: %v", host, got.err)
		}
	}
}

func TestRightIssuerIsAccepted(t *testing.T) {
	org := newFakeOrg(t)
	a := start(t, org.options())
	done := waitFor(t.Context(), a)
	visit(t, a.right("c")+"&iss="+url.QueryEscape(org.URL+"/"), nil)
	if got := <-done; got.err != nil {
		t.Error(got.err)
	}
}

// Threat "script in the callback page".
func TestEveryAnswerIsGuarded(t *testing.T) {
	org := newFakeOrg(t)
	a := start(t, org.options())
	done := waitFor(t.Context(), a)
	stray := browse(t, "GET", a.callback("error=x"), nil)
	redirect := browse(t, "GET", a.right("c"), nil)
	page := browse(t, "GET", fmt.Sprintf("http://127.0.0.1:%d/signed-in", a.port), nil)
	if got := <-done; got.err != nil {
		t.Fatal(got.err)
	}
	for name, resp := range map[string]*http.Response{"stray": stray, "redirect": redirect, "page": page} {
		h := resp.Header
		if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", name, h)
		}
	}
	if strings.Contains(redirect.Header.Get("Location"), "?") {
		t.Errorf("the page's address is not clean: %s", redirect.Header.Get("Location"))
	}
	body := text(t, page)
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(body)
	if style == nil {
		t.Fatal("the page has no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	if !strings.Contains(page.Header.Get("Content-Security-Policy"), base64.StdEncoding.EncodeToString(sum[:])) {
		t.Error("the policy does not allow the page's own style")
	}
	for _, foreign := range []string{"http:", "https:", "<script", "<img", "src=", "href="} {
		if strings.Contains(body, foreign) {
			t.Errorf("the page is not self-contained: %s", foreign)
		}
	}
}

// Threat "login never ends": idle and half-open connections hold nothing up.
func TestIdleConnectionsDoNoHarm(t *testing.T) {
	org := newFakeOrg(t)
	a := start(t, org.options())
	for i := range 50 {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", a.port))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if i%2 == 0 {
			if _, err := conn.Write([]byte("GET /OauthRedirect?code=c HTTP/1.1\r\nHo")); err != nil {
				t.Fatal(err)
			}
		}
	}
	done := waitFor(t.Context(), a)
	visit(t, a.right("c"), nil)
	if got := <-done; got.err != nil {
		t.Fatal(got.err)
	}
	if l, _, _ := listen(t.Context(), []int{a.port}); len(l) == 0 {
		t.Error("the port is still held")
	} else {
		for _, l := range l {
			l.Close()
		}
	}
}

func TestPaste(t *testing.T) {
	org := newFakeOrg(t)
	a := start(t, org.options())
	done := waitFor(t.Context(), a)
	query := "code=c&state=" + a.state
	port := fmt.Sprint(a.port)
	for _, wrong := range []string{
		"", "hello", "c", "code=c", a.Link(),
		"https://localhost:" + port + CallbackPath + "?" + query,
		"http://evil.test:" + port + CallbackPath + "?" + query,
		"http://localhost:1" + CallbackPath + "?" + query,
		"http://u@localhost:" + port + CallbackPath + "?" + query,
		"http://localhost:" + port + "/other?" + query,
		"http://localhost:" + port + CallbackPath + "?code=c",
		"http://localhost:" + port + CallbackPath + "?error=access_denied",
		"http://localhost:" + port + CallbackPath + "?code=c&state=wrong",
		"http://localhost:" + port + CallbackPath + "?" + query + "&code=d",
		"http://localhost:" + port + CallbackPath + "?" + query + strings.Repeat("x", maxQuery),
		"file:///OauthRedirect?" + query,
		"\x1b]52;c;x\x07",
	} {
		err := a.Paste(wrong)
		if err == nil {
			t.Fatalf("%q was accepted", wrong)
		}
		if strings.Contains(err.Error(), a.state) {
			t.Errorf("the error repeats the address: %v", err)
		}
	}
	// A terminal wrapped the line, and the browser hid the scheme.
	if err := a.Paste("  localhost:" + port + CallbackPath + "?" + query[:20] + "\r\n " + query[20:] + "\n"); err != nil {
		t.Fatal(err)
	}
	if got := <-done; got.err != nil {
		t.Fatal(got.err)
	}
	if len(org.requests()) != 1 {
		t.Errorf("%d token requests", len(org.requests()))
	}
	if err := a.Paste("localhost:" + port + CallbackPath + "?" + query); err == nil {
		t.Error("a second paste was accepted")
	}
}

// Threat "port squatter".
func TestPortsThatAreNotOursOnBothFamilies(t *testing.T) {
	if !hasIPv6(t.Context()) {
		t.Skip("this host has no IPv6")
	}
	six, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Fatal(err)
	}
	defer six.Close()
	four, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer four.Close()
	busy := []int{six.Addr().(*net.TCPAddr).Port, four.Addr().(*net.TCPAddr).Port}
	o := newFakeOrg(t).options()
	o.Ports = busy
	a := start(t, o)
	if a.Listening() || a.RedirectURI() != fmt.Sprintf("http://localhost:%d/OauthRedirect", busy[0]) {
		t.Errorf("listening at %s", a.RedirectURI())
	}
	// The squatted port must not stay half bound.
	if l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", busy[0])); err != nil {
		t.Error(err)
	} else {
		l.Close()
	}
	done := waitFor(t.Context(), a)
	if err := a.Paste(a.RedirectURI() + "?code=c&state=" + a.state); err != nil {
		t.Fatal(err)
	}
	if got := <-done; got.err != nil {
		t.Error(got.err)
	}
	o.Ports = append(busy, 0)
	if b := start(t, o); !b.Listening() || b.port == busy[0] || b.port == busy[1] {
		t.Errorf("the free port was not taken: %s", b.RedirectURI())
	}
}

// Threat "reachable from the network".
func TestOnlyThisMachineCanConnect(t *testing.T) {
	listeners, port, err := listen(t.Context(), []int{0})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range listeners {
		defer l.Close()
		if ip := l.Addr().(*net.TCPAddr).IP; !ip.IsLoopback() {
			t.Errorf("bound to %s", ip)
		}
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range addrs {
		ip := addr.(*net.IPNet).IP
		if ip.IsLoopback() || ip.To4() == nil {
			continue
		}
		if conn, err := net.Dial("tcp", net.JoinHostPort(ip.String(), fmt.Sprint(port))); err == nil {
			conn.Close()
			t.Errorf("reachable at %s", ip)
		}
	}
}

func FuzzParseCallback(f *testing.F) {
	for _, s := range []string{"code=a&state=b", "code=a&code=b", "error=x&error_description=a+b", "%63ode=1&code=2", "code=%zz", "=&&=", "iss=;state"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		p, err := parseCallback(query)
		if err != nil {
			return
		}
		var rebuilt bytes.Buffer
		for _, name := range []string{"code", "state", "error", "error_description", "iss"} {
			if v, ok := p[name]; ok {
				fmt.Fprintf(&rebuilt, "&%s=%s", name, url.QueryEscape(v))
			}
		}
		if len(rebuilt.Bytes()) > maxQuery {
			return
		}
		again, err := parseCallback(rebuilt.String())
		if err != nil || len(again) != len(p) {
			t.Fatalf("%q: %v and %v", query, p, again)
		}
	})
}

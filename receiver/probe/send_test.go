package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func testNotification(t *testing.T) Notification {
	t.Helper()
	n, err := Plan{Now: today}.Notification()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func parse(t *testing.T, raw string) Target {
	t.Helper()
	target, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// receiver is a server that answers in some way, and counts.
func receiver(t *testing.T, answer http.HandlerFunc) (address string, hits *atomic.Int32) {
	t.Helper()
	hits = &atomic.Int32{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, hits
}

// send sends a test notification and expects an outcome.
func send(t *testing.T, address string, want Outcome, says string) Result {
	t.Helper()
	res, err := Send(t.Context(), Request{Target: parse(t, address), Notification: testNotification(t), AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	if res.Outcome != want || !strings.Contains(res.Why, says) {
		t.Errorf("%s (%s), want %s (%s)", res.Outcome, res.Why, want, says)
	}
	if (want == Acknowledged) != (res.Hint() == "") {
		t.Errorf("%s: hint %q", want, res.Hint())
	}
	return res
}

func TestRequestIsSalesforces(t *testing.T) {
	var method, body, path string
	var header http.Header
	address, hits := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		method, header, body, path = r.Method, r.Header, string(data), r.URL.String()
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write([]byte(ack("true")))
	})
	n := testNotification(t)
	res, err := Send(t.Context(), Request{Target: parse(t, address+"/sf?key=s3cret#part"), Notification: n, AllowPrivate: true})
	if err != nil || !res.Acknowledged() || len(res.Notes) > 0 {
		t.Fatalf("%v %+v", err, res)
	}
	if method != "POST" || path != "/sf?key=s3cret" || hits.Load() != 1 || body != string(n.Envelope()) {
		t.Errorf("%d times %s %s with\n%s", hits.Load(), method, path, body)
	}
	for name, want := range map[string]string{"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": `""`, "User-Agent": Agent, "Content-Length": fmt.Sprint(len(body))} {
		if got := strings.Join(header[http.CanonicalHeaderKey(name)], "|"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for _, none := range []string{"Authorization", "Cookie", "Accept-Encoding", "Expect"} {
		if header.Get(none) != "" {
			t.Errorf("%s: %s is sent", none, header.Get(none))
		}
	}
}

// answering is a receiver that answers with a status, a content type and a body.
func answering(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestAnswers(t *testing.T) {
	const kind = "text/xml; charset=utf-8"
	fault := envelope("<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>SessionId is null</faultstring></soapenv:Fault>")
	for _, c := range []struct {
		status     int
		kind, body string
		want       Outcome
		says, note string
	}{
		{200, kind, ack("true"), Acknowledged, "true", ""},
		{200, "text/html", ack("true"), Acknowledged, "true", `"text/html"`},
		{200, kind, ack("false"), Declined, "false", ""},
		{500, kind, fault, Faulted, "SessionId is null", ""},
		{200, kind, fault, Faulted, "soapenv:Server", ""},
		{500, "text/plain", "Internal error", HTTPError, "HTTP 500", ""},
		{500, kind, ack("true"), HTTPError, "HTTP 500", "says true"},
		{202, kind, ack("true"), HTTPError, "HTTP 202", "says true"},
		{204, kind, "", HTTPError, "HTTP 204", ""},
		{401, kind, fault, HTTPError, "HTTP 401", ""},
		{404, "text/html", "<html><title> Not \n here</title>", HTTPError, "HTTP 404", `"Not here"`},
		{304, kind, "", HTTPError, "HTTP 304", ""},
		{200, "text/html", "<!doctype html><title>Log in</title>", WebPage, "web page", ""},
		{200, kind, "", Empty, "empty", ""},
		{200, "text/plain", "OK", NoAck, "no XML", ""},
		{200, kind, strings.ReplaceAll(ack("true"), soap11, soap12), NoAck, "SOAP 1.2", ""},
		{200, kind, strings.Repeat(" ", maxBody) + ack("true"), TooLarge, "1 MB", ""},
	} {
		address, hits := receiver(t, answering(c.status, c.kind, c.body))
		res := send(t, address, c.want, c.says)
		if notes := strings.Join(res.Notes, "\n"); !strings.Contains(notes, c.note) || c.note == "" && notes != "" {
			t.Errorf("%d %.40s: notes %q, want %q", c.status, c.body, notes, c.note)
		}
		if hits.Load() != 1 || res.Status != c.status {
			t.Errorf("%d requests, status %d", hits.Load(), res.Status)
		}
	}
}

func TestRedirectIsReportedAndNotFollowed(t *testing.T) {
	elsewhere, strangers := receiver(t, answering(200, "text/xml", ack("true")))
	for _, code := range []int{301, 302, 303, 307, 308} {
		address, hits := receiver(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere+"/new?token=s3cret", code)
		})
		res := send(t, address, Redirected, elsewhere+"/new?token=***")
		if hits.Load() != 1 || strings.Contains(res.Why+res.Location, "s3cret") {
			t.Errorf("%d requests, %q", hits.Load(), res.Why)
		}
	}
	if strangers.Load() > 0 {
		t.Errorf("%d messages followed", strangers.Load())
	}
}

// tcp is a server that does something else than HTTP.
func tcp(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				serve(conn)
			}()
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	return "http://" + l.Addr().String()
}

// endless writes a text again and again.
func endless(w io.Writer, text string) {
	for {
		if _, err := io.WriteString(w, text); err != nil {
			return
		}
	}
}

func TestBrokenReceivers(t *testing.T) {
	send(t, tcp(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n")
		endless(c, "X-A: "+strings.Repeat("a", 1000)+"\r\n")
	}), TooLarge, "head")
	send(t, tcp(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		endless(c, ack("true"))
	}), TooLarge, "beyond 1 MB")
	send(t, tcp(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 9000))
		_, _ = io.WriteString(c, "220 mail.example ESMTP\r\n")
	}), Broken, "does not speak HTTP as it is written")
	send(t, tcp(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 9000)) }), Broken, "was")
	send(t, tcp(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 9000))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"+ack("true"))
	}), Broken, "cut")
	address := tcp(t, func(net.Conn) {})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	_ = l.Close()
	send(t, "http://"+closed, ConnectionRefused, "refused")
	send(t, strings.Replace(address, "http:", "https:", 1), TLSFailed, "encryption")
	nameServer(t, nil)
	send(t, "http://nobody.example/", NameNotFound, "not known")
}

// What comes packed is not unpacked: the answer's true size would be anybody's guess.
func TestPackedAnswerIsNone(t *testing.T) {
	address, _ := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write([]byte(ack("true")))
	})
	send(t, address, NoAck, "gzip")
}

// hanging is a receiver that says what it likes first and then nothing more.
func hanging(t *testing.T, first string) (address string, reached chan struct{}) {
	reached = make(chan struct{}, 1)
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	return tcp(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 9000))
		_, _ = io.WriteString(c, first)
		reached <- struct{}{}
		<-done
	}), reached
}

func TestAnswerThatNeverEndsIsATimeout(t *testing.T) {
	for first, during := range map[string]string{
		"":                                      "waiting for the answer",
		"HTTP/1.1 200 OK\r\n\r\n" + ack("true"): "reading the answer",
	} {
		address, _ := hanging(t, first)
		res, err := Send(t.Context(), Request{Target: parse(t, address), Notification: testNotification(t), AllowPrivate: true, Limit: 50 * time.Millisecond})
		if err != nil || res.Outcome != Timeout || !strings.Contains(res.Why, during) {
			t.Errorf("%v %s %s, want it %s", err, res.Outcome, res.Why, during)
		}
	}
}

func TestCancelEndsItAtOnce(t *testing.T) {
	address, reached := hanging(t, "HTTP/1.1 200 OK\r\n\r\n")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-reached
		cancel()
	}()
	if _, err := Send(ctx, Request{Target: parse(t, address), Notification: testNotification(t), AllowPrivate: true}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestPrivateAddressesAreRefusedUnlessAllowed(t *testing.T) {
	address, hits := receiver(t, answering(200, "text/xml", ack("true")))
	for _, target := range []string{address, strings.Replace(address, "127.0.0.1", "localhost", 1), strings.Replace(address, "127.0.0.1", "[::ffff:127.0.0.1]", 1), "http://169.254.169.254/latest/meta-data/", "http://10.1.2.3/", "http://[fe80::1]/"} {
		_, err := Send(t.Context(), Request{Target: parse(t, target), Notification: testNotification(t)})
		if _, ok := errors.AsType[*PrivateError](err); !ok {
			t.Errorf("%s: %v", target, err)
		}
	}
	if hits.Load() > 0 {
		t.Errorf("%d messages were sent", hits.Load())
	}
}

// No proxy comes between the check of the address and the address.
func TestNoProxyIsUsed(t *testing.T) {
	proxy, strangers := receiver(t, answering(200, "text/xml", ack("false")))
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY"} {
		t.Setenv(name, proxy)
	}
	address, hits := receiver(t, answering(200, "text/xml", ack("true")))
	// A proxy is never asked for the name localhost, so another one stands for it.
	nameServer(t, []string{"127.0.0.1"})
	send(t, strings.Replace(address, "127.0.0.1", "hooks.example", 1), Acknowledged, "")
	if hits.Load() != 1 || strangers.Load() > 0 {
		t.Errorf("%d messages went straight, %d to the proxy", hits.Load(), strangers.Load())
	}
}

func TestEchoedSecretsAreHidden(t *testing.T) {
	address, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		w.WriteHeader(500)
		_, _ = io.WriteString(w, envelope("<soapenv:Fault><faultcode>x</faultcode><faultstring>bad "+strings.ReplaceAll(r.URL.String(), "&", "&amp;")+" "+password+" "+r.URL.Query().Get("key")+"</faultstring></soapenv:Fault>"))
	})
	res := send(t, strings.Replace(address, "http://", "http://ada:hunter2@", 1)+"/?key=s3%2Bcret&u=1", Faulted, "***")
	for _, secret := range []string{"hunter2", "s3%2Bcret", "s3+cret"} {
		if strings.Contains(fmt.Sprint(res.Why, res.Fault, res.Notes, res.Target), secret) {
			t.Errorf("%q is in %s", secret, res.Why)
		}
	}
}

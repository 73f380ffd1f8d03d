package demoorg

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// org starts a server for one test.
func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// answer is a response that was read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

func do(t *testing.T, req *http.Request) answer {
	t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func newRequest(t *testing.T, method, address, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// get asks a REST resource with the org's own token.
func get(t *testing.T, s *Server, path string) answer {
	t.Helper()
	req := newRequest(t, http.MethodGet, s.URL()+path, "")
	req.Header.Set("Authorization", "Bearer "+s.Token())
	return do(t, req)
}

func postForm(t *testing.T, address string, form url.Values) answer {
	t.Helper()
	req := newRequest(t, http.MethodPost, address, form.Encode())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(t, req)
}

// decode reads JSON into v and fails on what v has no place for.
func decode(t *testing.T, body string, v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
}

// wantError checks the REST shape: an array with one object of two members.
func wantError(t *testing.T, a answer, status int, code, inMessage string) {
	t.Helper()
	var errs []restError
	decode(t, a.body, &errs)
	if a.status != status || len(errs) != 1 || errs[0].Code != code || !strings.Contains(errs[0].Message, inMessage) {
		t.Errorf("got %d %s, want %d %s %q", a.status, a.body, status, code, inMessage)
	}
}

func TestBothLoopbackFamiliesAnswer(t *testing.T) {
	s := start(t, Options{})
	if !strings.HasPrefix(s.URL(), "http://localhost:") {
		t.Errorf("URL = %s", s.URL())
	}
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.URL(), "http://"))
	hosts := []string{"127.0.0.1"}
	if l, err := net.Listen("tcp", "[::1]:0"); err == nil {
		_ = l.Close()
		hosts = append(hosts, "::1")
	}
	for _, host := range hosts {
		if a := do(t, newRequest(t, "GET", "http://"+net.JoinHostPort(host, port)+"/services/data/", "")); a.status != 200 {
			t.Errorf("%s answers %d", host, a.status)
		}
	}
}

func TestPortThatIsTakenIsAnError(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0"} {
		squatter, err := net.Listen("tcp", addr)
		if err != nil {
			t.Logf("no %s here: %v", addr, err)
			continue
		}
		_, port, _ := net.SplitHostPort(squatter.Addr().String())
		if s, err := Start(t.Context(), Options{Addr: "127.0.0.1:" + port}); err == nil {
			_ = s.Close()
			t.Errorf("started on a port of which %s belongs to somebody else", addr)
		}
		_ = squatter.Close()
	}
}

func TestCloseAndContextFreeThePort(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	for _, stop := range []func(*Server){func(s *Server) { _ = s.Close() }, func(*Server) { cancel() }} {
		s, err := Start(ctx, Options{})
		if err != nil {
			t.Fatal(err)
		}
		addr := strings.TrimPrefix(s.URL(), "http://")
		stop(s)
		deadline := time.Now().Add(10 * time.Second)
		for {
			l, err := net.Listen("tcp", "127.0.0.1"+addr[strings.LastIndexByte(addr, ':'):])
			if err == nil {
				_ = l.Close()
				break
			}
			if time.Now().After(deadline) {
				t.Fatal(err)
			}
		}
	}
}

func TestLatencyDelaysEveryAnswerAndEndsWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{o: Options{Latency: 120 * time.Millisecond}}
		served := false
		h := s.slow(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served = true }))

		began := time.Now()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		if took := time.Since(began); took != s.o.Latency || !served {
			t.Errorf("answered %v after %v", served, took)
		}
		served = false
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		began = time.Now()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil).WithContext(ctx))
		if took := time.Since(began); took != 50*time.Millisecond || served {
			t.Errorf("a cancelled request was held for %v, answered %v", took, served)
		}
	})
}

func TestLimitsOnWhatIsRead(t *testing.T) {
	s := start(t, Options{})
	if a := get(t, s, "/services/data/v66.0/query?q="+strings.Repeat("x", 16_400)); a.status != http.StatusRequestURITooLong {
		t.Errorf("long address: %d", a.status)
	}
	a := soapCall(t, s, "66.0", "<m:listMetadata>"+strings.Repeat(" ", maxBody)+"</m:listMetadata>")
	if a.status != 500 || !strings.Contains(a.body, "<faultcode>soapenv:Client</faultcode>") {
		t.Errorf("huge body: %d %.200s", a.status, a.body)
	}
}

func TestBackupComesOverHTTPWithItsDate(t *testing.T) {
	s := start(t, Options{})
	b, err := s.Backup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b.Name != "northwind-crm.zip" || !b.AsOf.Equal(backupDate) {
		t.Errorf("got %s as of %v", b.Name, b.AsOf)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Zip), int64(len(b.Zip)))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range z.File {
		names[f.Name] = true
		if got := f.Modified.UTC().Format(time.DateOnly); got != "2026-01-17" {
			t.Errorf("%s is of %s", f.Name, got)
		}
	}
	const base = "northwind-crm/force-app/main/default/"
	for _, want := range []string{
		"northwind-crm/sfdx-project.json",
		base + "workflows/Account.workflow-meta.xml", base + "workflows/Asset.workflow-meta.xml",
		base + "flows/Opportunity_Won_Create_Order.flow-meta.xml",
		base + "approvalProcesses/Quote.Discount_Approval.approvalProcess-meta.xml",
		base + "entitlementProcesses/premium support.entitlementProcess-meta.xml",
	} {
		if !names[want] {
			t.Errorf("no %s", want)
		}
	}
	for _, never := range []string{"workflows/Lead.workflow-meta.xml", "workflows/Contract.workflow-meta.xml", "flows/Renewal_Due_Notice.flow-meta.xml"} {
		if names[base+never] {
			t.Errorf("%s is in the backup", never)
		}
	}
}

func TestSetupLinksOpenAPageThatSaysWhereItLeads(t *testing.T) {
	s := start(t, Options{})
	a := get(t, s, "/lightning/setup/WorkflowOutboundMessaging/home")
	if a.status != 200 || !strings.Contains(a.body, "/lightning/setup/WorkflowOutboundMessaging/home") || !strings.Contains(a.body, "demonstration") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := get(t, s, "/elsewhere"); a.status != 404 {
		t.Errorf("/elsewhere answers %d", a.status)
	}
}

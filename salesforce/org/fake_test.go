package org

import (
	"compress/gzip"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/signin"
)

const (
	testOrg   = "00D5g000001AbCdEAK"
	testUser  = "0055g00000AbCdEAAV"
	testToken = "00D5g000001AbCd!AQ<canary&>"
)

// fakeOrg answers the calls of a scan in the documented shape. A hook may take
// over: it returns true when it has answered.
type fakeOrg struct {
	*httptest.Server
	names    []string
	versions string
	token    atomic.Value
	hook     func(w http.ResponseWriter, r *http.Request, body string) bool
	packing  packing

	mu    sync.Mutex
	seen  []string // what was asked, in order
	under int      // calls under way
	most  int
}

func newFakeOrg(t *testing.T, n int) *fakeOrg {
	t.Helper()
	f := &fakeOrg{versions: `[{"label":"Winter '11","url":"/services/data/v20.0","version":"20.0"},{"label":"Spring '27","url":"/services/data/v69.0","version":"69.0"}]`}
	for i := range n {
		f.names = append(f.names, fmt.Sprintf("Account.Message_%04d", i))
	}
	f.token.Store(testToken)
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fakeOrg) signedIn() signin.Token {
	return signin.Token{Access: testToken, Refresh: "r", InstanceURL: f.URL, OrgID: testOrg, UserID: testUser}
}

func (f *fakeOrg) client(o Options) *Client { return New(f.signedIn(), o) }

func (f *fakeOrg) asked(part string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, s := range f.seen {
		if strings.Contains(s, part) {
			n++
		}
	}
	return n
}

func (f *fakeOrg) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	body := string(data)
	f.mu.Lock()
	f.seen = append(f.seen, r.Method+" "+r.RequestURI+" "+body)
	f.under++
	f.most = max(f.most, f.under)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.under--
		f.mu.Unlock()
	}()
	if f.hook != nil && f.hook(w, r, body) {
		return
	}
	switch {
	case r.URL.Path == "/services/data/":
		fmt.Fprint(w, f.versions)
	case strings.HasPrefix(r.URL.Path, "/services/Soap/m/"):
		f.soap(w, r, body)
	default:
		f.rest(w, r)
	}
}

func (f *fakeOrg) soap(w http.ResponseWriter, r *http.Request, body string) {
	var e struct {
		Session string   `xml:"Header>SessionHeader>sessionId"`
		Names   []string `xml:"Body>readMetadata>fullNames"`
		List    *string  `xml:"Body>listMetadata>queries>type"`
	}
	if err := xml.Unmarshal([]byte(body), &e); err != nil || r.Header["Soapaction"] == nil || r.Header.Get("SOAPAction") != `""` {
		fault(w, "CLIENT", "bad request")
		return
	}
	if e.Session != f.token.Load() {
		fault(w, "INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader")
		return
	}
	if e.List != nil && *e.List != messageType {
		fmt.Fprint(w, envelopeOf("<listMetadataResponse/>"))
		return
	}
	if e.List != nil {
		fmt.Fprint(w, envelopeOf(listAnswer(f.names...)))
		return
	}
	if f.packing.answer(w, body, f.names) {
		return
	}
	if len(e.Names) > 10 {
		fault(w, "LIMIT_EXCEEDED", "more than 10")
		return
	}
	fmt.Fprint(w, envelopeOf(readAnswer(e.Names...)))
}

func (f *fakeOrg) rest(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Sforce-Limit-Info", "per-app-api-usage=1/2(appName=x); api-usage=10018/100000")
	if r.Header.Get("Authorization") != "Bearer "+f.token.Load().(string) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`)
		return
	}
	q := r.URL.Query().Get("q")
	switch {
	case r.URL.Path == "/services/oauth2/userinfo":
		fmt.Fprintf(w, `{"sub":"x","user_id":%q,"organization_id":%q,"preferred_username":"ann@acme.example","name":"Ann Admin"}`, testUser, testOrg)
	case strings.Contains(q, "FROM Organization"):
		fmt.Fprint(w, `{"totalSize":1,"done":true,"records":[{"attributes":{"type":"Organization"},"Name":"Acme"}]}`)
	case strings.Contains(q, "FROM User"):
		fmt.Fprint(w, `{"totalSize":1,"done":true,"records":[{"Username":"ann@acme.example","Name":"Ann Admin"}]}`)
	case strings.Contains(q, "FROM WorkflowOutboundMessage"), strings.Contains(q, "FROM SetupAuditTrail"), strings.Contains(q, "FROM InstalledSubscriberPackage"), strings.Contains(q, "FROM FlowDefinition"):
		fmt.Fprint(w, `{"size":0,"totalSize":0,"done":true,"records":[]}`)
	case strings.HasSuffix(r.URL.Path, "/v66.0/composite"), strings.HasSuffix(r.URL.Path, "/v58.0/composite"):
		fmt.Fprintf(w, `{"compositeResponse":[%s,%s]}`,
			part("users", fmt.Sprintf(`{"totalSize":1,"done":true,"records":[{"Id":%q,"Username":"ann@acme.example","Name":"Ann Admin","IsActive":true}]}`, testUser)),
			part("sends", `{"totalSize":0,"done":true,"records":[]}`))
	default:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `[{"message":"The requested resource does not exist","errorCode":"NOT_FOUND"}]`)
	}
}

// part is the answer to one of the reads of a composite request.
func part(ref, body string) string {
	return fmt.Sprintf(`{"body":%s,"httpHeaders":{},"httpStatusCode":200,"referenceId":%q}`, body, ref)
}

func envelopeOf(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>` + body + `</soapenv:Body></soapenv:Envelope>`
}

func listAnswer(names ...string) string {
	var b strings.Builder
	b.WriteString("<listMetadataResponse>")
	for i, n := range names {
		object, _, _ := strings.Cut(n, ".")
		fmt.Fprintf(&b, "<result><createdById>%s</createdById><createdByName>Ann</createdByName><createdDate>2021-05-04T08:00:00.000Z</createdDate><fileName>workflows/%s.workflow</fileName><fullName>%s</fullName><id>04k5g%010d</id><lastModifiedById>%s</lastModifiedById><lastModifiedByName>Ann</lastModifiedByName><lastModifiedDate>2025-11-02T09:12:44.000Z</lastModifiedDate><manageableState>unmanaged</manageableState><type>WorkflowOutboundMessage</type></result>", testUser, object, n, i, testUser)
	}
	b.WriteString("</listMetadataResponse>")
	return b.String()
}

func readAnswer(names ...string) string {
	var b strings.Builder
	b.WriteString("<readMetadataResponse><result>")
	for _, n := range names {
		b.WriteString(record(n, "60.0"))
	}
	b.WriteString("</result></readMetadataResponse>")
	return b.String()
}

func record(name, version string) string {
	return fmt.Sprintf(`<records xsi:type="WorkflowOutboundMessage"><fullName>%s</fullName><apiVersion>%s</apiVersion><endpointUrl>https://hooks.example.com/sf?a=1&amp;b=2</endpointUrl><fields>Id</fields><fields>Name</fields><includeSessionId>false</includeSessionId><integrationUser>ann@acme.example</integrationUser><name>Label</name><protected>false</protected><useDeadLetterQueue>false</useDeadLetterQueue></records>`, name, version)
}

func fault(w http.ResponseWriter, code, text string) {
	w.Header().Set("Content-Type", "text/xml;charset=UTF-8")
	w.WriteHeader(http.StatusInternalServerError)
	fmt.Fprint(w, envelopeOf(fmt.Sprintf("<soapenv:Fault><faultcode>sf:%s</faultcode><faultstring>%s: %s</faultstring></soapenv:Fault>", code, code, text)))
}

func restError(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `[{"message":"the org's words","errorCode":%q}]`, code)
}

// unnoticed are the problems that are no notices.
func unnoticed(found salesforce.Findings) (hiding []salesforce.Problem) {
	for _, p := range found.Problems {
		if !p.Notice {
			hiding = append(hiding, p)
		}
	}
	return hiding
}

// reads makes a hook of what answers readMetadata only.
func reads(answer func(w http.ResponseWriter, body string) bool) func(http.ResponseWriter, *http.Request, string) bool {
	return func(w http.ResponseWriter, _ *http.Request, body string) bool {
		return strings.Contains(body, "readMetadata") && answer(w, body)
	}
}

func gzipped(w http.ResponseWriter, body string, cut int) {
	var b strings.Builder
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, body)
	_ = z.Close()
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Type", "text/xml")
	_, _ = io.WriteString(w, b.String()[:b.Len()-cut])
}

// transport plays the network without one, so that a test's clock can be
// synctest's.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func respond(status int, header http.Header, body io.Reader) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(body)}
}

func fixed() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }

//go:build unix

package cli

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sidestep/app"
)

const (
	apiOrgID   = "00D5g000001AbCdEAK"
	apiOrgHost = "https://acme.my.salesforce.com"
	apiOrgUser = "ann@acme.example"
	apiCanary  = "00D5g000001AbCd!canary"
)

// apiOrg is an org at acme.my.salesforce.com, which only its own proxy leads to
// and whose certificate only its own authority vouches for. hook may take over an
// answer: it returns true when it has answered.
type apiOrg struct {
	*httptest.Server
	proxy *fakeProxy
	ca    string // a file
	names []string
	hook  func(w http.ResponseWriter, r *http.Request, body string) bool

	mu      sync.Mutex
	token   string
	refresh int
	seen    []string
	under   int
	most    int
}

func startAPIOrg(t *testing.T, n int) *apiOrg {
	t.Helper()
	f := &apiOrg{token: apiCanary}
	for i := range n {
		f.names = append(f.names, fmt.Sprintf("Account.Message_%04d", i))
	}
	f.Server = httptest.NewUnstartedServer(f)
	f.Config.ErrorLog = quiet()
	authority := newAuthority(t)
	f.TLS = serving(authority.leaf(t, "*.my.salesforce.com", time.Hour))
	f.StartTLS()
	t.Cleanup(f.Close)
	f.ca = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(f.ca, authority.pem(), 0o600); err != nil {
		t.Fatal(err)
	}
	f.proxy = startProxy(t, f.Listener.Addr().String())
	return f
}

// signIns are the kept sign-ins of a home.
func signIns(home string) app.SecretFiles {
	return app.SecretFiles{Dir: filepath.Join(home, "sign-ins")}
}

const apiSignIn = apiOrgID + " " + apiOrgUser

// keep writes the sign-in of somebody who signed in before, and said yes to files.
func (f *apiOrg) keep(t *testing.T, home string) {
	t.Helper()
	known, err := json.Marshal(map[string]any{"schema": 1, "store": app.InFile, "orgs": []app.KnownOrg{{
		Alias: "acme", OrgID: apiOrgID, Name: "Acme", Username: apiOrgUser, Instance: apiOrgHost, Host: apiOrgHost, ClientID: "x", Kept: true, KeptIn: app.InFile,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "orgs.json"), known, 0o600); err != nil {
		t.Fatal(err)
	}
	secret, err := json.Marshal(map[string]string{
		"access": apiCanary, "refresh": "refresh-canary", "instance": apiOrgHost, "identity": "https://login.salesforce.com/id/" + apiOrgID + "/0055g00000AbCdEAAV",
		"orgId": apiOrgID, "userId": "0055g00000AbCdEAAV", "host": apiOrgHost, "clientId": "x",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := signIns(home).Set(apiSignIn, string(secret)); err != nil {
		t.Fatal(err)
	}
}

// asked counts the requests that hold all parts.
func (f *apiOrg) asked(parts ...string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
next:
	for _, s := range f.seen {
		for _, p := range parts {
			if !strings.Contains(s, p) {
				continue next
			}
		}
		n++
	}
	return n
}

func (f *apiOrg) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	body := string(data)
	f.mu.Lock()
	f.seen = append(f.seen, r.Method+" "+r.Host+r.RequestURI+" "+body)
	f.under++
	f.most = max(f.most, f.under)
	token := f.token
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.under--
		f.mu.Unlock()
	}()
	if f.hook != nil && f.hook(w, r, body) {
		return
	}
	fresh := strings.Contains(body, token) || strings.Contains(r.Header.Get("Authorization"), token)
	switch path := r.URL.Path; {
	case path == "/services/oauth2/token":
		f.renew(w, apiOrgHost)
	case path == "/services/data/":
		fmt.Fprint(w, `[{"version":"20.0"},{"version":"69.0"}]`)
	case strings.HasPrefix(path, "/services/Soap/") && !fresh:
		soapFault(w, "INVALID_SESSION_ID")
	case !fresh:
		restRefusal(w, http.StatusUnauthorized, "INVALID_SESSION_ID")
	case path == "/services/oauth2/userinfo":
		fmt.Fprintf(w, `{"organization_id":%q,"user_id":"0055g00000AbCdEAAV","preferred_username":%q,"name":"Ann"}`, apiOrgID, apiOrgUser)
	case strings.HasPrefix(path, "/services/Soap/"):
		f.soap(w, body)
	case strings.Contains(path, "/tooling/query"):
		fmt.Fprint(w, rowsOf(len(f.names), 0, len(f.names), ""))
	case strings.HasSuffix(path, "/tooling/composite"):
		f.composite(w, body)
	case strings.HasSuffix(path, "/limits"):
		w.Header().Set("Sforce-Limit-Info", "api-usage=99990/100000")
		fmt.Fprint(w, `{}`)
	default:
		restRefusal(w, http.StatusNotFound, "NOT_FOUND")
	}
}

// renew answers a refresh with a new token.
func (f *apiOrg) renew(w http.ResponseWriter, instance string) {
	f.mu.Lock()
	f.refresh++
	f.token = fmt.Sprintf("%s-%d", apiCanary, f.refresh)
	token := f.token
	f.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"access_token":%q,"instance_url":%q,"id":"https://login.salesforce.com/id/%s/0055g00000AbCdEAAV","token_type":"Bearer","issued_at":"1795421234567"}`, token, instance, apiOrgID)
}

// expire makes the org forget every token that it gave.
func (f *apiOrg) expire() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.token = "none"
}

func (f *apiOrg) soap(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/xml;charset=UTF-8")
	var b strings.Builder
	switch {
	case strings.Contains(body, "<met:listMetadata>"):
		b.WriteString("<listMetadataResponse>")
		for i, name := range f.names {
			fmt.Fprintf(&b, "<result><fileName>workflows/Account.workflow</fileName><fullName>%s</fullName><id>%s</id><manageableState>unmanaged</manageableState><type>WorkflowOutboundMessage</type></result>", name, messageID(i))
		}
		b.WriteString("</listMetadataResponse>")
	case strings.Contains(body, "<met:readMetadata>"):
		b.WriteString("<readMetadataResponse><result>")
		for _, name := range f.names {
			if strings.Contains(body, ">"+name+"<") {
				b.WriteString(`<records xsi:type="WorkflowOutboundMessage">` + fieldsOf(name) + "</records>")
			}
		}
		b.WriteString("</result></readMetadataResponse>")
	case strings.Contains(body, "<met:retrieve>"):
		b.WriteString("<retrieveResponse><result><done>false</done><id>09S5g000000AbCd</id><state>Queued</state></result></retrieveResponse>")
	case strings.Contains(body, "<met:checkRetrieveStatus>"):
		b.WriteString(checked("Succeeded", packed(f.names)))
	}
	fmt.Fprint(w, soapEnvelope(b.String()))
}

func checked(status string, file []byte) string {
	return "<checkRetrieveStatusResponse><result><done>true</done><id>09S5g000000AbCd</id><status>" + status + "</status><success>true</success><zipFile>" +
		base64.StdEncoding.EncodeToString(file) + "</zipFile></result></checkRetrieveStatusResponse>"
}

// packed is the zip of a retrieve.
func packed(names []string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	file, err := z.Create("unpackaged/workflows/Account.workflow")
	if err != nil {
		panic(err)
	}
	fmt.Fprint(file, `<Workflow xmlns="http://soap.sforce.com/2006/04/metadata">`)
	for _, name := range names {
		fmt.Fprint(file, "<outboundMessages>"+fieldsOf(strings.TrimPrefix(name, "Account."))+"</outboundMessages>")
	}
	fmt.Fprint(file, "</Workflow>")
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func fieldsOf(name string) string {
	return "<fullName>" + name + "</fullName><apiVersion>60.0</apiVersion><endpointUrl>https://hooks.example.com/sf</endpointUrl><fields>Id</fields><includeSessionId>false</includeSessionId><integrationUser>ann@acme.example</integrationUser><name>Label</name><protected>false</protected>"
}

func messageID(i int) string { return fmt.Sprintf("04k5g%010dAAA", i) }

func rowsOf(total, from, to int, next string) string {
	var rows []string
	for i := from; i < to; i++ {
		rows = append(rows, fmt.Sprintf(`{"Id":%q,"Name":"Label","ManageableState":"unmanaged"}`, messageID(i)))
	}
	return fmt.Sprintf(`{"totalSize":%d,"done":%v,"nextRecordsUrl":%q,"records":[%s]}`, total, next == "", next, strings.Join(rows, ","))
}

func (f *apiOrg) composite(w http.ResponseWriter, body string) {
	var parts []string
	for i, name := range f.names {
		if id := messageID(i); strings.Contains(body, id) {
			parts = append(parts, fmt.Sprintf(`{"body":{"FullName":%q,"Metadata":{"apiVersion":60.0,"endpointUrl":"https://hooks.example.com/sf","includeSessionId":false,"name":"Label"}},"httpStatusCode":200,"referenceId":%q}`, name, "m"+id))
		}
	}
	fmt.Fprint(w, `{"compositeResponse":[`+strings.Join(parts, ",")+`]}`)
}

func soapEnvelope(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>` + body + `</soapenv:Body></soapenv:Envelope>`
}

func soapFault(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "text/xml;charset=UTF-8")
	w.WriteHeader(http.StatusInternalServerError)
	fmt.Fprint(w, soapEnvelope("<soapenv:Fault><faultcode>sf:"+code+"</faultcode><faultstring>"+code+": the org's words</faultstring></soapenv:Fault>"))
}

func restRefusal(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `[{"message":"the org's words","errorCode":%q}]`, code)
}

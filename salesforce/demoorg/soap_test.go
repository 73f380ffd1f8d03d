package demoorg

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"sidestep/salesforce/metadata"
	"sidestep/salesforce/wsdltest"
)

// soapBody wraps a call, whose prefix is m, with a token.
func soapBody(token, call string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://soap.sforce.com/2006/04/metadata">` +
		`<soapenv:Header><m:SessionHeader><m:sessionId>` + token + `</m:sessionId></m:SessionHeader></soapenv:Header><soapenv:Body>` + call + `</soapenv:Body></soapenv:Envelope>`
}

func soapRequest(t *testing.T, s *Server, apiVersion, body string) *http.Request {
	req := newRequest(t, "POST", s.URL()+"/services/Soap/m/"+apiVersion, body)
	req.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	req.Header["SOAPAction"] = []string{`""`}
	return req
}

func soapCall(t *testing.T, s *Server, apiVersion, call string) answer {
	t.Helper()
	return do(t, soapRequest(t, s, apiVersion, soapBody(s.Token(), call)))
}

// unmarshal reads a successful answer.
func unmarshal(t *testing.T, a answer, v any) {
	t.Helper()
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if err := xml.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
}

// listed is what listMetadata says about some types.
func listed(t *testing.T, s *Server, types ...string) []fileProperties {
	t.Helper()
	call := "<m:listMetadata>"
	for _, typ := range types {
		call += "<m:queries><m:type>" + typ + "</m:type></m:queries>"
	}
	var e struct {
		Result []fileProperties `xml:"Body>listMetadataResponse>result"`
	}
	unmarshal(t, soapCall(t, s, "66.0", call+"<m:asOfVersion>66.0</m:asOfVersion></m:listMetadata>"), &e)
	return e.Result
}

func readCall(typ string, names ...string) string {
	call := "<m:readMetadata><m:type>" + typ + "</m:type>"
	for _, n := range names {
		call += "<m:fullNames>" + n + "</m:fullNames>"
	}
	return call + "</m:readMetadata>"
}

func readMessages(t *testing.T, s *Server, names ...string) []metadata.OutboundMessage {
	t.Helper()
	var e struct {
		Records []metadata.OutboundMessage `xml:"Body>readMetadataResponse>result>records"`
	}
	unmarshal(t, soapCall(t, s, "66.0", readCall("WorkflowOutboundMessage", names...)), &e)
	return e.Records
}

func TestListTellsTypesApartAndNamesPackages(t *testing.T) {
	s := start(t, Options{})
	types := map[string]int{}
	for _, p := range listed(t, s, "WorkflowOutboundMessage", "Flow", "EntitlementProcess") {
		types[p.Type]++
		packaged := strings.Contains(p.FullName, "swft__Return")
		if packaged != (p.NamespacePrefix == "swft") || packaged != (p.ManageableState == "installed") {
			t.Errorf("%s: namespace %q, %s", p.FullName, p.NamespacePrefix, p.ManageableState)
		}
		if p.FullName == "Opportunity.Renewal_Due" && p.CreatedDate != "2026-05-12T09:24:44.000Z" {
			t.Errorf("created %s", p.CreatedDate)
		}
	}
	if types["WorkflowOutboundMessage"] != 18 || types["Flow"] != 5 || types["EntitlementProcess"] != 1 {
		t.Errorf("listed %v", types)
	}
	for _, p := range listed(t, s, "Workflow", "ApprovalProcess") {
		types[p.Type]++
	}
	if types["Workflow"] != 12 || types["ApprovalProcess"] != 1 {
		t.Errorf("listed %v", types)
	}
}

func TestEmptyListLooksLikeTheRecordedOne(t *testing.T) {
	s := start(t, Options{})
	a := soapCall(t, s, "66.0", "<m:listMetadata><m:queries><m:type>WorkflowAlert</m:type></m:queries></m:listMetadata>")
	if !strings.Contains(a.body, "<listMetadataResponse></listMetadataResponse>") {
		t.Error(a.body)
	}
}

func TestReadKeepsTheOrderAndAnswersUnknownNamesWithNothing(t *testing.T) {
	s := start(t, Options{})
	records := readMessages(t, s, "Quote.Quote_Approved", "Account.No_such", "case.SWFT__return_label")
	if len(records) != 3 || records[0].FullName != "Quote.Quote_Approved" || records[1].FullName != "" || records[2].FullName != "Case.swft__Return_Label" {
		t.Fatalf("got %+v", records)
	}
	if r := records[0]; r.EndpointURL != urlQuotes || r.APIVersion != 50 || len(r.Fields) != 3 || r.Name != "Quote approved" || r.IntegrationUser != "integration@northwind.example" {
		t.Errorf("got %+v", r)
	}
}

func TestReadServesEveryTypeThatFires(t *testing.T) {
	s := start(t, Options{})
	for typ, name := range map[string]string{
		"WorkflowRule": "Invoice__c.Invoice issued", "Flow": "Opportunity_Won_Create_Order", "ApprovalProcess": "Quote.Discount_Approval",
		"EntitlementProcess": "premium support", "Workflow": "Order",
	} {
		a := soapCall(t, s, "66.0", readCall(typ, name))
		if want := fmt.Sprintf(`<records xsi:type="%s"><fullName>%s</fullName>`, typ, name); a.status != 200 || !strings.Contains(a.body, want) {
			t.Errorf("%s: no %s in %d %s", typ, want, a.status, a.body)
		}
	}
}

func TestSOAPRefusals(t *testing.T) {
	s := start(t, Options{})
	four := strings.Repeat("<m:queries><m:type>Flow</m:type></m:queries>", 4)
	eleven := readCall("Flow", strings.Split("a b c d e f g h i j k", " ")...)
	list := "<m:listMetadata><m:queries><m:type>Flow</m:type></m:queries></m:listMetadata>"
	jwt := "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"
	for name, c := range map[string]struct{ version, body, code string }{
		"four queries":        {"66.0", soapBody(s.Token(), "<m:listMetadata>"+four+"</m:listMetadata>"), "sf:LIMIT_EXCEEDED"},
		"eleven names":        {"66.0", soapBody(s.Token(), eleven), "sf:EXCEEDED_ID_LIMIT"},
		"unknown type":        {"66.0", soapBody(s.Token(), readCall("Nonsense", "a")), "sf:INVALID_TYPE"},
		"unknown type listed": {"66.0", soapBody(s.Token(), "<m:listMetadata><m:queries><m:type>X</m:type></m:queries></m:listMetadata>"), "sf:INVALID_TYPE"},
		"wrong token":         {"66.0", soapBody(OrgID[:15]+"!AQwrong", list), "sf:INVALID_SESSION_ID"},
		"JWT":                 {"66.0", soapBody(jwt, list), "sf:INVALID_SESSION_ID"},
		"no token":            {"66.0", soapBody("", list), "sf:INVALID_SESSION_ID"},
		"retired version":     {"30.0", soapBody(s.Token(), list), "sf:UNSUPPORTED_API_VERSION"},
		"future version":      {"99.0", soapBody(s.Token(), list), "sf:UNSUPPORTED_API_VERSION"},
		"other org":           {"66.0/00Dxx0000001gPF", soapBody(s.Token(), list), "sf:UNSUPPORTED_API_VERSION"},
		"unknown call":        {"66.0", soapBody(s.Token(), "<m:deploy/>"), "soapenv:Client"},
		"empty body":          {"66.0", soapBody(s.Token(), ""), "soapenv:Client"},
		"broken XML":          {"66.0", "<soapenv:Envelope", "soapenv:Client"},
		"not SOAP":            {"66.0", "<html/>", "soapenv:Client"},
		"no such job":         {"66.0", soapBody(s.Token(), "<m:checkRetrieveStatus><m:asyncProcessId>09S5g0000000000</m:asyncProcessId></m:checkRetrieveStatus>"), "sf:INVALID_CROSS_REFERENCE_KEY"},
	} {
		wantFault(t, name, do(t, soapRequest(t, s, c.version, c.body)), c.code)
	}
	bare := soapRequest(t, s, "66.0", soapBody(s.Token(), list))
	delete(bare.Header, "SOAPAction")
	wantFault(t, "no SOAPAction", do(t, bare), "soapenv:Client")
	if a := get(t, s, "/services/Soap/m/66.0"); a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", a.status)
	}
	for _, path := range []string{"66.0", "31.0", "67.0", "66.0/" + OrgID, "66.0/" + OrgID[:15]} {
		if a := soapCall(t, s, path, list); a.status != 200 {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func wantFault(t *testing.T, name string, a answer, code string) {
	t.Helper()
	var e struct {
		Code   string `xml:"Body>Fault>faultcode"`
		String string `xml:"Body>Fault>faultstring"`
	}
	if err := xml.Unmarshal([]byte(a.body), &e); err != nil {
		t.Errorf("%s: %v in %s", name, err, a.body)
	}
	salesforces, ours := strings.CutPrefix(code, "sf:")
	if a.status != 500 || e.Code != code || e.String == "" || ours && !strings.HasPrefix(e.String, salesforces+": ") {
		t.Errorf("%s: got %d %s %q, want %s", name, a.status, e.Code, e.String, code)
	}
}

// retrieved polls a job to its end and gives back the last answer.
func retrieved(t *testing.T, s *Server, types string) (answer, retrieveResult) {
	t.Helper()
	var e struct {
		Async  asyncResult    `xml:"Body>retrieveResponse>result"`
		Result retrieveResult `xml:"Body>checkRetrieveStatusResponse>result"`
	}
	call := "<m:retrieve><m:retrieveRequest><m:apiVersion>66.0</m:apiVersion><m:singlePackage>true</m:singlePackage><m:unpackaged>" + types + "<m:version>66.0</m:version></m:unpackaged></m:retrieveRequest></m:retrieve>"
	unmarshal(t, soapCall(t, s, "66.0", call), &e)
	if e.Async.Done || e.Async.State != "Queued" || !strings.HasPrefix(e.Async.ID, "09S") {
		t.Fatalf("got %+v", e.Async)
	}
	for polls := 1; ; polls++ {
		a := soapCall(t, s, "66.0", "<m:checkRetrieveStatus><m:asyncProcessId>"+e.Async.ID+"</m:asyncProcessId><m:includeZip>true</m:includeZip></m:checkRetrieveStatus>")
		unmarshal(t, a, &e)
		if e.Result.Done {
			if polls < 2 {
				t.Error("done at the first poll")
			}
			return a, e.Result
		}
		if e.Result.Status != "InProgress" || polls > 5 {
			t.Fatalf("poll %d: %+v", polls, e.Result)
		}
	}
}

func members(typ string, names ...string) string {
	s := "<m:types>"
	for _, n := range names {
		s += "<m:members>" + n + "</m:members>"
	}
	return s + "<m:name>" + typ + "</m:name></m:types>"
}

func unzip(t *testing.T, base64Zip string) map[string]string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(base64Zip)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(body)
	}
	return files
}

func TestRetrieveServesTheLiveStateOnce(t *testing.T) {
	s := start(t, Options{})
	_, r := retrieved(t, s, members("Workflow", "*")+members("ApprovalProcess", "*")+members("Flow", "*")+members("EntitlementProcess", "*"))
	files := unzip(t, r.ZipFile)
	if len(files) != 12+1+5+1+1 || len(r.FileProperties) != len(files) || len(r.Messages) != 0 || !r.Success {
		t.Errorf("%d files, %d properties, messages %v", len(files), len(r.FileProperties), r.Messages)
	}
	if f := files["unpackaged/workflows/Account.workflow"]; !strings.Contains(f, "<includeSessionId>false</includeSessionId>") || !strings.Contains(f, "<rules>") {
		t.Errorf("Account.workflow: %s", f)
	}
	if f := files["unpackaged/package.xml"]; !strings.Contains(f, "<name>Workflow</name>") {
		t.Errorf("package.xml: %s", f)
	}
	for name, f := range files {
		if strings.Contains(f, "<includeSessionId>true") {
			t.Errorf("%s still says true", name)
		}
	}
	a := soapCall(t, s, "66.0", "<m:checkRetrieveStatus><m:asyncProcessId>"+r.ID+"</m:asyncProcessId></m:checkRetrieveStatus>")
	wantFault(t, "fetched twice", a, "sf:INVALID_LOCATOR")
}

func TestRetrieveOfMembersGivesThemAndNamesWhatIsMissing(t *testing.T) {
	s := start(t, Options{})
	_, r := retrieved(t, s, members("WorkflowOutboundMessage", "Quote.Quote_Approved", "Quote.Nothing")+members("Workflow", "Lead")+members("Gadget", "x"))
	files := unzip(t, r.ZipFile)
	if len(files) != 3 || strings.Contains(files["unpackaged/workflows/Quote.workflow"], "Quote_Rejected") || !strings.Contains(files["unpackaged/workflows/Lead.workflow"], "<rules>") {
		t.Errorf("got %v", files)
	}
	if len(r.Messages) != 2 || !strings.Contains(r.Messages[0].Problem, "'Quote.Nothing'") && !strings.Contains(r.Messages[0].Problem, "'quote.nothing'") || !strings.Contains(r.Messages[1].Problem, "'Gadget'") {
		t.Errorf("messages: %+v", r.Messages)
	}
}

// TestRetrieveAsJsforceAsksForIt keeps to what that client sends: a parameter
// named request, polls with checkStatus, then one checkRetrieveStatus.
func TestRetrieveAsJsforceAsksForIt(t *testing.T) {
	s := start(t, Options{})
	var e struct {
		Async  asyncResult    `xml:"Body>retrieveResponse>result"`
		Status asyncResult    `xml:"Body>checkStatusResponse>result"`
		Result retrieveResult `xml:"Body>checkRetrieveStatusResponse>result"`
	}
	unmarshal(t, soapCall(t, s, "66.0", "<m:retrieve><m:request><m:unpackaged>"+members("Workflow", "Lead")+"</m:unpackaged></m:request></m:retrieve>"), &e)
	id := "<m:asyncProcessId>" + e.Async.ID + "</m:asyncProcessId>"
	for _, want := range []string{"InProgress", "Completed", "Completed"} {
		unmarshal(t, soapCall(t, s, "66.0", "<m:checkStatus>"+id+"</m:checkStatus>"), &e)
		if e.Status.State != want || e.Status.Done != (want == "Completed") {
			t.Errorf("got %+v, want %s", e.Status, want)
		}
	}
	unmarshal(t, soapCall(t, s, "66.0", "<m:checkRetrieveStatus>"+id+"</m:checkRetrieveStatus>"), &e)
	if files := unzip(t, e.Result.ZipFile); len(files) != 2 || files["unpackaged/workflows/Lead.workflow"] == "" {
		t.Errorf("got %v", files)
	}
	wantFault(t, "nothing asked for", soapCall(t, s, "66.0", "<m:retrieve/>"), "sf:INVALID_CROSS_REFERENCE_KEY")
}

// TestAnswersFitTheWSDL lets xmllint judge every kind of answer.
func TestAnswersFitTheWSDL(t *testing.T) {
	answers := map[string][]byte{}
	keep := func(a answer) {
		t.Helper()
		body, err := wsdltest.Body([]byte(a.body))
		if a.status != 200 || err != nil {
			t.Fatalf("%d %s, %v", a.status, a.body, err)
		}
		answers[fmt.Sprintf("%02d", len(answers))] = body
	}
	s := start(t, Options{})
	keep(soapCall(t, s, "66.0", "<m:describeMetadata><m:asOfVersion>66.0</m:asOfVersion></m:describeMetadata>"))
	for _, typ := range []string{"WorkflowOutboundMessage", "WorkflowRule", "Workflow", "Flow", "ApprovalProcess", "EntitlementProcess"} {
		names := []string{"Nobody.Knows"}
		for _, p := range listed(t, s, typ) {
			names = append(names, p.FullName)
		}
		for len(names) > 0 {
			batch := names[:min(10, len(names))]
			names = names[len(batch):]
			keep(soapCall(t, s, "66.0", readCall(typ, batch...)))
		}
	}
	for _, types := range []string{"WorkflowTask", "WorkflowOutboundMessage</m:type></m:queries><m:queries><m:type>Workflow</m:type></m:queries><m:queries><m:type>Flow"} {
		keep(soapCall(t, s, "66.0", "<m:listMetadata><m:queries><m:type>"+types+"</m:type></m:queries></m:listMetadata>"))
	}
	call := "<m:retrieve><m:retrieveRequest><m:apiVersion>66.0</m:apiVersion><m:singlePackage>true</m:singlePackage><m:unpackaged>" + members("Workflow", "*") + "<m:version>66.0</m:version></m:unpackaged></m:retrieveRequest></m:retrieve>"
	keep(soapCall(t, s, "66.0", call))
	keep(soapCall(t, s, "66.0", "<m:checkRetrieveStatus><m:asyncProcessId>"+newID("09S", 301)+"</m:asyncProcessId></m:checkRetrieveStatus>"))
	keep(soapCall(t, s, "66.0", "<m:checkStatus><m:asyncProcessId>"+newID("09S", 301)+"</m:asyncProcessId></m:checkStatus>"))
	done, _ := retrieved(t, s, members("Workflow", "*", "Nobody"))
	keep(done)

	large := start(t, Options{Messages: 60})
	for _, typ := range []string{"WorkflowOutboundMessage", "WorkflowRule", "Flow"} {
		keep(soapCall(t, large, "66.0", readCall(typ, listed(t, large, typ)[0].FullName)))
	}
	for name, words := range wsdltest.Fit(t, answers) {
		t.Errorf("%s\n%s", answers[name], words)
	}
}

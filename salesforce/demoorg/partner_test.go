package demoorg

import (
	"encoding/xml"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func partnerRequest(t *testing.T, s *Server, apiVersion, token, call string) *http.Request {
	t.Helper()
	body := `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com" xmlns:o="urn:sobject.partner.soap.sforce.com">` +
		`<soapenv:Header><p:SessionHeader><p:sessionId>` + token + `</p:sessionId></p:SessionHeader></soapenv:Header><soapenv:Body>` + call + `</soapenv:Body></soapenv:Envelope>`
	req := newRequest(t, "POST", s.URL()+"/services/Soap/u/"+apiVersion+"/"+OrgID[:15], body)
	req.Header.Set("Content-Type", "text/xml; charset=UTF-8")
	req.Header["SOAPAction"] = []string{`""`}
	return req
}

// hub is a token of the receiver's user.
func hub(t *testing.T, s *Server) string {
	t.Helper()
	return tokensOf(t, postForm(t, tokenURL(s), credentials("client_id", HubKey, "client_secret", HubSecret))).AccessToken
}

func TestReceiversCallBackThroughPartnerURL(t *testing.T) {
	s := start(t, Options{Now: atNoon})
	token := hub(t, s)
	var q struct {
		Result struct {
			Done    bool `xml:"done"`
			Size    int  `xml:"size"`
			Records []struct {
				Type   string   `xml:"type"`
				IDs    []string `xml:"Id"`
				Number string   `xml:"OrderNumber"`
			} `xml:"records"`
		} `xml:"Body>queryResponse>result"`
	}
	unmarshal(t, do(t, partnerRequest(t, s, "47.0", token, "<p:query><p:queryString>SELECT Id, OrderNumber, Description FROM Order ORDER BY Id LIMIT 2</p:queryString></p:query>")), &q)
	if !q.Result.Done || q.Result.Size != 2 || len(q.Result.Records) != 2 || q.Result.Records[0].Type != "Order" || q.Result.Records[0].Number == "" || len(q.Result.Records[0].IDs) != 2 {
		t.Fatalf("got %+v", q.Result)
	}
	id := q.Result.Records[0].IDs[0]
	change := "<p:update><p:sObjects><o:type>Order</o:type><o:Id>" + id[:15] + "</o:Id><o:Description>booked &amp; sent</o:Description></p:sObjects></p:update>"
	if a := do(t, partnerRequest(t, s, "47.0", token, change)); a.status != 200 || !strings.Contains(a.body, "<id>"+id+"</id><success>true</success>") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	r := found(t, ask(t, s, "query", "SELECT Description, LastModifiedById, LastModifiedDate FROM Order WHERE Id = '"+id+"'"))
	if got := r.Records[0]; got["Description"] != "booked & sent" || got["LastModifiedById"] != s.userNamed(HubUser).ID || got["LastModifiedDate"] != timestamp(noon) {
		t.Errorf("got %v", got)
	}
}

func TestPartnerRefusals(t *testing.T) {
	s := start(t, Options{Now: atNoon})
	token := hub(t, s)
	const who, order = "<p:getUserInfo/>", "<p:update><p:sObjects><o:type>%TYPE</o:type><o:Id>%ID</o:Id><o:%FIELD>x</o:%FIELD></p:sObjects></p:update>"
	for name, c := range map[string]struct{ version, token, call, code string }{
		"empty session id":   {"66.0", "", who, "sf:INVALID_SESSION_ID"},
		"wrong session id":   {"66.0", OrgID[:15] + "!AQwrong", who, "sf:INVALID_SESSION_ID"},
		"retired version":    {"30.0", token, who, "sf:UNSUPPORTED_API_VERSION"},
		"login":              {"64.0", "", "<p:login><p:username>a</p:username></p:login>", "sf:INVALID_OPERATION"},
		"login of a new API": {"66.0", "", "<p:login><p:username>a</p:username></p:login>", "soapenv:Client"},
		"unknown call":       {"66.0", token, "<p:undelete/>", "soapenv:Client"},
		"bad query":          {"66.0", token, "<p:query><p:queryString>SELECT</p:queryString></p:query>", "sf:MALFORMED_QUERY"},
		"unseen object":      {"66.0", token, "<p:query><p:queryString>SELECT Id FROM Invoice__c</p:queryString></p:query>", "sf:INVALID_TYPE"},
		"unknown field":      {"66.0", token, "<p:query><p:queryString>SELECT Nothing FROM Order</p:queryString></p:query>", "sf:INVALID_FIELD"},
	} {
		wantFault(t, name, do(t, partnerRequest(t, s, c.version, c.token, c.call)), c.code)
	}
	orderID := s.objects["order"].rows()[0].(*businessRecord).id
	caseID := s.objects["case"].rows()[0].(*businessRecord).id
	wonID := s.objects["opportunity"].rows()[0].(*businessRecord).id
	for name, c := range map[string]struct{ typ, id, field, code string }{
		"read only object": {"Case", caseID, "Description", "INSUFFICIENT_ACCESS_OR_READONLY"},
		"unseen object":    {"Invoice__c", "a015g0000000001AAA", "Description", "INVALID_TYPE"},
		"unknown record":   {"Order", "8015g0000000001AAA", "Description", "INVALID_CROSS_REFERENCE_KEY"},
		"counted field":    {"Order", orderID, "OrderNumber", "INVALID_FIELD_FOR_INSERT_UPDATE"},
		"read only field":  {"Opportunity", wonID, "Amount", "INVALID_FIELD_FOR_INSERT_UPDATE"},
		"unknown field":    {"Order", orderID, "Nothing", "INVALID_FIELD"},
	} {
		call := strings.NewReplacer("%TYPE", c.typ, "%ID", c.id, "%FIELD", c.field).Replace(order)
		if a := do(t, partnerRequest(t, s, "66.0", token, call)); a.status != 200 || !strings.Contains(a.body, "<statusCode>"+c.code+"</statusCode>") || !strings.Contains(a.body, "<success>false</success>") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

// TestFaultsHaveTheDetailOfThePartnerWSDL compares with the shapes that the
// documented excerpt declares.
func TestFaultsHaveTheDetailOfThePartnerWSDL(t *testing.T) {
	wsdl, err := os.ReadFile("../../../shared/reference/wsdl/partner-v66-faults-excerpt.xsd")
	if err != nil {
		t.Skipf("not checked against the WSDL: %v", err)
	}
	s := start(t, Options{})
	for _, call := range []string{"<p:getUserInfo/>", "<p:query><p:queryString>SELECT Id FROM Gadget</p:queryString></p:query>"} {
		token := ""
		if strings.Contains(call, "query") {
			token = s.Token()
		}
		var e struct {
			Detail struct {
				Fault struct {
					XMLName xml.Name
					Code    string `xml:"exceptionCode"`
					Message string `xml:"exceptionMessage"`
				} `xml:",any"`
			} `xml:"Body>Fault>detail"`
		}
		a := do(t, partnerRequest(t, s, "66.0", token, call))
		if err := xml.Unmarshal([]byte(a.body), &e); err != nil || a.status != 500 {
			t.Fatalf("%d %v %s", a.status, err, a.body)
		}
		f := e.Detail.Fault
		if f.XMLName.Space != partnerFaults || !strings.Contains(string(wsdl), `<complexType name="`+f.XMLName.Local+`"`) || !strings.Contains(string(wsdl), `<enumeration value="`+f.Code+`"`) || f.Message == "" {
			t.Errorf("detail %+v", f)
		}
	}
}

func TestPatchChangesARecord(t *testing.T) {
	s := start(t, Options{Now: atNoon})
	id := s.objects["order"].rows()[0].(*businessRecord).id
	patch := func(token, path, body string) answer {
		req := newRequest(t, "PATCH", s.URL()+"/services/data/v66.0/sobjects/"+path, body)
		req.Header.Set("Authorization", "Bearer "+token)
		return do(t, req)
	}
	token := hub(t, s)
	if a := patch(token, "Order/"+id, `{"Description":"booked"}`); a.status != 204 || a.body != "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if r := found(t, ask(t, s, "query", "SELECT Description FROM Order WHERE Id = '"+id+"'")); r.Records[0]["Description"] != "booked" {
		t.Errorf("got %v", r.Records)
	}
	wantError(t, patch(token, "Order/"+id, `{"OrderNumber":"7"}`), 400, "INVALID_FIELD_FOR_INSERT_UPDATE", "OrderNumber")
	wantError(t, patch(token, "Order/"+id, `{"Description":`), 400, "JSON_PARSER_ERROR", "")
	wantError(t, patch(token, "Invoice__c/a015g0000000001AAA", `{}`), 404, "NOT_FOUND", "")
	wantError(t, patch(token, "User/"+s.admin().ID, `{}`), 405, "METHOD_NOT_ALLOWED", "")
	wantError(t, patch("", "Order/"+id, `{}`), 401, "INVALID_SESSION_ID", "")
}

func TestRecordsChangedSinceTheCutOffCanBeCounted(t *testing.T) {
	s := start(t, Options{Now: atNoon})
	count := func(where string) int {
		return found(t, ask(t, s, "query", "SELECT COUNT() FROM Account"+where)).TotalSize
	}
	all, since := count(""), count(" WHERE LastModifiedDate >= 2026-02-23T00:00:00Z")
	if all != perObject || since != 37 || count(" WHERE LastModifiedDate < 2026-02-23T00:00:00Z") != all-since {
		t.Errorf("%d of %d", since, all)
	}
	if firstChange.AddDate(0, 0, 7*(perObject-since)).Before(time.Date(2026, 2, 23, 0, 0, 0, 0, time.UTC)) {
		t.Error("the count is not that of the records")
	}
}

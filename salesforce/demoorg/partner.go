package demoorg

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The partner API is what receivers call back through: PartnerUrl of a
// notification leads here. The namespaces are those of the partner WSDL.
const (
	partnerRoot      = "/services/Soap/u/"
	partnerNamespace = "urn:partner.soap.sforce.com"
	partnerFaults    = "urn:fault.partner.soap.sforce.com"
	partnerObjects   = "urn:sobject.partner.soap.sforce.com"
)

// partnerEnvelope is a request. Exactly one call is set.
type partnerEnvelope struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Session *struct {
		ID string `xml:"urn:partner.soap.sforce.com sessionId"`
	} `xml:"Header>SessionHeader"`
	Body struct {
		Who    *struct{} `xml:"urn:partner.soap.sforce.com getUserInfo"`
		Query  *string   `xml:"urn:partner.soap.sforce.com query>queryString"`
		Update *struct {
			Objects []partnerObject `xml:"sObjects"`
		} `xml:"urn:partner.soap.sforce.com update"`
		Login *struct{} `xml:"urn:partner.soap.sforce.com login"`
		Other []struct {
			XMLName xml.Name
		} `xml:",any"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

// partnerObject is a record to be changed: its type, its id, which fields become
// empty, and the others with their values.
type partnerObject struct {
	Fields []struct {
		XMLName xml.Name
		Value   string `xml:",chardata"`
	} `xml:",any"`
}

// partner answers the partner API.
func (s *Server) partner(r *http.Request) ([]byte, error) {
	var e partnerEnvelope
	version, body, err := readEnvelope(r, partnerRoot, &e)
	if err != nil {
		return nil, err
	}
	if e.Body.Login != nil {
		return nil, partnerLogin(knownVersion("v" + version))
	}
	g, err := s.partnerSession(e)
	if err != nil {
		return nil, err
	}
	answer, err := s.partnerAnswer(e, g)
	s.noteSOAP(r, g, version, body, err)
	return answer, err
}

// partnerLogin refuses login(), which new orgs have switched off and API 65.0 no
// longer has (knowledge article 005132110).
func partnerLogin(version int) error {
	if version >= 65 {
		return badRequest("No operation available for request {" + partnerNamespace + "}login")
	}
	return &fault{"INVALID_OPERATION", "SOAP API login() is disabled by default in this org."}
}

// partnerSession finds who calls. A notification without a session id leads to an
// empty element, and that to the same refusal as a wrong one.
func (s *Server) partnerSession(e partnerEnvelope) (*grant, error) {
	token := ""
	if e.Session != nil {
		token = strings.TrimSpace(e.Session.ID)
	}
	g := s.soapSession(token)
	switch {
	case g == nil:
		return nil, &fault{"INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader: Illegal Session. Session not found, missing session hash: "}
	case !s.may(g.user, "ApiEnabled"):
		return nil, &fault{"API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner"}
	}
	return g, nil
}

// soapSession is the session of a token that SOAP takes: one with the scope api
// that is not in JWT format. nil is none.
func (s *Server) soapSession(token string) *grant {
	g := s.grants.session(token, s.o.Now())
	if g == nil || g.jwt || !g.allows("api") {
		return nil
	}
	return g
}

func (s *Server) partnerAnswer(e partnerEnvelope, g *grant) ([]byte, error) {
	switch b := e.Body; {
	case b.Who != nil:
		return partnerWrite("getUserInfoResponse", struct {
			Result userInfo `xml:"result"`
		}{s.userInfoOf(g.user)})
	case b.Query != nil:
		return s.partnerQuery(*b.Query, g.user)
	case b.Update != nil:
		return s.partnerUpdate(b.Update.Objects, g.user)
	case len(b.Other) > 0:
		return nil, badRequest(fmt.Sprintf("No operation available for request {%s}%s", b.Other[0].XMLName.Space, b.Other[0].XMLName.Local))
	}
	return nil, badRequest("the SOAP body is empty")
}

// userInfo is GetUserInfoResult, with the elements that receivers read.
type userInfo struct {
	OrganizationID   string `xml:"organizationId"`
	OrganizationName string `xml:"organizationName"`
	ProfileID        string `xml:"profileId"`
	UserEmail        string `xml:"userEmail"`
	UserFullName     string `xml:"userFullName"`
	UserID           string `xml:"userId"`
	UserLanguage     string `xml:"userLanguage"`
	UserLocale       string `xml:"userLocale"`
	UserName         string `xml:"userName"`
	UserTimeZone     string `xml:"userTimeZone"`
	UserType         string `xml:"userType"`
}

func (s *Server) userInfoOf(u *user) userInfo {
	return userInfo{OrgID, OrgName, u.profile().ID, u.Username, u.name(), u.ID, "en_US", "en_US", u.Username, "Europe/Berlin", "Standard"}
}

// maxPartnerRows is the largest batch of query (SOAP guide, "query()"). This org
// answers with one batch.
const maxPartnerRows = 2000

func (s *Server) partnerQuery(statement string, u *user) ([]byte, error) {
	q, err := parseQuery(statement, s.o.Now())
	if err != nil {
		return nil, partnerQueryFault(err, statement)
	}
	res, err := s.objects.run(q, u)
	if err != nil {
		return nil, partnerQueryFault(err, statement)
	}
	if len(res.rows) > maxPartnerRows {
		return nil, &fault{"EXCEEDED_ID_LIMIT", "more than 2000 rows: use LIMIT"}
	}
	var b bytes.Buffer
	partnerOpen(&b)
	fmt.Fprintf(&b, `<queryResponse><result xsi:type="QueryResult"><done>true</done><queryLocator xsi:nil="true"/>`)
	for _, row := range res.rows {
		b.WriteString(`<records xsi:type="sf:sObject">`)
		writeRecord(&b, res.table, res.table.record(row, res.fields, ""), row)
		b.WriteString(`</records>`)
	}
	fmt.Fprintf(&b, `<size>%d</size></result></queryResponse>`, res.total)
	partnerClose(&b)
	return b.Bytes(), nil
}

// writeRecord writes an sObject: the type, the id (empty where it was not
// selected), then the fields in the order of the query.
func writeRecord(b *bytes.Buffer, t *table, rec record, row any) {
	partnerElement(b, "sf:type", t.name)
	key := any(nil)
	for _, m := range rec {
		if m.name == "Id" {
			key = m.value
		}
	}
	partnerElement(b, "sf:Id", key)
	for _, m := range rec {
		switch v := m.value.(type) {
		case record:
			if m.name == "attributes" {
				continue
			}
			of := t.column(m.name)
			fmt.Fprintf(b, `<sf:%s xsi:type="sf:sObject">`, m.name)
			writeRecord(b, of.to, v, of.get(row))
			fmt.Fprintf(b, `</sf:%s>`, m.name)
		default:
			partnerElement(b, "sf:"+m.name, v)
		}
	}
}

func partnerElement(b *bytes.Buffer, name string, v any) {
	if v == nil {
		fmt.Fprintf(b, `<%s xsi:nil="true"/>`, name)
		return
	}
	if at, ok := v.(time.Time); ok {
		v = at.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	fmt.Fprintf(b, "<%s>", name)
	_ = xml.EscapeText(b, fmt.Append(nil, v)) // a buffer takes everything
	fmt.Fprintf(b, "</%s>", name)
}

// partnerQueryFault says what is wrong with a statement.
func partnerQueryFault(err error, statement string) error {
	var q *queryError
	if !errors.As(err, &q) {
		return err
	}
	return &fault{q.code, q.pointed(statement)}
}

// maxPartnerObjects is what update takes at once (SOAP guide, "update()").
const maxPartnerObjects = 200

func (s *Server) partnerUpdate(objects []partnerObject, u *user) ([]byte, error) {
	if len(objects) > maxPartnerObjects {
		return nil, &fault{"EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 200 records in this operation"}
	}
	type problem struct {
		Fields  []string `xml:"fields"`
		Message string   `xml:"message"`
		Code    string   `xml:"statusCode"`
	}
	type saved struct {
		Errors  []problem `xml:"errors"`
		ID      string    `xml:"id,omitempty"`
		Success bool      `xml:"success"`
	}
	var answer struct {
		Results []saved `xml:"result"`
	}
	for _, o := range objects {
		typ, id, values := o.parts()
		if typ == "" {
			return nil, &fault{"INVALID_TYPE", "Must specify type"}
		}
		e := s.update(u, typ, id, values)
		if e == nil {
			answer.Results = append(answer.Results, saved{ID: id18of(id), Success: true})
			continue
		}
		answer.Results = append(answer.Results, saved{Errors: []problem{{e.fields, e.message, e.code}}})
	}
	return partnerWrite("updateResponse", answer)
}

func (o partnerObject) parts() (typ, id string, values map[string]any) {
	values = map[string]any{}
	for _, f := range o.Fields {
		text := strings.TrimSpace(f.Value)
		switch f.XMLName.Local {
		case "type":
			typ = text
		case "Id":
			id = text
		case "fieldsToNull":
			values[text] = nil
		default:
			values[f.XMLName.Local] = f.Value
		}
	}
	return typ, id, values
}

func id18of(id string) string {
	if len(id) == 15 {
		return id18(id)
	}
	return id
}

func partnerOpen(b *bytes.Buffer) {
	b.WriteString(xml.Header)
	b.WriteString(`<soapenv:Envelope xmlns:soapenv="` + soapNamespace + `" xmlns="` + partnerNamespace + `" xmlns:sf="` + partnerObjects + `" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>`)
}

func partnerClose(b *bytes.Buffer) { b.WriteString(`</soapenv:Body></soapenv:Envelope>`) }

func partnerWrite(name string, v any) ([]byte, error) {
	var b bytes.Buffer
	partnerOpen(&b)
	if err := xml.NewEncoder(&b).EncodeElement(v, xml.StartElement{Name: xml.Name{Local: name}}); err != nil {
		return nil, err
	}
	partnerClose(&b)
	return b.Bytes(), nil
}

// faultTypes are the details that some codes have (partner WSDL, ApiFault and its
// subtypes); the others are an UnexpectedErrorFault.
var faultTypes = map[string]string{
	"MALFORMED_QUERY": "MalformedQueryFault", "INVALID_FIELD": "InvalidFieldFault", "INVALID_TYPE": "InvalidSObjectFault",
}

// writePartner answers with a fault that says again in its detail what is wrong.
func (f *fault) writePartner(w http.ResponseWriter) {
	code, text := f.code, f.message
	ours := !strings.Contains(code, ":")
	if ours {
		code, text = "sf:"+f.code, f.code+": "+f.message
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString(`<soapenv:Envelope xmlns:soapenv="` + soapNamespace + `" xmlns:sf="` + partnerFaults + `" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault>`)
	partnerElement(&b, "faultcode", code)
	partnerElement(&b, "faultstring", text)
	if ours {
		kind := faultTypes[f.code]
		if kind == "" {
			kind = "UnexpectedErrorFault"
		}
		fmt.Fprintf(&b, `<detail><sf:%s xsi:type="sf:%s">`, kind, kind)
		partnerElement(&b, "sf:exceptionCode", f.code)
		partnerElement(&b, "sf:exceptionMessage", f.message)
		if kind != "UnexpectedErrorFault" { // an ApiQueryFault; -1 is no certain place
			b.WriteString("<sf:row>-1</sf:row><sf:column>-1</sf:column>")
		}
		fmt.Fprintf(&b, `</sf:%s></detail>`, kind)
	}
	b.WriteString(`</soapenv:Fault></soapenv:Body></soapenv:Envelope>`)
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = b.WriteTo(w)
}

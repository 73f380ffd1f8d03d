package demoorg

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const soapNamespace = "http://schemas.xmlsoap.org/soap/envelope/"

// envelope is a Metadata API request. Exactly one call is set.
type envelope struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Session struct {
		ID string `xml:"http://soap.sforce.com/2006/04/metadata sessionId"`
	} `xml:"Header>SessionHeader"`
	Body struct {
		Describe *struct{}            `xml:"http://soap.sforce.com/2006/04/metadata describeMetadata"`
		List     *listMetadata        `xml:"http://soap.sforce.com/2006/04/metadata listMetadata"`
		Read     *readMetadata        `xml:"http://soap.sforce.com/2006/04/metadata readMetadata"`
		Retrieve *retrieveCall        `xml:"http://soap.sforce.com/2006/04/metadata retrieve"`
		Check    *checkRetrieveStatus `xml:"http://soap.sforce.com/2006/04/metadata checkRetrieveStatus"`
		Status   *checkRetrieveStatus `xml:"http://soap.sforce.com/2006/04/metadata checkStatus"`
		Other    []struct {
			XMLName xml.Name
		} `xml:",any"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

// fault is a SOAP refusal. A code without a prefix is one of Salesforce's.
type fault struct{ code, message string }

func (f *fault) Error() string { return f.code + ": " + f.message }

func badRequest(message string) *fault { return &fault{"soapenv:Client", message} }

// write answers HTTP 500 with a fault that has no detail: the metadata WSDL
// declares none.
func (f *fault) write(w http.ResponseWriter) {
	code, text := f.code, f.message
	if !strings.Contains(code, ":") {
		code, text = "sf:"+f.code, f.code+": "+f.message
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString(`<soapenv:Envelope xmlns:soapenv="` + soapNamespace + `" xmlns:sf="` + metadataNamespace + `"><soapenv:Body><soapenv:Fault><faultcode>`)
	_ = xml.EscapeText(&b, []byte(code))
	b.WriteString(`</faultcode><faultstring>`)
	_ = xml.EscapeText(&b, []byte(text))
	b.WriteString(`</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`)
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = b.WriteTo(w)
}

// soapDoor answers one of the SOAP APIs: call does what is asked, refuse writes
// its kind of fault.
func (s *Server) soapDoor(call func(*http.Request) ([]byte, error), refuse func(*fault, http.ResponseWriter)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.usage.calls.Add(1)
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "HTTP Method "+r.Method+" not supported", http.StatusMethodNotAllowed)
			return
		}
		answer, err := call(r)
		if err != nil {
			var f *fault
			if !errors.As(err, &f) {
				f = &fault{"UNKNOWN_EXCEPTION", err.Error()}
			}
			refuse(f, w)
			return
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = w.Write(answer)
	}
}

// readEnvelope reads the request to the API at root into an envelope. What is
// wrong with the envelope comes before what is wrong with the session, and that
// before the call itself.
func readEnvelope(r *http.Request, root string, envelope any) (version string, body []byte, err error) {
	version, orgID, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, root), "/")
	if knownVersion("v"+version) <= 0 || orgID != "" && !sameID(orgID, OrgID) {
		return "", nil, &fault{"UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL"}
	}
	if _, present := r.Header["Soapaction"]; !present {
		return "", nil, badRequest("SOAPAction HTTP header missing")
	}
	if body, err = io.ReadAll(r.Body); err != nil {
		return "", nil, badRequest("the request is too large or was cut off")
	}
	if err := xml.Unmarshal(body, envelope); err != nil {
		return "", nil, badRequest("the request is no SOAP envelope: " + err.Error())
	}
	return version, body, nil
}

// noteSOAP writes a SOAP call down.
func (s *Server) noteSOAP(r *http.Request, g *grant, version string, body []byte, err error) {
	status := http.StatusOK
	if err != nil {
		status = http.StatusInternalServerError
	}
	s.noteCall(r, g, "SOAP", version, operation(body), status)
}

// soap answers the Metadata API.
func (s *Server) soap(r *http.Request) ([]byte, error) {
	var e envelope
	version, body, err := readEnvelope(r, soapRoot, &e)
	if err != nil {
		return nil, err
	}
	g := s.soapSession(strings.TrimSpace(e.Session.ID))
	if g == nil {
		return nil, &fault{"INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader: Illegal Session"}
	}
	answer, err := s.metadataCall(e, g.user)
	s.noteSOAP(r, g, version, body, err)
	return answer, err
}

// metadataCall answers a user who may use the Metadata API, which takes a right
// to change metadata even for reading ("listMetadata()", "readMetadata()").
func (s *Server) metadataCall(e envelope, u *user) ([]byte, error) {
	switch {
	case !s.may(u, "ApiEnabled"):
		return nil, &fault{"API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner"}
	case !s.may(u, "ModifyMetadata") && !s.may(u, "ModifyAllData"):
		return nil, &fault{"INSUFFICIENT_ACCESS", "use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions"}
	}
	switch b := e.Body; {
	case b.Describe != nil:
		return write("describeMetadataResponse", describe())
	case b.List != nil:
		return s.list(b.List)
	case b.Read != nil:
		return s.read(b.Read)
	case b.Retrieve != nil:
		return s.retrieve(b.Retrieve)
	case b.Check != nil:
		return s.check(b.Check)
	case b.Status != nil:
		return s.checkStatus(b.Status)
	case len(b.Other) > 0:
		return nil, badRequest(fmt.Sprintf("No operation available for request {%s}%s", b.Other[0].XMLName.Space, b.Other[0].XMLName.Local))
	}
	return nil, badRequest("the SOAP body is empty")
}

// write puts an answer into an envelope. The metadata namespace is the default
// one, so that the answer's own elements need no prefix.
func write(name string, v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString(`<soapenv:Envelope xmlns:soapenv="` + soapNamespace + `" xmlns="` + metadataNamespace + `" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>`)
	if err := xml.NewEncoder(&b).EncodeElement(v, xml.StartElement{Name: xml.Name{Local: name}}); err != nil {
		return nil, err
	}
	b.WriteString(`</soapenv:Body></soapenv:Envelope>`)
	return b.Bytes(), nil
}

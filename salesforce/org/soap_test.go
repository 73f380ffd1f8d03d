package org

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"sidestep/salesforce/wsdltest"
)

func TestRequestsAreEscaped(t *testing.T) {
	const token, name = `00D!<&>"'`, `Account.<b>&"`
	var e struct {
		Session string   `xml:"Header>SessionHeader>sessionId"`
		Names   []string `xml:"Body>readMetadata>fullNames"`
	}
	if err := xml.Unmarshal(envelope(token, readBody([]string{name, "B.C"})), &e); err != nil {
		t.Fatal(err)
	}
	if e.Session != token || len(e.Names) != 2 || e.Names[0] != name {
		t.Errorf("got %+v", e)
	}
}

// The bodies that are sent fit the types of the Metadata API's WSDL.
func TestRequestsFitTheWSDL(t *testing.T) {
	bodies := map[string][]byte{}
	for name, body := range map[string]string{"list": listBody("66.0", messageType), "pages": listBody("66.0", "WorkflowRule", "ApprovalProcess", "EntitlementProcess"), "retrieve": retrieveBody("66.0"), "check": checkBody("09S5g000000AbCdEAK"), "read": readBody([]string{"Account.A&B", "Case.acme__C"})} {
		var err error
		if bodies[name], err = wsdltest.Body(envelope("00D!x<&", body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, words := range wsdltest.Fit(t, bodies) {
		t.Errorf("%s: %s", name, words)
	}
}

func TestFaults(t *testing.T) {
	for answer, want := range map[string]Fault{
		`<soapenv:Fault><faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>INVALID_SESSION_ID: Invalid Session ID</faultstring></soapenv:Fault>`: {"INVALID_SESSION_ID", "Invalid Session ID"},
		`<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>Invalid request data</faultstring></soapenv:Fault>`:                          {"Client", "Invalid request data"},
		`<soapenv:Fault><faultcode>X</faultcode></soapenv:Fault>`:                                                                                      {"X", ""},
		`<soapenv:Fault/>`: {"", ""},
	} {
		_, err := decodeList(strings.NewReader(envelopeOf(answer)), messageType)
		var f *Fault
		if !errors.As(err, &f) || *f != want {
			t.Errorf("%s: %+v", answer, err)
		}
	}
}

// TestTheOrgsWordsAreCutBetweenCharacters: in many orgs these are not English.
func TestTheOrgsWordsAreCutBetweenCharacters(t *testing.T) {
	f := &Fault{Code: "INVALID_TYPE", Message: strings.Repeat("項目", 100)}
	if said := f.Error(); !utf8.ValidString(said) || !strings.HasSuffix(said, "項…)") && !strings.HasSuffix(said, "目…)") || len(said) > maxWords+100 {
		t.Errorf("said %q", said)
	}
}

func TestEmptyListInBothShapes(t *testing.T) {
	for _, answer := range []string{"<listMetadataResponse/>", "<listMetadataResponse></listMetadataResponse>"} {
		if got, err := decodeList(strings.NewReader(envelopeOf(answer)), messageType); err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v", answer, got, err)
		}
	}
}

func TestListKeepsOurTypeOnceEach(t *testing.T) {
	answer := strings.ReplaceAll(listAnswer("A.b", "A.B", "C.d", "E.f"), "</listMetadataResponse>",
		"<result><fullName>X.y</fullName><type>ApprovalProcess</type></result><result><type>WorkflowOutboundMessage</type></result></listMetadataResponse>")
	got, err := decodeList(strings.NewReader(envelopeOf(answer)), messageType)
	if err != nil || len(got) != 3 || got[0].FullName != "A.b" || got[2].FullName != "E.f" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"2021-05-04T08:00:00.000Z": "2021-05-04T08:00:00Z", "2021-05-04T08:00:00.000+0000": "2021-05-04T08:00:00Z",
		"2021-05-04T08:00:00+02:00": "2021-05-04T06:00:00Z", "1970-01-01T00:00:00.000Z": "0001-01-01T00:00:00Z", "junk": "0001-01-01T00:00:00Z",
	} {
		if got := date(text).Format("2006-01-02T15:04:05Z07:00"); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// Threat "huge answers": what would fill the memory ends long before the cap.
func TestHostileAnswersEndEarly(t *testing.T) {
	for name, c := range map[string]struct {
		answer io.Reader
		most   int64
	}{
		"attributes": {io.MultiReader(strings.NewReader("<a "), repeat("b='' ")), 2 * maxGap},
		"text":       {io.MultiReader(strings.NewReader("<a>"), repeat("x")), 2 * maxGap},
		"comment":    {io.MultiReader(strings.NewReader("<!--"), repeat("x")), 2 * maxGap},
		"spaces":     {spaces{}, 2 * maxGap},
		"depth":      {io.MultiReader(strings.NewReader(`<Envelope xmlns="`+envelopeSpace+`"><Body><readMetadataResponse>`), repeat("<a>")), 64 << 10},
		"siblings":   {io.MultiReader(strings.NewReader(`<Envelope xmlns="`+envelopeSpace+`">`), repeat("<a/>")), 4 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			body := &capped{r: c.answer, left: 4 << 20}
			_, err := decodeRecords(body)
			if read := 4<<20 - body.left; err == nil || read > c.most {
				t.Errorf("%v after %d bytes", err, read)
			}
		})
	}
}

func repeat(s string) io.Reader { return &repeater{s: s} }

type repeater struct {
	s string
	i int
}

func (r *repeater) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.s[r.i%len(r.s)]
		r.i++
	}
	return len(p), nil
}

func FuzzDecodeAnswer(f *testing.F) {
	for _, body := range []string{
		listAnswer("Account.A", "Case.acme__B"), readAnswer("Account.A", "Case.acme__B"), "<listMetadataResponse/>",
		"<readMetadataResponse><result>" + record("A.b", "sixty") + record("A.c", "1") + "</result></readMetadataResponse>",
		`<readMetadataResponse><result><records xsi:nil="true"/></result></readMetadataResponse>`,
		"<soapenv:Fault><faultcode>sf:X</faultcode><faultstring>X: y</faultstring></soapenv:Fault>",
	} {
		f.Add(envelopeOf(body))
	}
	f.Add("<!DOCTYPE html><html></html>")
	f.Add("")
	f.Fuzz(func(t *testing.T, answer string) {
		if list, err := decodeList(strings.NewReader(answer)); err == nil {
			complete(t, answer)
			for _, c := range list {
				if c.FullName == "" || c.Type != messageType {
					t.Fatalf("an entry without a name: %+v", c)
				}
			}
		}
		if got, err := decodeRecords(strings.NewReader(answer)); err == nil {
			complete(t, answer)
			for _, m := range got.messages {
				if strings.TrimSpace(m.FullName) == "" {
					t.Fatal("a record without a name")
				}
			}
		}
	})
}

// complete fails when an answer that was taken for whole would also be taken
// with its end cut off.
func complete(t *testing.T, answer string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(answer))
	for depth := 0; ; {
		tok, err := d.Token()
		if err != nil {
			t.Fatalf("taken for an answer: %q", answer)
		}
		switch tok.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
			if depth > 0 {
				continue
			}
			cut := answer[:d.InputOffset()-1]
			if _, err := decodeList(strings.NewReader(cut)); err == nil {
				t.Fatalf("taken for a list: %q", cut)
			}
			if _, err := decodeRecords(strings.NewReader(cut)); err == nil {
				t.Fatalf("taken for records: %q", cut)
			}
			return
		}
	}
}

// An answer that declares a document type is refused as soon as it does, whether or
// not anything in it uses an entity.
func TestADocumentTypeIsRefused(t *testing.T) {
	_, err := decodeRecords(strings.NewReader(`<!DOCTYPE a [<!ENTITY b "c">]><Envelope xmlns="` + envelopeSpace + `"><Body><readMetadataResponse><result/></readMetadataResponse></Body></Envelope>`))
	if err == nil || !strings.Contains(err.Error(), "it declares a document type") {
		t.Errorf("the answer gives %v", err)
	}
}

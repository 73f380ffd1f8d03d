package probe

import (
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

const recordedDir = "../../../shared/recorded/aspnet+WebHooks/ResponseBodies/"

// envelope wraps the content of a SOAP 1.1 body.
func envelope(body string) string {
	return `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>` + body + `</soapenv:Body></soapenv:Envelope>`
}

func ack(value string) string {
	return envelope(`<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>` + value + `</Ack></notificationsResponse>`)
}

func utf16le(s string) string {
	b := []byte("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

const prolog = `<?xml version="1.0" encoding="UTF-8"?>`

// acknowledgements are all that count as one, and what they say.
var acknowledgements = map[string]bool{
	ack("true"): true, ack("false"): false, ack("1"): true, ack("0"): false,
	prolog + "\n" + ack("true"):                                 true,
	"\xef\xbb\xbf" + prolog + ack("true"):                       true,
	"\n\n  " + ack("true") + "\r\n ":                            true,
	ack("\n\t true \r\n"):                                       true,
	ack("<!-- yes -->true"):                                     true,
	ack("<![CDATA[true]]>"):                                     true,
	utf16le(ack("true")):                                        true,
	`<?xml version="1.0" encoding="utf-16"?>` + ack("true"):     true, // .NET, in UTF-8
	`<?xml version="1.0" encoding="ISO-8859-1"?>` + ack("true"): true,
	// Prefixes are free, headers may stand before, attributes do not matter.
	`<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header><a xmlns="urn:x"/></S:Header><S:Body><ns2:notificationsResponse xmlns:ns2="http://soap.sforce.com/2005/09/outbound"><ns2:Ack>true</ns2:Ack></ns2:notificationsResponse></S:Body></S:Envelope>`: true,
	`<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound" id="1"><Ack x="y">true</Ack></notificationsResponse></Body></Envelope>`:                                                         true,
}

func TestOnlyTheWSDLsAcknowledgementCounts(t *testing.T) {
	for body, want := range acknowledgements {
		if a := read([]byte(body)); a.ack == nil || *a.ack != want || a.why != "" {
			t.Errorf("%q: %+v, want Ack %v", body, a, want)
		}
	}
}

// noAcknowledgements are answers that look like one, and what is said of them.
var noAcknowledgements = map[string]string{
	"":                               "empty",
	" \n":                            "empty",
	"OK":                             "no XML",
	"true":                           "no XML",
	`{"Ack":true}`:                   "no XML",
	"<Ack>true</Ack>":                "<Ack> in place of a SOAP envelope",
	"<html><body>true":               "web page",
	"<!DOCTYPE html>\n<p>":           "web page",
	prolog + "<html></html>":         "web page",
	"<!-- x --><HTML lang=de>":       "web page",
	ack(""):                          `""`,
	ack("TRUE"):                      `"TRUE"`,
	ack("yes"):                       `"yes"`,
	ack("<b>true</b>"):               "holds elements",
	ack("true</Ack><Ack>true"):       "more than one",
	ack("true") + ack("true"):        "behind its end",
	ack("true") + "x":                "behind its end",
	ack("true")[:len(ack("true"))-4]: "not well-formed",
	envelope(""):                     "holds nothing",
	envelope("true"):                 "holds nothing",
	envelope("<Ack>true</Ack>"):      "in place of <notificationsResponse>",
	envelope(`<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"/>`):                                             "no <Ack>",
	envelope(`<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><ack>true</ack></notificationsResponse>`):       "<ack> in place",
	envelope(`<notificationsResponse><Ack>true</Ack></notificationsResponse>`):                                                       `namespace ""`,
	envelope(`<o:notificationsResponse xmlns:o="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></o:notificationsResponse>`): `<Ack> ("true") is of the namespace ""`,
	envelope(`<notificationsResponse xmlns="http://soap.sforce.com/2005/09/Outbound"><Ack>true</Ack></notificationsResponse>`):       "2005/09/Outbound",
	envelope(`<x/><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>`):   "more than one element",
	strings.ReplaceAll(ack("true"), soap11, soap12):                                                                                  "SOAP 1.2",
	strings.ReplaceAll(ack("true"), soap11, "urn:soap"):                                                                              `"urn:soap"`,
	`<!DOCTYPE a [<!ENTITY t "true">]>` + ack("&t;"):                                                                                 "document type",
	ack("&t;"): "not well-formed",
	`<!DOCTYPE a SYSTEM "file:///etc/passwd">` + ack("true"): "document type",
	ack("\xff"): "not well-formed",
	`<?xml version="1.0" encoding="klingon"?>` + ack("true"): `"klingon"`,
	strings.Repeat("<a>", 100_000):                           "too deeply",
}

func TestWhatIsNearlyAnAcknowledgementIsNone(t *testing.T) {
	for body, says := range noAcknowledgements {
		if a := read([]byte(body)); a.ack != nil || !strings.Contains(a.why, says) {
			t.Errorf("%.120q: %+v, want %q", body, a, says)
		}
	}
}

func TestFaultsAreRead(t *testing.T) {
	for body, want := range map[string]Fault{
		envelope("<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>No\n session</faultstring></soapenv:Fault>"): {"soapenv:Server", "No session"},
		envelope("<soapenv:Fault/>"): {},
		`<e:Envelope xmlns:e="` + soap12 + `"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason><e:Text xml:lang="en">no</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>`: {"e:Sender", "no"},
	} {
		if a := read([]byte(body)); a.fault == nil || *a.fault != want || a.ack != nil {
			t.Errorf("%q: %+v", body, a)
		}
	}
}

// What an ASP.NET package answers to real messages.
func TestRecordedAnswers(t *testing.T) {
	good, err := os.ReadFile(recordedDir + "Salesforce.xml")
	if err != nil {
		t.Skipf("the recorded answers are not there: %v", err)
	}
	if a := read(good); a.ack == nil || !*a.ack {
		t.Errorf("the acknowledgement reads as %+v", a)
	}
	bad, err := os.ReadFile(recordedDir + "FaultResponse.xml")
	if err != nil {
		t.Fatal(err)
	}
	if a := read(bad); a.ack != nil || a.fault == nil || a.fault.Code != "soapenv:Client" {
		t.Errorf("the fault reads as %+v", a)
	}
}

func FuzzRead(f *testing.F) {
	for body := range acknowledgements {
		f.Add([]byte(body))
	}
	for body := range noAcknowledgements {
		f.Add([]byte(body[:min(len(body), 1000)]))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a := read(body)
		if (a.ack == nil) == (a.why == "") {
			t.Errorf("neither or both: %+v", a)
		}
		if a.ack != nil {
			// Nothing without these letters is an acknowledgement, in any encoding.
			text, _, _ := plain(body)
			for _, needed := range []string{"notificationsResponse", "Ack", "Envelope"} {
				if !strings.Contains(string(text), needed) && isASCII(text) {
					t.Errorf("%q is taken for an acknowledgement", body)
				}
			}
		}
		if len(a.why) > 4*maxWord || len(a.title) > 2*maxWord || a.fault != nil && len(a.fault.Code)+len(a.fault.Text) > 3*maxWord {
			t.Errorf("it repeats too much: %d bytes", len(a.why))
		}
	})
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

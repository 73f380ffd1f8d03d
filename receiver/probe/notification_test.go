package probe

import (
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
)

const referenceDir = "../../../shared/reference/"

var today = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// captured is a notification of September 2026, as far as its values go.
type captured struct {
	Body struct {
		N struct {
			OrganizationID string `xml:"OrganizationId"`
			ActionID       string `xml:"ActionId"`
			PartnerURL     string `xml:"PartnerUrl"`
			Notification   []struct {
				ID     string `xml:"Id"`
				Record struct {
					Type   string `xml:"type,attr"`
					Fields []struct {
						XMLName xml.Name
						Value   string `xml:",chardata"`
					} `xml:",any"`
				} `xml:"sObject"`
			}
		} `xml:"notifications"`
	}
}

// Given the values of a captured message, ours is the same, byte for byte.
func TestEnvelopeIsWhatSalesforceSends(t *testing.T) {
	data, err := os.ReadFile(referenceDir + "notification-payloads/captured-2026-09-create-account.xml")
	if err != nil {
		t.Skipf("the captured notifications are not there: %v", err)
	}
	var c captured
	if err := xml.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	m, one := c.Body.N, c.Body.N.Notification[0]
	instance, _, _ := strings.Cut(m.PartnerURL, "/services/")
	values := map[string]string{}
	for _, f := range one.Record.Fields {
		values[f.XMLName.Local] = f.Value
	}
	n := Notification{OrgID: m.OrganizationID, ActionID: m.ActionID, ID: one.ID, Instance: instance, APIVersion: 60, Object: strings.TrimPrefix(one.Record.Type, "sf:")}
	n.RecordID = values["Id"]
	for _, name := range []string{"CreatedDate", "LastModifiedDate"} {
		n.Fields = append(n.Fields, Field{name, values[name]})
	}
	if got, want := string(n.Envelope()), strings.TrimSpace(string(data)); got != want {
		t.Errorf("ours:\n%s\nSalesforce's:\n%s", got, want)
	}
}

func TestPlan(t *testing.T) {
	p := Plan{
		Message: salesforce.Message{Object: "acme__Shipment__c", Fields: []string{"Name", "Id", "acme__Weight__c", "OwnerId", "CreatedDate", "IsDeleted"}, APIVersion: 52, ID: "04k5g000000XyZa"},
		OrgID:   "00D5g000001AbCd", Instance: "https://acme.my.salesforce.com/", Values: map[string]string{"acme__Note__c": `<a> & "b"`}, Now: today,
	}
	n, err := p.Notification()
	if err != nil {
		t.Fatal(err)
	}
	text := string(n.Envelope())
	for _, want := range []string{
		"<OrganizationId>00D5g000001AbCdEAK</OrganizationId>", "<ActionId>04k5g000000XyZaAAK</ActionId>", `<SessionId xsi:nil="true"/>`,
		"<PartnerUrl>https://acme.my.salesforce.com/services/Soap/u/52.0/00D5g000001AbCd</PartnerUrl>",
		`<sObject xsi:type="sf:acme__Shipment__c" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">`,
		"<sf:CreatedDate>2026-11-23T10:00:00.000Z</sf:CreatedDate>\n     <sf:IsDeleted>false</sf:IsDeleted>\n     <sf:Name>Sidestep test</sf:Name>\n     <sf:OwnerId>005Sidestep",
		"<sf:acme__Note__c>&lt;a&gt; &amp; &#34;b&#34;</sf:acme__Note__c>",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Weight") || len(n.Left) != 1 || n.Left[0] != "acme__Weight__c" {
		t.Errorf("a value was made up for a field whose type nobody knows, or %v is not told", n.Left)
	}
	if !strings.HasPrefix(n.ID, "04lSidestep") || !strings.HasPrefix(n.RecordID, "a00Sidestep") || !idForm.MatchString(n.RecordID) {
		t.Errorf("ids %s and %s", n.ID, n.RecordID)
	}

	// Sent again, everything is as it was; a new test has a new id.
	p.ID = n.ID[:15]
	again, err := p.Notification()
	if err != nil || string(again.Envelope()) != text {
		t.Errorf("sent again: %v\n%s", err, again.Envelope())
	}
	seen := map[string]bool{}
	for range 50 {
		fresh, err := Plan{Now: today}.Notification()
		if err != nil || seen[fresh.ID] {
			t.Fatalf("%v, %s twice", err, fresh.ID)
		}
		seen[fresh.ID] = true
	}
}

func TestPlanRefusesWhatIsNoMessage(t *testing.T) {
	for name, p := range map[string]Plan{
		"object":       {Message: salesforce.Message{Object: "Acc<ount"}},
		"field":        {Message: salesforce.Message{Fields: []string{"Na me"}}},
		"org":          {OrgID: "00D5g000001AbCd-AX"},
		"other prefix": {OrgID: "0015g000001AbCd"},
		"action":       {Message: salesforce.Message{ID: "x"}},
		"notification": {ID: "0015g000001AbCd"},
		"value":        {Values: map[string]string{"Name": "a\x00"}},
		"not UTF-8":    {Values: map[string]string{"Name": "a\xff"}},
		"record":       {Values: map[string]string{"Id": "1"}},
	} {
		p.Now = today
		if n, err := p.Notification(); err == nil {
			t.Errorf("%s is taken: %+v", name, n)
		}
	}
}

func TestParseValues(t *testing.T) {
	names, values, err := ParseValues(" Id, Name = ACME ,Amount__c=1=2")
	if err != nil || fmt.Sprint(names) != "[Id Name Amount__c]" || values["Name"] != " ACME" || values["Amount__c"] != "1=2" || len(values) != 2 {
		t.Errorf("%q %q %v", names, values, err)
	}
	for _, bad := range []string{"", "Id,,Name", "a b", "=x"} {
		if _, _, err := ParseValues(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// schemaOf finds the schemas inside a WSDL.
var schemaOf = regexp.MustCompile(`(?s)<schema .*?</schema>`)

// TestEnvelopesFitTheWSDL lets xmllint judge notifications by the types of real
// WSDLs: the order of elements, ids, and a value for each field that has one.
func TestEnvelopesFitTheWSDL(t *testing.T) {
	files, _ := filepath.Glob(referenceDir + "notification-wsdl/*.wsdl")
	if len(files) == 0 {
		t.Skip("the WSDLs of outbound messages are not there")
	}
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skipf("not checked against the WSDL: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { fitsWSDL(t, file) })
	}
}

func fitsWSDL(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for i, schema := range schemaOf.FindAllString(string(data), -1) {
		schema = strings.Replace(schema, "<schema ", `<schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="http://soap.sforce.com/2005/09/outbound" xmlns:ent="urn:enterprise.soap.sforce.com" xmlns:ens="urn:sobject.enterprise.soap.sforce.com" `, 1)
		schema = strings.Replace(schema, `namespace="urn:enterprise.soap.sforce.com"`, `namespace="urn:enterprise.soap.sforce.com" schemaLocation="0.xsd"`, 1)
		schema = strings.Replace(schema, `namespace="urn:sobject.enterprise.soap.sforce.com"`, `namespace="urn:sobject.enterprise.soap.sforce.com" schemaLocation="1.xsd"`, 1)
		write(t, filepath.Join(dir, fmt.Sprintf("%d.xsd", i)), schema)
	}
	object := regexp.MustCompile(`type="tns:(\w+)Notification"`).FindStringSubmatch(string(data))[1]
	// The fields, with a value where the type is not one that we know.
	types := regexp.MustCompile(`<element name="(\w+)" nillable="true" minOccurs="0"\s+type="\w+:(\w+)"`).FindAllStringSubmatch(string(data), -1)
	m := salesforce.Message{Object: object}
	values := map[string]string{}
	for _, f := range types {
		m.Fields = append(m.Fields, f[1])
		if strings.HasSuffix(f[1], "__c") {
			values[f[1]] = map[string]string{"double": "1.5", "date": "2026-01-01", "boolean": "true", "dateTime": "2026-01-01T00:00:00.000Z", "ID": TestOrgID}[f[2]]
		}
	}
	n, err := Plan{Message: m, Values: values, Now: today}.Notification()
	if err != nil {
		t.Fatal(err)
	}
	inner := regexp.MustCompile(`(?s)<notifications .*</notifications>`).FindString(string(n.Envelope()))
	inner = strings.Replace(inner, "<notifications ", `<notifications xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" `, 1)
	write(t, filepath.Join(dir, "n.xml"), inner)
	check := func() (string, error) {
		out, err := exec.Command("xmllint", "--noout", "--schema", filepath.Join(dir, "2.xsd"), filepath.Join(dir, "n.xml")).CombinedOutput()
		return string(out), err
	}
	if out, err := check(); err != nil {
		t.Errorf("%v\n%s\n%s", err, out, inner)
	}
	write(t, filepath.Join(dir, "n.xml"), strings.Replace(inner, "<ActionId>04k", "<ActionId>", 1))
	if _, err := check(); err == nil {
		t.Error("a wrong one fits as well")
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

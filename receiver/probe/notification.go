package probe

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sidestep/regex"
	"sidestep/salesforce"
)

// Notification is what is sent: one notification about one record.
type Notification struct {
	// OrgID and ActionID, the definition of the message, have 18 characters.
	OrgID, ActionID string
	// ID is the notification's own id (prefix 04l). It stays the same when
	// Salesforce sends again, and receivers drop duplicates by it.
	ID string
	// Instance is the org's base URL, without a slash at the end.
	Instance   string
	APIVersion float64
	Object     string
	// RecordID is the id of the record, Fields are its other fields, in the order
	// in which they are sent.
	RecordID string
	Fields   []Field
	// Left names the fields of the message that are left out, as Salesforce leaves
	// out empty ones, because no fitting value is known for them.
	Left []string
}

// Field is one value of the record.
type Field struct{ Name, Value string }

// Plan says what a test notification is to be like. Everything may be left out
// but Now.
type Plan struct {
	// Message gives object, fields, API version and id.
	Message salesforce.Message
	// OrgID and Instance are the org's; made-up ones stand in for them.
	OrgID, Instance string
	// Values are the values of fields, of those that the message does not list too.
	Values map[string]string
	// ID is the notification's id when a test is sent again.
	ID  string
	Now time.Time
}

// What stands in for an org that is not known. The host is one that can never
// exist (RFC 6761): a receiver that takes its token address from the message must
// not be led to anybody.
const (
	testInstance = "https://sidestep-test.my.salesforce.invalid"
	testVersion  = 66.0
	testObject   = "Account"
)

// TestOrgID is the org id that is sent when no other one is known.
var TestOrgID = salesforce.ID18("00D" + "SidestepTest")

// apiName is how objects and fields are called, with the namespace of a package
// before some (Metadata API guide, "CustomField").
var apiName = regex.New(`^[A-Za-z][A-Za-z0-9_]{0,254}$`)

// idForm is the type ID of the WSDL. The check characters are not looked at:
// masked ids have wrong ones, and receivers compare them as they are.
var idForm = regex.New(`^[a-zA-Z0-9]{18}$`)

// Notification makes the test notification. Ids and texts in it say that it is a
// test, and the notification's id says which one.
func (p Plan) Notification() (Notification, error) {
	id := p.ID
	if id == "" {
		id = newID(p.Now)
	}
	n := Notification{
		OrgID: cmp.Or(salesforce.ID18(p.OrgID), TestOrgID), ActionID: cmp.Or(salesforce.ID18(p.Message.ID), salesforce.ID18("04kSidestepTest")),
		ID: salesforce.ID18(id), Instance: strings.TrimRight(cmp.Or(p.Instance, testInstance), "/"),
		APIVersion: cmp.Or(p.Message.APIVersion, testVersion), Object: cmp.Or(p.Message.Object, testObject),
	}
	switch {
	case !apiName.MatchString(n.Object):
		return n, fmt.Errorf("%q is not the API name of an object", n.Object)
	case !idForm.MatchString(n.OrgID) || !strings.HasPrefix(n.OrgID, "00D"):
		return n, fmt.Errorf("%q is not the id of an org: it begins with 00D and has 15 or 18 characters", n.OrgID)
	case !idForm.MatchString(n.ActionID):
		return n, fmt.Errorf("%q is not the id of an outbound message", n.ActionID)
	case !idForm.MatchString(n.ID) || !strings.HasPrefix(n.ID, "04l"):
		return n, fmt.Errorf("%q is not the id of a notification: it begins with 04l and has 15 or 18 characters", n.ID)
	}
	return n, n.fill(p)
}

// fill gives the record its fields, in the order of the WSDL: the id, then the
// others by name.
func (n *Notification) fill(p Plan) error {
	names := slices.Clone(p.Message.Fields)
	for name := range p.Values {
		names = append(names, name)
	}
	slices.Sort(names)
	n.RecordID = cmp.Or(salesforce.ID18(p.Values["Id"]), n.id(prefixOf(n.Object)))
	if !idForm.MatchString(n.RecordID) {
		return fmt.Errorf("%q is not the id of a record", n.RecordID)
	}
	for _, name := range slices.Compact(names) {
		if !apiName.MatchString(name) {
			return fmt.Errorf("%q is not the API name of a field", name)
		}
		value, given := p.Values[name]
		if !given {
			value = n.sample(name, p.Now)
		}
		switch {
		case name == "Id":
		case value == "":
			n.Left = append(n.Left, name)
		case !sendable(value):
			return fmt.Errorf("the value of %s can't be written in XML", name)
		default:
			n.Fields = append(n.Fields, Field{name, value})
		}
	}
	return nil
}

// sendable reports whether XML can carry a text (XML 1.0, "Characters").
func sendable(s string) bool {
	return strings.ToValidUTF8(s, "") == s && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff
	})
}

// Envelope is the body of the request: byte for byte what Salesforce sends now
// for the same values.
func (n Notification) Envelope() []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
`)
	fmt.Fprintf(&b, "   <OrganizationId>%s</OrganizationId>\n   <ActionId>%s</ActionId>\n   <SessionId xsi:nil=\"true\"/>\n", escape(n.OrgID), escape(n.ActionID))
	fmt.Fprintf(&b, "   <EnterpriseUrl>%s</EnterpriseUrl>\n   <PartnerUrl>%s</PartnerUrl>\n", escape(n.soapURL("c")), escape(n.soapURL("u")))
	fmt.Fprintf(&b, "   <Notification>\n    <Id>%s</Id>\n    <sObject xsi:type=\"sf:%s\" xmlns:sf=\"urn:sobject.enterprise.soap.sforce.com\">\n     <sf:Id>%s</sf:Id>\n", escape(n.ID), n.Object, escape(n.RecordID))
	for _, f := range n.Fields {
		fmt.Fprintf(&b, "     <sf:%s>%s</sf:%[1]s>\n", f.Name, escape(f.Value))
	}
	b.WriteString("    </sObject>\n   </Notification>\n  </notifications>\n </soapenv:Body>\n</soapenv:Envelope>")
	return b.Bytes()
}

// soapURL is EnterpriseUrl or PartnerUrl: it carries the message's own version
// and the 15-character org id.
func (n Notification) soapURL(api string) string {
	return fmt.Sprintf("%s/services/Soap/%s/%.1f/%s", n.Instance, api, n.APIVersion, n.OrgID[:min(15, len(n.OrgID))])
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

// Notes says what else there is to know about the notification.
func (n Notification) Notes() []string {
	var notes []string
	if n.OrgID == TestOrgID {
		notes = append(notes, "The org id is made up: a receiver that checks it, as it should, refuses the message.")
	}
	if len(n.Left) > 0 {
		notes = append(notes, "Left empty, because their types are not known here: "+strings.Join(n.Left, ", ")+".")
	}
	return notes
}

// ParseValues reads what a person says about fields, as in "Id, Name, Amount=3":
// the names, and the values that are given.
func ParseValues(text string) (names []string, values map[string]string, err error) {
	values = map[string]string{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, given := strings.Cut(strings.TrimSpace(part), "=")
		name = strings.TrimSpace(name)
		if name == "" {
			return nil, nil, errors.New("a field has no name")
		}
		if !apiName.MatchString(name) {
			return nil, nil, fmt.Errorf("%q is not the API name of a field", name)
		}
		names = append(names, name)
		if given {
			values[name] = value
		}
	}
	return names, values, nil
}

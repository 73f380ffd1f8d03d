package metadata

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"sidestep/salesforce"
)

func read(t *testing.T, path, data string) (File, error) {
	t.Helper()
	d, ok := At(path)
	if !ok {
		t.Fatalf("At(%q) says no", path)
	}
	return d.Read([]byte(data))
}

// mustRead reads a document that has no fault.
func mustRead(t *testing.T, path, data string) File {
	t.Helper()
	f, err := read(t, path, data)
	if err != nil || len(f.Problems) > 0 {
		t.Fatalf("%s: %v, problems %v", path, err, f.Problems)
	}
	return f
}

const account = "workflows/Account.workflow"

const sendOrder = `<outboundMessages>
        <fullName>Send_order</fullName>
        <apiVersion>60.0</apiVersion>
        <description>Sends an order &amp; more</description>
        <endpointUrl>https://hooks.example.com/sf?a=1&amp;b=2</endpointUrl>
        <fields>Id</fields>
        <fields>Name</fields>
        <includeSessionId>true</includeSessionId>
        <integrationUser>integration@acme.example</integrationUser>
        <name>Send order</name>
        <protected>false</protected>
        <useDeadLetterQueue>true</useDeadLetterQueue>
    </outboundMessages>`

func workflow(content string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<Workflow xmlns="http://soap.sforce.com/2006/04/metadata">` + content + `</Workflow>` + "\n"
}

func TestWorkflowMessage(t *testing.T) {
	want := salesforce.Message{
		Object: "Account", FullName: "Send_order", Label: "Send order", EndpointURL: "https://hooks.example.com/sf?a=1&b=2",
		IncludeSessionID: new(true), IntegrationUser: "integration@acme.example", APIVersion: 60,
		Fields: []string{"Id", "Name"}, UseDeadLetterQueue: true, Description: "Sends an order & more",
	}
	plain := workflow(sendOrder)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(plain, "UTF-8", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	bigEndian, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"plain":            plain,
		"byte order mark":  "\ufeff" + plain,
		"CRLF":             strings.ReplaceAll(plain, "\n", "\r\n"),
		"UTF-16":           utf16,
		"UTF-16, no BOM":   bigEndian,
		"no declaration":   plain[strings.Index(plain, "\n"):],
		"claims UTF-16":    strings.Replace(plain, "UTF-8", "UTF-16", 1),
		"comments":         strings.ReplaceAll(plain, "<fields>", "<!-- a <comment> --><fields>"),
		"CDATA":            strings.Replace(plain, "Send order<", "<![CDATA[Send order]]><", 1),
		"unknown elements": strings.Replace(plain, "<fields>", "<urls><a><b/></a></urls><fields>", 1),
		"unknown siblings": workflow("<alerts><fullName>x</fullName></alerts><tasks/>" + sendOrder + "<send/>"),
		"prefix":           strings.NewReplacer("<?", "<?", "</", "</m:", "<", "<m:", "xmlns=", "xmlns:m=").Replace(plain),
		"white space":      strings.NewReplacer(">true<", ">\n true\n<", ">Send_order<", "> Send_order\n<", ">60.0<", "> 60.0 <").Replace(plain),
		"numeric boolean":  strings.NewReplacer(">true<", ">1<", ">false<", ">0<").Replace(plain),
	} {
		t.Run(name, func(t *testing.T) {
			f := mustRead(t, account, data)
			if len(f.Messages) != 1 || !reflect.DeepEqual(f.Messages[0], want) {
				t.Errorf("got %+v", f.Messages)
			}
		})
	}
}

func TestDeclaredEncodings(t *testing.T) {
	text := strings.Replace(workflow(strings.Replace(sendOrder, "Send order", "Bestätigung", 1)), "UTF-8", "ISO-8859-1", 1)
	latin1, err := charmap.ISO8859_1.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	if f := mustRead(t, account, latin1); f.Messages[0].Label != "Bestätigung" {
		t.Errorf("label %q", f.Messages[0].Label)
	}
	for _, unknown := range []string{"klingon", ""} {
		f, err := read(t, account, strings.Replace(text, "ISO-8859-1", unknown, 1))
		if err != nil || len(f.Messages) != 1 || f.Messages[0].Label != "Bestätigung" || len(f.Problems) != 1 || f.Problems[0].Line != 1 || !strings.Contains(f.Problems[0].Msg, "not known") {
			t.Errorf("encoding %q: %v, %+v", unknown, err, f)
		}
	}
}

// One byte in a description that is no UTF-8 must not hide an object's messages.
func TestWindowsBytesInUTF8(t *testing.T) {
	plain := workflow(strings.Replace(sendOrder, "Sends an order", "K\xfcnftig \x96 \x93größer\x94", 1))
	for name, data := range map[string]string{"declared": plain, "byte order mark": "\ufeff" + plain, "no declaration": plain[strings.Index(plain, "\n"):]} {
		f, err := read(t, account, data)
		if err != nil || len(f.Messages) != 1 || f.Messages[0].Description != "Künftig – “größer” & more" {
			t.Fatalf("%s: %v, %+v", name, err, f.Messages)
		}
		if len(f.Problems) != 1 || f.Problems[0].Line != 5 || !strings.Contains(f.Problems[0].Msg, "no UTF-8") {
			t.Errorf("%s: problems %+v", name, f.Problems)
		}
	}
}

func TestMissingElements(t *testing.T) {
	f := mustRead(t, account, workflow(`<outboundMessages><fullName>acme__Bare</fullName></outboundMessages><outboundMessages><fullName>Empty</fullName><apiVersion/><includeSessionId/></outboundMessages>`))
	if len(f.Messages) != 2 {
		t.Fatalf("got %+v", f.Messages)
	}
	for i, name := range []string{"acme__Bare", "Empty"} {
		if !reflect.DeepEqual(f.Messages[i], salesforce.Message{Object: "Account", FullName: name}) {
			t.Errorf("got %+v", f.Messages[i])
		}
	}
	if f := mustRead(t, account, workflow("")); f.Messages != nil || f.Users != nil {
		t.Errorf("an empty workflow holds %+v", f)
	}
}

func TestBadValuesKeepTheMessage(t *testing.T) {
	for _, c := range []struct {
		old, new, problem string
		check             func(salesforce.Message) bool
	}{
		{">60.0<", ">abc<", `apiVersion is "abc"`, func(m salesforce.Message) bool { return m.APIVersion == 0 }},
		{">60.0<", ">NaN<", `apiVersion is "NaN"`, func(m salesforce.Message) bool { return m.APIVersion == 0 }},
		{">60.0<", ">-1<", `apiVersion is "-1"`, func(m salesforce.Message) bool { return m.APIVersion == 0 }},
		{"<includeSessionId>true<", "<includeSessionId>yes<", `includeSessionId is "yes"`, func(m salesforce.Message) bool { return m.IncludeSessionID == nil }},
		{"<protected>false<", "<protected>" + strings.Repeat("x", 1000) + "<", "protected is", func(m salesforce.Message) bool { return !m.Protected }},
		{"<fullName>Send_order</fullName>", "", "has no fullName", func(m salesforce.Message) bool { return m.FullName == "" }},
		{"<name>", "<includeSessionId>false</includeSessionId><name>", "given twice", func(m salesforce.Message) bool { return *m.IncludeSessionID }},
		{"<fields>Id<", "<includeSessionId>false</includeSessionId><fields>Id<", "given twice", func(m salesforce.Message) bool { return *m.IncludeSessionID }},
	} {
		f, err := read(t, account, workflow(strings.Replace(sendOrder, c.old, c.new, 1)+sendOrder))
		if err != nil || len(f.Messages) != 2 || !c.check(f.Messages[0]) || f.Messages[0].EndpointURL == "" {
			t.Errorf("%s: %v, %+v", c.new, err, f.Messages)
			continue
		}
		if len(f.Problems) != 1 || !strings.Contains(f.Problems[0].Msg, c.problem) || f.Problems[0].Line < 2 || len(f.Problems[0].Msg) > 200 {
			t.Errorf("%s: problems %+v", c.new, f.Problems)
		}
	}
}

// entityBomb is the "billion laughs".
const entityBomb = `<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
<Workflow>&c;</Workflow>`

func TestBrokenDocuments(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		line int
		msg  string
	}{
		"empty":               {"", 1, "no XML"},
		"only a comment":      {"<!-- a -->\n", 2, "no XML"},
		"no XML":              {"workflow \"x\" {}", 1, "outside the root"},
		"zeros":               {strings.Repeat("\x00", 64), 1, "not well-formed"},
		"other root":          {"<?xml version=\"1.0\"?>\n<Flow/>", 2, "it holds <Flow>, expected <Workflow>"},
		"cut":                 {workflow(sendOrder)[:400], 9, "unexpected EOF"},
		"comment without end": {workflow("\n<!-- x\n" + sendOrder), 3, "a comment begins here"},
		"CDATA without end":   {workflow("\n<x><![CDATA[ x\n" + sendOrder), 3, "a CDATA section begins here"},
		"wrong end":           {workflow("\n<alerts></alert>"), 3, "closed by"},
		"second root":         {workflow("") + "<Workflow/>", 3, "second root"},
		"text lines behind":   {workflow("") + "\n\n text\n\n", 5, "outside the root"},
		"text behind":         {workflow("") + "<!-- fine --> not fine", 3, "outside the root"},
		"control character":   {workflow("<x>\x1b[2J</x>"), 2, "illegal character"},
		"entity bomb":         {entityBomb, 2, "document type definition"},
		"DTD inside":          {workflow("\n<!ENTITY x 'y'>"), 3, "document type definition"},
		"deep":                {workflow("\n" + strings.Repeat("<a>", 200_000)), 3, "nested more than 100"},
		"deep in a value":     {workflow("<outboundMessages><fullName>" + strings.Repeat("<a>", 200_000)), 2, "nested more than 100"},
		"conflict":            {workflow("\n<alerts/>\n<<<<<<< HEAD\n<alerts/>\n=======\n>>>>>>> x\n"), 4, "merge conflict"},
		"long name":           {"<" + strings.Repeat("W", 100_000) + "/>", 1, "it holds <WWW"},
		"Git LFS":             {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", 1, "git lfs pull"},
		"web page":            {"\n<!DOCTYPE html>\n<html><body>Log in</body></html>", 1, "web page"},
		"old web page":        {"<HTML><HEAD><META x=y></HEAD></HTML>", 1, "web page"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, account, c.data)
			bad, ok := errors.AsType[*SyntaxError](err)
			if !ok || bad.Line != c.line || !strings.Contains(bad.Msg, c.msg) {
				t.Fatalf("got %v, want line %d: …%s…", err, c.line, c.msg)
			}
			if len(bad.Msg) > 200 {
				t.Errorf("the message has %d bytes", len(bad.Msg))
			}
		})
	}
}

// Nothing may stand before the XML declaration, not even an empty line. What has
// it nevertheless hides nothing.
func TestADeclarationThatIsNotAtTheBeginning(t *testing.T) {
	const declaration = `<?xml version="1.0" encoding="UTF-8"?>`
	for before, line := range map[string]int{"\n": 2, " ": 1, "<!-- by hand -->\n\n": 3, declaration + "\n": 2} {
		f, err := read(t, account, before+declaration+"\n<Workflow>"+sendOrder+"</Workflow>")
		if err != nil || len(f.Messages) != 1 || len(f.Problems) != 1 || f.Problems[0].Line != line || !strings.Contains(f.Problems[0].Msg, "at the very beginning") {
			t.Errorf("behind %q: %v, %+v", before, err, f)
		}
	}
	f, err := read(t, account, "<<<<<<< HEAD\n"+declaration+"\n=======\n"+declaration+"\n>>>>>>> x\n<Workflow>"+sendOrder+"</Workflow>")
	if err == nil || len(f.Messages) != 1 || len(f.Problems) > 0 {
		t.Errorf("in a conflict: %v, %+v", err, f)
	}
	mustRead(t, account, "\ufeff"+declaration+"<Workflow/>")
}

func TestADeclarationThatIsNone(t *testing.T) {
	for _, odd := range []string{`<?xml version=“1.0” encoding=“UTF-8”?>`, `<?xml version="1.0' encoding="UTF-8"?>`, `<?xml encoding="UTF-8"?>`, `<?xml version="1.0"encoding="UTF-8"?>`, `<?xmlversion="1.0"?>`, `<?xml version="1.1"?>`} {
		f, err := read(t, account, odd+"\n<Workflow>"+sendOrder+"</Workflow>")
		if err != nil || len(f.Messages) != 1 || len(f.Problems) != 1 || f.Problems[0].Line != 1 || !strings.Contains(f.Problems[0].Msg, "by the rules") {
			t.Errorf("%s: %v, %+v", odd, err, f)
		}
	}
	for _, fine := range []string{`<?xml version='1.0' encoding='utf-8' standalone="no" ?>`, "<?xml\n version = \"1.0\"\tencoding = 'UTF8'?>", `<?xml version="1.0"?>`, `<?php x ?>`, `<?xml-stylesheet href="x"?>`, `<?xml version="1.0" encoding="ISO-8859-1" standalone='yes'?>`} {
		mustRead(t, account, fine+"\n<Workflow>"+sendOrder+"</Workflow>")
	}
}

func TestTextBeforeTheRootHidesNothing(t *testing.T) {
	for _, before := range []string{"\ufeff\ufeff", "x", "x <!-- y --> z "} {
		f, err := read(t, account, before+workflow(sendOrder))
		if bad, ok := err.(*SyntaxError); !ok || bad.Line != 1 || !strings.Contains(bad.Msg, "text outside") || len(f.Messages) != 1 {
			t.Errorf("behind %q: %v, %+v", before, err, f)
		}
	}
}

func TestASecondRootIsReadToo(t *testing.T) {
	f, err := read(t, account, workflow(message("A", "true"))+"<Other><x/></Other>\n"+workflow(message("B", "true")))
	if bad, ok := err.(*SyntaxError); !ok || !strings.Contains(bad.Msg, "second root element <Other>") || keys(f) != "A yes, B yes" {
		t.Errorf("%v, %s", err, keys(f))
	}
}

// What stands completely before a fault is kept, half a message is not.
func TestKeepsWhatStandsBeforeAFault(t *testing.T) {
	cut := strings.Replace(workflow(sendOrder+sendOrder), "Send_order", "First", 1)
	cut = cut[:strings.LastIndex(cut, "<integrationUser>")]
	f, err := read(t, account, cut)
	if err == nil || len(f.Messages) != 1 || f.Messages[0].FullName != "First" {
		t.Errorf("%v, %+v", err, f.Messages)
	}
	// The status of this flow is unknown: it stands behind the fault.
	f, err = read(t, "Send.flow", `<Flow><actionCalls><actionName>Account.Send_order</actionName><actionType>outboundMessage</actionType></actionCalls><x`)
	if err == nil || len(f.Users) != 1 || f.Users[0].Active != nil {
		t.Errorf("%v, %+v", err, f.Users)
	}
}

// A fault in one place of a workflow file does not hide what follows it.
func TestGoesOnBehindAFault(t *testing.T) {
	for name, c := range map[string]struct{ fault, want string }{
		"an open tag":               {"<alerts><fullName>x</alerts>", "A yes, B no"},
		"a broken message":          {"<outboundMessages><fullName>X<</fullName></outboundMessages>", "A yes, B no"},
		"a broken rule":             {"<rules><fullName>x</rules>", "A yes, B no"},
		"a control character":       {"<alerts>\x01</alerts>", "A yes, B no"},
		"dashes in a comment":       {"<!-- -- " + message("Hidden", "true") + "-->", "A yes, B no"},
		"a comment in a comment":    {"<!-- <!-- x --> " + message("Hidden", "true") + " -->", "A yes, B no"},
		"a comment without an end":  {"<!-- -- ", "A yes"},
		"a section without an end":  {"<alerts><![CDATA[", "A yes"},
		"hidden behind a fault":     {"<rules>\x01<!-- " + message("Hidden", "true") + " --><![CDATA[" + message("Hidden", "true") + "]]></rules>", "A yes, B no"},
		"several":                   {"<alerts>\x01</alerts>" + message("C", "true") + "<rules>&</rules>", "A yes, C yes, B no"},
		"a document type":           {"<!DOCTYPE x>", "A yes"},
		"too deep":                  {strings.Repeat("<a>", 200), "A yes"},
		"one with a longer name":    {"<alerts>\x01</alerts><outboundMessagesX>", "A yes, B no"},
		"a broken tag":              {"<outboundMessages &>", "A yes, B no"},
		"half a message":            {"<outboundMessages><fullName>X</fullName><includeSessionId>", "A yes, B no"},
		"the first half of the tag": {"<alerts", "A yes, B no"},
	} {
		t.Run(name, func(t *testing.T) {
			data := workflow("\n" + message("A", "true") + "\n\n" + c.fault + "\n" + message("B", "false"))
			f, err := read(t, account, data)
			if got := keys(f); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if bad, ok := err.(*SyntaxError); !ok || bad.Line < 8 || bad.Line > 17 {
				t.Errorf("said %v", err)
			}
		})
	}
	prefixed := strings.NewReplacer("<?", "<?", "</", "</m:", "<", "<m:", "xmlns=", "xmlns:m=").Replace(workflow(message("A", "true") + "<alerts>\x01</alerts>" + message("B", "false")))
	if f, err := read(t, account, prefixed); err == nil || keys(f) != "A yes, B no" {
		t.Errorf("with a prefix: %s, %v", keys(f), err)
	}
	many := workflow(strings.Repeat("<alerts>\x01</alerts>"+message("A", "true"), 1000))
	if f, err := read(t, account, many); err == nil || len(f.Messages) != maxResumes || len(f.Problems) != maxResumes {
		t.Errorf("of a thousand faults: %d messages, %d problems", len(f.Messages), len(f.Problems))
	}
}

func TestDecomposedMessageAndRule(t *testing.T) {
	single := strings.NewReplacer("outboundMessages>", "WorkflowOutboundMessage>", "<fullName>Send_order</fullName>", "").Replace(sendOrder)
	f := mustRead(t, "workflows/Order__c/workflowOutboundMessages/Send_order.workflowOutboundMessage-meta.xml", single)
	if len(f.Messages) != 1 || f.Messages[0].Key() != "Order__c.Send_order" {
		t.Errorf("got %+v", f.Messages)
	}
	f, err := read(t, "Send_order.workflowOutboundMessage-meta.xml", single)
	if err != nil || len(f.Messages) != 1 || len(f.Problems) != 1 || !strings.Contains(f.Problems[0].Msg, "name of the folder") {
		t.Errorf("without a folder: %v, %+v", err, f)
	}
	f = mustRead(t, "workflows/Account/workflowRules/Order %26 more.workflowRule-meta.xml",
		`<WorkflowRule><actions><name>Send_order</name><type>OutboundMessage</type></actions><active>true</active></WorkflowRule>`)
	want := []salesforce.User{{Type: salesforce.WorkflowRule, Name: "Account.Order & more", Active: new(true), When: "immediately", Message: "Account.Send_order"}}
	if !reflect.DeepEqual(f.Users, want) {
		t.Errorf("got %+v", f.Users)
	}
}

// The plugin sf-decomposer keeps the workflow around each of its parts.
func TestPartsWithTheirWorkflowAround(t *testing.T) {
	for _, file := range []string{"Send_order.workflowOutboundMessage-meta.xml", "Send_order.outboundMessages-meta.xml"} {
		f := mustRead(t, "workflows/Order__c/outboundMessages/"+file, workflow(sendOrder))
		if len(f.Messages) != 1 || f.Messages[0].Key() != "Order__c.Send_order" {
			t.Errorf("%s: got %+v", file, f.Messages)
		}
	}
	for _, file := range []string{"Changed.workflowRule-meta.xml", "Changed.rules-meta.xml"} {
		f := mustRead(t, "workflows/Order__c/rules/"+file, workflow("<rules><fullName>Changed</fullName>"+action("actions", "Send_order")+"<active>true</active></rules>"))
		expect(t, f, "WorkflowRule Order__c.Changed [true] immediately: Order__c.Send_order\n")
	}
	if _, err := read(t, "workflows/Order__c/rules/x.workflowRule-meta.xml", "<alerts/>"); err == nil || !strings.Contains(err.Error(), "expected <WorkflowRule>") {
		t.Errorf("another root: %v", err)
	}
}

// lines writes users one to a line.
func lines(users []salesforce.User) string {
	var b strings.Builder
	for _, u := range users {
		active := "unknown"
		if u.Active != nil {
			active = fmt.Sprint(*u.Active)
		}
		fmt.Fprintf(&b, "%s %s [%s] %s: %s\n", u.Type, u.Name, active, u.When, u.Message)
	}
	return b.String()
}

func expect(t *testing.T, f File, want string) {
	t.Helper()
	if got := lines(f.Users); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

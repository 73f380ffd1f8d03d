package metadata

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func FuzzRead(f *testing.F) {
	for _, data := range []string{
		workflow(sendOrder), entityBomb, "", "<", "\xff\xfe<\x00", "\xef\xbb\xbf<Flow/>",
		`<WorkflowRule><actions><name>a</name><type>OutboundMessage</type></actions></WorkflowRule>`,
		`<ApprovalProcess><approvalStep><approvalActions><action/></approvalActions></approvalStep></ApprovalProcess>`,
		`<Flow><start><schedule/></start><actionCalls/></Flow>`,
		"<?xml version='1.0'\n?><outboundMessages><fullName>A</fullName></outboundMessages>", "<x/><actionCalls/>?>",
		`<EntitlementProcess><milestones><timeTriggers/></milestones></EntitlementProcess>`,
		"<?xml version='1.0' encoding='shift_jis'?><Workflow>\x83\x5c</Workflow>",
	} {
		for kind := range kinds {
			f.Add(uint8(kind), []byte(data))
			f.Add(uint8(kind+len(kinds)), []byte(data))
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		k := &kinds[int(kind)%len(kinds)]
		tag := []string{"", "outboundMessages", "actionCalls"}[int(kind)/len(kinds)%3]
		file, err := Document{Object: "Account", Name: "x", kind: k, tag: tag, level: len(tag) / 8}.Read(data)
		if err != nil {
			bad, ok := errors.AsType[*SyntaxError](err)
			if !ok || bad.Line < 1 || bad.Msg == "" || len(bad.Msg) > 300 {
				t.Errorf("error %#v", err)
			}
		}
		for _, m := range file.Messages {
			if m.Object == "" {
				t.Errorf("a message without object: %+v", m)
			}
		}
		for _, u := range file.Users {
			if u.When == "" || u.Message == "" || u.Name == "" {
				t.Errorf("half a user: %+v", u)
			}
		}
	})
}

// What is read as YAML is written as XML that can be read.
func FuzzReadYAML(f *testing.F) {
	for _, text := range []string{
		`{"?xml":{"@version":"1.0"},"Workflow":{"outboundMessages":[{"fullName":"A","includeSessionId":true}]}}`,
		"Workflow:\n  rules:\n    fullName: R\n    actions: {name: A, type: OutboundMessage}\n",
		"{ Flow: { actionCalls: { actionName: 'A.B', actionType: 'outboundMessage', }, }, }",
		"a: &a [*a]", "Workflow: {outboundMessages: {fullName: {'#text': x, '![CDATA[': y}}}", "- 1", "\x00", "? [a]\n: b",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, _ := At("workflows/Account/outboundMessages/x.workflowOutboundMessage-meta.json")
		written, fault := d.toXML([]byte(text))
		if fault != nil {
			if fault.Line < 1 || fault.Msg == "" || len(fault.Msg) > 300 {
				t.Errorf("fault %+v", fault)
			}
			return
		}
		if lines := bytes.Count(written, []byte("\n")); lines > len(text) {
			t.Errorf("%d lines from %q", lines, text)
		}
		if _, err := d.Read([]byte(text)); err != nil && strings.Contains(err.Error(), malformed) && !strings.Contains(err.Error(), "second root") && !strings.Contains(err.Error(), "outside the root") {
			t.Errorf("wrote %q: %v", written, err)
		}
	})
}

func FuzzAt(f *testing.F) {
	for _, path := range []string{"workflows/Account.workflow", "a/workflowRules/x%2.workflowRule-meta.xml", "%2f..%00.flow", "/", "\xff.flow"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		d, ok := At(path)
		if ok != (d.kind != nil) || ok && d.Name == "" {
			t.Errorf("At(%q) = %+v, %v", path, d, ok)
		}
	})
}

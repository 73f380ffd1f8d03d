package files

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sidestep/salesforce"
)

// ns is the attribute that the plugin leaves on every root.
const ns = ` xmlns="http://soap.sforce.com/2006/04/metadata"`

// firing names every user with all that is said of it.
func firing(f salesforce.Findings) (lines []string) {
	for _, u := range f.Users {
		active := "?"
		if u.Active != nil {
			active = fmt.Sprint(*u.Active)
		}
		lines = append(lines, fmt.Sprintf("%s %s [%s] %s: %s in %s", u.Type, u.Name, active, u.When, u.Message, u.File))
	}
	return lines
}

// What sf-decomposer splits into a file for each element, or for each tag, is
// read with what the other files of the component say.
func TestComponentsThatWereSplitIntoFiles(t *testing.T) {
	action := func(tag, content string) string { return "<" + tag + ">" + content + "</" + tag + ">" }
	flow := func(content string) string { return "<Flow" + ns + ">" + content + "</Flow>" }
	process := func(content string) string { return "<ApprovalProcess" + ns + ">" + content + "</ApprovalProcess>" }
	entitlement := func(content string) string {
		return "<EntitlementProcess" + ns + ">" + content + "</EntitlementProcess>"
	}
	const (
		call  = "<actionCalls><name>Tell</name><actionName>Account.Send_order</actionName><actionType>outboundMessage</actionType></actionCalls>"
		mail  = "<actionCalls><name>Mail</name><actionName>Account.Mail</actionName><actionType>emailAlert</actionType></actionCalls>"
		start = "<start><object>Account</object><recordTriggerType>Create</recordTriggerType><triggerType>RecordAfterSave</triggerType></start>"
		sends = "<action><name>Send_order</name><type>OutboundMessage</type></action>"
		mile  = "<milestones><milestoneName>First</milestoneName><successActions><name>Send_order</name><type>OutboundMessage</type></successActions></milestones>"
	)
	workflow := "<Workflow" + ns + "><outboundMessages>" + message + "</outboundMessages></Workflow>"
	rules := "<Workflow" + ns + ">" + rule + "</Workflow>"
	entries := []entry{
		{"p/workflows/Account/outboundMessages.xml", workflow},
		{"p/workflows/Account/rules.xml", rules},
		{"p/workflows/Case/outboundMessages/Send_order.outboundMessages-meta.xml", workflow},
		{"p/workflows/Case/rules/Changed.rules-meta.xml", rules},
		{"p/workflows/Lead/rules.xml", "<rules><rule/></rules>"},
		{"p/flows/Each/Each.flow-meta.xml", flow("<status>Obsolete</status><processType>AutoLaunchedFlow</processType>")},
		{"p/flows/Each/actionCalls/Tell.actionCalls-meta.xml", flow(call)},
		{"p/flows/Each/actionCalls/Mail.actionCalls-meta.xml", flow(mail)},
		{"p/flows/Each/start/1a2b3c4d.start-meta.xml", flow(start)},
		{"p/flows/Tags/Tags.flow-meta.xml", flow("<status>Active</status><processType>AutoLaunchedFlow</processType>")},
		{"p/flows/Tags/actionCalls.xml", flow(mail + call)},
		{"p/flows/Tags/start.xml", flow(start)},
		{"p/flows/Alone/actionCalls.xml", flow(call)},
		{"p/approvalProcesses/Account.Big/Account.Big.approvalProcess-meta.xml", process("<active>true</active>")},
		{"p/approvalProcesses/Account.Big/recallActions/1a2b3c4d.recallActions-meta.xml", process(action("recallActions", sends))},
		{"p/approvalProcesses/Account.Big/approvalStep/One.approvalStep-meta.xml", process("<approvalStep><name>One</name>" + action("approvalActions", sends) + "</approvalStep>")},
		{"p/entitlementProcesses/Gold/Gold.entitlementProcess-meta.xml", entitlement("<active>false</active><SObjectType>Account</SObjectType>")},
		{"p/entitlementProcesses/Gold/milestones/First.milestones-meta.xml", entitlement(mile)},
		{"q/flows/Tags/Tags.flow-meta.xml", flow("<status>Draft</status>")},
		{"q/flows/Tags/actionCalls.xml", flow(call)},
	}
	want := []string{
		"ApprovalProcess Account.Big [true] approval of step One: Account.Send_order in p/approvalProcesses/Account.Big/approvalStep/One.approvalStep-meta.xml",
		"ApprovalProcess Account.Big [true] recall: Account.Send_order in p/approvalProcesses/Account.Big/recallActions/1a2b3c4d.recallActions-meta.xml",
		"EntitlementProcess Gold [false] success of milestone First: Account.Send_order in p/entitlementProcesses/Gold/milestones/First.milestones-meta.xml",
		"Flow Alone [?] flow: Account.Send_order in p/flows/Alone/actionCalls.xml",
		"Flow Each [false] record-triggered, after save, on create: Account.Send_order in p/flows/Each/actionCalls/Tell.actionCalls-meta.xml",
		"Flow Tags [true] record-triggered, after save, on create: Account.Send_order in p/flows/Tags/actionCalls.xml",
		"WorkflowRule Account.Changed [true] immediately: Account.Send_order in p/workflows/Account/rules.xml",
		"WorkflowRule Case.Changed [true] immediately: Case.Send_order in p/workflows/Case/rules/Changed.rules-meta.xml",
		"Flow Tags [false] flow: Account.Send_order in q/flows/Tags/actionCalls.xml",
	}
	for name, found := range map[string]salesforce.Findings{
		"folder": mustRead(t, folder(t, entries...), Options{}), "zip": readZip(t, []byte(packed(t, entries...))),
	} {
		t.Run(name, func(t *testing.T) {
			if got := firing(found); !slices.Equal(got, want) || len(found.Problems) > 0 {
				t.Errorf("got\n%s\nproblems %q", strings.Join(got, "\n"), problems(found))
			}
			if len(found.Messages) != 2 || found.Messages[0].Key() != "Account.Send_order" || found.Messages[1].Key() != "Case.Send_order" {
				t.Errorf("messages %+v", found.Messages)
			}
		})
	}
}

// The plugin writes other formats than XML. What is not read is told.
func TestComponentsInOtherFormats(t *testing.T) {
	const (
		asJSON = `{
  "?xml": {"@_version": "1.0", "@_encoding": "UTF-8"},
  "Workflow": {
    "@_xmlns": "http://soap.sforce.com/2006/04/metadata",
	"outboundMessages": [
      {"fullName": "One", "endpointUrl": "https://a.example/?a=1&b=<2>", "includeSessionId": true, "fields": ["Id", "Name"]},
      {"fullName": {"#text": "Two"}, "includeSessionId": "maybe"}
    ]
  }
}`
		asYAML  = "\"?xml\":\n  \"@version\": \"1.0\"\nWorkflow:\n  \"@xmlns\": http://soap.sforce.com/2006/04/metadata\n  rules:\n    fullName: Changed\n    actions:\n      name: One\n      type: OutboundMessage\n    active: \"true\"\n    description: |-\n      two\n      lines\n"
		asJSON5 = "{\n  Flow: {\n    '@_xmlns': 'http://soap.sforce.com/2006/04/metadata',\n    actionCalls: {\n      actionName: 'Account.One',\n      actionType: 'outboundMessage',\n    },\n  },\n}"
		asTOML  = "[Flow]\n\"@_xmlns\" = \"http://soap.sforce.com/2006/04/metadata\"\nstatus = \"Active\"\n"
	)
	found := mustRead(t, folder(t,
		entry{"workflows/Account/outboundMessages.json", asJSON},
		entry{"workflows/Account/rules/Changed.workflowRule-meta.yaml", asYAML},
		entry{"workflows/Case/rules.yaml", "on: push\nrules: []\n"},
		entry{"flows/Send/actionCalls/Tell.actionCalls-meta.json5", asJSON5},
		entry{"flows/Send/Send.flow-meta.toml", asTOML},
		entry{"flows/Send/start.ini", "[Flow]\n@_xmlns=http://soap.sforce.com/2006/04/metadata\n"},
		entry{"flows/other/start.ini", "[Window]\n"},
		entry{"workflows/Lead/rules.json", `{"Workflow": {"@_xmlns": "http://soap.sforce.com/2006/04/metadata",` + "\n" + `"rules": `},
	), Options{})
	want := []string{
		"Flow Send [?] flow: Account.One in flows/Send/actionCalls/Tell.actionCalls-meta.json5",
		"WorkflowRule Account.Changed [true] immediately: Account.One in workflows/Account/rules/Changed.workflowRule-meta.yaml",
	}
	if got := firing(found); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if m := found.Messages; len(m) != 2 || m[0].Key() != "Account.One" || m[0].EndpointURL != "https://a.example/?a=1&b=<2>" || flag(m[0].IncludeSessionID) != "true" || len(m[0].Fields) != 2 || m[1].Key() != "Account.Two" {
		t.Errorf("messages %+v", m)
	}
	var lines []string
	for _, p := range found.Problems {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message))
	}
	const unread = "sf-decomposer wrote it in a format that is not read: run sf decomposer recompose, and scan the folder again"
	wanted := []string{
		"flows/Send/Send.flow-meta.toml:1: " + unread,
		"flows/Send/start.ini:1: " + unread,
		`workflows/Account/outboundMessages.json:7: includeSessionId is "maybe", neither true nor false`,
		"workflows/Lead/rules.json:2: not well-formed: ",
	}
	if len(lines) != len(wanted) || found.Source.Complete {
		t.Fatalf("problems %q", lines)
	}
	for i := range lines {
		if !strings.HasPrefix(lines[i], wanted[i]) {
			t.Errorf("said %q, want %q", lines[i], wanted[i])
		}
	}
}

// Other programs write the element alone, without the workflow around it.
func TestPartsWithoutTheirRoot(t *testing.T) {
	element := "<outboundMessages>\n" + message + "\n<apiVersion>x</apiVersion></outboundMessages>"
	entries := []entry{
		{"a/workflows/Account/outboundMessages/Send_order.yaml", "outboundMessages:\n  fullName: Send_order\n  includeSessionId: true\n  fields:\n    - Id\n    - Name\n  apiVersion: 60.0\n"},
		{"a/workflows/Account/rules/Changed it.yaml", "rules:\n  fullName: Changed it\n  active: true\n  actions:\n    - name: Send_order\n      type: OutboundMessage\n"},
		{"a/workflows/Account/main.yaml", "main:\n  name: Account\n"},
		{"a/workflows/ci/rules/build.yaml", "on: [push\n"},
		{"b/workflows/Case.outboundMessages_Send_order.xml", "<?xml version=\"1.0\"\n encoding=\"UTF-8\"?>\n" + element},
		{"b/workflows/Case.rules_Changed.xml", rule},
		{"c/workflows/Lead/outboundMessages/Send_order.outboundMessages-meta.xml", "<!-- x -->" + element},
		{"c/workflows/Lead/outboundMessages/Other.workflowOutboundMessage-meta.xml", strings.Replace(element, "Send_order", "Other", 1)},
	}
	wanted := []string{
		"Account.Send_order in a/workflows/Account/outboundMessages/Send_order.yaml",
		"Case.Send_order in b/workflows/Case.outboundMessages_Send_order.xml",
		"Lead.Other in c/workflows/Lead/outboundMessages/Other.workflowOutboundMessage-meta.xml",
		"Lead.Send_order in c/workflows/Lead/outboundMessages/Send_order.outboundMessages-meta.xml",
		"Account.Changed it fires Account.Send_order in a/workflows/Account/rules/Changed it.yaml",
		"Case.Changed fires Case.Send_order in b/workflows/Case.rules_Changed.xml",
	}
	for name, found := range map[string]salesforce.Findings{
		"folder": mustRead(t, folder(t, entries...), Options{}), "zip": readZip(t, []byte(packed(t, entries...))),
	} {
		t.Run(name, func(t *testing.T) {
			if got := where(found); !slices.Equal(got, wanted) {
				t.Errorf("got\n%s", strings.Join(got, "\n"))
			}
			var lines []string
			for _, p := range found.Problems {
				lines = append(lines, fmt.Sprintf("%s:%d", p.File, p.Line))
			}
			if want := "b/workflows/Case.outboundMessages_Send_order.xml:5 c/workflows/Lead/outboundMessages/Other.workflowOutboundMessage-meta.xml:3 c/workflows/Lead/outboundMessages/Send_order.outboundMessages-meta.xml:3"; strings.Join(lines, " ") != want {
				t.Errorf("problems %+v", found.Problems)
			}
			if m := found.Messages[0]; flag(m.IncludeSessionID) != "true" || m.APIVersion != 60 || len(m.Fields) != 2 {
				t.Errorf("message %+v", m)
			}
		})
	}
}

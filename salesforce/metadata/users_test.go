package metadata

import (
	"strings"
	"testing"
)

// action writes an action that sends a message, as element.
func action(element, message string) string {
	return "<" + element + "><name>" + message + "</name><type>OutboundMessage</type></" + element + ">"
}

func TestRules(t *testing.T) {
	trigger := func(content string) string {
		return "<workflowTimeTriggers>" + action("actions", "Late") + content + "</workflowTimeTriggers>"
	}
	f := mustRead(t, account, workflow(`
    <rules>
        <fullName>Order%20changed%3A now</fullName>
        <actions><name>Mail</name><type>Alert</type></actions>
        `+action("actions", "Send_order")+action("actions", "acme__Copy")+action("actions", "Send_order")+`
        <active>true</active>
        <criteriaItems><field>Account.Rating</field><operation>equals</operation><value>Hot</value></criteriaItems>
        `+trigger(`<timeLength>2</timeLength><workflowTimeTriggerUnit>Hours</workflowTimeTriggerUnit>`)+
		trigger(`<timeLength>1</timeLength><workflowTimeTriggerUnit>Days</workflowTimeTriggerUnit>`)+
		trigger(`<offsetFromField>Opportunity.CloseDate</offsetFromField><timeLength>-7</timeLength><workflowTimeTriggerUnit>Days</workflowTimeTriggerUnit>`)+
		trigger(`<offsetFromField>Opportunity.CloseDate</offsetFromField><timeLength>0</timeLength><workflowTimeTriggerUnit>Days</workflowTimeTriggerUnit>`)+
		trigger(``)+`
    </rules>
    <rules><fullName>Off</fullName>`+action("actions", "Send_order")+`<active>false</active></rules>
    <rules><fullName>Silent</fullName><active>true</active></rules>
    <rules><fullName>Lost</fullName>`+action("actions", "Gone")+`</rules>`))
	expect(t, f, `WorkflowRule Account.Order changed: now [true] immediately: Account.Send_order
WorkflowRule Account.Order changed: now [true] immediately: Account.acme__Copy
WorkflowRule Account.Order changed: now [true] 2 Hours after the rule fired: Account.Late
WorkflowRule Account.Order changed: now [true] 1 Day after the rule fired: Account.Late
WorkflowRule Account.Order changed: now [true] 7 Days before Opportunity.CloseDate: Account.Late
WorkflowRule Account.Order changed: now [true] 0 Days after Opportunity.CloseDate: Account.Late
WorkflowRule Account.Order changed: now [true] later: Account.Late
WorkflowRule Account.Off [false] immediately: Account.Send_order
WorkflowRule Account.Lost [unknown] immediately: Account.Gone
`)
}

func TestApprovalProcess(t *testing.T) {
	moment := func(element, message string) string {
		return "<" + element + ">" + action("action", message) + "</" + element + ">"
	}
	f := mustRead(t, "approvalProcesses/Time_Card__c.Approve.approvalProcess-meta.xml", `<ApprovalProcess><active>true</active>
    <approvalStep><approvalActions>`+action("action", "Yes")+`<action><name>x</name><type>Task</type></action></approvalActions>
        <label>Manager</label><name>Manager_1</name>`+moment("rejectionActions", "No")+`</approvalStep>
    <approvalStep>`+moment("approvalActions", "Yes")+`<name>Step_2</name></approvalStep>
    `+moment("finalApprovalActions", "Done")+moment("finalRejectionActions", "Refused")+moment("initialSubmissionActions", "Begun")+moment("recallActions", "Back")+`
</ApprovalProcess>`)
	expect(t, f, `ApprovalProcess Time_Card__c.Approve [true] approval of step Manager: Time_Card__c.Yes
ApprovalProcess Time_Card__c.Approve [true] rejection of step Manager: Time_Card__c.No
ApprovalProcess Time_Card__c.Approve [true] approval of step Step_2: Time_Card__c.Yes
ApprovalProcess Time_Card__c.Approve [true] final approval: Time_Card__c.Done
ApprovalProcess Time_Card__c.Approve [true] final rejection: Time_Card__c.Refused
ApprovalProcess Time_Card__c.Approve [true] initial submission: Time_Card__c.Begun
ApprovalProcess Time_Card__c.Approve [true] recall: Time_Card__c.Back
`)
}

func TestEntitlementProcess(t *testing.T) {
	content := `<active>true</active><milestones><milestoneName>First answer</milestoneName>` + action("successActions", "Answered") +
		`<timeTriggers>` + action("actions", "Warn") + `<timeLength>-30</timeLength><workflowTimeTriggerUnit>Minutes</workflowTimeTriggerUnit></timeTriggers>` +
		`<timeTriggers>` + action("actions", "Late") + `<timeLength>1</timeLength><workflowTimeTriggerUnit>Hours</workflowTimeTriggerUnit></timeTriggers></milestones>`
	want := `EntitlementProcess gold [true] success of milestone First answer: Case.Answered
EntitlementProcess gold [true] 30 Minutes before the target of milestone First answer: Case.Warn
EntitlementProcess gold [true] 1 Hour after the target of milestone First answer: Case.Late
`
	path := "entitlementProcesses/gold.entitlementProcess"
	expect(t, mustRead(t, path, "<EntitlementProcess>"+content+"</EntitlementProcess>"), want)
	expect(t, mustRead(t, path, "<EntitlementProcess><SObjectType>WorkOrder</SObjectType>"+content+"</EntitlementProcess>"), strings.ReplaceAll(want, "Case.", "WorkOrder."))
}

// What is retrieved together with the messages that it fires names them as Account.Send.
func TestActionsThatNameTheObject(t *testing.T) {
	for path, content := range map[string]string{
		"entitlementProcesses/gold.entitlementProcess": "<EntitlementProcess><milestones>" + action("successActions", "Case.Send") + "</milestones></EntitlementProcess>",
		"approvalProcesses/Case.Ok.approvalProcess":    "<ApprovalProcess><recallActions>" + action("action", "Case.Send") + "</recallActions></ApprovalProcess>",
		"workflows/Case.workflow":                      workflow("<rules><fullName>R</fullName>" + action("actions", "Case.Send") + "</rules>"),
	} {
		if f := mustRead(t, path, content); len(f.Users) != 1 || f.Users[0].Message != "Case.Send" {
			t.Errorf("%s: %+v", path, f.Users)
		}
	}
}

func TestFlowMoments(t *testing.T) {
	const call = `<actionCalls><name>x</name><actionName>Account.Send_order</actionName><actionType>outboundMessage</actionType><nameSegment>Account.Send_order</nameSegment></actionCalls>`
	for content, want := range map[string]string{
		`<processType>AutoLaunchedFlow</processType><start><object>Account</object><recordTriggerType>CreateAndUpdate</recordTriggerType><triggerType>RecordAfterSave</triggerType></start><status>Active</status>`:                                 "[true] record-triggered, after save, on create and update",
		`<processType>AutoLaunchedFlow</processType><start><recordTriggerType>Create</recordTriggerType><triggerType>RecordBeforeSave</triggerType></start><status>Draft</status>`:                                                                  "[false] record-triggered, before save, on create",
		`<processType>AutoLaunchedFlow</processType><start><recordTriggerType>Update</recordTriggerType><scheduledPaths><offsetNumber>2</offsetNumber></scheduledPaths><triggerType>RecordAfterSave</triggerType></start><status>Obsolete</status>`: "[false] record-triggered, after save, on update, with paths that run later",
		`<processType>AutoLaunchedFlow</processType><start><scheduledPaths><pathType>AsyncAfterCommit</pathType></scheduledPaths><triggerType>RecordBeforeDelete</triggerType></start><status>InvalidDraft</status>`:                                "[false] record-triggered, before delete",
		`<processType>AutoLaunchedFlow</processType><status>UnderReview</status>`:                                                                         "[false] autolaunched",
		`<processType>AutoLaunchedFlow</processType><start><schedule><frequency>Daily</frequency></schedule><triggerType>Scheduled</triggerType></start>`: "[unknown] scheduled, daily",
		`<processType>AutoLaunchedFlow</processType><start><object>Order_Event__e</object><triggerType>PlatformEvent</triggerType></start>`:               "[unknown] on platform event Order_Event__e",
		`<processType>AutoLaunchedFlow</processType><start><triggerType>DataCloudDataChange</triggerType></start>`:                                        "[unknown] on DataCloudDataChange",
		`<processType>Flow</processType><status>Active</status>`:                                                                                          "[true] screen flow",
		`<processType>Workflow</processType><status>Active</status>`:                                                                                      "[true] Process Builder",
		`<processMetadataValues><name>ObjectType</name><value><stringValue>Account</stringValue></value></processMetadataValues><processMetadataValues><name>TriggerType</name><value><stringValue>onCreateOnly</stringValue></value></processMetadataValues><processType>Workflow</processType><status>Active</status>`: "[true] Process Builder, on create",
		`<processMetadataValues><name>TriggerType</name><value><stringValue>onAllChanges</stringValue></value></processMetadataValues><processType>Workflow</processType><status>Active</status>`:                                                                                                                        "[true] Process Builder, on create and update",
		`<processType>InvocableProcess</processType><status>Active</status>`: "[true] Process Builder, called by another process",
		`<processType>PromptFlow</processType><status>Active</status>`:       "[true] PromptFlow",
		``: "[unknown] flow",
	} {
		f := mustRead(t, "flows/Send.flow-meta.xml", "<Flow>"+call+call+content+"</Flow>")
		expect(t, f, "Flow Send "+want+": Account.Send_order\n")
	}
}

func TestFlowActions(t *testing.T) {
	f := mustRead(t, "flows/Send.flow-meta.xml", `<Flow>
    <actionCalls><actionName>Account.Mail</actionName><actionType>emailAlert</actionType></actionCalls>
    <actionCalls><actionType>outboundMessage</actionType><nameSegment>Case.acme__By_segment</nameSegment></actionCalls>
    <actionCalls><actionName>Without_object</actionName><actionType>outboundMessage</actionType></actionCalls>
    <orchestratedStages><name>x</name><stageSteps><actionName>Account.In_stage</actionName><actionType>outboundMessage</actionType></stageSteps></orchestratedStages>
    <processType>AutoLaunchedFlow</processType>
    <start><fanOutAction><actionName>Account.Fan</actionName><actionType>outboundMessage</actionType></fanOutAction><object>Lead</object></start>
    <status>Active</status></Flow>`)
	expect(t, f, `Flow Send [true] autolaunched: Case.acme__By_segment
Flow Send [true] autolaunched: Lead.Without_object
Flow Send [true] autolaunched: Account.In_stage
Flow Send [true] autolaunched: Account.Fan
`)
	f, err := read(t, "flows/Send.flow", `<Flow><actionCalls><actionName>Account.A</actionName><actionType>outboundMessage</actionType></actionCalls><status>Sleeping</status></Flow>`)
	if err != nil || len(f.Problems) != 1 || len(f.Users) != 1 || f.Users[0].Active != nil {
		t.Errorf("unknown status: %v, %+v", err, f)
	}
}

func TestFlowDefinition(t *testing.T) {
	for content, want := range map[string]int{
		"<activeVersionNumber>3</activeVersionNumber>":                                               3,
		"<activeVersionNumber>0</activeVersionNumber><masterLabel>x</masterLabel>":                   0,
		"<description>Deactivated by removing the version</description><masterLabel>x</masterLabel>": 0,
	} {
		f := mustRead(t, "flowDefinitions/Send.flowDefinition", "<FlowDefinition>"+content+"</FlowDefinition>")
		if f.ActiveVersion == nil || *f.ActiveVersion != want {
			t.Errorf("%s: %v", content, f.ActiveVersion)
		}
	}
	if f, err := read(t, "flowDefinitions/Send.flowDefinition", "<FlowDefinition><activeVersionNumber>3"); err == nil || f.ActiveVersion != nil {
		t.Errorf("cut: %v, %v", f.ActiveVersion, err)
	}
}

func TestFlowVersion(t *testing.T) {
	for full, want := range map[string]int{"Send-3": 3, "Send-12": 12, "Send": 0, "Send-": 0, "-3": 0, "Send-x": 0, "Send-0": 0, "Send-3-4": 0, "": 0} {
		name, version, ok := FlowVersion(full)
		if version != want || ok != (want > 0) || ok && name != "Send" || !ok && name != full {
			t.Errorf("%q: %q, %d, %v", full, name, version, ok)
		}
	}
}

// An action may say that it sends a message, and not which.
func TestActionsWithoutAName(t *testing.T) {
	for path, content := range map[string]string{
		account:                                 workflow("\n<rules><fullName>R</fullName>" + action("actions", "") + "</rules>"),
		"flows/Send.flow":                       "<Flow>\n<actionCalls><actionType>outboundMessage</actionType></actionCalls></Flow>",
		"approvalProcesses/A.B.approvalProcess": "<ApprovalProcess>\n<recallActions><action><type>OutboundMessage</type></action></recallActions></ApprovalProcess>",
	} {
		f, err := read(t, path, content)
		if err != nil || len(f.Users) > 0 || len(f.Problems) != 1 || f.Problems[0].Line < 2 || !strings.Contains(f.Problems[0].Msg, "does not say which") {
			t.Errorf("%s: %v, %+v", path, err, f)
		}
	}
}

// A bad merge leaves elements twice. The first counts, but of true and false the true.
func TestElementsThatAreThereTwice(t *testing.T) {
	f, err := read(t, account, workflow(`<outboundMessages><fullName>A</fullName><fullName>B</fullName><endpointUrl>https://a.example</endpointUrl><endpointUrl>https://b.example</endpointUrl><integrationUser>u</integrationUser><integrationUser>u</integrationUser></outboundMessages>
<rules><fullName>One</fullName><fullName>Two</fullName><active>true</active><active>false</active>`+action("actions", "A")+`</rules>`))
	expect(t, f, "WorkflowRule Account.One [true] immediately: Account.A\n")
	if err != nil || len(f.Messages) != 1 || f.Messages[0].FullName != "A" || f.Messages[0].EndpointURL != "https://a.example" {
		t.Errorf("%v, %+v", err, f.Messages)
	}
	var said []string
	for _, p := range f.Problems {
		said = append(said, strings.TrimSuffix(p.Msg, " is given twice, and the two differ"))
	}
	if strings.Join(said, " ") != "fullName endpointUrl fullName active" {
		t.Errorf("problems %+v", f.Problems)
	}
	f, _ = read(t, "flows/Send.flow", "<Flow><actionCalls><actionName>Account.A</actionName><actionType>outboundMessage</actionType></actionCalls><status>Active</status><status>Obsolete</status></Flow>")
	expect(t, f, "Flow Send [true] flow: Account.A\n")
	if len(f.Problems) != 1 {
		t.Errorf("problems %+v", f.Problems)
	}
}

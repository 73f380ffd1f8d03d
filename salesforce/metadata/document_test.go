package metadata

import "testing"

func TestAtTellsFromThePath(t *testing.T) {
	for _, c := range []struct{ path, object, name, root string }{
		{"workflows/Account.workflow", "Account", "Account", "Workflow"},
		{"unpackaged/workflows/pse__Proj__c.workflow", "pse__Proj__c", "pse__Proj__c", "Workflow"},
		{"a/b/c/workflows/Case.workflow-meta.xml", "Case", "Case", "Workflow"},
		{"CASE.WORKFLOW-META.XML", "CASE", "CASE", "Workflow"},
		{"workflows/Account/Account.workflow-meta.xml", "Account", "Account", "Workflow"},
		{"workflows/Account/workflowOutboundMessages/Send.workflowOutboundMessage-meta.xml", "Account", "Send", "WorkflowOutboundMessage"},
		{"workflows/Account/outboundMessages/Send.workflowOutboundMessage-meta.xml", "Account", "Send", "WorkflowOutboundMessage"},
		{"workflows/Account/outboundMessages/Send.outboundMessages-meta.xml", "Account", "Account", "Workflow"},
		{"workflows/Account/rules/R.rules-meta.xml", "Account", "Account", "Workflow"},
		{"workflows/Account/outboundMessages.xml", "Account", "Account", "Workflow"},
		{"workflows/Account/rules.json", "Account", "Account", "Workflow"},
		{"workflows/Account/outboundMessages/Send.workflowOutboundMessage-meta.json5", "Account", "Send", "WorkflowOutboundMessage"},
		{"flows/Send/actionCalls/Notify.actionCalls-meta.xml", "", "Send", "Flow"},
		{"flows/Send/start.toml", "", "Send", "Flow"},
		{"flows/Send/Send.flow-meta.yaml", "", "Send", "Flow"},
		{"approvalProcesses/Case.Big/approvalStep/One.approvalStep-meta.ini", "Case", "Case.Big", "ApprovalProcess"},
		{"approvalProcesses/Case.Big/finalApprovalActions.xml", "Case", "Case.Big", "ApprovalProcess"},
		{"entitlementProcesses/Gold/milestones/First.milestones-meta.xml", "", "Gold", "EntitlementProcess"},
		{"p-party/main/default/workflows/Account/outboundMessages/Send order.yaml", "Account", "Account", "Workflow"},
		{"workflows/Account/rules/x.json", "Account", "Account", "Workflow"},
		{"workflows/Case.outboundMessages_Send_order.xml", "Case", "Case", "Workflow"},
		{"Case.rules_Order v1.2.xml", "Case", "Case", "Workflow"},
		// A name without its folder may be one.
		{"rules.xml", "", "rules", "Workflow"},
		{"x.start-meta.xml", "", "start", "Flow"},
		{"workflows/Account/rules/R.workflowRule-meta.xml", "Account", "R", "WorkflowRule"},
		{"workflows/Account/Send.workflowOutboundMessage-meta.xml", "Account", "Send", "WorkflowOutboundMessage"},
		{"workflows/Send.workflowOutboundMessage-meta.xml", "", "Send", "WorkflowOutboundMessage"},
		{"Send.workflowOutboundMessage", "", "Send", "WorkflowOutboundMessage"},
		{"workflowOutboundMessages/Order__c.acme__Send.workflowOutboundMessage-meta.xml", "Order__c", "acme__Send", "WorkflowOutboundMessage"},
		{"workflows/Account/workflowRules/Version 1.2.workflowRule-meta.xml", "Account", "Version 1.2", "WorkflowRule"},
		{"workflows/Account/workflowRules/Order %26 more.workflowRule-meta.xml", "Account", "Order & more", "WorkflowRule"},
		{"approvalProcesses/SBQQ__Quote__c.Export_Quote.approvalProcess", "SBQQ__Quote__c", "SBQQ__Quote__c.Export_Quote", "ApprovalProcess"},
		{"flows/Send.flow-meta.xml", "", "Send", "Flow"},
		{"flows/Send-3.flow", "", "Send-3", "Flow"},
		{"entitlementProcesses/gold %28v2%29.entitlementProcess-meta.xml", "", "gold (v2)", "EntitlementProcess"},
		{"flowDefinitions/Send.flowDefinition-meta.xml", "", "Send", "FlowDefinition"},
		{"backup/Account.workflow.xml", "Account", "Account", "Workflow"},
		{"flows/Send.js-3.flow", "", "Send.js-3", "Flow"},
		{"workflows/100%.workflow", "100%", "100%", "Workflow"},
	} {
		d, ok := At(c.path)
		if !ok || d.Object != c.object || d.Name != c.name || d.kind.root != c.root {
			t.Errorf("At(%q) = %+v, %v", c.path, d, ok)
		}
	}
	for _, path := range []string{
		"", "/", ".workflow", "workflows/.flow-meta.xml", "a.workflow.bak", "Account.xml", "package.xml",
		"workflows/Account/workflowAlerts/x.workflowAlert-meta.xml",
		"workflows/Account/Send.outboundMessages-meta.xml", "firestore.rules", "rules/Account/rules/x.yaml", "workflows/Account/alerts/x.yaml", "workflows/Account/rules/x.toml", "x.yaml", "workflows/Case.rulesChanged.xml", "ci/Case.rules_x.xml", "workflows/Case.alerts_x.xml", "workflows/Case.start_x.xml", "workflows/rules.xml", "ci/Account/rules.xml", "workflows/a/b/rules.json", ".github/workflows/start.yaml", "flows/Send/start/x.milestones-meta.xml", "a/release.workflow.yaml", "flows/Send/labels.xml", "flows/Send/start.txt", "workflows/Account/.rules-meta.xml", "rules/firestore.rules", "sharingRules/Account.sharingRules-meta.xml", "assignmentRules/rules/Case.assignmentRules-meta.xml",
		"src/types/react.js.flow", "lib/x.mjs.flow", ".github/main.workflow", "workflow.xml", "a/.workflow-meta.xml", "__MACOSX/workflows/._Account.workflow",
	} {
		if d, ok := At(path); ok {
			t.Errorf("At(%q) = %+v, want nothing", path, d)
		}
	}
}

func TestOnlyWorkflowFilesDefineMessages(t *testing.T) {
	for path, want := range map[string]bool{
		"workflows/Account.workflow":                           true,
		"workflows/Account/a.workflowOutboundMessage-meta.xml": true,
		"workflows/Account/a.workflowRule-meta.xml":            false,
		"flows/a.flow": false,
		"package.xml":  false,
	} {
		if d, _ := At(path); d.Defines() != want {
			t.Errorf("%s: %v", path, d.Defines())
		}
	}
}

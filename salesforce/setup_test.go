package salesforce

import "testing"

func TestSetupPaths(t *testing.T) {
	for _, c := range []struct {
		user User
		want string
	}{
		{User{Type: WorkflowRule, ID: "01Q5g000000AbCdEAK"}, "/01Q5g000000AbCdEAK"},
		{User{Type: WorkflowRule, ID: "01Q5g000000AbCd"}, "/01Q5g000000AbCd"},
		{User{Type: WorkflowRule}, "/lightning/setup/WorkflowRules/home"},
		{User{Type: ApprovalProcess, ID: "04a5g000000AbCdEAK"}, "/04a5g000000AbCdEAK"},
		{User{Type: ApprovalProcess}, "/lightning/setup/ApprovalProcesses/home"},
		{User{Type: EntitlementProcess, ID: "5525g000000AbCdEAK"}, "/5525g000000AbCdEAK"},
		{User{Type: EntitlementProcess}, "/lightning/setup/EntitlementProcesses/home"},
		{User{Type: Flow, ID: "3015g000000AbCdEAK"}, "/builder_platform_interaction/flowBuilder.app?flowId=3015g000000AbCdEAK"},
		{User{Type: Flow}, "/lightning/setup/Flows/home"},
		// An id of another kind, or that is none, must not lead anywhere else.
		{User{Type: Flow, ID: "3005g000000AbCdEAK"}, "/lightning/setup/Flows/home"},
		{User{Type: WorkflowRule, ID: "01Q/../secur/logout.jsp"}, "/lightning/setup/WorkflowRules/home"},
		{User{Type: ApprovalProcess, ID: "04a5g000000AbC?x=1"}, "/lightning/setup/ApprovalProcesses/home"},
	} {
		if got := SetupPath(c.user); got != c.want {
			t.Errorf("%+v: %s", c.user, got)
		}
	}
	if got := (Message{ID: "04k5g000000XyZaAAK"}).SetupPath(); got != "/04k5g000000XyZaAAK" {
		t.Error(got)
	}
	if got := (Message{}).SetupPath(); got != "/lightning/setup/WorkflowOutboundMessaging/home" {
		t.Error(got)
	}
}

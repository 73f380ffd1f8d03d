package cli

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sidestep/salesforce"
)

func TestEachPackageHasItsOwnUsers(t *testing.T) {
	at := func(file string) salesforce.Message {
		return salesforce.Message{Object: "Account", FullName: "Send", File: file}
	}
	user := func(file string, active bool) salesforce.User {
		return salesforce.User{Type: salesforce.WorkflowRule, Name: "Account.Rule", Active: &active, Message: "ACCOUNT.send", File: file}
	}
	f := salesforce.Findings{
		Messages: []salesforce.Message{
			at("src/workflows/Account.workflow"), at("old/src/workflows/Account/workflowOutboundMessages/Send.workflowOutboundMessage-meta.xml"), at("Account.workflow"),
			{Object: "Case", FullName: "Once", File: "src/workflows/Case.workflow"},
		},
		Users: []salesforce.User{
			user("src/workflows/Account.workflow", true), user("old/src/workflows/Account/workflowRules/Rule.workflowRule-meta.xml", false),
			user("src/flows/F.flow", true), user("shared/flows/G.flow", true),
		},
	}
	several := inPackages(f)
	if len(several) != 1 {
		t.Fatalf("%d messages in several packages", len(several))
	}
	for file, want := range map[string][]string{
		f.Messages[0].File: {"src/workflows/Account.workflow", "src/flows/F.flow", "shared/flows/G.flow"},
		f.Messages[1].File: {"old/src/workflows/Account/workflowRules/Rule.workflowRule-meta.xml", "shared/flows/G.flow"},
		f.Messages[2].File: {"shared/flows/G.flow"},
	} {
		var got []string
		for _, u := range several["account.send"].firing(file) {
			got = append(got, u.File)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s is fired by %q, want %q", file, got, want)
		}
	}
	if inPackages(salesforce.Findings{Messages: f.Messages[3:]}) != nil {
		t.Error("a message in one package is in several")
	}
}

// Two packages may hold the same process, and one of them the message: each use
// has a file of its own.
func TestAUseIsToldForEachPackageThatHasIt(t *testing.T) {
	dir := t.TempDir()
	process := `<ApprovalProcess><active>true</active><finalApprovalActions><action><name>Send</name><type>OutboundMessage</type></action></finalApprovalActions></ApprovalProcess>`
	for file, text := range map[string]string{
		"src/workflows/Account.workflow":                     `<Workflow><outboundMessages><fullName>Send</fullName><endpointUrl>https://a.example</endpointUrl></outboundMessages></Workflow>`,
		"src/approvalProcesses/Account.P.approvalProcess":    process,
		"backup/approvalProcesses/Account.P.approvalProcess": process,
	} {
		path := filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	facts := scanFacts(t, dir, fine)
	want := useText(salesforce.ApprovalProcess, "Account.P", new(true), "backup/approvalProcesses/Account.P.approvalProcess") + "; " +
		useText(salesforce.ApprovalProcess, "Account.P", new(true), "src/approvalProcesses/Account.P.approvalProcess")
	if len(facts) != 1 || facts[0].users != want {
		t.Errorf("%+v, want what fires it to be %s", facts, want)
	}
}

func TestPackageOf(t *testing.T) {
	for file, want := range map[string]string{
		"force-app/main/default/workflows/Account.workflow-meta.xml": "force-app/main/default",
		"workflows/Account.workflow":                                 ".",
		"Account.workflow":                                           ".",
		"a/b/Account.workflow":                                       "a/b",
		"monday.zip/unpackaged/Flows/F.flow":                         "monday.zip/unpackaged",
		"/x.flow":                                                    "/",
		"":                                                           ".",
	} {
		if got := packageOf(file); got != want {
			t.Errorf("%q: %q, want %q", file, got, want)
		}
	}
}

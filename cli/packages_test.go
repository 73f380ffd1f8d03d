package cli

import (
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

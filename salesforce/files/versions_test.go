package files

import (
	"fmt"
	"slices"
	"testing"
)

// Before API version 44 a flow had a file for each version, and another one said
// which of them runs.
func TestFlowDefinitionsTellWhichVersionRuns(t *testing.T) {
	flow := func(status string) string {
		return `<Flow><actionCalls><actionName>Account.Send_order</actionName><actionType>outboundMessage</actionType></actionCalls>` + status + `</Flow>`
	}
	definition := func(content string) string { return "<FlowDefinition>" + content + "</FlowDefinition>" }
	const draft, active = "<status>Draft</status>", "<status>Active</status>"
	entries := []entry{
		{"src/flows/Send-1.flow", flow("")},
		{"src/flows/Send-2.flow", flow(active)},
		{"src/flows/SEND-3.flow", flow(draft)},
		{"src/flowDefinitions/Send.flowDefinition", definition("<activeVersionNumber>3</activeVersionNumber>")},
		// Switched off: by a 0, and by leaving the number out.
		{"src/flows/Off-1.flow", flow(active)},
		{"src/flowDefinitions/Off.flowDefinition", definition("<activeVersionNumber>0</activeVersionNumber>")},
		{"src/flows/Gone-1.flow", flow(active)},
		{"src/flowDefinitions/Gone.flowDefinition", definition("<description>x</description>")},
		// Without a version in the name, the status of the file counts, where it has one.
		{"src/flows/Plain.flow", flow(active)},
		{"src/flowDefinitions/Plain.flowDefinition", definition("<activeVersionNumber>0</activeVersionNumber>")},
		{"src/flows/Silent.flow", flow("")},
		{"src/flowDefinitions/Silent.flowDefinition", definition("<activeVersionNumber>0</activeVersionNumber>")},
		{"src/flows/Which.flow", flow("")},
		{"src/flowDefinitions/Which.flowDefinition", definition("<activeVersionNumber>2</activeVersionNumber>")},
		// Another package, and none that tells.
		{"other/flows/Send-3.flow-meta.xml", flow("")},
		{"other/flowDefinitions/Send.flowDefinition-meta.xml", definition("<activeVersionNumber>1</activeVersionNumber>")},
		// Source format allows folders below that of the type.
		{"deep/flows/team/Send-1.flow-meta.xml", flow("")},
		{"deep/flowDefinitions/other/Send.flowDefinition-meta.xml", definition("<activeVersionNumber>1</activeVersionNumber>")},
		{"third/flows/Send-3.flow-meta.xml", flow("")},
		{"third/flows/Send-2.flow-meta.xml", flow(draft)},
	}
	want := []string{
		"deep/flows/team/Send-1.flow-meta.xml: Send-1 true",
		"other/flows/Send-3.flow-meta.xml: Send-3 false",
		"src/flows/Gone-1.flow: Gone-1 false",
		"src/flows/Off-1.flow: Off-1 false",
		"src/flows/Plain.flow: Plain true",
		"src/flows/SEND-3.flow: SEND-3 true",
		"src/flows/Send-1.flow: Send-1 false",
		"src/flows/Send-2.flow: Send-2 false",
		"src/flows/Silent.flow: Silent false",
		"src/flows/Which.flow: Which unknown",
		"third/flows/Send-2.flow-meta.xml: Send-2 false",
		"third/flows/Send-3.flow-meta.xml: Send-3 unknown",
	}
	for _, path := range []string{folder(t, entries...), zipFile(t, entries...)} {
		found := mustRead(t, path, Options{})
		var got []string
		for _, u := range found.Users {
			got = append(got, fmt.Sprintf("%s: %s %s", u.File, u.Name, flag(u.Active)))
		}
		if !slices.Equal(got, want) || len(found.Problems) > 0 {
			t.Errorf("%s: got %q\nwant %q\nproblems %v", path, got, want, found.Problems)
		}
	}
}

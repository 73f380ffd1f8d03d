package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sidestep/salesforce"
)

func TestUsersComeFromWhatIsCheckedOut(t *testing.T) {
	rule := "    <rules>\n        <fullName>Changed</fullName>\n        <actions><name>Send</name><type>OutboundMessage</type></actions>\n        <active>true</active>\n    </rules>\n"
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url)))
	r.commit("2025-12-01")
	r.git("checkout", "-q", "-b", "side")
	r.write(account, workflow(message("Send", "true", url), rule))
	r.commit("2026-01-01")
	if f := read1(t, r.dir); len(f.Users) != 1 || f.Users[0].Message != "Account.Send" || !f.Source.TellsUsers {
		t.Errorf("users %+v, tells %v", f.Users, f.Source.TellsUsers)
	}
	r.git("checkout", "-q", "main")
	if f := read1(t, r.dir); len(f.Users) != 0 || !f.Source.TellsUsers {
		t.Errorf("on main: users %+v", f.Users)
	}
	// Where nothing is checked out that sends messages, the branch that has them tells.
	r.git("checkout", "-q", "--orphan", "empty")
	r.git("rm", "-q", "-rf", ".")
	r.commit("2026-02-01")
	f := read1(t, r.dir)
	if len(f.Users) != 1 || !strings.Contains(troubles(f), "was read from branch") && !strings.Contains(troubles(f), "were read from branch") && !strings.Contains(troubles(f), "read from branch") {
		t.Errorf("users %+v, %s", f.Users, troubles(f))
	}
}

// TestUsersOfMessagesOnOtherBranchesComeFromThere: that nothing fires a message is
// never said for want of looking.
func TestUsersOfMessagesOnOtherBranchesComeFromThere(t *testing.T) {
	rule := func(name, message, active string) string {
		return "    <rules>\n        <fullName>" + name + "</fullName>\n        <actions><name>" + message + "</name><type>OutboundMessage</type></actions>\n        <active>" + active + "</active>\n    </rules>\n"
	}
	const lead = "force-app/main/default/workflows/Lead.workflow-meta.xml"
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url), rule("Changed", "Send", "true")))
	r.commit("2025-12-01")
	r.git("checkout", "-q", "-b", "side")
	r.write(lead, workflow(message("Greet", "true", url), rule("Came", "Greet", "true")))
	r.write(account, workflow(message("Send", "true", url), rule("Changed", "Send", "false")))
	r.commit("2026-01-01")
	r.git("checkout", "-q", "main")
	f := read1(t, r.dir)
	var got []string
	for _, u := range f.Users {
		got = append(got, fmt.Sprintf("%s %s %v %s", u.Message, u.Name, *u.Active, u.Note))
	}
	want := []string{"Account.Send Account.Changed true ", "Lead.Greet Lead.Came true on branch side"}
	if !slices.Equal(got, want) || !f.Source.TellsUsers {
		t.Errorf("users %q, tells %v, want %q", got, f.Source.TellsUsers, want)
	}
}

// TestMoreBranchesThanAreReadTellNothing: what was not looked at is no finding.
func TestMoreBranchesThanAreReadTellNothing(t *testing.T) {
	r := newRepo(t)
	r.write("README.md", "nothing here")
	r.commit("2025-11-01")
	for i := range maxUserTrees + 1 {
		r.git("checkout", "-q", "-b", fmt.Sprintf("side-%02d", i), "main")
		r.write(account, workflow(message(fmt.Sprintf("Send_%02d", i), "true", url)))
		r.commit("2025-12-01")
		if i == maxUserTrees-1 {
			r.git("checkout", "-q", "main")
			if f := read1(t, r.dir); !f.Source.TellsUsers || !strings.Contains(troubles(f), "and 29 others") {
				t.Errorf("%d branches: tells %v, %s", i+1, f.Source.TellsUsers, troubles(f))
			}
		}
	}
	r.git("checkout", "-q", "main")
	if f := read1(t, r.dir); f.Source.TellsUsers {
		t.Error("what fires the messages of the last branch was not read, and is told all the same")
	}
}

// What the files of a package only say together holds for a commit, too.
func TestUsersThatSeveralFilesTell(t *testing.T) {
	const ns = ` xmlns="http://soap.sforce.com/2006/04/metadata"`
	call := "<actionCalls><actionName>Account.Send</actionName><actionType>outboundMessage</actionType></actionCalls>"
	r := newRepo(t)
	r.write("src/workflows/Account/outboundMessages.xml", "<Workflow"+ns+">\n"+message("Send", "true", url)+"</Workflow>")
	r.write("src/flows/Old-1.flow", "<Flow>"+call+"</Flow>")
	r.write("src/flows/Old-2.flow", "<Flow>"+call+"</Flow>")
	r.write("src/flowDefinitions/Old.flowDefinition", "<FlowDefinition><activeVersionNumber>2</activeVersionNumber></FlowDefinition>")
	r.write("src/flows/Split/actionCalls.xml", "<Flow"+ns+">"+call+"</Flow>")
	r.write("src/flows/Split/Split.flow-meta.xml", "<Flow"+ns+"><status>Active</status></Flow>")
	r.commit("2025-12-01")
	f := read1(t, r.dir)
	if verdictOf(f, "Account.Send") != salesforce.Sent || !f.Source.Complete {
		t.Errorf("%q, %s", lives(f), troubles(f))
	}
	var got []string
	for _, u := range f.Users {
		got = append(got, u.Name, fmt.Sprint(u.Active != nil && *u.Active))
	}
	if want := "Old-1 false Old-2 true Split true"; strings.Join(got, " ") != want {
		t.Errorf("users %q, want %s", got, want)
	}
}

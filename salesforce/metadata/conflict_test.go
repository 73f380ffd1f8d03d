package metadata

import (
	"strings"
	"testing"
)

// message is an outbound message with a name and a flag.
func message(name, flag string) string {
	return "<outboundMessages>\n<fullName>" + name + "</fullName>\n<includeSessionId>" + flag + "</includeSessionId>\n</outboundMessages>\n"
}

// keys writes messages with their flags.
func keys(f File) string {
	var all []string
	for _, m := range f.Messages {
		flag := "?"
		if m.IncludeSessionID != nil {
			flag = map[bool]string{true: "yes", false: "no"}[*m.IncludeSessionID]
		}
		all = append(all, m.FullName+" "+flag)
	}
	return strings.Join(all, ", ")
}

func TestBothSidesOfAMergeConflictAreRead(t *testing.T) {
	const head, middle, tail = "<<<<<<< HEAD\n", "=======\n", ">>>>>>> feature/x\n"
	flag := func(word string) string { return "<includeSessionId>" + word + "</includeSessionId>\n" }
	for name, c := range map[string]struct{ content, want, problem string }{
		"a message on either side": {
			message("A", "true") + head + message("B", "true") + middle + message("C", "false") + tail + message("D", "true"),
			"A yes, B yes, D yes, C no", "both sides were read"},
		"a flag on either side": {
			"<outboundMessages><fullName>A</fullName>\n" + head + flag("false") + middle + flag("true") + tail + "</outboundMessages>",
			"A no, A yes", "both sides were read"},
		"one side is empty": {
			head + middle + message("A", "true") + tail, "A yes", "both sides were read"},
		"several": {
			head + message("A", "true") + middle + tail + message("B", "true") + head + middle + message("C", "true") + tail,
			"A yes, B yes, C yes", "both sides were read"},
		"with what both had": {
			head + message("A", "true") + "||||||| 1234567\n" + message("Old", "true") + middle + message("C", "true") + tail,
			"A yes, C yes", "both sides were read"},
		"CRLF": {
			strings.ReplaceAll(head+message("A", "true")+middle+message("B", "false")+tail, "\n", "\r\n"), "A yes, B no", "both sides were read"},
		"one side is broken": {
			head + "<alerts>\n" + middle + message("B", "true") + tail, "B yes", "its first side is not fine"},
		"the other side is broken": {
			head + message("A", "true") + middle + "</alerts>\n" + tail, "A yes", "its second side is not fine"},
		"no end": {
			message("A", "true") + head + message("B", "true") + middle + message("C", "true"), "A yes, B yes, C yes", "conflict begins here"},
		"one inside the other": {
			message("A", "true") + head + message("B", "true") + head + middle + tail, "A yes, B yes", "conflict begins here"},
	} {
		t.Run(name, func(t *testing.T) {
			data := workflow("\n" + c.content)
			f, err := read(t, account, data)
			line := 1 + strings.Count(data[:strings.Index(data, "<<<<<<<")], "\n")
			if bad, ok := err.(*SyntaxError); !ok || bad.Line != line || !strings.Contains(bad.Msg, c.problem) {
				t.Errorf("said %v, want line %d: …%s", err, line, c.problem)
			}
			if got := keys(f); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// A comment may hold the marks; then they are no fault.
func TestMarksInACommentAreNoConflict(t *testing.T) {
	f := mustRead(t, account, workflow("<!--\n<<<<<<< HEAD\n=======\n>>>>>>> x\n-->"+message("A", "true")))
	if got := keys(f); got != "A yes" {
		t.Errorf("got %s", got)
	}
}

func TestAFlowInConflictKeepsBothStates(t *testing.T) {
	f, err := read(t, "flows/Send.flow", "<Flow><actionCalls><actionName>Account.A</actionName><actionType>outboundMessage</actionType></actionCalls>\n<<<<<<< HEAD\n<status>Active</status>\n=======\n<status>Draft</status>\n>>>>>>> x\n</Flow>")
	if err == nil {
		t.Error("no problem")
	}
	expect(t, f, "Flow Send [true] flow: Account.A\nFlow Send [false] flow: Account.A\n")
}

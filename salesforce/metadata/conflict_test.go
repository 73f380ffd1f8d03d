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

// Whoever removes only some of the marks leaves a document that XML has nothing
// against, or one that git's own rules don't tell the sides of.
func TestHalfRemovedConflicts(t *testing.T) {
	const head, middle, tail = "<<<<<<< HEAD\n", "=======\n", ">>>>>>> feature/x\n"
	flag := func(word string) string { return "<includeSessionId>" + word + "</includeSessionId>\n" }
	for name, c := range map[string]struct{ content, mark, want string }{
		"no first mark":            {message("A", "true") + middle + message("B", "false") + tail, middle, "A yes, B no"},
		"only the last":            {message("A", "true") + tail + message("B", "true"), tail, "A yes, B yes"},
		"only the middle":          {message("A", "true") + middle + message("B", "true"), middle, "A yes, B yes"},
		"CRLF":                     {strings.ReplaceAll(message("A", "true")+middle+message("B", "false")+tail, "\n", "\r\n"), middle[:7], "A yes, B no"},
		"in what is passed over":   {"<alerts><name>x</name>\n" + middle + "</alerts>\n<rules>\n" + tail + "</rules>" + message("A", "true"), middle, "A yes"},
		"a flag on either side":    {"<outboundMessages>\n<fullName>A</fullName>\n" + flag("false") + middle + flag("true") + tail + "</outboundMessages>", middle, "A yes, A no"},
		"only the last, deep":      {"<alerts><recipients><type>x</type>\n" + tail + "</recipients></alerts>" + message("A", "true"), tail, "A yes"},
		"deep with CRLF":           {strings.ReplaceAll("<alerts><recipients><type>x</type>\n"+tail+"</recipients></alerts>"+message("A", "true"), "\n", "\r\n"), tail[:9], "A yes"},
		"second side does not fit": {"<outboundMessages>\n<fullName>A</fullName>\n" + flag("true") + "</outboundMessages>\n" + middle + flag("false") + "</outboundMessages>\n" + tail + message("B", "true"), middle, "A yes, B yes"},
		"no middle mark":           {message("A", "true") + head + message("B", "true") + tail + message("C", "true"), head, "A yes, B yes, C yes"},
		"only the first":           {message("A", "true") + head + message("B", "true"), head, "A yes, B yes"},
		"inside what is not apart": {"<outboundMessages>\n<fullName>A</fullName>\n" + head + flag("true") + "</outboundMessages>", head, "A yes"},
	} {
		t.Run(name, func(t *testing.T) {
			data := workflow("\n" + c.content)
			f, err := read(t, account, data)
			line := 1 + strings.Count(data[:strings.Index(data, c.mark)], "\n")
			bad, _ := err.(*SyntaxError)
			for _, p := range f.Problems {
				if strings.Contains(p.Msg, "merge conflict") {
					bad = &p
				}
			}
			if bad == nil || bad.Line != line || !strings.Contains(bad.Msg, "merge conflict") || !strings.Contains(bad.Msg, "was read") {
				t.Errorf("said %v and %v, want a merge conflict in line %d", err, f.Problems, line)
			}
			if got := keys(f); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	f, _ := read(t, "flows/Send.flow", "<Flow><actionCalls><actionName>Account.A</actionName><actionType>outboundMessage</actionType></actionCalls>\n<status>Active</status>\n=======\n<status>Draft</status>\n>>>>>>> x\n</Flow>")
	expect(t, f, "Flow Send [true] flow: Account.A\n")
	f, err := read(t, "flows/Send.flow", "<Flow><actionCalls>\n<<<<<<< HEAD\n<actionName>Account.A</actionName><actionType>outboundMessage</actionType></actionCalls><status>Active</status></Flow>")
	expect(t, f, "Flow Send [true] flow: Account.A\n")
	if err == nil {
		t.Error("no problem")
	}
}

// A value may hold the marks, too; then they mean nothing.
func TestMarksInAValueAreNoConflict(t *testing.T) {
	for _, value := range []string{
		"<description>Title\n=======\n>>>>>>> x</description>", "<description>\n=======\n</description>", "<description><![CDATA[\n=======\n]]></description>",
		"<description>a<!-- x -->\n=======\n</description>", "\n======== eight\n", "\n ======= \n>>>>>>>x\n",
	} {
		if f := mustRead(t, account, workflow("<outboundMessages><fullName>A</fullName>"+value+"</outboundMessages>")); keys(f) != "A ?" {
			t.Errorf("%q: %s", value, keys(f))
		}
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

// Command history writes a stream for git fast-import: a repository as a nightly
// backup makes it, for timing. The same arguments give the same bytes.
//
// Usage: go run ./.ci/reading/history [COMMITS [FILES]] | git -C REPO fast-import
package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
)

// messages is how many a workflow file holds, others how many files of other
// sorts a commit changes beside its workflow file.
const messages, others = 6, 2

func main() {
	commits, files := argument(1, 20_000), argument(2, 300)
	out := bufio.NewWriter(os.Stdout)
	defer func() { _ = out.Flush() }()
	r := rand.New(rand.NewPCG(2026, 223))
	flags := make([][messages]bool, files)
	const first, day = 1_546_300_800, 86_400 // 1 January 2019
	span := int64(1_771_804_800 + 60*day - first)
	for c := range commits {
		at := first + span*int64(c)/int64(commits)
		f := c % files
		if c >= files && at < 1_771_804_800 {
			f = r.IntN(files)
			flags[f][r.IntN(messages)] = r.IntN(2) == 0
		}
		if at >= 1_771_804_800 {
			flags[f] = [messages]bool{} // the change of February
		}
		fmt.Fprintf(out, "commit refs/heads/main\ncommitter Backup <backup@acme.example> %d +0000\ndata 6\nbackup\n", at)
		file(out, fmt.Sprintf("force-app/main/default/workflows/Object_%d__c.workflow-meta.xml", f), workflow(f, c, flags[f]))
		for i := range others {
			n := r.IntN(5000)
			file(out, fmt.Sprintf("force-app/main/default/classes/Handler%d.cls", n), fmt.Sprintf("public class Handler%d {\n    // version %d.%d\n%s}\n", n, c, i, strings.Repeat("    void run() { return; }\n", 20)))
		}
	}
}

func argument(i, otherwise int) int {
	if len(os.Args) > i {
		if n, err := strconv.Atoi(os.Args[i]); err == nil && n > 0 {
			return n
		}
	}
	return otherwise
}

func file(out *bufio.Writer, path, text string) {
	fmt.Fprintf(out, "M 100644 inline %s\ndata %d\n%s\n", path, len(text), text)
}

// workflow is a file with messages and what usually stands around them; version
// changes one of the others.
func workflow(f, version int, flags [messages]bool) string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Workflow xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n")
	for i := range 30 {
		fmt.Fprintf(&b, "    <fieldUpdates>\n        <fullName>Update_%d</fullName>\n        <description>Sets the status, version %d</description>\n        <field>Status__c</field>\n        <name>Update %d</name>\n        <notifyAssignee>false</notifyAssignee>\n        <operation>Literal</operation>\n        <protected>false</protected>\n    </fieldUpdates>\n", i, version/(i+1), i)
	}
	for i, flag := range flags {
		fmt.Fprintf(&b, "    <outboundMessages>\n        <fullName>Send_%d</fullName>\n        <apiVersion>58.0</apiVersion>\n        <endpointUrl>https://host%d.example.com/in/%d</endpointUrl>\n        <fields>Id</fields>\n        <fields>Name</fields>\n        <includeSessionId>%v</includeSessionId>\n        <integrationUser>bot@acme.example</integrationUser>\n        <name>Send %d</name>\n        <protected>false</protected>\n        <useDeadLetterQueue>false</useDeadLetterQueue>\n    </outboundMessages>\n", i, f%40, f, flag, i)
	}
	b.WriteString("</Workflow>\n")
	return b.String()
}

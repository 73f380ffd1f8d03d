// Command generate writes a folder of metadata as a large project has it, for
// timing: one fifth of a tenth is what Sidestep is after, the rest is what lies
// around it. The same arguments give the same bytes.
//
// Usage: go run ./.ci/reading/generate FOLDER [FILES]
package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// sort is a type of file, and how many of a thousand files are of it.
type sort struct {
	share       int
	path        string
	low, usual  int // bytes
	root, block string
}

const declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// sorts is measured on public projects in source format: many small fields and
// classes, some layouts, few but large profiles.
var sorts = []sort{
	{300, "objects/Thing%[2]d__c/fields/Field_%[1]d__c.field-meta.xml", 400, 500, "CustomField", "    <valueSet>\n        <restricted>true</restricted>\n    </valueSet>\n"},
	{200, "classes/Handler%[1]d.cls", 1500, 5000, "", "        if (records.isEmpty()) { return; } // nothing to do for trigger %d\n"},
	{200, "classes/Handler%[1]d.cls-meta.xml", 150, 160, "ApexClass", "    <status>Active</status>\n"},
	{60, "layouts/Thing%[2]d__c-Layout %[1]d.layout-meta.xml", 6000, 14000, "Layout", "    <layoutItems>\n        <behavior>Edit</behavior>\n        <field>Field_%d__c</field>\n    </layoutItems>\n"},
	{60, "lwc/part%[1]d/part%[1]d.js", 1000, 3000, "", "    handleChange%d(event) { this.value = event.detail.value; }\n"},
	{60, "flows/Flow_%[1]d.flow-meta.xml", 8000, 24000, "Flow", "    <decisions>\n        <name>Check_%d</name>\n        <label>Check</label>\n        <locationX>176</locationX>\n        <rules>\n            <conditionLogic>and</conditionLogic>\n            <conditions>\n                <leftValueReference>$Record.Status__c</leftValueReference>\n                <operator>EqualTo</operator>\n                <rightValue>\n                    <stringValue>Open &amp; new</stringValue>\n                </rightValue>\n            </conditions>\n        </rules>\n    </decisions>\n"},
	{10, "permissionsets/Set_%[1]d.permissionset-meta.xml", 20000, 80000, "PermissionSet", "    <fieldPermissions>\n        <editable>true</editable>\n        <field>Thing__c.Field_%d__c</field>\n        <readable>true</readable>\n    </fieldPermissions>\n"},
	{10, "approvalProcesses/Thing%[2]d__c.Approve_%[1]d.approvalProcess-meta.xml", 3000, 8000, "ApprovalProcess", "    <approvalPageFields>\n        <field>Field_%d__c</field>\n    </approvalPageFields>\n"},
}

// noise is what surrounds messages and rules in a workflow file.
const noise = `    <fieldUpdates>
        <fullName>Update_%[1]d</fullName>
        <description>Sets the status, unless it &quot;is&quot; set</description>
        <field>Status__c</field>
        <formula>IF(ISBLANK(Name), &apos;&apos;, Name)</formula>
        <name>Update %[1]d</name>
        <notifyAssignee>false</notifyAssignee>
        <operation>Formula</operation>
        <protected>false</protected>
    </fieldUpdates>
    <alerts>
        <fullName>Alert_%[1]d</fullName>
        <description>Alert %[1]d</description>
        <protected>false</protected>
        <recipients>
            <type>owner</type>
        </recipients>
        <senderType>CurrentUser</senderType>
        <template>unfiled$public/Template_%[1]d</template>
    </alerts>
    <rules>
        <fullName>Tell %[1]d</fullName>
        <actions>
            <name>Alert_%[1]d</name>
            <type>Alert</type>
        </actions>
        <active>true</active>
        <criteriaItems>
            <field>Thing__c.Status__c</field>
            <operation>equals</operation>
            <value>Open</value>
        </criteriaItems>
        <triggerType>onCreateOrTriggeringUpdate</triggerType>
    </rules>
`

const message = `    <outboundMessages>
        <fullName>Send_%[1]d</fullName>
        <apiVersion>52.0</apiVersion>
        <endpointUrl>https://hooks%[2]d.example.com/sf/%[1]d?a=1&amp;b=2</endpointUrl>
        <fields>Id</fields>
        <fields>Name</fields>
        <fields>Status__c</fields>
        <includeSessionId>%[3]t</includeSessionId>
        <integrationUser>integration@acme.example</integrationUser>
        <name>Send %[1]d</name>
        <protected>false</protected>
        <useDeadLetterQueue>false</useDeadLetterQueue>
    </outboundMessages>
    <rules>
        <fullName>Send %[1]d</fullName>
        <actions>
            <name>Send_%[1]d</name>
            <type>OutboundMessage</type>
        </actions>
        <active>%[3]t</active>
        <formula>ISCHANGED(Status__c)</formula>
        <triggerType>onAllChanges</triggerType>
    </rules>
`

func main() {
	if len(os.Args) < 2 || len(os.Args) > 3 {
		fmt.Fprintln(os.Stderr, "usage: generate FOLDER [FILES]")
		os.Exit(2)
	}
	files := 20_000
	if len(os.Args) == 3 {
		n, err := strconv.Atoi(os.Args[2])
		if err != nil || n < 1000 {
			fmt.Fprintln(os.Stderr, "FILES is a number from 1000")
			os.Exit(2)
		}
		files = n
	}
	g := generator{root: os.Args[1], dice: rand.New(rand.NewPCG(23, 2))}
	for i := range files / 10 {
		g.workflow(i)
	}
	for _, s := range sorts {
		for i := range files * s.share / 1000 {
			g.other(s, i)
		}
	}
	g.write("sfdx-project.json", []byte(`{"packageDirectories": [{"path": "force-app", "default": true}], "sourceApiVersion": "62.0"}`+"\n"))
	fmt.Printf("%d files, %d MB, of which %d MB are workflow files\n", g.files, g.bytes>>20, g.workflowBytes>>20)
}

type generator struct {
	root                 string
	dice                 *rand.Rand
	files                int
	bytes, workflowBytes int64
}

// size is most often near usual, and now and then ten times that.
func (g *generator) size(low, usual int) int {
	return low + int(float64(usual-low)*g.dice.ExpFloat64())
}

// workflow has one to four messages. In public projects a quarter of the files
// with messages has less than 2.5 KB, half less than 9 KB, three quarters less than 52.
func (g *generator) workflow(i int) {
	var b bytes.Buffer
	b.WriteString(declaration + `<Workflow xmlns="http://soap.sforce.com/2006/04/metadata">` + "\n")
	for m := range 1 + g.dice.IntN(4) {
		fmt.Fprintf(&b, message, m, g.dice.IntN(300), g.dice.IntN(2) == 0)
	}
	for n, size := 0, min(g.size(1000, 28_000), 400_000); b.Len() < size; n++ {
		fmt.Fprintf(&b, noise, n)
	}
	b.WriteString("</Workflow>\n")
	g.workflowBytes += int64(b.Len())
	g.write(fmt.Sprintf("force-app/main/default/workflows/Thing%d__c.workflow-meta.xml", i), b.Bytes())
}

func (g *generator) other(s sort, i int) {
	var b bytes.Buffer
	if s.root != "" {
		b.WriteString(declaration + "<" + s.root + ` xmlns="http://soap.sforce.com/2006/04/metadata">` + "\n")
	}
	// A tenth of the flows and approval processes fire a message.
	if i%10 == 0 {
		switch s.root {
		case "Flow":
			fmt.Fprintf(&b, "    <actionCalls>\n        <name>Send</name>\n        <actionName>Thing%d__c.Send_0</actionName>\n        <actionType>outboundMessage</actionType>\n    </actionCalls>\n", i)
		case "ApprovalProcess":
			b.WriteString("    <finalApprovalActions>\n        <action>\n            <name>Send_0</name>\n            <type>OutboundMessage</type>\n        </action>\n    </finalApprovalActions>\n")
		}
	}
	block := s.block
	if strings.Contains(block, "%d") {
		block = fmt.Sprintf(block, i)
	}
	for size := g.size(s.low, s.usual); b.Len() < size; {
		b.WriteString(block)
	}
	switch s.root {
	case "Flow":
		b.WriteString("    <processType>AutoLaunchedFlow</processType>\n    <status>Active</status>\n")
	case "ApprovalProcess":
		b.WriteString("    <active>true</active>\n")
	}
	if s.root != "" {
		b.WriteString("</" + s.root + ">\n")
	}
	g.write("force-app/main/default/"+fmt.Sprintf(s.path, i, i%300), b.Bytes())
}

func (g *generator) write(name string, data []byte) {
	path := filepath.Join(g.root, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, data, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	g.files++
	g.bytes += int64(len(data))
}

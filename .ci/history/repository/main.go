// Command repository writes a git repository of an invented org, as a stream for
// git fast-import: some hundred workflow files that many commits change, among the
// other files of a Salesforce project.
//
//	go run ./.ci/history/repository -commits 20000 | git -C new.git fast-import --quiet
package main

import (
	"bufio"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"
)

func main() {
	var g generator
	flag.IntVar(&g.commits, "commits", 20_000, "how many commits")
	flag.IntVar(&g.files, "workflows", 300, "how many workflow files they touch")
	flag.IntVar(&g.others, "others", 4000, "how many other files there are, of which every commit changes one")
	flag.IntVar(&g.every, "every", 1, "one in so many commits touches a workflow file, the others only a class or a layout")
	flag.Parse()
	g.out = bufio.NewWriterSize(os.Stdout, 1<<20)
	g.random = rand.New(rand.NewPCG(1, 2))
	g.write()
	if err := g.out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const (
	messages = 8 // in each workflow file

	folder = "force-app/main/default/"

	trunkBranch, sideBranch = "refs/heads/main", "refs/heads/feature"
	// sideEvery is how often a branch leaves the trunk; it comes back after sideLength commits.
	sideEvery, sideLength = 40, 5
)

type generator struct {
	commits, files, others, every int
	out                           *bufio.Writer
	random                        *rand.Rand
	// flags, addresses and rules are what the workflow files say.
	flags     [][messages]bool
	addresses [][messages]int
	rules     []int
	versions  []int
	// side are the files that the branch changed, which its merge brings.
	side map[string]string
}

// first and last are the days between which the commits lie; the cut-off is in between.
var first, last = time.Date(2019, 1, 7, 8, 0, 0, 0, time.UTC), time.Date(2026, 6, 30, 18, 0, 0, 0, time.UTC)

func (g *generator) write() {
	g.flags, g.addresses = make([][messages]bool, g.files), make([][messages]int, g.files)
	g.rules, g.versions = make([]int, g.files), make([]int, g.others)
	for f := range g.flags {
		for m := range messages {
			g.flags[f][m] = g.random.IntN(2) == 0
		}
	}
	trunk, side, onSide := 0, 0, 0
	g.side = map[string]string{}
	for i := 1; i <= g.commits; i++ {
		var merged int
		branch, parent := trunkBranch, trunk
		switch {
		case onSide > 0:
			branch, parent = sideBranch, side
			onSide--
		case side > 0:
			merged = side
		case i > 1 && i%sideEvery == 0:
			branch, onSide = sideBranch, sideLength-1
		}
		g.commit(i, branch, parent, merged)
		switch {
		case branch == sideBranch:
			side = i
		default:
			trunk, side = i, 0
		}
		if i%(g.commits/20+1) == 0 {
			fmt.Fprintf(g.out, "reset refs/tags/v%d\nfrom :%d\n\n", i, i)
		}
	}
	fmt.Fprintln(g.out, "done")
}

func (g *generator) commit(i int, branch string, parent, merged int) {
	at := first.Add(time.Duration(float64(last.Sub(first)) * float64(i) / float64(g.commits)))
	who := fmt.Sprintf("Dev %d <dev%d@acme.example> %d +0100", i%9, i%9, at.Unix())
	fmt.Fprintf(g.out, "commit %s\nmark :%d\nauthor %s\ncommitter %s\n", branch, i, who, who)
	g.data(fmt.Sprintf("Change %d", i))
	if parent > 0 {
		fmt.Fprintf(g.out, "from :%d\n", parent)
	}
	if merged > 0 {
		fmt.Fprintf(g.out, "merge :%d\n", merged)
		for _, name := range slices.Sorted(maps.Keys(g.side)) {
			g.file(name, g.side[name])
		}
		clear(g.side)
	}
	if i == 1 {
		for f := range g.files {
			g.file(g.workflow(f))
		}
		for f := range g.others {
			g.file(g.other(f))
		}
		fmt.Fprintln(g.out)
		return
	}
	changed := [][2]string{}
	add := func(name, text string) { changed = append(changed, [2]string{name, text}) }
	if g.others > 0 {
		add(g.other(g.random.IntN(g.others)))
	}
	if i%g.every == 0 {
		f := g.random.IntN(g.files)
		g.change(f)
		add(g.workflow(f))
	}
	for _, c := range changed {
		g.file(c[0], c[1])
		if branch != trunkBranch {
			g.side[c[0]] = c[1]
		}
	}
	fmt.Fprintln(g.out)
}

func (g *generator) file(name, text string) {
	fmt.Fprintf(g.out, "M 100644 inline %q\n", name)
	g.data(text)
}

// change is one of those that happen to a workflow file: mostly to a rule.
func (g *generator) change(f int) {
	switch m := g.random.IntN(messages); g.random.IntN(10) {
	case 0:
		g.flags[f][m] = !g.flags[f][m]
	case 1:
		g.addresses[f][m]++
	default:
		g.rules[f]++
	}
}

// other writes a class or a layout, which no scan has to read.
func (g *generator) other(f int) (name, text string) {
	g.versions[f]++
	name = fmt.Sprintf("%sclasses/group%d/Class%d.cls", folder, f%20, f)
	if f%2 == 0 {
		name = fmt.Sprintf("%slayouts/Object%d__c-Layout %d.layout-meta.xml", folder, f%200, f)
	}
	text = fmt.Sprintf("// version %d\n", g.versions[f]) + strings.Repeat(fmt.Sprintf("public class Class%d { void run() { System.debug('x'); } }\n", f), 20)
	return name, text
}

func (g *generator) workflow(f int) (name, text string) {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Workflow xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n")
	for i := range 6 {
		fmt.Fprintf(&b, "    <fieldUpdates>\n        <fullName>Set_%d</fullName>\n        <field>Status__c</field>\n        <formula>TODAY() + %d</formula>\n        <name>Set %d</name>\n        <notifyAssignee>false</notifyAssignee>\n        <operation>Formula</operation>\n        <protected>false</protected>\n        <reevaluateOnChange>false</reevaluateOnChange>\n    </fieldUpdates>\n", i, i, i)
	}
	for m := range messages {
		fmt.Fprintf(&b, `    <outboundMessages>
        <fullName>Send_%d</fullName>
        <apiVersion>58.0</apiVersion>
        <endpointUrl>https://hooks%d.acme.example/object%d/%d</endpointUrl>
        <fields>Id</fields>
        <fields>Name</fields>
        <fields>LastModifiedDate</fields>
        <includeSessionId>%t</includeSessionId>
        <integrationUser>integration@acme.example</integrationUser>
        <name>Send %d</name>
        <protected>false</protected>
        <useDeadLetterQueue>false</useDeadLetterQueue>
    </outboundMessages>
`, m, f%40, f, g.addresses[f][m], g.flags[f][m], m)
	}
	for i := range 10 {
		fmt.Fprintf(&b, `    <rules>
        <fullName>Rule %d</fullName>
        <actions>
            <name>Send_%d</name>
            <type>OutboundMessage</type>
        </actions>
        <active>true</active>
        <criteriaItems>
            <field>Object%d__c.Amount__c</field>
            <operation>greaterThan</operation>
            <value>%d</value>
        </criteriaItems>
        <triggerType>onCreateOrTriggeringUpdate</triggerType>
    </rules>
`, i, i%messages, f, i*1000+g.rules[f]%(i+2))
	}
	b.WriteString("</Workflow>\n")
	return fmt.Sprintf("%sworkflows/Object%d__c.workflow-meta.xml", folder, f), b.String()
}

func (g *generator) data(text string) { fmt.Fprintf(g.out, "data %d\n%s\n", len(text), text) }

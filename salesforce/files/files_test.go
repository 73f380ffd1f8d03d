package files

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
)

const (
	message = `<fullName>Send_order</fullName><endpointUrl>https://hooks.example.com/sf</endpointUrl><includeSessionId>true</includeSessionId><name>Send order</name>`
	rule    = `<rules><fullName>Changed</fullName><actions><name>SEND_ORDER</name><type>OutboundMessage</type></actions><active>true</active></rules>`

	workflowFile = `<Workflow><outboundMessages>` + message + `</outboundMessages>` + rule + `</Workflow>`
	messageFile  = `<WorkflowOutboundMessage>` + message + `</WorkflowOutboundMessage>`
	ruleFile     = `<WorkflowRule><actions><name>Send_order</name><type>OutboundMessage</type></actions><active>false</active></WorkflowRule>`
	flowFile     = `<Flow><actionCalls><actionName>Account.send_order</actionName><actionType>outboundMessage</actionType></actionCalls><status>Active</status></Flow>`
	approvalFile = `<ApprovalProcess><active>true</active><finalApprovalActions><action><name>Send_order</name><type>OutboundMessage</type></action></finalApprovalActions></ApprovalProcess>`
	processFile  = `<EntitlementProcess><milestones><milestoneName>M</milestoneName><successActions><name>Send_order</name><type>OutboundMessage</type></successActions></milestones></EntitlementProcess>`
)

// entry is a file of a test source.
type entry struct{ name, content string }

var noon = time.Date(2026, 1, 14, 12, 0, 0, 0, time.UTC)

// folder writes files into a new folder.
func folder(t *testing.T, entries ...entry) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "acme")
	if err := os.MkdirAll(root, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		path := filepath.Join(root, filepath.FromSlash(e.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(e.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, noon, noon); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func mustRead(t *testing.T, path string, o Options) salesforce.Findings {
	t.Helper()
	found, err := Read(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// where names every message and user with its file.
func where(f salesforce.Findings) (lines []string) {
	for _, m := range f.Messages {
		lines = append(lines, m.Key()+" in "+m.File)
	}
	for _, u := range f.Users {
		lines = append(lines, u.Name+" fires "+u.Message+" in "+u.File)
	}
	return lines
}

// problems names every problem with its file.
func problems(f salesforce.Findings) (lines []string) {
	for _, p := range f.Problems {
		lines = append(lines, p.File+": "+p.Message)
	}
	return lines
}

func TestFolderInEveryLayout(t *testing.T) {
	root := folder(t,
		entry{"src/workflows/Account.workflow", workflowFile},
		entry{"force-app/main/default/workflows/Case.workflow-meta.xml", workflowFile},
		entry{"force-app/main/default/workflows/Lead/Lead.workflow-meta.xml", "<Workflow/>"},
		entry{"force-app/main/default/workflows/Lead/workflowOutboundMessages/Send_order.workflowOutboundMessage-meta.xml", messageFile},
		entry{"force-app/main/default/workflows/Lead/workflowRules/Changed.workflowRule-meta.xml", ruleFile},
		entry{"approvalProcesses/Lead.Approve.approvalProcess-meta.xml", approvalFile},
		entry{"flows/Send.flow-meta.xml", flowFile},
		entry{"entitlementProcesses/Gold.entitlementProcess", processFile},
		entry{"deep/" + strings.Repeat("d/", 40) + "Order__c.workflow", workflowFile},
		entry{".git/workflows/Account.workflow", "<broken"},
		entry{"sub/node_modules/x/workflows/Account.workflow", "<broken"},
		entry{"lib/index.js.flow", "declare module.exports: any"},
		entry{"README.md", "x"},
	)
	asOf, now := noon.AddDate(0, 0, -1), noon.AddDate(0, 10, 0)
	found := mustRead(t, root, Options{AsOf: asOf, Now: func() time.Time { return now }})
	want := []string{
		"Order__c.Send_order in deep/" + strings.Repeat("d/", 40) + "Order__c.workflow",
		"Case.Send_order in force-app/main/default/workflows/Case.workflow-meta.xml",
		"Lead.Send_order in force-app/main/default/workflows/Lead/workflowOutboundMessages/Send_order.workflowOutboundMessage-meta.xml",
		"Account.Send_order in src/workflows/Account.workflow",
		"Lead.Approve fires Lead.Send_order in approvalProcesses/Lead.Approve.approvalProcess-meta.xml",
		"Order__c.Changed fires Order__c.Send_order in deep/" + strings.Repeat("d/", 40) + "Order__c.workflow",
		"Gold fires Case.Send_order in entitlementProcesses/Gold.entitlementProcess",
		"Send fires Account.Send_order in flows/Send.flow-meta.xml",
		"Case.Changed fires Case.Send_order in force-app/main/default/workflows/Case.workflow-meta.xml",
		"Lead.Changed fires Lead.Send_order in force-app/main/default/workflows/Lead/workflowRules/Changed.workflowRule-meta.xml",
		"Account.Changed fires Account.Send_order in src/workflows/Account.workflow",
	}
	if got := where(found); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	source := found.Source
	if !strings.HasPrefix(source.ID, "files-") || len(source.ID) != 22 {
		t.Errorf("id %q", source.ID)
	}
	source.ID = ""
	expected := salesforce.Source{Kind: salesforce.SourceFolder, Name: "acme", At: now, AsOf: asOf, FileTime: source.FileTime, Complete: true}
	if !reflect.DeepEqual(source, expected) || !source.FileTime.Equal(noon) || len(found.Problems) > 0 {
		t.Errorf("source %+v, problems %v", source, found.Problems)
	}
}

// A decomposed file's object may be the name of a folder above the one given.
func TestObjectAboveTheFolder(t *testing.T) {
	root := folder(t, entry{"workflows/Lead/workflowOutboundMessages/Send_order.workflowOutboundMessage-meta.xml", messageFile})
	for _, path := range []string{"workflows/Lead", "workflows/Lead/workflowOutboundMessages", "workflows/Lead/workflowOutboundMessages/Send_order.workflowOutboundMessage-meta.xml"} {
		found := mustRead(t, filepath.Join(root, path), Options{})
		if len(found.Messages) != 1 || found.Messages[0].Key() != "Lead.Send_order" {
			t.Errorf("%s: %v", path, where(found))
		}
	}
	t.Chdir(filepath.Join(root, "workflows", "Lead"))
	if found := mustRead(t, ".", Options{}); len(found.Messages) != 1 || found.Source.Name != "Lead" || found.Messages[0].Object != "Lead" {
		t.Errorf("from inside: %+v", found)
	}
}

func TestSameContentIsTheSameSource(t *testing.T) {
	files := []entry{{"src/a/Account.workflow", workflowFile}, {"src/flows/Send.flow", flowFile}}
	one := mustRead(t, folder(t, files...), Options{})
	two := mustRead(t, folder(t, append(files, entry{"README.md", "irrelevant"})...), Options{AsOf: noon, Name: "other"})
	if one.Source.ID != two.Source.ID || two.Source.Name != "other" {
		t.Errorf("%+v and %+v", one.Source, two.Source)
	}
	zip := mustRead(t, zipFile(t, files...), Options{})
	if one.Source.ID != zip.Source.ID {
		t.Error("a folder and the zip of it are two sources")
	}
	moved := mustRead(t, folder(t, entry{"z/Account.workflow", workflowFile}, entry{"a/Send.flow", flowFile}), Options{})
	if one.Source.ID != moved.Source.ID {
		t.Error("files that moved are another source")
	}
	for name, changed := range map[string]entry{
		"content":       {"src/a/Account.workflow", workflowFile + "\n"},
		"object":        {"src/workflows/Case.workflow", workflowFile},
		"one file more": {"src/workflows/Case.workflow", workflowFile},
	} {
		if got := mustRead(t, folder(t, changed, files[1]), Options{}); got.Source.ID == one.Source.ID {
			t.Errorf("other %s, same id", name)
		}
	}
}

func TestBrokenFilesAreProblemsAndTheRestGoesOn(t *testing.T) {
	found := mustRead(t, folder(t,
		entry{"workflows/A.workflow", "<Workflow>\n\n<outboundMessages>"},
		entry{"workflows/B.workflow", workflowFile},
		entry{"flows/Nothing.flow-meta.xml", "<Flow>\n<<<<<<< HEAD\n</Flow>"},
		entry{"workflows/C.workflow", ""},
		entry{"workflows/D.workflow", "<Workflow><outboundMessages>" + message + "\n<includeSessionId>maybe</includeSessionId></outboundMessages></Workflow>"},
	), Options{Name: "backup"})
	want := []salesforce.Problem{
		{Source: "backup", File: "flows/Nothing.flow-meta.xml", Line: 2, Message: "an unresolved merge conflict begins here; some of its marks are gone, and what stands around the others was read"},
		{Source: "backup", File: "workflows/A.workflow", Line: 3, Message: "not well-formed: unexpected EOF"},
		{Source: "backup", File: "workflows/C.workflow", Line: 1, Message: "there is no XML in it"},
		{Source: "backup", File: "workflows/D.workflow", Line: 2, Message: `includeSessionId is "maybe", neither true nor false`},
	}
	if !reflect.DeepEqual(found.Problems, want) || found.Source.Complete {
		t.Errorf("problems %+v, complete %v", found.Problems, found.Source.Complete)
	}
	if got := where(found); len(got) != 3 || got[0] != "B.Send_order in workflows/B.workflow" || got[1] != "D.Send_order in workflows/D.workflow" {
		t.Errorf("found %v", got)
	}
}

func TestNothingRelevantIsANotice(t *testing.T) {
	found := mustRead(t, folder(t, entry{"README.md", "x"}), Options{})
	want := []salesforce.Problem{{Source: "acme", Message: "no workflow files found below acme", Notice: true}}
	if !reflect.DeepEqual(found.Problems, want) || !found.Source.Complete || found.Source.ID == "" {
		t.Errorf("%+v", found)
	}
}

func TestSingleFile(t *testing.T) {
	root := folder(t, entry{"Account.workflow-meta.xml", workflowFile}, entry{"notes.txt", "x"})
	found := mustRead(t, filepath.Join(root, "Account.workflow-meta.xml"), Options{})
	if s := found.Source; s.Kind != salesforce.SourceFile || s.Name != "Account.workflow-meta.xml" || !s.FileTime.Equal(noon) {
		t.Errorf("source %+v", s)
	}
	if got := where(found); len(got) != 2 || got[0] != "Account.Send_order in Account.workflow-meta.xml" {
		t.Errorf("found %v", got)
	}
}

func TestSourcesThatAreNone(t *testing.T) {
	whole := zipFile(t, entry{"workflows/Account.workflow", workflowFile})
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	root := folder(t, entry{"notes.txt", "x"}, entry{"fake.zip", "this is no zip"}, entry{"empty.zip", ""},
		entry{"cut.zip", string(data[:len(data)-30])}, entry{"cut", string(data[:len(data)-30])},
		entry{"changed.zip", string(bytes.Replace(data, []byte("PK\x01\x02"), []byte("PK\x01\x03"), 1))})
	for name, want := range map[string]error{
		"missing": ErrNotFound, "missing/workflows": ErrNotFound, "notes.txt": ErrNotMetadata, "fake.zip": ErrNotZip,
		"empty.zip": ErrNotZip, "cut.zip": ErrNotZip, "cut": ErrNotZip, "changed.zip": ErrNotZip,
	} {
		path := filepath.Join(root, name)
		_, err := Read(t.Context(), path, Options{})
		bad, ok := errors.AsType[*salesforce.SourceError](err)
		if !ok || !errors.Is(err, want) || bad.Hint() == "" || bad.Path != path || strings.Contains(err.Error(), "\n") || strings.Count(err.Error(), path) != 1 {
			t.Errorf("%s: %#v, want %v", name, err, want)
		}
	}
}

func TestCancelled(t *testing.T) {
	root := folder(t, entry{"workflows/Account.workflow", workflowFile})
	zip := zipFile(t, entry{"workflows/Account.workflow", workflowFile})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, path := range []string{root, zip, filepath.Join(root, "workflows", "Account.workflow")} {
		if found, err := Read(ctx, path, Options{}); !errors.Is(err, context.Canceled) || found.Messages != nil {
			t.Errorf("%s: %v, %v", path, err, found.Messages)
		}
	}
}

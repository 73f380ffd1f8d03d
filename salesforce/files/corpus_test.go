package files

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sidestep/salesforce"
)

// shared is a folder beside the repository with real files and what an
// independent parser finds in them. It is no part of the repository.
func shared(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real files at %s are not here", path)
	}
	return path
}

type truth struct {
	Repos map[string]struct {
		Files                 map[string][]truthMessage
		UsesWithoutDefinition []truthUser
	}
}

type truthMessage struct {
	Object, FullName, Name, EndpointURL string
	IncludeSessionID                    *bool
	IntegrationUser                     string
	APIVersion                          string
	Fields                              int
	Protected, UseDeadLetterQueue       bool
	UsedBy                              []truthUser
}

type truthUser struct {
	Type, Name, When, File  string
	Active                  bool
	Object, OutboundMessage string
}

// TestCorpusAgreesWithTruth compares every message and every user of the real
// repositories with what the independent parser found. There are no exceptions.
func TestCorpusAgreesWithTruth(t *testing.T) {
	dir := shared(t, "corpus")
	data, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want truth
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	if len(want.Repos) < 20 {
		t.Fatalf("only %d repositories in truth.json", len(want.Repos))
	}
	for _, repo := range slices.Sorted(maps.Keys(want.Repos)) {
		t.Run(repo, func(t *testing.T) {
			found, err := Read(t.Context(), filepath.Join(dir, repo), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !found.Source.Complete || len(found.Problems) > 0 {
				t.Errorf("problems in well-formed files: %+v", found.Problems)
			}
			expected := want.Repos[repo]
			var messages, users []string
			for file, list := range expected.Files {
				for _, m := range list {
					messages = append(messages, m.line(file))
					for _, u := range m.UsedBy {
						u.Object, u.OutboundMessage = m.Object, m.FullName
						users = append(users, u.line())
					}
				}
			}
			for _, u := range expected.UsesWithoutDefinition {
				users = append(users, u.line())
			}
			compare(t, "message", messagesOf(found), messages)
			compare(t, "user", usersOf(found), users)
		})
	}
}

func (m truthMessage) line(file string) string {
	version, err := strconv.ParseFloat(m.APIVersion, 64)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%s: %s.%s %q %q %v %s v%v %d fields %v %v", file, m.Object, m.FullName, m.Name, m.EndpointURL,
		flag(m.IncludeSessionID), m.IntegrationUser, version, m.Fields, m.Protected, m.UseDeadLetterQueue)
}

func messagesOf(f salesforce.Findings) (lines []string) {
	for _, m := range f.Messages {
		lines = append(lines, fmt.Sprintf("%s: %s %q %q %v %s v%v %d fields %v %v", m.File, m.Key(), m.Label, m.EndpointURL,
			flag(m.IncludeSessionID), m.IntegrationUser, m.APIVersion, len(m.Fields), m.Protected, m.UseDeadLetterQueue))
	}
	return lines
}

func (u truthUser) line() string {
	name := u.Name
	if u.Type == "rule" {
		name = u.Object + "." + name
	}
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	return strings.ToLower(fmt.Sprintf("%s: %s %s fires %s.%s %s active=%v", u.File, u.Type, name, u.Object, u.OutboundMessage, u.When, u.Active))
}

func usersOf(f salesforce.Findings) (lines []string) {
	types := map[salesforce.UserType]string{
		salesforce.WorkflowRule: "rule", salesforce.Flow: "flow", salesforce.ApprovalProcess: "approvalProcess",
	}
	for _, u := range f.Users {
		lines = append(lines, strings.ToLower(fmt.Sprintf("%s: %s %s fires %s %s active=%v", u.File, types[u.Type], u.Name, u.Message, moment(u), flag(u.Active))))
	}
	return lines
}

// moment turns our words back into the names that truth.json uses.
func moment(u salesforce.User) string {
	if u.Type == salesforce.Flow {
		return "AutoLaunchedFlow" // the only process type in the corpus
	}
	for words, name := range map[string]string{
		"immediately": "immediate", "initial submission": "initialSubmissionActions", "recall": "recallActions",
		"final approval": "finalApprovalActions", "final rejection": "finalRejectionActions",
		"approval of step ": "approvalActions", "rejection of step ": "rejectionActions",
	} {
		if strings.HasPrefix(u.When, words) {
			return name
		}
	}
	if strings.Contains(u.When, " after ") || strings.Contains(u.When, " before ") {
		return "timeTrigger"
	}
	return u.When
}

func flag(b *bool) string {
	if b == nil {
		return "unknown"
	}
	return strconv.FormatBool(*b)
}

// compare compares as sets: truth.json names an approval process once for each
// step, without saying which.
func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	got, want = slices.Compact(got), slices.Compact(want)
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("%s only here:     %s", what, line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("%s only in truth: %s", what, line)
		}
	}
}

func TestMalformedCorpus(t *testing.T) {
	found, err := Read(t.Context(), shared(t, "corpus-malformed"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if found.Source.Complete {
		t.Error("a source with broken files is said to be complete")
	}
	lines := map[string]int{}
	for _, p := range found.Problems {
		lines[filepath.Base(p.File)] = p.Line
	}
	// The other files of the folder have a byte order mark and are fine.
	want := map[string]int{
		"Booking_Journey_Update_Contact_Details.flow-meta.xml":             1467,
		"Associations__c.workflow":                                         696,
		"AH_Project_Backlog_AutoCreateNIProjectBacklogTasks.flow-meta.xml": 7,
		"Case_InvokeCRApprovalProcess.flow-meta.xml":                       33,
	}
	if !maps.Equal(lines, want) {
		t.Errorf("problems %v, want %v", lines, want)
	}
}

func TestDecomposedCorpus(t *testing.T) {
	found, err := Read(t.Context(), shared(t, "decomposed"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]bool{}
	for _, m := range found.Messages {
		if m.Key() != "Account.outboundmsg1" || flag(m.IncludeSessionID) != "false" {
			t.Errorf("%s: %s with flag %s", m.File, m.Key(), flag(m.IncludeSessionID))
		}
		files[filepath.Base(m.File)] = true
	}
	if !files["Account.workflow"] || !files["outboundmsg1.workflowOutboundMessage-meta.xml"] || !found.Source.Complete {
		t.Errorf("read from %v, complete: %v", files, found.Source.Complete)
	}
}

package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sidestep/salesforce"
)

// truth is what an independent parse of the real files found.
type truth struct {
	Repos map[string]struct {
		Files map[string][]struct {
			Object, FullName, EndpointURL, IntegrationUser, APIVersion string

			IncludeSessionID *bool
			Fields           int
			UsedBy           []truthUse
		}
		UsesWithoutDefinition []truthUse
		ParseErrors           map[string]any
	}
}

// truthUse is what fires a message; the message itself is only named where no
// file defines it.
type truthUse struct {
	Type, Name, File, When  string
	Active                  bool
	Object, OutboundMessage string
}

// use writes it as scanned uses are written. Setup shows names without escapes,
// and those of rules with their object.
func (u truthUse) use(object string) string {
	types := map[string]salesforce.UserType{"rule": salesforce.WorkflowRule, "approvalProcess": salesforce.ApprovalProcess, "flow": salesforce.Flow, "entitlementProcess": salesforce.EntitlementProcess}
	name := u.Name
	if u.Type == "rule" {
		name = object + "." + name
	}
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	return useText(types[u.Type], name, &u.Active, u.File)
}

func useText(kind salesforce.UserType, name string, active *bool, file string) string {
	return strings.ToLower(fmt.Sprintf("%s %s (%s) in %s", kind, name, flagText(active), file))
}

// usesText writes uses as a set. The truth names an approval process once for each step.
func usesText(uses []string) string {
	slices.Sort(uses)
	return strings.Join(slices.Compact(uses), "; ")
}

// fact is what both sides say about a definition.
type fact struct {
	file, object, name, url, flag, user, version string
	fields                                       int
	// users are what fires it, a set.
	users string
}

func flagText(b *bool) string {
	if b == nil {
		return "missing"
	}
	return strconv.FormatBool(*b)
}

// TestRealRepositoriesAgreeWithAnIndependentParse scans public repositories
// through the command and compares every message, what fires it, and what fires a
// message that is not there. There are no exceptions.
func TestRealRepositoriesAgreeWithAnIndependentParse(t *testing.T) {
	root := filepath.Join("..", "..", "shared", "corpus")
	data, err := os.ReadFile(filepath.Join(root, "truth.json"))
	if err != nil {
		t.Skipf("the real files are not here: %v", err)
	}
	var want truth
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	if len(want.Repos) < 5 {
		t.Fatalf("only %d repositories", len(want.Repos))
	}
	for name, repo := range want.Repos {
		t.Run(name, func(t *testing.T) {
			var expected []fact
			for file, messages := range repo.Files {
				for _, m := range messages {
					var uses []string
					for _, u := range m.UsedBy {
						uses = append(uses, u.use(m.Object))
					}
					version, err := strconv.ParseFloat(cmp.Or(m.APIVersion, "0"), 64)
					if err != nil {
						t.Fatal(err)
					}
					expected = append(expected, fact{file, m.Object, m.FullName, m.EndpointURL, flagText(m.IncludeSessionID), m.IntegrationUser, strconv.FormatFloat(version, 'f', 1, 64), m.Fields, usesText(uses)})
				}
			}
			for _, u := range repo.UsesWithoutDefinition {
				expected = append(expected, fact{object: u.Object, name: u.OutboundMessage, users: u.use(u.Object)})
			}
			// The truth names some uses several times.
			slices.SortFunc(expected, factOrder)
			expected = slices.Compact(expected)
			code := fine
			if len(repo.ParseErrors) > 0 {
				code = incomplete
			}
			compare(t, scanFacts(t, filepath.Join(root, name), code), expected)
		})
	}
}

// scanRead is what a scan wrote, read again.
type scanRead struct {
	scanJSON
	Messages []messageJSON `json:"messages"`
}

func scanFacts(t *testing.T, path string, code int) []fact {
	t.Helper()
	var out, words bytes.Buffer
	w := testWorld()
	w.Streams = Streams{Out: &out, Err: &words}
	if got := Run(context.Background(), w, []string{"scan", "--path", path, "--json", "--show-secrets"}); got != code {
		t.Fatalf("exit code %d, want %d: %s", got, code, words.String())
	}
	var found scanRead
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		t.Fatal(err)
	}
	if found.Complete != (code == fine) {
		t.Errorf("complete is %v", found.Complete)
	}
	var facts []fact
	for _, m := range found.Messages {
		var uses []string
		for _, u := range m.FiredBy {
			uses = append(uses, useText(u.Type, u.Name, u.Active, u.File))
		}
		facts = append(facts, fact{m.File, m.Object, m.FullName, m.EndpointURL, flagText(m.IncludeSessionID), m.IntegrationUser, strconv.FormatFloat(m.APIVersion, 'f', 1, 64), len(m.Fields), usesText(uses)})
		if m.IncludeSessionID != nil && *m.IncludeSessionID && m.Verdict != "sent" {
			t.Errorf("%s says true and is %s", m.Key, m.Verdict)
		}
	}
	for _, l := range found.Lost {
		object, name, _ := strings.Cut(l.Message, ".")
		facts = append(facts, fact{object: object, name: name, users: useText(l.Type, l.Name, l.Active, l.File)})
	}
	slices.SortFunc(facts, factOrder)
	return slices.Compact(facts)
}

func factOrder(a, b fact) int {
	return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.object, b.object), cmp.Compare(a.name, b.name), cmp.Compare(a.url, b.url), cmp.Compare(a.users, b.users))
}

func compare(t *testing.T, got, want []fact) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d messages, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("message %d:\n got %+v\nwant %+v", i, got[i], want[i])
		}
	}
}

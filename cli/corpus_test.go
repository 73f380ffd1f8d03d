package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// truth is what an independent parse of the real files found.
type truth struct {
	Repos map[string]struct {
		Files map[string][]struct {
			Object, FullName, EndpointURL, IntegrationUser, APIVersion string

			IncludeSessionID *bool
			Fields           int
		}
		ParseErrors map[string]any
	}
}

// fact is what both sides say about a definition.
type fact struct {
	file, object, name, url, flag, user, version string
	fields                                       int
}

func flagText(b *bool) string {
	if b == nil {
		return "missing"
	}
	return strconv.FormatBool(*b)
}

// TestRealRepositoriesAgreeWithAnIndependentParse scans public repositories
// through the command and compares every message.
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
					version, err := strconv.ParseFloat(cmp.Or(m.APIVersion, "0"), 64)
					if err != nil {
						t.Fatal(err)
					}
					expected = append(expected, fact{file, m.Object, m.FullName, m.EndpointURL, flagText(m.IncludeSessionID), m.IntegrationUser, strconv.FormatFloat(version, 'f', 1, 64), m.Fields})
				}
			}
			code := fine
			if len(repo.ParseErrors) > 0 {
				code = incomplete
			}
			compare(t, scanFacts(t, filepath.Join(root, name), code), expected)
		})
	}
}

func scanFacts(t *testing.T, path string, code int) []fact {
	t.Helper()
	var out, words bytes.Buffer
	w := testWorld()
	w.Streams = Streams{Out: &out, Err: &words}
	if got := Run(context.Background(), w, []string{"scan", "--path", path, "--json", "--show-secrets"}); got != code {
		t.Fatalf("exit code %d, want %d: %s", got, code, words.String())
	}
	var found scanJSON
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		t.Fatal(err)
	}
	if found.Complete != (code == fine) {
		t.Errorf("complete is %v", found.Complete)
	}
	var facts []fact
	for _, m := range found.Messages {
		facts = append(facts, fact{m.File, m.Object, m.FullName, m.EndpointURL, flagText(m.IncludeSessionID), m.IntegrationUser, strconv.FormatFloat(m.APIVersion, 'f', 1, 64), len(m.Fields)})
		if m.IncludeSessionID != nil && *m.IncludeSessionID && m.Verdict != "sent" {
			t.Errorf("%s says true and is %s", m.Key, m.Verdict)
		}
	}
	return facts
}

func compare(t *testing.T, got, want []fact) {
	t.Helper()
	order := func(a, b fact) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.object, b.object), cmp.Compare(a.name, b.name), cmp.Compare(a.url, b.url))
	}
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if len(got) != len(want) {
		t.Errorf("%d messages, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("message %d:\n got %+v\nwant %+v", i, got[i], want[i])
		}
	}
}

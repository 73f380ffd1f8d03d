package recipes

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// maxLines is what a developer reads in one go.
const maxLines = 160

// What every receiver has to do shows in its text; that it does it, .ci/recipes/run
// shows.
func TestRecipesAreWhole(t *testing.T) {
	for _, r := range List() {
		for _, v := range Variants {
			text := r.Text(v)
			if n := strings.Count(text, "\n"); n > maxLines || n < 60 {
				t.Errorf("%s %s has %d lines", r.Lang, v, n)
			}
			for _, want := range []string{"SF_ORG_ID", "SF_DOMAIN", "SF_CLIENT_ID", "SF_CLIENT_SECRET", "client_credentials", "<Ack>true</Ack>", "inbox", "done", "INVALID_SESSION_ID", "Salesforce sends again"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s %s has no %s", r.Lang, v, want)
				}
			}
			for _, never := range []string{"PartnerUrl", "EnterpriseUrl", "[rest]", "[soap]", "[end]"} {
				if strings.Contains(text, never) {
					t.Errorf("%s %s has %s", r.Lang, v, never)
				}
			}
			rest, soap := strings.Contains(text, "/services/data/"), strings.Contains(text, "/services/Soap/u/")
			if rest != (v == REST) || soap != (v == SOAP) {
				t.Errorf("%s %s: REST %v, SOAP %v", r.Lang, v, rest, soap)
			}
		}
	}
}

// Every file belongs to a recipe.
func TestNoSourceIsForgotten(t *testing.T) {
	files, err := fs.ReadDir(source, "_source")
	if err != nil || len(files) != len(List()) {
		t.Errorf("%d files, %d recipes, %v", len(files), len(List()), err)
	}
}

func TestFind(t *testing.T) {
	for name, lang := range map[string]string{"Go": "go", "C#": "csharp", "JavaScript": "node", "bash": "curl", "php": "php"} {
		if r, ok := Find(name); !ok || r.Lang != lang {
			t.Errorf("%s is %q", name, r.Lang)
		}
	}
	for other, lang := range also {
		if r, ok := Find(other); !ok || r.Lang != lang {
			t.Errorf("%s is %q", other, r.Lang)
		}
	}
	if _, ok := Find("cobol"); ok {
		t.Error("there is a recipe in COBOL")
	}
}

func TestWriteNeverReplaces(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new")
	r, _ := Find("curl")
	path, err := r.Write(folder, SOAP)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != r.Text(SOAP) {
		t.Errorf("%v, %d bytes", err, len(got))
	}
	if info, err := os.Stat(path); err != nil || os.PathSeparator == '/' && info.Mode().Perm()&0o100 == 0 {
		t.Errorf("the script can't be run: %v %v", info.Mode(), err)
	}
	if _, err := r.Write(folder, REST); !errors.Is(err, fs.ErrExist) {
		t.Errorf("%v", err)
	}
	if again, _ := os.ReadFile(path); string(again) != string(got) {
		t.Error("the file was replaced")
	}
}

// The metadata and the CI script go by the same words.
func TestRunWithIsAVersion(t *testing.T) {
	for _, r := range List() {
		if !regexp.MustCompile(`^\w+ \d+(\.\d+)?$`).MatchString(r.RunWith) {
			t.Errorf("%s was run with %q", r.Lang, r.RunWith)
		}
	}
}

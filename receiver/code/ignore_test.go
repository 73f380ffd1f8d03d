package code

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// gitIgnores asks git which of the paths below top are left out.
func gitIgnores(t *testing.T, top string, paths []string) map[string]bool {
	t.Helper()
	cmd := exec.Command("git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "-z", "--stdin")
	cmd.Dir = top
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\x00") + "\x00")
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); err != nil && (!ok || exit.ExitCode() != 1) {
		t.Skip("git check-ignore does not work here:", err)
	}
	ignored := map[string]bool{}
	for p := range bytes.SplitSeq(out, []byte{0}) {
		ignored[string(p)] = true
	}
	return ignored
}

func gitInit(t testing.TB, top string) {
	t.Helper()
	cmd := exec.Command("git", "init", "-q", top)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TEMPLATE_DIR=")
	if err := cmd.Run(); err != nil {
		t.Skip("there is no git here:", err)
	}
}

// ignoredBy walks as the search does and tells which of the files it leaves out.
func ignoredBy(top string, paths []string) map[string]bool {
	out := map[string]bool{}
	for _, p := range paths {
		r, _ := rulesAbove(top)
		at := ""
		parts := strings.Split(p, "/")
		for i, name := range parts {
			r = rulesAt(r, filepath.Join(top, filepath.FromSlash(at)), at)
			at = join(at, name)
			if r.ignores(at, i < len(parts)-1) {
				out[p] = true
				break
			}
		}
	}
	return out
}

var ignorePaths = strings.Fields("b.java c.log build/x.java src/build/y.java src/a.java src/gen/b.java src/gen/deep/c.java src/gen/keep.java docs/a.txt docs/sub/b.txt foo/bar foo/x/bar a/b/c/d.php x[1].js #hash !bang temp/.hidden deep/target/z.py z9.rb zA.rb")

func makeTree(t testing.TB, top string) {
	t.Helper()
	for _, p := range ignorePaths {
		full := filepath.Join(top, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestIgnoresWhatGitIgnores(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"names and endings": {".gitignore": "*.log\nbuild/\n!c.log\n"},
		"anchored":          {".gitignore": "/build\nsrc/gen/*\n!src/gen/keep.java\n"},
		"stars":             {".gitignore": "**/gen\ndocs/**\nfoo/**/bar\na/**/d.php\nb**/*\n"},
		"nested":            {".gitignore": "*.java\n", "src/.gitignore": "!*.java\n/build/\n", "src/gen/.gitignore": "keep.java\n"},
		"escapes":           {".gitignore": "\\#hash\n\\!bang\nx\\[1\\].js\n"},
		"classes":           {".gitignore": "z[0-9].rb\nz[[:upper:]].rb\n[!a-y]9.rb\n[abc\n[a-0]\n"},
		"exclude":           {".git/info/exclude": "docs/sub\n", ".gitignore": "foo/bar\n"},
		"spaces":            {".gitignore": "b.java   \nc.log\\ \n\n# nothing\n!\n/\n"},
		"parent left out":   {".gitignore": "src/\n!src/a.java\n"},
	} {
		t.Run(name, func(t *testing.T) {
			top := t.TempDir()
			gitInit(t, top)
			makeTree(t, top)
			for f, text := range files {
				full := filepath.Join(top, f)
				if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, got := gitIgnores(t, top, ignorePaths), ignoredBy(top, ignorePaths)
			for _, p := range ignorePaths {
				if want[p] != got[p] {
					t.Errorf("%s: git leaves it out: %v, we do: %v", p, want[p], got[p])
				}
			}
		})
	}
}

// FuzzIgnore compares with git. What only we leave out would hide a receiver.
func FuzzIgnore(f *testing.F) {
	for _, s := range []string{"*.java\n!b.java", "**/x", "foo/**", "/a", "[a-c]", "src/*/b.java", "a**b", "\\*", "x[[1]].js", "***", "***/a", `**\/bar`, `foo/***\/x`, "**/**/bar", "foo/*/", "?.log"} {
		f.Add(s)
	}
	top := f.TempDir()
	gitInit(f, top)
	makeTree(f, top)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") || len(text) > 200 {
			return
		}
		if err := os.WriteFile(filepath.Join(top, ".gitignore"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		want, got := gitIgnores(t, top, ignorePaths), ignoredBy(top, ignorePaths)
		for _, p := range ignorePaths {
			if want[p] != got[p] {
				t.Errorf("%q, %s: git leaves it out: %v, we do: %v", text, p, want[p], got[p])
			}
		}
	})
}

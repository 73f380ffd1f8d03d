package app

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// there finds the programs that are named, as they are.
func there(names ...string) func(string) (string, error) {
	return func(name string) (string, error) {
		if slices.Contains(names, name) {
			return name, nil
		}
		return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
	}
}

func TestTheEditorIsWhatTheEnvironmentSays(t *testing.T) {
	const notepad, spaced = `C:\Program Files\Notepad++\notepad++.exe`, "/opt/my editor/ed"
	for _, c := range []struct {
		visual, editor, system string
		look                   func(string) (string, error)
		want                   []string
	}{
		{"emacs", "vi", "linux", there("emacs", "vi"), []string{"emacs"}},
		{" ", "vi", "linux", there("emacs", "vi"), []string{"vi"}},
		{"", "code --wait", "linux", there("code"), []string{"code", "--wait"}},
		{"", `"` + notepad + `" -n`, "windows", there(notepad), []string{notepad, "-n"}},
		{"", `"` + notepad + `"`, "windows", there(notepad), []string{notepad}},
		{"", notepad, "windows", there(notepad), []string{notepad}},
		{"", `C:\ed.exe -title 'a b'`, "windows", there(`C:\ed.exe`), []string{`C:\ed.exe`, "-title", "'a", "b'"}},
		{"", spaced, "darwin", there(spaced), []string{spaced}},
		{"", `/opt/my\ editor/ed -t "a \"b\" \c" 'd\e' ''`, "darwin", there(spaced), []string{spaced, "-t", `a "b" \c`, `d\e`, ""}},
		{"", `"C:\Program Files\x.exe" -n`, "linux", there(`C:\Program Files\x.exe`), []string{`C:\Program Files\x.exe`, "-n"}},
		{"", "ed; rm -rf $HOME `x` | y > z", "linux", there("ed;"), []string{"ed;", "rm", "-rf", "$HOME", "`x`", "|", "y", ">", "z"}},
		{"", "", "linux", there("nano", "vi"), []string{"nano"}},
		{"", "", "darwin", there("vi"), []string{"vi"}},
		{"", "", "windows", there("notepad"), []string{"notepad"}},
	} {
		if got, err := editorCommand(c.visual, c.editor, c.system, c.look); !slices.Equal(got, c.want) || err != nil {
			t.Errorf("%q, %q on %s is %q, %v", c.visual, c.editor, c.system, got, err)
		}
	}
	for _, c := range []struct{ visual, editor, says string }{
		{"", "", "there is no editor: neither VISUAL nor EDITOR names one"},
		{"nowhere --x", "vi", `the editor "nowhere" of VISUAL can't be started: executable file not found`},
		{"", `"vi`, `EDITOR can't be read: a quote (") is not closed`},
		{"", `""`, "EDITOR can't be read: it names no program"},
	} {
		_, err := editorCommand(c.visual, c.editor, "linux", there())
		var advice *Advice
		if !errors.As(err, &advice) || !strings.HasPrefix(err.Error(), c.says) || !strings.Contains(advice.Hint(), "EDITOR") {
			t.Errorf("%q, %q: %v", c.visual, c.editor, err)
		}
	}
}

// editorScript makes EDITOR a script.
func editorScript(t *testing.T, script string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a Unix shell")
	}
	path := filepath.Join(t.TempDir(), "my editor")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VISUAL", "")
	t.Setenv("EDITOR", path)
	t.Setenv("TMPDIR", t.TempDir())
}

func TestATextIsEditedInAFileOfItsOwn(t *testing.T) {
	editorScript(t, `cat; echo "$TMPDIR" >&2; cp "$1" "$1~"; printf more >>"$1"`)
	path, err := Desktop{}.NewText("text ")
	if err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	var out, errs strings.Builder
	text, err := Desktop{}.Edit(path, strings.NewReader("typed"), &out, &errs)
	if string(text) != "text more" || err != nil || out.String() != "typed" || strings.TrimSpace(errs.String()) != os.Getenv("TMPDIR") {
		t.Errorf("%q, %v, shown %q and %q", text, err, out.String(), errs.String())
	}
	if err := (Desktop{}).RemoveText(path); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestAnEditorThatFailsSaysSo(t *testing.T) {
	for script, want := range map[string]struct{ text, says string }{
		`printf more >>"$1"; exit 3`:      {"text more", "failed (exit status 3)"},
		`rm "$1"`:                         {"", "the editor took the file away"},
		`head -c 1048577 /dev/zero >"$1"`: {strings.Repeat("\x00", 1<<20+1), "the text is larger than 1 MB"},
		`kill -9 $$`:                      {"text ", "failed (signal: killed)"},
		`rm "$1"; mkdir "$1"`:             {"", "read what was edited: "},
		`printf new >"$1.new"; mv "$1.new" "$1"; printf x >&2`: {"new", ""},
	} {
		t.Run(script, func(t *testing.T) {
			editorScript(t, script)
			path, err := Desktop{}.NewText("text ")
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			text, err := Desktop{}.Edit(path, strings.NewReader(""), &out, &out)
			if string(text) != want.text || (err == nil) != (want.says == "") || err != nil && !strings.Contains(err.Error(), want.says) {
				t.Errorf("%.40q, %v", text, err)
			}
		})
	}
}

//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// editorIn writes an editor as a script, in a folder with a blank in its name, and
// says what EDITOR has to be for it.
func editorIn(t *testing.T, home, script string) string {
	t.Helper()
	folder := filepath.Join(home, "my editors")
	if err := os.MkdirAll(filepath.Join(home, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "ed.sh")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nPATH=/usr/bin:/bin\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return `"` + path + `" --wait`
}

// onItsMail goes to the mail about the first endpoint.
func (d *desk) onItsMail() {
	d.t.Helper()
	d.signsInAlone()
	d.types("gj" + keyEnter)
	d.sees("‹Checklist 0/")
	d.types("m")
	d.sees("Subject ", "E editor")
}

// noTextIsLeft fails the test if a file of an editor is still there.
func noTextIsLeft(t *testing.T, home string) {
	t.Helper()
	if left, err := os.ReadDir(filepath.Join(home, "tmp")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// The editor has the terminal, in the mode that it had before, until it is closed.
func TestAMailIsEditedInTheEditorThatTheEnvironmentNames(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	editor := editorIn(t, home, `
[ "$1" = --wait ] || exit 9
stat -c '%a' "$2" >"$HOME/mode" 2>/dev/null || stat -f '%Lp' "$2" >"$HOME/mode"
stty -a >"$HOME/stty"
printf 'the editor is here\n'
read -r line
{ sed '/^$/q' "$2"; printf '%s\n' "$line"; } >"$2.new"
mv "$2.new" "$2"
`)
	d := sit(t, home, terminal{cols: 100, rows: 30, env: []string{"VISUAL=", "EDITOR=" + editor, "TMPDIR=" + filepath.Join(home, "tmp")}}, "demo")
	d.onItsMail()
	d.types("E")
	d.sees("the editor is here", "Sidestep waits until the editor is closed.")
	d.resizes(120, 40)
	d.types("Dear all, E q u\n")
	d.saved("edited by you", "Dear all, E q u", "The mail is as you saved it in the editor.")
	for file, want := range map[string]string{"mode": "600\n", "stty": " icanon"} {
		if got, err := os.ReadFile(filepath.Join(home, file)); err != nil || !strings.Contains(string(got), want) {
			t.Errorf("the editor saw %s %q, %v", file, got, err)
		}
	}
	noTextIsLeft(t, home)
	d.types("q")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	d.isRestored()
	again := sit(t, home, usual, "demo")
	again.sees("Northwind Traders")
	again.types(keyEnter)
	again.saved("‹Checklist 0/")
	again.types("m")
	again.sees("edited by you", "Dear all, E q u")
	again.types("q")
	again.ends()

	env := []string{"EDITOR=" + editor, "TMPDIR=" + filepath.Join(home, "tmp")}
	cmd := sit(t, home, terminal{cols: 100, rows: 30, env: env}, "email", "northwind.example/sf/orders", "--demo", "--edit", "--to", "jo@northwind.example", "--eml", filepath.Join(home, "mail.eml"))
	cmd.sees("the editor is here")
	cmd.types("As I wrote, Ann\n")
	if code := cmd.ends(); code != fine {
		t.Errorf("exit code %d:\n%s", code, cmd.screen())
	}
	file, err := os.ReadFile(filepath.Join(home, "mail.eml"))
	if err != nil || !strings.Contains(string(file), "To: <jo@northwind.example>") || !strings.HasSuffix(strings.TrimSpace(string(file)), "\r\n\r\nAs I wrote, Ann") {
		t.Errorf("%v: %s", err, file)
	}
	noTextIsLeft(t, home)
	editorIn(t, home, `printf nothing >"$2"`)
	cmd = sit(t, home, terminal{cols: 100, rows: 30, env: env}, "email", "northwind.example/sf/orders", "--demo", "--edit")
	code := cmd.ends()
	cmd.sees("what you wrote is in ", "line 1 is none of To, Cc and Subject", "hint: ")
	if code != failed || strings.Contains(cmd.screen(), "Subject: ") {
		t.Errorf("exit code %d:\n%s", code, cmd.screen())
	}
}

// An editor that is gone at once must not leave a blank screen, however often; nor
// must one that fails.
func TestEditorsThatEndAtOnceLeaveTheScreen(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	editor := editorIn(t, home, `
n=$(cat "$HOME/n" 2>/dev/null || echo 0)
n=$((n + 1))
echo $n >"$HOME/n"
[ $n -le 8 ] && exit 0
[ $n = 9 ] && exit 7
[ $n = 10 ] && rm "$2"
[ $n = 11 ] && : >"$2"
[ $n = 12 ] && printf 'no mail at all' >"$2"
exit 0
`)
	d := sit(t, home, terminal{cols: 100, rows: 30, env: []string{"EDITOR=" + editor, "TMPDIR=" + filepath.Join(home, "tmp")}}, "demo")
	d.onItsMail()
	for range 8 {
		d.types("E")
		d.sees("Nothing was changed.", "Subject ")
		d.types("g")
		d.sees("E editor", "Subject ")
	}
	for _, says := range []string{"failed (exit status 7)", "the editor took the file away", "the text came back empty"} {
		d.types("E")
		d.sees("The draft is as it was:", says, "hint: ", "Subject ", "E editor")
		noTextIsLeft(t, home)
	}
	d.types("E")
	d.sees("The draft is as it was: line 1 is none of To, Cc and Subject.", "E goes on with your")
	d.types("q")
	d.ends()
	d.isRestored()
	kept, err := filepath.Glob(filepath.Join(home, "tmp", "sidestep-mail-*", "mail.txt"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept: %v, %v", kept, err)
	}
	if text, err := os.ReadFile(kept[0]); err != nil || string(text) != "no mail at all" {
		t.Errorf("kept: %q, %v", text, err)
	}
}

func TestWithoutAnEditorTheMailSaysWhatToSet(t *testing.T) {
	t.Parallel()
	d := sit(t, t.TempDir(), terminal{cols: 100, rows: 30}, "demo")
	d.onItsMail()
	d.types("E")
	d.sees("there is no editor: neither VISUAL nor EDITOR names one.", `hint: set VISUAL or EDITOR to its command, such as nano or "code --wait".`)
	d.types("q")
	d.ends()
	d.isRestored()
}

// Row "terminal ends": ctrl+z in the editor stops both, and fg goes on with both.
func TestTheEditorIsStoppedTogetherWithTheProgram(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	editor := editorIn(t, home, `
printf 'the editor is here\n'
kill -TSTP 0
read -r line
printf '%s\n' "$line" >>"$2"
`)
	d := inShell(t, home, "EDITOR="+editor, "TMPDIR="+filepath.Join(home, "tmp"))
	d.onItsMail()
	d.types("E")
	d.sees("the editor is here", "Stopped")
	d.types("echo the shell $((40 + 2))\n")
	d.sees("the shell 42")
	d.types("fg\n")
	d.types("the last line\n")
	d.sees("The mail is as you saved it in the editor.")
	d.types("G")
	d.sees("the last line")
	noTextIsLeft(t, home)
	d.types("q")
	d.sees("ready>")
}

// Row "terminal ends": ctrl+c while an editor with a window of its own is waited for
// quits, and what was saved there by then stays.
func TestCtrlCQuitsWhileTheEditorIsWaitedFor(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	editor := editorIn(t, home, "printf 'To:\\nSubject: my own\\n\\nwords' >\"$2\"; printf 'the editor is here\\n'; read -r line\n")
	d := sit(t, home, terminal{cols: 100, rows: 30, env: []string{"EDITOR=" + editor, "TMPDIR=" + filepath.Join(home, "tmp")}}, "demo")
	d.onItsMail()
	d.types("E")
	d.sees("the editor is here")
	d.types("\x03")
	d.ends()
	d.isRestored()
	kept, err := filepath.Glob(filepath.Join(home, "tmp", "sidestep-mail-*", "mail.txt"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept: %v, %v", kept, err)
	}
	again := sit(t, home, usual, "demo")
	again.sees("Northwind Traders")
	again.types(keyEnter)
	again.saved("‹Checklist 0/")
}

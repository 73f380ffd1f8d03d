//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Row "two at once": the second window says who holds the work, and shows it.
func TestTheSecondWindowLooks(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	store, ids := clients(t, home, "Acme")
	first := sit(t, home, usual)
	first.sees("Acme")
	first.types(keyEnter)
	first.sees("‹Checklist 1/9›")
	second := sit(t, home, usual)
	second.sees("Acme", "open in process")
	second.types(keyEnter)
	second.sees("Acme is being worked on", "This work is open in process", "Look at it")
	second.types("j" + keyEnter)
	second.sees("READ-ONLY", "You are only looking", "‹Checklist 1/9›")
	second.types(" ")
	second.sees("nothing was changed, you are only looking")
	first.types("j ")
	first.saved("‹Checklist 2/9›")
	second.types("m")
	second.sees("Subject ")
	second.types("d")
	second.sees("Done, and not recorded: saved as")
	second.types("q")
	if code := second.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	first.types("q")
	first.ends()
	if l := letters(t, store, ids["Acme"]); len(l) != 0 {
		t.Errorf("the window that looked recorded %+v", l)
	}
	drafts, err := filepath.Glob(filepath.Join(home, "drafts", "*.eml"))
	if err != nil || len(drafts) != 1 {
		t.Errorf("drafts: %v, %v", drafts, err)
	}
}

// Row "other version": a newer file opens read-only and stays untouched.
func TestANewerFileIsLookedAt(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	_, ids := clients(t, home, "Acme")
	files, err := filepath.Glob(filepath.Join(home, "migrations", strings.ToLower(ids["Acme"])+"-*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err == nil {
		data = newerForm(data)
		err = os.WriteFile(files[0], data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	d := sit(t, home, usual)
	d.sees("Acme", "was saved by a newer version", "it can be looked at")
	d.types(keyEnter)
	d.sees("READ-ONLY", "You are only looking", "‹Checklist 1/9›")
	d.types("j ")
	d.sees("nothing was changed, you are only looking")
	d.types("q")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	if after, err := os.ReadFile(files[0]); err != nil || string(after) != string(data) {
		t.Errorf("the file was changed: %v", err)
	}
}

// Row "nowhere to write": a notice, and everything but saving.
func TestWithNowhereToWriteFilesAreLookedAt(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := filepath.Join(home, "a file")
	workflow := filepath.Join(home, "Account.workflow")
	for path, text := range map[string]string{file: "", workflow: hooksWorkflow} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	term := usual
	term.env = []string{"SIDESTEP_HOME=" + filepath.Join(file, "sidestep")}
	d := sit(t, home, term)
	d.sees("work cannot be saved here", "Open files")
	d.types("j" + keyEnter)
	d.sees("Path")
	d.types(workflow)
	d.sees("Account.workflow", "enter use it")
	d.types(keyEnter)
	d.sees("enter read")
	d.types("2026-01-17")
	d.sees("2026-01-17")
	d.types(keyEnter)
	d.sees("READ-ONLY", "You are only looking", "1 message")
	d.types("q")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	d.isRestored()
}

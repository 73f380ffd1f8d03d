//go:build unix

package files

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

func TestLinksStayInside(t *testing.T) {
	outside := folder(t, entry{"workflows/Case.workflow", workflowFile})
	root := folder(t, entry{"src/workflows/Account.workflow", workflowFile}, entry{".git/HEAD", "x"})
	for link, target := range map[string]string{
		"copy":            "src", // read where it lies
		"loop":            ".",   // not entered
		"linked.workflow": "src/workflows/Account.workflow",
		"away":            outside, // a problem
		"Case.workflow":   filepath.Join(outside, "workflows", "Case.workflow"),
		"broken.workflow": "nowhere",
		"notes.txt":       filepath.Join(outside, "workflows", "Case.workflow"), // does not matter
		"dangling.txt":    "nowhere",
		"node_modules":    outside,
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	found := mustRead(t, root, Options{})
	if got := where(found); len(got) != 2 || got[0] != "Account.Send_order in src/workflows/Account.workflow" {
		t.Errorf("found %v", got)
	}
	want := []string{
		"Case.workflow: the link leads out of the folder and was not followed",
		"away: the link leads out of the folder and was not followed",
		"broken.workflow: the link leads nowhere",
	}
	if got := problems(found); !slices.Equal(got, want) || found.Source.Complete {
		t.Errorf("problems %q", got)
	}
	// A folder that is named through a link is the folder.
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(outside, link); err != nil {
		t.Fatal(err)
	}
	if found := mustRead(t, link, Options{}); len(found.Messages) != 1 || found.Source.Name != "link" || !found.Source.Complete {
		t.Errorf("through a link: %+v", found)
	}
}

// Reading a pipe would wait for ever.
func TestPipesAreNotRead(t *testing.T) {
	root := folder(t, entry{"workflows/Account.workflow", workflowFile})
	pipe := filepath.Join(root, "workflows", "Case.workflow")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	found := mustRead(t, root, Options{})
	if got := problems(found); !slices.Equal(got, []string{"workflows/Case.workflow: it is no ordinary file and was not read"}) || len(found.Messages) != 1 {
		t.Errorf("problems %q", got)
	}
	for _, path := range []string{pipe, filepath.Join(root, "workflows", "Account.workflow", "x")} {
		if _, err := Read(t.Context(), path, Options{}); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	root := folder(t, entry{"a/A.workflow", workflowFile}, entry{"b/B.workflow", workflowFile}, entry{"c/C.workflow", workflowFile})
	for _, name := range []string{"a", "b/B.workflow"} {
		if err := os.Chmod(filepath.Join(root, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(root, "a"), 0o700) })
	found := mustRead(t, root, Options{})
	want := []string{"a: it may not be read: permission denied", "b/B.workflow: it may not be read: permission denied"}
	if got := problems(found); !slices.Equal(got, want) || len(found.Messages) != 1 {
		t.Errorf("problems %q", got)
	}
	if _, err := Read(t.Context(), filepath.Join(root, "a"), Options{}); err == nil {
		t.Error("a folder that may not be read was read")
	}
}

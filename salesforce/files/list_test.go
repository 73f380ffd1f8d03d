package files

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestListTellsWhatLiesInAFolder: all of it, also where the system needs several answers.
func TestListTellsWhatLiesInAFolder(t *testing.T) {
	dir := t.TempDir()
	for i := range 500 {
		name := fmt.Sprintf("%03d%s", i, strings.Repeat("é", 60))
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" { // there, links need a right
		if err := os.Symlink("folder", filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
	}
	if l, err := net.Listen("unix", filepath.Join(dir, "socket")); err == nil {
		defer l.Close()
	}
	want := map[string]fs.FileMode{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range entries {
		want[d.Name()] = d.Type()
	}
	all, err := list(dir)
	if err != nil || len(all) != len(want) {
		t.Errorf("%d entries, want %d (%v)", len(all), len(want), err)
	}
	for _, l := range all {
		is, there := want[l.name]
		if !there || l.kind.IsRegular() != is.IsRegular() || l.kind&(fs.ModeDir|fs.ModeSymlink) != is&(fs.ModeDir|fs.ModeSymlink) {
			t.Errorf("%q is %v, want %v", l.name, l.kind, is)
		}
	}
	if all, err := list(filepath.Join(dir, "folder")); len(all) > 0 || err != nil {
		t.Errorf("an empty folder: %v (%v)", all, err)
	}
	if _, err := list(filepath.Join(dir, "nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

package state

import (
	"errors"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// smallDisk mounts a file system of a given size, which only root may do.
func smallDisk(t *testing.T, size string) (dir string, remount func(options string)) {
	t.Helper()
	dir = t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no file system of its own can be mounted here: %s", out)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir, func(options string) {
		t.Helper()
		if out, err := exec.CommandContext(t.Context(), "mount", "-o", "remount,"+options, dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
}

func TestAFullDiskLeavesTheOldVersion(t *testing.T) {
	dir, remount := smallDisk(t, "64k")
	s := openStore(t, dir)
	m := worked(t)
	f := create(t, s, m)
	var err error
	saved := m
	for range 100 {
		m = m.AddNote(ordersKey, strings.Repeat("x", 1000), by(9))
		if err = f.Save(m); err != nil {
			break
		}
		saved = m
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("a full disk gives %v", err)
	}
	got, err := s.Peek(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, saved)
	noLeftovers(t, dir)

	// The work that is at hand is saved as soon as there is room.
	remount("size=1m")
	save(t, f, m)
	if got, err = s.Peek(m.ID); err != nil {
		t.Fatal(err)
	}
	equal(t, got, m)
}

func TestAFullDiskKeepsNobodyFromReading(t *testing.T) {
	dir, remount := smallDisk(t, "1m")
	closeFile(t, create(t, openStore(t, dir), worked(t)))
	remount("nr_inodes=3")
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !errors.Is(s.ReadOnly, ErrReadOnly) {
		t.Errorf("no inode is left: %v", s.ReadOnly)
	}
	if entries, err := s.List(); err != nil || len(entries) != 1 || entries[0].Err != nil {
		t.Errorf("listed as %+v, %v", entries, err)
	}
}

func TestAReadOnlyDiskShowsWhatIsSaved(t *testing.T) {
	dir, remount := smallDisk(t, "1m")
	closeFile(t, create(t, openStore(t, dir), worked(t)))
	remount("ro")
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !errors.Is(s.ReadOnly, ErrReadOnly) || !errors.Is(s.ReadOnly, syscall.EROFS) {
		t.Errorf("the reason is %v", s.ReadOnly)
	}
	if _, _, err := s.Open(northwind.ID); !errors.Is(err, ErrReadOnly) {
		t.Errorf("opening gives %v", err)
	}
	entries, err := s.List()
	if err != nil || len(entries) != 1 || entries[0].Err != nil || entries[0].HeldBy != "" {
		t.Fatalf("listed as %+v, %v", entries, err)
	}
	m, err := s.Peek(northwind.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, m, worked(t))
}

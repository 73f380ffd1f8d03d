package state

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

func openStore(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	if s.ReadOnly != nil {
		t.Fatal(s.ReadOnly)
	}
	return s
}

func create(t testing.TB, s *Store, m Migration) *File {
	t.Helper()
	f, err := s.Create(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func save(t testing.TB, f *File, m Migration) {
	t.Helper()
	if err := f.Save(m); err != nil {
		t.Fatal(err)
	}
}

func closeFile(t testing.TB, f *File) {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// equal compares migrations by their saved form.
func equal(t testing.TB, got, want Migration) {
	t.Helper()
	g, err := Encode(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(g) != string(w) {
		t.Fatalf("got  %s\nwant %s", g, w)
	}
}

func TestWhatIsSavedComesBack(t *testing.T) {
	dir := t.TempDir()
	m := worked(t)
	f := create(t, openStore(t, dir), m)
	for i := range 5 {
		m = m.AddNote(ordersKey, fmt.Sprint("note ", i), by(10+i))
		save(t, f, m)
	}
	m = m.Stand(ordersKey, by(20))
	save(t, f, m)
	closeFile(t, f)

	again, got, err := openStore(t, dir).Open(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	equal(t, got, m)
	if got.Seq != m.Seq || got.Place != ordersKey || len(got.Endpoints[ordersKey].Notes) != 6 {
		t.Errorf("got seq %d, place %q, %d notes", got.Seq, got.Place, len(got.Endpoints[ordersKey].Notes))
	}
	if !reflect.DeepEqual(got.Endpoints[ordersKey].Drafts, m.Endpoints[ordersKey].Drafts) {
		t.Error("the draft is not as it was left")
	}
}

func TestOnlyTheOwnerCanReadSavedWork(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no mode bits")
	}
	dir := filepath.Join(t.TempDir(), "a", "work")
	f := create(t, openStore(t, dir), worked(t))
	save(t, f, worked(t).AddNote(ordersKey, "x", by(9)))
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o700 {
		t.Errorf("folder has mode %v", info.Mode())
	}
	files, _ := os.ReadDir(dir)
	if len(files) < 4 {
		t.Fatalf("expected the file, a copy, the lock and its note, have %v", files)
	}
	for _, file := range files {
		if info, _ := file.Info(); info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", file.Name(), info.Mode())
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	openStore(t, dir)
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o700 {
		t.Errorf("a loose folder stays at mode %v", info.Mode())
	}
}

func TestIDsOfAllKindsGetFilesOfTheirOwn(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	ids := []string{
		"00D5g000001AbCdEAK", "00d5g000001abcdeak", "../../x", "..", "CON", "con", "a/b", `a\b`, "nul\x00byte", "*?[", " ",
		strings.Repeat("long", 75), strings.Repeat("long", 75) + "er", "Zürich", "a.json", "a.json.previous-000001-20261123",
	}
	for _, id := range ids {
		m := worked(t)
		m.ID = id
		closeFile(t, create(t, s, m))
	}
	for _, id := range ids {
		m, err := s.Peek(id)
		if err != nil || m.ID != id {
			t.Errorf("%q: got %q, %v", id, m.ID, err)
		}
	}
	outside, _ := os.ReadDir(filepath.Dir(dir))
	if len(outside) != 1 {
		t.Errorf("something was written outside of the folder: %v", outside)
	}
	entries, err := s.List()
	if err != nil || len(entries) != len(ids) {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

func TestListTellsAllAndTouchesNothing(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	older, newer := worked(t), worked(t).AddNote(ordersKey, "x", by(60))
	older.ID, older.Org.ID = "00D000000000001AAA", "00D000000000001AAA"
	closeFile(t, create(t, s, older))
	held := create(t, s, newer)
	bad := filepath.Join(dir, "junk.json")
	if err := os.WriteFile(bad, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := s.List()
		if err != nil || len(got) != 3 {
			t.Fatal(got, err)
		}
		if got[0].ID != newer.ID || got[1].ID != older.ID {
			t.Errorf("order: %s, %s", got[0].ID, got[1].ID)
		}
		if got[0].HeldBy == "" || got[1].HeldBy != "" {
			t.Errorf("held by %q and %q", got[0].HeldBy, got[1].HeldBy)
		}
		var damaged *DamagedError
		if !errors.As(got[2].Err, &damaged) || damaged.MovedTo != "" {
			t.Errorf("junk gives %v", got[2].Err)
		}
	}
	closeFile(t, held)
	if got, _ := s.List(); got[0].HeldBy != "" {
		t.Errorf("after closing it is held by %q", got[0].HeldBy)
	}
}

func TestNothingSavedIsNotAnError(t *testing.T) {
	s := openStore(t, filepath.Join(t.TempDir(), "none yet"))
	if entries, err := s.List(); len(entries) != 0 || err != nil {
		t.Error(entries, err)
	}
	if _, _, err := s.Open("x"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if _, err := s.Peek("x"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if _, _, err := s.Restore("x"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestCreateNeverReplaces(t *testing.T) {
	s := openStore(t, t.TempDir())
	m := worked(t)
	closeFile(t, create(t, s, m))
	if _, err := s.Create(New(northwind, by(0))); !errors.Is(err, ErrExists) {
		t.Fatal(err)
	}
	got, err := s.Peek(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, m)
	if _, err := s.Create(Migration{}); err == nil {
		t.Error("work without an id was saved")
	}
}

func TestAnOlderVersionNeverReplacesANewerOne(t *testing.T) {
	s := openStore(t, t.TempDir())
	m := worked(t)
	f := create(t, s, m)
	newer := m.AddNote(ordersKey, "newer", by(9))
	save(t, f, newer)
	var stale *StaleError
	if err := f.Save(m); !errors.As(err, &stale) || stale.OnDisk != newer.Seq {
		t.Fatal(err)
	}
	got, _ := s.Peek(m.ID)
	equal(t, got, newer)

	// Undo is newer, whatever the clock says.
	back := m.After(newer, Act{By: "ann", At: at(0).AddDate(-10, 0, 0)})
	save(t, f, back)
	got, _ = s.Peek(m.ID)
	equal(t, got, back)
}

func TestWhatAnotherMachineSavedIsNotLost(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	m := worked(t)
	f := create(t, s, m)
	// A shared folder brings a version that another machine saved.
	theirs := m
	for i := range 3 {
		theirs = theirs.AddNote(ordersKey, "theirs", by(30+i))
	}
	write := func(m Migration) {
		data, err := Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		path := s.path(m.ID)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(theirs)
	var stale *StaleError
	if err := f.Save(m.AddNote(ordersKey, "mine", by(31))); !errors.As(err, &stale) {
		t.Fatal(err)
	}
	got, _ := s.Peek(m.ID)
	equal(t, got, theirs)

	// An older one is replaced, but kept.
	older := m.AddNote(ordersKey, "theirs, older", by(32))
	write(older)
	for range 5 {
		m = m.AddNote(ordersKey, "mine", by(33))
	}
	save(t, f, m)
	closeFile(t, f)
	versions, err := versionsOf(s.path(m.ID))
	if err != nil || len(versions) == 0 {
		t.Fatal(versions, err)
	}
	kept, err := readMigration(versions[0].path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, kept, older)
}

func TestAPlaceWhereNothingCanBeWrittenIsReadOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		s, err := OpenStore(dir)
		if err != nil {
			t.Fatal(err)
		}
		if !errors.Is(s.ReadOnly, ErrReadOnly) {
			t.Errorf("%s: %v", dir, s.ReadOnly)
		}
		if _, err := s.Create(worked(t)); !errors.Is(err, ErrReadOnly) {
			t.Error(err)
		}
	}
}

func TestAClosedFileSavesNothing(t *testing.T) {
	s := openStore(t, t.TempDir())
	f := create(t, s, worked(t))
	closeFile(t, f)
	closeFile(t, f)
	if err := f.Save(worked(t).AddNote(ordersKey, "late", by(9))); err == nil {
		t.Error("saved after closing")
	}
}

func TestFailingSavesKeepTheOldVersionAndTheNextOneWorks(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	m := worked(t)
	f := create(t, s, m)
	next := m.AddNote(ordersKey, "next", by(9))

	// A value that has no JSON form fails before anything is written.
	broken := next
	broken.UpdatedAt = time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := f.Save(broken); err == nil {
		t.Fatal("a date in the year 12345 was saved")
	}
	// The folder goes away, like a stick that is pulled.
	aside := dir + ".aside"
	if err := os.Rename(dir, aside); err != nil {
		t.Skip("the folder is in use and cannot be moved here:", err)
	}
	if err := f.Save(next); err == nil {
		t.Fatal("saved into a folder that is gone")
	}
	if err := os.Rename(aside, dir); err != nil {
		t.Fatal(err)
	}
	got, err := s.Peek(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, m)
	// Something else stands in the place of the file.
	path := s.path(m.ID)
	if err := errors.Join(os.Rename(path, path+".aside"), os.Mkdir(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(next); err == nil {
		t.Fatal("saved over a folder")
	}
	noLeftovers(t, dir)
	if err := errors.Join(os.Remove(path), os.Rename(path+".aside", path)); err != nil {
		t.Fatal(err)
	}
	save(t, f, next)
	got, _ = s.Peek(m.ID)
	equal(t, got, next)
	noLeftovers(t, dir)
}

func noLeftovers(t testing.TB, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.Contains(f.Name(), saving) {
			t.Errorf("left behind: %s", f.Name())
		}
	}
}

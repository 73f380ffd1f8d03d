package state

import (
	"errors"
	"os"
	"testing"
)

// fromFiles is saved work that began with a folder.
func fromFiles(t *testing.T, s *Store) (*File, Migration) {
	t.Helper()
	m, _ := New(Org{Name: "january"}, by(0)).Merge(backup("january", message("Account", "A", ordersURL, flagged(true))), by(0))
	f := create(t, s, m)
	m = m.AddNote(ordersKey, "Bob knows", by(1))
	save(t, f, m)
	return f, m
}

func TestAdoptedWorkMovesToItsOrg(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	f, m := fromFiles(t, s)
	m = m.Adopt(northwind, by(2))
	save(t, f, m)
	if _, err := s.Peek("january"); !errors.Is(err, ErrNotFound) {
		t.Errorf("the file from before is still there: %v", err)
	}
	m = m.AddNote(ordersKey, "and Eve", by(3))
	save(t, f, m)
	var held *HeldError
	if _, _, err := openStore(t, dir).Open(northwind.ID); !errors.As(err, &held) {
		t.Errorf("the new name is not held: %v", err)
	}
	closeFile(t, f)
	f, got, err := s.Open(northwind.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, m)
	if len(f.versions) != 1 {
		t.Errorf("%d copies", len(f.versions))
	}
	closeFile(t, f)
	if entries, err := s.List(); err != nil || len(entries) != 1 {
		t.Errorf("listed as %+v, %v", entries, err)
	}
}

func TestAdoptionNeverTakesThePlaceOfOtherWork(t *testing.T) {
	s := openStore(t, t.TempDir())
	other := worked(t)
	theirs := create(t, s, other)
	f, m := fromFiles(t, s)
	adopted := m.Adopt(northwind, by(2))
	var held *HeldError
	if err := f.Save(adopted); !errors.As(err, &held) {
		t.Errorf("while the other is open: %v", err)
	}
	closeFile(t, theirs)
	if err := f.Save(adopted); !errors.Is(err, ErrExists) {
		t.Errorf("while the other is closed: %v", err)
	}
	got, err := s.Peek(northwind.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, other)
	save(t, f, m.AddNote(ordersKey, "on with the files", by(3)))
}

func TestWorkOfOneOrgIsNeverSavedAsAnothers(t *testing.T) {
	s := openStore(t, t.TempDir())
	m := worked(t)
	f := create(t, s, m)
	m.ID, m.Org.ID = "00D000000000001AAA", "00D000000000001AAA"
	if err := f.Save(m); err == nil {
		t.Error("saved into the file of another org")
	}
	if _, err := s.Peek(m.ID); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestAFileUnderTheWrongNameIsNotTakenForIt(t *testing.T) {
	s := openStore(t, t.TempDir())
	closeFile(t, create(t, s, worked(t)))
	data, err := os.ReadFile(s.path(northwind.ID))
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "00D000000000001AAA", data)
	var damaged *DamagedError
	if _, err := s.Peek("00D000000000001AAA"); !errors.As(err, &damaged) {
		t.Error(err)
	}
}

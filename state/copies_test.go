package state

import (
	"bytes"
	"fmt"
	"os"
	"testing"
)

func TestCopiesAreKeptForDaysOfWork(t *testing.T) {
	s := openStore(t, t.TempDir())
	m := worked(t)
	f := create(t, s, m)
	var last []string
	for day := range 12 {
		for i := range 3 {
			m = m.AddNote(ordersKey, fmt.Sprintf("day %d, %d", day, i), Act{By: "ann", At: at(i).AddDate(0, 0, day)})
			save(t, f, m)
		}
		last = append(last, fmt.Sprintf("day %d, 2", day))
	}
	check := func(f *File) {
		t.Helper()
		versions, err := versionsOf(s.path(m.ID))
		if err != nil || len(versions) != keptDays || len(f.versions) != keptDays {
			t.Fatal(len(versions), len(f.versions), err)
		}
		for i, v := range versions {
			got, err := readMigration(v.path)
			if err != nil {
				t.Fatal(err)
			}
			notes := got.Endpoints[ordersKey].Notes
			want := last[len(last)-1-i]
			if i == 0 {
				want = fmt.Sprintf("day %d, 1", len(last)-1)
			}
			if text := notes[len(notes)-1].Text; text != want {
				t.Errorf("copy %d ends with %q, want %q", i, text, want)
			}
		}
	}
	check(f)
	closeFile(t, f)
	f, _, err := s.Open(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	check(f)
}

func TestCopiesAreMadeWhereNothingCanBeLinked(t *testing.T) {
	s := openStore(t, t.TempDir())
	closeFile(t, create(t, s, worked(t)))
	path := s.path(northwind.ID)
	// A name that is taken makes the link fail.
	if err := os.WriteFile(path+".previous-000001-20261123", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	versions, err := keep(path, at(0), nil)
	if err != nil || len(versions) != 1 {
		t.Fatal(versions, err)
	}
	want, _ := os.ReadFile(path)
	if got, err := os.ReadFile(versions[0].path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the copy is not the file: %v", err)
	}
}

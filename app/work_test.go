package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sidestep/state"
)

// TestADamagedFileWithoutACopyIsNamedAndLeadsOn: its row at home has a name, and
// says what is left to do.
func TestADamagedFileWithoutACopyIsNamedAndLeadsOn(t *testing.T) {
	dir := t.TempDir()
	work, err := OpenWork(dir)
	if err != nil {
		t.Fatal(err)
	}
	m := state.New(state.Org{ID: "00D000000000001AAA", Name: "Northwind"}, state.Act{By: "Ann", At: time.Now()})
	h, err := work.Create(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.WriteFile(files[0], []byte(`{"schema"`), 0o600); err != nil {
		t.Fatal(err)
	}
	saved, err := work.List()
	if err != nil || len(saved) != 1 {
		t.Fatal(saved, err)
	}
	if s := saved[0]; s.Name != filepath.Base(files[0]) || s.Restorable || !strings.Contains(s.Trouble, "begin anew") {
		t.Errorf("listed as %+v", s)
	}
	var hint interface{ Hint() string }
	if _, _, err := work.Open(m.ID); err == nil {
		t.Error("a damaged file is opened")
	} else if hint, _ = err.(interface{ Hint() string }); hint == nil || !strings.Contains(hint.Hint(), "begin anew") {
		t.Errorf("the advice on %v is %v", err, hint)
	}
}

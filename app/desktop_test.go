package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sidestep/ui"
)

func TestSeveralDraftsGetAFolderOfTheirOwn(t *testing.T) {
	d := Desktop{Drafts: filepath.Join(t.TempDir(), "drafts")}
	drafts := []ui.DraftFile{{Name: "first.eml", Data: []byte("to Acme")}, {Name: "first.eml", Data: []byte("to Bolt")}}
	folders := map[string]bool{}
	for range 2 {
		folder, paths, err := d.SaveDrafts(context.Background(), "mails-2026-11-23", drafts)
		if err != nil || len(paths) != 2 || folders[folder] {
			t.Fatal(folder, paths, err)
		}
		folders[folder] = true
		for i, path := range paths {
			if data, err := os.ReadFile(path); err != nil || string(data) != string(drafts[i].Data) || filepath.Dir(path) != folder {
				t.Errorf("%s: %q, %v", path, data, err)
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
				t.Errorf("%s: others can read it: %v, %v", path, info.Mode(), err)
			}
		}
	}
}

func TestOfSeveralDraftsAllAreSavedOrNone(t *testing.T) {
	d := Desktop{Drafts: t.TempDir()}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := d.SaveDrafts(ctx, "mails", []ui.DraftFile{{Name: "a.eml"}, {Name: "b.eml"}}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, _, err := d.SaveDrafts(context.Background(), "mails", []ui.DraftFile{{Name: "a.eml"}, {Name: "no/such/folder.eml"}}); err == nil {
		t.Fatal("a draft that can't be written is no error")
	}
	if left, err := os.ReadDir(d.Drafts); err != nil || len(left) > 0 {
		t.Fatalf("left behind: %v, %v", left, err)
	}
	if err := os.WriteFile(filepath.Join(d.Drafts, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := (Desktop{Drafts: filepath.Join(d.Drafts, "file")}).SaveDrafts(context.Background(), "mails", nil); err == nil {
		t.Fatal("a folder that can't be made is no error")
	}
}

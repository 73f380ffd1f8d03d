package app

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestPathsAreCompletedWithWhatCanBeRead(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"answer.eml", "ANSWER.TXT", "answer.zip", "answer.workflow", "other.eml", ".hidden.eml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "answers"), 0o700); err != nil {
		t.Fatal(err)
	}
	begin := filepath.Join(dir, "an")
	folder := filepath.Join(dir, "answers") + string(filepath.Separator)
	for _, c := range []struct{ ends, want []string }{
		{nil, []string{folder, filepath.Join(dir, "answer.workflow"), filepath.Join(dir, "answer.zip")}},
		{[]string{".eml", ".txt"}, []string{folder, filepath.Join(dir, "ANSWER.TXT"), filepath.Join(dir, "answer.eml")}},
	} {
		if got := (Files{}).Complete(begin, c.ends...); !slices.Equal(got, c.want) {
			t.Errorf("%v: %q", c.ends, got)
		}
	}
}

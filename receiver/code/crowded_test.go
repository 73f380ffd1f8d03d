package code

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file of nothing but uses is looked into as far as people write, and said to be
// incomplete: looked into completely, this one would take half a minute.
func TestAFileOfNothingButUsesIsToldAndDoesNotHang(t *testing.T) {
	dir := t.TempDir()
	text := "import com.sforce.soap._2005._09.outbound.*;\nclass R {\n NotificationsResponse notifications(Notifications n) {\n" +
		strings.Repeat("  record.sid = n.getSessionId(); db.save(record);\n", 30_000) + " }\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "R.java"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Check(t.Context(), dir, Options{})
	if err != nil || r.Complete || len(r.Problems) != 1 || r.Problems[0].File != "R.java" || !strings.Contains(r.Problems[0].Message, "more than 2000 places") {
		t.Errorf("%v, complete %v, problems %v", err, r.Complete, r.Problems)
	}
	if n := len(r.Hits); n < 1000 || n > 5000 {
		t.Errorf("%d hits", n)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := Check(stopped, dir, Options{}); !errors.Is(err, context.Canceled) || len(r.Hits) != 0 {
		t.Errorf("cancelled: %v, %d hits", err, len(r.Hits))
	}
}

//go:build unix

package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Rows "no browser here" and "opener injection": the opener gets the link as its
// one argument and nothing secret; one that is missing, fails or hangs changes
// nothing, because the link is always printed.
func TestOpener(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"works":   "exit 0",
		"fails":   "echo ESC-words >&2; exit 3",
		"hangs":   "exec sleep 60",
		"missing": "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			c := newComputer(t, "DISPLAY=:99", "PATH="+dir)
			if script != "" {
				text := fmt.Sprintf("#!/bin/sh\nPATH=/usr/bin:/bin\necho $$ > %[1]s/pid\n{ echo $#; echo \"$1\"; env; } > %[1]s/got.new\nmv %[1]s/got.new %[1]s/got\n%[2]s\n", dir, script)
				if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(text), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			org := newFakeOrg(t)
			s := c.login("--host", org.URL)
			if script != "" {
				got := waitForFile(t, filepath.Join(dir, "got"))
				lines := bufio.NewScanner(bytes.NewReader(got))
				lines.Scan()
				count := lines.Text()
				lines.Scan()
				if count != "1" || lines.Text() != s.link.String() {
					t.Errorf("the opener got %s arguments, the first is %q", count, lines.Text())
				}
				t.Cleanup(func() { endOpener(dir) })
			}
			s.visit(s.callback("code=" + url.QueryEscape(canaryCode)))
			e := s.end().must(t, fine, "Signed in to Northwind Traders")
			if strings.Contains(e.words, "ESC-words") {
				t.Error("the opener writes across the screen")
			}
			if name == "missing" && !strings.Contains(e.words, "No browser could be opened here") {
				t.Errorf("a missing opener is not told:\n%s", e.words)
			}
		})
	}
}

func endOpener(dir string) {
	text, _ := os.ReadFile(filepath.Join(dir, "pid"))
	var pid int
	if n, _ := fmt.Sscan(string(text), &pid); n == 1 {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// waitForFile reads a file as soon as it is there.
func waitForFile(t *testing.T, path string) []byte {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if data, err := os.ReadFile(path); err == nil {
			return data
		}
	}
	t.Fatalf("%s never came", path)
	return nil
}

package cli

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// TestServedOrgAnswersUntilInterrupted: the first two lines are what other
// programs need, and the end is a good one.
func TestServedOrgAnswersUntilInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows can't interrupt a single process")
	}
	cmd := exec.CommandContext(t.Context(), "sidestep", "demo", "--serve", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "SIDESTEP_HOME="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	words, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	address := value(t, lines, "org ")
	token := value(t, lines, "token ")

	if !strings.HasPrefix(address, "http://localhost:") {
		t.Errorf("the org is at %s", address)
	}
	if got := get(t, address+"/services/oauth2/userinfo", token); got != http.StatusOK {
		t.Errorf("the token is answered with %d", got)
	}
	if got := get(t, address+"/services/oauth2/userinfo", "wrong"); got == http.StatusOK {
		t.Error("any token is taken")
	}
	repository := ""
	said := bufio.NewScanner(words)
	for said.Scan() && repository == "" {
		if _, link, ok := strings.Cut(said.Text(), "January 2026: "); ok {
			repository = link
		}
	}
	if got := get(t, repository, ""); got != http.StatusOK {
		t.Errorf("the source repository at %q is answered with %d", repository, got)
	}

	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(lines)
	if len(rest) > 0 {
		t.Errorf("more on stdout: %q", rest)
	}
	_, _ = io.Copy(io.Discard, words)
	if err := cmd.Wait(); err != nil {
		t.Errorf("an interrupted org ends with %v", err)
	}
}

// value reads a line and takes the prefix away.
func value(t *testing.T, lines *bufio.Reader, prefix string) string {
	t.Helper()
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	v, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), prefix)
	if !ok {
		t.Fatalf("%q does not begin with %q", line, prefix)
	}
	return v
}

func get(t *testing.T, link, token string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

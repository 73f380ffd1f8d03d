//go:build unix

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
)

// scanned is what the program did.
type scanned struct {
	code       int
	out, words string
	state      *os.ProcessState
	complete   bool
	messages   []messageJSON
	problems   []salesforce.Problem
	home       string
}

// scan runs the built program as sidestep scan --org acme against the org, from a computer that trusts
// it and has a sign-in to it. Settings are NAME=VALUE.
func (f *apiOrg) scan(t *testing.T, settings ...string) scanned {
	t.Helper()
	cmd, s := f.command(t, settings)
	return s.run(t, cmd)
}

// scanSmall is scan, and fails when the program takes more than 200 MB, where that
// can be told.
func (f *apiOrg) scanSmall(t *testing.T) scanned {
	t.Helper()
	cmd, s := f.command(t, nil)
	most := measure(t, cmd)
	done := s.run(t, cmd)
	if most := most(); most > 200<<20 {
		t.Errorf("it took %d MB", most>>20)
	}
	return done
}

func (f *apiOrg) command(t *testing.T, settings []string, args ...string) (*exec.Cmd, *scanned) {
	t.Helper()
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	home := f.homeOf(t)
	// What breaks a promise to end must not hold up all tests.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, program, append([]string{"scan", "--org", "acme", "--json"}, args...)...)
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); !strings.Contains(strings.ToUpper(name), "PROXY") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "SIDESTEP_HOME="+home, "HTTPS_PROXY="+f.proxy.URL, "SIDESTEP_CA_FILE="+f.ca)
	cmd.Env = append(cmd.Env, settings...)
	return cmd, &scanned{home: home}
}

// begin is run that does not wait for the end; what it returns does. Several that
// were begun wait together.
func (s *scanned) begin(t *testing.T, cmd *exec.Cmd) func(*testing.T) scanned {
	t.Helper()
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T) scanned {
		t.Helper()
		var exit *exec.ExitError
		if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return s.ended(t, cmd, out.String(), words.String())
	}
}

// homeOf is the home of somebody who has a sign-in to the org.
func (f *apiOrg) homeOf(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	f.keep(t, home)
	return home
}

func (s *scanned) run(t *testing.T, cmd *exec.Cmd) scanned {
	t.Helper()
	return s.begin(t, cmd)(t)
}

func (s *scanned) ended(t *testing.T, cmd *exec.Cmd, out, words string) scanned {
	t.Helper()
	s.code, s.out, s.words, s.state = cmd.ProcessState.ExitCode(), out, words, cmd.ProcessState
	if strings.Contains(s.out+s.words, "canary") {
		t.Errorf("a secret is shown:\n%s\n%s", s.out, s.words)
	}
	if s.out == "" {
		return *s
	}
	var r scanRead
	if err := json.Unmarshal([]byte(s.out), &r); err != nil {
		t.Fatalf("%v in %s", err, s.out)
	}
	s.complete, s.messages, s.problems = r.Complete, r.Messages, r.Problems
	return *s
}

// whole fails unless the scan found n messages and says that these are all.
func (s scanned) whole(t *testing.T, n int) {
	t.Helper()
	if s.code != fine || !s.complete || len(s.messages) != n {
		t.Errorf("exit code %d, complete %v, %d messages, problems %v\n%s", s.code, s.complete, len(s.messages), s.problems, s.words)
	}
}

// partial fails unless the scan shows n messages and says that there are more,
// with the reason.
func (s scanned) partial(t *testing.T, n int, says string) {
	t.Helper()
	if s.code != incomplete || s.complete || len(s.messages) != n || !strings.Contains(s.words, "the scan is incomplete") {
		t.Errorf("exit code %d, complete %v, %d messages\n%s", s.code, s.complete, len(s.messages), s.words)
	}
	s.says(t, says)
}

// none fails unless the scan ended with an error, a reason, and no result that
// could be taken for one.
func (s scanned) none(t *testing.T, code int, says string) {
	t.Helper()
	if s.code != code || s.complete || len(s.messages) != 0 {
		t.Errorf("exit code %d, complete %v, %d messages\n%s", s.code, s.complete, len(s.messages), s.words)
	}
	s.says(t, says)
}

func (s scanned) says(t *testing.T, parts string) {
	t.Helper()
	all := s.words
	for _, p := range s.problems {
		all += p.Message + "\n"
	}
	for part := range strings.SplitSeq(parts, "|") {
		if !strings.Contains(all, part) {
			t.Errorf("%q is not said:\n%s", part, all)
		}
	}
}

package history

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
)

// repo is a repository that a test makes.
type repo struct {
	t   testing.TB
	dir string
	// at is the day of the next commit.
	at string
}

func newRepo(t testing.TB) *repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("the git program is not installed")
	}
	r := &repo{t, t.TempDir(), ""}
	r.git("init", "-q", "-b", "main")
	return r
}

// git runs git apart from what is configured on this computer.
func (r *repo) git(args ...string) string { return r.feed("", args...) }

// feed is git with an input.
func (r *repo) feed(in string, args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always"}, args...)...)
	cmd.Dir, cmd.Stdin = r.dir, strings.NewReader(in)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "HOME="+r.dir,
		"GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@acme.example", "GIT_COMMITTER_NAME=Ann", "GIT_COMMITTER_EMAIL=ann@acme.example",
		"GIT_AUTHOR_DATE="+r.at, "GIT_COMMITTER_DATE="+r.at)
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *repo) write(path, text string) {
	r.t.Helper()
	full := filepath.Join(r.dir, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// commit commits everything on a day, as in 2026-01-14, and returns its id.
func (r *repo) commit(day string) string {
	r.t.Helper()
	if !strings.Contains(day, "T") {
		day += "T12:00:00Z"
	}
	r.at = day
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", "x")
	return r.git("rev-parse", "HEAD")
}

// message is one in a workflow file; flag is "true", "false" or "".
func message(name, flag, url string) string {
	said := ""
	if flag != "" {
		said = "\n        <includeSessionId>" + flag + "</includeSessionId>"
	}
	return fmt.Sprintf("    <outboundMessages>\n        <fullName>%s</fullName>\n        <apiVersion>60.0</apiVersion>\n        <endpointUrl>%s</endpointUrl>%s\n        <name>%s</name>\n    </outboundMessages>\n", name, url, said, name)
}

func workflow(parts ...string) string {
	return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Workflow xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n" + strings.Join(parts, "") + "</Workflow>\n"
}

const (
	url        = "https://hooks.example.com/sf"
	account    = "force-app/main/default/workflows/Account.workflow-meta.xml"
	accountAPI = "src/workflows/Account.workflow"
)

func read1(t testing.TB, dir string) salesforce.Findings {
	t.Helper()
	f, err := Read(context.Background(), dir, Options{Now: func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// lives tells the versions of every message: "key flag day past remark".
func lives(f salesforce.Findings) []string {
	var out []string
	for _, m := range f.Messages {
		line := m.Key() + " " + flagWord(m.IncludeSessionID)
		if !m.At.IsZero() {
			line += " " + m.At.UTC().Format(time.DateOnly)
		}
		if m.Past {
			line += " past"
		}
		if m.Remark != "" {
			line += " (" + m.Remark + ")"
		}
		out = append(out, line)
	}
	return out
}

// verdictOf is what the findings alone make of a message.
func verdictOf(f salesforce.Findings, key string) salesforce.Verdict {
	var ev []salesforce.Evidence
	for _, m := range f.Messages {
		if m.Key() == key {
			ev = append(ev, salesforce.EvidenceOf(f.Source, m)...)
		}
	}
	return salesforce.Assess(ev).Verdict
}

func troubles(f salesforce.Findings) string {
	var out []string
	for _, p := range f.Problems {
		word := "problem"
		if p.Notice {
			word = "notice"
		}
		out = append(out, word+" "+p.File+": "+p.Message)
	}
	return strings.Join(out, "\n")
}

// contextDone is a context that has ended.
func contextDone() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx, cancel
}

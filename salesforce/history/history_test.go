package history

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sidestep/salesforce"
)

// lifeTests are repositories, and what their histories say of the messages.
var lifeTests = []struct {
	name    string
	make    func(*repo)
	want    []string
	verdict salesforce.Verdict
}{
	{"the change of February is not taken for a repair", func(r *repo) {
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2026-01-14")
		r.write(account, workflow(message("Send", "false", url)))
		r.commit("2026-04-17")
	}, []string{"Account.Send false 2026-04-17", "Account.Send true 2026-01-14 past"}, salesforce.Sent},
	{"the newest before the cut-off counts", func(r *repo) {
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2025-06-01")
		r.write(account, workflow(message("Send", "false", url)))
		r.commit("2025-12-01")
		r.write(account, workflow(message("Send", "false", url), message("Other", "false", url)))
		r.commit("2026-02-01")
	}, []string{"Account.Other false 2026-02-01", "Account.Send false 2026-02-01", "Account.Send false 2025-12-01 past", "Account.Send true 2025-06-01 past"}, salesforce.NotAffected},
	{"a reverted flag", func(r *repo) {
		r.write(account, workflow(message("Send", "false", url)))
		r.commit("2025-10-01")
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2025-11-01")
		r.git("revert", "--no-edit", "HEAD")
		r.write("x", "x")
		r.commit("2025-12-01")
	}, []string{"Account.Send false 2025-11-01", "Account.Send true 2025-11-01 past", "Account.Send false 2025-10-01 past"}, salesforce.Sent},
	{"a deleted file", func(r *repo) {
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2026-01-14")
		r.git("rm", "-q", account)
		r.commit("2026-03-01")
	}, []string{"Account.Send true 2026-01-14 past (taken out of the repository on 1 March 2026)"}, salesforce.Sent},
	{"a message taken out of its file", func(r *repo) {
		r.write(account, workflow(message("Send", "true", url), message("Other", "false", url)))
		r.commit("2026-01-14")
		r.write(account, workflow(message("Other", "false", url)))
		r.commit("2026-01-20")
	}, []string{"Account.Other false 2026-01-20", "Account.Other false 2026-01-14 past", "Account.Send true 2026-01-14 past (taken out of the repository on 20 January 2026)"}, salesforce.Sent},
	{"a file that moved from one layout to the other", func(r *repo) {
		r.write(accountAPI, workflow(message("Send", "true", url)))
		r.commit("2025-12-01")
		r.git("rm", "-q", accountAPI)
		r.write(account, workflow(message("Send", "false", url)))
		r.commit("2026-03-01")
	}, []string{"Account.Send false 2026-03-01", "Account.Send true 2025-12-01 past"}, salesforce.Sent},
	{"a message that was decomposed", func(r *repo) {
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2025-12-01")
		r.write(account, workflow())
		r.write("force-app/main/default/workflows/Account/workflowOutboundMessages/Send.workflowOutboundMessage-meta.xml",
			"<WorkflowOutboundMessage xmlns=\"http://soap.sforce.com/2006/04/metadata\"><fullName>Send</fullName><endpointUrl>"+url+"</endpointUrl><includeSessionId>false</includeSessionId></WorkflowOutboundMessage>")
		r.commit("2026-03-01")
	}, []string{"Account.Send false 2026-03-01", "Account.Send true 2025-12-01 past"}, salesforce.Sent},
	{"another branch holds it all", func(r *repo) {
		r.write("README.md", "x")
		r.commit("2025-01-01")
		r.git("checkout", "-q", "-b", "legacy")
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2025-12-01")
		r.git("checkout", "-q", "main")
	}, []string{"Account.Send true 2025-12-01 (on branch legacy)"}, salesforce.Sent},
	{"only a tag holds it", func(r *repo) {
		r.write("README.md", "x")
		r.commit("2025-01-01")
		r.git("checkout", "-q", "-b", "legacy")
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2025-12-01")
		r.git("tag", "-a", "-m", "x", "v1")
		r.git("checkout", "-q", "main")
		r.git("branch", "-q", "-D", "legacy")
	}, []string{"Account.Send true 2025-12-01 (on tag v1)"}, salesforce.Sent},
	{"a merge that decides", func(r *repo) {
		r.write(account, workflow(message("Send", "false", url)))
		r.commit("2025-10-01")
		r.git("checkout", "-q", "-b", "side")
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2025-11-01")
		r.git("checkout", "-q", "main")
		r.write("other.txt", "x")
		r.commit("2025-11-15")
		r.at = "2025-12-01T12:00:00Z"
		r.git("merge", "-q", "--no-ff", "--no-edit", "side")
	}, []string{"Account.Send true 2025-11-01", "Account.Send false 2025-10-01 past"}, salesforce.Sent},
	{"the author's day, not the committer's", func(r *repo) {
		r.write(account, workflow(message("Send", "true", url)))
		r.git("add", "-A")
		r.at = "2026-05-01T12:00:00Z"
		r.git("commit", "-q", "-m", "x", "--date", "2026-01-14T12:00:00Z")
		r.at = ""
	}, []string{"Account.Send true 2026-01-14"}, salesforce.Sent},
	{"an hour before the cut-off, somewhere else", func(r *repo) {
		r.write(account, workflow(message("Send", "false", url)))
		r.commit("2026-02-23T00:30:00+01:00")
	}, []string{"Account.Send false 2026-02-22"}, salesforce.NotAffected},
	{"carriage returns, a byte order mark, and half a merge", func(r *repo) {
		r.write(account, "\xef\xbb\xbf"+strings.ReplaceAll(workflow(message("Send", "true", url)), "\n", "\r\n"))
		r.commit("2026-01-14")
		r.write(account, workflow(message("Send", "false", url)))
		r.commit("2026-03-01")
	}, []string{"Account.Send false 2026-03-01", "Account.Send true 2026-01-14 past"}, salesforce.Sent},
	{"a flag that was never written", func(r *repo) {
		r.write(account, workflow(message("Send", "", url)))
		r.commit("2026-01-14")
	}, []string{"Account.Send none 2026-01-14"}, salesforce.Unknown},
	{"a no that was amended after the cut-off", func(r *repo) {
		r.write(account, workflow(message("Send", "false", url)))
		r.git("add", "-A")
		r.at = "2026-05-01T12:00:00Z"
		r.git("commit", "-q", "-m", "x", "--date", "2026-01-14T12:00:00Z")
		r.at = ""
	}, []string{"Account.Send false 2026-01-14 (committed on 1 May 2026, after the cut-off: was it amended then?)"}, salesforce.NotAffected},
	{"a name that was spelled in another way", func(r *repo) {
		r.write(account, workflow(message("SEND", "true", url)))
		r.commit("2026-01-14")
		r.write(account, workflow(message("Send", "false", url)))
		r.commit("2026-04-17")
	}, []string{"Account.Send false 2026-04-17", "Account.Send true 2026-01-14 past"}, salesforce.Sent},
	{"a merge of three that says what none of them said", func(r *repo) {
		r.write(account, workflow(message("Send", "false", url)))
		r.commit("2025-10-01")
		for _, side := range []string{"a", "b"} {
			r.git("checkout", "-q", "-b", side, "main")
			r.write(side, side)
			r.commit("2025-11-01")
		}
		r.git("checkout", "-q", "main")
		r.git("merge", "-q", "--no-commit", "a", "b")
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2025-12-01")
	}, []string{"Account.Send true 2025-12-01", "Account.Send false 2025-10-01 past"}, salesforce.Sent},
	{"half a version that was put right before the cut-off", func(r *repo) {
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2025-10-01")
		r.write(account, workflow(message("Send", "true", url))[:200])
		r.commit("2025-11-01")
		r.write(account, workflow(message("Send", "false", url)))
		r.commit("2025-12-01")
	}, []string{"Account.Send false 2025-12-01", "Account.Send true 2025-10-01 past"}, salesforce.NotAffected},
	{"a new address is a change", func(r *repo) {
		r.write(account, workflow(message("Send", "true", url)))
		r.commit("2025-12-01")
		r.write(account, workflow(message("Send", "true", url+"/2")))
		r.commit("2026-01-01")
	}, []string{"Account.Send true 2026-01-01", "Account.Send true 2025-12-01 past"}, salesforce.Sent},
}

func TestTheLifeOfAMessage(t *testing.T) {
	for _, c := range lifeTests {
		t.Run(c.name, func(t *testing.T) {
			r := newRepo(t)
			c.make(r)
			f := read1(t, r.dir)
			if got := lives(f); !slices.Equal(got, c.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
			if got := verdictOf(f, "Account.Send"); got != c.verdict {
				t.Errorf("it adds up to %s, want %s", got, c.verdict)
			}
			if !f.Source.Complete {
				t.Errorf("incomplete: %s", troubles(f))
			}
			// How git packs what it stores changes nothing, nor does reading it twice.
			r.git("gc", "-q", "--prune=now")
			again := read1(t, r.dir)
			if !slices.Equal(lives(again), lives(f)) || again.Source.ID != f.Source.ID {
				t.Errorf("packed, it reads\n  %s", strings.Join(lives(again), "\n  "))
			}
		})
	}
}

// A repository whose ids are of the longer sort reads the same.
func TestLongIDs(t *testing.T) {
	r := newRepo(t)
	r.dir = t.TempDir()
	r.git("init", "-q", "-b", "main", "--object-format=sha256")
	r.write(account, workflow(message("Send", "true", url)))
	id := r.commit("2026-01-14")
	r.write(account, workflow(message("Send", "false", url)))
	r.commit("2026-04-17")
	f := read1(t, r.dir)
	if got := lives(f); !slices.Equal(got, []string{"Account.Send false 2026-04-17", "Account.Send true 2026-01-14 past"}) || len(id) != 64 || f.Messages[1].Commit != id {
		t.Errorf("%q, %s", got, troubles(f))
	}
}

// What a version can't show is not taken for removed.
func TestAMessageInAVersionThatIsNotHereIsNotTakenOut(t *testing.T) {
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url)))
	r.commit("2026-01-10")
	r.write(account, workflow(message("Send", "true", url))[:200])
	r.commit("2026-01-14")
	f := read1(t, r.dir)
	if got := lives(f); !slices.Equal(got, []string{"Account.Send true 2026-01-10"}) || f.Source.Complete {
		t.Errorf("%q, %s", got, troubles(f))
	}
}

// A damaged tree costs the commits that need it, and nothing else.
func TestADamagedTreeIsSaid(t *testing.T) {
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url)))
	r.commit("2026-01-10")
	r.write(account, workflow(message("Send", "false", url)))
	middle := r.commit("2026-01-14")
	r.write(account, workflow(message("Send", "true", url+"/2")))
	r.commit("2026-01-20")
	r.write("README.md", "x")
	r.commit("2026-01-21")
	tree := r.git("rev-parse", middle+":force-app")
	if err := os.Remove(filepath.Join(r.dir, ".git/objects", tree[:2], tree[2:])); err != nil {
		t.Fatal(err)
	}
	f := read1(t, r.dir)
	if f.Source.Complete || !strings.Contains(troubles(f), "2 commits could not be compared") || verdictOf(f, "Account.Send") != salesforce.Sent {
		t.Errorf("%q, %s", lives(f), troubles(f))
	}
}

func TestHalfOfAConflictInAVersionIsTold(t *testing.T) {
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url)))
	r.commit("2025-12-01")
	r.write(account, workflow(message("Send", "true", url), "=======\n", message("Other", "true", url)))
	r.commit("2025-12-02")
	r.write(account, workflow(message("Other", "true", url)))
	r.commit("2025-12-03")
	if f := read1(t, r.dir); !strings.Contains(troubles(f), "merge conflict was removed only in part") || verdictOf(f, "Account.Other") != salesforce.Sent {
		t.Errorf("%q, %s", lives(f), troubles(f))
	}
}

func TestClonesOfEverySort(t *testing.T) {
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url)))
	r.commit("2026-01-14")
	r.write(account, workflow(message("Send", "false", url)))
	r.commit("2026-04-17")
	r.git("config", "uploadpack.allowFilter", "true")
	r.git("branch", "side")
	clone := func(args ...string) salesforce.Findings {
		dir := filepath.Join(t.TempDir(), "clone")
		r.git(append(append([]string{"clone", "-q"}, args...), "file://"+r.dir, dir)...)
		return read1(t, dir)
	}
	whole := []string{"Account.Send false 2026-04-17", "Account.Send true 2026-01-14 past"}
	for name, args := range map[string][]string{"ordinary": nil, "bare": {"--bare"}, "mirror": {"--mirror"}} {
		if f := clone(args...); !slices.Equal(lives(f), whole) || !f.Source.Complete {
			t.Errorf("%s: %q, %s", name, lives(f), troubles(f))
		}
	}
	shallow := clone("--depth=1", "--no-single-branch")
	if got := lives(shallow); !slices.Equal(got, whole[:1]) || shallow.Source.Complete || !strings.Contains(troubles(shallow), "begins on 17 April 2026, after the cut-off") || verdictOf(shallow, "Account.Send") != salesforce.Unknown {
		t.Errorf("shallow: %q, %s", got, troubles(shallow))
	}
	partial := clone("--filter=blob:none")
	if got := lives(partial); !slices.Equal(got, whole[:1]) || partial.Source.Complete || !strings.Contains(troubles(partial), "partial clone: 1 version of files") {
		t.Errorf("partial: %q, %s", got, troubles(partial))
	}
	treeless := clone("--filter=tree:0")
	if treeless.Source.Complete || !strings.Contains(troubles(treeless), "partial clone") {
		t.Errorf("without trees: %q, %s", lives(treeless), troubles(treeless))
	}
	single := clone("--single-branch", "--branch=side")
	if single.Source.Complete || !strings.Contains(troubles(single), "Only side was cloned") {
		t.Errorf("one branch: %s", troubles(single))
	}
}

func TestASubfolderOrAWorktreeOfARepositoryWillDo(t *testing.T) {
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url)))
	r.commit("2026-01-14")
	if f := read1(t, filepath.Join(r.dir, "force-app")); len(f.Messages) != 1 {
		t.Errorf("a subfolder: %q", lives(f))
	}
	other := filepath.Join(t.TempDir(), "other")
	r.git("worktree", "add", "-q", other, "-b", "other")
	if f := read1(t, other); len(f.Messages) != 1 {
		t.Errorf("a worktree: %q", lives(f))
	}
}

func TestASubmoduleIsNamed(t *testing.T) {
	inner := newRepo(t)
	inner.write(account, workflow(message("Send", "true", url)))
	inner.commit("2026-01-14")
	r := newRepo(t)
	r.git("submodule", "--quiet", "add", inner.dir, "pkg")
	r.commit("2026-01-15")
	if f := read1(t, r.dir); !strings.Contains(troubles(f), "notice pkg: This folder is a repository of its own") {
		t.Error(troubles(f))
	}
}

func TestABrokenVersionIsNamedAndTheRestGoesOn(t *testing.T) {
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url)))
	r.commit("2026-01-10")
	r.write(account, workflow(message("Send", "true", url))[:200])
	r.commit("2026-01-14")
	r.write(account, workflow(message("Send", "false", url)))
	r.commit("2026-03-01")
	f := read1(t, r.dir)
	if f.Source.Complete || !strings.Contains(troubles(f), "problem "+account) {
		t.Errorf("complete %v: %s", f.Source.Complete, troubles(f))
	}
	if got := verdictOf(f, "Account.Send"); got != salesforce.Sent {
		t.Errorf("it adds up to %s", got)
	}
}

func TestWhatIsNoRepositorySaysSo(t *testing.T) {
	newRepo(t) // skips where there is no git
	for dir, want := range map[string]error{t.TempDir(): ErrNotRepository, filepath.Join(t.TempDir(), "none"): ErrNotFound} {
		_, err := Read(t.Context(), dir, Options{})
		if e, ok := err.(*salesforce.SourceError); !ok || e.Err != want || e.Hint() == "" {
			t.Errorf("%s: %v", dir, err)
		}
	}
	empty := newRepo(t)
	if f := read1(t, empty.dir); len(f.Messages) != 0 || !strings.Contains(troubles(f), "no commits yet") {
		t.Errorf("an empty repository: %s", troubles(f))
	}
	plain := newRepo(t)
	plain.write("README.md", "x")
	plain.commit("2026-01-01")
	if f := read1(t, plain.dir); !strings.Contains(troubles(f), "No workflow file was found in 1 commit on 1 branch.") {
		t.Errorf("without workflows: %s", troubles(f))
	}
}

func TestReadingStopsWhenItIsToldTo(t *testing.T) {
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url)))
	r.commit("2026-01-14")
	ctx, cancel := contextDone()
	defer cancel()
	if _, err := Read(ctx, r.dir, Options{}); err == nil {
		t.Error("it goes on")
	}
}

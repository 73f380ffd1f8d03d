package history

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"sidestep/salesforce"
)

func TestAHostileRepositoryRunsNothing(t *testing.T) {
	r := newRepo(t)
	canary := filepath.Join(t.TempDir(), "ran")
	script := filepath.Join(t.TempDir(), "evil.sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntouch "+canary+"\ncat\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	r.write(".gitattributes", "* filter=evil diff=evil\n")
	r.write(account, workflow(message("Send", "true", url)))
	odd := "\x1b[2J"
	if runtime.GOOS == "windows" {
		odd = "Odd" // no file can have such a name there
	}
	r.write("force-app/workflows/"+odd+".workflow", workflow(message("Esc", "true", url)))
	r.commit("2026-01-14")
	for key, value := range map[string]string{
		"core.fsmonitor": script, "core.pager": script, "pager.log": script, "diff.external": script, "core.sshCommand": script,
		"filter.evil.smudge": script, "filter.evil.clean": script, "diff.evil.textconv": script, "diff.evil.command": script,
		"core.hooksPath": filepath.Dir(script), "core.editor": script, "credential.helper": "!" + script, "uploadpack.packObjectsHook": script,
		"gpg.program": script, "log.showSignature": "true", "core.gitProxy": script, "extensions.partialClone": "origin", "remote.origin.url": "ext::" + script,
		"core.alternateRefsCommand": script,
	} {
		r.git("config", key, value)
	}
	f := read1(t, r.dir)
	if len(f.Messages) != 2 {
		t.Errorf("%q, %s", lives(f), troubles(f))
	}
	if _, err := os.Stat(canary); err == nil {
		t.Fatal("something that the repository configures was run")
	}
}

// What a partial clone lacks is not fetched, whatever the repository names to
// fetch it with.
func TestAHostilePartialCloneFetchesNothing(t *testing.T) {
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url)))
	r.commit("2026-01-14")
	r.write(account, workflow(message("Send", "false", url)))
	r.commit("2026-04-17")
	r.git("config", "uploadpack.allowFilter", "true")
	for _, filter := range []string{"blob:none", "tree:0"} {
		dir := filepath.Join(t.TempDir(), "clone")
		r.git("clone", "-q", "--filter="+filter, "--no-checkout", "file://"+r.dir, dir)
		canary := filepath.Join(t.TempDir(), "ran")
		script := filepath.Join(t.TempDir(), "evil.sh")
		if err := os.WriteFile(script, []byte("#!/bin/sh\ntouch "+canary+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, setting := range [][2]string{{"remote.origin.uploadpack", script}, {"remote.origin.vcs", "evil"}, {"protocol.ext.allow", "always"}, {"protocol.allow", "always"}, {"core.sshCommand", script}, {"credential.helper", "!" + script}, {"remote.origin.url", "ext::" + script}} {
			r.git("-C", dir, "config", setting[0], setting[1])
			f := read1(t, dir)
			if _, err := os.Stat(canary); err == nil || f.Source.Complete {
				t.Errorf("%s with %s: ran %v, %s", filter, setting[0], err == nil, troubles(f))
			}
		}
	}
}

// A repository that belongs to somebody else is read only after a word from the
// user, and the hint says which.
func TestARepositoryOfAnotherUser(t *testing.T) {
	r := newRepo(t)
	r.write(account, workflow(message("Send", "true", url)))
	r.commit("2026-01-14")
	if err := os.Chown(r.dir, 12345, 12345); err != nil {
		t.Skip("files can't be given away here: ", err)
	}
	for _, where := range []string{"GIT_CONFIG_SYSTEM", "GIT_CONFIG_GLOBAL"} {
		config := filepath.Join(t.TempDir(), "config")
		if err := os.WriteFile(config, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("GIT_CONFIG_NOSYSTEM", "")
		t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
		t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
		t.Setenv(where, config)
		_, err := Read(t.Context(), r.dir, Options{})
		if e, ok := err.(*salesforce.SourceError); !ok || e.Err != ErrNotTrusted || !strings.Contains(e.Hint(), "git config --global --add safe.directory") {
			t.Fatalf("%s: %v", where, err)
		}
		if err := os.WriteFile(config, []byte("[safe]\n\tdirectory = *\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if f := read1(t, r.dir); len(f.Messages) != 1 {
			t.Errorf("%s: %q, %s", where, lives(f), troubles(f))
		}
	}
}

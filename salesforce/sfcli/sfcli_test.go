//go:build unix

package sfcli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sidestep/salesforce/signin"
)

const (
	canary   = "00D5g000001AbCd!AQcanaryToken.x_y"
	orgList  = `{"status":0,"result":{"other":[{"username":"Ada@acme.example","orgId":"00D5g000001AbCdEAK","instanceUrl":"https://acme.my.salesforce.com/"}],"sandboxes":[{"username":"ada@acme.example.uat","alias":"uat","orgId":"00D5g000001AbCeEAK","instanceUrl":"https://acme--uat.sandbox.my.salesforce.com","isSandbox":true}],"nonScratchOrgs":[{"username":"ada@acme.example","alias":"acme","orgId":"00D5g000001AbCdEAK","instanceUrl":"https://acme.my.salesforce.com","isDefaultUsername":true}],"devHubs":[],"scratchOrgs":[{"username":"old@scratch.example","isExpired":true}]},"warnings":[]}`
	unknown  = `echo "Error: command org:auth:show-access-token not found" >&2; exit 127`
	shown    = `echo '{"status":0,"result":{"accessToken":"` + canary + `"},"warnings":["This command exposes sensitive information"]}'`
	notThere = `echo '{"status":1,"name":"NamedOrgNotFoundError","message":"No authorization for ` + canary + `"}'; exit 1`
)

// fake puts a program sf on the PATH that does as the CLI would: what a case
// says for list, show and display, each a piece of shell.
func fake(t *testing.T, list, show, display string) {
	t.Helper()
	dir := t.TempDir()
	script := fmt.Sprintf(`#!/bin/sh
echo "$@" >> %s/asked
case "$1 $2 $3" in
"org list --json") %s ;;
"org auth show-access-token") %s ;;
"org display --target-org") %s ;;
*) echo "unexpected: $*" >&2; exit 3 ;;
esac
`, dir, list, show, display)
	if err := os.WriteFile(filepath.Join(dir, "sf"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
}

func printing(text string) string { return "cat <<'END'\n" + text + "\nEND\n" }

func TestListNamesEachOrgOnce(t *testing.T) {
	fake(t, "echo 'Warning: an update is available'\n"+printing(orgList), "exit 1", "exit 1")
	orgs, err := List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []Org{
		{Username: "Ada@acme.example", Alias: "acme", OrgID: "00D5g000001AbCdEAK", Instance: "https://acme.my.salesforce.com", Default: true},
		{Username: "ada@acme.example.uat", Alias: "uat", OrgID: "00D5g000001AbCeEAK", Instance: "https://acme--uat.sandbox.my.salesforce.com", Sandbox: true},
	}
	if fmt.Sprint(orgs) != fmt.Sprint(want) {
		t.Errorf("listed\n%+v\nwant\n%+v", orgs, want)
	}
}

func TestNoCLIIsToldApart(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := List(t.Context()); !errors.Is(err, ErrNoCLI) {
		t.Errorf("List: %v", err)
	}
	if _, err := Token(t.Context(), "ada@acme.example"); !errors.Is(err, ErrNoCLI) {
		t.Errorf("Token: %v", err)
	}
}

func TestToken(t *testing.T) {
	masked := `echo '{"status":0,"result":{"accessToken":"[REDACTED] Use sf org auth show-access-token"}}'`
	for name, c := range map[string]struct {
		show, display string
		says          string // a part of the error, "" for none
		stale         bool
	}{
		"new version":               {show: shown, display: masked},
		"old version":               {show: unknown, display: shown},
		"old version, in JSON":      {show: `echo '{"status":127,"name":"Error","message":"Command org:auth:show-access-token not found."}'; exit 127`, display: shown},
		"old version that masks":    {show: unknown, display: masked, says: "hides its tokens"},
		"masked by the new command": {show: masked, display: shown, says: "hides its tokens"},
		"token of another kind":     {show: `echo '{"status":0,"result":{"accessToken":"eyJhbGciOi"}}'`, display: shown, says: "no session"},
		"no token":                  {show: `echo '{"status":0,"result":{}}'`, display: shown, says: "no session"},
		"stale":                     {show: `echo '{"status":0,"result":{"accessToken":"` + canary + `"},"warnings":["Unable to refresh auth for org"]}'`, says: "could not refresh", stale: true},
		"failure":                   {show: notThere, display: shown, says: "No authorization for (hidden)"},
		"failure on stderr":         {show: `echo '{"status":1,"name":"AuthError","message":"expired"}' >&2; exit 1`, display: shown, says: "expired"},
		"failure with status only":  {show: `echo '{"status":1,"name":"AuthError","message":"expired"}'`, display: shown, says: "expired"},
		"junk everywhere":           {show: "echo " + canary, display: "echo '<html>'", says: "in the way it is known to"},
		"cut":                       {show: `printf '{"status":0,"result":{"accessToken":"` + canary + `"'`, display: `printf '{"status":0,'`, says: "in the way it is known to"},
		"endless":                   {show: `yes '` + canary + `' | head -c 20000000`, display: "exit 1", says: "in the way it is known to"},
		"killed":                    {show: "kill -9 $$", display: "kill -9 $$", says: "in the way it is known to"},
		"result that is no object":  {show: `echo '{"status":0,"result":7}'`, display: shown, says: "in the way it is known to"},
	} {
		t.Run(name, func(t *testing.T) {
			fake(t, printing(orgList), c.show, c.display)
			got, err := Token(t.Context(), "ada@acme.example")
			if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) || c.says == "" && err != nil {
				t.Fatalf("error: %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "canary") {
				t.Errorf("the error holds the token: %v", err)
			}
			if errors.Is(err, ErrStale) != c.stale {
				t.Errorf("stale: %v", err)
			}
			if err != nil && !c.stale {
				if got != (signin.Token{}) {
					t.Error("a token comes with the error")
				}
				return
			}
			want := signin.Token{Access: canary, InstanceURL: "https://acme.my.salesforce.com", OrgID: "00D5g000001AbCdEAK"}
			if got != want {
				t.Error("the token is another one")
			}
		})
	}
}

// A name with meaning for a shell, or one that is an option, is not handed on.
func TestStrangeNamesAreNotAskedFor(t *testing.T) {
	fake(t, printing(orgList), shown, shown)
	for _, name := range []string{"", "--help", "a b", "a&calc", "%PATH%", "a;b", "a\nb", "$(x)", `a"b`, strings.Repeat("a", 200), "nobody@acme.example"} {
		if _, err := Token(t.Context(), name); err == nil {
			t.Errorf("%q was asked for", name)
		}
	}
}

func TestTokenGoesToSalesforceOnly(t *testing.T) {
	fake(t, printing(strings.ReplaceAll(orgList, "acme.my.salesforce.com", "acme.my.salesforce.com.evil.test")), shown, shown)
	if got, err := Token(t.Context(), "ada@acme.example"); err == nil || got.Access != "" {
		t.Errorf("error: %v", err)
	}
}

// An sf that hangs is given up together with what it started.
func TestSilentCLIIsGivenUp(t *testing.T) {
	dir := t.TempDir()
	fake(t, "sh -c 'echo $$ > "+dir+"/pid; exec sleep 600'", "exit 1", "exit 1")
	if _, err := askWithin(t.Context(), 300*time.Millisecond, "org", "list", "--json"); !errors.Is(err, errSilent) {
		t.Errorf("error: %v", err)
	}
	_ = os.Remove(filepath.Join(dir, "pid"))
	ctx, cancel := context.WithCancel(t.Context())
	pid := make(chan int)
	go func() {
		defer close(pid)
		for ctx.Err() == nil {
			text, _ := os.ReadFile(filepath.Join(dir, "pid"))
			var n int
			if c, _ := fmt.Sscan(string(text), &n); c == 1 && syscall.Kill(n, 0) == nil {
				cancel()
				pid <- n
			}
			time.Sleep(time.Millisecond)
		}
	}()
	if _, err := List(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	n, ok := <-pid
	if !ok {
		t.Fatal("sf was never started")
	}
	for deadline := time.Now().Add(10 * time.Second); running(n); {
		if time.Now().After(deadline) {
			t.Fatal("what sf started runs on")
		}
		time.Sleep(time.Millisecond)
	}
}

// running is false for a process that has ended, waited for or not.
func running(pid int) bool {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		_, state, _ := strings.Cut(string(stat), ") ")
		return !strings.HasPrefix(state, "Z")
	}
	return syscall.Kill(pid, 0) == nil
}

// Standard input is not handed on: no question can be answered by accident.
func TestCLIGetsNoInput(t *testing.T) {
	fake(t, "cat; "+printing(orgList), "exit 1", "exit 1")
	if orgs, err := List(t.Context()); err != nil || len(orgs) != 2 {
		t.Errorf("%d orgs, %v", len(orgs), err)
	}
}

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{orgList, "", "{", "Warning\n{}", `{"status":1,"name":"x","message":"` + canary + `"}`} {
		f.Add(true, []byte(s), []byte(s))
		f.Add(false, []byte(s), []byte(nil))
	}
	f.Fuzz(func(t *testing.T, failed bool, out, words []byte) {
		_, err := read(failed, out, words)
		if failed && err == nil {
			t.Error("a failure is read as an answer")
		}
		if err != nil && session.MatchString(err.Error()) {
			t.Errorf("a token is in the error %q", err)
		}
	})
}

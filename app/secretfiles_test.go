package app

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"sidestep/salesforce/demoorg"
	"sidestep/ui"
)

func TestSecretFilesKeepAndForget(t *testing.T) {
	f := SecretFiles{Dir: filepath.Join(t.TempDir(), "new", "sign-ins")}
	if _, err := f.Get("acme"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("an empty folder says %v", err)
	}
	if err := f.Set("acme", "one"); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(f.Dir, unfinished+"LEFT")
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Set("acme", "two"); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Get("acme"); got != "two" || err != nil {
		t.Errorf("it gives %q, %v", got, err)
	}
	if _, err := os.Lstat(left); err == nil {
		t.Error("what a killed program left is still there")
	}
	if err := f.Delete("acme"); err != nil {
		t.Fatal(err)
	}
	if err := f.Delete("acme"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("deleting what is gone says %v", err)
	}
}

// Where nobody can be told, what was open to others is refused.
func TestOpenFileIsRefusedWhenNobodyCanBeTold(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps no such modes")
	}
	f := SecretFiles{Dir: filepath.Join(t.TempDir(), "sign-ins")}
	if err := f.Set("acme", "secret"); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(f.path("acme"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get("acme"); err == nil || !strings.Contains(err.Error(), "open to other users") {
		t.Errorf("it says %v", err)
	}
}

// The interface's sign-in serves this run where there is no keychain, and can be
// moved to a file after a yes.
func TestInterfaceGoesOnWithWhatItHolds(t *testing.T) {
	_, o := signedIn(t, demoorg.Options{})
	k, secrets := knownIn(t)
	secrets.locked = true
	k.Memory = &Memory{}
	if _, err := k.Keep(t.Context(), o, "", noon); !errors.Is(err, ErrNotKept) {
		t.Fatal(err)
	}
	again := Again{List: k}
	known, err := again.Known()
	if err != nil || len(known) != 1 || !known[0].Kept {
		t.Fatalf("known: %+v, %v", known, err)
	}
	reconnect := func(a Again) {
		t.Helper()
		c, err := a.Reconnect(t.Context(), known[0])
		if err != nil {
			t.Fatal(err)
		}
		if c.Who().ID != demoorg.OrgID {
			t.Errorf("it is %v", c.Who())
		}
	}
	reconnect(again)
	if err := again.KeepInFile(t.Context(), known[0]); err != nil {
		t.Fatal(err)
	}
	k.Memory = &Memory{} // the program was started anew
	reconnect(Again{List: k})
	if notRevoked, err := (Again{List: k}).SignOut(t.Context(), known[0]); notRevoked != nil || err != nil {
		t.Errorf("not revoked: %v, error: %v", notRevoked, err)
	}
	if _, err := (Again{List: k}).Reconnect(t.Context(), ui.KnownOrg{ID: demoorg.OrgID}); err == nil {
		t.Error("it goes on after signing out")
	}
}

// A consumer key that worked at an org is the one to try there again; the hosts
// that all orgs share say nothing.
func TestConsumerKeyIsRemembered(t *testing.T) {
	k, _ := knownIn(t)
	for host, key := range map[string]string{"https://acme.my.salesforce.com": "3MVG9acme", "https://login.salesforce.com": "3MVG9other"} {
		o := unasked()
		o.who.ID, o.who.Username = "00D000000000001AAA", "ada@"+key
		o.Options.Host, o.Options.ClientID = host, key
		if _, err := k.Keep(t.Context(), o, "", noon); err != nil {
			t.Fatal(err)
		}
	}
	for host, want := range map[string]string{"https://acme.my.salesforce.com": "3MVG9acme", "https://login.salesforce.com": "", "https://x.my.salesforce.com": ""} {
		if got := k.ClientFor(host); got != want {
			t.Errorf("for %s it is %q, want %q", host, got, want)
		}
	}
}

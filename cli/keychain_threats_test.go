//go:build linux

package cli

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"sidestep/salesforce/demoorg"
	"sidestep/state"
)

// Rows "silent plain-text storage" and "log-out": an open keychain has the
// sign-in, and nothing else has it.
func TestKeychainHasTheSignInAlone(t *testing.T) {
	t.Parallel()
	address := bus(t)
	var keychain secretService
	keychain.serve(t, address)
	org := newFakeOrg(t)
	c := newComputer(t, "DBUS_SESSION_BUS_ADDRESS="+address)
	c.signIn(org, "--alias", "acme").must(t, fine, "kept in the system's keychain")
	all := slices.Collect(maps.Values(keychain.kept()))
	if len(all) != 1 || !strings.Contains(all[0], canaryRefresh) {
		t.Fatalf("the keychain has %d sign-ins", len(all))
	}
	noCanaries(t, c.home)
	noFiles(t, c)
	c.run("scan", "--org", "acme").must(t, fine)
	c.run("logout").must(t, fine, "Signed out of acme.")
	if n := len(keychain.kept()); n > 0 || !slices.Equal(org.revocations(), []string{canaryRefresh}) {
		t.Errorf("%d sign-ins are left, revoked: %q", n, org.revocations())
	}
	c.signIn(org)
	org.Close()
	c.run("logout").must(t, fine, "on this computer only", "hint: ")
	if n := len(keychain.kept()); n > 0 {
		t.Errorf("without a network %d sign-ins are left", n)
	}
}

// noFiles fails the test where a sign-in is in a file.
func noFiles(t *testing.T, c *computer) {
	t.Helper()
	if _, err := os.Lstat(filepath.Join(c.data(), "sign-ins")); err == nil {
		t.Error("there is a folder for sign-ins that nobody wanted")
	}
}

// Rows "silent plain-text storage" and "keychain hangs": where no keychain takes
// the sign-in it ends with the command, and says so.
func TestWithoutKeychainNothingIsKept(t *testing.T) {
	t.Parallel()
	for name, keychain := range map[string]*secretService{
		"no bus":                 nil,
		"bus without service":    nil,
		"locked":                 {locked: true},
		"service that is silent": {silent: make(chan struct{})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := newFakeOrg(t)
			c := newComputer(t)
			if name != "no bus" {
				address := bus(t)
				if keychain != nil {
					keychain.serve(t, address)
				}
				c = newComputer(t, "DBUS_SESSION_BUS_ADDRESS="+address)
			}
			if keychain != nil && keychain.silent != nil {
				t.Cleanup(func() { close(keychain.silent) })
			}
			e := c.signIn(org).must(t, fine, "can't be kept", "used for this command only", "--store file")
			if silent := keychain != nil && keychain.silent != nil; silent != strings.Contains(e.words, "did not answer within 3s") {
				t.Errorf("it says:\n%s", e.words)
			}
			noCanaries(t, c.home)
			noFiles(t, c)
			if !slices.Equal(org.revocations(), []string{canaryRefresh}) {
				t.Errorf("revoked: %q", org.revocations())
			}
			c.run("scan", "--org", "admin@northwind.example").must(t, notSignedIn, "not signed in to")
		})
	}
}

// Row "keychain hangs", in the interface: it stays live while the keychain is
// asked, says what is wrong, and leaves the other ways in.
func TestASilentKeychainLeavesTheInterfaceLive(t *testing.T) {
	t.Parallel()
	address := bus(t)
	var keychain secretService
	keychain.serve(t, address)
	c := newComputer(t, "DBUS_SESSION_BUS_ADDRESS="+address)
	c.signIn(newFakeOrg(t)).must(t, fine, "kept in the system's keychain")
	keychain.fallSilent(t)
	d := sit(t, c.data(), terminal{cols: 120, rows: 40, env: []string{"DBUS_SESSION_BUS_ADDRESS=" + address}})
	d.sees("Sign in to an org")
	d.types(keyEnter)
	d.under("Northwind Traders")
	d.types(keyEnter)
	d.sees("Connecting to Northwind Traders")
	d.types(keyDown) // while it is asked
	d.under("With your")
	d.sees("did not answer within 3s", "How do you want to sign in?")
	d.types(keyEnter)
	d.sees("Orgs that the Salesforce CLI is logged in to")
}

// Row "rotation race": a Sidestep that is killed when it has a new refresh token
// and before that is saved must ask to sign in, and the work is as it was.
func TestKilledBeforeTheSave(t *testing.T) {
	t.Parallel()
	org, err := demoorg.Start(t.Context(), demoorg.Options{Rotate: true})
	if err != nil {
		t.Fatal(err)
	}
	address := bus(t)
	var keychain secretService
	killed := make(chan error, 1)
	var kill atomic.Bool
	keychain.saving = func(sender dbus.Sender) {
		if !kill.Load() {
			return
		}
		pid, err := keychain.pidOf(sender)
		if err == nil {
			err = syscall.Kill(pid, syscall.SIGKILL)
		}
		killed <- err
		select {} // it is never saved
	}
	keychain.serve(t, address)
	c := newComputer(t, "DBUS_SESSION_BUS_ADDRESS="+address, "SIDESTEP_CALLBACK_PORT=")
	s := c.login("--no-browser", "--host", org.URL())
	if err := org.Approve(t.Context(), s.link.String()); err != nil {
		t.Fatal(err)
	}
	s.end().must(t, fine)
	work := saveOne(t, c)

	org.ExpireSessions()
	kill.Store(true)
	if e := c.run("scan", "--org", org.URL()); e.code != -1 {
		t.Fatalf("exit code %d: %s", e.code, e.words)
	}
	if err := <-killed; err != nil {
		t.Fatal(err)
	}
	org.ExpireSessions()
	c.run("scan", "--org", org.URL()).must(t, notSignedIn, "not signed in to", "hint: run: sidestep login")
	now, err := os.ReadFile(work.path)
	if err != nil || string(now) != work.text {
		t.Errorf("the saved work is another one: %v", err)
	}
	c.run("list").must(t, fine)
}

type savedWork struct{ path, text string }

// saveOne saves a migration on a computer.
func saveOne(t *testing.T, c *computer) savedWork {
	t.Helper()
	if err := save(filepath.Join(c.data(), "migrations"), state.New(state.Org{ID: demoorg.OrgID, Name: "Northwind"}, state.Act{By: "Ada", At: time.Now()})); err != nil {
		t.Fatal(err)
	}
	var w savedWork
	_ = filepath.WalkDir(filepath.Join(c.data(), "migrations"), func(path string, d os.DirEntry, _ error) error {
		if data, err := os.ReadFile(path); err == nil && strings.Contains(string(data), demoorg.OrgID) {
			w = savedWork{path, string(data)}
		}
		return nil
	})
	if w.path == "" {
		t.Fatal("nothing was saved")
	}
	return w
}

//go:build unix

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sidestep/app"
	"sidestep/state"
)

// Row "opener injection": whoever can write the saved work can't make the desktop
// open anything but a page, and that is the opener's one argument.
func TestOpenerIsNotLedAstray(t *testing.T) {
	t.Parallel()
	n := 0
	for instance, opened := range map[string]bool{
		"https://acme.my.salesforce.com/a&b;c$(id)'d":                   true,
		"https://acme.my.salesforce.com/%41":                            true,
		"http://localhost:8181":                                         true,
		"--help":                                                        false,
		"file:///etc/passwd?":                                           false,
		"javascript:alert(1)//":                                         false,
		"http://acme.my.salesforce.com":                                 false,
		"https://ann@acme.my.salesforce.com":                            false,
		"https://acme.my.salesforce.com/\"":                             false,
		"https://acme.my.salesforce.com/%PATH%":                         false,
		"https://acme.my.salesforce.com\n--help":                        false,
		"https://acme.my.salesforce.com/" + strings.Repeat("x", 32<<10): false,
	} {
		n++
		// The name is in that of the folder, which a script mentions.
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Logf("%.80q", instance)
			t.Parallel()
			dir, home := t.TempDir(), t.TempDir()
			script := fmt.Sprintf("#!/bin/sh\n{ echo $#; echo \"$1\"; } > %[1]s/new\n/bin/mv %[1]s/new %[1]s/got\n", dir)
			if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			workOf(t, home, instance)
			d := sit(t, home, terminal{cols: 120, rows: 40, env: []string{"DISPLAY=:99", "PATH=" + dir}})
			d.sees("Resume", "Northwind")
			d.types(keyEnter)
			d.sees("‹Checklist 0/", "p opens it in the browser")
			d.types("p")
			if !opened {
				d.sees("No browser here.")
				if got, err := os.ReadFile(filepath.Join(dir, "got")); err == nil {
					t.Errorf("the opener got %s", got)
				}
				return
			}
			got := string(waitForFile(t, filepath.Join(dir, "got")))
			if want := "1\n" + instance + "/lightning/setup/"; !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 2 {
				t.Errorf("the opener got %q", got)
			}
		})
	}
}

// workOf saves work on an org at an address, at an endpoint with a checklist.
func workOf(t *testing.T, home, instance string) {
	t.Helper()
	backup := filepath.Join(t.TempDir(), "backup.zip")
	if err := os.WriteFile(backup, packed([]string{"Account.Message_0001"}), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := app.Files{}.Read(t.Context(), backup, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	act := state.Act{By: "Ada", At: today}
	m, _ := state.New(state.Org{ID: apiOrgID, Name: "Northwind", Instance: instance}, act).Merge(found, act)
	key := m.Overview().Hosts[0].Endpoints[0].Key
	m = m.ChooseRoute(key, state.InternalFix, act).Stand(key, act)
	if err := save(filepath.Join(home, "migrations"), m); err != nil {
		t.Fatal(err)
	}
}

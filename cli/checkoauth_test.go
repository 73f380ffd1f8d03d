//go:build unix

package cli

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sidestep/app"
	"sidestep/salesforce/demoorg"
	"sidestep/state"
)

// servedOrg runs demo --serve and returns the address of its org.
func servedOrg(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sidestep", "demo", "--serve", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "SIDESTEP_HOME="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return value(t, bufio.NewReader(out), "org ")
}

// TestJWTBearerIsProvedAgainstTheServedOrg: the key of the demonstration's app
// signs the hub's user in.
func TestJWTBearerIsProvedAgainstTheServedOrg(t *testing.T) {
	address := servedOrg(t)
	resp, err := http.Get(address + demoorg.HubKeyPath)
	if err != nil {
		t.Fatal(err)
	}
	key, err := io.ReadAll(resp.Body)
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hub.key")
	if err := os.WriteFile(path, key, 0o600); err != nil {
		t.Fatal(err)
	}
	check := func(user string) (proofJSON, string, error) {
		cmd := exec.CommandContext(t.Context(), "sidestep", "check", "oauth", "--host", address, "--client-id", demoorg.HubKey, "--flow", "jwt", "--user", user, "--key-file", path, "--object", "Order", "--writes", "--json")
		cmd.Env = append(os.Environ(), "SIDESTEP_HOME="+t.TempDir())
		out, err := cmd.Output()
		var p proofJSON
		if err := json.Unmarshal(out, &p); err != nil {
			t.Fatal(err, string(out))
		}
		return p, string(out), err
	}
	p, out, err := check(demoorg.HubUser)
	if err != nil || !p.OK || p.Username != demoorg.HubUser || p.Flow != "jwt" || len(p.Checks) != 7 {
		t.Errorf("%v %s", err, out)
	}
	p, out, err = check(demoorg.Username)
	if err == nil || p.OK || len(p.Checks) != 1 || !strings.Contains(p.Checks[0].Text, "may not use this app") || !strings.HasPrefix(p.Checks[0].Setup, address+"/lightning/setup/") {
		t.Errorf("%v %s", err, out)
	}
}

// TestSecretIsTypedUnseen: what is typed at the prompt is neither echoed nor printed.
func TestSecretIsTypedUnseen(t *testing.T) {
	address := servedOrg(t)
	d := sit(t, t.TempDir(), terminal{cols: 120, rows: 40}, "check", "oauth", "--host", address, "--client-id", demoorg.HubKey)
	d.sees("Consumer secret (it is not shown):")
	for d.mode() == d.before { // the terminal still shows what is typed
		time.Sleep(time.Millisecond)
	}
	d.types(demoorg.HubSecret + "\r")
	d.sees("SOAP accepts the token.")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	if raw := d.raw.String(); strings.Contains(raw, demoorg.HubSecret) {
		t.Errorf("the secret was shown: %q", raw)
	}
}

// TestOrgThatStreamsForEverEndsTheCheck: at the token endpoint, and behind it.
func TestOrgThatStreamsForEverEndsTheCheck(t *testing.T) {
	for _, path := range []string{"/services/oauth2/token", "/services/data/v66.0/"} {
		mux := http.NewServeMux()
		s := httptest.NewServer(mux)
		t.Cleanup(s.Close)
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, `{"a":"`)
			for {
				if _, err := io.WriteString(w, strings.Repeat("x", 32<<10)); err != nil {
					return
				}
			}
		})
		if path != "/services/oauth2/token" {
			mux.HandleFunc("/services/oauth2/token", func(w http.ResponseWriter, _ *http.Request) {
				_ = json.NewEncoder(w).Encode(map[string]string{"access_token": demoorg.OrgID[:15] + "!AQx", "scope": "api", "instance_url": s.URL, "id": s.URL + "/id/" + demoorg.OrgID + "/0055g000000AbCdEAK"})
			})
			mux.HandleFunc("/services/data/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `[{"version":"66.0"}]`) })
		}
		c := newComputer(t, "SIDESTEP_CLIENT_SECRET=canary")
		e := c.run("check", "oauth", "--host", s.URL, "--client-id", "3MVG9any")
		if e.code != failed || !strings.Contains(e.out, "larger than any real one") || strings.Contains(e.out+e.words, "canary") {
			t.Errorf("%s: %d\n%s\n%s", path, e.code, e.out, e.words)
		}
		if entries, err := os.ReadDir(c.home); err != nil || len(entries) != 0 {
			t.Errorf("%s: something was stored: %v %v", path, entries, err)
		}
	}
}

// TestEndpointBringsItsObjects: what its messages carry is what the receiver needs.
func TestEndpointBringsItsObjects(t *testing.T) {
	home := t.TempDir()
	demo, err := app.StartDemo(t.Context(), demoorg.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = demo.Server.Close() })
	found, err := demo.ReadBackup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	act := state.Act{By: "Ada", At: today}
	m := state.New(state.Org{ID: demoorg.OrgID, Name: demoorg.OrgName, Username: demoorg.Username, Instance: demo.Host()}, act)
	m, _ = m.Merge(found, act)
	if err := save(filepath.Join(home, "migrations"), m); err != nil {
		t.Fatal(err)
	}
	check := func(endpoint string) proofJSON {
		cmd := exec.CommandContext(t.Context(), "sidestep", "check", "oauth", "--client-id", demoorg.HubKey, "--endpoint", endpoint, "--json")
		cmd.Env = append(os.Environ(), "SIDESTEP_HOME="+home, secretVariable+"="+demoorg.HubSecret)
		out, _ := cmd.Output()
		var p proofJSON
		if err := json.Unmarshal(out, &p); err != nil {
			t.Fatal(err, string(out))
		}
		return p
	}
	p := check("integration.northwind.example/sf/orders")
	rights := ""
	for _, c := range p.Checks {
		if c.ID == "rights" {
			rights += c.Text + "\n"
		}
	}
	if !p.OK || p.Host != demo.Host() || !strings.Contains(rights, "may read Order and sees the 5 fields") || !strings.Contains(rights, "may read Opportunity and sees the 4 fields") {
		t.Errorf("%+v", p)
	}
	// The hub's user has no right on what another receiver gets.
	if p := check("api.ledgerwise.example"); p.OK || !strings.Contains(p.Checks[len(p.Checks)-2].Text, "does not see the object Invoice__c") {
		t.Errorf("%+v", p)
	}
}

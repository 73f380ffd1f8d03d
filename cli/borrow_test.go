//go:build unix

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sidestep/salesforce/demoorg"
)

// The Salesforce CLI's login is used without keeping anything of it.
func TestLoginOfTheSalesforceCLI(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	dir := t.TempDir()
	c := newComputer(t, "PATH="+dir+":/usr/bin:/bin")
	c.run("login", "--sf").must(t, notSignedIn, "is not installed", "hint: ")
	one := fmt.Sprintf(`{"username":"admin@northwind.example","alias":"nw","orgId":%q,"instanceUrl":%q}`, demoorg.OrgID, org.URL)
	script := func(orgs, show string) {
		text := fmt.Sprintf("#!/bin/sh\ncase \"$*\" in\n\"org list --json --skip-connection-status\") echo '{\"status\":0,\"result\":{\"nonScratchOrgs\":[%s]}}';;\n*show-access-token*) %s;;\n*) exit 3;;\nesac\n", orgs, show)
		if err := os.WriteFile(filepath.Join(dir, "sf"), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	good := "echo '{\"status\":0,\"result\":{\"accessToken\":\"" + canaryAccess + "\"}}'"
	script("", good)
	c.run("login", "--sf").must(t, notSignedIn, "not logged in to any org")
	script(one+`,{"username":"ada@other.example","instanceUrl":"https://other.my.salesforce.com"}`, good)
	c.run("login", "--sf").must(t, wrongUse, "several orgs", "nw")
	c.run("login", "--sf", "nobody@northwind.example").must(t, notSignedIn, "is not signed in as")
	c.run("login", "--sf", "nw", "--host", "test").must(t, wrongUse)
	c.run("login", "nw").must(t, wrongUse, "hint: did you mean")
	script(one, good)
	c.run("login", "--sf").must(t, fine, "Signed in to Northwind Traders", "the Salesforce CLI, which is asked each time")
	noCanaries(t, c.home)
	scanned := c.run("scan", "--org", "admin@northwind.example", "--json").must(t, fine)
	if !strings.Contains(scanned.out, `"complete": true`) {
		t.Errorf("it found %s", scanned.out)
	}
	if listed := c.run("orgs"); !strings.Contains(listed.out, "by the Salesforce CLI") {
		t.Errorf("listed as %s", listed.out)
	}
	script(one, "echo '{\"status\":1,\"name\":\"AuthError\",\"message\":\"expired "+canaryAccess+"\"}'; exit 1")
	e := c.run("scan", "--org", "admin@northwind.example").must(t, notSignedIn, "expired (hidden)", "hint: ")
	noCanary(t, "stderr", e.words)

	// A line that is down is no refusal, whoever finds it: the CLI, which then shows
	// what it has with a warning, or fails; or Sidestep.
	script(one, "echo '{\"status\":1,\"name\":\"FetchError\",\"message\":\"request to https://login.salesforce.com/services/oauth2/token failed, reason: getaddrinfo ENOTFOUND login.salesforce.com\"}'; exit 1")
	for _, asks := range [][]string{{"scan", "--org", "admin@northwind.example"}, {"check", "logins", "--org", "admin@northwind.example", "--user", "x@y.example"}, {"login", "--sf"}} {
		c.run(asks...).must(t, failed, "could not reach the org", "getaddrinfo ENOTFOUND", "hint: check the network connection")
	}
	script(one, "echo nonsense; exit 1")
	c.run("scan", "--org", "admin@northwind.example").must(t, failed, "did not answer in the way it is known to", "hint: update it")
	stale := "echo '{\"status\":0,\"result\":{\"accessToken\":\"" + canaryAccess + "\"},\"warnings\":[\"Unable to refresh auth for org. Access token may be stale.\"]}'"
	script(one, stale)
	c.run("scan", "--org", "admin@northwind.example").must(t, fine) // it is still taken
	org.accept("another one")
	c.run("scan", "--org", "admin@northwind.example").must(t, notSignedIn, "not signed in to admin@northwind.example", "hint: run: sf org login web --instance-url "+org.URL)
	org.Close()
	for _, asks := range [][]string{{"scan", "--org", "admin@northwind.example"}, {"check", "logins", "--org", "admin@northwind.example", "--user", "x@y.example"}, {"login", "--sf"}} {
		c.run(asks...).must(t, failed, org.URL+" could not be reached: nothing there takes connections", "hint: check the address, the network connection")
	}
	c.run("logout").must(t, fine, "The Salesforce CLI is still signed in")
	if r := org.revocations(); len(r) > 0 {
		t.Errorf("what is the CLI's was revoked: %d", len(r))
	}
}

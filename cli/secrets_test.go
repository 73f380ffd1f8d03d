//go:build unix

package cli

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"sidestep/salesforce/demoorg"
)

// disguises are the forms in which a secret could leak.
func disguises(secret string) []string {
	all := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), hex.EncodeToString([]byte(secret)), strings.ToLower(secret)}
	for shift := range 3 {
		text := base64.RawStdEncoding.EncodeToString([]byte("xxx"[:shift] + secret))
		all = append(all, text[2*min(shift, 1)+shift/2:len(text)-3]) // what does not depend on the neighbours
	}
	return all
}

// noCanary fails the test when a text holds one of the secrets.
func noCanary(t *testing.T, where, text string, more ...string) {
	t.Helper()
	for _, secret := range append([]string{"canaryACCESS", "canaryRENEWED", "canaryREFRESH", "canaryCODE"}, more...) {
		for _, form := range disguises(secret) {
			if strings.Contains(text, form) {
				t.Errorf("%s holds %s as %q", where, secret, form)
			}
		}
	}
}

// noCanaries looks through all files but the sign-ins themselves.
func noCanaries(t *testing.T, dir string, more ...string) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == "sign-ins" {
			return filepath.SkipDir
		}
		noCanary(t, "the name "+path, path, more...)
		if d.Type().IsRegular() {
			n++
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			noCanary(t, path, string(data), more...)
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Errorf("%d files were looked through: %v", n, err)
	}
}

// signInFile is the one file with a sign-in.
func (c *computer) signInFile() string {
	c.t.Helper()
	names, err := filepath.Glob(filepath.Join(c.data(), "sign-ins", "*"))
	if err != nil || len(names) != 1 {
		c.t.Fatalf("the files with sign-ins are %q, %v", names, err)
	}
	return names[0]
}

func (c *computer) keptFields() map[string]string {
	c.t.Helper()
	data, err := os.ReadFile(c.signInFile())
	if err != nil {
		c.t.Fatal(err)
	}
	fields := map[string]string{}
	if err := json.Unmarshal(data, &fields); err != nil {
		c.t.Fatal(err)
	}
	return fields
}

func modeOf(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

// Row "leak": through the whole life of a sign-in, its secrets are in their file
// and in the requests that need them, and nowhere else.
func TestSecretsAreNowhereElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	opener := fmt.Sprintf("#!/bin/sh\nPATH=/usr/bin:/bin\n{ tr '\\0' '\\n' < /proc/$PPID/environ; tr '\\0' '\\n' < /proc/$PPID/cmdline; env; } > %[1]s/new\nmv %[1]s/new %[1]s/got\n", dir)
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(opener), 0o700); err != nil {
		t.Fatal(err)
	}
	org := newFakeOrg(t)
	org.called = func(r *http.Request) { // proxies log these
		for name, values := range r.Header {
			if name != "Authorization" {
				noCanary(t, "the header "+name, strings.Join(values, " "))
			}
		}
		noCanary(t, "an address of the APIs", r.RequestURI)
	}
	c := newComputer(t, "DISPLAY=:99", "PATH="+dir, "GOTRACEBACK=all")
	var all []ended
	s := c.login("--host", org.URL, "--store", "file", "--alias", "acme")
	environment := waitForFile(t, filepath.Join(dir, "got"))
	s.visit(s.callback("code=" + url.QueryEscape(canaryCode)))
	all = append(all, s.end().must(t, fine, "a file that only you can read"))
	verifier := org.requests()[0].form.Get("code_verifier")
	if got := c.keptFields(); got["refresh"] != canaryRefresh || got["access"] != canaryAccess {
		t.Fatal("the sign-in is not in its file")
	}
	all = append(all, c.run("scan", "--org", "acme", "--json").must(t, fine), c.run("orgs", "--json"), c.run("orgs"), c.run("list", "--json"))
	org.accept("none yet") // the access token has expired: it is renewed
	all = append(all, c.run("scan", "--org", "acme").must(t, fine))
	if got := c.keptFields(); got["refresh"] != canaryRefresh || got["access"] != canaryRenewed {
		t.Error("after a renewal without a new refresh token the old one is not kept")
	}
	org.accept("none any more")
	org.answering(func(w http.ResponseWriter, r *http.Request) { // an org that repeats what it was sent
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, `{"error":"invalid_grant","error_description":"expired access/refresh token"}`)
	})
	all = append(all, c.run("scan", "--org", "acme").must(t, notSignedIn))
	org.answering(func(w http.ResponseWriter, r *http.Request) { // no JSON, and all that was sent
		w.WriteHeader(http.StatusInternalServerError)
		_ = r.ParseForm()
		_, _ = fmt.Fprint(w, r.PostForm)
	})
	all = append(all, c.run("scan", "--org", "acme"))
	all = append(all, crash(t, c, org))
	all = append(all, told(t, c, org)...)
	noCanaries(t, c.home, verifier)
	all = append(all, c.run("logout").must(t, fine))
	for i, e := range all {
		noCanary(t, fmt.Sprintf("stdout of command %d", i), e.out, verifier)
		noCanary(t, fmt.Sprintf("stderr of command %d", i), e.words, verifier)
	}
	noCanary(t, "the environment of a child", string(environment), verifier)
	for _, r := range org.requests() {
		noCanary(t, "an address", r.query, verifier)
	}
	if names, _ := filepath.Glob(filepath.Join(c.data(), "sign-ins", "*")); len(names) > 0 {
		t.Errorf("after signing out there is %q", names)
	}
}

// told scans in the interface, which saves the work, and is everything that is
// then written for other people.
func told(t *testing.T, c *computer, org *fakeOrg) []ended {
	t.Helper()
	org.answering(nil)
	org.accept(canaryRenewed)
	d := sit(t, c.data(), terminal{cols: 120, rows: 40})
	d.sees("Sign in to an org")
	d.types(keyEnter)
	d.under("Northwind Traders")
	d.types(keyEnter)
	d.sees("18 messages on 12 endpoints", "saved")
	d.types("q")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	all := []ended{{out: d.wrote()}, c.run("list").must(t, fine), c.run("export").must(t, fine)}
	for _, form := range []string{"md", "html", "csv", "json"} {
		all = append(all, c.run("report", "--format", form).must(t, fine))
	}
	return append(all, c.run("email", "api.ledgerwise.example").must(t, fine))
}

// crash makes a sign-in dump all its stacks while its secrets are on the way.
func crash(t *testing.T, c *computer, org *fakeOrg) ended {
	t.Helper()
	asked := make(chan struct{})
	org.answering(func(_ http.ResponseWriter, r *http.Request) { close(asked); <-r.Context().Done() })
	s := c.login("--no-browser", "--host", org.URL)
	browser := sync.WaitGroup{}
	browser.Go(func() {
		if resp, err := noRedirects.Get(s.callback("code=" + url.QueryEscape(canaryCode))); err == nil {
			_ = resp.Body.Close()
		}
	})
	<-asked
	_ = s.cmd.Process.Signal(syscall.SIGQUIT)
	e := s.end().must(t, 2, "SIGQUIT", "goroutine ")
	browser.Wait()
	return e
}

// Row "silent plain-text storage": without a yes there is no file; the yes is
// remembered, and can be taken back.
func TestFileNeedsAYes(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	c := newComputer(t)
	c.signIn(org).must(t, fine, "used for this command only")
	if _, err := os.Lstat(filepath.Join(c.data(), "sign-ins")); err == nil {
		t.Error("there is a folder for sign-ins that nobody wanted")
	}
	c.signIn(org, "--store", "file").must(t, fine, "a file that only you can read")
	c.signIn(org).must(t, fine, "a file that only you can read")
	c.signInFile()
	c.signIn(org, "--store", "keychain").must(t, fine, "used for this command only")
	if names, _ := filepath.Glob(filepath.Join(c.data(), "sign-ins", "*")); len(names) > 0 {
		t.Errorf("the file is still there: %q", names)
	}
	c.run("login", "--store", "cloud", "--host", org.URL).must(t, wrongUse, "hint: ")
}

// Row "file readable by others".
func TestFilesAreForTheirOwner(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	c := newComputer(t)
	bin := c.bin
	c.bin = filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(c.bin, []byte("#!/bin/sh\numask 000\nexec "+bin+" \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if e := c.signIn(org, "--store", "file", "--alias", "acme"); strings.Contains(e.words, "note: ") {
		t.Errorf("it was made open to others:\n%s", e.words)
	}
	file := c.signInFile()
	closed := func() {
		t.Helper()
		if m := modeOf(t, file); m != 0o600 {
			t.Errorf("the file has mode %v", m)
		}
		if m := modeOf(t, filepath.Dir(file)); m != fs.ModeDir|0o700 {
			t.Errorf("the folder has mode %v", m)
		}
	}
	closed()
	for _, name := range []string{"orgs.json", "orgs.json.lock"} {
		if m := modeOf(t, filepath.Join(c.data(), name)); m.Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", name, m)
		}
	}
	for path, mode := range map[string]fs.FileMode{file: 0o644, filepath.Dir(file): 0o777} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		c.run("scan", "--org", "acme").must(t, fine, "note: ", "was open to other users", "closed now")
		closed()
	}
	c.run("scan", "--org", "acme").must(t, fine)

	// A link in its place is neither read through nor written through.
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.WriteFile(elsewhere, text, 0o600); err != nil {
		t.Fatal(err)
	}
	swap := func() {
		t.Helper()
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(elsewhere, file); err != nil {
			t.Fatal(err)
		}
	}
	swap()
	c.run("scan", "--org", "acme").must(t, notSignedIn, "no ordinary file")
	c.signIn(org, "--alias", "acme")
	closed()
	if now, err := os.ReadFile(elsewhere); err != nil || string(now) != string(text) {
		t.Errorf("a link was written through: %v", err)
	}
	// Neither is one in the place of the folder.
	if err := os.RemoveAll(filepath.Dir(file)); err != nil {
		t.Fatal(err)
	}
	open := t.TempDir()
	if err := os.Symlink(open, filepath.Dir(file)); err != nil {
		t.Fatal(err)
	}
	c.signIn(org).must(t, fine, "is no folder", "used for this command only")
	if left, err := os.ReadDir(open); err != nil || len(left) > 0 {
		t.Errorf("a linked folder was written to: %v, %v", left, err)
	}
}

// Row "rotation race": ten programs find their session expired at once, in an org
// that ends the whole sign-in when a refresh token is used twice.
func TestTenProgramsRenewInTurn(t *testing.T) {
	t.Parallel()
	org, err := demoorg.Start(t.Context(), demoorg.Options{Rotate: true})
	if err != nil {
		t.Fatal(err)
	}
	c := newComputer(t, "SIDESTEP_CALLBACK_PORT=")
	s := c.login("--no-browser", "--host", org.URL(), "--store", "file")
	if err := org.Approve(t.Context(), s.link.String()); err != nil {
		t.Fatal(err)
	}
	s.end().must(t, fine)
	first := c.keptFields()["refresh"]
	org.ExpireSessions()
	var programs sync.WaitGroup
	for range 10 {
		programs.Go(func() {
			if e := c.run("scan", "--org", org.URL()); e.code != fine {
				t.Errorf("exit code %d: %s", e.code, e.words)
			}
		})
	}
	programs.Wait()
	if c.keptFields()["refresh"] == first {
		t.Error("the org's new refresh token was not kept")
	}
	org.ExpireSessions()
	c.run("scan", "--org", org.URL()).must(t, fine)
}

// Row "rotation race": nothing is done with a renewed sign-in before it is kept. A
// program that is killed later has lost nothing.
func TestARenewedSignInIsKeptBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	c := newComputer(t)
	c.signIn(org, "--store", "file", "--alias", "acme")
	const rotated = "5Aep861canaryREFRESHrotated"
	org.accept("none yet")
	org.answering(func(w http.ResponseWriter, _ *http.Request) {
		org.accept(canaryRenewed)
		org.grant(w, map[string]any{"access_token": canaryRenewed, "refresh_token": rotated})
	})
	file := c.signInFile()
	var used atomic.Int32
	org.mu.Lock()
	org.called = func(r *http.Request) {
		// Those of the Metadata API carry it in the body, and come together with these.
		if !strings.Contains(r.Header.Get("Authorization"), canaryRenewed) {
			return
		}
		used.Add(1)
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), rotated) {
			t.Errorf("%s is asked, and the new refresh token is not kept: %v", r.URL.Path, err)
		}
	}
	org.mu.Unlock()
	c.run("scan", "--org", "acme").must(t, fine)
	if used.Load() == 0 {
		t.Error("the renewed token was never used")
	}
}

// Row "rotation race": a no to an old token deletes nothing, and an answer for
// another org is not taken.
func TestARefusedRenewalDeletesNothing(t *testing.T) {
	t.Parallel()
	org := newFakeOrg(t)
	c := newComputer(t)
	c.signIn(org, "--store", "file")
	before := fmt.Sprint(c.keptFields())
	org.accept("none")
	for _, answer := range []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"error":"invalid_grant","error_description":"expired access/refresh token"}`)
		},
		func(w http.ResponseWriter, _ *http.Request) {
			org.grant(w, map[string]any{"id": org.URL + "/id/00D5g000001OtHrEAK/0055g000001NwAdAAK"})
		},
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
	} {
		org.answering(answer)
		if e := c.run("scan", "--org", org.URL); e.code == fine {
			t.Error("the scan is a success")
		}
		if now := fmt.Sprint(c.keptFields()); now != before {
			t.Error("what is kept has changed")
		}
	}
}

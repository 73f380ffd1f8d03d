package app

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
)

func TestOrgAnswersToItsNames(t *testing.T) {
	o := KnownOrg{
		Alias: "acme", OrgID: "00D5g000001NwTrEAK", Name: "Acme Inc", Username: "Ada@acme.example",
		Instance: "https://acme.my.salesforce.com", Host: "https://login.salesforce.com",
	}
	for _, name := range []string{"acme", "ACME", "ada@acme.example", "00D5g000001NwTrEAK", "00D5g000001NwTr", "acme.my.salesforce.com", "https://acme.my.salesforce.com"} {
		if !o.Answers(name) {
			t.Errorf("it does not answer to %q", name)
		}
	}
	for _, name := range []string{"", "acm", "00d5g000001nwtr", "my.salesforce.com"} {
		if o.Answers(name) {
			t.Errorf("it answers to %q", name)
		}
	}
	if (KnownOrg{OrgID: "00D5g000001NwTrEAK"}).Answers("") {
		t.Error("an org without alias answers to nothing")
	}
}

// unasked is an org that nobody asks anything.
func unasked() *Org { return &Org{client: org.New(signin.Token{}, org.Options{})} }

func TestAliasBelongsToOneOrg(t *testing.T) {
	k, _ := knownIn(t)
	for i, id := range []string{"00D000000000001AAA", "00D000000000002AAA", "00D000000000002AAA"} {
		o := unasked()
		o.who.ID, o.who.Username = id, "ada@acme.example"
		alias := []string{"acme", "acme", ""}[i]
		if _, err := k.Keep(t.Context(), o, alias, noon); err != nil {
			t.Fatal(err)
		}
	}
	orgs, err := k.List()
	if err != nil || len(orgs) != 2 {
		t.Fatalf("%d orgs, %v", len(orgs), err)
	}
	for _, o := range orgs {
		if want := map[string]string{"00D000000000001AAA": "", "00D000000000002AAA": "acme"}[o.OrgID]; o.Alias != want {
			t.Errorf("%s is called %q, want %q", o.OrgID, o.Alias, want)
		}
	}
}

func TestListIsForItsOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps no such modes")
	}
	k, _ := knownIn(t)
	o := unasked()
	for range 2 {
		if _, err := k.Keep(t.Context(), o, "", noon); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]os.FileMode{k.Path: 0o600, filepath.Dir(k.Path): 0o700, k.Path + ".lock": 0o600} {
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
			}
		}
		// Somebody opens it; the next change closes it again.
		if err := os.Chmod(k.Path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A list that can't be read is neither taken for an empty one nor written over.
func TestDamagedListStays(t *testing.T) {
	for name, text := range map[string]string{"cut": `{"schema":1,"orgs":[{"al`, "newer": `{"schema":2,"orgs":[]}`, "empty": ""} {
		t.Run(name, func(t *testing.T) {
			k, secrets := knownIn(t)
			if err := errors.Join(os.MkdirAll(filepath.Dir(k.Path), 0o700), os.WriteFile(k.Path, []byte(text), 0o600)); err != nil {
				t.Fatal(err)
			}
			if _, err := k.List(); err == nil {
				t.Error("it is read")
			}
			if _, err := k.Keep(t.Context(), unasked(), "", noon); err == nil {
				t.Error("it is changed")
			}
			if data, err := os.ReadFile(k.Path); string(data) != text || err != nil {
				t.Errorf("it now holds %q, %v", data, err)
			}
			if len(secrets.kept) > 0 {
				t.Error("a sign-in is kept that nothing lists")
			}
		})
	}
}

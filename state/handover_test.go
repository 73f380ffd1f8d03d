package state

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sidestep/salesforce"
)

const secretURL = "https://in.example.org/sf?key=s3cr3t"

// handed is work on an address with a secret, as a colleague would get it.
func handed(t *testing.T) (whole, without Migration, key string) {
	t.Helper()
	whole = New(northwind, by(0))
	whole, _ = whole.Merge(scan(0, message("Account", "Send", secretURL, flagged(false)), message("Case", "Old", legacyURL, flagged(false))), by(0))
	whole, _ = whole.Merge(scan(1, message("Account", "Send", secretURL, flagged(false))), by(1)) // Case.Old is gone, with its address
	key = salesforce.ParseEndpoint(secretURL).Key
	whole = whole.ChooseRoute(key, VendorContact, by(2)).AddNote(key, "Ask Bob.", by(3))
	data, n := whole.Handed()
	if n != 1 {
		t.Errorf("%d addresses are said to have left their secret", n)
	}
	return whole, data, key
}

func TestHandedWorkHoldsNoSecretAndIsTheSameWork(t *testing.T) {
	whole, without, key := handed(t)
	data, err := Encode(without)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "handed.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Taken(path)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := new(encoder).encode(got)
	if err != nil || bytes.Contains(bytes.Join(parts, nil), []byte("s3cr3t")) {
		t.Error("the secret is in the file", err)
	}
	for _, msg := range got.Messages {
		for _, def := range got.definitions(msg) {
			if strings.Contains(def.EndpointURL, "s3cr3t") {
				t.Errorf("the packed messages hold %s", def.EndpointURL)
			}
		}
	}
	a, b := whole.Overview(), got.Overview()
	if len(a.Hosts) != len(b.Hosts) || a.Endpoints != b.Endpoints || a.Messages != b.Messages || a.Progress != b.Progress {
		t.Errorf("the work is another one: %+v, then %+v", a, b)
	}
	if e := got.Endpoints[key]; e.Route != VendorContact || len(e.Notes) != 1 {
		t.Errorf("the admin's work is gone: %+v", e)
	}
	if whole.Endpoints[key].URL != secretURL {
		t.Error("handing it over changed the work itself")
	}
}

func TestAScanBringsTheSecretBack(t *testing.T) {
	_, without, key := handed(t)
	m, changes := without.Merge(scan(5, message("Account", "Send", secretURL, flagged(false))), by(5))
	if m.Endpoints[key].URL != secretURL {
		t.Errorf("the address is still %s", m.Endpoints[key].URL)
	}
	if changes.Changed != 0 || len(m.Endpoints) != len(without.Endpoints) {
		t.Errorf("the same address counts as another one: %+v", changes)
	}
	changed, _ := without.Merge(scan(5, message("Account", "Send", "https://in.example.org/sf?key=0ther", flagged(false))), by(5))
	if len(changed.Endpoints) == len(without.Endpoints) {
		t.Error("another secret is another endpoint")
	}
}

func TestWhatIsNoWorkIsNotTaken(t *testing.T) {
	dir := t.TempDir()
	_, without, _ := handed(t)
	data, err := Encode(without)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(data)
	flipped[len(flipped)/2] ^= 1
	for name, content := range map[string][]byte{"empty": nil, "cut": data[:len(data)/2], "flipped": flipped, "other": []byte(`{"schema":1,"id":"x"}`)} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Taken(path); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	newerPath := filepath.Join(dir, "newer")
	if err := os.WriteFile(newerPath, []byte(`{"schema":99,"id":"x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var later *NewerError
	if _, err := Taken(newerPath); !errors.As(err, &later) {
		t.Errorf("work of a later version: %v", err)
	}
	if _, err := Taken(dir); err == nil {
		t.Error("a folder was taken")
	}
}

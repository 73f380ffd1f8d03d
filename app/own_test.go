package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sidestep/email"
	"sidestep/vendors"
)

// lay writes files below a folder.
func lay(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOwnFilesAreUsedAndTheirFaultsTold(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{
		"templates/en/first.txt": "Subject: Hello\n\nOur own words.\n",
		"templates/de/first.txt": "Subject: Hallo\n\n{{.Vendro}}\n",
		"vendors.yaml":           "- name: Parcelwise\n  hosts: [parcelwise.example]\n- name: Nobody\n  hots: [nobody.example]\n",
	})
	own := below(dir, dir).Own()
	d, err := own.Texts.Draft(email.First, email.English, email.Facts{})
	if err != nil || d.Body != "Our own words.\n" {
		t.Errorf("the mail reads %q, %v", d.Body, err)
	}
	if _, known := own.Vendors.Named("Parcelwise"); !known {
		t.Error("the vendor of the file is not known")
	}
	if _, known := own.Vendors.Named("Conga"); !known {
		t.Error("a built-in vendor is lost")
	}
	if len(own.Problems) != 2 {
		t.Fatalf("problems: %v", own.Problems)
	}
	for i, want := range []string{"templates/de/first.txt:3: there is no field .Vendro", "vendors.yaml:3: "} {
		if !strings.HasPrefix(own.Problems[i].Error(), want) {
			t.Errorf("problem %q, want %q", own.Problems[i], want)
		}
	}
	var p email.Problem
	if !errors.As(own.Problems[0], &p) || p.File != "de/first.txt" {
		t.Errorf("the problem does not say which mail it is about: %#v", own.Problems[0])
	}
}

func TestWithoutOwnFilesThereIsNothingToTell(t *testing.T) {
	own := below(t.TempDir(), "").Own()
	if len(own.Problems) > 0 || len(own.Vendors.All()) != len(vendors.BuiltIn().All()) {
		t.Errorf("%+v", own.Problems)
	}
}

func TestAFolderForTheFileOfVendorsIsTold(t *testing.T) {
	dir := t.TempDir()
	lay(t, dir, map[string]string{"vendors.yaml/x": ""})
	own := below(dir, "").Own()
	if len(own.Problems) != 1 || own.Problems[0].Error() != "vendors.yaml: this is no plain file" {
		t.Errorf("%v", own.Problems)
	}
}

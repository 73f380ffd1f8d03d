package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sidestep/salesforce/clientapp"
	"sidestep/salesforce/credentials"
)

func TestAnAppNeverReplacesAnother(t *testing.T) {
	c := Checks{Folder: filepath.Join(t.TempDir(), "receivers")}
	files, err := c.AppFiles(clientapp.App{Name: "Hub", Contact: "ops@acme.example", Flow: credentials.ClientCredentials, RunAs: "hub@acme.example"}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Hub", "Hub-2", "Hub-3"} {
		folder, err := c.SaveApp("Hub", files)
		if err != nil || folder != filepath.Join(c.Folder, want) {
			t.Fatalf("%s: %q, %v", want, folder, err)
		}
		if _, err := os.Stat(filepath.Join(folder, "package.xml")); err != nil {
			t.Error(err)
		}
	}
}

func TestAKeyIsNoCertificate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, []byte("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := clientapp.App{Name: "Hub", Contact: "ops@acme.example", Flow: credentials.JWTBearer, PermissionSet: "Hub"}
	if files, err := (Checks{}).AppFiles(a, path); !errors.Is(err, clientapp.ErrCertificate) || files != nil || strings.Contains(err.Error(), "c2VjcmV0") {
		t.Errorf("%d files, %v", len(files), err)
	}
	if _, err := (Checks{}).AppFiles(a, path+".none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestOneFileIsOneFile(t *testing.T) {
	folder := t.TempDir()
	for _, want := range []string{"No receiver of outbound messages was found in the one file that was read.", "No receiver of outbound messages was found in 2 files."} {
		f, err := os.CreateTemp(folder, "*.java")
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		found, err := (Checks{}).Code(t.Context(), folder)
		if err != nil || found.Check.Summary != want {
			t.Errorf("%q, %v", found.Check.Summary, err)
		}
	}
}

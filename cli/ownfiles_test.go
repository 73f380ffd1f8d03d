//go:build unix

package cli

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestOwnFilesReachTheInterface puts texts and vendors of the admin's beside the
// saved work: the good ones are used, and of the others it says file and line.
func TestOwnFilesReachTheInterface(t *testing.T) {
	home := t.TempDir()
	for name, text := range map[string]string{
		"templates/de/first.txt": "Subject: Moin\n\nUnsere eigenen Worte an {{.Host}}.\n",
		"templates/en/first.txt": "Subject: Hello\n\n{{.Vendro}}\n",
		"vendors.yaml":           "- name: Swift Own Entry\n  hosts: [swiftfreight.example]\n- name: Nobody\n  hots: [nobody.example]\n",
	} {
		path := filepath.Join(home, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	d := sit(t, home, usual, "demo")
	d.sees("templates/en/first.txt:3: there is no field .Vendro", "vendors.yaml:3: ", "What comes with Sidestep is used instead.")
	d.signsInAlone()
	d.opens("v2/shipments")
	d.types("r")
	d.sees("Swift Own Entry")
	d.types(keyDown + keyEnter)
	d.sees("Route vendor contact")
	d.types("m")
	d.sees("first mail to the vendor, English", "templates/en/first.txt:3: there is no field .Vendro", "Our org sends")
	d.types("l")
	d.sees("In which language?", "日本語")
	d.types(keyDown + keyEnter)
	d.sees("Unsere eigenen Worte an")
	d.types("q")
	d.ends()
}

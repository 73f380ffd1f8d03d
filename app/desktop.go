package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/atotto/clipboard"

	"sidestep/salesforce/signin"
)

// Desktop is what lies around the terminal.
type Desktop struct {
	// Drafts is the folder for mail drafts and calendar files.
	Drafts string
	// NoBrowser keeps every browser closed.
	NoBrowser bool
}

var errNoBrowser = errors.New("no browser is opened")

// OpenURL shows a page, or begins a mail, in the admin's own program for it.
func (d Desktop) OpenURL(link string) error {
	if d.NoBrowser {
		return errNoBrowser
	}
	return signin.OpenBrowser(link)
}

// Copy puts text on the system's clipboard.
func (Desktop) Copy(text string) error { return clipboard.WriteAll(text) }

// SaveDraft writes a draft or a calendar file without ever replacing another one.
func (d Desktop) SaveDraft(name string, data []byte) (string, error) {
	return writeBeside(d.Drafts, name, data, "file")
}

// writeBeside writes a file that was not there before; what names its sort. A name
// that is taken gets a number.
func writeBeside(folder, name string, data []byte, what string) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make the folder for the %s: %w", what, err)
	}
	base, ext := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
	for n := 1; n < 1000; n++ {
		path := filepath.Join(folder, name)
		if n > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s-%d%s", base, n, ext))
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("write the %s: %w", what, err)
		}
		_, err = f.Write(data)
		if err = errors.Join(err, f.Close()); err != nil {
			return "", fmt.Errorf("write the %s: %w", what, err)
		}
		return path, nil
	}
	return "", fmt.Errorf("there are too many files named %s in %s", base, folder)
}

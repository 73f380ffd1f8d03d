package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/atotto/clipboard"

	"sidestep/salesforce/signin"
	"sidestep/ui"
)

// Desktop is what lies around the terminal.
type Desktop struct {
	// Drafts is the folder for mail drafts and calendar files.
	Drafts string
	// NoBrowser keeps every browser closed.
	NoBrowser bool
}

var (
	errNoBrowser     = errors.New("no browser is opened")
	errNoMailProgram = errors.New("there is no desktop here to open a mail program on")
)

// OpenURL shows a page, or begins a mail, in the admin's own program for it.
func (d Desktop) OpenURL(link string) error {
	if d.NoBrowser {
		return errNoBrowser
	}
	err := signin.OpenBrowser(link)
	if errors.Is(err, signin.ErrNoBrowser) && strings.HasPrefix(link, "mailto:") {
		return &Advice{errNoMailProgram, "copy the mail (c), or save it as a file (d)"}
	}
	return err
}

// Copy puts text on the system's clipboard.
func (Desktop) Copy(text string) error { return clipboard.WriteAll(text) }

// SaveDraft writes a draft or a calendar file without ever replacing another one.
func (d Desktop) SaveDraft(name string, data []byte) (string, error) {
	return writeBeside(d.Drafts, name, data, "file")
}

// SaveDrafts writes several drafts into a new folder, all of them or none.
func (d Desktop) SaveDrafts(ctx context.Context, name string, drafts []ui.DraftFile) (folder string, paths []string, err error) {
	folder, err = newFolder(d.Drafts, name)
	if err != nil {
		return "", nil, err
	}
	for _, draft := range drafts {
		path, err := writeBeside(folder, draft.Name, draft.Data, "draft")
		if err = errors.Join(err, ctx.Err()); err != nil {
			return "", nil, errors.Join(err, os.RemoveAll(folder))
		}
		paths = append(paths, path)
	}
	return folder, paths, nil
}

// newFolder makes a folder that was not there before. A name that is taken gets a
// number.
func newFolder(parent, name string) (string, error) {
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return "", fmt.Errorf("make the folder for the drafts: %w", err)
	}
	path := filepath.Join(parent, name)
	for n := 2; n < 1000; n++ {
		err := os.Mkdir(path, 0o700)
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, os.ErrExist) {
			return "", fmt.Errorf("make the folder for the drafts: %w", err)
		}
		path = filepath.Join(parent, fmt.Sprintf("%s-%d", name, n))
	}
	return "", fmt.Errorf("there are too many folders named %s in %s", name, parent)
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

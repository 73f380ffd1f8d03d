// Package app connects the interface and the commands to the world: it is where
// the small interfaces that ui declares meet orgs, files, saved work, the
// keychain and the desktop. It decides nothing about migrations and draws
// nothing.
package app

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"

	"github.com/adrg/xdg"

	"sidestep/state"
)

// Places are the folders that Sidestep uses.
type Places struct {
	// Work holds saved migrations, DemoWork those of the demo.
	Work, DemoWork string
	// Orgs is the file that lists known orgs. It holds no secret.
	Orgs string
	// Drafts is where mail drafts are written.
	Drafts string
	// Templates is where texts of the user's lie that take the place of built-in
	// mails, Vendors the file of vendors that the user knows.
	Templates, Vendors string
}

// FindPlaces follows SIDESTEP_HOME, else the platform's own places.
func FindPlaces() Places {
	if home := os.Getenv("SIDESTEP_HOME"); home != "" {
		return below(home, filepath.Join(home, "drafts"))
	}
	drafts := xdg.UserDirs.Documents
	if info, err := os.Stat(drafts); drafts == "" || err != nil || !info.IsDir() {
		drafts = filepath.Join(xdg.DataHome, "sidestep")
	}
	return below(filepath.Join(xdg.DataHome, "sidestep"), filepath.Join(drafts, "Sidestep drafts"))
}

func below(data, drafts string) Places {
	return Places{
		Work: filepath.Join(data, "migrations"), DemoWork: filepath.Join(data, "demo"),
		Orgs: filepath.Join(data, "orgs.json"), Drafts: drafts,
		Templates: filepath.Join(data, "templates"), Vendors: filepath.Join(data, "vendors.yaml"),
	}
}

// Person names who sits at the keyboard, for histories and signatures.
func Person() string {
	u, err := user.Current()
	switch {
	case err != nil:
		return "me"
	case u.Name != "":
		return u.Name
	}
	return u.Username
}

// Advice is an error with a next step for the person who sees it.
type Advice struct {
	Err  error
	Next string
}

func (a *Advice) Error() string { return a.Err.Error() }

// Hint is the next step.
func (a *Advice) Hint() string  { return a.Next }
func (a *Advice) Unwrap() error { return a.Err }

// advise adds the next step to the errors of saved work.
func advise(err error) error {
	var held *state.HeldError
	var newer *state.NewerError
	var damaged *state.DamagedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &held):
		return &Advice{err, "close it there first"}
	case errors.As(err, &newer):
		return &Advice{err, "update Sidestep; the file is untouched"}
	case errors.As(err, &damaged) && len(damaged.Copies) == 0:
		return &Advice{err, noCopy}
	case errors.As(err, &damaged):
		return &Advice{err, "start sidestep and choose it: the newest good copy can take its place"}
	case errors.Is(err, state.ErrReadOnly):
		return &Advice{err, "set SIDESTEP_HOME to a folder that you may write in, and start again"}
	}
	return err
}

package state

import (
	"errors"
	"fmt"
	"time"
)

// ErrNotFound means that nothing is saved under an id.
var ErrNotFound = errors.New("no saved work under this name")

// ErrExists means that Create, or an adoption, would take the place of saved work.
var ErrExists = errors.New("saved work is already there")

// ErrReadOnly means that nothing can be saved in the store's folder.
var ErrReadOnly = errors.New("work cannot be saved here")

// HeldError says that somebody else has the migration open.
type HeldError struct {
	// By names the holder for people.
	By string
}

func (e *HeldError) Error() string { return "this work is open in " + e.By }

// Copy is an earlier version that can be restored.
type Copy struct {
	Path string
	Seq  uint64
	At   time.Time
}

// DamagedError says that a saved file cannot be read. The file is never
// overwritten: opening it moves it aside.
type DamagedError struct {
	Path string
	// MovedTo is where the damaged file lies now, "" while it is still in its place.
	MovedTo string
	// Copies are the earlier versions that are good, the newest first.
	Copies []Copy
	// Err says what is wrong with the file.
	Err error
}

func (e *DamagedError) Error() string {
	s := fmt.Sprintf("the saved file %s is damaged: %v", e.Path, e.Err)
	if e.MovedTo != "" {
		s += "; it was moved to " + e.MovedTo
	}
	return s
}

func (e *DamagedError) Unwrap() error { return e.Err }

// NewerError says that a later version of Sidestep wrote the file. It can be
// looked at as far as it is understood, and is left as it is.
type NewerError struct {
	Path   string
	Schema int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("%s was saved by a newer version of Sidestep (form %d, this version knows %d)", e.Path, e.Schema, Schema)
}

// StaleError says that the disk holds a newer version than the one to be saved.
type StaleError struct{ Have, OnDisk uint64 }

func (e *StaleError) Error() string {
	return fmt.Sprintf("a newer version is saved already (%d, this one is %d)", e.OnDisk, e.Have)
}

// WrongOrgError says that a scan comes from another org than the saved work.
type WrongOrgError struct {
	// Work is the org whose migration it is.
	Work Org
	// Source and SourceOrg are the name and the org id of what was read.
	Source, SourceOrg string
}

func (e *WrongOrgError) Error() string {
	return fmt.Sprintf("%s (%s) is another org than %s (%s), whose work this is", e.Source, e.SourceOrg, e.Work.Name, e.Work.ID)
}

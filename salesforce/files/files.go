// Package files reads outbound messages, and what fires them, from metadata that
// is kept outside an org: a folder in source or Metadata API layout, decomposed
// or not, a zip of one, or a single file. A Setup Audit Trail that was downloaded
// is read, too. It reads and never writes; zips are
// never unpacked to disk. What can't be read becomes a problem in the findings,
// and the rest goes on.
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sidestep/salesforce"
)

// Options are what the admin says about a source.
type Options struct {
	// AsOf is the day on which the files were taken out of the org, zero when
	// nobody knows it. A file's own time is no such day.
	AsOf time.Time
	// Name is what people call the source; the base name of its path if empty.
	Name string
	// Now is the clock, time.Now if nil.
	Now func() time.Time
}

// Errors of a source that can't be read at all. They carry a hint on how to go
// on in a method Hint() string.
var (
	// ErrNotFound: there is nothing at that path.
	ErrNotFound = errors.New("there is no such file or folder")
	// ErrUnreadable: it is there, and may not or can't be read.
	ErrUnreadable = errors.New("it can't be read")
	// ErrNotZip: it claims to be a zip and is none, or not a whole one.
	ErrNotZip = errors.New("it is not a zip, or only a part of one")
	// ErrNotMetadata: it is a file of a sort that holds no outbound messages.
	ErrNotMetadata = errors.New("it is neither a zip nor a workflow, flow, approval or entitlement process file, and no Setup Audit Trail")
)

// Error is a source that can't be read at all.
type Error struct {
	Path string
	// Err is one of the errors of this package.
	Err  error
	hint string
	// cause is what the system says.
	cause error
}

func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %v (%v)", e.Path, e.Err, e.cause)
	}
	return fmt.Sprintf("%s: %v", e.Path, e.Err)
}

// Unwrap lets callers ask for the kind of error and for its cause.
func (e *Error) Unwrap() []error { return []error{e.Err, e.cause} }

// Hint says how to go on.
func (e *Error) Hint() string { return e.hint }

// Read reads the folder, zip or single file at path. Only a source that can't be
// read at all is an error: an *Error, or that of the context.
func Read(ctx context.Context, path string, o Options) (salesforce.Findings, error) {
	info, err := os.Stat(path)
	if err != nil {
		return salesforce.Findings{}, unreadable(path, err)
	}
	if o.Name == "" {
		o.Name = baseName(path)
	}
	if info.IsDir() {
		return readFolder(ctx, path, o)
	}
	if !info.Mode().IsRegular() {
		return salesforce.Findings{}, &Error{Path: path, Err: ErrUnreadable, hint: "give a folder, a zip or a file"}
	}
	f, err := os.Open(path)
	if err != nil {
		return salesforce.Findings{}, unreadable(path, err)
	}
	defer f.Close()
	zipped, err := looksZipped(f, path)
	if err != nil {
		return salesforce.Findings{}, unreadable(path, err)
	}
	if zipped {
		found, err := ReadZip(ctx, f, info.Size(), o)
		if bad, ok := errors.AsType[*Error](err); ok {
			bad.Path = path
		}
		return found, err
	}
	return readSingle(ctx, path, info, o)
}

// baseName is the last element of the path, also for "." and "..".
func baseName(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return filepath.Base(path)
}

func looksZipped(f *os.File, path string) (bool, error) {
	if isZipName(path) {
		return true, nil
	}
	head := make([]byte, 4)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return false, err
	}
	switch string(head[:n]) {
	case "PK\x03\x04", "PK\x05\x06":
		return true, nil
	}
	return false, nil
}

func unreadable(path string, err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		// The path is said already.
		err = pathErr.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Path: path, Err: ErrNotFound, hint: "check the spelling, or drag the folder into the terminal"}
	}
	return &Error{Path: path, Err: ErrUnreadable, cause: err, hint: "check that you may open it"}
}

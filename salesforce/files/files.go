// Package files reads outbound messages, and what fires them, from metadata that
// is kept outside an org: a folder in source or Metadata API layout, decomposed
// or not, a zip of one, or a single file. A Setup Audit Trail that was downloaded
// is read, too. It reads and never writes; zips are never unpacked to disk. What
// can't be read becomes a problem in the findings, and the rest goes on.
package files

import (
	"context"
	"errors"
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

// Why a source can't be read at all: what a salesforce.SourceError wraps.
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

// Read reads the folder, zip or single file at path. Only a source that can't be
// read at all is an error: a *salesforce.SourceError, or that of the context.
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
		return salesforce.Findings{}, &salesforce.SourceError{Path: path, Err: ErrUnreadable, Next: "give a folder, a zip or a file"}
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
		if bad, ok := errors.AsType[*salesforce.SourceError](err); ok {
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
		return &salesforce.SourceError{Path: path, Err: ErrNotFound, Next: "check the spelling, or drag the folder into the terminal"}
	}
	return &salesforce.SourceError{Path: path, Err: ErrUnreadable, Cause: err, Next: "check that you may open it"}
}

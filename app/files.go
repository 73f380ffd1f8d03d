package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/files"
	"sidestep/salesforce/history"
	"sidestep/ui"
)

// Files reads metadata from the disk.
type Files struct{}

// Read reads a folder, a zip, a single file, or a downloaded audit trail.
func (Files) Read(ctx context.Context, path string, asOf time.Time) (salesforce.Findings, error) {
	return files.Read(ctx, expand(path), files.Options{AsOf: asOf})
}

// History reads the history of the git repository that a folder is in.
func (Files) History(ctx context.Context, path string, progress func(ui.Searched)) (salesforce.Findings, error) {
	return history.Read(ctx, expand(path), history.Options{Progress: func(p history.Progress) { progress(ui.Searched(p)) }})
}

// HasHistory reports whether a folder is in a git repository. It looks for the
// repository's own folder, and runs nothing. Where nothing is at the path it is an
// error.
func (Files) HasHistory(path string) (bool, error) {
	abs, err := filepath.Abs(expand(path))
	if err != nil {
		return false, nil
	}
	info, err := os.Stat(abs)
	if errors.Is(err, fs.ErrNotExist) {
		return false, &salesforce.SourceError{Path: path, Err: files.ErrNotFound, Next: "check the spelling, or drag the folder or file into the terminal"}
	}
	if err != nil || !info.IsDir() {
		return false, nil // who reads it says what is wrong
	}
	if bare(abs) {
		return true, nil
	}
	for {
		if _, err := os.Stat(filepath.Join(abs, ".git")); err == nil {
			return true, nil
		}
		up := filepath.Dir(abs)
		if up == abs {
			return false, nil
		}
		abs = up
	}
}

// bare reports whether a folder is a repository without files to work on.
func bare(folder string) bool {
	for _, name := range []string{"HEAD", "objects", "refs"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			return false
		}
	}
	return true
}

// maxFound is how many paths are proposed.
const maxFound = 200

// metadataEnds are the ends of names of zips and metadata files.
var metadataEnds = []string{".zip", ".workflow", ".workflow-meta.xml", ".workflowoutboundmessage-meta.xml", ".csv"}

// Complete lists what the path may go on with: folders first, then files whose names
// end so, in small letters; where no ends are given, zips and metadata files.
func (Files) Complete(text string, ends ...string) []string {
	if len(ends) == 0 {
		ends = metadataEnds
	}
	if text == "" {
		text = "." + string(filepath.Separator)
	}
	dir, begin := filepath.Split(expand(text))
	shown, _ := filepath.Split(text)
	entries, err := os.ReadDir(filepath.Clean(dir + "."))
	if err != nil {
		return nil
	}
	var folders, others []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(strings.ToLower(name), strings.ToLower(begin)) || strings.HasPrefix(name, ".") && begin == "" {
			continue
		}
		switch {
		case isFolder(dir, e):
			folders = append(folders, shown+name+string(filepath.Separator))
		case slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(strings.ToLower(name), end) }):
			others = append(others, shown+name)
		}
	}
	found := slices.Concat(folders, others)
	return found[:min(len(found), maxFound)]
}

func isFolder(dir string, e os.DirEntry) bool {
	if e.Type()&os.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := os.Stat(filepath.Join(dir, e.Name()))
	return err == nil && info.IsDir()
}

// expand reads a leading ~ as the home folder, as shells do.
func expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
		if home, err := os.UserHomeDir(); err == nil {
			return home + rest
		}
	}
	return path
}

package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/files"
)

// Files reads metadata from the disk.
type Files struct{}

// Read reads a folder, a zip, a single file, or a downloaded audit trail.
func (Files) Read(ctx context.Context, path string, asOf time.Time) (salesforce.Findings, error) {
	return files.Read(ctx, expand(path), files.Options{AsOf: asOf})
}

// maxFound is how many paths are proposed.
const maxFound = 200

// Complete lists what the path may go on with: folders first, then zips and
// metadata files.
func (Files) Complete(text string) []string {
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
		case readable(name):
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

func readable(name string) bool {
	name = strings.ToLower(name)
	for _, suffix := range []string{".zip", ".workflow", ".workflow-meta.xml", ".workflowoutboundmessage-meta.xml", ".csv"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
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

package files

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sidestep/salesforce"
	"sidestep/salesforce/metadata"
)

// skipped are folders that hold copies or other people's files.
var skipped = map[string]bool{".git": true, "node_modules": true}

// walk is a folder while it is being searched.
type walk struct {
	*collection
	// root is the folder, absolute: a decomposed file's object is the name of a
	// folder, which may lie above root.
	root string
}

func readFolder(ctx context.Context, root string, o Options) (salesforce.Findings, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return salesforce.Findings{}, unreadable(root, err)
	}
	// A root that is a link is what the admin meant; WalkDir would not enter it.
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return salesforce.Findings{}, unreadable(root, err)
	}
	if _, err := os.ReadDir(abs); err != nil {
		return salesforce.Findings{}, unreadable(root, err)
	}
	w := walk{newCollection(salesforce.SourceFolder, o), abs}
	err = filepath.WalkDir(abs, func(path string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return stopped(o.Name, ctx)
		}
		return w.visit(path, d, err)
	})
	if err != nil {
		return salesforce.Findings{}, err
	}
	return w.read(ctx)
}

// visit decides by the name alone whether a file matters, because asking the
// system about every file of a large repository takes longer than reading it.
func (w walk) visit(path string, d fs.DirEntry, err error) error {
	if err != nil {
		w.problem(w.inside(path), 0, reason(err))
		return nil
	}
	if d.IsDir() {
		if skipped[d.Name()] && path != w.root {
			return fs.SkipDir
		}
		return nil
	}
	doc, relevant := metadata.At(filepath.ToSlash(path))
	if d.Type()&fs.ModeSymlink != 0 {
		w.link(path, relevant)
		return nil
	}
	if !relevant {
		return nil
	}
	if !d.Type().IsRegular() {
		w.problem(w.inside(path), 0, "it is no ordinary file and was not read")
		return nil
	}
	info, err := d.Info()
	if err != nil {
		w.problem(w.inside(path), 0, reason(err))
		return nil
	}
	w.files = append(w.files, candidate{w.inside(path), doc, info.ModTime(), func() (io.ReadCloser, error) { return os.Open(path) }})
	return nil
}

// link looks where a link leads. What lies inside the folder is read where it
// lies; what lies outside is not read, and that is a problem.
func (w walk) link(path string, relevant bool) {
	if skipped[filepath.Base(path)] {
		return
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		if relevant {
			w.problem(w.inside(path), 0, "the link leads nowhere")
		}
		return
	}
	if target == w.root || strings.HasPrefix(target, strings.TrimSuffix(w.root, string(filepath.Separator))+string(filepath.Separator)) {
		return
	}
	if info, err := os.Stat(target); relevant || err != nil || info.IsDir() {
		w.problem(w.inside(path), 0, "the link leads out of the folder and was not followed")
	}
}

// inside is the path inside the source.
func (w walk) inside(path string) string {
	rel, err := filepath.Rel(w.root, path)
	if err != nil {
		rel = path
	}
	return filepath.ToSlash(rel)
}

func readSingle(ctx context.Context, path string, info fs.FileInfo, o Options) (salesforce.Findings, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return salesforce.Findings{}, unreadable(path, err)
	}
	doc, relevant := metadata.At(filepath.ToSlash(abs))
	if !relevant {
		found, ok, err := readAudit(ctx, path, info, o)
		if ok || err != nil {
			return found, err
		}
		return salesforce.Findings{}, &Error{Path: path, Err: ErrNotMetadata,
			hint: "give the folder or the zip that holds the workflows folder, or the file that Setup → View Setup Audit Trail → Download gives"}
	}
	c := newCollection(salesforce.SourceFile, o)
	c.files = []candidate{{filepath.Base(path), doc, info.ModTime(), func() (io.ReadCloser, error) { return os.Open(path) }}}
	return c.read(ctx)
}

// reason says in words why a file could not be read, without its path.
func reason(err error) string {
	switch {
	case errors.Is(err, zip.ErrChecksum):
		return "it is damaged: the checksum does not fit"
	case errors.Is(err, zip.ErrAlgorithm):
		return "it is packed in a way that is not supported"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it is damaged: a part is missing"
	case errors.Is(err, zip.ErrFormat):
		// A bomb unpacks to more than it says.
		return "it is damaged: its size does not fit"
	case errors.Is(err, errTooMany):
		return errTooMany.Error()
	case errors.Is(err, fs.ErrPermission):
		return "it may not be read: permission denied"
	}
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		err = pathErr.Err
	}
	return "it can't be read: " + err.Error()
}

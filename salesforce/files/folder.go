package files

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

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
	// mu guards the collection and what follows: several folders are searched, and
	// several files read, at a time.
	mu sync.Mutex
	// changed tells who waits that there is more to do, or nothing any more.
	changed *sync.Cond
	// folders are to be searched, unread are files to be read.
	folders []string
	unread  []*candidate
	// busy counts who may still find more to do.
	busy int
}

func readFolder(ctx context.Context, root string, o Options) (salesforce.Findings, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return salesforce.Findings{}, unreadable(root, err)
	}
	// A root that is a link is what the admin meant.
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return salesforce.Findings{}, unreadable(root, err)
	}
	all, err := list(abs)
	if err != nil {
		return salesforce.Findings{}, unreadable(root, err)
	}
	w := &walk{collection: newCollection(salesforce.SourceFolder, o), root: abs}
	w.changed = sync.NewCond(&w.mu)
	w.enter(ctx, abs, all)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() { w.work(ctx) })
	}
	workers.Wait()
	if ctx.Err() != nil {
		return salesforce.Findings{}, stopped(o.Name, ctx)
	}
	return w.read(ctx)
}

// work searches folders and reads files until there are no more. Folders come first:
// nobody knows what is in them.
func (w *walk) work(ctx context.Context) {
	var buffer []byte
	w.mu.Lock()
	defer w.mu.Unlock()
	for ctx.Err() == nil {
		if n := len(w.folders) - 1; n >= 0 {
			dir := w.folders[n]
			w.folders = w.folders[:n]
			w.alone(func() { w.search(ctx, dir) })
		} else if n := len(w.unread) - 1; n >= 0 {
			f := w.unread[n]
			w.unread = w.unread[:n]
			w.alone(func() {
				done := w.parseOne(f, &buffer)
				f.done, f.open = &done, nil
			})
			w.files = append(w.files, f)
		} else if w.busy > 0 {
			w.changed.Wait()
		} else {
			return
		}
	}
}

// alone does something that needs nothing of what mu guards.
func (w *walk) alone(do func()) {
	w.busy++
	w.mu.Unlock()
	do()
	w.mu.Lock()
	w.busy--
	w.changed.Broadcast()
}

// search looks through one folder.
func (w *walk) search(ctx context.Context, dir string) {
	all, err := list(dir)
	w.enter(ctx, dir, all)
	if err != nil {
		w.trouble(dir, reason(err))
	}
}

// listed is something that lies in a folder.
type listed struct {
	name string
	// kind says whether it is a file, a folder or something else, as fs.FileMode.Type does.
	kind fs.FileMode
}

func (w *walk) enter(ctx context.Context, dir string, all []listed) {
	if ctx.Err() != nil {
		return
	}
	var files []*candidate
	var folders []string
	zips := 0
	parts := metadata.InPartFolder(filepath.ToSlash(dir))
	for _, d := range all {
		switch {
		case d.kind.IsDir():
			if skipped[d.name] {
				continue
			}
			folders = append(folders, filepath.Join(dir, d.name))
		case d.kind&fs.ModeSymlink != 0:
			path := filepath.Join(dir, d.name)
			_, relevant := metadata.At(filepath.ToSlash(path))
			w.link(path, relevant)
		default:
			// The name alone decides whether a file matters: asking the system about
			// every file of a large repository takes longer than reading what does.
			if _, relevant := metadata.At(d.name); !relevant && !parts {
				if isZipName(d.name) {
					zips++
				}
				continue
			}
			// The folder may tell the object, and what the name alone leaves open.
			path := filepath.Join(dir, d.name)
			doc, relevant := metadata.At(filepath.ToSlash(path))
			if !relevant {
				continue
			}
			if !d.kind.IsRegular() {
				w.trouble(path, "it is no ordinary file and was not read")
				continue
			}
			files = append(files, &candidate{name: w.inside(path), doc: doc, open: func() (opened, error) { return openFile(path) }})
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.folders = append(w.folders, folders...)
	w.unread = append(w.unread, files...)
	w.zips += zips
}

func (w *walk) trouble(path, message string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problem(w.inside(path), 0, message)
}

// link looks where a link leads. What lies inside the folder is read where it
// lies; what lies outside is not read, and that is a problem.
func (w *walk) link(path string, relevant bool) {
	if skipped[filepath.Base(path)] {
		return
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		if relevant {
			w.trouble(path, "the link leads nowhere")
		}
		return
	}
	if target == w.root || strings.HasPrefix(target, strings.TrimSuffix(w.root, string(filepath.Separator))+string(filepath.Separator)) {
		return
	}
	if info, err := os.Stat(target); relevant || err != nil || info.IsDir() {
		w.trouble(path, "the link leads out of the folder and was not followed")
	}
}

// inside is the path inside the source.
func (w *walk) inside(path string) string {
	rel := strings.TrimPrefix(strings.TrimPrefix(path, w.root), string(filepath.Separator))
	if rel == "" {
		rel = "."
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
		return salesforce.Findings{}, &salesforce.SourceError{Path: path, Err: ErrNotMetadata,
			Next: "give the folder or the zip that holds the workflows folder, or the file that Setup → View Setup Audit Trail → Download gives"}
	}
	c := newCollection(salesforce.SourceFile, o)
	c.files = []*candidate{{name: filepath.Base(path), doc: doc, open: func() (opened, error) { return openFile(path) }}}
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

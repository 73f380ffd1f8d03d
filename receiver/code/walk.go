package code

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"sync/atomic"
)

// source is a file that holds one of the anchors, or a name that is looked for.
type source struct {
	name string // relative to the top, with slashes
	text string
	// glance is how sure the file is when its comments count as well.
	glance mark
}

func newSource(name, text string) source { return source{name, text, markOf(text)} }

// walk searches a tree with several goroutines. They share a list of what is to
// do: folders, and files in handfuls, so that one large folder keeps all of them busy.
type walk struct {
	top    string // the folder
	only   string // the name of a single file, else ""
	large  int64
	rules  *rules
	inRepo string // where the top lies in its repository
	shown  progress

	mu         sync.Mutex
	wake       *sync.Cond
	todo       []job
	listed     []job // those with files, for a second look
	busy       int
	found      []source
	candidates []source
	problems   []Problem
	files      int
	bytes      int64

	nfiles atomic.Int64
	nbytes atomic.Int64
	wanted func(text []byte) bool
	silent bool // a second look counts nothing
}

type job struct {
	folder string // relative to the top, with slashes; "" is the top
	names  []string
	rules  *rules
}

// handful is how many files are one job.
const handful = 64

var errNoFile = errors.New("it is neither a folder nor a file")

func newWalk(path string, o Options) (*walk, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	w := &walk{top: full, large: o.Large, shown: progress{tell: o.Progress}}
	w.wake = sync.NewCond(&w.mu)
	switch {
	case info.IsDir():
		if _, err := os.ReadDir(full); err != nil {
			return nil, err
		}
		w.rules, w.inRepo = rulesAbove(full)
	case info.Mode().IsRegular():
		w.top, w.only = filepath.Split(full)
	default:
		return nil, fmt.Errorf("%s: %w", path, errNoFile)
	}
	return w, nil
}

// run searches the tree once for files with an anchor.
func (w *walk) run(ctx context.Context) error {
	w.todo = []job{{rules: w.rules}}
	if w.only != "" {
		w.todo = []job{{names: []string{w.only}}}
		w.listed = w.todo
	}
	err := w.search(ctx, anchored)
	w.candidates, w.files, w.bytes = w.found, int(w.nfiles.Load()), w.nbytes.Load()
	slices.SortFunc(w.problems, func(a, b Problem) int { return strings.Compare(a.File, b.File) })
	return err
}

// find searches the files that were listed again for names that are called, where
// they may be defined: in languages that call one another, of those families.
func (w *walk) find(ctx context.Context, names []string, families map[string]bool) ([]source, error) {
	w.silent = true
	w.todo = nil
	for _, j := range w.listed {
		names := slices.DeleteFunc(slices.Clone(j.names), func(name string) bool {
			l, known := byEnding[ending(name)]
			return known && !families[family(l)]
		})
		if len(names) > 0 {
			w.todo = append(w.todo, job{folder: j.folder, names: names})
		}
	}
	var words [][]byte
	for _, n := range names {
		words = append(words, []byte(n))
	}
	err := w.search(ctx, newFinder(bytes.Equal, words).in)
	return w.found, err
}

func (w *walk) search(ctx context.Context, wanted func(text []byte) bool) error {
	w.wanted, w.found = wanted, nil
	var group sync.WaitGroup
	for range max(2, min(8, runtime.GOMAXPROCS(0)+1)) {
		group.Go(func() { w.work(ctx) })
	}
	group.Wait()
	slices.SortFunc(w.found, func(a, b source) int { return strings.Compare(a.name, b.name) })
	return ctx.Err()
}

// work does jobs until none is left and nobody can add one.
func (w *walk) work(ctx context.Context) {
	var r reader
	for {
		w.mu.Lock()
		for len(w.todo) == 0 && w.busy > 0 {
			w.wake.Wait()
		}
		if len(w.todo) == 0 || ctx.Err() != nil {
			w.todo = nil
			w.mu.Unlock()
			w.wake.Broadcast()
			return
		}
		j := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		w.busy++
		w.mu.Unlock()
		more := w.do(ctx, &r, j)
		w.mu.Lock()
		w.todo = append(w.todo, more...)
		for _, j := range more {
			if j.names != nil {
				w.listed = append(w.listed, j)
			}
		}
		w.busy--
		w.mu.Unlock()
		w.wake.Broadcast()
	}
}

func (w *walk) do(ctx context.Context, r *reader, j job) []job {
	if j.names == nil {
		return w.list(j)
	}
	for _, name := range j.names {
		if ctx.Err() != nil {
			break
		}
		w.look(ctx, r, join(j.folder, name))
	}
	w.shown.show(int(w.nfiles.Load()), w.nbytes.Load())
	return nil
}

func join(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}

// full is where a file or folder lies.
func (w *walk) full(name string) string {
	return filepath.Join(w.top, filepath.FromSlash(name))
}

// list reads a folder and makes jobs of what is in it.
func (w *walk) list(j job) (jobs []job) {
	full := w.full(j.folder)
	entries, err := os.ReadDir(full)
	if err != nil {
		w.problem(j.folder, err)
	}
	inRepo := strings.Trim(w.inRepo+"/"+j.folder, "/")
	rules := j.rules
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ".gitignore" }) {
		rules = rulesAt(rules, full, inRepo)
	}
	var names []string
	for _, e := range entries {
		name := e.Name()
		switch {
		case e.IsDir():
			if !notOurs(name) && !rules.ignores(join(inRepo, name), true) {
				jobs = append(jobs, job{folder: join(j.folder, name), rules: rules})
			}
		case !e.Type().IsRegular(), notSource(name), rules.ignores(join(inRepo, name), false):
		default:
			names = append(names, name)
		}
	}
	for part := range slices.Chunk(names, handful) {
		jobs = append(jobs, job{folder: j.folder, names: part})
	}
	return jobs
}

func (w *walk) problem(name string, err error) {
	if w.silent {
		return
	}
	var where *fs.PathError
	message := err.Error()
	if errors.As(err, &where) {
		message = where.Err.Error()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, Problem{File: name, Message: message})
}

// look reads a file and keeps it where it is wanted.
func (w *walk) look(ctx context.Context, r *reader, name string) {
	f, err := open(w.full(name))
	if err != nil {
		w.problem(name, err)
		return
	}
	defer func() { _ = f.Close() }()
	b, whole, err := r.read(f, w.large)
	if err != nil {
		w.problem(name, err)
		return
	}
	w.nfiles.Add(1)
	w.nbytes.Add(int64(len(b)))
	if !whole {
		w.lookAtLarge(ctx, r, f, name)
		return
	}
	t, ok := text(b)
	if !ok || !w.wanted(t) {
		return
	}
	s := newSource(name, string(t))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found = append(w.found, s)
}

// lookAtLarge searches what is too large to be looked into. It is a problem if
// there might be something in it.
func (w *walk) lookAtLarge(ctx context.Context, r *reader, f io.Reader, name string) {
	size := int64(len(r.buf))
	if info, err := os.Stat(w.full(name)); err == nil {
		size = info.Size() // a file that grows is read to where it ended
	}
	if _, ok := text(r.buf[:8000]); !ok {
		return
	}
	read, overlap := int64(len(r.buf)), 0
	for ctx.Err() == nil {
		if w.wanted(r.buf) {
			w.problem(name, fmt.Errorf("it is %d MB, too large to be looked into, and holds words of outbound messages", size>>20))
			return
		}
		if read >= size {
			return
		}
		overlap = copy(r.buf[:longestAnchor], r.buf[len(r.buf)-longestAnchor:])
		n, err := io.ReadFull(f, r.buf[overlap:])
		r.buf = r.buf[:overlap+n]
		read += int64(n)
		w.nbytes.Add(int64(n))
		if n == 0 {
			return
		}
		if err != nil && err != io.ErrUnexpectedEOF {
			w.problem(name, err)
			return
		}
	}
}

// reader holds the memory of one goroutine.
type reader struct{ buf []byte }

// read reads up to limit bytes and tells whether that was all.
func (r *reader) read(f io.Reader, limit int64) (b []byte, whole bool, err error) {
	r.buf = r.buf[:0]
	for {
		if len(r.buf) == cap(r.buf) {
			r.buf = slices.Grow(r.buf, max(64<<10, len(r.buf)))
		}
		n, err := f.Read(r.buf[len(r.buf):min(cap(r.buf), int(limit)+1)])
		r.buf = r.buf[:len(r.buf)+n]
		switch {
		case err == io.EOF:
			return r.buf, true, nil
		case err != nil:
			return nil, false, err
		case int64(len(r.buf)) > limit:
			return r.buf, false, nil
		}
	}
}

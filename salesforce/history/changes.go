package history

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"sidestep/salesforce/metadata"
)

// file is a path at which messages can be defined.
type file struct {
	path string
	doc  metadata.Document
}

// touch is what one commit did to one file.
type touch struct {
	commit int
	file   *file
	// before are the blobs that its parents have there, none where it is new.
	before []string
	// after is the blob that the commit has there, "" where it was deleted.
	after string
}

// change is one record of git's raw format (git-diff-tree, "Raw output format"):
// one parent, or in the combined format of a merge, several.
type change struct {
	path []byte
	// modes and blobs are those of the parents, then that of the commit.
	modes, blobs []string
}

// Modes of tree entries that are no plain files.
const (
	modeLink   = "120000"
	modeModule = "160000"
)

// shareSize is how many commits a git process takes at a time: neighbours have most
// of their trees in common.
const shareSize = 256

// task is a commit that is to be compared with its parents.
type task struct {
	commit int
	id     string
}

// compareAll compares commits with their parents as they come. All files are
// compared, and the paths are looked at here: git would match its patterns with
// every entry of every changed folder, which takes several times as long.
func (r *reading) compareAll(ctx context.Context, shares <-chan []task) error {
	found := make([][]touch, workers())
	group, ctx := errgroup.WithContext(ctx)
	for w := range found {
		group.Go(func() error {
			return r.compare(ctx, shares, func(c int, ch change) {
				if t, ok := r.touch(c, ch); ok {
					found[w] = append(found[w], t)
					r.wantTouch(t)
				}
			})
		})
	}
	err := group.Wait()
	r.compared.Store(r.listed.Load())
	r.touches = append(r.touches, slices.Concat(found...)...)
	slices.SortStableFunc(r.touches, func(a, b touch) int {
		return cmp.Or(cmp.Compare(a.commit, b.commit), strings.Compare(a.file.path, b.file.path))
	})
	return err
}

// comparison is what one worker asks git.
type comparison struct {
	shares <-chan []task
	lock   sync.Mutex
	// asked are the commits of which git has not told yet.
	asked []task
}

// compare asks git how each of the commits differs from its parents. Of a merge
// it tells the files that are like in none of them: the others are told where
// they were changed. At a commit of which a part is missing git gives up; then
// another process goes on after it.
func (r *reading) compare(ctx context.Context, shares <-chan []task, each func(commit int, ch change)) error {
	c := comparison{shares: shares}
	for damaged := 0; ; damaged++ {
		err := r.run(ctx, c.ask, func(out *bufio.Reader) error {
			var at task
			return parseChanges(out, func(id string) (err error) {
				at, err = c.answered(id)
				r.compared.Store(max(r.compared.Load(), int64(at.commit)))
				return err
			}, func(ch change) { each(at.commit, ch) })
		}, "diff-tree", "--stdin", "--root", "-r", "-c", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--ignore-submodules=none")
		if _, gaveUp := errors.AsType[complaint](err); !gaveUp || ctx.Err() != nil || damaged == maxDamaged || len(c.asked) == 0 {
			return err
		}
		c.asked = c.asked[1:]
		r.unread.Add(1)
	}
}

// ask writes the commits to git: first those that it gave up before, then what
// there is to share.
func (c *comparison) ask(ctx context.Context, git io.Writer) {
	c.lock.Lock()
	some := slices.Clone(c.asked)
	c.lock.Unlock()
	for more := true; more; {
		var list []byte
		for _, t := range some {
			list = append(append(list, t.id...), '\n')
		}
		if _, err := git.Write(list); err != nil {
			return // git has ended, and says why
		}
		select {
		case <-ctx.Done():
			return
		case some, more = <-c.shares:
			c.lock.Lock()
			c.asked = append(c.asked, some...)
			c.lock.Unlock()
		}
	}
}

// answered finds the commit of which git tells. The answers come in the order of
// the questions; commits that changed nothing are left out.
func (c *comparison) answered(id string) (task, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	for i, t := range c.asked {
		if t.id == id {
			c.asked = c.asked[i+1:]
			return t, nil
		}
	}
	return task{}, fmt.Errorf("diff-tree: answers for %s, which was not asked for", id)
}

// touch picks the changes that matter.
func (r *reading) touch(commit int, ch change) (touch, bool) {
	path := string(ch.path)
	last := len(ch.modes) - 1
	if ch.modes[last] == modeModule {
		r.lock.Lock()
		r.modules[path] = true
		r.lock.Unlock()
	}
	doc, ok := metadata.At(path)
	if !ok || !doc.Defines() {
		return touch{}, false
	}
	t := touch{commit: commit, file: r.file(path, doc)}
	for i, mode := range ch.modes {
		switch {
		case !plainFile(mode):
		case i == last:
			t.after = ch.blobs[i]
		default:
			t.before = append(t.before, ch.blobs[i])
		}
	}
	return t, t.after != "" || len(t.before) > 0
}

// file is the one file with that path.
func (r *reading) file(path string, doc metadata.Document) *file {
	r.lock.Lock()
	defer r.lock.Unlock()
	f := r.files[path]
	if f == nil {
		f = &file{path, doc}
		r.files[path] = f
	}
	return f
}

// plainFile reports whether the mode is that of a file with content. Zeros stand
// for no file at all.
func plainFile(mode string) bool {
	return mode != modeLink && mode != modeModule && strings.HasPrefix(mode, "100")
}

// parseChanges reads the raw format with NULs: the id of a commit, and for each
// file that it changed the modes and blobs, then the path.
func parseChanges(out *bufio.Reader, commit func(id string) error, each func(change)) error {
	begun := false
	for {
		head, err := readToken(out)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if !strings.HasPrefix(head, ":") {
			if !isID(head) {
				return fmt.Errorf("diff-tree: unexpected %.80q", head)
			}
			if err := commit(head); err != nil {
				return err
			}
			begun = true
			continue
		}
		ch, ok := parseChange(head)
		if !ok || !begun {
			return fmt.Errorf("diff-tree: unexpected %.80q", head)
		}
		path, err := out.ReadSlice(0)
		if err != nil || len(path) < 2 {
			return fmt.Errorf("diff-tree: no path after %.80q: %w", head, cmp.Or(err, io.ErrUnexpectedEOF))
		}
		ch.path = path[:len(path)-1]
		each(ch)
	}
}

func readToken(out *bufio.Reader) (string, error) {
	token, err := out.ReadSlice(0)
	if err == io.EOF && len(token) > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return "", err
	}
	return string(token[:len(token)-1]), nil
}

// parseChange reads what stands before the path: a colon for each parent, the
// modes of the parents and of the commit, their blobs, and the status.
func parseChange(head string) (change, bool) {
	rest := strings.TrimLeft(head, ":")
	parents := len(head) - len(rest)
	part := strings.Split(rest, " ")
	if len(part) != 2*parents+3 {
		return change{}, false
	}
	ch := change{modes: part[:parents+1], blobs: part[parents+1 : 2*parents+2]}
	for i := range ch.modes {
		if len(ch.modes[i]) != 6 || !isID(ch.blobs[i]) {
			return change{}, false
		}
	}
	return ch, true
}

package history

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
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

// share is how many commits a git process takes at a time: neighbours have most
// of their trees in common.
const share = 256

// readChanges compares every commit with its parents. All files are compared,
// and the paths are looked at here: git would match its patterns with every
// entry of every changed folder, which takes several times as long.
func (r *reading) readChanges(ctx context.Context) error {
	ids, err := r.comparable(ctx)
	if err != nil {
		return err
	}
	found := make([][]touch, workers())
	var lock sync.Mutex
	var group errgroup.Group
	for w := range found {
		group.Go(func() error {
			var part []int
			for start := w * share; start < len(ids); start += len(found) * share {
				part = append(part, ids[start:min(start+share, len(ids))]...)
			}
			return r.compare(ctx, part, func(c int, ch change) {
				if t, ok := r.touch(c, ch, &lock); ok {
					found[w] = append(found[w], t)
				}
			})
		})
	}
	if err := group.Wait(); err != nil {
		if ctx.Err() != nil || !r.partial {
			return err
		}
		// A tree in the middle of a partial clone is missing.
		r.unread++
	}
	r.touches = append(r.touches, slices.Concat(found...)...)
	slices.SortStableFunc(r.touches, func(a, b touch) int {
		return cmp.Or(cmp.Compare(a.commit, b.commit), strings.Compare(a.file.path, b.file.path))
	})
	return nil
}

// compare asks git how each of the commits differs from its parents. Of a merge
// it tells the files that are like in none of them: the others are told where
// they were changed.
func (r *reading) compare(ctx context.Context, commits []int, each func(commit int, ch change)) error {
	if len(commits) == 0 {
		return nil
	}
	var list bytes.Buffer
	for _, c := range commits {
		list.WriteString(r.commits[c].id)
		list.WriteByte('\n')
	}
	return r.run(ctx, &list, func(out *bufio.Reader) error {
		at := -1
		return parseChanges(out, func(id string) error {
			// The answers come in the order of the questions; commits that
			// changed nothing are left out.
			for at++; at < len(commits) && r.commits[commits[at]].id != id; at++ {
			}
			if at >= len(commits) {
				return fmt.Errorf("diff-tree: answers for %s, which was not asked for", id)
			}
			return nil
		}, func(ch change) { each(commits[at], ch) })
	}, "diff-tree", "--stdin", "--root", "-r", "-c", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--ignore-submodules=none")
}

// touch picks the changes that matter.
func (r *reading) touch(commit int, ch change, lock *sync.Mutex) (touch, bool) {
	path := string(ch.path)
	last := len(ch.modes) - 1
	if ch.modes[last] == modeModule {
		lock.Lock()
		r.modules[path] = true
		lock.Unlock()
	}
	doc, ok := metadata.At(path)
	if !ok || !doc.Defines() {
		return touch{}, false
	}
	lock.Lock()
	f := r.files[path]
	if f == nil {
		f = &file{path, doc}
		r.files[path] = f
	}
	lock.Unlock()
	t := touch{commit: commit, file: f}
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

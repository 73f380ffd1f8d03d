package history

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"sidestep/salesforce/metadata"
)

// blob is the content of a file in one version.
type blob struct {
	id string
	// data is the content, and only good until the next blob is read.
	data []byte
	// trouble says why there is no content, "" if there is.
	trouble string
}

// maxDamaged is how many damaged blobs git is asked to get over.
const maxDamaged = 100

// queue holds the versions of which the content is wanted, in that order. It can
// be read while it grows.
type queue struct {
	lock   sync.Mutex
	grown  *sync.Cond
	wanted []treeEntry
	closed bool
}

func newQueue(wanted ...treeEntry) *queue {
	q := &queue{wanted: wanted}
	q.grown = sync.NewCond(&q.lock)
	return q
}

func (q *queue) add(e treeEntry) {
	q.lock.Lock()
	q.wanted = append(q.wanted, e)
	q.lock.Unlock()
	q.grown.Signal()
}

// close says that nothing more is wanted.
func (q *queue) close() {
	q.lock.Lock()
	q.closed = true
	q.lock.Unlock()
	q.grown.Broadcast()
}

// from are those from the i-th on, after waiting for at least one; none when the
// queue is closed and has no more, or nobody waits for it any longer.
func (q *queue) from(ctx context.Context, i int) []treeEntry {
	q.lock.Lock()
	defer q.lock.Unlock()
	for len(q.wanted) <= i && !q.closed && ctx.Err() == nil {
		q.grown.Wait()
	}
	if ctx.Err() != nil || len(q.wanted) <= i {
		return nil
	}
	return q.wanted[i:]
}

// readBlobs reads the contents of what is in the queue, as it comes there. At a
// damaged one git gives up; then another process goes on after it.
func (r repository) readBlobs(ctx context.Context, q *queue, each func(treeEntry, blob)) error {
	read := 0
	ask := func(ctx context.Context, git io.Writer) {
		defer context.AfterFunc(ctx, func() {
			q.lock.Lock() // or it could come between the question and the wait
			defer q.lock.Unlock()
			q.grown.Broadcast()
		})()
		for at := read; ; {
			some := q.from(ctx, at)
			if len(some) == 0 {
				return
			}
			var list []byte
			for _, e := range some {
				list = append(append(list, e.blob...), '\n')
			}
			if _, err := git.Write(list); err != nil {
				return // git has ended, and says why
			}
			at += len(some)
		}
	}
	for damaged := 0; len(q.from(ctx, read)) > 0; damaged++ {
		err := r.run(ctx, ask, func(out *bufio.Reader) error {
			return parseBlobs(out, func(b blob) error {
				next := q.from(ctx, read)
				if len(next) == 0 || b.id != next[0].blob {
					return fmt.Errorf("cat-file: answers for %s, which was not asked for", b.id)
				}
				each(next[0], b)
				read++
				return nil
			})
		}, "cat-file", "--batch", "--buffer")
		if _, gaveUp := errors.AsType[complaint](err); err != nil && (!gaveUp || damaged == maxDamaged) || ctx.Err() != nil {
			return cmp.Or(ctx.Err(), err)
		}
		if next := q.from(ctx, read); err != nil && len(next) > 0 {
			each(next[0], blob{id: next[0].blob, trouble: "git can't read this version: " + err.Error()})
			read++
		}
	}
	return ctx.Err()
}

// parseBlobs reads what cat-file --batch prints: "id type size", the content, and
// a line end; or "id missing".
func parseBlobs(out *bufio.Reader, each func(blob) error) error {
	var buffer []byte
	for {
		head, err := readLine(out)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		part := strings.Split(head, " ")
		if len(part) == 2 && part[1] == "missing" && isID(part[0]) {
			if err := each(blob{id: part[0], trouble: "this version is missing in the repository"}); err != nil {
				return err
			}
			continue
		}
		size := -1
		if len(part) == 3 && isID(part[0]) {
			if n, err := strconv.ParseUint(part[2], 10, 62); err == nil {
				size = int(n)
			}
		}
		if size < 0 {
			return fmt.Errorf("cat-file: unexpected %.80q", head)
		}
		b := blob{id: part[0]}
		if part[1] != "blob" || size > metadata.MaxSize {
			b.trouble = fmt.Sprintf("this version is larger than %d MB", metadata.MaxSize>>20)
			if part[1] != "blob" {
				b.trouble = "this version is no file"
			}
			_, err = io.CopyN(io.Discard, out, int64(size))
		} else {
			if cap(buffer) < size {
				buffer = make([]byte, size+size/4)
			}
			b.data = buffer[:size]
			_, err = io.ReadFull(out, b.data)
		}
		if err != nil {
			return fmt.Errorf("cat-file: %w", err)
		}
		if _, err := out.Discard(1); err != nil {
			return fmt.Errorf("cat-file: %w", err)
		}
		if err := each(b); err != nil {
			return err
		}
	}
}

package history

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

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

// readBlobs reads the contents, several at a time. Neighbours in ids should be
// versions of the same file, because git stores those by their difference.
func (r repository) readBlobs(ctx context.Context, ids []string, each func(blob)) error {
	group, ctx := errgroup.WithContext(ctx)
	n := workers()
	for w := range n {
		part := ids[len(ids)*w/n : len(ids)*(w+1)/n]
		group.Go(func() error { return r.readSome(ctx, part, each) })
	}
	return group.Wait()
}

// readSome reads contents in a single git process. At a damaged one git gives up;
// then another process goes on after it.
func (r repository) readSome(ctx context.Context, ids []string, each func(blob)) error {
	for damaged := 0; len(ids) > 0; damaged++ {
		read := 0
		err := r.run(ctx, strings.NewReader(strings.Join(ids, "\n")+"\n"), func(out *bufio.Reader) error {
			return parseBlobs(out, func(b blob) error {
				if read == len(ids) || b.id != ids[read] {
					return fmt.Errorf("cat-file: answers for %s, which was not asked for", b.id)
				}
				read++
				each(b)
				return nil
			})
		}, "cat-file", "--batch")
		switch {
		case read == len(ids) && err == nil:
			return nil
		case ctx.Err() != nil || damaged == maxDamaged:
			return err
		}
		if _, gaveUp := err.(complaint); !gaveUp {
			return err
		}
		each(blob{id: ids[read], trouble: "git can't read this version: " + err.Error()})
		ids = ids[read+1:]
	}
	return nil
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

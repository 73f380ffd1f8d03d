package history

import (
	"bufio"
	"context"
	"io"
	"slices"
)

// comparable chooses the commits that git can compare with their parents: all,
// save those of which a partial clone lacks the trees. Of a commit that is here
// while what was before it is not, all files are taken as they are.
func (r *reading) comparable(ctx context.Context) ([]int, error) {
	ids := make([]int, 0, len(r.commits))
	if !r.partial {
		for i := range r.commits {
			ids = append(ids, i)
		}
		return ids, nil
	}
	trees := make(map[string]bool, len(r.commits))
	at := make(map[string]int, len(r.commits))
	for i, c := range r.commits {
		trees[c.tree], at[c.id] = false, i
	}
	if err := r.markPresent(ctx, trees); err != nil {
		return nil, err
	}
	for i, c := range r.commits {
		switch {
		case !trees[c.tree]:
			r.unread++
		case slices.ContainsFunc(c.parents, func(p string) bool { j, known := at[p]; return known && !trees[r.commits[j].tree] }):
			r.unread++
			if err := r.takeWhole(ctx, i); err != nil {
				return nil, err
			}
		default:
			ids = append(ids, i)
		}
	}
	return ids, nil
}

// takeWhole notes every file of a commit as if it began there.
func (r *reading) takeWhole(ctx context.Context, commit int) error {
	r.commits[commit].oldest = true
	entries, err := r.tree(ctx, r.commits[commit].id)
	if err != nil {
		return nil // counted as unread
	}
	for _, e := range entries {
		if e.doc.Defines() {
			f := r.files[e.path]
			if f == nil {
				f = &file{e.path, e.doc}
				r.files[e.path] = f
			}
			r.touches = append(r.touches, touch{commit: commit, file: f, after: e.blob})
		}
	}
	return ctx.Err()
}

// markPresent finds out which of the objects this clone holds. Asking for one
// that it lacks would make git fetch it, or, as it may not, give up: so git lists
// all that are here.
func (r repository) markPresent(ctx context.Context, wanted map[string]bool) error {
	return r.run(ctx, nil, func(out *bufio.Reader) error {
		for {
			line, err := out.ReadSlice('\n')
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			id := line[:len(line)-1]
			if here, asked := wanted[string(id)]; asked && !here {
				wanted[string(id)] = true
			}
		}
	}, "cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch-check=%(objectname)")
}

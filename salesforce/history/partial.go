package history

import (
	"bufio"
	"context"
	"io"
	"slices"
)

// shareComparable shares the commits of a partial clone that git can compare with
// their parents: all, save those of which the trees are missing. Of a commit that
// is here while what was before it is not, all files are taken as they are.
func (r *reading) shareComparable(ctx context.Context, share func([]task) error) error {
	trees := make(map[string]bool, len(r.commits))
	at := make(map[string]int, len(r.commits))
	for i, c := range r.commits {
		trees[c.tree], at[c.id] = false, i
	}
	if err := r.markPresent(ctx, trees); err != nil {
		return err
	}
	var tasks []task
	for i, c := range r.commits {
		switch {
		case !trees[c.tree]:
			r.unread.Add(1)
		case slices.ContainsFunc(c.parents, func(p string) bool { j, known := at[p]; return known && !trees[r.commits[j].tree] }):
			r.unread.Add(1)
			if err := r.takeWhole(ctx, i); err != nil {
				return err
			}
		default:
			tasks = append(tasks, task{i, c.id})
		}
	}
	for some := range slices.Chunk(tasks, shareSize) {
		if err := share(some); err != nil {
			return err
		}
	}
	return nil
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
			r.touches = append(r.touches, touch{commit: commit, file: r.file(e.path, e.doc), after: e.blob})
			r.want(e.blob, e.doc)
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

// wantPresent asks for what was put off in a partial clone, without what it lacks.
func (r *reading) wantPresent(ctx context.Context) error {
	here, err := r.here(ctx, r.versions.putOff)
	for _, e := range here {
		r.versions.wanted.add(e)
	}
	return err
}

// here leaves out the blobs that a partial clone lacks.
func (r *reading) here(ctx context.Context, entries []treeEntry) ([]treeEntry, error) {
	if !r.partial || len(entries) == 0 {
		return entries, nil
	}
	present := make(map[string]bool, len(entries))
	for _, e := range entries {
		present[e.blob] = false
	}
	if err := r.markPresent(ctx, present); err != nil {
		return nil, err
	}
	if r.absent == nil {
		r.absent = map[string]bool{}
	}
	return slices.DeleteFunc(slices.Clone(entries), func(e treeEntry) bool {
		if !present[e.blob] {
			r.absent[e.blob] = true
		}
		return !present[e.blob]
	}), nil
}

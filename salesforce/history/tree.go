package history

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"sidestep/salesforce/metadata"
)

// treeEntry is a file of one commit that defines messages or may fire them.
type treeEntry struct {
	path, blob string
	doc        metadata.Document
}

// readHead lists what is checked out.
func (r *reading) readHead(ctx context.Context) (err error) {
	at := r.headCommit()
	if at < 0 {
		return nil
	}
	r.head, err = r.tree(ctx, r.commits[at].id)
	if err != nil && r.partial && ctx.Err() == nil {
		return nil // counted as unread
	}
	for _, e := range r.head {
		if e.doc.Defines() {
			r.want(e.blob, e.doc)
		}
	}
	return err
}

// tree lists the files of a commit that matter.
func (r repository) tree(ctx context.Context, commit string) (entries []treeEntry, err error) {
	err = r.run(ctx, nil, func(out *bufio.Reader) (err error) {
		entries, err = parseTree(out)
		return err
	}, "ls-tree", "-r", "-z", "--full-tree", commit)
	return entries, err
}

// parseTree reads "mode type id TAB path NUL" (git-ls-tree, "Output format").
func parseTree(out *bufio.Reader) ([]treeEntry, error) {
	var entries []treeEntry
	for {
		token, err := readToken(out)
		if err == io.EOF {
			return entries, nil
		}
		if err != nil {
			return nil, err
		}
		about, path, _ := strings.Cut(token, "\t")
		part := strings.Split(about, " ")
		if len(part) != 3 || !isID(part[2]) || path == "" {
			return nil, fmt.Errorf("ls-tree: unexpected %.80q", token)
		}
		if doc, ok := metadata.At(path); ok && plainFile(part[0]) {
			entries = append(entries, treeEntry{path, part[2], doc})
		}
	}
}

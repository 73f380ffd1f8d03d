package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sidestep/salesforce/metadata"
)

// maxUserTrees is how many branches are read for what fires messages that are not
// checked out. Of the messages on others nobody can tell what fires them.
const maxUserTrees = 30

// userTree is a tree in which users are looked for: of the ref with that index, -1
// for what is checked out.
type userTree struct {
	on int
	// holds are the messages whose users are taken, by their keys in small letters:
	// those that are in no tree before this one. nil is all, as for the first tree.
	holds map[string]bool
}

// readUsers reads what fires the messages: from what is checked out, and for
// messages that are on other branches only, from those.
func (r *reading) readUsers(ctx context.Context, all map[string]*timeline) error {
	trees, complete := r.userTrees(all)
	known := map[treeFile]read{}
	for i, t := range trees {
		entries := r.head
		if t.on >= 0 {
			var err error
			if entries, err = r.tree(ctx, r.refs[t.on].id); err != nil && r.partial && ctx.Err() == nil {
				complete = false // counted as unread
				continue
			} else if err != nil {
				return err
			}
		}
		whole, err := r.readUserTree(ctx, entries, t, known)
		if err != nil {
			return err
		}
		complete = complete && whole && (i > 0 || len(entries) > 0)
	}
	r.findings.Source.TellsUsers = complete && !r.partial
	r.spellAsDefined()
	return nil
}

// userTrees are the trees in which users are looked for, and whether those are all.
func (r *reading) userTrees(all map[string]*timeline) (trees []userTree, complete bool) {
	here, elsewhere := false, map[int]map[string]bool{}
	for key, t := range all {
		switch {
		case len(t.today) > 0:
			here = true
		case t.newest.message == nil:
		default:
			on := r.commits[t.newest.commit].on
			if on < 0 || r.refs[on].name == "HEAD" {
				continue // it was taken out of what is checked out
			}
			if elsewhere[on] == nil {
				elsewhere[on] = map[string]bool{}
			}
			elsewhere[on][key] = true
		}
	}
	branches := slices.SortedFunc(maps.Keys(elsewhere), func(a, b int) int {
		return cmp.Or(cmp.Compare(len(elsewhere[b]), len(elsewhere[a])), cmp.Compare(a, b))
	})
	if here || len(branches) == 0 {
		trees = append(trees, userTree{on: -1})
	} else {
		r.tellUserTrees(branches)
	}
	complete = len(branches) <= maxUserTrees
	for _, on := range branches[:min(len(branches), maxUserTrees)] {
		trees = append(trees, userTree{on, elsewhere[on]})
	}
	if len(trees) > 0 {
		trees[0].holds = nil
	}
	return trees, complete
}

// tellUserTrees says where users were looked for, when not in what is checked out.
func (r *reading) tellUserTrees(branches []int) {
	from := r.refs[branches[0]].words()
	switch others := len(branches) - 1; {
	case others == 1:
		from += " and 1 other"
	case others > 1:
		from += fmt.Sprintf(" and %d others", others)
	}
	r.notice("", 0, "What is checked out holds no outbound messages. What fires them was read from "+from+".")
}

// readUserTree reads what the files of a tree fire: of the first tree all of it, of
// the others what fires the messages that are only there. It reports whether all
// files could be read. known are the files of the first tree, which others share.
func (r *reading) readUserTree(ctx context.Context, entries []treeEntry, t userTree, known map[treeFile]read) (bool, error) {
	found := map[string]*read{}
	unread := make([]treeEntry, 0, len(entries))
	for _, e := range entries {
		if one, there := known[e.file()]; there {
			found[e.path] = one.clone()
		} else {
			unread = append(unread, e)
		}
	}
	here, err := r.here(ctx, unread)
	if err != nil {
		return false, err
	}
	wanted := newQueue(here...)
	wanted.close()
	err = r.readBlobs(ctx, wanted, func(e treeEntry, b blob) {
		one := &read{trouble: b.trouble}
		if b.trouble == "" {
			one.file, one.err = e.doc.Read(b.data)
		}
		found[e.path] = one
	})
	if err != nil {
		return false, err
	}
	complete := true
	for _, e := range unread {
		one := found[e.path]
		complete = one != nil && r.tellUnread(e, one) && complete
		if one != nil && t.holds == nil {
			known[e.file()] = *one.clone()
		}
	}
	var placed []metadata.Placed
	for _, e := range entries {
		if one := found[e.path]; one != nil {
			placed = append(placed, metadata.Placed{Path: e.path, Doc: e.doc, File: &one.file})
		}
	}
	metadata.Together(placed)
	for _, e := range entries {
		if one := found[e.path]; one != nil {
			r.addUsers(e, one, t)
		}
	}
	return complete, nil
}

// treeFile tells files of trees apart.
type treeFile struct{ path, blob string }

func (e treeEntry) file() treeFile { return treeFile{e.path, e.blob} }

// read is what a file of the tree holds.
type read struct {
	file    metadata.File
	err     error
	trouble string
}

// clone is a read whose users can be completed without changing these.
func (r read) clone() *read {
	r.file.Users = slices.Clone(r.file.Users)
	return &r
}

// addUsers takes what a file of a tree fires.
func (r *reading) addUsers(e treeEntry, one *read, t userTree) {
	for _, u := range one.file.Users {
		if t.holds != nil && !t.holds[strings.ToLower(u.Message)] {
			continue
		}
		u.File = e.path
		if t.on >= 0 {
			u.Note = joined(u.Note, "on "+r.refs[t.on].words())
		}
		r.findings.Users = append(r.findings.Users, u)
	}
}

// tellUnread tells what could not be read of a file. It reports whether all of it
// could.
func (r *reading) tellUnread(e treeEntry, one *read) bool {
	for _, bad := range one.file.Problems {
		r.problem(e.path, bad.Line, bad.Msg)
	}
	switch bad, syntax := errors.AsType[*metadata.SyntaxError](one.err); {
	case syntax:
		r.problem(e.path, bad.Line, bad.Msg)
	case one.err != nil:
		r.problem(e.path, 0, one.err.Error())
	case one.trouble != "":
		r.problem(e.path, 0, one.trouble)
	}
	return one.err == nil && one.trouble == "" && len(one.file.Problems) == 0
}

// spellAsDefined writes the messages that users name as their definitions spell them.
func (r *reading) spellAsDefined() {
	keys := map[string]string{}
	for _, m := range r.findings.Messages {
		keys[strings.ToLower(m.Key())] = m.Key()
	}
	for i, u := range r.findings.Users {
		if key, found := keys[strings.ToLower(u.Message)]; found {
			r.findings.Users[i].Message = key
		}
	}
}

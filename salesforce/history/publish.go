package history

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sidestep/salesforce"
	"sidestep/salesforce/metadata"
)

// publish turns the timelines into findings: for each message the definitions of
// today, then what it was before.
func (r *reading) publish(all map[string]*timeline) {
	identity := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(all)) {
		for _, m := range r.told(all[key]) {
			r.findings.Messages = append(r.findings.Messages, m)
			fmt.Fprintf(identity, "%q %q %q %s %s %v\n", m.Key(), m.EndpointURL, m.File, flagWord(m.IncludeSessionID), m.Commit, m.Past)
		}
	}
	r.findings.Source.ID = "git-" + hex.EncodeToString(identity.Sum(nil)[:8])
	for i := range r.commits {
		if at := r.commits[i].author; at.After(r.findings.Source.FileTime) {
			r.findings.Source.FileTime = at
		}
	}
}

// told are the versions of a message that are worth telling, that of today first.
func (r *reading) told(t *timeline) []salesforce.Message {
	var out []salesforce.Message
	seen := map[string]bool{}
	tell := func(p point, past bool, remark string) {
		id := r.commits[p.commit].id + " " + p.path
		if seen[id] {
			return
		}
		seen[id] = true
		m := *p.message
		if past && len(out) > 0 {
			// It is one message, however its name was spelled before.
			m.Object, m.FullName = out[0].Object, out[0].FullName
		}
		m.File, m.At, m.Commit, m.Past, m.Remark = p.path, r.at(p.commit), r.commits[p.commit].id, past, remark
		out = append(out, m)
	}
	slices.SortFunc(t.today, func(a, b point) int { return strings.Compare(a.path, b.path) })
	for _, p := range t.today {
		tell(p, false, r.rewritten(p))
	}
	gone := r.gone(t)
	for i, p := range r.chosen(t) {
		where := joined(r.rewritten(p), r.where(p.commit))
		past := len(t.today) > 0 || i > 0 || !gone.IsZero()
		if i == 0 && !gone.IsZero() {
			where = joined("taken out of the repository on "+day(gone), where)
		}
		tell(p, past, where)
	}
	return out
}

// rewritten warns of a version without the flag that was committed after the
// cut-off under an author's day from before it. A commit that is amended or
// rebased keeps that day, whatever it holds then.
func (r *reading) rewritten(p point) string {
	c := r.commits[p.commit]
	if flag := p.message.IncludeSessionID; flag == nil || *flag || c.author.IsZero() || !c.author.Before(salesforce.Cutoff) || c.committer.Before(salesforce.Cutoff) {
		return ""
	}
	return "committed on " + day(c.committer) + ", after the cut-off: was it amended then?"
}

// where says on which branch or tag a commit is, "" for what is checked out.
func (r *reading) where(commit int) string {
	on := r.commits[commit].on
	if on < 0 {
		return ""
	}
	if words := r.refs[on].words(); words != "" {
		return "on " + words
	}
	return ""
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// readUsers reads what fires the messages: from what is checked out, or where
// that holds no message, from the branch that holds most of them.
func (r *reading) readUsers(ctx context.Context, all map[string]*timeline) error {
	entries, err := r.usersTree(ctx, all)
	if err != nil || len(entries) == 0 {
		return err
	}
	here, err := r.here(ctx, entries)
	if err != nil {
		return err
	}
	found := map[string]*read{}
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
		return err
	}
	var placed []metadata.Placed
	for _, e := range entries {
		if one := found[e.path]; one != nil {
			placed = append(placed, metadata.Placed{Path: e.path, Doc: e.doc, File: &one.file})
		}
	}
	metadata.Together(placed)
	complete := true
	for _, e := range entries {
		one, there := found[e.path]
		complete = complete && there && r.addUsers(e, one)
	}
	r.findings.Source.TellsUsers = complete && !r.partial
	r.spellAsDefined()
	return nil
}

// read is what a file of the tree holds.
type read struct {
	file    metadata.File
	err     error
	trouble string
}

// addUsers takes what a file fires. It reports whether all of it could be read.
func (r *reading) addUsers(e treeEntry, one *read) bool {
	for _, u := range one.file.Users {
		u.File = e.path
		r.findings.Users = append(r.findings.Users, u)
	}
	for _, bad := range one.file.Problems {
		r.problem(e.path, bad.Line, bad.Msg)
	}
	switch bad, syntax := one.err.(*metadata.SyntaxError); {
	case syntax:
		r.problem(e.path, bad.Line, bad.Msg)
	case one.err != nil:
		r.problem(e.path, 0, one.err.Error())
	case one.trouble != "":
		r.problem(e.path, 0, one.trouble)
	}
	return one.err == nil && one.trouble == "" && len(one.file.Problems) == 0
}

// usersTree is the tree in which users are looked for.
func (r *reading) usersTree(ctx context.Context, all map[string]*timeline) ([]treeEntry, error) {
	held := map[int]int{}
	for _, t := range all {
		if len(t.today) > 0 {
			return r.head, nil
		}
		if t.newest.message != nil {
			held[r.commits[t.newest.commit].on]++
		}
	}
	best := -1
	for on, n := range held {
		if on >= 0 && (best < 0 || cmp.Or(cmp.Compare(n, held[best]), cmp.Compare(best, on)) > 0) {
			best = on
		}
	}
	if best < 0 {
		return r.head, nil
	}
	entries, err := r.tree(ctx, r.refs[best].id)
	if err != nil && r.partial && ctx.Err() == nil {
		return nil, nil // counted as unread
	}
	r.notice("", 0, "What is checked out holds no outbound messages. What fires them was read from "+cmp.Or(r.refs[best].words(), "HEAD")+".")
	return entries, err
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

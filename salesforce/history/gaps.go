package history

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
)

// tellGaps says what this clone lacks, and what that means for the answer.
func (r *reading) tellGaps() {
	r.tellShallow()
	switch unread := int(r.unread.Load()); {
	case !r.partial && unread > 0:
		r.problem("", 0, fmt.Sprintf("Git can't read all of the repository: %s could not be compared. What they changed is not known; git fsck tells more, and another clone may be whole.", count(unread, "commit")))
	case len(r.absent) > 0 || unread > 0:
		r.problem("", 0, fmt.Sprintf("This is a partial clone: %s of files and %s to compare are not in it. What they said of messages is not known; a clone without --filter has them.",
			count(len(r.absent), "version"), count(unread, "commit")))
	}
	if len(r.only) > 0 {
		r.problem("", 0, "Only "+strings.Join(r.only, ", ")+" was cloned. Other branches may hold other messages; a clone without --single-branch has them.")
	}
	for _, path := range slices.Sorted(maps.Keys(r.modules)) {
		r.notice(path, 0, "This folder is a repository of its own (a submodule), whose history was not read. Scan it too if it holds metadata.")
	}
	r.tellTrouble()
	switch {
	case len(r.commits) == 0:
		r.notice("", 0, "The repository has no commits yet.")
	case len(r.files) == 0 && len(r.findings.Messages) == 0:
		r.notice("", 0, fmt.Sprintf("No workflow file was found in %s on %s.", count(len(r.commits), "commit"), count(r.branches(), "branch")))
	}
}

// tellShallow says since when a shallow clone knows anything.
func (r *reading) tellShallow() {
	if !r.shallow {
		return
	}
	var oldest time.Time
	for _, c := range r.commits {
		if c.oldest && !c.author.IsZero() && (oldest.IsZero() || c.author.Before(oldest)) {
			oldest = c.author
		}
	}
	text := "This is a shallow clone, which lacks the older commits"
	switch {
	case oldest.IsZero():
	case oldest.Before(salesforce.Cutoff):
		text += ": it begins on " + day(oldest)
	default:
		text += ": it begins on " + day(oldest) + ", after the cut-off, so its “no” proves nothing"
	}
	r.problem("", 0, text+". git fetch --unshallow brings the rest.")
}

// tellTrouble names the files of which versions can't be read. What is checked
// out, and what was before the cut-off, may hide a message that was affected.
func (r *reading) tellTrouble() {
	type bad struct {
		versions, line int
		newest         int
		what           string
		hides          bool
	}
	all := map[string]*bad{}
	today := map[string]string{}
	for _, e := range r.head {
		today[e.path] = e.blob
	}
	replaced := map[version]bool{}
	for _, t := range r.touches { // the newest first
		c := r.versions.of(t.after, t.file.doc)
		at := r.at(t.commit)
		readable := c != nil && c.trouble == "" || replaced[version{t.after, t.file.doc}]
		if readable && !at.IsZero() && at.Before(salesforce.Cutoff) {
			// What was before is not the newest word from before the cut-off.
			for _, id := range t.before {
				replaced[version{id, t.file.doc}] = true
			}
		}
		if c == nil || c.trouble == "" {
			continue
		}
		b := all[t.file.path]
		if b == nil {
			b = &bad{newest: t.commit, what: c.trouble, line: c.line}
			all[t.file.path] = b
		}
		b.versions++
		b.hides = b.hides || today[t.file.path] == t.after || !replaced[version{t.after, t.file.doc}] && (at.IsZero() || at.Before(salesforce.Cutoff))
	}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		b := all[path]
		id := r.commits[b.newest].id
		text := fmt.Sprintf("%s (in commit %s", b.what, id[:min(len(id), 10)])
		if b.versions > 1 {
			text += fmt.Sprintf(", and in %s before", count(b.versions-1, "version"))
		}
		if text += ")"; b.hides {
			r.problem(path, b.line, text)
		} else {
			r.notice(path, b.line, text)
		}
	}
}

// branches counts the branches, here and of remotes.
func (r *reading) branches() (n int) {
	for _, f := range r.refs {
		if strings.HasPrefix(f.name, "refs/heads/") || strings.HasPrefix(f.name, "refs/remotes/") {
			n++
		}
	}
	return n
}

// count words a number: "1 commit", "3 branches".
func count(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "ch"):
		return fmt.Sprintf("%d %ses", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

package history

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sidestep/salesforce"
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

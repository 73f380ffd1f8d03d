package history

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
)

// maxChanges is how many changes of one message are kept. A message changes a few
// times in its life; more is somebody's doing.
const maxChanges = 100

// point is a version of a message, as one commit has it.
type point struct {
	// commit is the index in the order of git's list, the newest first.
	commit  int
	path    string
	message *salesforce.Message
}

// timeline is the life of one message.
type timeline struct {
	// today are the definitions of the commit that is checked out.
	today []point
	// changes are the versions that say something new, newest is the newest of all,
	// and old the newest of each flag from before the cut-off. Of the others, which
	// are many, nothing is kept.
	changes []point
	newest  point
	old     map[string]point
	// removed are the commits that took the message out of a file.
	removed []int
}

// timelines follows every message through all commits, by its key in small
// letters: Salesforce compares names without regard to case.
func (r *reading) timelines() map[string]*timeline {
	all := map[string]*timeline{}
	known := map[*salesforce.Message]*timeline{}
	of := func(m *salesforce.Message) *timeline {
		t := known[m]
		if t != nil {
			return t
		}
		key := strings.ToLower(m.Key())
		if t = all[key]; t == nil {
			t = &timeline{old: map[string]point{}}
			all[key] = t
		}
		known[m] = t
		return t
	}
	for _, touch := range r.touches {
		before := r.before(touch)
		var now []*salesforce.Message
		whole := touch.after == ""
		if c := r.versions.of(touch.after, touch.file.doc); c != nil {
			now, whole = c.messages, c.trouble == ""
		}
		for _, m := range now {
			r.addPoint(of(m), point{touch.commit, touch.file.path, m}, !saidBefore(before, m))
		}
		if !whole {
			continue // what can't be seen in a version may be there all the same
		}
		for _, m := range slices.Concat(before...) {
			// Messages that say the same are the same pointer: that is quick to see.
			if !slices.Contains(now, m) && !slices.ContainsFunc(now, func(o *salesforce.Message) bool { return strings.EqualFold(o.Key(), m.Key()) }) {
				t := of(m)
				t.removed = append(t.removed, touch.commit)
			}
		}
	}
	r.placeToday(all, of)
	return all
}

// addPoint adds a version of a message; changed is true where flag, address or the
// message itself is new against what was before.
func (r *reading) addPoint(t *timeline, p point, changed bool) {
	if changed {
		t.changes = append(t.changes, p)
	}
	if t.newest.message == nil || r.newer(p, t.newest) < 0 {
		t.newest = p
	}
	if at := r.at(p.commit); !at.IsZero() && at.Before(salesforce.Cutoff) {
		flag := flagWord(p.message.IncludeSessionID)
		if best := t.old[flag]; best.message == nil || r.newer(p, best) < 0 {
			t.old[flag] = p
		}
	}
}

// before are the messages that each parent has in the file.
func (r *reading) before(t touch) [][]*salesforce.Message {
	var all [][]*salesforce.Message
	for _, id := range t.before {
		if c := r.versions.of(id, t.file.doc); c != nil {
			all = append(all, c.messages)
		}
	}
	return all
}

// saidBefore reports whether a parent says the same of the message as m does.
func saidBefore(before [][]*salesforce.Message, m *salesforce.Message) bool {
	for _, messages := range before {
		if slices.Contains(messages, m) {
			return true
		}
		for _, o := range messages {
			if strings.EqualFold(o.Key(), m.Key()) && sameFlag(o.IncludeSessionID, m.IncludeSessionID) && o.EndpointURL == m.EndpointURL {
				return true
			}
		}
	}
	return false
}

func sameFlag(a, b *bool) bool { return a == b || a != nil && b != nil && *a == *b }

// placeToday notes what is checked out, each with the commit that brought it.
func (r *reading) placeToday(all map[string]*timeline, of func(*salesforce.Message) *timeline) {
	brought := map[treeEntry]int{}
	for _, t := range slices.Backward(r.touches) {
		if t.after != "" {
			brought[treeEntry{t.file.path, t.after, t.file.doc}] = t.commit
		}
	}
	for _, e := range r.head {
		if !e.doc.Defines() {
			continue
		}
		commit, known := brought[e]
		if !known {
			commit = r.headCommit()
		}
		c := r.versions.of(e.blob, e.doc)
		if c == nil {
			continue
		}
		for _, m := range c.messages {
			t := of(m)
			t.today = append(t.today, point{commit: commit, path: e.path, message: m})
		}
	}
}

// at is the day of a commit: the author's, who took the files out of the org.
func (r *reading) at(commit int) time.Time { return r.commits[commit].author }

// newer orders points by their day, the newest first; what has no day comes last,
// and of the same day what git lists first.
func (r *reading) newer(a, b point) int {
	return cmp.Or(r.at(b.commit).Compare(r.at(a.commit)), cmp.Compare(a.commit, b.commit), strings.Compare(a.path, b.path))
}

// chosen are the versions of a message that say something, the newest first:
// each change, and the newest of each flag from before the cut-off.
func (r *reading) chosen(t *timeline) []point {
	var out []point
	slices.SortFunc(t.changes, r.newer)
	if len(t.changes) > maxChanges {
		t.changes = t.changes[:maxChanges]
	}
	for _, p := range slices.Concat(t.changes, slices.Collect(maps.Values(t.old))) {
		if !slices.ContainsFunc(out, func(o point) bool { return o.commit == p.commit && o.path == p.path }) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, r.newer)
	return out
}

func flagWord(flag *bool) string {
	switch {
	case flag == nil:
		return "none"
	case *flag:
		return "true"
	}
	return "false"
}

// gone is the day on which the message was last taken out, zero when it was put
// back since or never was.
func (r *reading) gone(t *timeline) time.Time {
	if len(t.today) > 0 || len(t.removed) == 0 || t.newest.message == nil {
		return time.Time{}
	}
	newest := slices.MinFunc(t.removed, func(a, b int) int { return cmp.Or(r.at(b).Compare(r.at(a)), cmp.Compare(a, b)) })
	if p := t.newest; r.at(p.commit).After(r.at(newest)) || p.commit < newest && r.at(p.commit).Equal(r.at(newest)) {
		return time.Time{}
	}
	return r.at(newest)
}

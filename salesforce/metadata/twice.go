package metadata

import "cmp"

// A bad merge leaves two elements where only one may be, and XML has nothing
// against it. The first counts, as for most that read such files, and what may
// hide something is a problem.

// once reads a text without the white space around it, unless it was given before.
func (r *reader) once(before string) string {
	name, now := r.name, r.word()
	return r.firstOf(name, before, now)
}

// onceText is once for a text of which white space is a part.
func (r *reader) onceText(before string) string {
	name, now := r.name, r.text()
	return r.firstOf(name, before, now)
}

func (r *reader) firstOf(name, before, now string) string {
	if before != "" && now != "" && before != now {
		r.twice(name)
	}
	return cmp.Or(before, now)
}

// either reads what is true, false or not said. Where two differ, true counts: of
// two errors, the false all-clear is the worse one.
func (r *reader) either(read func() *bool, before *bool) *bool {
	name, now := r.name, read()
	switch {
	case now == nil:
		return before
	case before == nil || *before == *now:
		return now
	}
	r.twice(name)
	return new(true)
}

func (r *reader) twice(name string) {
	r.problem(shorten(name) + " is given twice, and the two differ")
}

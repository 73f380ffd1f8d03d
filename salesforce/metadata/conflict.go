package metadata

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// The marks that git leaves in a file that two branches changed. The third
// stands before what both had in common, where git is told to show that.
const (
	markOurs   = "<<<<<<<"
	markBase   = "|||||||"
	markMiddle = "======="
	markTheirs = ">>>>>>>"
)

// conflicted reports whether git left the beginning of a merge conflict on a line.
func conflicted(text []byte, line int) bool {
	for range line - 1 {
		_, after, found := bytes.Cut(text, []byte("\n"))
		if !found {
			return false
		}
		text = after
	}
	return bytes.HasPrefix(text, []byte(markOurs))
}

// conflictBegins is what is said of a document with such marks.
const conflictBegins = "an unresolved merge conflict begins here"

// readConflict adds to f what a document with merge conflicts holds, and says so.
func (d Document) readConflict(text []byte, f *File) string {
	if both, said, ok := d.readSides(text); ok {
		*f = both
		return said
	}
	// Some of the marks are gone, so nobody can tell what each side had.
	if all, bad := d.read(withoutMarks(text)); bad == nil {
		*f = all
		return conflictBegins + "; some of its marks are gone, and what stands around the others was read"
	}
	return conflictBegins
}

// readSides reads a document with merge conflicts as either branch had it. What
// both have is there once, and where they differ both count: nobody can tell
// which of them the org has. It is not ok where the marks make no sense.
func (d Document) readSides(text []byte) (f File, said string, ok bool) {
	ours, theirs, ok := sides(text)
	if !ok {
		return File{}, "", false
	}
	f, ourFault := d.read(ours)
	other, theirFault := d.read(theirs)
	f.join(other)
	switch {
	case ourFault != nil && theirFault != nil:
		return f, fmt.Sprintf("%s, and neither side of it is fine (%v)", conflictBegins, ourFault), true
	case ourFault != nil:
		return f, fmt.Sprintf("%s, and its first side is not fine (%v)", conflictBegins, ourFault), true
	case theirFault != nil:
		return f, fmt.Sprintf("%s, and its second side is not fine (%v)", conflictBegins, theirFault), true
	}
	return f, conflictBegins + "; both sides were read", true
}

// join adds what the other side of a conflict has more.
func (f *File) join(other File) {
	f.Messages = union(f.Messages, other.Messages)
	f.Users = union(f.Users, other.Users)
	f.Problems = union(f.Problems, other.Problems)
	f.Problems = f.Problems[:min(len(f.Problems), maxProblems)]
}

// union adds to one what only other has. Values are the same when they say the
// same: two flags are equal, though their pointers are not.
func union[T any](one, other []T) []T {
	seen := map[string]bool{}
	for _, v := range one {
		seen[said(v)] = true
	}
	for _, v := range other {
		if key := said(v); !seen[key] {
			seen[key] = true
			one = append(one, v)
		}
	}
	return one
}

func said(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values only
	}
	return string(text)
}

// sides writes a text as either branch had it. What it leaves out becomes empty
// lines, so that every line keeps its number. It is not ok where marks don't
// follow each other as git writes them.
func sides(text []byte) (ours, theirs []byte, ok bool) {
	const (
		outside = iota
		inOurs
		inBase
		inTheirs
	)
	where := outside
	for line := range bytes.Lines(text) {
		mark := string(line[:min(len(line), len(markOurs))])
		switch {
		case mark == markOurs && where == outside:
			where = inOurs
		case mark == markBase && where == inOurs:
			where = inBase
		case mark == markMiddle && (where == inOurs || where == inBase):
			where = inTheirs
		case mark == markTheirs && where == inTheirs:
			where = outside
		case mark == markOurs, mark == markTheirs:
			return nil, nil, false
		default:
			if where == outside || where == inOurs {
				ours = append(ours, line...)
			} else {
				ours = append(ours, '\n')
			}
			if where == outside || where == inTheirs {
				theirs = append(theirs, line...)
			} else {
				theirs = append(theirs, '\n')
			}
			continue
		}
		ours, theirs = append(ours, '\n'), append(theirs, '\n')
	}
	return ours, theirs, where == outside
}

// lineOf is the line of an offset, counted from 1.
func lineOf(text []byte, offset int) int { return 1 + bytes.Count(text[:offset], []byte("\n")) }

// withoutMarks writes a text with empty lines in place of those with marks.
func withoutMarks(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for line := range bytes.Lines(text) {
		if isMark(line) {
			line = []byte("\n")
		}
		out = append(out, line...)
	}
	return out
}

// isMark reports whether a line is one that git leaves.
func isMark(line []byte) bool {
	if len(line) < len(markOurs) {
		return false
	}
	switch mark, label := string(line[:len(markOurs)]), bytes.TrimSpace(line[len(markOurs):]); mark {
	case markMiddle:
		return len(label) == 0
	case markOurs, markBase, markTheirs:
		return len(label) == 0 || line[len(markOurs)] == ' '
	}
	return false
}

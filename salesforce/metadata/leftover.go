package metadata

import (
	"bytes"
	"slices"
)

// Where somebody removed only the first mark of a merge conflict, XML has nothing
// against the others: they are text. Both sides are read then as if both counted.

// leftover is said of such a document.
const leftover = "a merge conflict was removed only in part: this line is what git left; what stands around it was read"

// readLeftovers tells the first mark that was left in a well-formed document. It
// adds to f what the document holds without the second side, where that can be
// told.
func (d Document) readLeftovers(text []byte, f *File) {
	if !f.marked {
		return
	}
	marks := marksBetweenElements(text)
	if len(marks) == 0 {
		return
	}
	if ours, ok := withoutTheirs(text, marks); ok {
		if one, bad := d.read(ours); bad == nil {
			f.join(one)
		}
	}
	f.Problems = append(f.Problems, SyntaxError{lineOf(text, marks[0]), leftover})
}

// readFirstSide reads a document that is not well-formed as it is without the
// second sides of conflicts whose first mark is gone, if it is then.
func (d Document) readFirstSide(text []byte, f *File, bad *SyntaxError) {
	if !bytes.Contains(text, []byte("\n"+markMiddle)) || !bytes.Contains(text, []byte("\n"+markTheirs)) {
		return
	}
	marks := marksIn(text, 0, len(text))
	ours, ok := withoutTheirs(text, marks)
	if !ok {
		return
	}
	if one, still := d.read(ours); still == nil {
		one.join(*f)
		*f = one
		*bad = SyntaxError{lineOf(text, marks[0]), "a merge conflict was removed only in part: this line is what git left; its second side does not fit and was read as far as possible"}
	}
}

// marksBetweenElements are the offsets of lines that git left where a document
// has no text. Descriptions may hold any line.
func marksBetweenElements(text []byte) (marks []int) {
	s := scanner{data: text}
	// Of the last text: what stood before it, and where it is.
	before, last, from, to := atEnd, atEnd, 0, 0
	for {
		t := s.next()
		switch {
		case t == charData:
			before, from, to = last, s.pos-len(s.text), s.pos
		case last == charData && before != charData && !(before == startTag && t == endTag):
			marks = append(marks, marksIn(text, from, to)...)
		}
		if last = t; t == atEnd {
			return marks
		}
	}
}

// marksIn are the offsets of lines in a part of a text that git left.
func marksIn(text []byte, from, to int) (marks []int) {
	for at := from; at < to; {
		end := bytes.IndexByte(text[at:to], '\n')
		if end < 0 {
			end = to - at
		}
		if (at == 0 || text[at-1] == '\n') && isMark(text[at:at+end]) {
			marks = append(marks, at)
		}
		at += end + 1
	}
	return marks
}

// withoutTheirs writes a text without what stands between the middle mark of a
// conflict and its last one.
func withoutTheirs(text []byte, marks []int) ([]byte, bool) {
	out, found := slices.Clone(text), false
	for i := 1; i < len(marks); i++ {
		if bytes.HasPrefix(text[marks[i-1]:], []byte(markMiddle)) && bytes.HasPrefix(text[marks[i]:], []byte(markTheirs)) {
			blank(out[marks[i-1]:marks[i]])
			found = true
		}
	}
	return out, found
}

// blank overwrites all but line ends.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' && c != '\r' {
			text[i] = ' '
		}
	}
}

package metadata

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"sidestep/visible"
)

const (
	// MaxSize is how many bytes a document may have.
	MaxSize = 50 << 20
	// maxDepth is far more than Salesforce nests: a flow needs about ten levels.
	maxDepth = 100
	// maxQuote is how many bytes of a document a message repeats.
	maxQuote = 80
	// maxText is how many bytes a value may have; endpoint URLs have at most 255.
	maxText = 32 << 10
	// maxKept is how many messages, fields and users one document may hold. Whole
	// orgs have some thousands; a bomb has as many as memory.
	maxKept = 100_000
	// maxResumes is how often a document is read on behind a fault.
	maxResumes = 20
	// maxProblems is how many bad values of a document are told.
	maxProblems = 100
)

// SyntaxError says at which line a document, or one value in it, can't be read.
type SyntaxError struct {
	// Line is counted from 1.
	Line int
	Msg  string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

// reader walks through the elements of one document. After the first error it
// stands still: next says false and everything else returns nothing.
type reader struct {
	scan scanner
	// name is the element that next stands on, without its prefix.
	name string
	// whole is true where next stands on an element that the scanner read to its end.
	whole bool
	// texts are names and values that were read last: see known.
	texts    *[512]string
	kept     int
	problems []SyntaxError
	err      *SyntaxError
	// first is the first error, after which the reader went on, so many times.
	first   *SyntaxError
	resumes int
	// counted and lines are the offset up to which line feeds were counted, and
	// how many there were.
	counted, lines int
}

// readers are at rest. A folder has thousands of documents, which use the same words:
// with a new reader for each, a scan goes through nearly a quarter more memory.
var readers = sync.Pool{New: func() any { return &reader{texts: new([512]string)} }}

// newReader reads text, which is valid UTF-8. It is put to rest after that.
func newReader(text []byte) *reader {
	r := readers.Get().(*reader)
	r.scan.data = text
	return r
}

// rest gives the reader back, with the texts that it knows and nothing else.
func (r *reader) rest() {
	open := r.scan.open[:0]
	clear(open[:cap(open)]) // they are parts of the document
	*r = reader{scan: scanner{open: open}, texts: r.texts}
	readers.Put(r)
}

// document reads one whole document whose root is one of the named elements.
// Nothing but comments may surround the root.
func (r *reader) document(roots []string, content func(root string)) {
	for !r.next() {
		if r.err == nil && r.first == nil {
			r.fail("there is no XML in it")
		}
		// What stands before the root, such as a second byte order mark, is a fault
		// and hides nothing.
		if r.err == nil || r.scan.fault != "" {
			return
		}
		r.setAside()
		r.err = nil
	}
	if !slices.Contains(roots, r.name) {
		r.fail(fmt.Sprintf("it holds <%s>, expected <%s>", shorten(r.name), roots[0]))
		return
	}
	content(r.name)
	// Two files in one: the second may define messages as the first does.
	for r.next() {
		name := r.name
		r.fail(malformed + "there is a second root element <" + shorten(name) + ">")
		r.setAside()
		r.err = nil
		if slices.Contains(roots, name) {
			content(name)
		} else {
			r.skip()
		}
	}
}

// next goes to the next child of the element that is being read, and says false
// at that element's end. Whoever gets true reads the child: as text, with next,
// or with skip.
func (r *reader) next() bool {
	if r.whole {
		r.whole = false
		return false // it holds no elements
	}
	if r.err == nil {
		switch r.scan.step() {
		case leaf:
			r.whole = true
			fallthrough
		case startTag:
			r.name = r.known(r.scan.name)
			return true
		case endTag:
			return false
		}
	}
	for {
		switch r.token() {
		case startTag:
			r.named(r.scan.name)
			return true
		case endTag, atEnd:
			return false
		case charData:
			if len(r.scan.open) > 0 {
				continue
			}
			if text := bytes.TrimLeft(r.scan.text, " \t\r\n"); len(text) > 0 {
				r.failAt(r.scan.pos-len(text), malformed+"there is text outside the root element")
				return false
			}
		}
	}
}

// resume goes on behind a fault, at the root's next child with one of the names:
// a tag too much in a rule must not hide the messages that stand below it. It
// says false where there was no fault, or nothing follows.
func (r *reader) resume(names ...string) bool {
	for r.err != nil && r.resumes < maxResumes && r.scan.resume(names...) {
		r.resumes++
		r.whole = false
		r.setAside()
		r.err = nil
		if r.next() {
			return true
		}
	}
	return false
}

// setAside keeps the first error apart, and makes problems of those behind it.
func (r *reader) setAside() {
	if r.first == nil {
		r.first = r.err
	} else if r.err != nil && len(r.problems) < maxProblems {
		r.problems = append(r.problems, *r.err)
	}
}

// named remembers a name without its prefix.
func (r *reader) named(raw []byte) {
	if i := bytes.IndexByte(raw, ':'); i > 0 && i < len(raw)-1 {
		raw = raw[i+1:]
	}
	r.name = r.known(raw)
}

// known is a short text as a string. There are few names and values, and they come
// again and again.
func (r *reader) known(raw []byte) string {
	n := len(raw)
	known := &r.texts[(n+7*int(raw[0])+31*int(raw[n-1])+67*int(raw[max(n-2, 0)]))%len(r.texts)]
	if string(raw) != *known {
		*known = string(raw)
	}
	return *known
}

// text returns what stands in the current element, without elements in it.
func (r *reader) text() string {
	if r.whole {
		return r.leaf()
	}
	name, size := r.name, 0
	var whole string
	for {
		switch r.token() {
		case charData:
			t := r.scan.text
			if r.scan.escaped {
				t = plain(t)
			}
			size += len(t)
			part := t[:min(len(t), maxText-len(whole))]
			whole += string(part)
		case startTag:
			r.skip()
		case endTag:
			if size > maxText {
				r.tooLong(name)
			}
			return whole
		case atEnd:
			return ""
		}
	}
}

func (r *reader) tooLong(name string) {
	r.problem(fmt.Sprintf("%s is longer than %d KB and was cut", shorten(name), maxText>>10))
}

// leaf is the text of an element that was read to its end.
func (r *reader) leaf() string {
	r.whole = false
	text := r.scan.text
	if r.scan.escaped {
		text = plain(text)
	}
	switch {
	case r.err != nil || len(text) == 0:
		return ""
	case len(text) <= maxQuote:
		return r.known(text)
	case len(text) > maxText:
		r.tooLong(r.name)
		text = text[:maxText]
	}
	return string(text)
}

// word returns the text without the white space around it.
func (r *reader) word() string { return strings.TrimSpace(r.text()) }

// skip passes over the rest of the current element.
func (r *reader) skip() {
	if r.whole {
		r.whole = false
	} else if r.err == nil && !r.scan.skip() {
		r.fail(r.scan.fault)
	}
}

// flag reads a boolean as XML Schema writes it. What is none is a problem, and nil.
func (r *reader) flag() *bool {
	name, word := r.name, r.word()
	switch strings.ToLower(word) {
	case "true", "1":
		return new(true)
	case "false", "0":
		return new(false)
	case "":
		return nil
	}
	r.problem(fmt.Sprintf("%s is %q, neither true nor false", name, shorten(word)))
	return nil
}

// number reads a decimal number. What is none is a problem, and 0.
func (r *reader) number() float64 {
	name, word := r.name, r.word()
	if word == "" {
		return 0
	}
	n, err := strconv.ParseFloat(word, 64)
	if err != nil || n != n || n < 0 || n > 1e6 {
		r.problem(fmt.Sprintf("%s is %q, which is no version number", name, shorten(word)))
		return 0
	}
	return n
}

// token returns the next token, atEnd also after an error.
func (r *reader) token() token {
	if r.err != nil {
		return atEnd
	}
	t := r.scan.next()
	if t == atEnd && r.scan.fault != "" {
		r.fail(r.scan.fault)
	}
	return t
}

// keep counts what is kept, and stops when it is more than any org has.
func (r *reader) keep() {
	if r.kept++; r.kept > maxKept {
		r.fail(fmt.Sprintf("it holds more than %d outbound messages, fields and users", maxKept))
	}
}

// line is the line on which the scanner stands.
func (r *reader) line() int { return r.lineAt(r.scan.pos) }

// lineAt is the line of an offset, which is seldom less than that of the last call.
func (r *reader) lineAt(at int) int {
	at = min(at, len(r.scan.data))
	if at < r.counted {
		r.counted, r.lines = 0, 0
	}
	r.lines += bytes.Count(r.scan.data[r.counted:at], []byte("\n"))
	r.counted = at
	return r.lines + 1
}

func (r *reader) problem(msg string) {
	if r.err != nil || len(r.problems) == maxProblems {
		return
	}
	if len(r.problems) == maxProblems-1 {
		msg = "more values can't be read from here on"
	}
	r.problems = append(r.problems, SyntaxError{r.line(), msg})
}

func (r *reader) fail(msg string) { r.failAt(r.scan.pos, msg) }

func (r *reader) failAt(offset int, msg string) {
	if r.err == nil {
		r.err = &SyntaxError{r.lineAt(offset), msg}
	}
}

// shorten keeps a hostile document from filling the screen with one message.
func shorten(s string) string { return visible.Cut(s, maxQuote) }

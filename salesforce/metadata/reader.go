package metadata

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
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
	data []byte
	dec  *xml.Decoder
	// name is the element that next stands on.
	name     string
	depth    int
	kept     int
	problems []SyntaxError
	err      *SyntaxError
}

func newReader(data []byte) *reader {
	r := &reader{data: data}
	if len(data) > MaxSize {
		r.fail(1, fmt.Sprintf("larger than %d MB", MaxSize>>20))
		return r
	}
	text, decoded, err := plainText(data)
	if err != nil {
		r.fail(1, err.Error())
		return r
	}
	r.data = text
	r.dec = xml.NewDecoder(bytes.NewReader(text))
	r.dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if decoded {
			return in, nil
		}
		return charsetReader(label, in)
	}
	return r
}

// document reads one whole document whose root is the named element. Nothing
// but comments may surround the root.
func (r *reader) document(root string, content func()) {
	if !r.next() {
		if r.err == nil {
			r.fail(r.line(), "there is no XML in it")
		}
		return
	}
	if r.name != root {
		r.fail(r.line(), fmt.Sprintf("it holds <%s>, expected <%s>", shorten(r.name), root))
		return
	}
	content()
	if r.next() {
		r.fail(r.line(), "not well-formed: there is a second root element <"+shorten(r.name)+">")
	}
}

// next goes to the next child of the element that is being read, and says false
// at that element's end. Whoever gets true reads the child: as text, with next,
// or with skip.
func (r *reader) next() bool {
	for {
		switch t := r.token().(type) {
		case xml.StartElement:
			r.name = t.Name.Local
			return true
		case xml.EndElement, nil:
			return false
		case xml.CharData:
			if r.depth == 0 && len(bytes.TrimSpace(t)) > 0 {
				r.fail(r.line(), "not well-formed: there is text outside the root element")
				return false
			}
		}
	}
}

// text returns what stands in the current element, without elements in it.
func (r *reader) text() string {
	name, size := r.name, 0
	var b []byte
	for {
		switch t := r.token().(type) {
		case xml.CharData:
			size += len(t)
			b = append(b, t[:min(len(t), maxText-len(b))]...)
		case xml.StartElement:
			r.skip()
		case xml.EndElement:
			if size > maxText {
				r.problem(fmt.Sprintf("%s is longer than %d KB and was cut", shorten(name), maxText>>10))
			}
			return string(b)
		case nil:
			return ""
		}
	}
}

// word returns the text without the white space around it.
func (r *reader) word() string { return strings.TrimSpace(r.text()) }

// skip passes over the rest of the current element.
func (r *reader) skip() {
	for depth := r.depth; r.err == nil && r.depth >= depth; {
		r.token()
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

// token returns the next token, nil at the end and after an error.
func (r *reader) token() xml.Token {
	if r.err != nil {
		return nil
	}
	t, err := r.dec.Token()
	if err == io.EOF {
		return nil
	}
	if err != nil {
		r.broken(err)
		return nil
	}
	switch t.(type) {
	case xml.StartElement:
		if r.depth++; r.depth > maxDepth {
			r.fail(r.line(), fmt.Sprintf("elements are nested more than %d levels deep", maxDepth))
			return nil
		}
	case xml.EndElement:
		r.depth--
	case xml.Directive:
		// Entities are defined here. Salesforce writes none, attackers do.
		r.fail(r.line(), "a document type definition is not accepted")
		return nil
	}
	return t
}

// keep counts what is kept, and stops when it is more than any org has.
func (r *reader) keep() {
	if r.kept++; r.kept > maxKept {
		r.fail(r.line(), fmt.Sprintf("it holds more than %d outbound messages, fields and users", maxKept))
	}
}

func (r *reader) line() int {
	if r.dec == nil {
		return 1
	}
	line, _ := r.dec.InputPos()
	return line
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

func (r *reader) fail(line int, msg string) {
	if r.err == nil {
		r.err = &SyntaxError{line, msg}
	}
}

func (r *reader) broken(err error) {
	line, msg := r.line(), strings.TrimPrefix(err.Error(), "xml: ")
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		line, msg = syntax.Line, "not well-formed: "+syntax.Msg
	}
	if r.conflicted(line) {
		msg = "an unresolved merge conflict begins here"
	}
	r.fail(line, shorten(msg))
}

// conflicted reports whether git left the marks of a merge conflict on a line.
func (r *reader) conflicted(line int) bool {
	rest := r.data
	for range line - 1 {
		_, after, found := bytes.Cut(rest, []byte("\n"))
		if !found {
			return false
		}
		rest = after
	}
	return bytes.HasPrefix(rest, []byte("<<<<<<<"))
}

// shorten keeps a hostile document from filling the screen with one message.
func shorten(s string) string {
	if len(s) <= maxQuote {
		return s
	}
	return strings.ToValidUTF8(s[:maxQuote], "") + "…"
}

package metadata

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// token is what a scanner stands on.
type token uint8

const (
	// atEnd is the end of the document, or a fault.
	atEnd token = iota
	startTag
	endTag
	charData
	// leaf is a whole element with nothing but text in it: see step.
	leaf
)

// scanner walks through an XML document in valid UTF-8. It is as strict as
// encoding/xml, which the tests hold it against, and ten times as fast, because
// it copies nothing: most of a folder of metadata is passed over, and every byte
// of that has to be looked at all the same. Only a document that was read to its
// end can be said to hold no message.
//
// What it does not do: it knows no namespaces (a prefix is cut off), it returns
// no attributes, and it accepts no document type definition.
type scanner struct {
	data []byte
	pos  int
	// open are the names of the elements around pos, with their prefixes.
	open [][]byte
	// name is the name of the tag that next returned, text what stands between
	// two tags, escaped whether text is to be had through plain.
	name, text []byte
	escaped    bool
	// ended is true after a tag that ends itself: its end comes next.
	ended bool
	// fault says why the scanner stands still, and pos where.
	fault string
	// stray is where an XML declaration stands that is not at the beginning of the
	// document, 0 where there is none.
	stray int
	// odd is true where the XML declaration is none by the rules.
	odd bool
	// bare is one behind where the first & stands that begins no reference, 0 where there
	// is none. Such an & is read as the character itself.
	bare int
	// marked is true after text that may begin with the middle or last mark of a
	// merge conflict.
	marked bool
	// after is from where it makes sense to look for what follows a fault: behind
	// the tag of the root's child that is being read, whose end may be missing, or
	// behind a comment that is none.
	after int
}

// malformed begins what is said of a document that is no XML.
const malformed = "not well-formed: "

// What a byte means between tags, and in a name.
const (
	plainByte uint8 = iota
	// checkedByte can be the beginning of something that is not text.
	checkedByte
)

// inText tells which bytes end the quick way through a text: what begins markup
// or an entity, what may not be there (control characters, ]]>, U+FFFE), and the
// carriage return, which is a line feed in XML.
var inText = func() (t [256]uint8) {
	for c := range 0x20 {
		t[c] = checkedByte
	}
	t['\t'], t['\n'] = plainByte, plainByte
	for _, c := range []byte("<&]\xef") {
		t[c] = checkedByte
	}
	return t
}()

// inName tells which bytes a name may have; its first may not be a digit, a
// hyphen or a dot. Letters outside ASCII are all accepted: no name of the
// Metadata API has one.
var inName = func() (t [256]bool) {
	for c := range t {
		t[c] = 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_' || c == ':' || c == '.' || c == '-' || c >= 0x80
	}
	return t
}()

// next goes to the next token.
func (s *scanner) next() token {
	if s.ended {
		s.ended = false
		return s.pop()
	}
	for s.fault == "" && s.pos < len(s.data) {
		if s.data[s.pos] != '<' {
			return s.chars()
		}
		switch s.peek(1) {
		case '/':
			return s.end()
		case '?':
			s.instruction()
		case '!':
			if s.follows("<![CDATA[") {
				return s.section()
			}
			s.declaration()
		default:
			return s.start()
		}
	}
	if s.fault == "" && len(s.open) > 0 {
		s.cut()
	}
	return atEnd
}

// skip passes over the rest of the innermost element, which is most of what
// there is. It says false at a fault.
func (s *scanner) skip() bool {
	depth := len(s.open)
	for s.quickly(depth); len(s.open) >= depth; s.quickly(depth) {
		if s.next() == atEnd {
			return false
		}
	}
	return true
}

// chars goes to the next tag and checks what stands before it.
func (s *scanner) chars() token {
	begin := s.pos
	s.escaped = false
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		if inText[c] == plainByte {
			s.pos++
			continue
		}
		if c == '<' {
			break
		}
		if c == ']' && s.follows("]]>") {
			return s.stop("unescaped ]]> not in CDATA section")
		}
		if !s.checked(c) {
			return atEnd
		}
	}
	s.text = s.data[begin:s.pos]
	if text := bytes.TrimLeft(s.text, " \t\r\n"); bytes.HasPrefix(text, []byte(markMiddle)) || bytes.HasPrefix(text, []byte(markTheirs)) {
		s.marked = true
	}
	return charData
}

// checked passes over one character that needs a second look, in a text or an
// attribute.
func (s *scanner) checked(c byte) bool {
	switch {
	case c == '&':
		s.escaped = true
		_, size := entity(s.data[s.pos:])
		if size == 0 && s.bare == 0 {
			s.bare = s.pos + 1
		}
		s.pos += max(size, 1)
		return true
	case c == '\r':
		s.escaped = true
	case c < 0x20 && c != '\t' && c != '\n', c == 0xef && (s.follows("\uffff") || s.follows("\ufffe")):
		r, _ := utf8.DecodeRune(s.data[s.pos:])
		s.stop(fmt.Sprintf("illegal character code U+%04X", r))
		return false
	}
	s.pos++
	return true
}

// start reads a tag that begins an element.
func (s *scanner) start() token {
	if name := plainTag(s.data, s.pos); name != nil && len(s.open) < maxDepth {
		s.pos += len("<>") + len(name)
		s.push(name)
		return startTag
	}
	s.pos++
	name := s.tagName()
	if name == nil {
		return s.stop("expected element name after <")
	}
	if len(s.open) == maxDepth {
		s.fault = fmt.Sprintf("elements are nested more than %d levels deep", maxDepth)
		return atEnd
	}
	for {
		s.space()
		switch c := s.peek(0); {
		case c == '>':
			s.pos++
		case c == '/' && s.peek(1) == '>':
			s.pos += 2
			s.ended = true
		case s.attribute():
			continue
		default:
			return atEnd
		}
		s.push(name)
		return startTag
	}
}

func (s *scanner) attribute() bool {
	if s.pos >= len(s.data) {
		s.cut()
		return false
	}
	if s.tagName() == nil {
		s.stop("expected attribute name in element")
		return false
	}
	s.space()
	if s.peek(0) != '=' {
		s.stop("attribute name without = in element")
		return false
	}
	s.pos++
	s.space()
	quote := s.peek(0)
	if quote != '"' && quote != '\'' {
		s.stop("unquoted or missing attribute value in element")
		return false
	}
	s.pos++
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case c == quote:
			s.pos++
			return true
		case c == '<':
			s.stop("unescaped < inside quoted string")
			return false
		case inText[c] == plainByte:
			s.pos++
		case !s.checked(c):
			return false
		}
	}
	s.cut()
	return false
}

// end reads a tag that ends an element.
func (s *scanner) end() token {
	at := s.pos
	s.pos += 2
	if len(s.open) > 0 {
		// Nearly always it is the right one.
		want := s.open[len(s.open)-1]
		if after := s.pos + len(want); after < len(s.data) && s.data[after] == '>' && string(s.data[s.pos:after]) == string(want) {
			s.pos = after + 1
			return s.pop()
		}
	}
	name := s.tagName()
	if name == nil {
		return s.stop("expected element name after </")
	}
	s.space()
	if s.pos >= len(s.data) {
		return s.cut()
	}
	if s.data[s.pos] != '>' {
		return s.stop("invalid characters between </" + shorten(string(name)) + " and >")
	}
	s.pos++
	switch {
	case len(s.open) == 0:
		s.pos = at
		return s.stop("unexpected end element </" + shorten(string(name)) + ">")
	case !bytes.Equal(name, s.open[len(s.open)-1]):
		s.pos = at
		return s.stop("element <" + shorten(string(s.open[len(s.open)-1])) + "> closed by </" + shorten(string(name)) + ">")
	}
	return s.pop()
}

func (s *scanner) push(name []byte) {
	s.open = append(s.open, name)
	s.name = name
	if len(s.open) <= 2 {
		s.after = s.pos
	}
}

func (s *scanner) pop() token {
	s.open = s.open[:len(s.open)-1]
	if len(s.open) == 1 {
		s.after = s.pos
	}
	return endTag
}

// tagName passes over the name of an element or attribute, which has one prefix
// at most, and returns it, nil where there is none.
func (s *scanner) tagName() []byte {
	name := s.readName()
	if bytes.Count(name, []byte(":")) > 1 {
		return nil
	}
	return name
}

// readName passes over a name and returns it, nil where there is none.
func (s *scanner) readName() []byte {
	begin := s.pos
	for s.pos < len(s.data) && inName[s.data[s.pos]] {
		s.pos++
	}
	if !beginsName(s.data[begin:s.pos]) {
		return nil
	}
	return s.data[begin:s.pos]
}

// beginsName reports whether bytes that a name may have make one.
func beginsName(name []byte) bool {
	return len(name) > 0 && !('0' <= name[0] && name[0] <= '9' || name[0] == '-' || name[0] == '.')
}

func (s *scanner) space() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// peek returns the byte that many bytes ahead, 0 behind the end.
func (s *scanner) peek(ahead int) byte {
	if s.pos+ahead < len(s.data) {
		return s.data[s.pos+ahead]
	}
	return 0
}

func (s *scanner) follows(word string) bool {
	return len(s.data)-s.pos >= len(word) && string(s.data[s.pos:s.pos+len(word)]) == word
}

func (s *scanner) stop(why string) token {
	if s.pos >= len(s.data) {
		return s.cut()
	}
	s.fault = malformed + why
	return atEnd
}

// cut stops because the document ends too soon.
func (s *scanner) cut() token {
	s.pos = len(s.data)
	s.fault = malformed + "unexpected EOF"
	return atEnd
}

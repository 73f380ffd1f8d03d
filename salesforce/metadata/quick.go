package metadata

import "encoding/binary"

// Nearly all of a document is margins, tags without attributes, and short texts
// without anything special in them. What is here passes over those, and leaves
// whatever else comes where it is, for the strict way, which alone finds faults.

// eightSpaces are as many, read as one number: margins are a fifth of a document.
const eightSpaces = 0x2020202020202020

// margin is the offset behind a line's end and spaces on the next line.
func margin(data []byte, at int) int {
	if at < len(data) && data[at] == '\r' {
		at++
	}
	if at >= len(data) || data[at] != '\n' {
		return at
	}
	at++
	for at+8 <= len(data) && binary.LittleEndian.Uint64(data[at:]) == eightSpaces {
		at += 8
	}
	for at < len(data) && data[at] == ' ' {
		at++
	}
	return at
}

// step goes to the next tag where nothing but a margin stands before it: to a plain
// one, or to the end of the innermost element. For all else it stays where it is, and
// says atEnd.
func (s *scanner) step() token {
	data, at := s.data, margin(s.data, s.pos)
	if s.ended || len(s.open) == 0 || at+1 >= len(data) || data[at] != '<' {
		return atEnd
	}
	if data[at+1] == '/' {
		name := s.open[len(s.open)-1]
		if !ends(data, at, name) {
			return atEnd
		}
		s.pos = at + len("</>") + len(name)
		return s.pop()
	}
	name := plainTag(data, at)
	if name == nil || len(s.open) == maxDepth {
		return atEnd
	}
	s.pos = at + len("<>") + len(name)
	s.push(name)
	return startTag
}

// letter tells which bytes nearly all names consist of.
var letter = func() (t [256]bool) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = true, true
	}
	return t
}()

// plainTag returns the name in a tag that begins an element, has no attributes, and
// has a name of letters; nil for all other tags.
func plainTag(data []byte, at int) []byte {
	end := at + 1
	for end < len(data) && letter[data[end]] {
		end++
	}
	if end == at+1 || end == len(data) || data[end] != '>' {
		return nil
	}
	return data[at+1 : end]
}

// ends reports whether the tag at at is the end of the element with that name.
func ends(data []byte, at int, name []byte) bool {
	close := at + len("</") + len(name)
	return close < len(data) && data[at] == '<' && data[at+1] == '/' && data[close] == '>' && string(data[at+len("</"):close]) == string(name)
}

// textEnd is the offset behind ordinary text.
func textEnd(data []byte, at int) int {
	for at < len(data) && inText[data[at]] == plainByte {
		at++
	}
	return at
}

// leaf returns the text of the element whose tag was just read and passes over its
// end, if nothing but ordinary text is in it. A text that begins on a line of its own
// is not: what git leaves of a conflict may stand there.
func (s *scanner) leaf() (text []byte, ok bool) {
	if s.ended || s.peek(0) <= ' ' {
		return nil, false
	}
	at, name := textEnd(s.data, s.pos), s.open[len(s.open)-1]
	if at-s.pos > maxText || !ends(s.data, at, name) {
		return nil, false
	}
	text = s.data[s.pos:at]
	s.pos = at + len("</>") + len(name)
	s.pop()
	return text, true
}

// quickly passes over what it can of the elements around pos, to the end of the one
// at depth.
func (s *scanner) quickly(depth int) {
	if s.ended {
		return
	}
	for data := s.data; len(s.open) >= depth; {
		at := margin(data, s.pos)
		if at+1 >= len(data) || data[at] != '<' {
			return
		}
		if data[at+1] == '/' {
			name := s.open[len(s.open)-1]
			if !ends(data, at, name) {
				return
			}
			s.pos = at + len("</>") + len(name)
			s.pop()
			continue
		}
		name := plainTag(data, at)
		if name == nil || len(s.open) == maxDepth {
			return
		}
		at += len("<>") + len(name)
		if at < len(data) && data[at] <= ' ' {
			s.pos = at
			s.push(name)
			continue
		}
		end := textEnd(data, at)
		for end < len(data) && data[end] == '&' {
			_, size := entity(data[end:])
			if size == 0 {
				return
			}
			end = textEnd(data, end+size)
		}
		if ends(data, end, name) && len(s.open) > 1 {
			s.pos = end + len("</>") + len(name)
			continue // most elements are such leaves: they need not be kept as open
		}
		s.pos = at
		s.push(name)
	}
}

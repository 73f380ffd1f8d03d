package metadata

// Nearly all of a document is margins, tags without attributes, and short texts
// without anything special in them. What is here reads those, and leaves whatever else
// comes where it is, for the strict way, which alone finds faults.

// step goes to the next tag where nothing but a margin stands before it, as next does;
// or to the end of an element that holds nothing but an ordinary text, and says leaf.
// For all else it stays where it is, and says atEnd.
func (s *scanner) step() token {
	data, at, last := s.data, s.pos, len(s.data)-room
	if s.ended || len(s.open) == 0 || at > last {
		return atEnd
	}
	if data[at] == '\r' {
		at++
	}
	if data[at] == '\n' {
		at = spacesEnd(data, at+1, last)
	}
	if at > last || data[at] != '<' {
		return atEnd
	}
	if at++; data[at] == '/' {
		return s.close(at - 1)
	}
	head, tail := eight(data, at), eight(data, at+8)
	size := letters(head)
	if size == 8 {
		size += letters(tail)
	}
	end := at + size
	if size == 16 {
		end = lettersEnd(data, end)
	}
	if size == 0 || end > last || data[end] != '>' || len(s.open) == maxDepth {
		return atEnd
	}
	name := data[at:end]
	at = end + 1
	s.escaped = false
	// A text that begins with white space is a margin, or one of several lines.
	for end = at; data[at] > ' ' && end <= last; {
		others := notPlain(eight(data, end))
		if others == 0 {
			end += 8
			continue
		}
		if end += first(others); data[end] != '<' {
			n := s.inside(end)
			if n == 0 {
				break
			}
			end += n
			continue
		}
		if size < 16 && !closes(data, end, head, tail, size) || size == 16 && !ends(data, end, name) {
			break
		}
		s.name, s.text, s.pos = name, data[at:end], end+len("</>")+len(name)
		if len(s.open) == 1 {
			s.after = s.pos
		}
		return leaf
	}
	s.pos = at
	s.push(name)
	return startTag
}

// close passes over the end of the innermost element.
func (s *scanner) close(at int) token {
	name := s.open[len(s.open)-1]
	if !ends(s.data, at, name) {
		return atEnd
	}
	s.pos = at + len("</>") + len(name)
	return s.pop()
}

// inside is how many bytes of an ordinary text have to be looked at for themselves, 0
// where it does not go on.
func (s *scanner) inside(at int) int {
	switch s.data[at] {
	case '\n', '\t':
		return 1
	case '&':
		_, size := entity(s.data[at:])
		s.escaped = s.escaped || size > 0
		return size
	}
	return 0
}

// ends reports whether the tag at at is the end of the element with that name.
func ends(data []byte, at int, name []byte) bool {
	close := at + len("</") + len(name)
	return close < len(data) && data[at] == '<' && data[at+1] == '/' && data[close] == '>' && string(data[at+len("</"):close]) == string(name)
}

// quickly passes over what it can of the elements around pos, to the end of the one
// at depth.
func (s *scanner) quickly(depth int) {
	for len(s.open) >= depth && s.step() != atEnd {
	}
}

// plainTag returns the name in a tag that begins an element, has no attributes, and
// has a name of letters; nil for all other tags.
func plainTag(data []byte, at int) []byte {
	end := lettersEnd(data, at+1)
	if end == at+1 || end == len(data) || data[end] != '>' {
		return nil
	}
	return data[at+1 : end]
}

package metadata

// Nearly all of a document is elements in their usual form: white space, a tag without
// attributes, a text without anything special in it, the end. Each of them is passed
// over in one step here; whatever looks otherwise is left to next.

// skip passes over the rest of the innermost element, which is most of what
// there is. It says false at a fault.
func (s *scanner) skip() bool {
	for depth := len(s.open); len(s.open) >= depth; {
		if s.child() {
			continue
		}
		if _, ok := s.value(); !ok && s.next() == atEnd {
			return false
		}
	}
	return true
}

// plainTag passes over a tag at pos that begins an element and has neither prefix nor
// attributes. It says false, and moves nothing, where something else stands.
func (s *scanner) plainTag(pos int) bool {
	data, begin := s.data, pos+1
	end := begin
	for end < len(data) && inName[data[end]] && data[end] != ':' {
		end++
	}
	if end >= len(data) || data[end] != '>' || !beginsName(data[begin:end]) || len(s.open) == maxDepth {
		return false
	}
	s.pos = end + 1
	s.push(data[begin:end])
	return true
}

// child passes over white space and a plain tag behind it, as they nearly always stand
// between the children of an element. It says false, and moves nothing, where something
// else comes.
func (s *scanner) child() bool {
	if s.ended || len(s.open) == 0 {
		return false
	}
	pos := s.pos
	for pos < len(s.data) && (s.data[pos] == ' ' || s.data[pos] == '\n' || s.data[pos] == '\t') {
		pos++
	}
	return pos < len(s.data) && s.data[pos] == '<' && s.plainTag(pos)
}

// value passes over a plain text that is not too long and the end of the element that it stands in, and
// returns it. It says false, and moves nothing, where something else comes.
func (s *scanner) value() (text []byte, ok bool) {
	if s.ended || len(s.open) == 0 {
		return nil, false
	}
	data, pos := s.data, s.pos
	for pos < len(data) && inText[data[pos]] == plainByte {
		pos++
	}
	want := s.open[len(s.open)-1]
	end := pos + 2 + len(want)
	if end >= len(data) || pos-s.pos > maxText || data[pos] != '<' || data[pos+1] != '/' || data[end] != '>' || string(data[pos+2:end]) != string(want) {
		return nil, false
	}
	text = data[s.pos:pos]
	// What git leaves of a conflict may stand before the end of an element, too.
	if len(text) > len(markMiddle) && text[0] == '\n' && (text[1] == '=' || text[1] == '>') {
		s.marked = true
	}
	s.pos = end + 1
	s.pop()
	return text, true
}

package metadata

import (
	"bytes"
)

// section reads a CDATA section.
func (s *scanner) section() token {
	size := bytes.Index(s.data[s.pos+len("<![CDATA["):], []byte("]]>"))
	if size < 0 {
		return s.stop("a CDATA section begins here and does not end")
	}
	s.pos += len("<![CDATA[")
	s.text = s.data[s.pos : s.pos+size]
	if !s.allowed(size) {
		return atEnd
	}
	s.escaped = false
	s.pos += len("]]>")
	// A section has no entities, but its line ends are those of the document.
	if bytes.IndexByte(s.text, '\r') >= 0 {
		s.text = lineFeeds(s.text)
	}
	return charData
}

// allowed passes over that many bytes, in which nothing is markup.
func (s *scanner) allowed(size int) bool {
	for end := s.pos + size; s.pos < end; {
		if c := s.data[s.pos]; inText[c] == plainByte || c == '<' || c == '&' || c == ']' {
			s.pos++
		} else if !s.checked(c) {
			return false
		}
	}
	return true
}

// declaration passes over a comment. Of what else begins with <! entities are
// made: Salesforce writes none, attackers do.
func (s *scanner) declaration() {
	if !s.follows("<!--") {
		s.fault = "a document type definition is not accepted"
		return
	}
	begin := s.pos + len("<!--")
	size := bytes.Index(s.data[begin:], []byte("--"))
	switch {
	case size < 0:
		s.stop("a comment begins here and does not end")
	case !bytes.HasPrefix(s.data[begin+size:], []byte("-->")):
		s.pos = begin + size
		if s.pos+2 >= len(s.data) {
			s.cut()
			return
		}
		s.stop(`invalid sequence "--" not allowed in comments`)
		s.after = commentEnd(s.data, begin)
	default:
		s.pos = begin + size + len("-->")
	}
}

// byTheRules reports whether that is how an XML declaration goes on behind its
// name (XML 1.0, 2.8).
func byTheRules(rest []byte) bool {
	for i, name := range []string{"version", "encoding", "standalone"} {
		trimmed := bytes.TrimLeft(rest, " \t\r\n")
		after, there := bytes.CutPrefix(trimmed, []byte(name))
		if !there && i > 0 {
			continue
		}
		after, equals := bytes.CutPrefix(bytes.TrimLeft(after, " \t\r\n"), []byte("="))
		after = bytes.TrimLeft(after, " \t\r\n")
		if len(trimmed) == len(rest) || !there || !equals || len(after) < 2 || after[0] != '"' && after[0] != '\'' {
			return false
		}
		end := bytes.IndexByte(after[1:], after[0])
		if end < 1 || bytes.ContainsFunc(after[1:1+end], func(r rune) bool { return r >= 0x80 || !inName[r] }) {
			return false
		}
		rest = after[1+end+1:]
	}
	return len(bytes.TrimSpace(rest)) == 0
}

// instruction passes over a processing instruction. The XML declaration is one.
func (s *scanner) instruction() {
	begin := s.pos + len("<?")
	size := bytes.Index(s.data[begin:], []byte("?>"))
	s.pos = begin
	target := s.readName()
	if target == nil {
		s.stop("expected target name after <?")
		return
	}
	if size < 0 {
		s.cut()
		return
	}
	if s.stray == 0 && bytes.EqualFold(target, []byte("xml")) {
		s.stray = begin - len("<?")
	}
	content := s.data[min(s.pos, begin+size) : begin+size]
	if begin == len("<?") && (string(target) == "xml" || string(target) == "xmlversion") && !byTheRules(content) {
		s.odd = true
	}
	// XML 1.1 differs in characters that no metadata has.
	if version, found := pseudoAttribute(content, "version"); string(target) == "xml" && found && version != "1.0" {
		s.odd = true
	}
	s.pos = begin + size + len("?>")
}

package code

import "slices"

// isBlock tells a body from an object or a map.
func (s *structure) isBlock(h *head, start int) bool {
	i := h.at
	if s.lang == dataweave {
		return false
	}
	if i == start || i == 0 {
		return s.lang != json && s.lang != yaml
	}
	before := s.tokens[i-1]
	if before.kind == sign {
		switch before.text {
		case ")":
			at := s.partner[i-1]
			return at < 0 || s.around[i-1] == nil || !s.madeAt(at) || s.lang == java
		case "->":
			return s.lang != perl && s.lang != php
		case "=>", ";", "}", "{", ">", "?", "]":
			return before.text != "]" || s.lang != golang
		case "|":
			return true
		}
		return false
	}
	if before.kind == word_ {
		switch before.text {
		case "return", "in", "new", "of", "const", "let":
			return false
		}
		if s.lang == golang && !s.has(start, i, "func", "struct", "interface", "if", "for", "switch", "select", "type", "else", "fn", "impl", "class", "match", "enum") {
			return false
		}
		return !s.made(i-1, start)
	}
	return s.lang != perl && !s.lang.markup || before.kind == string_ && s.lang == ruby
}

// subscript reports whether a brace is Perl's $h{key}.
func (s *structure) subscript(i int) bool {
	return s.lang == perl && s.tokens[i].text == "{" && i+2 < len(s.tokens) && s.tokens[i+2].text == "}"
}

// closesOnLine reports whether a brace closes in the line in which it opens.
func (s *structure) closesOnLine(i int) bool {
	depth := 0
	for j := i; j < len(s.tokens) && s.tokens[j].line == s.tokens[i].line; j++ {
		switch s.tokens[j].text {
		case "{":
			depth++
		case "}":
			if depth--; depth == 0 {
				return true
			}
		}
	}
	return false
}

// madeAt reports whether the call with its bracket at i makes something new.
func (s *structure) madeAt(i int) bool {
	_, from := s.chain(i)
	return from > 0 && s.tokens[from-1].text == "new"
}

// made reports whether the name that ends at i follows "new".
func (s *structure) made(i, start int) bool {
	for ; i >= start; i-- {
		t := s.tokens[i]
		if t.text == "new" || t.text == "New" {
			return true
		}
		if t.kind != word_ && !s.link(t.text) && t.text != "<" && t.text != ">" {
			return false
		}
	}
	return false
}

func (s *structure) has(from, to int, words ...string) bool {
	for _, t := range s.tokens[from:to] {
		if t.kind == word_ && slices.Contains(words, t.text) {
			return true
		}
	}
	return false
}

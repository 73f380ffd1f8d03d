package code

import "slices"

// indented finds functions that end where a line is indented no further than their
// first.
func (s *structure) indented() {
	lines := s.firstOfLines()
	for k, i := range lines {
		t := s.tokens[i]
		end := s.tokens[len(s.tokens)-1].line
		for _, j := range lines[k+1:] {
			if s.tokens[j].column <= t.column && s.partnerless(j) && s.tokens[j].kind != string_ {
				end = s.tokens[j].line
				if s.lang.indented {
					end--
				}
				break
			}
		}
		stop := len(s.tokens)
		if k+1 < len(lines) {
			stop = lines[k+1]
		}
		def := s.defines(i, stop)
		switch {
		case def == "class":
			if name := s.wordAfter(i, stop, "class", "module", "Class", "Module"); name != "" {
				s.classes = append(s.classes, span{name, t.line, end})
			}
		case def == "function":
			f := s.signature(i, s.signatureEnd(i))
			if f == nil {
				f = &function{name: s.wordAfter(i, stop, "def", "Sub", "Function")}
			}
			f.from, f.to = t.line, end
			s.functions = append(s.functions, f)
		case def == "block":
			s.functions = append(s.functions, &function{from: t.line, to: end})
		}
	}
}

// partnerless reports whether a line begins a statement: what is within brackets
// may be indented as it likes.
func (s *structure) partnerless(i int) bool {
	for h := s.around[i]; h != nil; h = h.up {
		if !h.block {
			return false
		}
	}
	t := s.tokens[i].text
	return t != ")" && t != "]" && t != "}"
}

func (s *structure) firstOfLines() (out []int) {
	for i, t := range s.tokens {
		if t.first {
			out = append(out, i)
		}
	}
	return out
}

func (s *structure) signatureEnd(i int) int {
	for j := i; j < len(s.tokens) && j < i+8; j++ {
		if j > i && s.tokens[j].first {
			return j
		}
		if s.tokens[j].text == "(" && s.partner[j] > 0 {
			return s.partner[j] + 1
		}
	}
	return min(i+3, len(s.tokens))
}

func (s *structure) wordAfter(i, stop int, words ...string) string {
	for j := i; j < stop-1; j++ {
		if slices.Contains(words, s.tokens[j].text) {
			return s.tokens[j+1].text
		}
	}
	return ""
}

// defines tells what a line of an indented or wordy language begins.
func (s *structure) defines(i, stop int) string {
	for j := i; j < stop && j < i+6; j++ {
		switch s.tokens[j].text {
		case "def":
			return "function"
		case "Sub", "Function":
			if j == i || s.tokens[j-1].text != "End" && s.tokens[j-1].text != "Exit" {
				return "function"
			}
			return ""
		case "function":
			if s.lang == lua {
				return "function"
			}
		case "class", "module", "Class", "Module":
			if j == i || s.tokens[j-1].text == "Public" || s.tokens[j-1].text == "Friend" {
				return "class"
			}
		case "=", ".", "(":
			if s.lang != ruby {
				return ""
			}
		}
	}
	if s.lang == ruby && stop > i && stop-i < 20 {
		for j := max(i, stop-6); j < stop; j++ {
			if s.tokens[j].text == "do" && i < j {
				if t := s.tokens[i].text; t == "post" || t == "get" || t == "put" || t == "match" || t == "any" {
					return "block"
				}
			}
		}
	}
	return ""
}

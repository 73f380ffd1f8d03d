package code

// begin makes a function or a class of the statement before a body.
func (s *structure) begin(i, start int) *function {
	if start >= i {
		return nil
	}
	for j := start; j < i-1; j++ {
		switch s.tokens[j].text {
		case "class", "interface", "struct", "trait", "object", "module", "package":
			if s.tokens[j+1].kind == word_ && (j == start || s.tokens[j-1].text != ".") {
				s.classes = append(s.classes, span{name: s.tokens[j+1].text, from: s.tokens[j].line})
				return nil
			}
		}
	}
	f := s.signature(start, i)
	if f == nil {
		return nil
	}
	f.from = s.tokens[start].line
	s.functions = append(s.functions, f)
	return f
}

// signature reads a function's name and parameters from the tokens in front of its
// body; nil if they are none of a function.
func (s *structure) signature(from, to int) *function {
	if conditions[s.tokens[from].text] || controls[s.tokens[from].text] {
		return nil
	}
	word := -1
	for j := from; j < to; j++ {
		if defining[s.tokens[j].text] && s.tokens[j].kind == word_ {
			word = j
		}
	}
	open := s.parameterList(max(from, word), to, word >= 0)
	if open < 0 {
		switch last := s.tokens[to-1].text; {
		case word >= 0 && word+1 < to && s.tokens[word+1].kind == word_:
			return &function{name: s.tokens[word+1].text}
		case word >= 0 || last == "=>" || last == "|":
			return &function{}
		}
		return nil
	}
	f := &function{}
	if open > from && s.tokens[open-1].kind == word_ && !keywords[s.tokens[open-1].text] {
		f.name = s.tokens[open-1].text
	} else {
		f.name = s.keyOfFunction(from, open)
	}
	if end := s.partner[open]; end > open {
		f.params = s.parameters(open+1, end)
	}
	return f
}

// controls begin statements with bodies that are no functions'.
var controls = set("else try catch finally do switch select case return synchronized lock using with begin rescue ensure namespace")

// defining are words that introduce a function.
var defining = set("function func fun def sub fn Sub Function constructor")

// parameterList finds the bracket that opens the parameters of a signature; -1 if
// there is none.
func (s *structure) parameterList(from, to int, word bool) int {
	for j := from; j < to; j++ {
		if s.tokens[j].text != "(" || s.tokens[j].kind != sign {
			continue
		}
		end := s.partner[j]
		if end > 0 && j-2 >= from && s.tokens[j-2].text == "@" {
			j = end // an annotation
			continue
		}
		if word {
			if s.tokens[j-1].text == "func" && end > 0 && end+1 < to && s.tokens[end+1].kind == word_ {
				j = end // a method's receiver, in Go
				continue
			}
			return j
		}
		if s.around[j] != s.around[from] {
			if end > 0 {
				j = end
			}
			continue
		}
		arrow := end > 0 && end < to && s.tokens[to-1].text == "=>"
		if arrow || j > from && s.tokens[j-1].kind == word_ && !keywords[s.tokens[j-1].text] {
			return s.arrowList(j, to, arrow)
		}
		if j > from && keywords[s.tokens[j-1].text] {
			return -1
		}
	}
	return -1
}

// arrowList is the last list in front of an arrow: of app.post('/x', (req, res) => it
// is that of the arrow.
func (s *structure) arrowList(j, to int, arrow bool) int {
	if arrow && to-2 > 0 && s.tokens[to-2].text == ")" && s.partner[to-2] > 0 {
		return s.partner[to-2]
	}
	return j
}

// keyOfFunction is the name that a nameless function is given.
func (s *structure) keyOfFunction(from, open int) string {
	for j := open - 1; j > from; j-- {
		if t := s.tokens[j].text; (t == "=" || t == ":") && s.tokens[j-1].kind == word_ {
			return s.tokens[j-1].text
		}
	}
	return ""
}

// parameters reads the names between the brackets of a signature.
func (s *structure) parameters(from, to int) (out []string) {
	depth, begin := 0, from
	take := func(end int) {
		if name := s.parameter(begin, end); name != "" {
			out = append(out, name)
		}
		begin = end + 1
	}
	for j := from; j < to; j++ {
		switch s.tokens[j].text {
		case "(", "[", "{", "<":
			depth++
		case ")", "]", "}", ">":
			depth--
		case ",":
			if depth == 0 {
				take(j)
			}
		}
	}
	take(to)
	return out
}

// parameter tells the name of a parameter from its type, which stands before it
// or after it.
func (s *structure) parameter(from, to int) string {
	name, depth := "", 0
	for j := from; j < to; j++ {
		t := s.tokens[j]
		switch {
		case t.text == "(" || t.text == "<" || t.text == "[":
			depth++
		case t.text == ")" || t.text == ">" || t.text == "]":
			depth--
		case depth > 0:
		case t.text == "=" || t.text == ":" || t.kind == word_ && t.text == "As":
			return name
		case t.kind == word_:
			name = t.text
			if s.lang == golang {
				return name
			}
		}
	}
	return name
}

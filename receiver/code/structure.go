package code

import (
	"slices"
	"strings"
)

// head is a bracket that is open around a token, and what stands before it.
type head struct {
	up *head
	// call is the chain of names before the bracket, in small letters: of
	// new jsforce.Connection( it is "jsforce.connection".
	call string
	// key is the name before a colon, an equals sign or an arrow in front of the
	// bracket, in small letters.
	key   string
	open  string
	at    int
	block bool // statements, not values
	made  bool // behind "new"
}

// statement is a run of tokens, from up to but not with to.
type statement struct{ from, to int }

// function is a part of a file with names of its own.
type function struct {
	name   string
	class  string
	params []string
	from   int // the first line
	to     int // the last
	outer  *function
}

// structure is what the tokens of a file make up.
type structure struct {
	lang       *language
	tokens     []token
	around     []*head
	partner    []int // of a bracket; -1 of anything else
	statements []statement
	functions  []*function
	classes    []span
}

// span is a class and its lines.
type span struct {
	name     string
	from, to int
}

func parse(l *language, tokens []token) *structure {
	s := &structure{lang: l, tokens: tokens, around: make([]*head, len(tokens)), partner: make([]int, len(tokens))}
	var top *head
	start := 0
	cut := func(end int) {
		if end > start {
			s.statements = append(s.statements, statement{start, end})
		}
		start = end
	}
	var open []*function
	for i, t := range tokens {
		s.partner[i] = -1
		if t.first && i > start && (top == nil || top.block) && !s.goesOn(i) {
			cut(i)
		}
		s.around[i] = top
		if t.kind != sign {
			continue
		}
		switch t.text {
		case ";":
			if top == nil || top.open != "(" {
				cut(i)
				start = i + 1
			}
		case "(", "[", "{":
			h := &head{up: top, open: t.text, at: i}
			s.call(h, start)
			if s.subscript(i) {
				h.open = "["
			} else if t.text == "{" && i > 1 && s.tokens[i-1].kind == word_ && s.link(s.tokens[i-2].text) && s.closesOnLine(i) {
				h.open = "(" // find { … }.text()
			} else if t.text == "{" && s.isBlock(h, start) {
				h.block = true
				open = append(open, s.begin(i, start))
				cut(i)
				start = i + 1
			}
			top = h
		case ")", "]", "}":
			if top == nil {
				continue
			}
			if top.block && t.text == "}" {
				cut(i)
				start = i + 1
				if n := len(open); n > 0 {
					if f := open[n-1]; f != nil {
						f.to = t.line
					}
					open = open[:n-1]
				}
			}
			s.partner[i], s.partner[top.at] = top.at, i
			top = top.up
			s.around[i] = top
		}
	}
	cut(len(tokens))
	s.finish()
	return s
}

// goesOn reports whether a line goes on with the statement of the line before.
func (s *structure) goesOn(i int) bool {
	before, t := s.tokens[i-1], s.tokens[i]
	if t.kind == sign {
		switch t.text {
		case "{":
			return before.text == ")" || before.kind == word_ || before.text == ">"
		case ".", "->", "?.", "?->", "+", "&&", "||", "?", ":", "::", "=>", "=", "??":
			return s.lang != ruby || t.text == "." || t.text == "&&" || t.text == "||"
		}
	}
	if before.kind != sign {
		return before.kind == word_ && before.text == "_" && s.lang == basic
	}
	switch before.text {
	case ",", "+", ".", "->", "=", "(", "&&", "||", "?", "??", "&", "|", "\\", ".=", "+=", "=>", ":=":
		return true
	case ":":
		return !s.lang.indented && !s.lang.markup
	}
	return false
}

// links join the names of a chain.
var links = set(". -> ?. ?-> ::")

// link reports whether a sign leads from an object to what is in it.
func (s *structure) link(sign string) bool {
	return links[sign] && (sign != "." || s.lang != php && s.lang != perl)
}

// chain walks back from the token before i over a.b(c)[d].e and returns the names
// in it, in small letters, and where it begins.
func (s *structure) chain(i int) (names string, from int) {
	var parts []string
	i--
	for ; i >= 0; i-- {
		t := s.tokens[i]
		switch {
		case t.kind == sign && (t.text == ")" || t.text == "]") && s.partner[i] >= 0:
			i = s.partner[i]
			continue
		case t.kind == word_ && (!keywords[t.text] || i > 0 && s.link(s.tokens[i-1].text)):
			parts = append(parts, strings.ToLower(t.text))
			if i > 0 && s.tokens[i-1].kind == sign && (s.link(s.tokens[i-1].text) || s.lang == lua && s.tokens[i-1].text == ":") {
				i--
				continue
			}
			if i > 0 && s.tokens[i-1].kind == sign && (s.tokens[i-1].text == "@" || s.tokens[i-1].text == "&") {
				i--
			}
		default:
			i++
		}
		break
	}
	slices.Reverse(parts)
	return strings.Join(parts, "."), max(i, 0)
}

// keywords are words before a bracket that call nothing.
var keywords = set("if elsif elseif else for foreach while until switch match catch except using with lock synchronized return new unless when and or not in is throw raise await yield typeof case do try finally elif print echo puts assert del from import then let var val const my local our function func fun def sub async static public private protected final void override")

// call finds what stands before a bracket.
func (s *structure) call(h *head, start int) {
	i := h.at
	if i > 0 && s.tokens[i-1].text == ">" { // Foo<Bar>(
		for j := i - 2; j >= max(start, i-8); j-- {
			if s.tokens[j].text == "<" {
				i = j
				break
			}
		}
	}
	var from int
	h.call, from = s.chain(i)
	if h.call == "" && i > 0 && s.tokens[i-1].kind == word_ {
		h.call = strings.ToLower(s.tokens[i-1].text)
		from = i - 1
	}
	h.made = from > 0 && s.tokens[from-1].text == "new"
	if from > 0 && s.tokens[from-1].text == "new" {
		from--
	}
	h.key = s.key(from)
}

// key is the name in front of i that a value is given to.
func (s *structure) key(i int) string {
	if i < 2 || s.tokens[i-1].kind != sign {
		return ""
	}
	switch s.tokens[i-1].text {
	case ":", "=", "=>", ":=":
		k := s.tokens[i-2]
		if k.kind == word_ || k.kind == string_ {
			return strings.ToLower(k.text)
		}
		if k.text == "]" && s.partner[i-2] > 0 && i-3 > 0 {
			return strings.ToLower(s.tokens[i-3].text)
		}
	}
	return ""
}

// isBlock tells a body from an object or a map.
func (s *structure) isBlock(h *head, start int) bool {
	i := h.at
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
		case "return", "in", "new", "of":
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
	if before := s.tokens[open-1]; open > from && before.kind == word_ && !keywords[before.text] {
		f.name = before.text
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

// finish adds the functions of languages without brackets, and puts functions into
// one another and into classes.
func (s *structure) finish() {
	if s.lang.indented || s.lang.wordy {
		s.indented()
	}
	slices.SortStableFunc(s.functions, func(a, b *function) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	last := 0
	if n := len(s.tokens); n > 0 {
		last = s.tokens[n-1].line
	}
	for i, f := range s.functions {
		if f.to == 0 {
			f.to = last
		}
		for _, g := range s.functions[:i] {
			if g.from <= f.from && f.to <= g.to {
				f.outer = g
			}
		}
	}
	for i := range s.classes {
		c := &s.classes[i]
		if c.to == 0 {
			c.to = last
			for _, d := range s.classes {
				if d.from > c.from && d.from <= c.to && !s.lang.indented {
					c.to = d.from - 1
				}
			}
		}
	}
	for _, f := range s.functions {
		for _, c := range s.classes {
			if c.from <= f.from && f.from <= c.to {
				f.class = c.name
			}
		}
	}
}

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

// functionAt is the innermost function around a line.
func (s *structure) functionAt(line int) *function {
	var in *function
	for _, f := range s.functions {
		if f.from <= line && line <= f.to && (in == nil || f.from >= in.from) {
			in = f
		}
	}
	return in
}

// outermost is the function that f lies in at the end.
func (f *function) outermost() *function {
	for f != nil && f.outer != nil {
		f = f.outer
	}
	return f
}

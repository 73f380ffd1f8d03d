package code

import "slices"

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
	p := &parser{structure: s}
	for i := range tokens {
		p.token(i)
	}
	p.cut(len(tokens))
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

package code

import (
	"slices"
	"strings"
)

// assignment is where the equals sign of a statement stands that lies before a
// token and outside of any bracket; -1 if there is none.
func (f *file) assignment(s statement, before int) int {
	base := f.around[s.from]
	if conditions[f.tokens[s.from].text] {
		return -1
	}
	for i := s.from + 1; i < before; i++ {
		if t := f.tokens[i]; t.kind == sign && f.around[i] == base {
			switch t.text {
			case "=", ":=", "+=", ".=":
				return i
			}
		}
	}
	return -1
}

// assignedTo reports whether the name is what a statement gives a value to.
func (f *file) assignedTo(u use, s statement) bool {
	at := f.assignment(s, s.to)
	if at <= u.at {
		return false
	}
	h := f.around[u.at]
	return h == f.around[s.from] || h != nil && h.open == "[" && h.up == f.around[s.from]
}

// target tells what is assigned to: the last name, the whole chain with the keys in
// it in small letters, and whether others than this function see it.
func (f *file) target(s statement, at int) (name, chain string, field bool) {
	i := at - 1
	depth := 0
	var parts []string
	for ; i >= s.from; i-- {
		t := f.tokens[i]
		switch {
		case t.text == "]" || t.text == ")":
			depth++
		case t.text == "[" || t.text == "(":
			depth--
		}
		if t.kind == word_ || t.kind == string_ {
			parts = append(parts, strings.ToLower(t.text))
			if name == "" && (depth == 0 || t.kind == string_) {
				name = t.text
			}
		}
		if t.text == "]" || f.link(t.text) || t.text == "@" {
			field = true
		}
	}
	if f.lang == kotlin || f.lang == script || f.lang == python || f.lang == scala || f.lang == golang || f.lang == basic {
		// The type may stand behind the name: val sid: String =
		for j := s.from; j < at; j++ {
			if t := f.tokens[j]; (t.text == ":" || t.text == "As") && j > s.from && f.tokens[j-1].kind == word_ {
				name = f.tokens[j-1].text
				break
			}
		}
	}
	slices.Reverse(parts)
	if fn := f.functionAt(f.tokens[at].line); !field && f.inClass(f.tokens[at].line) && (fn == nil || at == s.from+1 && f.isField(name, fn)) {
		field = true
	}
	return name, strings.Join(parts, "."), field
}

// isField reports whether a name is introduced in a class, outside of its functions.
func (f *file) isField(name string, fn *function) bool {
	if f.lang == python || f.lang == ruby || slices.Contains(fn.params, name) {
		return false
	}
	for _, s := range f.statements {
		if f.functionAt(f.tokens[s.from].line) != nil {
			continue
		}
		for _, t := range f.tokens[s.from:s.to] {
			if t.kind == word_ && t.text == name {
				return true
			}
		}
	}
	return false
}

func (f *file) inClass(line int) bool {
	for _, c := range f.classes {
		if c.from <= line && line <= c.to {
			return true
		}
	}
	return false
}

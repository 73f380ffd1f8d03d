package code

import (
	"slices"
	"strings"
)

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

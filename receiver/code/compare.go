package code

import "strings"

// conditions begin a statement that decides something.
var conditions = set("if unless elif elsif elseif elseif assert when while If ElseIf")

var comparing = set("== != === !== <> eq ne =~ !~ is Is")

// methodOf tells what a method of the value itself does: sessionId.equals(x).
func (f *file) methodOf(u use) Does {
	if u.key || u.text {
		return ""
	}
	i := u.at
	for i+3 < len(f.tokens) && f.tokens[i+1].text == "(" && f.partner[i+1] == i+2 { // getSessionId()
		i += 2
	}
	if i+3 < len(f.tokens) && f.link(f.tokens[i+1].text) && f.tokens[i+2].kind == word_ {
		name := strings.ToLower(f.tokens[i+2].text)
		if emptyCall.MatchString(name) && (f.inCondition(i) || f.tokens[i+3].text != "(") || compareCall.MatchString(name) {
			return Compares
		}
	}
	return ""
}

func (f *file) inCondition(i int) bool {
	for h := f.around[i]; h != nil && !h.block; h = h.up {
		if conditions[h.call] {
			return true
		}
	}
	return false
}

// compared reports whether a use stands beside a comparison, or decides a condition.
func (f *file) compared(u use, s statement) bool {
	if conditions[f.tokens[s.from].text] {
		return true
	}
	_, from := f.chain(u.at + 1)
	if from > s.from && (comparing[f.tokens[from-1].text] || f.tokens[from-1].text == "!" || f.tokens[from-1].text == "not" || f.tokens[from-1].text == "&&" || f.tokens[from-1].text == "||") {
		return true
	}
	for i := u.at + 1; i < s.to; i++ {
		t := f.tokens[i]
		switch {
		case comparing[t.text], t.text == "?" && f.lang != php, t.text == "&&":
			return true
		case t.text == "(" || t.text == "[" || f.link(t.text) || t.kind == number && f.around[i] != f.around[u.at]:
			if f.partner[i] > i {
				i = f.partner[i]
			}
			continue
		case t.kind == word_ && f.link(f.tokens[i-1].text), t.text == ")" && !u.text:
			if t.text == ")" && i+1 < s.to && comparing[f.tokens[i+1].text] {
				return true
			}
			continue
		}
		break
	}
	for i := u.at; i < s.to; i++ { // fail if sid == x, at the end, as in Ruby and Perl
		if t := f.tokens[i].text; (t == "if" || t == "unless") && i < u.at {
			return true
		}
	}
	return s.from < u.at && (f.lang == ruby || f.lang == perl) && f.has(s.from, u.at, "if", "unless")
}

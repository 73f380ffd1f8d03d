package code

import "strings"

func (f *file) bindKey(key, what string, line int) {
	if len(key) > 3 && element(key) == "" && !strings.ContainsAny(key, " -/") {
		f.bind(f.names, key, what, line, true)
	}
}

// literal reports whether a token is a value in an object or a map, and its key.
func (f *file) literal(i int) (key string, in bool) {
	for h := f.around[i]; h != nil && !h.block; h = h.up {
		if h.open == "{" || h.open == "[" && f.keyIn(i, h) != "" {
			return f.keyIn(i, h), true
		}
		i = h.at
	}
	return "", false
}

// keyIn is the name that a value within a bracket goes by: of f(session_id=x) and
// {session_id: x} it is session_id.
func (f *file) keyIn(i int, h *head) string {
	for j := i - 1; j > h.at; j-- {
		if h.call != "" && f.around[j] != h || h.call == "" && f.around[j] != f.around[i] {
			continue
		}
		switch f.tokens[j].text {
		case ",", ";":
			return ""
		case ":", "=", "=>":
			if k := f.tokens[j-1]; k.kind == word_ || k.kind == string_ {
				return strings.ToLower(k.text)
			}
			return ""
		}
	}
	return ""
}

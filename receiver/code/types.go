package code

// inType reports whether a token of TypeScript lies in a type and not in a value: in
// an interface, behind type X =, or in what a function is said to return.
func (f *file) inType(i int) bool {
	for h := f.around[i]; h != nil; h = h.up {
		if h.open != "{" && !h.block {
			continue
		}
		if end := f.partner[h.at]; h.at > 1 && f.tokens[h.at-1].text == ":" && f.tokens[h.at-2].text == ")" && end > 0 && end+1 < len(f.tokens) && (f.tokens[end+1].text == "=>" || f.tokens[end+1].text == "{") {
			return true
		}
		if f.namesType(h.at) {
			return true
		}
	}
	return false
}

// namesType reports whether a brace follows interface X or type X =.
func (f *file) namesType(at int) bool {
	const longest = 20 // with type parameters, and what it extends
	for j := at - 1; j >= 0 && j > at-longest; j-- {
		switch t := f.tokens[j]; {
		case t.text == ";" || t.text == "}" || t.text == "{" || t.text == ")":
			return false
		case t.kind == word_ && t.text == "interface":
			return true
		case t.kind == word_ && t.text == "type":
			return j+2 < at && f.tokens[j+1].kind == word_ && f.tokens[at-1].text != ":"
		}
	}
	return false
}

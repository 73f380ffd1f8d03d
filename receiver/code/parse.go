package code

// parser is what has been seen of a file on the way through its tokens.
type parser struct {
	*structure
	top   *head       // the innermost bracket that is open
	start int         // where the statement begins
	open  []*function // those whose bodies are open; nil for bodies of something else
}

// cut ends a statement.
func (p *parser) cut(end int) {
	if end > p.start {
		p.statements = append(p.statements, statement{p.start, end})
	}
	p.start = end
}

func (p *parser) token(i int) {
	t := p.tokens[i]
	p.partner[i] = -1
	if t.first && i > p.start && (p.top == nil || p.top.block) && !p.goesOn(i) {
		p.cut(i)
	}
	p.around[i] = p.top
	if t.kind != sign {
		return
	}
	switch t.text {
	case ";":
		if p.top == nil || p.top.open != "(" && !p.returnType(p.top) {
			p.cut(i)
			p.start = i + 1
		}
	case "(", "[", "{":
		p.opens(i)
	case ")", "]", "}":
		p.closes(i)
	}
}

// returnType reports whether a brace opens what a function of TypeScript is said to
// return, where semicolons part its members.
func (p *parser) returnType(h *head) bool {
	return p.lang == script && !h.block && h.at > 1 && p.tokens[h.at-1].text == ":" && p.tokens[h.at-2].text == ")"
}

// opens takes an opening bracket: of a body, or of values.
func (p *parser) opens(i int) {
	text := p.tokens[i].text
	h := &head{up: p.top, open: text, at: i}
	p.call(h, p.start)
	if p.subscript(i) {
		h.open = "["
	} else if text == "{" && i > 1 && p.tokens[i-1].kind == word_ && p.link(p.tokens[i-2].text) && p.closesOnLine(i) {
		h.open = "(" // find { … }.text()
	} else if text == "{" && p.isBlock(h, p.start) {
		h.block = true
		p.open = append(p.open, p.begin(i, p.start))
		p.cut(i)
		p.start = i + 1
	}
	p.top = h
}

// closes takes a closing bracket, whichever one is open: files with mistakes are
// read as well.
func (p *parser) closes(i int) {
	if p.top == nil {
		return
	}
	if t := p.tokens[i]; p.top.block && t.text == "}" {
		p.cut(i)
		p.start = i + 1
		if n := len(p.open); n > 0 {
			if f := p.open[n-1]; f != nil {
				f.to = t.line
			}
			p.open = p.open[:n-1]
		}
	}
	p.partner[i], p.partner[p.top.at] = p.top.at, i
	p.top = p.top.up
	p.around[i] = p.top
}

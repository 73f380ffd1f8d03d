package code

import (
	"fmt"
	"slices"
	"strings"
)

// judge proposes the class of a group of files; ok is false where nothing in it
// receives.
func judge(files []*file) (Receiver, bool) {
	var r Receiver
	main := mainFile(files)
	if main == nil {
		return r, false
	}
	r.File = main.name
	for _, f := range files {
		if len(f.hits) > 0 && !f.made && !f.test && !f.lang.prose {
			r.Files = append(r.Files, f.name)
		}
	}
	slices.Sort(r.Files)
	r.Class, r.Reason = classify(files)
	if r.Class == CallsBack {
		r.Ack, r.AckReason = order(files)
	}
	return r, true
}

// mainFile is where the messages come in.
func mainFile(files []*file) (main *file) {
	best := 0
	for _, f := range files {
		if f.made || f.test || f.lang.prose || f.mark != marked || f.lang.markup && recorded(f.text) {
			continue
		}
		n := 0
		switch {
		case len(f.ack.listens) > 0:
			n = 4
		case len(f.ack.sent) > 0:
			n = 3
		case len(f.ack.made) > 0:
			n = 2
		case f.reads():
			n = 1
		}
		if n > best {
			main, best = f, n
		}
	}
	return main
}

// reads reports whether a file takes messages apart.
func (f *file) reads() bool {
	if f.lang == yaml || f.lang == json || f.lang.markup {
		return slices.ContainsFunc(f.hits, func(h Hit) bool { return h.Does == SetsHeader || f.lang.markup && h.Does != Mentioned })
	}
	return slices.ContainsFunc(f.tokens, func(t token) bool {
		return t.kind == string_ && namespace.in(t.text) && !strings.Contains(t.text, "targetNamespace")
	}) && len(f.functions)+len(f.statements) > 3 || len(f.hits) > 0
}

func where(h Hit) string { return fmt.Sprintf("%s:%d", h.File, h.Line) }

// classify weighs what is done with the session id.
func classify(files []*file) (Class, string) {
	by := map[Does][]Hit{}
	var header, check, open, given []Hit
	for _, f := range files {
		for _, h := range f.hits {
			if h.What != sessionID {
				continue
			}
			by[h.Does] = append(by[h.Does], h)
			switch {
			case h.Does == SetsHeader && f.onlyAsksWho(h.Line):
				check = append(check, h)
			case h.Does == SetsHeader:
				header = append(header, h)
			case h.Does == Compares && f.rejectsAfter(h.Line):
				check = append(check, h)
			case h.Does == Forwards && !f.resolved[h.Line]:
				open = append(open, h)
			case h.Does == Stores && (f.leavesFile(h) || f.carriedAway(h.Line, files) || f.onShow(h.Line, files)):
				open = append(open, h)
			case (h.Does == Stores || h.Does == Reads) && f.givenBack(h.Line, files):
				given = append(given, h)
			}
		}
	}
	switch {
	case len(header) > 0:
		return CallsBack, "it puts the message's session id into a call to Salesforce at " + where(header[0])
	case len(check) > 0:
		how := "it decides on the session id at "
		if check[0].Does == SetsHeader {
			how = "it asks Salesforce whose session id it is, and nothing else, at "
		}
		return ChecksSender, how + where(check[0])
	case len(open) > 0:
		what, at := "keeps the session id", open[0]
		if i := slices.IndexFunc(open, func(h Hit) bool { return h.Does == Forwards }); i >= 0 {
			what, at = "hands the session id on", open[i]
		}
		return Unknown, "it " + what + " at " + where(at) + ", and what is done with it there can't be seen here"
	case len(given) > 0:
		return Unknown, "it returns the session id at " + where(given[0]) + ", and what its callers do with it can't be seen here"
	case len(by[Logs]) > 0:
		return Ignores, "it does no more with the session id than log it, at " + where(by[Logs][0])
	case len(by[Stores]) > 0:
		return Ignores, "it reads the session id at " + where(by[Stores][0]) + ", and nothing uses it"
	case len(by[Reads]) > 0:
		return Ignores, "it reads the session id at " + where(by[Reads][0]) + ", and nothing uses it"
	case len(by[Compares]) > 0:
		return Ignores, "it looks whether there is a session id at " + where(by[Compares][0]) + ", and nothing depends on it"
	}
	return Ignores, "it receives outbound messages and never reads the session id"
}

// part is the source of the function around a line.
func (f *file) part(line int) string {
	from, to := max(1, line-12), min(len(f.lines), line+25)
	if fn := f.functionAt(line); fn != nil {
		from, to = fn.from, min(fn.to, len(f.lines))
	}
	return strings.Join(f.lines[from-1:to], "\n")
}

// onlyAsksWho reports whether the call of a line is for no more than who the session
// belongs to.
func (f *file) onlyAsksWho(line int) bool {
	text := f.part(line)
	return senderCheck.MatchString(text) && !apiWork.MatchString(text)
}

// rejectsAfter reports whether a message is turned away on a condition.
func (f *file) rejectsAfter(line int) bool {
	to := min(len(f.lines), line+5)
	indent := func(l string) int { return len(l) - len(strings.TrimLeft(l, " \t")) }
	text := f.lines[line-1]
	for i := line; i < to; i++ {
		l := f.lines[i]
		if strings.TrimSpace(l) != "" && indent(l) <= indent(f.lines[line-1]) && i > line {
			break
		}
		text += "\n" + l
	}
	return rejects.MatchString(text)
}

// leavesFile reports whether what is stored gets out of sight: into a database, a
// file, a cache. A field that nothing uses does not.
func (f *file) leavesFile(h Hit) bool {
	if f.lang.markup || f.lang == dataweave {
		return true
	}
	i, _ := slices.BinarySearchFunc(f.tokens, h.Line, func(t token, line int) int { return t.line - line })
	for i > 0 && f.tokens[i-1].line == h.Line {
		i--
	}
	for ; i < len(f.tokens) && f.tokens[i].line == h.Line; i++ {
		if f.tokens[i].kind == word_ && f.handedOn(i) {
			return true
		}
	}
	return false
}

// order tells when a receiver that calls back acknowledges, seen from the line that
// calls back, or from the lines that lead to it.
func order(files []*file) (Order, string) {
	type place struct {
		f    *file
		line int
	}
	var todo []place
	for _, f := range files {
		for _, h := range f.hits {
			if h.What == sessionID && h.Does == SetsHeader {
				todo = append(todo, place{f, h.Line})
			}
		}
	}
	seen := map[place]bool{}
	for n := 0; n < len(todo) && n < 60; n++ {
		p := todo[n]
		if seen[p] {
			continue
		}
		seen[p] = true
		if o, why := p.f.order(p.line); o != Untold {
			return o, fmt.Sprintf("%s (%s)", why, p.f.name)
		}
		fn := p.f.functionAt(p.line)
		if fn == nil {
			continue
		}
		for _, f := range files {
			for i, t := range f.tokens {
				called := t.kind == word_ && (fn.name != "" && t.text == fn.name || fn.class != "" && makers[fn.name] && t.text == fn.class)
				if called && (f != p.f || t.line < fn.from || t.line > fn.to) && i+1 < len(f.tokens) && (f.tokens[i+1].text == "(" || f.tokens[i+1].text == "." || f.lang == ruby || f.apart(t.line)) {
					todo = append(todo, place{f, t.line})
				}
			}
		}
	}
	return Untold, "the answer and the call back are not in sight of one another"
}

package code

import (
	"slices"
	"strings"
)

// An object that holds a session id carries it on: data.sessionId = x, and then
// stream.write(data). The search follows names and not what they hold, so what
// becomes of such an object is looked at once the hits are known.

// statementAt is the first statement that a line belongs to.
func (f *file) statementAt(line int) (s statement, ok bool) {
	k, _ := slices.BinarySearchFunc(f.statements, line, func(s statement, line int) int { return f.tokens[s.to-1].line - line })
	for k > 0 && f.tokens[f.statements[k-1].to-1].line >= line {
		k--
	}
	if k == len(f.statements) || f.tokens[f.statements[k].from].line > line {
		return s, false
	}
	return f.statements[k], true
}

// carrier is the local variable that holds what a statement stores: data in
// data.sessionId = x, message in message.setSessionId(x), payload in payload = {
// sessionId: x }; "" if there is none.
func (f *file) carrier(s statement) string {
	if at := f.assignment(s, s.to); at >= 0 {
		name, chain, field := f.target(s, at)
		if !field {
			return name
		}
		root, _, _ := strings.Cut(chain, ".")
		return local(root)
	}
	if first := f.tokens[s.from]; s.to-s.from > 3 && first.kind == word_ && f.link(f.tokens[s.from+1].text) && strings.HasPrefix(strings.ToLower(f.tokens[s.from+2].text), "set") {
		return local(first.text)
	}
	return ""
}

// local is the name of a variable, "" for the object that a method belongs to.
func local(name string) string {
	if name == "this" || name == "self" {
		return ""
	}
	return name
}

// carriedAway reports whether what a line stores goes on with its carrier: into
// a database or a queue, or to somebody who calls.
func (f *file) carriedAway(line int, files []*file) bool {
	s, ok := f.statementAt(line)
	if !ok {
		return false
	}
	k := carrying{f.functionAt(line), strings.ToLower(f.carrier(s))}
	away, known := f.carried[k]
	if !known {
		away = f.away(k.name, s, files, map[string]bool{"": true})
		f.carried[k] = away
	}
	return away
}

// carrying is a carrier in its function. What becomes of it is looked for once, from
// the first line that stores in it.
type carrying struct {
	fn   *function
	name string
}

// mostCarriers is how many names an object is followed by.
const mostCarriers = 10

// away looks where the name of a carrier stands in the statements after s, and goes
// on with the names that it is given.
func (f *file) away(name string, s statement, files []*file, seen map[string]bool) bool {
	fn := f.functionAt(f.tokens[s.from].line)
	if fn == nil || seen[strings.ToLower(name)] || len(seen) > mostCarriers {
		return false
	}
	seen[strings.ToLower(name)] = true
	k, _ := slices.BinarySearchFunc(f.statements, s.from+1, func(o statement, from int) int { return o.from - from })
	for _, o := range f.statements[k:] {
		if f.tokens[o.from].line > fn.to {
			break
		}
		for i := o.from; i < o.to; i++ {
			if t := f.tokens[i]; t.kind != word_ || !strings.EqualFold(t.text, name) || i > o.from && f.link(f.tokens[i-1].text) || i+1 < len(f.tokens) && f.link(f.tokens[i+1].text) {
				continue
			}
			if f.handedOn(i) || f.tokens[o.from].text == "return" && f.callersUnseen(fn, files) {
				return true
			}
			if at := f.assignment(o, o.to); at >= 0 && at < i {
				if next, _, field := f.target(o, at); !field && f.away(next, o, files, seen) {
					return true
				}
			}
		}
	}
	return false
}

// handedOn reports whether a token is an argument of a call that stores or sends.
func (f *file) handedOn(i int) bool {
	for h := f.around[i]; h != nil && !h.block; h = h.up {
		if h.open == "(" && (storeCall.MatchString(h.call) || forwardCall.MatchString(h.call)) && !reading.MatchString(h.call) && !logCall.MatchString(h.call) {
			return true
		}
	}
	return false
}

// givenBack reports whether a line returns what it reads, to somebody who isn't here.
func (f *file) givenBack(line int, files []*file) bool {
	s, ok := f.statementAt(line)
	return ok && f.tokens[s.from].text == "return" && f.callersUnseen(f.functionAt(line), files)
}

// callersUnseen reports whether others than these files use what a function returns.
// What answers Salesforce is called by it, and the methods of a class that is used
// here are as well.
func (f *file) callersUnseen(fn *function, files []*file) bool {
	if fn == nil || f.typed(fn) {
		return false
	}
	unseen, known := f.unseen[fn]
	if !known {
		unseen = f.uncalled(fn, files)
		f.unseen[fn] = unseen
	}
	return unseen
}

func (f *file) uncalled(fn *function, files []*file) bool {
	for _, line := range f.ack.sent {
		if fn.from <= line && line <= fn.to {
			return false
		}
	}
	if fn.name == "" {
		return f.lang == perl // has session_id => (default => sub { … })
	}
	for _, g := range files {
		for i, t := range g.tokens {
			inside := g == f && fn.from <= t.line && t.line <= fn.to
			called := t.text == fn.name && (i+1 < len(g.tokens) && g.tokens[i+1].text == "(" || g.lang == ruby || g.lang == perl)
			if t.kind == word_ && !inside && (called || g != f && fn.class != "" && t.text == fn.class) {
				return false
			}
		}
	}
	return true
}

// onShow reports whether a line stores in a public field of a class that nobody uses
// here: whoever does can read it.
func (f *file) onShow(line int, files []*file) bool {
	s, ok := f.statementAt(line)
	if !ok {
		return false
	}
	at := f.assignment(s, s.to)
	if at < 0 {
		return false
	}
	name, _, field := f.target(s, at)
	return field && f.isPublic(name) && f.classUnseen(line, files)
}

// isPublic reports whether a field is declared as public.
func (f *file) isPublic(name string) bool {
	if f.public == nil {
		f.public = map[string]bool{}
		for i, t := range f.tokens {
			if t.kind == word_ && t.text == "public" { // public string Name, public static string Name
				for _, n := range f.tokens[i+1 : min(i+4, len(f.tokens))] {
					f.public[n.text] = true
				}
			}
		}
	}
	return f.public[name]
}

// classUnseen reports whether the class around a line is named nowhere else, and is
// none that Salesforce's messages come to.
func (f *file) classUnseen(line int, files []*file) bool {
	for _, c := range f.classes {
		if line < c.from || c.to < line {
			continue
		}
		for _, l := range f.ack.listens {
			if c.from <= l && l <= c.to {
				return false
			}
		}
		for _, g := range files {
			for _, t := range g.tokens {
				if t.kind == word_ && t.text == c.name && (g != f || t.line < c.from || c.to < t.line) {
					return false
				}
			}
		}
		return true
	}
	return false
}

package code

import (
	"slices"
	"strings"

	"sidestep/regex"
)

var (
	headerTarget  = regex.New(`sessionheader|session_header|authorization|x-sfdc-session|oauth_?token|access_?token|bearer|^soap_?headers?$`)
	addressTarget = regex.New(`(^|[._])(url|uri|endpoint\w*|location|address|instance_?url|server_?url|host)$`)
)

// judge tells what is done with an element where it is used.
func (f *file) judge(u use, s statement) {
	line := f.lineOf(u)
	if f.takenOut(u) {
		return
	}
	at := f.assignment(s, u.at)
	if at < 0 && !u.key && !u.text && f.assignedTo(u, s) {
		return
	}
	does, callee := f.around_(u, s)
	if u.key && f.inCase(u.at) {
		does, callee = "", nil
		f.caseValue(u, s)
	}
	if does == "" && f.compared(u, s) {
		does = Compares
		if u.key {
			does = ""
			f.nextValue(u, s)
		}
	}
	if does == Reads || does == "" {
		does = f.kept(u, s, at, line)
	}
	if f.quiet {
		return
	}
	f.add(line, u.what, does, u.as)
	if callee != nil && (does == Forwards || does == Stores) {
		callee.line, callee.what = line, u.what
		f.calls = append(f.calls, *callee)
	}
}

// takenOut handles a name that JavaScript takes out of an object, maybe under another
// one: const { SessionId: sid } = message.
func (f *file) takenOut(u use) bool {
	h := f.around[u.at]
	if f.lang != script || u.key || u.text || h == nil || h.open != "{" || h.block || h.at == 0 {
		return false
	}
	if before := f.tokens[h.at-1].text; before != "const" && before != "let" && before != "var" {
		return false
	}
	if f.tokens[u.at-1].text == ":" {
		return true // the new name
	}
	line := f.tokens[u.at].line
	if u.at+2 < len(f.tokens) && f.tokens[u.at+1].text == ":" {
		f.bind(f.names, f.tokens[u.at+2].text, u.what, line, false)
	}
	if !f.quiet {
		f.add(line, u.what, Reads, "")
	}
	return true
}

// inCase reports whether a string is the label of a case.
func (f *file) inCase(i int) bool {
	return i > 0 && f.tokens[i-1].kind == word_ && f.tokens[i-1].text == "case"
}

// caseValue binds what a parser keeps in the case of the element, in the statement of
// the label or in the one after it.
func (f *file) caseValue(u use, s statement) {
	if at := f.assignment(s, s.to); at > u.at {
		f.keepValue(u, statement{u.at + 1, s.to}, at)
		return
	}
	f.nextValue(u, s)
}

// nextValue binds what a parser that goes through a message keeps when it comes
// upon the element: if (reader.Name == "SessionId") sid = reader.ReadString();
func (f *file) nextValue(u use, s statement) {
	k, _ := slices.BinarySearchFunc(f.statements, s.from, func(o statement, from int) int { return o.from - from })
	for _, next := range f.statements[min(k+1, len(f.statements)):min(k+2, len(f.statements))] {
		if at := f.assignment(next, next.to); at >= 0 {
			f.keepValue(u, next, at)
		}
	}
}

// keepValue binds the name that an element is given, whatever call it comes from.
func (f *file) keepValue(u use, s statement, at int) {
	name, _, field := f.target(s, at)
	line := f.tokens[at].line
	f.parsed[line] = true
	if field && !f.quiet {
		f.add(line, u.what, Stores, "")
	}
	if element(name) == "" || !field {
		f.bind(f.names, name, u.what, line, field)
	}
}

// lineOf is the line of the name within a string of several lines.
func (f *file) lineOf(u use) int {
	t := f.tokens[u.at]
	if u.text {
		if i := strings.Index(t.text, u.as); i > 0 {
			return t.line + strings.Count(t.text[:i], "\n")
		}
	}
	return t.line
}

// kept tells what becomes of a value that goes into no call, and binds the name that
// it gets.
func (f *file) kept(u use, s statement, at, line int) Does {
	if key, in := f.literal(u.at); in {
		if credentialKeys[key] && f.inClient(u.at) {
			return SetsHeader
		}
		if headerKeys[key] {
			return SetsHeader
		}
		f.bindKey(key, u.what, line)
		return Stores
	}
	if at >= 0 {
		name, chain, field := f.target(s, at)
		last := strings.ToLower(name)
		root, _, _ := strings.Cut(chain, ".")
		switch {
		case u.what == sessionID && (headerTarget.MatchString(chain) && field || field && credentialKeys[last] && strangers.MatchString(root) && !messageLike.MatchString(root)):
			return SetsHeader
		case u.what != sessionID && field && addressTarget.MatchString(chain):
			return SetsAddress
		}
		if f.tokens[at].text == ".=" || f.tokens[at].text == "+=" { // a text that holds it among others
			f.bind(f.names, name, u.what, line, field)
			return Stores
		}
		if element(name) == "" || !field {
			f.bind(f.names, name, u.what, line, field)
		}
		if field {
			return Stores
		}
		return Reads
	}
	if f.tokens[s.from].text == "return" || f.tokens[s.to-1].text == "]" {
		if fn := f.functionAt(line); fn != nil && fn.name != "" && f.tokens[s.from].text == "return" && element(fn.name) == "" && len(fn.params) < 3 && s.to-s.from < 30 {
			f.bind(f.names, fn.name, u.what, line, true)
		}
	}
	return Reads
}

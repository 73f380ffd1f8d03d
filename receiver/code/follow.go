package code

import (
	"slices"
	"strings"

	"sidestep/regex"
)

// scope is a run of lines in which a name stands for an element.
type scope struct {
	from, to int
	what     string
}

// call is one that was given an element: what it calls, and as which argument.
type call struct {
	name  string // the last of the chain, as it is written
	class bool   // it makes one of that class
	arg   int
	key   string // the name of the argument, where it has one
	what  string
	line  int
}

// file is a file that is looked into.
type file struct {
	source
	*structure
	comments []comment
	mark     mark
	test     bool
	made     bool // by a generator, or a copy of the WSDL
	names    map[string][]scope
	own      map[string][]scope
	entries  map[string]bool
	renamed  map[string]string // what the fields of a message are called
	foreign  map[string]bool   // those of other files
	hits     []Hit
	calls    []call
	resolved map[int]bool // lines whose call is followed
	parsed   map[int]bool // lines that take an element from a parser
	lines    []string
	quiet    bool // names are being gathered
	judged   int  // how many uses this round has judged
	crowded  bool // there are more than mostUses
	// carried, unseen and public keep what the whole file has to be searched for.
	carried map[carrying]bool
	unseen  map[*function]bool
	public  map[string]bool
	ack     acks
}

func newFile(s source) *file {
	l := languageOf(s.name, s.text)
	f := &file{source: s, names: map[string][]scope{}, own: map[string][]scope{}, renamed: map[string]string{}, foreign: map[string]bool{}, entries: map[string]bool{}, resolved: map[int]bool{}, parsed: map[int]bool{}, carried: map[carrying]bool{}, unseen: map[*function]bool{}}
	f.lines = strings.Split(s.text, "\n")
	f.test = testNames.MatchString(s.name)
	x := &lexer{bare: []byte(s.text)}
	if !l.prose && !l.markup {
		x = lex(l, s.text)
	}
	f.comments = x.comments
	f.structure = parse(l, x.tokens)
	f.mark = s.glance
	if len(x.comments) > 0 {
		f.mark = markOf(string(x.bare))
	}
	f.findRenamed()
	if f.mark != marked && len(f.comments) > 0 && namespace.in(s.text) {
		f.mark = max(f.mark, weak)
	}
	f.made = isGenerated(s.name, s.text, f.comments) || l.markup && isSchema(s.text)
	return f
}

// bind notes that a name stands for an element from a line on. Fields do so in the
// whole file, other names in their function.
func (f *file) bind(to map[string][]scope, name, what string, line int, field bool) {
	s := scope{1, len(f.lines), what}
	if fn := f.functionAt(line).outermost(); fn != nil && !field {
		s.from, s.to = fn.from, fn.to
	}
	key := strings.ToLower(name)
	if name != "" && !slices.Contains(to[key], s) {
		to[key] = append(to[key], s)
	}
}

func standsFor(names map[string][]scope, name string, line int) string {
	for _, s := range names[strings.ToLower(name)] {
		if s.from <= line && line <= s.to {
			return s.what
		}
	}
	return ""
}

// look follows the element through the file. Two rounds gather names, because a
// name may be used above the line that gives it its meaning.
func (f *file) look() {
	if f.made || f.test || f.lang.prose {
		return
	}
	f.hits, f.calls, f.resolved = nil, nil, map[int]bool{}
	if f.mark != marked && len(f.names) == 0 {
		return // nothing in it stands for an element
	}
	if f.lang.markup {
		f.lookAtMarkup()
		return
	}
	for round := range 3 {
		f.quiet, f.judged = round < 2, 0
		for _, s := range f.statements {
			if f.statement(s); f.judged > mostUses {
				f.crowded = true
				break
			}
		}
	}
}

// mostUses is how many uses of a file are looked into: what people write has a few
// dozen, and a file of nothing else would take minutes.
const mostUses = 2000

// use is one place where an element is named.
type use struct {
	at   int // the token
	what string
	as   string
	key  bool // a string that names the element
	text bool // within a string
}

func (f *file) statement(s statement) {
	f.ownLogins(s)
	for i := s.from; i < s.to; i++ {
		for _, u := range f.uses(i, s) {
			f.judged++
			f.judge(u, s)
		}
	}
}

// ownLogins notes names that get a session id from somewhere else.
func (f *file) ownLogins(s statement) {
	at := f.assignment(s, s.to)
	if at < 0 || f.parsed[f.tokens[at].line] {
		return
	}
	if name, _, field := f.target(s, at); element(name) == sessionID && f.fromElsewhere(at+1, s.to) {
		f.bind(f.own, name, sessionID, f.tokens[at].line, field)
		return
	}
	for i := at + 1; i < s.to; i++ {
		t := f.tokens[i]
		if t.kind == word_ && ownLogin.MatchString(t.text) && element(t.text) == "" || t.kind == string_ && len(t.text) < 60 && ownLogin.MatchString(t.text) {
			name, _, field := f.target(s, at)
			f.bind(f.own, name, sessionID, t.line, field)
			return
		}
	}
}

// fromElsewhere reports whether a value comes from a call that has nothing to do with
// a message.
func (f *file) fromElsewhere(from, to int) bool {
	calls := false
	for i := from; i < to; i++ {
		t := f.tokens[i]
		switch {
		case t.text == "(":
			calls = true
		case t.kind == string_ && (elementOfKey(t.text) != "" || len(f.within(t.text)) > 0):
			return false
		case t.kind == word_ && (element(t.text) != "" || messageLike.MatchString(t.text) || standsFor(f.names, t.text, t.line) != ""):
			return false
		}
	}
	return calls
}

// uses finds what a token names.
func (f *file) uses(i int, s statement) []use {
	t := f.tokens[i]
	switch t.kind {
	case word_:
		if what, ok := f.named(i, s); ok {
			return []use{{at: i, what: what, as: t.text}}
		}
	case string_:
		if what := elementOfKey(t.text); what != "" && f.mark == marked && !f.isTarget(i) {
			return []use{{at: i, what: what, as: what, key: true}}
		}
		var out []use
		for _, name := range f.within(t.text) {
			last := name[strings.LastIndexAny(name, ".>:")+1:]
			what := standsFor(f.names, last, t.line)
			if what == "" && f.mark == marked && standsFor(f.own, last, t.line) == "" && !strangerBefore(name) {
				what = element(last)
			}
			if what != "" {
				out = append(out, use{at: i, what: what, as: last, text: true})
			}
		}
		return out
	}
	return nil
}

func strangerBefore(chain string) bool {
	parts := strings.FieldsFunc(chain, func(r rune) bool { return strings.ContainsRune(".->:?", r) })
	return len(parts) > 1 && strangers.MatchString(strings.TrimLeft(parts[len(parts)-2], "$@"))
}

// named tells which element a word stands for. A word behind a point belongs to
// what is before it, which may be a stranger.
func (f *file) named(i int, s statement) (string, bool) {
	t := f.tokens[i]
	member := i > 0 && f.tokens[i-1].kind == sign && (f.link(f.tokens[i-1].text) || f.lang == lua && f.tokens[i-1].text == ":")
	if f.declares(i, s) || f.lang == script && f.inType(i) {
		return "", false
	}
	before := ""
	if member {
		if names, _ := f.chain(i - 1); names != "" {
			before = names[strings.LastIndexByte(names, '.')+1:]
		}
	}
	inner := !member || before == "this" || before == "self"
	if what := standsFor(f.names, t.text, t.line); what != "" && !f.otherwise(t.text, before, member) {
		if inner || element(t.text) != "" || f.fieldName(t.text) {
			return what, true
		}
	}
	what := element(t.text)
	if what == "" || f.mark != marked {
		return "", false
	}
	if member && what == sessionID {
		if t.text == "sessionID" && strings.HasPrefix(before, "req") {
			return "", false // express
		}
		if standsFor(f.own, before, t.line) != "" || strangers.MatchString(before) && standsFor(f.names, before, t.line) == "" {
			return "", false
		}
	}
	if inner && standsFor(f.own, t.text, t.line) != "" {
		return "", false
	}
	return what, true
}

// fieldName reports whether the name is bound in the whole file.
func (f *file) fieldName(name string) bool {
	for _, s := range f.names[strings.ToLower(name)] {
		if s.from == 1 && s.to == len(f.lines) {
			return true
		}
	}
	return false
}

// declares reports whether a name is only introduced: a parameter, a field without
// a value, a method of that name.
func (f *file) declares(i int, s statement) bool {
	line := f.tokens[i].line
	if f.lang == php && i+1 < len(f.tokens) && f.tokens[i].text == "session_id" && f.tokens[i+1].text == "(" {
		return true // that of the web session
	}
	next := ""
	if i+1 < len(f.tokens) {
		next = f.tokens[i+1].text
	}
	if f.lang == ruby && next == ":" && i+2 < len(f.tokens) && f.tokens[i+2].text == ":" {
		return true // SessionId: :string
	}
	for _, fn := range f.functions {
		if fn.from <= line && line <= fn.from+12 && slices.Contains(fn.params, f.tokens[i].text) && f.inSignature(i) {
			return true
		}
		if fn.from == line && fn.name == f.tokens[i].text && next == "(" {
			return true
		}
	}
	if next == "(" && i > s.from && f.tokens[i-1].kind == word_ && !keywords[f.tokens[i-1].text] && (s.to >= len(f.tokens) || f.tokens[s.to-1].text == ")") && f.around[i] == nil {
		return true // an abstract method: String getSessionId();
	}
	for j := s.from; j < s.to; j++ {
		t := f.tokens[j]
		switch {
		case t.kind == word_, t.text == "@", t.text == ":", t.text == "?", t.text == ",", t.text == "[", t.text == "]", t.text == "<", t.text == ">", t.text == "*", t.text == "!", t.kind == string_ && j > i && f.lang == golang:
		default:
			return false
		}
		if t.kind == word_ && (t.text == "return" || t.text == "in" || t.text == "print" || t.text == "echo" || t.text == "puts" || t.text == "p" || t.text == "if" || t.text == "unless") {
			return false
		}
	}
	return s.to-s.from > 1 || f.around[i] == nil
}

// inSignature reports whether a token lies between the brackets of a signature.
func (f *file) inSignature(i int) bool {
	h := f.around[i]
	for h != nil && h.up != nil && h.up.open == "(" && !h.block {
		h = h.up
	}
	if h == nil || h.open != "(" {
		return h == nil && f.functionAt(f.tokens[i].line) != nil && f.functionAt(f.tokens[i].line).from == f.tokens[i].line
	}
	end := f.partner[h.at]
	if end < 0 || end+1 >= len(f.tokens) {
		return false
	}
	fn := f.functionAt(f.tokens[min(end+1, len(f.tokens)-1)].line)
	if fn == nil {
		return false
	}
	for j := end + 1; j < min(end+10, len(f.tokens)); j++ {
		switch f.tokens[j].text {
		case "{", "=>", ":", "do":
			return fn.from == f.tokens[h.at].line || fn.name == "" || h.at > 0 && f.tokens[h.at-1].text == fn.name
		case ";", "(", ")", "}", ".":
			return f.tokens[end+1].text == "throws"
		}
		if f.lang.wordy && f.tokens[j].first {
			return true
		}
	}
	return false
}

// isTarget reports whether a string is the name under which something else is put.
func (f *file) isTarget(i int) bool {
	if i+1 >= len(f.tokens) {
		return false
	}
	next := f.tokens[i+1].text
	if i > 0 && f.tokens[i-1].text == "case" {
		return false
	}
	if next == "=>" || next == ":" && (i == 0 || f.tokens[i-1].text != "?") {
		return true
	}
	h := f.around[i]
	if h == nil {
		return false
	}
	if h.open == "[" && next == "]" && i+2 < len(f.tokens) && (f.tokens[i+2].text == "=" || f.tokens[i+2].text == ":=") {
		return true
	}
	return h.open == "(" && next == "," && !reading.MatchString(h.call) && (storeCall.MatchString(h.call) || namedHeader.MatchString(h.call) || strings.Contains(h.call, "create") || strings.Contains(h.call, "write")) ||
		h.open == "(" && naming.MatchString(h.call)
}

// naming are calls and annotations that take the name of an element or a field.
var naming = regex.New(`(^|\.)(createelement\w*|addchild\w*|xmlelement|webparam|xmlelement\w*|jsonproperty|column|datamember|qname|xmltype|messagebodymember\w*|serializedname)$`)

var interpolated = regex.New(`\$\w+(?:->)?[\[{]['"]?(\w+)['"]?[\]}]|\$\{([^{}]*)\}|#\{([^{}]*)\}|\$\(([^()]*)\)|\{\$?([^{}"]*)\}|\$([A-Za-z_]\w*(?:(?:->|\.|::)\w+)*)|@([A-Za-z_]\w*)`)
var chained = regex.New(`[$@]?[A-Za-z_]\w*(?:(?:->|\?\.|\.|::)\w+)*`)

// within finds the names in the code that a string holds.
func (f *file) within(text string) (out []string) {
	if !f.lang.dollar && !f.lang.hash && !f.lang.brace || len(text) > 20000 {
		return nil
	}
	for _, m := range interpolated.Compiled().FindAllStringSubmatch(text, 50) {
		ok := m[1] != "" && (f.lang == perl || f.lang == php) || m[2] != "" && f.lang.dollar || m[3] != "" && f.lang.hash || m[4] != "" && f.lang == shell ||
			m[5] != "" && f.lang.brace || m[6] != "" && f.lang.dollar && f.lang != script || m[7] != "" && f.lang == perl
		if !ok {
			continue
		}
		for _, name := range chained.Compiled().FindAllString(strings.Join(m[1:], " "), 10) {
			name = strings.TrimLeft(name, "$@")
			for strings.Contains(name, ".") { // a.sessionId.split: the method is no part of the name
				last := name[strings.LastIndexByte(name, '.')+1:]
				if element(last) != "" || !slices.Contains([]string{"split", "trim", "strip", "toString", "to_s", "text", "value", "content"}, last) {
					break
				}
				name = name[:strings.LastIndexByte(name, '.')]
			}
			out = append(out, name)
		}
	}
	return out
}

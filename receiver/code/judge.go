package code

import (
	"regexp"
	"slices"
	"strings"
)

// conditions begin a statement that decides something.
var conditions = set("if unless elif elsif elseif elseif assert when while If ElseIf")

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

var (
	headerTarget  = regexp.MustCompile(`sessionheader|session_header|authorization|x-sfdc-session|oauth_?token|access_?token|bearer|^soap_?headers?$`)
	addressTarget = regexp.MustCompile(`(^|[._])(url|uri|endpoint\w*|location|address|instance_?url|server_?url|host)$`)
	tagBefore     = regexp.MustCompile(`(?i)(bearer|oauth|sid=|<[\w:]*session_?id[^<>/]*>)\s*$`)
	headerText    = regexp.MustCompile(`(?i)(bearer\s|oauth\s|authorization|<[\w:]*session_?id[^<>/]*>|sessionheader|x-sfdc-session|[?;&]sid=|frontdoor)`)
)

// judge tells what is done with an element where it is used.
func (f *file) judge(u use, s statement) {
	line := f.lineOf(u)
	at := f.assignment(s, u.at)
	if at < 0 && !u.key && !u.text && f.assignedTo(u, s) {
		return
	}
	does, callee := f.around_(u, s)
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

// nextValue binds what a parser that goes through a message keeps when it comes
// upon the element: if (reader.Name == "SessionId") sid = reader.ReadString();
func (f *file) nextValue(u use, s statement) {
	k, _ := slices.BinarySearchFunc(f.statements, s.from, func(o statement, from int) int { return o.from - from })
	for _, next := range f.statements[min(k+1, len(f.statements)):min(k+2, len(f.statements))] {
		if at := f.assignment(next, next.to); at >= 0 {
			name, _, field := f.target(next, at)
			if element(name) == "" || !field {
				f.bind(f.names, name, u.what, f.tokens[at].line, field)
			}
		}
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

// assignedTo reports whether the name is what a statement gives a value to.
func (f *file) assignedTo(u use, s statement) bool {
	at := f.assignment(s, s.to)
	if at <= u.at {
		return false
	}
	h := f.around[u.at]
	return h == f.around[s.from] || h != nil && h.open == "[" && h.up == f.around[s.from]
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

// inClient reports whether a token is within the making of a Salesforce client.
func (f *file) inClient(i int) bool {
	for h := f.around[i]; h != nil && !h.block; h = h.up {
		if clientCall.MatchString(h.call) || headerKeys[h.key] || headerCall.MatchString(h.call) {
			return true
		}
	}
	return false
}

// argument is the place of a token among the arguments of a call.
func (f *file) argument(i int, h *head) (n int) {
	for j := h.at + 1; j < i; j++ {
		if f.around[j] == h && f.tokens[j].text == "," {
			n++
		}
	}
	return n
}

// around_ tells what the calls around a use do with it, from the inside out.
func (f *file) around_(u use, s statement) (Does, *call) {
	if d := f.methodOf(u); d != "" {
		return d, nil
	}
	if u.what == sessionID && f.inHeaderText(u, s) {
		return SetsHeader, nil
	}
	i := u.at
	for h := f.around[i]; h != nil && !h.block; h = h.up {
		key := f.keyIn(i, h)
		if u.what == sessionID && (headerKeys[key] || headerKeys[h.key] || credentialKeys[key] && (f.inClient(i) || strings.HasSuffix(h.call, ".authenticate"))) {
			return SetsHeader, nil
		}
		if u.what != sessionID && f.inClient(i) {
			return SetsAddress, nil
		}
		if h.call != "" && h.open == "(" {
			if d, c := f.given(u, i, h, key); d != "" {
				return d, c
			}
		}
		i = h.at
	}
	return f.command(u, s)
}

// given tells what one call does with its argument; "" if one has to look further
// out.
func (f *file) given(u use, i int, h *head, key string) (Does, *call) {
	last := h.call[strings.LastIndexByte(h.call, '.')+1:]
	root, _, _ := strings.Cut(h.call, ".")
	switch {
	case (conditions[last] || last == "switch") && u.key:
		return "", nil
	case conditions[last] || last == "switch":
		return Compares, nil
	case last == h.call && last != "print" && last != "echo" && keywords[last]:
		return "", nil
	case u.key && reading.MatchString(h.call):
		return "", nil
	case last == "setsessionid" || last == "set_session_id":
		if u.what == sessionID && !messageLike.MatchString(root) {
			return SetsHeader, nil
		}
		return Stores, nil
	case u.what == sessionID && headerCall.MatchString(h.call):
		return SetsHeader, nil
	case u.what == sessionID && namedHeader.MatchString(h.call) && f.namesHeader(h, i):
		return SetsHeader, nil
	case clientCall.MatchString(h.call) && !logCall.MatchString(h.call):
		if u.what == sessionID {
			return SetsHeader, nil
		}
		return SetsAddress, nil
	case emptyCall.MatchString(h.call):
		return Compares, nil
	case logCall.MatchString(h.call):
		return Logs, nil
	case u.what != sessionID && addressCall.MatchString(h.call):
		return SetsAddress, nil
	case f.definedHere(last):
	case compareCall.MatchString(h.call) && u.key:
		return "", nil
	case compareCall.MatchString(h.call) && (!u.key || !reading.MatchString(h.call)):
		return Compares, nil
	case h.made && (last == "uri" || last == "url" || last == "string"), passing.MatchString(h.call) && !h.made:
		return "", nil
	case apart.MatchString(h.call):
		return Forwards, f.started(i, h, key)
	case forwardCall.MatchString(h.call):
		return Forwards, f.maybe(i, h, key)
	case storeCall.MatchString(h.call):
		return Stores, f.maybe(i, h, key)
	case strings.HasPrefix(last, "set") && len(last) > 3:
		if !f.quiet {
			return Stores, nil
		}
		f.bind(f.names, last[3:], u.what, f.tokens[i].line, true)
		f.bind(f.names, "get"+last[3:], u.what, f.tokens[i].line, true)
		return Stores, nil
	}
	return Forwards, f.calling(i, h, key)
}

// generic are names that too many functions have to tell which one is meant.
var generic = set("update insert create write append publish execute query store persist dispatch enqueue request fetch submit forward remove process handle prepare remember output perform invoke")

// maybe is the call of what may be a function of the tree, or one of a library.
func (f *file) maybe(i int, h *head, key string) *call {
	c := f.calling(i, h, key)
	if len(c.name) < 5 || generic[strings.ToLower(c.name)] {
		return nil
	}
	return c
}

// started is the call of a function that is handed over to run by itself:
// Thread(target=work, args=(x,)), Worker.perform_async(x), work.delay(x).
func (f *file) started(i int, h *head, key string) *call {
	c := f.calling(i, h, key)
	last := strings.ToLower(c.name)
	j := h.at + 1
	switch {
	case strings.HasPrefix(last, "perform") || last == "delay" || last == "apply_async":
		parts := regexp.MustCompile(`\w+`).FindAllString(f.before(h.at), -1)
		if len(parts) < 2 {
			return c
		}
		c.name = parts[len(parts)-2]
		c.class = strings.HasPrefix(last, "perform")
		return c
	default:
		for k := h.at; k < i; k++ {
			if f.tokens[k].text == "target" && f.tokens[k+1].text == "=" {
				j = k + 2
			}
		}
	}
	for j+2 < i && f.link(f.tokens[j+1].text) {
		j += 2
	}
	if f.tokens[j].kind == word_ && f.tokens[j+1].text == "," {
		c.name, c.class, c.key = f.tokens[j].text, false, ""
		c.arg--
		if in := f.around[i]; in != h && in != nil {
			c.arg = f.argument(i, in)
		}
	}
	return c
}

// before is the chain before a bracket as it is written.
func (f *file) before(at int) string {
	_, from := f.chain(at)
	var b strings.Builder
	for _, t := range f.tokens[from:at] {
		b.WriteString(t.text)
	}
	return b.String()
}

// calling is the call that a bracket belongs to.
func (f *file) calling(i int, h *head, key string) *call {
	last := h.call[strings.LastIndexByte(h.call, '.')+1:]
	written := f.written(h)
	class := h.made || last == "new" || written != "" && written[0] >= 'A' && written[0] <= 'Z' && (f.lang == python || f.lang == kotlin || f.lang == scala)
	return &call{name: written, class: class, arg: f.argument(i, h), key: key}
}

func (f *file) definedHere(name string) bool {
	for _, fn := range f.functions {
		if name != "" && strings.EqualFold(fn.name, name) {
			return true
		}
	}
	return false
}

// written is the last name before a bracket as it is written.
func (f *file) written(h *head) string {
	for i := h.at - 1; i >= 0 && i > h.at-10; i-- {
		if t := f.tokens[i]; t.kind == word_ {
			if t.text == "new" && f.lang == ruby && i > 1 {
				return f.tokens[i-2].text
			}
			return t.text
		}
	}
	return ""
}

// namesHeader reports whether the other arguments of a call name a header.
func (f *file) namesHeader(h *head, i int) bool {
	for j := h.at + 1; j < i; j++ {
		t := f.tokens[j]
		if t.kind == string_ {
			low := strings.ToLower(strings.TrimSpace(t.text))
			if headerKeys[low] || strings.Contains(low, "authorization:") || strings.HasPrefix(low, "bearer") || low == "cookie" {
				return true
			}
		}
		if t.kind == word_ && (t.text == "AUTHORIZATION" || t.text == "CURLOPT_HTTPHEADER" || t.text == "Authorization") {
			return true
		}
	}
	return false
}

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

// inHeaderText reports whether the text around a use is that of a header.
func (f *file) inHeaderText(u use, s statement) bool {
	t := f.tokens[u.at]
	if u.key {
		return false
	}
	if u.text {
		if i := strings.Index(t.text, u.as); i >= 0 {
			if headerText.MatchString(t.text[max(0, i-400):i]) {
				return true
			}
		}
	}
	for j := u.at - 1; j >= max(s.from, u.at-12); j-- {
		b := f.tokens[j]
		if b.text == "," && b.kind == sign && f.around[j] == f.around[u.at] {
			break
		}
		if b.kind == string_ {
			return tagBefore.MatchString(b.text)
		}
	}
	return false
}

// command tells what a call without brackets does: puts sid, logger.info "…".
func (f *file) command(u use, s statement) (Does, *call) {
	i := s.from
	if f.tokens[i].text == "@" && i+1 < s.to {
		i++
	}
	first := f.tokens[i]
	if first.kind != word_ || i == u.at {
		return "", nil
	}
	names := strings.ToLower(first.text)
	for i+2 < s.to && f.link(f.tokens[i+1].text) && f.tokens[i+2].kind == word_ {
		names += "." + strings.ToLower(f.tokens[i+2].text)
		i += 2
	}
	if i+1 >= s.to || i >= u.at || f.tokens[i+1].kind == sign && f.tokens[i+1].text != ":" && f.tokens[i+1].text != "[" && f.tokens[i+1].text != "{" && f.tokens[i+1].text != "$" && f.tokens[i+1].text != "@" {
		return "", nil
	}
	if names == "return" || conditions[names] {
		return "", nil
	}
	switch {
	case logCall.MatchString(names):
		return Logs, nil
	case f.lang != ruby && f.lang != perl && f.lang != lua:
		return "", nil
	case keywords[names]:
		return "", nil
	case u.what == sessionID && (headerCall.MatchString(names) || credentialKeys[f.keyIn(u.at, &head{at: i})] && (clientCall.MatchString(names) || strings.HasSuffix(names, "authenticate"))):
		return SetsHeader, nil
	case forwardCall.MatchString(names):
		return Forwards, nil
	}
	return "", nil
}

var comparing = set("== != === !== <> eq ne =~ !~ is Is")

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

// add notes a hit, one for each line, element and action.
func (f *file) add(line int, what string, does Does, as string) {
	if as == what || plainName(as) == plainName(what) {
		as = ""
	}
	h := Hit{File: f.name, Line: line, What: what, Does: does, As: as, Excerpt: f.excerpt(line)}
	for _, o := range f.hits {
		if o.Line == line && o.What == what && (o.Does == does || does == Reads) {
			return
		}
	}
	if does != Reads {
		f.hits = slices.DeleteFunc(f.hits, func(o Hit) bool { return o.Line == line && o.What == what && o.Does == Reads })
	}
	f.hits = append(f.hits, h)
}

var secrets = regexp.MustCompile(`\b00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?(?:!|%21)[A-Za-z0-9._%+/=-]*|\b[A-Za-z0-9]{15}![A-Za-z0-9._]{20,}`)

// longest is how many characters of a line are shown.
const longest = 160

func (f *file) excerpt(line int) string {
	if line < 1 || line > len(f.lines) {
		return ""
	}
	text := strings.TrimSpace(f.lines[line-1])
	text = secrets.ReplaceAllStringFunc(text[:min(len(text), 20*longest)], func(s string) string {
		return s[:3] + "…!…"
	})
	if r := []rune(text); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return text
}

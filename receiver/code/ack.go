package code

import (
	"strings"

	"sidestep/regex"
)

// acks is where a file answers.
type acks struct {
	// sent are the lines that send the answer, and made those that only make it.
	sent, made []int
	// listens are the lines where messages come in, returned the functions that
	// answer with what they return.
	listens  []int
	returned map[*function]bool
}

var (
	ackText   = regex.New(`(?:<|&lt;)(?:\w+:)?Ack(?:>|&gt;)`)
	ackFalse  = regex.New(`(?i)<(?:\w+:)?Ack>\s*false`)
	ackSend   = regex.New(`(?i)(^|\.)(send|end|write\w*|print\w*|respond\w*|reply\w*|render|status|json|text|body|output|response|httpresponse|make_response|puts|echo|content|ok|setbody|setresponse\w*|out|fprint\w*|sendstring|xml|string|data|html|append\w*|flush|sendresponse\w*|callback|succeed|done|handle|streamingoutput|jsonify|plaintextresponse|contentresult|fromresult|stringcontent|setoutput|finish)$`)
	ackWords  = set("ack Ack setAck ACK set_ack withAck")
	ackTarget = regex.New(`(?i)(response|res|ctx|context|result|resp)\.(body|responsebody|content|text|status|output)`)
	listeners = regex.New(`^(I?NotificationBinding|NotificationPort(Type)?|I?NotificationService(Soap)?|NotificationServiceSkeleton(Interface)?|NotificationBindingSkeleton)$`)
	soapInput = regex.New(`(?i)SoapServer|addFunction|soap_action|wash_out|soapService|SOAPService|spyne|@rpc|soap\.listen|soap_server`)
)

// answers gathers the names under which other files get the text of an answer.
func (f *file) answers(names map[string]bool) {
	if f.made || f.test || f.lang.prose || f.mark != marked {
		return
	}
	for _, s := range f.statements {
		for i := s.from; i < s.to; i++ {
			t := f.tokens[i]
			if t.kind != string_ || !ackText.MatchString(t.text) {
				continue
			}
			name := ""
			if fn := f.functionAt(t.line); fn != nil {
				name = fn.name
			} else if at := f.assignment(s, s.to); at >= 0 {
				name, _, _ = f.target(s, at)
			}
			if len(name) >= 3 && !ordinary[strings.ToLower(name)] && !f.handles(name) {
				names[strings.ToLower(name)] = true
			}
		}
	}
}

// handles reports whether a function is one that receives.
func (f *file) handles(name string) bool {
	for _, fn := range f.functions {
		if fn.name == name && len(fn.params) > 2 {
			return true
		}
	}
	return false
}

// findAcks fills f.ack and adds the hits of it. shared are names for the answer that
// other files give.
func (f *file) findAcks(shared map[string]bool) {
	f.ack = acks{returned: map[*function]bool{}}
	if f.made || f.test || f.lang.prose || f.mark != marked {
		return
	}
	if f.lang.markup {
		for i, line := range f.lines {
			if ackText.MatchString(line) && !recorded(f.text) {
				f.ack.sent = append(f.ack.sent, i+1)
				f.add(i+1, "ack", Acknowledges, "")
			}
		}
		return
	}
	f.findListeners()
	names, functions := map[string]bool{}, map[string]bool{}
	for n := range shared {
		if !f.definedHere(n) {
			names[n] = true
		}
	}
	for round := range 3 {
		for _, s := range f.statements {
			f.ackIn(s, names, functions, round == 2)
		}
	}
}

// findListeners finds classes that implement a generated listener, and functions
// that take its place.
func (f *file) findListeners() {
	seen := map[int]bool{}
	listen := func(line int) {
		if !seen[line] {
			seen[line] = true
			f.ack.listens = append(f.ack.listens, line)
			f.add(line, "listener", Listens, "")
		}
	}
	for i, t := range f.tokens {
		if t.kind != word_ || !listeners.MatchString(t.text) {
			continue
		}
		for j := max(0, i-40); j < i; j++ {
			if w := f.tokens[j].text; (w == "class" || w == "Class" || w == "implements" || w == "Implements" || w == "Inherits") && (f.tokens[j].line >= t.line-2) {
				listen(t.line)
				break
			}
		}
		if i > 0 && f.tokens[i-1].text == "class" {
			listen(t.line)
		}
	}
	for _, fn := range f.functions {
		if strings.EqualFold(fn.name, "notifications") {
			listen(fn.from)
			f.ack.returned[fn] = true
		}
	}
	if len(seen) == 0 {
		for i, line := range f.lines {
			if soapInput.MatchString(line) && strings.Contains(strings.ToLower(line), "soap") && !strings.Contains(line, "require") && !strings.Contains(line, "import") {
				listen(i + 1)
				break
			}
		}
	}
}

// ackIn looks for an answer in one statement. The text of an answer gets names, and
// functions that only make it are answers where they are called.
func (f *file) ackIn(s statement, names, functions map[string]bool, last bool) {
	a := f.answerIn(s, names, functions)
	if !a.is {
		return
	}
	fn := f.functionAt(a.line)
	if name := f.expressionBodied(s); name != "" && a.text {
		functions[strings.ToLower(name)] = true
		a.sends = false
	}
	if at := f.assignment(s, s.to); at >= 0 {
		if name, chain, _ := f.target(s, at); name != "" && (a.text || !a.sends) {
			names[strings.ToLower(name)] = true
			root, _, member := strings.Cut(chain, ".")
			if member && !f.lang.wordy {
				names[root] = true
			}
			a.sends = ackTarget.MatchString(chain)
		}
	}
	if fn != nil && fn.name != "" && a.text && fn.outer == nil && !f.ack.returned[fn] && (fn.to-fn.from < 45) && f.calledHere(fn.name, fn) {
		functions[strings.ToLower(fn.name)] = true
		a.sends = false
	}
	if !last {
		return
	}
	if a.text {
		f.add(a.line, "ack", Acknowledges, "")
		f.ack.made = append(f.ack.made, a.line)
	}
	if a.sends && !a.refuses {
		f.ack.sent = append(f.ack.sent, f.tokens[s.from].line)
	}
}

// expressionBodied is the name of a method that is one expression, as in C#:
// string Answer(bool ok) => "…".
func (f *file) expressionBodied(s statement) string {
	for i := s.from + 1; i < s.to; i++ {
		if f.tokens[i].text != "(" {
			continue
		}
		end := f.partner[i]
		if f.lang == csharp && f.tokens[i-1].kind == word_ && end > i && end+1 < s.to && f.tokens[end+1].text == "=>" {
			return f.tokens[i-1].text
		}
		break
	}
	return ""
}

// answering is what one statement has to do with the answer.
type answering struct {
	is      bool // it names the answer
	text    bool // it makes it
	sends   bool
	refuses bool // with Ack false
	line    int
}

func (f *file) answerIn(s statement, names, functions map[string]bool) answering {
	a := answering{line: f.tokens[s.from].line}
	for i := s.from; i < s.to; i++ {
		switch t := f.tokens[i]; t.kind {
		case string_:
			if ackText.MatchString(t.text) || t.text == "Ack" {
				a.is, a.text = true, true
				a.line = t.line
				if at := ackText.FindStringIndex(t.text); at != nil {
					a.line += strings.Count(t.text[:at[0]], "\n")
				}
				a.refuses = ackFalse.MatchString(t.text)
			}
		case word_:
			f.answerWord(&a, i, s, names, functions)
		}
	}
	if f.lang == scala && a.is && !a.text && f.assignment(s, s.to) < 0 {
		a.sends = true // likewise
	}
	if f.lang == ruby && s.to < len(f.tokens) && f.tokens[s.to].text == "end" && f.functionAt(a.line) != nil {
		a.sends = true // the last value is what is returned
	}
	for h := f.around[s.from]; h != nil && !h.block; h = h.up {
		a.sends = a.sends || ackSend.MatchString(h.call)
	}
	return a
}

// answerWord adds what a word tells of an answer.
func (f *file) answerWord(a *answering, i int, s statement, names, functions map[string]bool) {
	t := f.tokens[i]
	low := strings.ToLower(t.text)
	called := i+1 < len(f.tokens) && f.tokens[i+1].text == "("
	if ackWords[t.text] && f.givesAck(i) {
		a.is, a.text = true, true
		a.line = t.line
	}
	if low == "notificationsresponse" && i > s.from && (f.tokens[i-1].text == "new" || i+2 < s.to && f.tokens[i+2].text == "new") {
		a.is = true
	}
	if names[low] || functions[low] && i+1 < len(f.tokens) && (called || f.lang == ruby) {
		a.is = true
	}
	if ackSend.MatchString(low) && (called || f.lang == ruby || f.lang == perl) || t.text == "return" || t.text == "echo" || t.text == "print" {
		a.sends = true
	}
	if t.text == "false" {
		a.refuses = a.refuses || a.is && a.text
	}
}

// givesAck reports whether the word is where the answer gets its value, as in
// r.Ack = true, setAck(true), Ack: true.
func (f *file) givesAck(i int) bool {
	if i+1 >= len(f.tokens) {
		return false
	}
	next := f.tokens[i+1].text
	if f.lang == ruby && (next == "true" || next == "false") || f.lang == scala && next == ">" && i > 0 && f.tokens[i-1].text == "<" {
		return true // x.Ack true of a builder, and XML within the source
	}
	if t := f.tokens[i].text; strings.HasPrefix(t, "set") || strings.HasPrefix(t, "with") {
		return next == "("
	}
	return (next == "=" || next == ":" || next == "=>") && (i == 0 || f.tokens[i-1].kind == sign && f.tokens[i-1].text != "@" || f.lang == ruby || f.lang == python)
}

// calledHere reports whether another function calls one.
func (f *file) calledHere(name string, from *function) bool {
	for i, t := range f.tokens {
		if t.kind == word_ && t.text == name && (t.line < from.from || t.line > from.to) && (i+1 < len(f.tokens) && f.tokens[i+1].text == "(" || f.lang == ruby) && (i == 0 || !keywords[f.tokens[i-1].text] || f.tokens[i-1].text == "return") {
			return true
		}
	}
	return false
}

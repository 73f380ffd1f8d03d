package code

import "strings"

// token is a word, a string or a sign of a file.
type token struct {
	kind byte // one of the constants below
	text string
	line int
	// first is true for the first token of a line, and column how far it is indented.
	first  bool
	column int
}

const (
	word_   = 'w' // a name, without $ or @ in front
	string_ = 's' // the inside of a string
	sign    = 'p'
	number  = 'n'
)

// comment is one line of a comment.
type comment struct {
	text string
	line int
}

// lexer cuts a file. It never fails: what it does not understand is a sign.
type lexer struct {
	lang     *language
	src      string
	pos      int
	line     int
	start    int // where the line starts
	fresh    bool
	tokens   []token
	comments []comment
	here     []string // texts that begin with the next line
	bare     []byte   // the source with blanks where comments were
}

func lex(l *language, src string) *lexer {
	x := &lexer{lang: l, src: src, line: 1, fresh: true, bare: []byte(src)}
	if l == php {
		x.toCode()
	}
	for x.pos < len(x.src) {
		x.next()
	}
	return x
}

// toCode skips what stands around PHP.
func (x *lexer) toCode() {
	i := strings.Index(x.src[x.pos:], "<?")
	if plain := x.src[x.pos : x.pos+max(i, 0)]; i < 0 && len(x.tokens) > 0 || i > 0 {
		if i < 0 {
			plain = x.src[x.pos:]
		}
		if ackText.MatchString(plain) { // what stands outside of the code is the answer
			x.add(word_, "echo")
			x.add(string_, plain)
		}
	}
	if i < 0 {
		if len(x.tokens) > 0 || strings.Contains(x.src, "<") {
			x.move(len(x.src) - x.pos)
		}
		return
	}
	x.move(i + len("<?"))
	for _, tag := range []string{"php", "=", "PHP"} {
		if strings.HasPrefix(x.src[x.pos:], tag) {
			x.move(len(tag))
		}
	}
}

// move goes on, counting lines.
func (x *lexer) move(n int) {
	part := x.src[x.pos : x.pos+n]
	if i := strings.LastIndexByte(part, '\n'); i >= 0 {
		x.line += strings.Count(part, "\n")
		x.start = x.pos + i + 1
		x.fresh = true
	}
	x.pos += n
}

func (x *lexer) add(kind byte, text string) {
	column := x.pos - x.start
	x.tokens = append(x.tokens, token{kind, text, x.line, x.fresh, column})
	x.fresh = false
}

func (x *lexer) next() {
	rest := x.src[x.pos:]
	c := rest[0]
	switch {
	case c == '\n':
		if x.lineEnd(rest) {
			return
		}
		x.move(1)
	case c <= ' ':
		x.move(1)
	case x.comment(rest):
	case x.lang == php && strings.HasPrefix(rest, "?>"):
		x.add(sign, ";")
		x.move(2)
		x.toCode()
	case x.quoted(rest):
	case isDigit(c):
		n := 1
		for n < len(rest) && (isLetter(rest[n]) || rest[n] == '.' && n+1 < len(rest) && isDigit(rest[n+1])) {
			n++
		}
		x.add(number, rest[:n])
		x.move(n)
	case x.lang == php && c == '\\', x.qualifies(rest):
		x.move(strings.IndexAny(rest, `\#`) + 1)
	case isLetter(c):
		n := 1
		for n < len(rest) && isLetter(rest[n]) {
			n++
		}
		if x.lang == ruby && n < len(rest)-1 && (rest[n] == '?' || rest[n] == '!') && rest[n+1] != '=' {
			n++
		}
		x.add(word_, strings.TrimLeft(rest[:n], "$"))
		x.move(n)
	default:
		x.signs(rest)
	}
}

// qualifies reports whether a name is that of a namespace, which tells nothing here:
// App\ of App\SoapClient in PHP, ob# of ob#SessionId in DataWeave.
func (x *lexer) qualifies(rest string) bool {
	after := map[*language]byte{php: '\\', dataweave: '#'}[x.lang]
	n := 0
	for n < len(rest) && isLetter(rest[n]) {
		n++
	}
	return after != 0 && n > 0 && n+1 < len(rest) && rest[n] == after && isLetter(rest[n+1])
}

// lineEnd handles what begins with a line.
func (x *lexer) lineEnd(rest string) bool {
	if x.comment(rest) {
		return true
	}
	if len(x.here) == 0 {
		return false
	}
	end := x.here[0]
	x.here = x.here[1:]
	x.move(1)
	from, n := x.pos, 0
	for line := range strings.SplitAfterSeq(x.src[from:], "\n") {
		if word := strings.TrimLeft(line, " \t"); strings.HasPrefix(word, end) && (len(word) == len(end) || !isLetter(word[len(end)])) {
			break
		}
		n += len(line)
	}
	x.add(string_, x.src[from:from+n])
	x.move(n)
	x.move(min(len(x.src)-x.pos, len(end)+len(x.src[x.pos:])-len(strings.TrimLeft(x.src[x.pos:], " \t"))))
	return true
}

func (x *lexer) comment(rest string) bool {
	for _, b := range x.lang.block {
		if strings.HasPrefix(rest, b[0]) {
			n := len(b[0])
			if i := strings.Index(rest[n:], b[1]); i >= 0 {
				n += i + len(b[1])
			} else {
				n = len(rest)
			}
			x.remark(rest[:n])
			return true
		}
	}
	for _, l := range x.lang.line {
		if !strings.HasPrefix(rest, l) || l == "#" && x.pos > 0 && x.src[x.pos-1] == '$' || l == "//" && x.pos > 0 && x.src[x.pos-1] == ':' {
			continue
		}
		if l == "#" && x.lang == php && strings.HasPrefix(rest, "#[") {
			continue
		}
		n := strings.IndexByte(rest, '\n')
		if n < 0 {
			n = len(rest)
		}
		if x.lang == php {
			if i := strings.Index(rest[:n], "?>"); i >= 0 {
				n = i
			}
		}
		x.remark(rest[:n])
		return true
	}
	return false
}

func (x *lexer) remark(text string) {
	line := x.line
	for i := range text {
		if text[i] != '\n' {
			x.bare[x.pos+i] = ' '
		}
	}
	for part := range strings.SplitSeq(text, "\n") {
		x.comments = append(x.comments, comment{part, line})
		line++
	}
	x.move(len(text))
}

// quoted reads a string.
func (x *lexer) quoted(rest string) bool {
	for _, t := range x.lang.triple {
		if strings.HasPrefix(rest, t) {
			x.str(rest, t, true, false)
			return true
		}
	}
	c := rest[0]
	if x.lang == lua && strings.HasPrefix(rest, "[[") {
		n := strings.Index(rest, "]]")
		if n < 0 {
			n = len(rest) - 2
		}
		x.add(string_, rest[2:max(2, n)])
		x.move(n + 2)
		return true
	}
	if x.lang == csharp && (strings.HasPrefix(rest, `@"`) || strings.HasPrefix(rest, `$@"`) || strings.HasPrefix(rest, `@$"`)) {
		x.move(strings.IndexByte(rest, '"'))
		x.str(x.src[x.pos:], `"`, true, true)
		return true
	}
	if x.lang.here && strings.HasPrefix(rest, "<<") && x.heredoc(rest) {
		return true
	}
	if strings.IndexByte(x.lang.quotes, c) < 0 {
		return x.lang == script && c == '/' && x.regex(rest)
	}
	if c == '\'' && (x.lang == scala || x.lang == golang) && (len(rest) < 3 || rest[1] != '\\' && rest[2] != '\'') {
		x.add(sign, "'") // a lifetime or a symbol
		x.move(1)
		return true
	}
	x.str(rest, rest[:1], strings.IndexByte(x.lang.wide, c) >= 0, x.lang == basic)
	return true
}

// str reads to the end of a string. In doubled ones the quote stands for itself
// when it is written twice, and a backslash means nothing.
func (x *lexer) str(rest, quote string, wide, doubled bool) {
	n := len(quote)
	for n < len(rest) {
		switch {
		case rest[n] == '\\' && !doubled && quote != "`" && n+1 < len(rest):
			n++
		case strings.HasPrefix(rest[n:], quote):
			if doubled && strings.HasPrefix(rest[n+1:], quote) {
				n++
				break
			}
			x.add(string_, rest[len(quote):n])
			x.move(n + len(quote))
			return
		case rest[n] == '\n' && !wide:
			x.add(string_, rest[len(quote):n])
			x.move(n)
			return
		}
		n++
	}
	x.add(string_, rest[min(len(quote), len(rest)):])
	x.move(len(rest))
}

// heredoc notes a text that begins with the next line: <<<XML, <<~EOS, <<'ACK'.
func (x *lexer) heredoc(rest string) bool {
	n := 2
	for n < len(rest) && strings.IndexByte("<~-", rest[n]) >= 0 {
		n++
	}
	quote := ""
	if n < len(rest) && (rest[n] == '"' || rest[n] == '\'') {
		quote = rest[n : n+1]
		n++
	}
	from := n
	for n < len(rest) && isLetter(rest[n]) {
		n++
	}
	end := rest[from:n]
	if end == "" || end[0] < 'A' || end[0] > 'Z' || len(x.here) > 4 {
		return false
	}
	if quote != "" && n < len(rest) && rest[n:n+1] == quote {
		n++
	}
	x.here = append(x.here, end)
	x.move(n)
	return true
}

// regex reads a regular expression, which may hold quotes.
func (x *lexer) regex(rest string) bool {
	if n := len(x.tokens); n > 0 {
		last := x.tokens[n-1]
		if last.kind != sign && last.text != "return" || last.text == ")" || last.text == "]" || last.text == "}" {
			return false // a division
		}
	}
	class := false
	for n := 1; n < len(rest) && rest[n] != '\n'; n++ {
		switch {
		case rest[n] == '\\':
			n++
		case rest[n] == '[':
			class = true
		case rest[n] == ']':
			class = false
		case rest[n] == '/' && !class:
			x.add(string_, rest[1:n])
			x.move(n + 1)
			return true
		}
	}
	return false
}

// twos are the signs of more than one character that matter.
var twos = []string{"===", "!==", "...", "..", "?->", "<=>", "->", "=>", "::", "?.", "==", "!=", "<=", ">=", "&&", "||", "??", ":=", "+=", ".=", "-=", "*=", "=~", "!~", "<>", "|="}

func (x *lexer) signs(rest string) {
	for _, t := range twos {
		if strings.HasPrefix(rest, t) {
			x.add(sign, t)
			x.move(len(t))
			return
		}
	}
	x.add(sign, rest[:1])
	x.move(1)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) || c == '_' || c == '$' || c >= 0x80
}

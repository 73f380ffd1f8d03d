package demoorg

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// query is a SOQL statement. The reader knows what clients of this org ask
// (SELECT fields or COUNT(), FROM, WHERE, ORDER BY, LIMIT, OFFSET) and refuses
// the rest instead of guessing.
type query struct {
	fields []fieldPath
	count  bool
	from   word
	where  condition
	order  []ordering
	limit  int // -1: none
	offset int
}

// word is a name with its place in the statement.
type word struct {
	text string
	pos  int
}

// fieldPath is a field, perhaps through relationships: CreatedBy.Name.
type fieldPath struct {
	names []string
	pos   int
}

func (p fieldPath) String() string { return strings.Join(p.names, ".") }

type ordering struct {
	field     fieldPath
	desc      bool
	nullsLast bool
}

// condition is a node of the WHERE clause: all, either, not or comparison.
type condition interface{}

type (
	all    []condition
	either []condition
	not    struct{ of condition }
)

// comparison is one field against one value, or against a list with IN.
type comparison struct {
	field    fieldPath
	operator string // = != < <= > >= LIKE IN NOT IN
	values   []literal
}

// literal is a constant, or a stretch of time such as LAST_N_DAYS:30.
type literal struct {
	kind   literalKind
	text   string
	number float64
	truth  bool
	// from and to bound a stretch of time, to excluded. A point in time has both equal.
	from, to time.Time
}

type literalKind int

const (
	literalNull literalKind = iota
	literalText
	literalNumber
	literalTruth
	literalTime
)

// queryError is a refusal that points at a place in the statement.
type queryError struct {
	code, message string
	pos           int // -1: nowhere
}

func (e *queryError) Error() string { return e.code + ": " + e.message }

// pointed writes the message as Salesforce does: the line, a caret, the place.
func (e *queryError) pointed(statement string) string {
	if e.pos < 0 {
		return e.message
	}
	before := statement[:e.pos]
	row, start := strings.Count(before, "\n")+1, strings.LastIndexByte(before, '\n')+1
	line, _, _ := strings.Cut(statement[start:], "\n")
	column := e.pos - start
	return fmt.Sprintf("\n%s\n%s^\nERROR at Row:%d:Column:%d\n%s", line, strings.Repeat(" ", column), row, column+1, e.message)
}

func malformed(t token) error {
	if t.kind == tokenEnd {
		return &queryError{"MALFORMED_QUERY", "unexpected token: '<EOF>'", t.pos}
	}
	return &queryError{"MALFORMED_QUERY", "unexpected token: '" + t.text + "'", t.pos}
}

// The limits of a statement (SOQL reference, "SOQL SELECT Syntax"); the depth
// of parentheses is ours.
const (
	maxStatement = 100_000
	maxDepth     = 50
)

// parseQuery reads a statement. Date literals count from now.
func parseQuery(statement string, now time.Time) (query, error) {
	if len(statement) > maxStatement {
		return query{}, &queryError{"QUERY_TOO_COMPLICATED", "SOQL statements cannot be longer than 100000 characters.", -1}
	}
	tokens, err := lex(statement)
	if err != nil {
		return query{}, err
	}
	p := parser{tokens: tokens, now: now}
	return p.query()
}

type parser struct {
	tokens []token
	next   int
	depth  int
	now    time.Time
}

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) take() token {
	t := p.tokens[p.next]
	if t.kind != tokenEnd {
		p.next++
	}
	return t
}

// keyword takes the words if they come next.
func (p *parser) keyword(words ...string) bool {
	for i, w := range words {
		if p.next+i >= len(p.tokens) {
			return false
		}
		if t := p.tokens[p.next+i]; t.kind != tokenWord || !strings.EqualFold(t.text, w) {
			return false
		}
	}
	p.next += len(words)
	return true
}

func (p *parser) symbol(s string) bool {
	if t := p.peek(); t.kind != tokenSymbol || t.text != s {
		return false
	}
	p.next++
	return true
}

func (p *parser) query() (query, error) {
	q := query{limit: -1}
	if !p.keyword("SELECT") {
		return q, malformed(p.peek())
	}
	if p.keyword("COUNT") {
		if !p.symbol("(") || !p.symbol(")") {
			return q, malformed(p.peek())
		}
		q.count = true
	} else {
		for {
			f, err := p.path()
			if err != nil {
				return q, err
			}
			q.fields = append(q.fields, f)
			if !p.symbol(",") {
				break
			}
		}
	}
	if !p.keyword("FROM") {
		return q, malformed(p.peek())
	}
	from := p.take()
	if from.kind != tokenWord || strings.Contains(from.text, ".") {
		return q, malformed(from)
	}
	q.from = word{from.text, from.pos}
	return q, p.tail(&q)
}

// tail reads what may follow FROM, each clause at most once and in order.
func (p *parser) tail(q *query) (err error) {
	if p.keyword("WHERE") {
		if q.where, err = p.conditions(); err != nil {
			return err
		}
	}
	if p.keyword("ORDER", "BY") {
		if q.order, err = p.orderings(); err != nil {
			return err
		}
	}
	if p.keyword("LIMIT") {
		if q.limit, err = p.count(); err != nil {
			return err
		}
	}
	if p.keyword("OFFSET") {
		if q.offset, err = p.count(); err != nil {
			return err
		}
		if q.offset > 2000 {
			return &queryError{"NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000", -1}
		}
	}
	if t := p.peek(); t.kind != tokenEnd {
		return malformed(t)
	}
	return nil
}

func (p *parser) path() (fieldPath, error) {
	t := p.take()
	if t.kind != tokenWord {
		return fieldPath{}, malformed(t)
	}
	names := strings.Split(t.text, ".")
	for _, n := range names {
		if n == "" {
			return fieldPath{}, malformed(t)
		}
	}
	return fieldPath{names, t.pos}, nil
}

func (p *parser) count() (int, error) {
	t := p.take()
	n, err := strconv.Atoi(t.text)
	if t.kind != tokenNumber || err != nil || n < 0 {
		return 0, malformed(t)
	}
	return n, nil
}

func (p *parser) orderings() ([]ordering, error) {
	var list []ordering
	for {
		f, err := p.path()
		if err != nil {
			return nil, err
		}
		o := ordering{field: f}
		if p.keyword("DESC") {
			o.desc = true
		} else {
			p.keyword("ASC")
		}
		if p.keyword("NULLS", "LAST") {
			o.nullsLast = true
		} else {
			p.keyword("NULLS", "FIRST")
		}
		list = append(list, o)
		if !p.symbol(",") {
			return list, nil
		}
	}
}

package demoorg

import (
	"strconv"
	"strings"
	"time"
)

// conditions reads what stands between AND or OR. The two do not mix without
// parentheses: SOQL refuses to guess, too.
func (p *parser) conditions() (condition, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, malformed(p.peek())
	}
	defer func() { p.depth-- }()
	first, err := p.condition()
	if err != nil {
		return nil, err
	}
	list := []condition{first}
	for _, joint := range []string{"AND", "OR"} {
		for p.keyword(joint) {
			c, err := p.condition()
			if err != nil {
				return nil, err
			}
			list = append(list, c)
		}
		if len(list) > 1 {
			if joint == "AND" {
				return all(list), nil
			}
			return either(list), nil
		}
	}
	return first, nil
}

func (p *parser) condition() (condition, error) {
	if p.keyword("NOT") {
		if p.depth++; p.depth > maxDepth {
			return nil, malformed(p.peek())
		}
		defer func() { p.depth-- }()
		c, err := p.condition()
		return not{c}, err
	}
	if p.symbol("(") {
		c, err := p.conditions()
		if err != nil {
			return nil, err
		}
		if !p.symbol(")") {
			return nil, malformed(p.peek())
		}
		return c, nil
	}
	return p.comparison()
}

func (p *parser) comparison() (condition, error) {
	f, err := p.path()
	if err != nil {
		return nil, err
	}
	c := comparison{field: f}
	switch t := p.peek(); {
	case p.keyword("LIKE"):
		c.operator = "LIKE"
	case p.keyword("IN"):
		c.operator = "IN"
	case p.keyword("NOT", "IN"):
		c.operator = "NOT IN"
	case t.kind == tokenSymbol && strings.ContainsAny(t.text, "=<>"):
		p.take()
		c.operator = t.text
		if t.text == "<>" {
			c.operator = "!="
		}
	default:
		return nil, malformed(t)
	}
	if strings.HasSuffix(c.operator, "IN") {
		c.values, err = p.list()
		return c, err
	}
	v, err := p.literal()
	c.values = []literal{v}
	return c, err
}

func (p *parser) list() ([]literal, error) {
	if !p.symbol("(") {
		return nil, malformed(p.peek())
	}
	var list []literal
	for {
		v, err := p.literal()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if p.symbol(")") {
			return list, nil
		}
		if !p.symbol(",") {
			return nil, malformed(p.peek())
		}
	}
}

func (p *parser) literal() (literal, error) {
	t := p.take()
	switch t.kind {
	case tokenText:
		return literal{kind: literalText, text: t.text}, nil
	case tokenNumber:
		if n, err := strconv.ParseFloat(t.text, 64); err == nil {
			return literal{kind: literalNumber, number: n, text: t.text}, nil
		}
		return momentLiteral(t)
	case tokenWord:
		return p.wordLiteral(t)
	}
	return literal{}, malformed(t)
}

// momentLiteral reads 2026-02-23 or 2026-02-23T00:00:00Z.
func momentLiteral(t token) (literal, error) {
	if d, err := time.Parse(time.DateOnly, t.text); err == nil {
		return literal{kind: literalTime, text: t.text, from: d, to: d.AddDate(0, 0, 1)}, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05.999Z0700"} {
		if at, err := time.Parse(form, t.text); err == nil {
			return literal{kind: literalTime, text: t.text, from: at, to: at}, nil
		}
	}
	return literal{}, malformed(t)
}

// wordLiteral reads null, true, false and the date literals. Days begin at
// midnight UTC here; in a real org they follow the user's time zone.
func (p *parser) wordLiteral(t token) (literal, error) {
	today := p.now.UTC().Truncate(24 * time.Hour)
	days := func(from, to int) (literal, error) {
		return literal{kind: literalTime, text: t.text, from: today.AddDate(0, 0, from), to: today.AddDate(0, 0, to)}, nil
	}
	name, count, hasCount := strings.Cut(strings.ToUpper(t.text), ":")
	if hasCount {
		n, err := strconv.Atoi(count)
		if name != "LAST_N_DAYS" || err != nil || n < 1 || n > 36_500 {
			return literal{}, malformed(t)
		}
		return days(-n, 1)
	}
	switch name {
	case "NULL":
		return literal{kind: literalNull}, nil
	case "TRUE", "FALSE":
		return literal{kind: literalTruth, truth: name == "TRUE", text: t.text}, nil
	case "TODAY":
		return days(0, 1)
	case "YESTERDAY":
		return days(-1, 0)
	}
	return literal{}, malformed(t)
}

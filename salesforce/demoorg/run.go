package demoorg

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// steps is a path that was found: relationships first, the field last.
type steps []*column

func (s steps) last() *column { return s[len(s)-1] }

// value follows the path from a row; a missing parent makes it null.
func (s steps) value(row any) any {
	for _, c := range s {
		if row == nil {
			return nil
		}
		row = c.get(row)
	}
	return row
}

func (t *table) resolve(p fieldPath) (steps, error) {
	var found steps
	names := p.names
	if len(names) > 1 && strings.EqualFold(names[0], t.name) {
		names = names[1:] // User.Name FROM User
	}
	for i, name := range names {
		c := t.column(name)
		leaf := i == len(names)-1
		switch {
		case leaf && (c == nil || c.kind == kindRelation):
			return nil, noColumn(t, name, p.pos)
		case !leaf && (c == nil || c.kind != kindRelation):
			return nil, &queryError{"INVALID_FIELD", "Didn't understand relationship '" + name + "' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.", p.pos}
		}
		found = append(found, c)
		if c.to != nil {
			t = c.to
		}
	}
	return found, nil
}

func noColumn(t *table, name string, pos int) error {
	return &queryError{"INVALID_FIELD", fmt.Sprintf("No such column '%s' on entity '%s'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.", name, t.name), pos}
}

// filterable resolves a field that is compared or sorted by.
func (t *table) filterable(p fieldPath, clause string) (steps, error) {
	s, err := t.resolve(p)
	if err != nil {
		return nil, err
	}
	if s.last().unfiltered {
		return nil, &queryError{"INVALID_FIELD", "field '" + s.last().name + "' can not be " + clause + " in a query call", p.pos}
	}
	return s, nil
}

// match turns a condition into a test of rows. Every field and value is checked
// before the first row is looked at.
func (t *table) match(c condition) (func(row any) bool, error) {
	switch c := c.(type) {
	case nil:
		return func(any) bool { return true }, nil
	case all:
		return t.joint(c, false)
	case either:
		return t.joint(c, true)
	case not:
		test, err := t.match(c.of)
		return func(row any) bool { return !test(row) }, err
	case comparison:
		return t.compare(c)
	}
	return nil, fmt.Errorf("unknown condition %T", c)
}

// joint is true as soon as one test answers decisive, for OR, and false as soon
// as one answers otherwise, for AND.
func (t *table) joint(list []condition, decisive bool) (func(row any) bool, error) {
	tests := make([]func(any) bool, len(list))
	for i, c := range list {
		test, err := t.match(c)
		if err != nil {
			return nil, err
		}
		tests[i] = test
	}
	return func(row any) bool {
		for _, test := range tests {
			if test(row) == decisive {
				return decisive
			}
		}
		return !decisive
	}, nil
}

func (t *table) compare(c comparison) (func(row any) bool, error) {
	s, err := t.filterable(c.field, "filtered")
	if err != nil {
		return nil, err
	}
	col := s.last()
	for _, v := range c.values {
		if err := col.takes(c, v); err != nil {
			return nil, err
		}
	}
	v := c.values[0]
	switch c.operator {
	case "IN", "NOT IN":
		wanted := c.operator == "IN"
		return func(row any) bool {
			have := s.value(row)
			return slices.ContainsFunc(c.values, func(v literal) bool { return col.equals(have, v) }) == wanted
		}, nil
	case "LIKE":
		form := likeForm(v.text)
		return func(row any) bool {
			have, ok := s.value(row).(string)
			return ok && form.MatchString(have)
		}, nil
	case "=":
		return func(row any) bool { return col.equals(s.value(row), v) }, nil
	case "!=":
		return func(row any) bool { return !col.equals(s.value(row), v) }, nil
	}
	return func(row any) bool { return col.ordered(s.value(row), c.operator, v) }, nil
}

// takes checks that a value fits the column, in Salesforce's words.
func (col *column) takes(c comparison, v literal) error {
	wrong := func(kind string) error {
		return &queryError{"INVALID_FIELD", fmt.Sprintf("value of filter criterion for field '%s' must be of type %s", col.name, kind), c.field.pos}
	}
	order := strings.ContainsAny(c.operator, "<>")
	switch col.kind {
	case kindText, kindID:
		if v.kind != literalText && v.kind != literalNull || order && col.kind == kindID || (order || c.operator == "LIKE") && v.kind == literalNull {
			return wrong("string and should be enclosed in quotes")
		}
		if c.operator == "LIKE" && col.kind == kindID {
			return &queryError{"INVALID_FIELD", "invalid operator on id field", c.field.pos}
		}
		return nil
	case kindNumber:
		if v.kind == literalNumber || v.kind == literalNull && !order {
			return refuseLike(c)
		}
		return wrong("double and should not be enclosed in quotes")
	case kindTruth:
		if v.kind == literalTruth && !order {
			return refuseLike(c)
		}
		return wrong("boolean and should not be enclosed in quotes")
	}
	if v.kind == literalTime || v.kind == literalNull && !order {
		return refuseLike(c)
	}
	return wrong("dateTime and should not be enclosed in quotes")
}

func refuseLike(c comparison) error {
	if c.operator == "LIKE" {
		return &queryError{"INVALID_FIELD", "invalid operator LIKE on field '" + c.field.String() + "'", c.field.pos}
	}
	return nil
}

func (col *column) equals(have any, v literal) bool {
	if have == nil || v.kind == literalNull {
		return have == nil && v.kind == literalNull
	}
	switch have := have.(type) {
	case string:
		if col.kind == kindID {
			return sameID(have, v.text)
		}
		return strings.EqualFold(have, v.text)
	case bool:
		return have == v.truth
	case time.Time:
		if v.from.Equal(v.to) {
			return have.Equal(v.from)
		}
		return !have.Before(v.from) && have.Before(v.to)
	}
	return asNumber(have) == v.number
}

// ordered compares with < <= > >=. A stretch of time lies wholly before or
// after: "> LAST_N_DAYS:3" means after its end.
func (col *column) ordered(have any, operator string, v literal) bool {
	if have == nil {
		return false
	}
	var low, high int
	switch have := have.(type) {
	case string:
		low = strings.Compare(strings.ToLower(have), strings.ToLower(v.text))
		high = low
	case time.Time:
		low, high = have.Compare(v.from), have.Compare(v.from)
		if v.to.After(v.from) {
			high = have.Compare(v.to.Add(-time.Nanosecond))
		}
	default:
		low = cmp.Compare(asNumber(have), v.number)
		high = low
	}
	switch operator {
	case "<":
		return low < 0
	case "<=":
		return high <= 0
	case ">":
		return high > 0
	}
	return low >= 0
}

func asNumber(v any) float64 {
	switch v := v.(type) {
	case version:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

// likeForm turns a LIKE pattern into an expression: % is any text, _ any
// character, a backslash makes them plain. LIKE ignores case.
func likeForm(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?is)\A`)
	escaped := false
	for _, c := range pattern {
		switch {
		case escaped || c != '%' && c != '_' && c != '\\':
			b.WriteString(regexp.QuoteMeta(string(c)))
			escaped = false
		case c == '\\':
			escaped = true
		case c == '%':
			b.WriteString(".*")
		default:
			b.WriteString(".")
		}
	}
	return regexp.MustCompile(b.String() + `\z`)
}

// sorter compares two rows by the ORDER BY clause, nulls first unless told.
func (t *table) sorter(order []ordering) (func(a, b any) int, error) {
	found := make([]steps, len(order))
	for i, o := range order {
		s, err := t.filterable(o.field, "sorted")
		if err != nil {
			return nil, err
		}
		found[i] = s
	}
	return func(a, b any) int {
		for i, o := range order {
			x, y := found[i].value(a), found[i].value(b)
			n := 0
			switch {
			case x == nil && y == nil:
			case x == nil || y == nil:
				if n = 1; (x == nil) != o.nullsLast {
					n = -1
				}
			default:
				if n = compareValues(x, y); o.desc {
					n = -n
				}
			}
			if n != 0 {
				return n
			}
		}
		return 0
	}, nil
}

func compareValues(x, y any) int {
	switch x := x.(type) {
	case string:
		return strings.Compare(strings.ToLower(x), strings.ToLower(y.(string)))
	case time.Time:
		return x.Compare(y.(time.Time))
	case bool:
		switch {
		case x == y:
			return 0
		case x:
			return 1
		}
		return -1
	}
	return cmp.Compare(asNumber(x), asNumber(y))
}

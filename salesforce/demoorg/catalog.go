package demoorg

import (
	"bytes"
	"encoding/json"
	"time"
)

// catalog holds the objects that an API can query, by lower-case name.
type catalog map[string]*table

// table is an object that can be queried.
type table struct {
	name    string
	columns []column
	rows    func() []any
	// noMore tables do not page: a longer answer needs a LIMIT.
	noMore bool
	// view is the table as a user sees it, nil for one who does not know the
	// object. Without it everybody sees everything.
	view func(t *table, u *user) *table
	// whole is the table that a view is a part of.
	whole *table
	// entity and fields are those of a business object.
	entity *entity
	fields []fieldDef
}

// columnKind decides how a column compares and how it is written.
type columnKind int

const (
	kindText columnKind = iota
	kindID
	kindNumber
	kindTruth
	kindTime
	// kindDocument is a structure, such as Metadata.
	kindDocument
	// kindRelation leads to the row of another table.
	kindRelation
)

type column struct {
	name string
	kind columnKind
	// get returns nil for a null, else what the kind says: string, float64,
	// bool, time.Time, any structure, or a row.
	get func(row any) any
	to  *table
	// unfiltered columns can be selected, not compared or sorted by.
	unfiltered bool
	// oneRow columns may be selected only when the answer has one row.
	oneRow bool
}

func (t *table) column(name string) *column {
	name = lower(name)
	for i := range t.columns {
		if lower(t.columns[i].name) == name {
			return &t.columns[i]
		}
	}
	return nil
}

func (t *table) byID(id string) any {
	col := t.column("Id")
	if col == nil {
		return nil
	}
	for _, row := range t.rows() {
		if have, ok := col.get(row).(string); ok && sameID(have, id) {
			return row
		}
	}
	return nil
}

func cell[T any](kind columnKind, name string, get func(T) any) column {
	return column{name: name, kind: kind, get: func(row any) any { return get(row.(T)) }}
}

// text columns are null when empty, as in Salesforce.
func text[T any](name string, get func(T) string) column {
	return cell(kindText, name, func(row T) any { return orNull(get(row)) })
}

func id[T any](name string, get func(T) string) column {
	return cell(kindID, name, func(row T) any { return orNull(get(row)) })
}

func number[T any](name string, get func(T) float64) column {
	return cell(kindNumber, name, func(row T) any { return get(row) })
}

func truth[T any](name string, get func(T) bool) column {
	return cell(kindTruth, name, func(row T) any { return get(row) })
}

func moment[T any](name string, get func(T) time.Time) column {
	return cell(kindTime, name, func(row T) any { return get(row) })
}

// document columns need an answer of one row and cannot be compared (Tooling
// guide: FullName and Metadata).
func document[T any](name string, get func(T) any) column {
	c := cell(kindDocument, name, get)
	c.oneRow, c.unfiltered = true, true
	return c
}

// relation gets the other table's row, nil for none.
func relation[T, R any](name string, to *table, get func(T) *R) column {
	c := cell(kindRelation, name, func(row T) any {
		if other := get(row); other != nil {
			return other
		}
		return nil
	})
	c.to = to
	return c
}

func unfiltered(c column) column {
	c.unfiltered = true
	return c
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// pointers lists the elements of a slice as rows.
func pointers[T any](list []T, keep func(*T) bool) []any {
	rows := make([]any, 0, len(list))
	for i := range list {
		if keep == nil || keep(&list[i]) {
			rows = append(rows, &list[i])
		}
	}
	return rows
}

// record is a JSON object whose members keep their order.
type record []member

type member struct {
	name  string
	value any
}

func (r record) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range r {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(m.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		value := m.value
		if at, ok := value.(time.Time); ok {
			value = timestamp(at)
		}
		if err := enc.Encode(value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"maps"
	"reflect"
	"slices"
)

// The saved form is one JSON object, one line for each message and endpoint, so
// that people can compare two files. Its last line is a checksum over all lines
// before it: a bit that flipped inside a note would otherwise go unnoticed. That
// last line is part of every schema, now and later.
const sumLine = "\"sum\":\"%08x\"}\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// header is what stands before the large parts.
type header struct {
	Migration
	// The large parts are written by hand after the header; these names hide them.
	Sources   *struct{} `json:"sources,omitempty"`
	Messages  *struct{} `json:"messages,omitempty"`
	Endpoints *struct{} `json:"endpoints,omitempty"`
}

// Encode returns the saved form of a migration.
func Encode(m Migration) ([]byte, error) { return new(encoder).encode(m) }

// encoder remembers the text of what it wrote last. A migration's parts are
// replaced and never modified, so a part that is still the same object has the
// same text, and one edit costs one line.
type encoder struct {
	sources     []Source
	sourcesText []byte
	messages    table[Message]
	endpoints   table[Endpoint]
}

func (e *encoder) encode(m Migration) ([]byte, error) {
	m.Schema = Schema
	head, err := object(header{Migration: m}, m.extra)
	if err != nil {
		return nil, fmt.Errorf("encode migration: %w", err)
	}
	if e.sourcesText == nil || !sameSlice(reflect.ValueOf(e.sources), reflect.ValueOf(m.Sources)) {
		if e.sourcesText, err = json.Marshal(m.Sources); err != nil {
			return nil, fmt.Errorf("encode sources: %w", err)
		}
		e.sources = m.Sources
	}
	messages, err := e.messages.encode(m.Messages)
	if err != nil {
		return nil, fmt.Errorf("encode messages: %w", err)
	}
	endpoints, err := e.endpoints.encode(m.Endpoints)
	if err != nil {
		return nil, fmt.Errorf("encode endpoints: %w", err)
	}
	out := make([]byte, 0, len(head)+len(e.sourcesText)+len(messages)+len(endpoints)+100)
	out = append(out, head[:len(head)-1]...)
	for _, part := range []struct {
		name string
		text []byte
	}{{"sources", e.sourcesText}, {"messages", messages}, {"endpoints", endpoints}} {
		out = fmt.Appendf(out, ",\n%q:", part.name)
		out = append(out, part.text...)
	}
	out = append(out, ",\n"...)
	return fmt.Appendf(out, sumLine, crc32.Checksum(out, castagnoli)), nil
}

// row is an entry of a table; it keeps the fields that this version does not know.
type row interface {
	unknown() map[string]json.RawMessage
}

func (m Message) unknown() map[string]json.RawMessage  { return m.extra }
func (e Endpoint) unknown() map[string]json.RawMessage { return e.extra }

// table is a map that was encoded, with the text of each row.
type table[T row] struct {
	of   map[string]T
	rows map[string][]byte
	text []byte
}

func (t *table[T]) encode(now map[string]T) ([]byte, error) {
	if t.text != nil && reflect.ValueOf(t.of).UnsafePointer() == reflect.ValueOf(now).UnsafePointer() {
		return t.text, nil
	}
	rows := make(map[string][]byte, len(now))
	var out bytes.Buffer
	out.Grow(len(t.text) + 1024)
	between := "{\n"
	for _, key := range slices.Sorted(maps.Keys(now)) {
		text, err := t.row(key, now[key])
		if err != nil {
			return nil, fmt.Errorf("%q: %w", key, err)
		}
		rows[key] = text
		out.WriteString(between)
		out.Write(text)
		between = ",\n"
	}
	if len(now) == 0 {
		out.WriteString("{")
	}
	out.WriteString("}")
	t.of, t.rows, t.text = now, rows, out.Bytes()
	return t.text, nil
}

// row is one line of a table: the key, a colon, the value.
func (t *table[T]) row(key string, value T) ([]byte, error) {
	if old, ok := t.of[key]; ok && unchanged(&old, &value) {
		return t.rows[key], nil
	}
	name, err := json.Marshal(key)
	if err != nil {
		return nil, err
	}
	text, err := object(value, value.unknown())
	if err != nil {
		return nil, err
	}
	return slices.Concat(name, []byte(":"), text), nil
}

// object encodes a struct, and after its fields the ones that this version does
// not know.
func object(v any, extra map[string]json.RawMessage) ([]byte, error) {
	out, err := json.Marshal(v)
	if err != nil || len(extra) == 0 {
		return out, err
	}
	rest, err := json.Marshal(extra)
	if err != nil {
		return nil, err
	}
	if len(out) == len("{}") {
		return rest, nil
	}
	out[len(out)-1] = ','
	return append(out, rest[1:]...), nil
}

// unchanged reports whether two values are the same one: equal, with maps and
// slices that are the same object. Equal maps that are two objects count as
// changed, which costs time and nothing else.
func unchanged[T any](a, b *T) bool {
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range x.NumField() {
		f, g := x.Field(i), y.Field(i)
		same := false
		switch f.Kind() {
		case reflect.Map:
			same = f.UnsafePointer() == g.UnsafePointer()
		case reflect.Slice:
			same = sameSlice(f, g)
		default:
			same = f.Equal(g)
		}
		if !same {
			return false
		}
	}
	return true
}

func sameSlice(a, b reflect.Value) bool {
	return a.Len() == b.Len() && a.UnsafePointer() == b.UnsafePointer()
}

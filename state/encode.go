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

// The saved form is one JSON object. The admin's work stands in it in plain text,
// one line for each endpoint. What was read (sources and messages) is large and
// changes only with a scan, so it is packed under "evidence"; otherwise every
// tick would write megabytes. To look at it:
//
//	jq -r .evidence FILE | base64 -d | gunzip
//
// The last line is a checksum over all lines before it: a bit that flipped inside
// a note would otherwise go unnoticed. It is part of every schema, now and later.
const sumLine = "\"sum\":\"%08x\"}\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// header is the saved form without its large parts, which are written after it.
type header struct {
	Migration
	// These names hide those of Migration.
	Sources   *struct{} `json:"sources,omitempty"`
	Messages  *struct{} `json:"messages,omitempty"`
	Endpoints *struct{} `json:"endpoints,omitempty"`
}

// Encode returns the saved form of a migration.
func Encode(m Migration) ([]byte, error) {
	parts, err := new(encoder).encode(m)
	return slices.Concat(parts...), err
}

// encoder remembers the text of what it wrote last. A migration's parts are
// replaced and never modified, so a part that is still the same object has the
// same text, and one edit costs one line.
type encoder struct {
	endpoints table[Endpoint]
	messages  table[Message]
	// sources is what evidence was made from, beside the messages.
	sources  []Source
	evidence []byte
}

// encode returns the saved form in pieces: putting them together would copy what
// did not change.
func (e *encoder) encode(m Migration) ([][]byte, error) {
	m.Schema = Schema
	head, err := object(header{Migration: m}, m.extra)
	if err != nil {
		return nil, fmt.Errorf("encode migration: %w", err)
	}
	if err := e.encodeEvidence(m); err != nil {
		return nil, fmt.Errorf("encode evidence: %w", err)
	}
	endpoints, err := e.endpoints.encode(m.Endpoints)
	if err != nil {
		return nil, fmt.Errorf("encode endpoints: %w", err)
	}
	parts := [][]byte{
		bytes.TrimSuffix(head, []byte("}")),
		[]byte(",\n\"endpoints\":"), endpoints,
		[]byte(",\n\"evidence\":"), e.evidence,
		[]byte(",\n"),
	}
	var sum uint32
	for _, p := range parts {
		sum = crc32.Update(sum, castagnoli, p)
	}
	return append(parts, fmt.Appendf(nil, sumLine, sum)), nil
}

// encodeEvidence packs the sources and messages, unless they are packed already.
func (e *encoder) encodeEvidence(m Migration) error {
	if e.evidence != nil && e.messages.isOf(m.Messages) && sameSlice(reflect.ValueOf(e.sources), reflect.ValueOf(m.Sources)) {
		return nil
	}
	sources, err := json.Marshal(m.Sources)
	if err != nil {
		return err
	}
	messages, err := e.messages.encode(m.Messages)
	if err != nil {
		return err
	}
	packed, err := pack(maxUnpacked, []byte(`{"sources":`), sources, []byte(",\n\"messages\":"), messages, []byte("}\n"))
	if err != nil {
		return err
	}
	e.sources = m.Sources
	e.evidence, err = json.Marshal(packed)
	return err
}

// row is an entry of a table; it keeps the fields that this version does not know.
type row interface {
	unknown() map[string]json.RawMessage
}

func (msg Message) unknown() map[string]json.RawMessage { return msg.extra }
func (e Endpoint) unknown() map[string]json.RawMessage  { return e.extra }

// table is a map that was encoded, with the text of each row.
type table[T row] struct {
	of   map[string]T
	rows map[string][]byte
	text []byte
}

func (t *table[T]) isOf(now map[string]T) bool {
	return t.text != nil && reflect.ValueOf(t.of).UnsafePointer() == reflect.ValueOf(now).UnsafePointer()
}

func (t *table[T]) encode(now map[string]T) ([]byte, error) {
	if t.isOf(now) {
		return t.text, nil
	}
	rows := make(map[string][]byte, len(now))
	out := make([]byte, 0, len(t.text)+1024)
	for _, key := range slices.Sorted(maps.Keys(now)) {
		text, err := t.row(key, now[key])
		if err != nil {
			return nil, fmt.Errorf("%q: %w", key, err)
		}
		rows[key] = text
		out = append(out, ",\n"...)
		out = append(out, text...)
	}
	if len(out) == 0 {
		out = append(out, '{')
	}
	out[0] = '{'
	t.of, t.rows, t.text = now, rows, append(out, '}')
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

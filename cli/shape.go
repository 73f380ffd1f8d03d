package cli

import (
	"encoding"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// shape is how the values of a type are written. encoding/json finds that out as well,
// but it writes compact, and going through megabytes again to lay them out takes longer
// than writing them.
type shape struct {
	// kind is that of the values; Invalid where encoding/json has to write them.
	kind reflect.Kind
	// elem is the shape of what a pointer leads to, and of the elements of a list.
	elem *shape
	// fields are those of a struct, in their order.
	fields []fieldShape
}

// fieldShape is a field of a struct.
type fieldShape struct {
	// name is the field's name as it is written, "" for a struct whose own fields
	// are written in its place.
	name  string
	index int
	*shape
}

// asUsual is the shape of what encoding/json writes.
var asUsual = &shape{}

var shapes sync.Map // reflect.Type to *shape

// shapeOf finds the shape of a type.
func shapeOf(t reflect.Type) *shape {
	if f, known := shapes.Load(t); known {
		return f.(*shape)
	}
	f := newShape(t, nil)
	shapes.Store(t, f)
	return f
}

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// newShape finds the shape of a type that stands in others.
func newShape(t reflect.Type, in []reflect.Type) *shape {
	own := reflect.PointerTo(t) // what t implements, its pointer does
	if t == nil || own.Implements(marshaler) || own.Implements(textMarshaler) || slices.Contains(in, t) {
		return asUsual
	}
	f := &shape{kind: t.Kind()}
	switch f.kind {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Float64:
		return f
	case reflect.Pointer:
		f.elem = newShape(t.Elem(), append(in, t))
		return f
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return asUsual
		}
		f.elem = newShape(t.Elem(), append(in, t))
		return f
	case reflect.Struct:
		if f.takeFields(t, append(in, t), map[string]bool{}) {
			return f
		}
	}
	return asUsual
}

// takeFields finds the fields of a struct. It says false where a rule is needed that only
// encoding/json knows.
func (f *shape) takeFields(t reflect.Type, in []reflect.Type, names map[string]bool) bool {
	for i := range t.NumField() {
		field := t.Field(i)
		name := field.Tag.Get("json")
		switch {
		case field.Anonymous && name == "":
			inner := newShape(field.Type, in)
			if inner.kind != reflect.Struct {
				return false
			}
			f.fields = append(f.fields, fieldShape{"", i, inner})
			for j := range field.Type.NumField() {
				if !unique(names, field.Type.Field(j).Tag.Get("json")) {
					return false
				}
			}
		case !field.IsExported() || !unique(names, name):
			return false
		default: // also what is embedded under a name of its own
			f.fields = append(f.fields, fieldShape{strconv.Quote(name) + ": ", i, newShape(field.Type, in)})
		}
	}
	return len(f.fields) > 0
}

// unique reports whether a field's tag is its name and nothing else, and no other field
// has it.
func unique(names map[string]bool, tag string) bool {
	if tag == "" || tag == "-" || names[tag] || strings.ContainsFunc(tag, func(r rune) bool { return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z') }) {
		return false
	}
	names[tag] = true
	return true
}

// value writes v, whose shape is f.
func (l *layout) value(out []byte, v reflect.Value, f *shape, depth int) []byte {
	switch f.kind {
	case reflect.String:
		return l.text(out, v.String())
	case reflect.Bool:
		return strconv.AppendBool(out, v.Bool())
	case reflect.Int:
		return strconv.AppendInt(out, v.Int(), 10)
	case reflect.Float64:
		// Others have an exponent.
		if n := v.Float(); n == 0 || 1e-6 <= math.Abs(n) && math.Abs(n) < 1e21 {
			return strconv.AppendFloat(out, n, 'f', -1, 64)
		}
	case reflect.Pointer:
		if v.IsNil() {
			return append(out, "null"...)
		}
		return l.value(out, v.Elem(), f.elem, depth)
	case reflect.Slice:
		switch {
		case v.IsNil():
			return append(out, "null"...)
		case v.Len() == 0:
			return append(out, "[]"...)
		}
		for i := range v.Len() {
			out = appendLine(append(out, "[,"[min(i, 1)]), depth+1)
			out = l.value(out, v.Index(i), f.elem, depth+1)
		}
		return append(appendLine(out, depth), ']')
	case reflect.Struct:
		out, _ = l.fields(out, v, f, depth+1, '{')
		return append(appendLine(out, depth), '}')
	}
	return l.asUsual(out, v.Interface(), depth)
}

// fields writes the fields of v, the first one behind before, and returns what comes
// before the next one.
func (l *layout) fields(out []byte, v reflect.Value, f *shape, depth int, before byte) ([]byte, byte) {
	for i := range f.fields {
		field := &f.fields[i]
		if field.name == "" {
			out, before = l.fields(out, v.Field(field.index), field.shape, depth, before)
			continue
		}
		out = append(appendLine(append(out, before), depth), field.name...)
		out = l.value(out, v.Field(field.index), field.shape, depth)
		before = ','
	}
	return out, before
}

// text writes a string.
func (l *layout) text(out []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return l.asUsual(out, s, 0)
		}
	}
	return append(append(append(out, '"'), s...), '"')
}

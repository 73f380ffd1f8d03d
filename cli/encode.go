package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// encodeJSON writes v for people and programs. Text stays exactly what it was,
// but characters that control a terminal or reorder a line leave as escapes.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	err := writeJSON(&b, v)
	return b.Bytes(), err
}

// list is a list of which each element is made when it is written.
type list struct {
	length int
	at     func(i int) any
}

// MarshalJSON is for whoever writes such a list as a value among others.
func (l list) MarshalJSON() ([]byte, error) {
	all := make([]any, l.length)
	for i := range all {
		all[i] = l.at(i)
	}
	return json.Marshal(all)
}

// listOf is the list that v is, of length 0 for anything else.
func listOf(v reflect.Value) list {
	if l, ok := v.Interface().(list); ok {
		return l
	}
	if v.Kind() != reflect.Slice {
		return list{}
	}
	return list{v.Len(), func(i int) any { return v.Index(i).Addr().Interface() }}
}

// writeJSON writes v as encodeJSON returns it. Of a struct it lays out its lists in
// spans, on all processors, and holds a few spans at a time: the findings in a large
// repository are megabytes.
func writeJSON(to io.Writer, v any) error {
	fields, l := reflect.ValueOf(v), newLayout()
	if !plainFields(fields) {
		out, err := l.append(nil, v, 0)
		return write(to, append(out, '\n'), err)
	}
	for i := range fields.NumField() {
		head := appendLine([]byte{"{,"[min(i, 1)]}, 1)
		head = fmt.Appendf(head, "%q: ", fields.Type().Field(i).Tag.Get("json"))
		field := fields.Field(i)
		var err error
		if all := listOf(field); all.length > 0 {
			err = errors.Join(write(to, head, nil), writeList(to, all))
		} else {
			head, err = l.append(head, field.Interface(), 1)
			err = write(to, head, err)
		}
		if err != nil {
			return err
		}
	}
	return write(to, []byte("\n}\n"), nil)
}

func write(to io.Writer, out []byte, err error) error {
	if err == nil {
		_, err = to.Write(out)
	}
	return err
}

// span is how many elements of a list are laid out in one go.
const span = 64

// writeList writes a list that is a field of the outermost object.
func writeList(to io.Writer, all list) error {
	workers := runtime.GOMAXPROCS(0)
	layouts := make(chan *layout, workers+1) // those that are free
	for range cap(layouts) {
		layouts <- newLayout()
	}
	spans := make(chan chan *layout, workers) // in the order of the list
	var stopped atomic.Bool
	go func() {
		defer close(spans)
		for from := 0; from < all.length && !stopped.Load(); from += span {
			l, done := <-layouts, make(chan *layout, 1)
			spans <- done
			go func() {
				l.span(all, from, min(from+span, all.length))
				done <- l
			}()
		}
	}()
	var err error
	for done := range spans {
		l := <-done
		if err == nil {
			err = write(to, l.out, l.err)
			stopped.Store(err != nil)
		}
		layouts <- l
	}
	return write(to, append(appendLine(nil, 1), ']'), err)
}

// plainFields reports whether v is a struct of which each field is written under
// its own name, always: none stands for fields of its own, none is left out.
func plainFields(v reflect.Value) bool {
	if v.Kind() != reflect.Struct || v.NumField() == 0 {
		return false
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if tag := f.Tag.Get("json"); !f.IsExported() || tag == "" || tag == "-" || strings.Contains(tag, ",") {
			return false
		}
	}
	return true
}

// layout writes values as people read them.
type layout struct {
	compact bytes.Buffer
	enc     *json.Encoder
	// out is the span that was laid out last, err why something could not be.
	out []byte
	err error
}

func newLayout() *layout {
	l := &layout{}
	l.enc = json.NewEncoder(&l.compact)
	l.enc.SetEscapeHTML(false)
	return l
}

// span lays out a part of a list.
func (l *layout) span(all list, from, to int) {
	l.out, l.err = l.out[:0], nil
	for n := from; n < to && l.err == nil; n++ {
		l.out = appendLine(append(l.out, "[,"[min(n, 1)]), 2)
		l.out, l.err = l.append(l.out, all.at(n), 2)
	}
}

func (l *layout) append(out []byte, v any, depth int) ([]byte, error) {
	if v == nil {
		return append(out, "null"...), nil
	}
	l.err = nil
	out = l.value(out, reflect.ValueOf(v), shapeOf(reflect.TypeOf(v)), depth)
	return out, l.err
}

// asUsual writes v as encoding/json does.
func (l *layout) asUsual(out []byte, v any, depth int) []byte {
	l.compact.Reset()
	if err := l.enc.Encode(v); err != nil {
		l.err = cmp.Or(l.err, err)
		return out
	}
	// The encoder ends with a line feed.
	return appendLaidOut(out, bytes.TrimSuffix(l.compact.Bytes(), []byte("\n")), depth)
}

// appendLaidOut indents compact JSON as encoding/json does, and escapes what can't
// be printed, both in one pass.
func appendLaidOut(out, compact []byte, depth int) []byte {
	for i := 0; i < len(compact); {
		c := compact[i]
		i++
		switch c {
		case '"':
			end := i
			for compact[end] != '"' {
				if compact[end] == '\\' {
					end++
				}
				end++
			}
			out = append(out, '"')
			out = appendPrintable(out, compact[i:end+1])
			i = end + 1
		case '{', '[':
			out = append(out, c)
			// What is empty stays on its line.
			if compact[i] == '}' || compact[i] == ']' {
				out = append(out, compact[i])
				i++
				continue
			}
			depth++
			out = appendLine(out, depth)
		case '}', ']':
			depth--
			out = append(appendLine(out, depth), c)
		case ',':
			out = appendLine(append(out, c), depth)
		case ':':
			out = append(out, ':', ' ')
		default:
			out = append(out, c)
		}
	}
	return out
}

// appendLine begins a line.
func appendLine(out []byte, depth int) []byte {
	const usual = "\n                "
	if n := 1 + 2*depth; n <= len(usual) {
		return append(out, usual[:n]...)
	}
	out = append(out, '\n')
	for range depth {
		out = append(out, "  "...)
	}
	return out
}

// appendPrintable writes what can't be printed as escapes.
func appendPrintable(out, text []byte) []byte {
	for {
		next := 0
		for next < len(text) && ' ' <= text[next] && text[next] <= '~' {
			next++
		}
		out = append(out, text[:next]...)
		if next == len(text) {
			return out
		}
		r, size := utf8.DecodeRune(text[next:])
		text = text[next+size:]
		switch {
		case unicode.IsPrint(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
}

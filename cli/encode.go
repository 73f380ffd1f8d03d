package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
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

// chunk is how many bytes are written at a time.
const chunk = 64 << 10

// writeJSON writes v as encodeJSON returns it. Of a struct it holds one element
// of one list at a time: the findings in a large repository are megabytes.
func writeJSON(to io.Writer, v any) error {
	j := jsonWriter{out: make([]byte, 0, 2*chunk), to: to}
	fields := reflect.ValueOf(v)
	if !plainFields(fields) {
		j.value(v, 0)
		return j.end()
	}
	for i := range fields.NumField() {
		j.out = appendLine(append(j.out, "{,"[min(i, 1)]), 1)
		j.out = fmt.Appendf(j.out, "%q: ", fields.Type().Field(i).Tag.Get("json"))
		field := fields.Field(i)
		if field.Kind() != reflect.Slice || field.Len() == 0 {
			j.value(field.Interface(), 1)
			continue
		}
		for n := range field.Len() {
			j.out = appendLine(append(j.out, "[,"[min(n, 1)]), 2)
			j.value(field.Index(n).Addr().Interface(), 2)
		}
		j.out = append(appendLine(j.out, 1), ']')
	}
	j.out = append(j.out, "\n}"...)
	return j.end()
}

// plainFields reports whether v is a struct of which each field is written under
// its own name, always: nothing embedded, nothing left out.
func plainFields(v reflect.Value) bool {
	if v.Kind() != reflect.Struct || v.NumField() == 0 {
		return false
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if tag := f.Tag.Get("json"); f.Anonymous || tag == "" || strings.Contains(tag, ",") {
			return false
		}
	}
	return true
}

// jsonWriter collects what is to be written, and keeps the first error.
type jsonWriter struct {
	to      io.Writer
	out     []byte
	compact bytes.Buffer
	enc     *json.Encoder
	err     error
}

func (j *jsonWriter) value(v any, depth int) {
	if j.enc == nil {
		j.enc = json.NewEncoder(&j.compact)
		j.enc.SetEscapeHTML(false)
	}
	j.compact.Reset()
	if err := j.enc.Encode(v); err != nil && j.err == nil {
		j.err = err
		return
	}
	// The encoder ends with a line feed.
	j.out = appendLaidOut(j.out, bytes.TrimSuffix(j.compact.Bytes(), []byte("\n")), depth)
	if len(j.out) >= chunk {
		j.flush()
	}
}

func (j *jsonWriter) flush() {
	if j.err == nil {
		_, j.err = j.to.Write(j.out)
	}
	j.out = j.out[:0]
}

func (j *jsonWriter) end() error {
	j.out = append(j.out, '\n')
	j.flush()
	return j.err
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

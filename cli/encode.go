package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// encodeJSON writes v for people and programs. Text stays exactly what it was,
// but characters that control a terminal or reorder a line leave as escapes.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return laidOut(b.Bytes()), nil
}

// laidOut indents compact JSON as encoding/json does, and escapes what can't be
// printed, both in one pass: the findings in a large repository are megabytes.
func laidOut(compact []byte) []byte {
	out := make([]byte, 0, 2*len(compact))
	depth := 0
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

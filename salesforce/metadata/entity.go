package metadata

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// named are the only entities that XML knows by itself, 0 for all others.
func named(entity []byte) rune {
	switch string(entity) {
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "amp":
		return '&'
	case "apos":
		return '\''
	case "quot":
		return '"'
	}
	return 0
}

// maxEntity is the longest reference that means something, with zeros before a
// number to spare.
const maxEntity = 32

// entity reads the reference at the beginning of text. Its size is 0 if there is
// none, or if it names what may not stand in a document.
func entity(text []byte) (r rune, size int) {
	end := bytes.IndexByte(text[:min(len(text), maxEntity)], ';')
	if end < 0 {
		return 0, 0
	}
	name := text[1:end]
	if len(name) > 1 && name[0] == '#' {
		digits, base := name[1:], 10
		if digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseUint(string(digits), base, 32)
		if err != nil || !character(rune(n)) {
			return 0, 0
		}
		return rune(n), end + 1
	}
	if r := named(name); r != 0 {
		return r, end + 1
	}
	return 0, 0
}

// character reports whether a document may hold r (XML 1.0, 2.2).
func character(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return true
	case r < 0x20, r == 0xfffe, r == 0xffff:
		return false
	}
	return utf8.ValidRune(r)
}

// plain returns what a text with references and carriage returns means. The
// scanner has checked it.
func plain(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		switch text[i] {
		case '&':
			r, size := entity(text[i:])
			if size == 0 {
				r, size = '&', 1 // it begins no reference
			}
			out = utf8.AppendRune(out, r)
			i += size
		case '\r':
			out = append(out, '\n')
			i++
			if i < len(text) && text[i] == '\n' {
				i++
			}
		default:
			out = append(out, text[i])
			i++
		}
	}
	return out
}

// lineFeeds turns the line ends of other systems into line feeds.
func lineFeeds(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
}

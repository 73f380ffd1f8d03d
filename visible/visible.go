// Package visible is the one place where text from an org, a file, a server or
// a person is made safe to show. What it returns holds no control characters
// and nothing that is invisible or reorders its surroundings: such characters
// appear as escapes like <U+202E>, so that what is drawn is what is there.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks may follow one another before the rest
// are shown as a count: more is an attack on the terminal, not a language.
const maxMarks = 4

// Line makes s safe to show on one line. Line breaks and tabs become spaces.
func Line(s string) string {
	if plain(s) {
		return s
	}
	return clean(s, false)
}

// Text makes s safe to show on several lines: line feeds stay, CR LF becomes LF.
func Text(s string) string {
	if plain(s) {
		return s
	}
	return clean(strings.ReplaceAll(s, "\r\n", "\n"), true)
}

// plain is the fast way out: printable ASCII needs nothing.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

func clean(s string, lines bool) string {
	var b strings.Builder
	marks := 0
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, "<%02X>", s[0])
			s = s[1:]
			continue
		}
		s = s[size:]
		if unicode.Is(unicode.M, r) {
			if marks++; marks > maxMarks {
				continue
			}
			b.WriteRune(r)
			continue
		}
		marks = 0
		switch {
		case r == '\n' && lines:
			b.WriteByte('\n')
		case r == '\n' || r == '\t' || r == '\r' && strings.HasPrefix(s, "\n"):
			b.WriteByte(' ')
		case hidden(r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hidden reports whether a character controls the terminal, cannot be seen, or
// changes how its neighbours are read.
func hidden(r rune) bool {
	switch {
	case r == ' ' || r == 0x00a0 || r == 0x3000:
		return false
	case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r),
		unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r), unicode.Is(unicode.Zs, r):
		return true
	case r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, r == 0x2800: // blank letters
		return true
	}
	return false
}

// Package visible is the one place where text from an org, a file, a server or
// a person is made safe to show. What it returns holds no control characters
// and nothing that is invisible or reorders its surroundings: such characters
// appear as escapes like <U+202E>, so that what is drawn is what is there.
//
// Emoji are the exception. Terminals disagree on how wide a sequence of several
// characters is, and a wrong width breaks the whole line. So joiners, variation
// selectors and skin tones disappear inside of them: a family is drawn as its
// members, side by side.
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
	return clean(s, true)
}

// Drawn makes text safe that a widget has drawn, which holds no control
// characters but line feeds and those of its styles and links. What is hidden becomes
// U+FFFD, and a run of combining marks ends after a few.
func Drawn(s string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			if marks++; marks > maxMarks {
				return -1
			}
			return r
		}
		marks = 0
		if r != '\n' && r != '\x1b' && r != '\a' && hidden(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

// Cut is s within that many bytes. Where something is missing it says so, and it cuts no
// character apart. What it returns is not yet safe to show.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
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

// cleaner writes characters one after the other.
type cleaner struct {
	strings.Builder
	// base is the character that a mark would attach to, 0 if there is none.
	base rune
	// marks is how many marks base has.
	marks int
	// last is what was written last, and joined how many letters in a row have
	// grown together with the one before.
	last   rune
	joined int
}

func clean(s string, lines bool) string {
	var c cleaner
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		bad := r == utf8.RuneError && size == 1
		raw := s[0]
		s = s[size:]
		switch {
		case ' ' <= r && r <= '~':
			c.write(r)
		case bad:
			c.escape("<%02X>", raw)
		case r == '\r' && strings.HasPrefix(s, "\n"):
		case r == '\n' && lines:
			c.write(r)
		case r == '\n' || r == '\t':
			c.write(' ')
		case c.inEmoji(r, s):
		case mark(r) && !hidden(r) && c.base != 0:
			c.mark(r)
		case mark(r) || hidden(r) || c.overgrown(r):
			c.escape("<U+%04X>", r)
		default:
			c.write(r)
		}
	}
	c.tellMarks()
	return c.String()
}

func (c *cleaner) write(r rune) {
	c.tellMarks()
	c.WriteRune(r)
	c.base, c.last = r, r
	if unicode.IsSpace(r) {
		c.base = 0
	}
}

// escape writes an escape. A mark behind it would attach to its last character,
// so it is no base.
func (c *cleaner) escape(format string, value any) {
	c.tellMarks()
	fmt.Fprintf(c, format, value)
	c.base, c.last = 0, 0
}

func (c *cleaner) mark(r rune) {
	if c.marks++; c.marks <= maxMarks {
		c.WriteRune(r)
		c.last = r
	}
}

// overgrown counts letters that grow together with the one before, as Indic
// conjuncts and Hangul initials do, and reports whether there are too many:
// terminals measure all of them as one.
func (c *cleaner) overgrown(r rune) bool {
	grows := false
	switch c.last {
	case 0x094d, 0x09cd, 0x0acd, 0x0b4d, 0x0c4d, 0x0d4d:
		grows = unicode.IsLetter(r)
	default:
		grows = initial(c.last) && initial(r)
	}
	if !grows {
		c.joined = 0
		return false
	}
	c.joined++
	return c.joined > maxMarks
}

func initial(r rune) bool { return 0x1100 <= r && r <= 0x115f || 0xa960 <= r && r <= 0xa97c }

// tellMarks ends the marks of the last base and says how many were left out.
func (c *cleaner) tellMarks() {
	if c.marks > maxMarks {
		fmt.Fprintf(c, "<+%d marks>", c.marks-maxMarks)
	}
	c.marks = 0
}

// inEmoji reports whether r only changes or joins the emoji before it.
func (c *cleaner) inEmoji(r rune, rest string) bool {
	switch {
	case r == 0x200d:
		next, _ := utf8.DecodeRuneInString(rest)
		return pictograph(c.base) && pictograph(next)
	case r == 0xfe0e || r == 0xfe0f:
		return pictograph(c.base) || c.base < 0x80 && strings.ContainsRune("#*0123456789", c.base)
	case 0x1f3fb <= r && r <= 0x1f3ff:
		return pictograph(c.base)
	}
	return false
}

// pictograph reports whether r may be part of an emoji. The exact list
// (Extended_Pictographic) is not in the standard library; the symbols around it
// do no harm here.
func pictograph(r rune) bool {
	return r != utf8.RuneError && unicode.Is(unicode.So, r) || 0x2190 <= r && r <= 0x21ff || 0x1f000 <= r && r <= 0x1faff ||
		r == 0x203c || r == 0x2049 || r == 0x3030
}

// mark reports whether r is drawn onto or into the character before it. Hangul
// vowels and finals and the Thai and Lao AM are letters that do.
func mark(r rune) bool {
	return unicode.Is(unicode.M, r) || 0x1160 <= r && r <= 0x11ff || 0xd7b0 <= r && r <= 0xd7ff || r == 0x0e33 || r == 0x0eb3
}

// hidden reports whether a character controls the terminal, cannot be seen,
// changes how its neighbours are read, or is none that this program knows.
func hidden(r rune) bool {
	switch {
	case r == ' ' || r == 0x00a0 || r == 0x3000:
		return false
	case r == 0x2800, r == 0x1d159: // blank symbols
		return true
	case unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
		return true
	}
	// What is left out: separators, format and control characters, private use,
	// and what is not assigned.
	return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S)
}

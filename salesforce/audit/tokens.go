package audit

import (
	"unicode"
	"unicode/utf8"
)

// token is a word of a folded text.
type token struct{ from, to int }

// script tells apart what is written with spaces between words and what is not.
type script int

const (
	noWord script = iota
	spaced
	unspaced
)

func scriptOf(r rune) script {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai), r == 'ー':
		return unspaced
	case r == '_', unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mc, r):
		return spaced
	}
	return noWord
}

// tokens splits a folded text into words. A stretch of a script without spaces is
// one word.
func tokens(text string) []token {
	var out []token
	from, in := 0, noWord
	for i, r := range text {
		s := scriptOf(r)
		if s == in {
			continue
		}
		if in != noWord {
			out = append(out, token{from, i})
		}
		from, in = i, s
	}
	if in != noWord {
		out = append(out, token{from, len(text)})
	}
	return out
}

// startsWord reports whether a word may begin at i: what stands before is not of
// the same word. In scripts without spaces one may begin anywhere.
func startsWord(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	at, _ := utf8.DecodeRuneInString(text[i:])
	return i == 0 || scriptOf(at) != spaced || scriptOf(before) != spaced || before == '_'
}

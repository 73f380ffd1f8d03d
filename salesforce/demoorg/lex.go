package demoorg

import "strings"

type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenNumber // numbers, dates and times
	tokenText
	tokenSymbol
)

type token struct {
	kind tokenKind
	text string
	pos  int
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isSpace(c byte) bool  { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// lex cuts a statement into tokens. The last one is always tokenEnd.
func lex(s string) ([]token, error) {
	var tokens []token
	for i := 0; i < len(s); {
		c := s[i]
		start := i
		switch {
		case isSpace(c):
			i++
		case isLetter(c):
			for i < len(s) && (isLetter(s[i]) || isDigit(s[i]) || s[i] == '.' || s[i] == ':') {
				i++
			}
			tokens = append(tokens, token{tokenWord, s[start:i], start})
		case isDigit(c) || c == '-' && i+1 < len(s) && isDigit(s[i+1]):
			for i++; i < len(s) && (isDigit(s[i]) || isLetter(s[i]) || strings.IndexByte(".:+-", s[i]) >= 0); {
				i++
			}
			tokens = append(tokens, token{tokenNumber, s[start:i], start})
		case c == '\'':
			text, end, ok := unquote(s, i)
			if !ok {
				return nil, &queryError{"MALFORMED_QUERY", "unexpected end of statement: a quoted string is not closed", start}
			}
			tokens = append(tokens, token{tokenText, text, start})
			i = end
		case strings.IndexByte("(),", c) >= 0:
			i++
			tokens = append(tokens, token{tokenSymbol, s[start:i], start})
		case strings.IndexByte("=<>!", c) >= 0:
			i++
			if i < len(s) && (c == '!' || c == '<' || c == '>') && (s[i] == '=' || c == '<' && s[i] == '>') {
				i++
			}
			tokens = append(tokens, token{tokenSymbol, s[start:i], start})
			if s[start:i] == "!" {
				return nil, malformed(tokens[len(tokens)-1])
			}
		default:
			return nil, malformed(token{tokenSymbol, s[i : i+1], start})
		}
	}
	return append(tokens, token{tokenEnd, "", len(s)}), nil
}

// unquote reads a string in single quotes that opens at i; end is behind its
// closing quote.
func unquote(s string, i int) (text string, end int, ok bool) {
	var b strings.Builder
	for i++; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'':
			return b.String(), i + 1, true
		case c == '\\' && i+1 < len(s):
			i++
			switch s[i] {
			case 'n':
				b.WriteByte('\n')
			case 'r':
				b.WriteByte('\r')
			case 't':
				b.WriteByte('\t')
			case '%', '_': // stays escaped for LIKE
				b.WriteByte('\\')
				b.WriteByte(s[i])
			default:
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", i, false
}

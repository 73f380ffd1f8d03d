package metadata

import "strings"

// Who types an address into a file by hand writes a=1&b=2, and XML wants &amp; there.
// Such a message would be left out for a character that nobody can take for another.

// bareAmpersand begins what is said of an & that begins no reference.
const bareAmpersand = malformed + "invalid character entity "

// withAmpersands writes a text with &amp; in place of each & that begins no
// reference. Comments and sections keep theirs.
func withAmpersands(text []byte) []byte {
	var out []byte
	done := 0
	s := scanner{data: text}
	for {
		if s.next() != atEnd {
			continue
		}
		if !strings.HasPrefix(s.fault, bareAmpersand) {
			return append(out, text[done:]...)
		}
		out = append(append(out, text[done:s.pos]...), "&amp;"...)
		s.pos++
		s.fault, done = "", s.pos
	}
}

// reference is what a text begins with, as &nbsp; or & alone. What follows an & in an
// address may be a secret, and is not repeated.
func reference(text []byte) string {
	for i, c := range text[1:] {
		switch {
		case c == ';':
			return string(text[:i+2])
		case c >= 0x80 || c != '#' && !inName[c]:
			return "&"
		}
	}
	return "&"
}

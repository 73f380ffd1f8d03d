package metadata

// Who types an address into a file by hand writes a=1&b=2, and XML wants &amp; there.
// Such a message would be left out for a character that nobody can take for another, so
// the scanner takes it for itself, and the first one is told.

// tellAmpersand says where an & in a text begins no reference.
func (f *File) tellAmpersand(text []byte, at int) {
	said := malformed + "invalid character entity " + reference(text[at:min(len(text), at+12)]) + ", where &amp; should stand; it was read as the & itself"
	f.Problems = append(f.Problems, SyntaxError{lineOf(text, at), said})
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

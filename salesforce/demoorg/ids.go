package demoorg

import "strings"

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// newID makes the n-th id of the kind that the three-character prefix names, in
// the 18-character form.
func newID(prefix string, n int) string {
	var tail [10]byte
	for i := len(tail) - 1; i >= 0; i-- {
		tail[i] = base62[n%62]
		n /= 62
	}
	return id18(prefix + "5g" + string(tail[:]))
}

// id18 appends the three check characters that make a 15-character id safe
// where case is lost (Salesforce Help on id conversion): each stands for five
// characters and has a bit for every capital among them.
func id18(id15 string) string {
	var b strings.Builder
	b.WriteString(id15)
	for part := range 3 {
		bits := 0
		for i := range 5 {
			if c := id15[part*5+i]; c >= 'A' && c <= 'Z' {
				bits |= 1 << i
			}
		}
		b.WriteByte("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits])
	}
	return b.String()
}

// sameID compares two ids of which either may have 15 characters.
func sameID(a, b string) bool {
	if len(a) == 15 && len(b) == 18 {
		a = id18(a)
	}
	if len(b) == 15 && len(a) == 18 {
		b = id18(b)
	}
	return a == b
}

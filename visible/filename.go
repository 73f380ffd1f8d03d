package visible

import "strings"

// FileName makes s a part of a file's name that is safe on every system: small
// letters, digits, dots and single hyphens, at most 100 of them. It can come out empty.
func FileName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 100 {
			break
		}
	}
	return strings.Trim(b.String(), "-.")
}

package metadata

import (
	"bytes"
	"slices"
	"strings"
)

// resume goes on behind a fault with the next child of the root that has one of
// the names, whatever stands between. Names have the root's prefix.
func (s *scanner) resume(names ...string) bool {
	if !strings.HasPrefix(s.fault, malformed) || len(s.open) == 0 {
		return false
	}
	root := s.open[0]
	prefix := string(root[:bytes.IndexByte(root, ':')+1])
	for at := s.after; ; at++ {
		next := bytes.IndexByte(s.data[at:], '<')
		if next < 0 {
			return false
		}
		at += next
		rest := s.data[at:]
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			at = commentEnd(s.data, at+len("<!--")) - 1
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			end := bytes.Index(rest, []byte("]]>"))
			if end < 0 {
				return false
			}
			at += end
		case slices.ContainsFunc(names, func(name string) bool { return begins(rest, "<"+prefix+name) }):
			s.pos, s.after, s.fault, s.ended, s.open = at, at+1, "", false, s.open[:1]
			return true
		}
	}
}

// begins reports whether text begins with that much of a tag, and its name ends there.
func begins(text []byte, tag string) bool {
	return len(text) > len(tag) && string(text[:len(tag)]) == tag && !inName[text[len(tag)]]
}

// commentEnd finds where a comment ends that may have others in it, the end of
// the document if it doesn't.
func commentEnd(data []byte, at int) int {
	for depth := 1; depth > 0; {
		next := bytes.Index(data[at:], []byte("--"))
		if next < 0 {
			return len(data)
		}
		at += next
		switch {
		case bytes.HasPrefix(data[at:], []byte("-->")):
			depth--
			at += len("-->")
		case at >= 2 && string(data[at-2:at]) == "<!":
			depth++
			at += len("--")
		default:
			at++
		}
	}
	return at
}

package history

import (
	"bytes"
	"strings"
)

// apart finds the outbound messages in a workflow file that is written as
// Salesforce writes them: UTF-8, no comments, no attributes but those of the root,
// no instructions. Of every other file it says false, also of one in which a
// message may stand where it does not look.
func apart(data []byte) (parts [][]byte, ok bool) {
	data, ok = inRoot(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if !ok || bytes.Contains(data, []byte("<!")) || bytes.Contains(data, []byte("<?")) || bytes.Contains(data, []byte("<<")) {
		return nil, false
	}
	rest := data
	for {
		open := bytes.IndexByte(rest, '<')
		if open < 0 {
			return parts, bytes.Count(data, outbound) == 2*len(parts)
		}
		rest = rest[open:]
		name := plainName(rest[1:])
		if name == 0 {
			return nil, false
		}
		// The closing tag is the opening one with a stroke.
		tag := rest[:name+2]
		end := bytes.Index(rest, append(append(make([]byte, 0, 64), "</"...), tag[1:]...))
		if end < 0 {
			return nil, false
		}
		end += len(tag) + 1
		if bytes.Equal(tag[1:name+1], outbound) {
			parts = append(parts, rest[:end])
		}
		rest = rest[end:]
	}
}

var outbound = []byte("outboundMessages")

// plainName is how long the name of a tag without attributes is, 0 where it is
// another sort of tag.
func plainName(tag []byte) int {
	for i, c := range tag {
		switch {
		case c == '>':
			return i
		case (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'):
			return 0
		}
	}
	return 0
}

// inRoot is what stands inside the element Workflow.
func inRoot(data []byte) ([]byte, bool) {
	data = bytes.TrimSpace(data)
	if bytes.HasPrefix(data, []byte("<?xml ")) {
		end := bytes.Index(data, []byte("?>"))
		if end < 0 {
			return nil, false
		}
		declared := strings.ToLower(string(data[:min(end, 200)]))
		if strings.Contains(declared, "encoding") && !strings.Contains(declared, `encoding="utf-8"`) {
			return nil, false
		}
		data = bytes.TrimSpace(data[end+2:])
	}
	rest, ok := bytes.CutPrefix(data, []byte("<Workflow"))
	if !ok {
		return nil, false
	}
	end := bytes.IndexByte(rest, '>')
	if end < 0 || bytes.HasSuffix(rest[:end], []byte("/")) {
		return nil, false
	}
	if name := rest[:end]; len(name) > 0 && name[0] != ' ' || bytes.IndexByte(name, '<') >= 0 || bytes.Count(name, []byte(`"`)) > 4 {
		return nil, false
	}
	return bytes.CutSuffix(rest[end+1:], []byte("</Workflow>"))
}

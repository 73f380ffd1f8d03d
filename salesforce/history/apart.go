package history

import (
	"bytes"
	"strings"
)

// apart finds the outbound messages in a workflow file that is written as
// Salesforce writes them: UTF-8, no comments, no attributes but those of the root,
// no instructions. Of every other file it says false.
func apart(data []byte) (parts [][]byte, ok bool) {
	data, ok = inRoot(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if !ok {
		return nil, false
	}
	depth, start := 0, -1
	for at := 0; ; {
		open := bytes.IndexByte(data[at:], '<')
		if open < 0 {
			return parts, depth == 0
		}
		open += at
		end := bytes.IndexByte(data[open:], '>')
		if end < 0 {
			return nil, false
		}
		end += open
		tag := data[open+1 : end]
		at = end + 1
		switch {
		case len(tag) == 0 || bytes.ContainsAny(tag, "<!?\"'"):
			return nil, false
		case tag[0] == '/':
			if depth--; depth < 0 {
				return nil, false
			}
			if depth == 0 && start >= 0 {
				parts, start = append(parts, data[start:at]), -1
			}
		case tag[len(tag)-1] == '/':
			if depth == 0 && bytes.Contains(tag, []byte("outboundMessages")) {
				return nil, false
			}
		default:
			if depth == 0 && string(tag) == "outboundMessages" {
				start = open
			} else if depth == 0 && bytes.HasSuffix(tag[:nameEnd(tag)], []byte("outboundMessages")) {
				return nil, false
			}
			depth++
		}
	}
}

func nameEnd(tag []byte) int {
	if i := bytes.IndexAny(tag, " \t\r\n"); i >= 0 {
		return i
	}
	return len(tag)
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

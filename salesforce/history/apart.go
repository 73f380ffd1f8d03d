package history

import (
	"bytes"
	"slices"
	"strings"

	"sidestep/salesforce"
	"sidestep/salesforce/metadata"
)

// element is a child of the root. Offsets are those inside the root.
type element struct {
	start, end int
	// message is what it defines, nil where it is no outbound message.
	message *salesforce.Message
}

// layout is where the elements of the last version of a file stand.
type layout struct {
	text     []byte
	elements []element
}

// maxLaidOut is how many bytes of last versions are kept.
const maxLaidOut = 16 << 20

// apart finds the outbound messages in a workflow file that is written as
// Salesforce writes them: UTF-8, no comments, no attributes but those of the root,
// no instructions. Of every other file it says false, also of one in which a
// message may stand where it does not look. Most commits change little of a file,
// so only what differs from its last version is looked at.
func (v *versions) apart(data []byte, doc metadata.Document) ([]*salesforce.Message, bool) {
	text, ok := inRoot(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if !ok {
		return nil, false
	}
	was := v.last[doc]
	same := commonPrefix(was.text, text)
	end := commonSuffix(was.text[same:], text[same:])
	before, after := 0, len(was.elements)
	for before < after && was.elements[before].end <= same {
		before++
	}
	for after > before && was.elements[after-1].start >= len(was.text)-end {
		after--
	}
	from, to, moved := 0, len(text), len(text)-len(was.text)
	if before > 0 {
		from = was.elements[before-1].end
	}
	if after < len(was.elements) {
		to = was.elements[after].start + moved
	}
	between, ok := v.cut(text, from, to, doc)
	if !ok {
		return nil, false
	}
	elements := slices.Concat(was.elements[:before], between, was.elements[after:])
	for i := before + len(between); i < len(elements); i++ {
		elements[i].start, elements[i].end = elements[i].start+moved, elements[i].end+moved
	}
	v.keepLayout(doc, layout{append(was.text[:0], text...), elements}, moved)
	var messages []*salesforce.Message
	for _, e := range elements {
		if e.message != nil {
			messages = append(messages, e.message)
		}
	}
	return messages, true
}

// keepLayout remembers a file's last version, and forgets all when they are many.
func (v *versions) keepLayout(doc metadata.Document, l layout, more int) {
	if v.laidOut += more; v.laidOut > maxLaidOut {
		clear(v.last)
		v.laidOut = len(l.text)
	}
	v.last[doc] = l
}

// cut finds the elements in a part of a file that begins and ends between two.
func (v *versions) cut(text []byte, from, to int, doc metadata.Document) ([]element, bool) {
	part := text[from:to]
	if bytes.Contains(part, []byte("<!")) || bytes.Contains(part, []byte("<?")) || bytes.Contains(part, []byte("<<")) {
		return nil, false
	}
	var elements []element
	messages := 0
	for at := 0; ; {
		open := bytes.IndexByte(part[at:], '<')
		if open < 0 {
			return elements, bytes.Count(part, outbound) == 2*messages && blank(part[at:])
		}
		if !blank(part[at : at+open]) {
			return nil, false
		}
		at += open
		name := plainName(part[at+1:])
		if name == 0 {
			return nil, false
		}
		// The closing tag is the opening one with a stroke.
		tag := part[at : at+name+2]
		end := bytes.Index(part[at:], append(append(make([]byte, 0, 64), "</"...), tag[1:]...))
		if end < 0 {
			return nil, false
		}
		e := element{start: from + at, end: from + at + end + len(tag) + 1}
		if bytes.Equal(tag[1:name+1], outbound) {
			messages++
			if e.message = v.parsePart(text[e.start:e.end], doc); e.message == nil {
				return nil, false
			}
		}
		elements, at = append(elements, e), e.end-from
	}
}

// parsePart reads a message that stands apart, each only once. What is not perfect
// it leaves to the reading of the whole document, which knows the lines.
func (v *versions) parsePart(part []byte, doc metadata.Document) *salesforce.Message {
	if m := v.parsed[doc.Object][string(part)]; m != nil {
		return m
	}
	f, err := doc.Read(slices.Concat([]byte("<Workflow>"), part, []byte("</Workflow>")))
	if err != nil || len(f.Problems) > 0 || len(f.Messages) != 1 {
		return nil
	}
	m := v.intern(f.Messages[0])
	if v.parsed[doc.Object] == nil {
		v.parsed[doc.Object] = map[string]*salesforce.Message{}
	}
	v.parsed[doc.Object][string(part)] = m
	return m
}

// block is how many bytes are compared at a time.
const block = 256

func commonPrefix(a, b []byte) (n int) {
	most := min(len(a), len(b))
	for n+block <= most && bytes.Equal(a[n:n+block], b[n:n+block]) {
		n += block
	}
	for n < most && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b []byte) (n int) {
	most := min(len(a), len(b))
	a, b = a[len(a)-most:], b[len(b)-most:]
	for n+block <= most && bytes.Equal(a[most-n-block:most-n], b[most-n-block:most-n]) {
		n += block
	}
	for n < most && a[most-n-1] == b[most-n-1] {
		n++
	}
	return n
}

// blank reports whether nothing stands between two elements. What does may be
// left of a merge conflict.
func blank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

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

package history

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"sidestep/salesforce"
	"sidestep/salesforce/metadata"
)

// version is what a blob means depends on: its path tells the object.
type version struct {
	blob string
	doc  metadata.Document
}

// content is what a version holds.
type content struct {
	// messages that say the same are the same pointer.
	messages []*salesforce.Message
	// trouble is the first thing that can't be read, "" if there is none; line is
	// where it stands, 0 when it is the whole version.
	trouble string
	line    int
}

// versions are the contents that were read, each once.
type versions struct {
	lock   sync.Mutex
	read   map[version]content
	parsed map[string]map[string]*salesforce.Message
	same   map[string]*salesforce.Message
}

// readVersions reads the content of every version of every file that matters.
func (r *reading) readVersions(ctx context.Context) error {
	r.versions = versions{read: map[version]content{}, parsed: map[string]map[string]*salesforce.Message{}, same: map[string]*salesforce.Message{}}
	// The versions of a file lie side by side in a pack: asking for them one after
	// the other is several times faster than in any other order.
	order := slices.Clone(r.touches)
	slices.SortStableFunc(order, func(a, b touch) int { return strings.Compare(a.file.path, b.file.path) })
	docs := map[string][]metadata.Document{}
	var ids []string
	want := func(id string, doc metadata.Document) {
		if id == "" || slices.Contains(docs[id], doc) {
			return
		}
		if docs[id] == nil {
			ids = append(ids, id)
		}
		docs[id] = append(docs[id], doc)
	}
	for _, t := range order {
		want(t.after, t.file.doc)
		for _, id := range t.before {
			want(id, t.file.doc)
		}
	}
	for _, e := range r.head {
		if e.doc.Defines() {
			want(e.blob, e.doc)
		}
	}
	ids, err := r.here(ctx, ids)
	if err != nil {
		return err
	}
	return r.readBlobs(ctx, ids, func(b blob) {
		for _, doc := range docs[b.id] {
			c := content{trouble: b.trouble}
			if b.trouble == "" {
				c = r.versions.parse(b.data, doc)
			}
			r.versions.lock.Lock()
			r.versions.read[version{b.id, doc}] = c
			r.versions.lock.Unlock()
		}
	})
}

// here leaves out the blobs that a partial clone lacks.
func (r *reading) here(ctx context.Context, ids []string) ([]string, error) {
	if !r.partial {
		return ids, nil
	}
	present := make(map[string]bool, len(ids))
	for _, id := range ids {
		present[id] = false
	}
	if err := r.markPresent(ctx, present); err != nil {
		return nil, err
	}
	if r.absent == nil {
		r.absent = map[string]bool{}
	}
	return slices.DeleteFunc(ids, func(id string) bool {
		if !present[id] {
			r.absent[id] = true
		}
		return !present[id]
	}), nil
}

// of is what a blob holds as a version of a file.
func (v *versions) of(id string, doc metadata.Document) content { return v.read[version{id, doc}] }

// parse reads one version. Most commits change one message of many, or none, so
// the messages are parsed apart and each of them only once.
func (v *versions) parse(data []byte, doc metadata.Document) content {
	if parts, ok := apart(data); ok {
		if messages, ok := v.parseParts(parts, doc); ok {
			return content{messages: messages}
		}
	}
	f, err := doc.Read(data)
	var c content
	for _, m := range f.Messages {
		c.messages = append(c.messages, v.intern(m))
	}
	if bad, ok := err.(*metadata.SyntaxError); ok {
		c.trouble, c.line = bad.Msg, bad.Line
	} else if err != nil {
		c.trouble = err.Error()
	} else if len(f.Problems) > 0 {
		c.trouble, c.line = f.Problems[0].Msg, f.Problems[0].Line
	}
	return c
}

// parseParts reads messages that stand apart. It leaves what is not perfect to
// the reading of the whole document, which knows the lines.
func (v *versions) parseParts(parts [][]byte, doc metadata.Document) ([]*salesforce.Message, bool) {
	messages := make([]*salesforce.Message, 0, len(parts))
	for _, part := range parts {
		v.lock.Lock()
		m := v.parsed[doc.Object][string(part)]
		v.lock.Unlock()
		if m == nil {
			f, err := doc.Read(slices.Concat([]byte("<Workflow>"), part, []byte("</Workflow>")))
			if err != nil || len(f.Problems) > 0 || len(f.Messages) != 1 {
				return nil, false
			}
			m = v.intern(f.Messages[0])
			v.lock.Lock()
			if v.parsed[doc.Object] == nil {
				v.parsed[doc.Object] = map[string]*salesforce.Message{}
			}
			v.parsed[doc.Object][string(part)] = m
			v.lock.Unlock()
		}
		messages = append(messages, m)
	}
	return messages, true
}

// intern gives messages that say the same the same address.
func (v *versions) intern(m salesforce.Message) *salesforce.Message {
	text, err := json.Marshal(m)
	if err != nil {
		return &m
	}
	v.lock.Lock()
	defer v.lock.Unlock()
	kept := cmp.Or(v.same[string(text)], &m)
	v.same[string(text)] = kept
	return kept
}

package history

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
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
	lock sync.Mutex
	// wanted are those that are to be read, putOff those of a partial clone, of
	// which is not known yet whether they are here.
	wanted *queue
	putOff []treeEntry
	// read are those that are or will be read.
	read map[version]*content
	// parsed are the messages by object and text, same by what they say: both, and
	// last, belong to the one goroutine that parses.
	parsed map[string]map[string]*salesforce.Message
	same   map[string]*salesforce.Message
	// last are the last versions by file, laidOut is how many bytes they are.
	last    map[metadata.Document]layout
	laidOut int
}

func newVersions() versions {
	return versions{wanted: newQueue(), read: map[version]*content{}, parsed: map[string]map[string]*salesforce.Message{}, same: map[string]*salesforce.Message{}, last: map[metadata.Document]layout{}}
}

// forget lets go of what only the reading of versions needs.
func (v *versions) forget() { v.parsed, v.same, v.last, v.wanted = nil, nil, nil, nil }

// want asks for the content of a version, once.
func (r *reading) want(id string, doc metadata.Document) {
	r.versions.lock.Lock()
	defer r.versions.lock.Unlock()
	if _, asked := r.versions.read[version{id, doc}]; asked || id == "" {
		return
	}
	r.versions.read[version{id, doc}] = nil
	e := treeEntry{blob: id, doc: doc}
	if r.partial {
		r.versions.putOff = append(r.versions.putOff, e)
		return
	}
	r.versions.wanted.add(e)
}

// wantTouch asks for what a commit made of a file, and of what. What commits
// bring in their order, packs hold side by side: git reads that several times as
// fast as in any other order.
func (r *reading) wantTouch(t touch) {
	r.want(t.after, t.file.doc)
	for _, id := range t.before {
		r.want(id, t.file.doc)
	}
}

// readVersions reads the versions that are wanted, until no more will be.
func (r *reading) readVersions(ctx context.Context) error {
	return r.readBlobs(ctx, r.versions.wanted, func(e treeEntry, b blob) {
		c := &content{trouble: b.trouble}
		if b.trouble == "" {
			*c = r.versions.parse(b.data, e.doc)
		}
		r.versions.lock.Lock()
		r.versions.read[version{e.blob, e.doc}] = c
		r.versions.lock.Unlock()
		r.parsed.Add(1)
	})
}

// of is what a blob holds as a version of a file, nil where the clone lacks it.
func (v *versions) of(id string, doc metadata.Document) *content { return v.read[version{id, doc}] }

// parse reads one version. Most commits change one message of many, or none, so
// the messages are parsed apart and each of them only once.
func (v *versions) parse(data []byte, doc metadata.Document) content {
	if messages, ok := v.apart(data, doc); ok {
		return content{messages: messages}
	}
	f, err := doc.Read(data)
	var c content
	for _, m := range f.Messages {
		c.messages = append(c.messages, v.intern(m))
	}
	if bad, ok := errors.AsType[*metadata.SyntaxError](err); ok {
		c.trouble, c.line = bad.Msg, bad.Line
	} else if err != nil {
		c.trouble = err.Error()
	} else if len(f.Problems) > 0 {
		c.trouble, c.line = f.Problems[0].Msg, f.Problems[0].Line
	}
	return c
}

// intern gives messages that say the same the same address.
func (v *versions) intern(m salesforce.Message) *salesforce.Message {
	text, err := json.Marshal(m)
	if err != nil {
		return &m
	}
	kept := cmp.Or(v.same[string(text)], &m)
	v.same[string(text)] = kept
	return kept
}

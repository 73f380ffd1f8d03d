package files

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"sidestep/salesforce"
	"sidestep/salesforce/metadata"
)

// maxKept is how many messages and users a source may hold, some hundred times
// what large orgs have.
const maxKept = 500_000

var errTooMany = fmt.Errorf("the source holds more than %d outbound messages and users; those of this file were left out", maxKept)

// candidate is a file that may define messages or fire them.
type candidate struct {
	// name is the path inside the source, with forward slashes.
	name string
	doc  metadata.Document
	open func() (opened, error)
	// done is what was read already, nil while nothing was.
	done *parsed
}

// opened is a file while it is being read.
type opened struct {
	io.ReadCloser
	// size is what the file says of itself.
	size     int64
	modified time.Time
}

// parsed is what a candidate holds.
type parsed struct {
	file     metadata.File
	digest   digest
	modified time.Time
	err      error
}

// collection is a source while it is being read.
type collection struct {
	findings salesforce.Findings
	files    []*candidate
	// zips is how many zips lie there that were not opened.
	zips int
	// kept counts messages and users.
	kept atomic.Int64
}

func newCollection(kind salesforce.SourceKind, o Options) *collection {
	now := time.Now
	if o.Now != nil {
		now = o.Now
	}
	c := &collection{}
	c.findings.Source = salesforce.Source{Kind: kind, Name: o.Name, At: now(), AsOf: o.AsOf, Complete: true}
	return c
}

// problem notes something that may hide a message.
func (c *collection) problem(file string, line int, message string) {
	c.findings.Source.Complete = false
	c.findings.Problems = append(c.findings.Problems, salesforce.Problem{
		Source: c.findings.Source.Name, File: file, Line: line, Message: message,
	})
}

// notice notes something that hides nothing.
func (c *collection) notice(message string) {
	c.findings.Problems = append(c.findings.Problems, salesforce.Problem{
		Source: c.findings.Source.Name, Message: message, Notice: true,
	})
}

// read reads all candidates, as many at a time as there are processors, and
// adds up what they hold in the order of their names.
func (c *collection) read(ctx context.Context) (salesforce.Findings, error) {
	slices.SortStableFunc(c.files, func(a, b *candidate) int { return strings.Compare(a.name, b.name) })
	results, err := c.parse(ctx, c.files)
	if err != nil {
		return salesforce.Findings{}, err
	}
	placed := make([]metadata.Placed, len(results))
	for i := range c.files {
		placed[i] = metadata.Placed{Path: c.files[i].name, Doc: c.files[i].doc, File: &results[i].file}
	}
	metadata.Together(placed)
	var id string
	var spelled map[string]string
	var naming, spelling sync.WaitGroup
	spelling.Go(func() { spelled = spellings(results) })
	naming.Go(func() { id = identity(c.files, results) })
	c.makeRoom(results)
	for i := range c.files {
		c.add(c.files[i], &results[i])
	}
	c.tellNothing()
	spelling.Wait()
	spellAsDefined(c.findings.Users, spelled)
	naming.Wait()
	c.findings.Source.ID = id
	slices.SortStableFunc(c.findings.Problems, func(a, b salesforce.Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return c.findings, nil
}

// tellNothing says that no message was found, where that may have a reason.
func (c *collection) tellNothing() {
	said := ""
	switch {
	case len(c.files) == 0 && c.findings.Source.Complete:
		said = "no workflow files found below " + c.findings.Source.Name
	case len(c.findings.Messages) == 0 && c.zips > 0:
		said = "no outbound messages found below " + c.findings.Source.Name
	default:
		return
	}
	if c.zips > 0 {
		// Each is of another day, and nobody can say which here.
		said += "; the zips in it are read when each is named for itself"
	}
	c.notice(said)
}

// parse reads files, as many at a time as there are processors.
func (c *collection) parse(ctx context.Context, files []*candidate) ([]parsed, error) {
	results := make([]parsed, len(files))
	var next atomic.Int64
	var workers errgroup.Group
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() error {
			var buffer []byte
			for i := next.Add(1) - 1; i < int64(len(files)); i = next.Add(1) - 1 {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if done := files[i].done; done != nil {
					results[i] = *done
				} else {
					results[i] = c.parseOne(files[i], &buffer)
				}
			}
			return nil
		})
	}
	if workers.Wait() != nil || ctx.Err() != nil {
		return nil, stopped(c.findings.Source.Name, ctx)
	}
	return results, nil
}

func stopped(name string, ctx context.Context) error {
	return fmt.Errorf("reading %s: %w", name, context.Cause(ctx))
}

// parseOne reads a file, and leaves out what it holds where the source holds too much.
func (c *collection) parseOne(f *candidate, buffer *[]byte) parsed {
	p := f.parse(buffer)
	if c.kept.Add(int64(len(p.file.Messages)+len(p.file.Users))) > maxKept {
		p = parsed{modified: p.modified, err: errTooMany}
	}
	return p
}

// parse reads the file into buffer, which the next file may have: a document
// keeps nothing of it.
func (f *candidate) parse(buffer *[]byte) parsed {
	in, err := f.open()
	if err != nil {
		return parsed{err: err}
	}
	defer in.Close()
	data, err := readAll(in, in.size, *buffer)
	if cap(data) <= keptBuffer {
		*buffer = data[:0]
	}
	if err != nil {
		return parsed{modified: in.modified, err: err}
	}
	p := parsed{digest: digestOf(data), modified: in.modified}
	p.file, p.err = f.doc.Read(data)
	return p
}

// keptBuffer is how large a buffer may be that is used again.
const keptBuffer = 1 << 20

// readAll reads a file of about that size to its end, or a byte more than a
// document may have.
func readAll(in io.Reader, size int64, buffer []byte) ([]byte, error) {
	// The byte more shows at once that the end is reached. A zip may claim any size.
	want := int(min(max(size, 0), keptBuffer)) + 1
	data := slices.Grow(buffer[:0], want)
	in = io.LimitReader(in, metadata.MaxSize+1)
	for {
		n, err := in.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return data, err
		}
		if len(data) == cap(data) {
			data = slices.Grow(data, len(data))
		}
	}
}

// makeRoom keeps the findings from being copied time and again while they grow.
func (c *collection) makeRoom(results []parsed) {
	messages, users := 0, 0
	for i := range results {
		messages += len(results[i].file.Messages)
		users += len(results[i].file.Users)
	}
	c.findings.Messages = slices.Grow(c.findings.Messages, messages)
	c.findings.Users = slices.Grow(c.findings.Users, users)
}

func (c *collection) add(f *candidate, p *parsed) {
	if p.modified.After(c.findings.Source.FileTime) {
		c.findings.Source.FileTime = p.modified
	}
	for _, m := range p.file.Messages {
		m.File = f.name
		c.findings.Messages = append(c.findings.Messages, m)
	}
	for _, u := range p.file.Users {
		u.File = f.name
		c.findings.Users = append(c.findings.Users, u)
	}
	for _, bad := range p.file.Problems {
		c.problem(f.name, bad.Line, bad.Msg)
	}
	if bad, ok := errors.AsType[*metadata.SyntaxError](p.err); ok {
		c.problem(f.name, bad.Line, bad.Msg)
	} else if p.err != nil {
		c.problem(f.name, 0, reason(p.err))
	}
}

// spellings are the names of the messages as they are defined, by how they are written
// in small letters.
func spellings(results []parsed) map[string]string {
	messages := 0
	for i := range results {
		messages += len(results[i].file.Messages)
	}
	keys := make(map[string]string, messages)
	for i := range results {
		for j := range results[i].file.Messages {
			key := results[i].file.Messages[j].Key()
			folded := strings.ToLower(key)
			if _, found := keys[folded]; !found {
				keys[folded] = key
			}
		}
	}
	return keys
}

// spellAsDefined writes the messages that users name as their definitions spell
// them. Salesforce compares names without regard to case.
func spellAsDefined(users []salesforce.User, spelled map[string]string) {
	for i := range users {
		if key, found := spelled[strings.ToLower(users[i].Message)]; found {
			users[i].Message = key
		}
	}
}

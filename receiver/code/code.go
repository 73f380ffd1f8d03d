// Package code reads the source of a receiver and tells what it does with the
// session id of outbound messages: whether it calls back with it, checks the
// sender with it, or ignores it, and whether it acknowledges before or after it
// calls back.
//
// Nothing is compiled or run. A file that holds one of a few words is cut into
// words, strings and comments, and the session id is followed by the names that it
// is given: variables, fields, parameters, and from file to file by the names of
// functions and classes. That is understandable and wrong now and then, so every
// finding comes with its line, and the class is a proposal.
//
// A name like sessionId proves nothing, because web sessions have ids as well. It
// counts only near a mark of outbound messages: their namespace, the names of
// their answer, several of their elements, or the classes that generators make
// from their WSDL.
package code

import (
	"context"
	"path/filepath"
	"sync"
)

// Options of Check.
type Options struct {
	// Progress is told now and then how far the search is; it may be nil. It is
	// never called twice at the same time, and must return soon.
	Progress func(Progress)
	// Large is the size in bytes above which a file is searched for marks of outbound
	// messages but not looked into; 0 means 4 MB.
	Large int64
}

// Progress is how much has been searched so far.
type Progress struct {
	Files int
	Bytes int64
}

// Check searches a folder or a single file. It heeds .gitignore, leaves out what
// others wrote (node_modules, vendor and the like) and never follows a link. What
// can't be read is a problem in the report, and the rest goes on. The error is
// that of a path that can't be searched at all, or ctx's; with ctx's, the report
// holds nothing.
func Check(ctx context.Context, path string, o Options) (Report, error) {
	if o.Large == 0 {
		o.Large = 4 << 20
	}
	w, err := newWalk(path, o)
	if err != nil {
		return Report{}, err
	}
	if err := w.run(ctx); err != nil {
		return Report{}, err
	}
	t := newTree(ctx, w.candidates)
	for range followDepth {
		names, families := t.follow()
		if len(names) == 0 {
			break
		}
		more, err := w.find(ctx, names, families)
		if err != nil {
			return Report{}, err
		}
		if !t.add(ctx, more) {
			break
		}
	}
	if ctx.Err() != nil {
		return Report{}, ctx.Err()
	}
	r := t.report()
	r.Path = filepath.ToSlash(path)
	r.Files, r.Bytes = w.files, w.bytes
	r.Problems = append(r.Problems, w.problems...)
	r.Complete = len(r.Problems) == 0
	return r, ctx.Err()
}

// followDepth is how often the search may go on to further files, from a call to
// where the called function is.
const followDepth = 4

// progress passes on how far a walk is.
type progress struct {
	sync.Mutex
	tell func(Progress)
	next int
}

// every is how many files lie between two calls of Options.Progress.
const every = 500

func (p *progress) show(files int, bytes int64) {
	if p.tell == nil {
		return
	}
	p.Lock()
	defer p.Unlock()
	if files >= p.next {
		p.next = files + every
		p.tell(Progress{files, bytes})
	}
}

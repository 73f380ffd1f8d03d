// Package history reads the history of a git repository for outbound messages:
// every version of every workflow file on every branch and tag, also of files
// that were renamed or deleted since, in clones of every sort.
//
// It asks the git program and leaves the repository as it is: nothing is fetched,
// checked out or written, and nothing that the repository configures is run. What
// a clone does not hold is a problem in the findings that says what this means
// for the answer.
package history

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"sidestep/salesforce"
)

// Options are what the caller knows about a repository.
type Options struct {
	// Name is what people call it; the name of its folder if empty.
	Name string
	// Now is the clock, time.Now if nil.
	Now func() time.Time
	// Progress, where there is one, is told now and then how far the reading is,
	// and never by two goroutines at once.
	Progress func(Progress)
}

// Read reads the whole history of the repository that the folder at path is in.
//
// The findings hold for each message the version of today (the one of HEAD, else
// the newest on any branch), and before it, marked as past, each change of the flag
// or the address and the newest version of each flag from before
// salesforce.Cutoff. What fires the messages is read from HEAD, and for messages
// that are on other branches only, from those.
//
// Only a repository that can't be read at all is an error: a *salesforce.SourceError,
// or that of the context.
func Read(ctx context.Context, path string, o Options) (salesforce.Findings, error) {
	repo, err := open(ctx, path)
	if err != nil {
		return salesforce.Findings{}, err
	}
	if o.Name == "" {
		o.Name = repo.name
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r := reading{repository: repo, path: path, files: map[string]*file{}, modules: map[string]bool{}, versions: newVersions()}
	r.findings.Source = salesforce.Source{Kind: salesforce.SourceGit, Name: o.Name, At: o.Now(), Complete: true}
	defer r.report(o.Progress)()
	if err := r.gather(ctx); err != nil {
		return salesforce.Findings{}, r.stopped(ctx, err)
	}
	r.versions.forget()
	t := r.timelines()
	if err := r.readUsers(ctx, t); err != nil {
		return salesforce.Findings{}, r.stopped(ctx, err)
	}
	r.publish(t)
	r.tellGaps()
	return r.findings, nil
}

// reading is a repository while it is being read.
type reading struct {
	repository
	path     string
	findings salesforce.Findings
	// commits is every commit, as git lists them, and refs what they are on.
	commits []commit
	refs    []ref
	// lock is held for files and modules while several workers compare.
	lock sync.Mutex
	// files are the paths that can define messages, modules those of submodules.
	files   map[string]*file
	modules map[string]bool
	// touches are the changes of files, in the order of commits.
	touches []touch
	// unread is how many commits could not be compared with what was before.
	unread atomic.Int64
	// head is what the commit holds that is checked out.
	head     []treeEntry
	versions versions
	// absent are the blobs that a partial clone does not hold.
	absent map[string]bool
	// listed, compared and parsed tell how far the reading is.
	listed, compared, parsed atomic.Int64
}

// gather reads the commits, what they changed, and the versions of the files that
// matter, all at the same time.
func (r *reading) gather(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	shares := make(chan []task, workers())
	share := func(some []task) error {
		select {
		case shares <- some:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var wanting sync.WaitGroup
	wanting.Add(2)
	group.Go(func() error {
		defer wanting.Done()
		return r.list(ctx, share, func() { close(shares) })
	})
	group.Go(func() error {
		defer wanting.Done()
		return r.compareAll(ctx, shares)
	})
	group.Go(func() error {
		defer r.versions.wanted.close()
		wanting.Wait()
		return r.wantPresent(ctx)
	})
	group.Go(func() error { return r.readVersions(ctx) })
	return group.Wait()
}

// list shares out the commits that can be compared, and finds out what is checked out.
func (r *reading) list(ctx context.Context, share func([]task) error, end func()) error {
	now := share
	if r.partial {
		now = func([]task) error { return nil } // nobody knows yet what of them is here
	}
	err := r.readCommits(ctx, now)
	if err == nil && r.partial {
		err = r.shareComparable(ctx, share)
	}
	end()
	if err == nil {
		err = r.readRefs(ctx)
	}
	if err == nil {
		err = r.readHead(ctx)
	}
	return err
}

// workers is how many git processes share one job.
func workers() int { return min(runtime.GOMAXPROCS(0), 4) }

// stopped explains why the whole repository could not be read.
func (r *reading) stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &salesforce.SourceError{Path: r.path, Err: context.Cause(ctx)}
	}
	return &salesforce.SourceError{Path: r.path, Err: ErrUnreadable, Cause: err, Next: "run git fsck in it, or give another clone"}
}

// problem notes something that may hide a message.
func (r *reading) problem(file string, line int, message string) {
	r.findings.Source.Complete = false
	r.findings.Problems = append(r.findings.Problems, salesforce.Problem{Source: r.findings.Source.Name, File: file, Line: line, Message: message})
}

// notice notes something that hides nothing.
func (r *reading) notice(file string, line int, message string) {
	r.findings.Problems = append(r.findings.Problems, salesforce.Problem{Source: r.findings.Source.Name, File: file, Line: line, Message: message, Notice: true})
}

// day names a day as the verdicts do.
func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

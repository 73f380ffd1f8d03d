package history

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// commit is what matters of one.
type commit struct {
	// id is written in hexadecimal, as all ids here.
	id string
	// tree is kept only of partial clones, which may lack it.
	tree    string
	parents []string
	// author and committer are what their clocks said, zero where the commit has
	// no date that can be read. Clocks lie.
	author, committer time.Time
	// on is the index of the ref that it is shown as being on, HEAD before all
	// others; -1 when it is on none.
	on int
	// oldest is true where the clone ends and the history does not.
	oldest bool
}

// ref is a name for a commit.
type ref struct{ id, name string }

// words names a ref for people, "" for HEAD.
func (f ref) words() string {
	for prefix, kind := range map[string]string{"refs/heads/": "branch ", "refs/remotes/": "branch ", "refs/tags/": "tag "} {
		if name, found := strings.CutPrefix(f.name, prefix); found {
			return kind + name
		}
	}
	if f.name == "HEAD" {
		return ""
	}
	return f.name
}

// readCommits lists all commits, on whatever branch or tag, and gives them to
// share as they come.
func (r *reading) readCommits(ctx context.Context, share func([]task) error) error {
	var some []task
	err := r.run(ctx, nil, func(out *bufio.Reader) error {
		return parseCommits(out, func(c commit) error {
			some = append(some, task{len(r.commits), c.id})
			r.commits = append(r.commits, c)
			r.listed.Add(1)
			if len(some) < shareSize {
				return nil
			}
			full := some
			some = nil
			return share(full)
		})
	}, "rev-list", "--all", "--format=%T|%at|%ct|%P")
	if err != nil {
		return err
	}
	if err := share(some); err != nil {
		return err
	}
	ends, err := r.ends(ctx)
	if err != nil {
		return err
	}
	for i := range r.commits {
		c := &r.commits[i]
		c.oldest = ends[c.id]
		if !r.partial {
			c.tree = ""
		}
	}
	return nil
}

// ends are the commits at which a shallow clone was cut off (gitrepository-layout,
// "shallow").
func (r *reading) ends(ctx context.Context) (map[string]bool, error) {
	if !r.shallow {
		return nil, nil
	}
	path, err := r.answer(ctx, "rev-parse", "--git-path", "shallow")
	if err != nil {
		return nil, err
	}
	if path = filepath.FromSlash(path); !filepath.IsAbs(path) {
		path = filepath.Join(r.dir, path)
	}
	list, err := os.ReadFile(path)
	ends := map[string]bool{}
	for id := range strings.FieldsSeq(string(list)) {
		ends[id] = true
	}
	return ends, err
}

// parseCommits reads what rev-list prints: a line with the id, then one with
// what was asked for.
func parseCommits(out *bufio.Reader, each func(commit) error) error {
	for {
		head, err := readLine(out)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		id, found := strings.CutPrefix(head, "commit ")
		if !found || !isID(id) {
			return fmt.Errorf("rev-list: unexpected %.80q", head)
		}
		line, err := readLine(out)
		if err != nil {
			return fmt.Errorf("rev-list: %w", cmp.Or(endedEarly(err), err))
		}
		part := strings.Split(line, "|")
		if len(part) != 4 || !isID(part[0]) {
			return fmt.Errorf("rev-list: unexpected %.80q", line)
		}
		c := commit{id: id, tree: part[0], author: clock(part[1]), committer: clock(part[2]), on: -1, parents: strings.Fields(part[3])}
		if slices.ContainsFunc(c.parents, func(p string) bool { return !isID(p) }) {
			return fmt.Errorf("rev-list: unexpected parent in %.80q", line)
		}
		if err := each(c); err != nil {
			return err
		}
	}
}

func readLine(out *bufio.Reader) (string, error) {
	line, err := out.ReadSlice('\n')
	if err == io.EOF && len(line) > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return "", err
	}
	return string(line[:len(line)-1]), nil
}

func endedEarly(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// clock reads a time in seconds since 1970. What no clock shows is no time.
func clock(text string) time.Time {
	const year9999 = 253402300800
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 || n >= year9999 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// isID reports whether the text is an object id: SHA-1, or SHA-256.
func isID(text string) bool {
	if len(text) != 40 && len(text) != 64 {
		return false
	}
	for _, c := range []byte(text) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// readRefs finds out which commit is on which branch.
func (r *reading) readRefs(ctx context.Context) error {
	list, err := r.answer(ctx, "for-each-ref", "--format=%(objectname) %(*objectname) %(symref) %(refname)")
	if err != nil {
		return err
	}
	for line := range strings.Lines(list) {
		part := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4)
		if len(part) == 4 && part[2] == "" {
			r.refs = append(r.refs, ref{cmp.Or(part[1], part[0]), part[3]})
		}
	}
	// An unborn HEAD is an error, and so is one of a detached worktree that is gone.
	if head, err := r.answer(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"); err == nil && isID(head) {
		r.refs = append(r.refs, ref{head, "HEAD"})
	}
	slices.SortFunc(r.refs, func(a, b ref) int {
		return cmp.Or(cmp.Compare(nearness(a.name), nearness(b.name)), cmp.Compare(a.name, b.name))
	})
	r.place()
	return nil
}

// nearness orders refs by how well people know them.
func nearness(name string) int {
	for i, prefix := range []string{"HEAD", "refs/heads/", "refs/remotes/", "refs/tags/"} {
		if strings.HasPrefix(name, prefix) {
			return i
		}
	}
	return 4
}

// place puts every commit on the first ref that it can be reached from.
func (r *reading) place() {
	index := make(map[string]int, len(r.commits))
	for i, c := range r.commits {
		index[c.id] = i
	}
	var todo []string
	for on, f := range r.refs {
		todo = append(todo[:0], f.id)
		for len(todo) > 0 {
			id := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			i, known := index[id]
			if !known || r.commits[i].on >= 0 {
				continue
			}
			r.commits[i].on = on
			todo = append(todo, r.commits[i].parents...)
		}
	}
}

// headCommit is the index of the commit that is checked out, -1 without one.
func (r *reading) headCommit() int {
	if len(r.refs) == 0 || r.refs[0].name != "HEAD" {
		return -1
	}
	return slices.IndexFunc(r.commits, func(c commit) bool { return c.id == r.refs[0].id })
}

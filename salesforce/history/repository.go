package history

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"sidestep/salesforce"
)

// repository is a git repository that can be asked.
type repository struct {
	// git is the program.
	git string
	// dir is the repository's own folder, absolute.
	dir string
	// searching is true while dir is a folder of which git shall say where its
	// repository is. Only then git checks that the user may trust it.
	searching bool
	// name is that of the folder that people know.
	name string
	// shallow clones lack the oldest commits, partial ones some of the files.
	shallow, partial bool
	// only are the branches that were cloned, when not all were.
	only []string
}

// open finds the repository that a folder is in and what sort of clone it is.
func open(ctx context.Context, path string) (repository, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return repository{}, &salesforce.SourceError{Path: path, Err: ErrNotFound, Next: "check the spelling, or drag the folder into the terminal"}
	case err != nil:
		return repository{}, &salesforce.SourceError{Path: path, Err: ErrUnreadable, Cause: err, Next: "check that you may open it"}
	case !info.IsDir():
		return repository{}, &salesforce.SourceError{Path: path, Err: ErrNotRepository, Next: "give the folder that was cloned"}
	}
	git, err := exec.LookPath("git")
	if err != nil {
		return repository{}, &salesforce.SourceError{Path: path, Err: ErrNoGit, Next: "install it from https://git-scm.com, or scan the files without their history"}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return repository{}, &salesforce.SourceError{Path: path, Err: ErrUnreadable, Cause: err}
	}
	r := repository{git: git, dir: abs, searching: true}
	dir, err := r.answer(ctx, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return repository{}, refused(ctx, path, err)
	}
	r.name = filepath.Base(abs)
	if top, err := r.answer(ctx, "rev-parse", "--show-toplevel"); err == nil && top != "" {
		r.name = filepath.Base(filepath.FromSlash(top))
	}
	r.dir, r.searching = filepath.FromSlash(dir), false
	if err := r.inspect(ctx); err != nil {
		return repository{}, refused(ctx, path, err)
	}
	return r, nil
}

// refused explains why git does not open a repository.
func refused(ctx context.Context, path string, err error) error {
	said := ""
	if c, ok := errors.AsType[complaint](err); ok {
		said = c.text
	}
	switch {
	case ctx.Err() != nil:
		return &salesforce.SourceError{Path: path, Err: context.Cause(ctx)}
	case strings.Contains(said, "dubious ownership") || strings.Contains(said, "unsafe repository"):
		return &salesforce.SourceError{Path: path, Err: ErrNotTrusted, Next: "if you trust it, run: " + trusting(said, path)}
	case strings.Contains(said, "not a git repository"):
		return &salesforce.SourceError{Path: path, Err: ErrNotRepository, Next: "give the folder that was cloned, or scan the files without their history"}
	}
	return &salesforce.SourceError{Path: path, Err: ErrUnreadable, Cause: err, Next: "run git log in it to see what is wrong"}
}

// trusting is the command that git proposes, which has the path as git wants it.
func trusting(said, path string) string {
	const command = "git config --global --add safe.directory "
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, command) {
			return line
		}
	}
	return command + path
}

// inspect finds out what this clone lacks.
func (r *repository) inspect(ctx context.Context) error {
	shallow, err := r.answer(ctx, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return err
	}
	r.shallow = shallow == "true"
	// That nothing of this is configured is an error too.
	config, _ := r.answer(ctx, "config", "--null", "--get-regexp", `^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter|fetch))$`)
	all := false
	for setting := range strings.SplitSeq(config, "\x00") {
		name, value, _ := strings.Cut(setting, "\n")
		switch {
		case name == "":
		case !strings.HasSuffix(name, ".fetch"):
			r.partial = r.partial || value != "false"
		case strings.Contains(value, "*"):
			all = true
		default:
			from, _, _ := strings.Cut(strings.TrimPrefix(value, "+"), ":")
			r.only = append(r.only, strings.TrimPrefix(from, "refs/heads/"))
		}
	}
	if all {
		r.only = nil
	}
	slices.Sort(r.only)
	r.only = slices.Compact(r.only)
	return nil
}

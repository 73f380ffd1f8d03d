package history

import "errors"

// Why a repository can't be read at all: what a salesforce.SourceError wraps.
var (
	// ErrNoGit: the git program is not installed.
	ErrNoGit = errors.New("the git program is not installed")
	// ErrNotFound: there is nothing at that path.
	ErrNotFound = errors.New("there is no such folder")
	// ErrNotRepository: it is no git repository, nor inside one.
	ErrNotRepository = errors.New("it is not a git repository")
	// ErrNotTrusted: it belongs to somebody else, and git does not read it
	// without a word from the user (git config, safe.directory).
	ErrNotTrusted = errors.New("it belongs to another user, and git reads such a repository only when told that it is safe")
	// ErrUnreadable: it is a repository, and git can't read it.
	ErrUnreadable = errors.New("git can't read it")
)

package history

import (
	"errors"
	"fmt"
)

// Errors of a repository that can't be read at all. They carry a hint on how to
// go on in a method Hint() string.
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

// Error is a repository that can't be read at all.
type Error struct {
	Path string
	// Err is one of the errors of this package, or that of a context.
	Err  error
	hint string
	// cause is what git or the system says.
	cause error
}

func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %v (%v)", e.Path, e.Err, e.cause)
	}
	return fmt.Sprintf("%s: %v", e.Path, e.Err)
}

// Unwrap lets callers ask for the kind of error and for its cause.
func (e *Error) Unwrap() []error { return []error{e.Err, e.cause} }

// Hint says how to go on.
func (e *Error) Hint() string { return e.hint }

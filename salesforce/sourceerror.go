package salesforce

import "fmt"

// SourceError is a source that can't be read at all.
type SourceError struct {
	Path string
	// Err is the kind of error, one of those of the package that read the source,
	// or the error of a context.
	Err error
	// Next says how to go on, "" when nobody knows.
	Next string
	// Cause is what the system or another program says, nil when they said nothing.
	Cause error
}

func (e *SourceError) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %v (%v)", e.Path, e.Err, e.Cause)
	}
	return fmt.Sprintf("%s: %v", e.Path, e.Err)
}

// Unwrap lets callers ask for the kind of error and for its cause.
func (e *SourceError) Unwrap() []error { return []error{e.Err, e.Cause} }

// Hint says how to go on.
func (e *SourceError) Hint() string { return e.Next }

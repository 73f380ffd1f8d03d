package cli

import (
	"errors"
	"syscall"
)

// nobodyReads reports whether the reader of stdout has gone, as in "| more"
// that was quit. That is no error worth a word.
func nobodyReads(err error) bool {
	const noData = syscall.Errno(232) // ERROR_NO_DATA: the pipe is being closed
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, noData)
}

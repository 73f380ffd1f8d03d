//go:build !windows

package cli

import (
	"errors"
	"syscall"
)

// nobodyReads reports whether the reader of stdout has gone, as in "| head".
// That is no error worth a word.
func nobodyReads(err error) bool { return errors.Is(err, syscall.EPIPE) }

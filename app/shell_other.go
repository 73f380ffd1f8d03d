//go:build !unix

package app

import "os"

// Shell stops no programs here.
type Shell struct{}

// NewShell has nothing to listen for.
func NewShell() *Shell { return nil }

// Asked never has a value.
func (*Shell) Asked() <-chan os.Signal { return nil }

// Waits is false: nothing could let a program go on.
func (*Shell) Waits() bool { return false }

// Stop does nothing.
func (*Shell) Stop() {}

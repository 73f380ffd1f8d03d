//go:build !unix

package code

import "os"

func open(path string) (*os.File, error) { return os.Open(path) }

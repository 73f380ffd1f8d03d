//go:build !linux

package cli

import (
	"os/exec"
	"testing"
)

// measure tells nothing where memory isn't counted in the same way: most is 0.
func measure(*testing.T, *exec.Cmd) (most func() int64) { return func() int64 { return 0 } }

// measured is of use on Linux only.
func measured([]string) int { return failed }

func mostSoFar(b *testing.B, _ int) int64 {
	b.Skip("SKIPPED: how much memory a running program took is only known on Linux")
	return 0
}

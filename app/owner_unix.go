//go:build unix

package app

import (
	"io/fs"
	"os"
	"syscall"
)

// mine reports whether a file belongs to who runs this program.
func mine(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

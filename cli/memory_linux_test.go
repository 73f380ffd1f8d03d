package cli

import (
	"os"
	"syscall"
)

// memoryOf is the most memory that a program took, in bytes.
func memoryOf(s *os.ProcessState) int64 {
	if usage, ok := s.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss << 10
	}
	return 0
}

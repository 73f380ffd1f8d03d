package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// measure makes cmd tell how much memory its program took at most; most is to be
// asked at its end, in bytes.
//
// Linux counts what a process took before it became another program, and a child
// shares its parent's memory until then: the figure of a child of these tests is
// never below what the tests themselves take. So a small program stands between.
func measure(t *testing.T, cmd *exec.Cmd) (most func() int64) {
	t.Helper()
	between, err := exec.LookPath("measured")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "most")
	cmd.Args = append([]string{between, file, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = between
	return func() int64 {
		said, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kilobytes, err := strconv.ParseInt(string(said), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return kilobytes << 10
	}
}

// mostSoFar is how much memory a running program took at most since it became that
// program, in bytes.
func mostSoFar(b *testing.B, pid int) int64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, most, found := strings.Cut(string(status), "\nVmHWM:")
	most, _, _ = strings.Cut(most, " kB\n")
	kilobytes, err := strconv.ParseInt(strings.TrimSpace(most), 10, 64)
	if !found || err != nil {
		b.Fatalf("no VmHWM in %s", status)
	}
	return kilobytes << 10
}

// measured runs a program and writes the kilobytes that it took into a file:
// measured FILE PROGRAM ARGUMENTS.
func measured(args []string) int {
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, err)
		return failed
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return failed
	}
	if err := os.WriteFile(args[0], strconv.AppendInt(nil, usage.Maxrss, 10), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return failed
	}
	return cmd.ProcessState.ExitCode()
}

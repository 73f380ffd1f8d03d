//go:build unix

package sfcli

import (
	"os/exec"
	"syscall"
)

// together lets sf and what it starts end together: sf is a script that starts
// Node.
func together(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

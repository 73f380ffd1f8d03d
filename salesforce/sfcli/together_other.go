//go:build !unix

package sfcli

import "os/exec"

// together does nothing here: closing the pipes is what ends the wait.
func together(*exec.Cmd) {}

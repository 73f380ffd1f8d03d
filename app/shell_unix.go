//go:build unix

package app

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// Shell is what started the program and can stop it for a while (Ctrl+Z, fg).
type Shell struct{ asked chan os.Signal }

// NewShell listens for the wish that the program stop, which from now on does not
// stop it by itself: a terminal has to be put in order first.
func NewShell() *Shell {
	s := &Shell{asked: make(chan os.Signal, 1)}
	signal.Notify(s.asked, syscall.SIGTSTP)
	return s
}

// Asked has a value when somebody wants the program to stop.
func (s *Shell) Asked() <-chan os.Signal { return s.asked }

// Waits reports whether a shell of the same session looks after the program. A
// shell gives each job a process group of its own; the group that leads the session
// is that of the shell itself, or of a program that was started without one.
func (*Shell) Waits() bool {
	session, err := unix.Getsid(0)
	if err != nil || session == unix.Getpgrp() {
		return false
	}
	parents, err := unix.Getsid(os.Getppid())
	return err == nil && parents == session
}

// Stop stops the program, and what runs together with it as one job, until it is
// told to go on. That may be never where no shell Waits.
//
// The signal is not SIGTSTP, which the system itself ignores where nobody could let
// the program go on: what was once listened for, Go does not give back to it.
func (*Shell) Stop() {
	goesOn := make(chan os.Signal, 1)
	signal.Notify(goesOn, syscall.SIGCONT)
	defer signal.Stop(goesOn)
	if err := syscall.Kill(0, syscall.SIGSTOP); err != nil {
		return
	}
	<-goesOn
}

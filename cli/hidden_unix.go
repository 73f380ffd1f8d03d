//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package cli

import "github.com/charmbracelet/x/termios"

// hideTyping turns a terminal's echo off until somebody restores its state.
func hideTyping(fd int) {
	t, err := termios.GetTermios(fd)
	if err != nil {
		return // no terminal, so nothing is shown
	}
	_ = termios.SetTermios(fd, uint32(t.Ispeed), uint32(t.Ospeed), nil, nil, nil, nil, map[termios.L]bool{termios.ECHO: false})
}

package cli

import "golang.org/x/sys/windows"

// hideTyping turns a terminal's echo off until somebody restores its state.
func hideTyping(fd int) {
	var mode uint32
	if windows.GetConsoleMode(windows.Handle(fd), &mode) != nil {
		return // no terminal, so nothing is shown
	}
	_ = windows.SetConsoleMode(windows.Handle(fd), mode&^windows.ENABLE_ECHO_INPUT)
}

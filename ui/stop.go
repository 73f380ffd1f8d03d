package ui

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
)

type (
	// stopMsg comes when the shell wants the program to stop.
	stopMsg struct{}
	// leaveMsg comes when there is a shell that the terminal can be left to.
	leaveMsg struct{}
)

// stop asks whether there is a shell to leave the terminal to.
func (s *session) stop() tea.Cmd {
	shell := s.deps.Shell
	if shell == nil {
		return nil
	}
	return func() tea.Msg {
		if shell.Waits() {
			return leaveMsg{}
		}
		return sayMsg{text: "No shell waits here that could let Sidestep go on, so it goes on by itself."}
	}
}

// leave leaves the terminal to the shell, as it was before, until the program is
// told to go on.
func (s *session) leave() tea.Cmd {
	return tea.Exec(away{s.deps.Shell}, nil)
}

// away is the time that the shell has the terminal. Bubble Tea leaves it and takes
// it back as for an editor; its own way to stop waits for ever where no shell can
// let the program go on.
type away struct{ shell Shell }

func (a away) Run() error {
	letDrawingEnd()
	a.shell.Stop()
	return nil
}

// letDrawingEnd waits after Bubble Tea has left the terminal: what draws is asked to
// end, but may do so later than it is begun anew, and take the new clock with it. It
// gets the time of a few frames.
func letDrawingEnd() { time.Sleep(50 * time.Millisecond) }

func (away) SetStdin(io.Reader)  {}
func (away) SetStdout(io.Writer) {}
func (away) SetStderr(io.Writer) {}

// obey tells the program whenever the shell wants it to stop. While an editor has
// the terminal, the wish is for both of them, and nothing is left to be put in order.
func obey(ctx context.Context, shell Shell, p *tea.Program, editing *atomic.Bool) {
	for {
		select {
		case <-shell.Asked():
			if !editing.Load() {
				p.Send(stopMsg{})
			} else if shell.Waits() {
				shell.Stop()
			}
		case <-ctx.Done():
			return
		}
	}
}

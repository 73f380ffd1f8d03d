package ui

import (
	"context"
	"io"
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
	// What draws is asked to end, but may do so later than it is begun anew, and
	// take the new clock with it: it gets the time of a few frames.
	time.Sleep(50 * time.Millisecond)
	a.shell.Stop()
	return nil
}

func (away) SetStdin(io.Reader)  {}
func (away) SetStdout(io.Writer) {}
func (away) SetStderr(io.Writer) {}

// obey tells the program whenever the shell wants it to stop.
func obey(ctx context.Context, shell Shell, p *tea.Program) {
	for {
		select {
		case <-shell.Asked():
			p.Send(stopMsg{})
		case <-ctx.Done():
			return
		}
	}
}

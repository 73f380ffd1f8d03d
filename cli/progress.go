package cli

import (
	"fmt"
	"io"
	"time"

	"sidestep/ui"
)

// progress is one line on stderr that is written over; without a terminal there
// it writes nothing.
type progress struct {
	out   io.Writer
	shown bool
}

func (w World) progress() *progress {
	if !w.ErrTerminal {
		return &progress{}
	}
	return &progress{out: w.Err}
}

const clearLine = "\r\x1b[K"

// show stays below 80 columns: a line that is broken can't be written over.
func (p *progress) show(s ui.Progress) {
	if p.out == nil {
		return
	}
	p.shown = true
	text := "asking which messages there are"
	if s.Known > 0 {
		text = fmt.Sprintf("%d of %s read", s.Read, count(s.Known, "message"))
	}
	seconds := max(int(s.Pause.Round(time.Second)/time.Second), 1)
	switch {
	case s.Pause > 0 && s.Asked:
		text += fmt.Sprintf("; the org asked to wait %d s", seconds)
	case s.Pause > 0:
		text += fmt.Sprintf("; the org is overloaded, asking again in %d s", seconds)
	case s.LimitMax > 0:
		text += fmt.Sprintf("; %d of the org's %d calls used today", s.LimitUsed, s.LimitMax)
	}
	fmt.Fprint(p.out, clearLine, text)
}

func (p *progress) showHistory(s ui.Searched) {
	if p.out == nil {
		return
	}
	p.shown = true
	fmt.Fprintf(p.out, "%s%d of %s searched, %s of workflow files read", clearLine, s.Compared, count(s.Commits, "commit"), count(s.Versions, "version"))
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.out, clearLine)
	}
}

package cli

import (
	"fmt"
	"io"

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

func (p *progress) show(read, known int) {
	if p.out == nil {
		return
	}
	p.shown = true
	fmt.Fprintf(p.out, "%s%d of %s read", clearLine, read, count(known, "message"))
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

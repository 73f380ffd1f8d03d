package cli

import (
	"context"
	"fmt"
	"strings"

	"sidestep/visible"
)

// ask puts a question to the person at the keyboard. Only y or yes is a yes; the
// end of the context ends the waiting.
func (w World) ask(ctx context.Context, question string) (bool, error) {
	fmt.Fprint(w.Err, visible.Line(question)+" [y/N] ")
	answers := make(chan string, 1)
	go func() {
		line, _ := w.ReadLine() // the end of the input is a no
		answers <- line
	}()
	select {
	case line := <-answers:
		switch strings.ToLower(strings.TrimSpace(line)) {
		case "y", "yes":
			return true, nil
		}
		return false, nil
	case <-ctx.Done():
		fmt.Fprintln(w.Err)
		return false, ctx.Err()
	}
}

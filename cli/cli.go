// Package cli is what people and scripts type: the commands, their flags, and
// what they print.
//
// Data goes to stdout and words to stderr. An error is one line and, where there
// is something to do about it, one line that begins with "hint: ". Exit codes
// are promises: 0 fine, 1 failed, 2 wrong use, 3 affected or unknown messages
// remain, 4 not signed in, 5 the scan is incomplete. Whatever comes from an org
// or a file passes through visible before it is printed.
package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"sidestep/app"
	"sidestep/salesforce/signin"
	"sidestep/visible"
)

// World is everything around a command. Tests bring their own.
type World struct {
	Streams
	// Version is what --version tells.
	Version string
	Places  app.Places
	// Secrets keeps sign-ins.
	Secrets app.Secrets
	// OpenBrowser shows a link to the person at the keyboard.
	OpenBrowser func(link string) error
	Now         func() time.Time
}

// Streams are where a command reads and writes, and what is known of them.
type Streams struct {
	Out, Err io.Writer
	// Terminal is true when a person can see and answer: stdin and stdout are
	// terminals that can place the cursor.
	Terminal bool
	// Width is how many columns stdout has, 0 where it is no terminal.
	Width int
	// ErrTerminal is true when stderr is a terminal on which a line can be
	// written over.
	ErrTerminal bool
	// ReadHidden reads a line that is not shown while it is typed; nil where
	// stdin is no terminal. From HideTyping to ShowTyping nothing typed is shown,
	// also before, between and after such lines.
	ReadHidden             func() (string, error)
	HideTyping, ShowTyping func()
	// ReadLine reads a line that a person types in answer to a question on stderr;
	// nil where nobody can be asked.
	ReadLine func() (string, error)
}

// Main runs the command line of this process and returns its exit code.
func Main(version string) int {
	return World{
		Streams: standardStreams(), Version: version, Places: app.FindPlaces(),
		Secrets: app.Keychain{}, OpenBrowser: signin.OpenBrowser, Now: time.Now,
	}.main(os.Args[1:])
}

// main runs a command until it ends or a signal ends it.
func (w World) main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	return Run(ctx, w, args)
}

func standardStreams() Streams {
	in, out, errs := int(os.Stdin.Fd()), int(os.Stdout.Fd()), int(os.Stderr.Fd())
	dumb := os.Getenv("TERM") == "dumb"
	s := Streams{Out: os.Stdout, Err: os.Stderr}
	s.Terminal = !dumb && term.IsTerminal(in) && term.IsTerminal(out)
	if width, _, err := term.GetSize(out); err == nil {
		s.Width = width
	}
	s.ErrTerminal = !dumb && term.IsTerminal(errs)
	if before, err := term.GetState(in); err == nil {
		s.HideTyping = func() { hideTyping(in) }
		s.ShowTyping = func() { _ = term.Restore(in, before) }
		s.ReadHidden = func() (string, error) {
			line, err := term.ReadPassword(in)
			return string(line), err
		}
	}
	if term.IsTerminal(in) && term.IsTerminal(errs) {
		keyboard := bufio.NewReader(os.Stdin)
		s.ReadLine = func() (string, error) { return keyboard.ReadString('\n') }
	}
	return s
}

// Run runs one command and returns the exit code.
func Run(ctx context.Context, w World, args []string) (code int) {
	defer func() {
		if r := recover(); r != nil {
			code = w.report(advise(fmt.Errorf("something went wrong that should not have: %v", r), "your work is saved after every change; please report this line"))
		}
	}()
	root := newRoot(w)
	root.SetArgs(args)
	var unshown error
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { unshown = w.help(cmd) })
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = unshown
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	return w.report(err)
}

// The exit codes.
const (
	fine = iota
	failed
	wrongUse
	affectedRemain
	notSignedIn
	incomplete
)

// trouble is an error that knows its exit code, and what to do about it.
type trouble struct {
	code int
	err  error
	hint string
}

func (t *trouble) Error() string { return t.err.Error() }

// Hint is what to do about it.
func (t *trouble) Hint() string  { return t.hint }
func (t *trouble) Unwrap() error { return t.err }

func wrong(hint, format string, a ...any) error {
	return &trouble{wrongUse, fmt.Errorf(format, a...), hint}
}

func advise(err error, hint string) error { return &trouble{failed, err, hint} }

// hintOf is what to do about an error, "" where it does not say.
func hintOf(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	return ""
}

// report prints an error and returns its exit code.
func (w World) report(err error) int {
	if err == nil {
		return fine
	}
	if nobodyReads(err) {
		return failed
	}
	fmt.Fprintln(w.Err, "sidestep: "+visible.Line(err.Error()))
	if hint := hintOf(err); hint != "" {
		fmt.Fprintln(w.Err, "hint: "+visible.Line(hint))
	}
	var t *trouble
	if errors.As(err, &t) {
		return t.code
	}
	return failed
}

// print writes data to stdout in one go.
func (w World) print(data []byte) error {
	if _, err := w.Out.Write(data); err != nil {
		return unwritten(err)
	}
	return nil
}

// printJSON writes data to stdout as it is encoded.
func (w World) printJSON(v any) error {
	if err := writeJSON(w.Out, v); err != nil {
		return unwritten(err)
	}
	return nil
}

// unwritten is the error of a stdout that did not take everything. A part of the
// data is easily taken for all of it.
func unwritten(err error) error {
	return advise(fmt.Errorf("write to stdout: %w", err), "what was written is not all of it: make room, or send it elsewhere")
}

// Write is print for what writes by itself, as the scripts for shells are.
func (w World) Write(data []byte) (int, error) {
	if err := w.print(data); err != nil {
		return 0, err
	}
	return len(data), nil
}

// say writes words to stderr.
func (w World) say(format string, a ...any) {
	fmt.Fprintln(w.Err, visible.Line(fmt.Sprintf(format, a...)))
}

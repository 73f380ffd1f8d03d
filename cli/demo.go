package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"sidestep/app"
	"sidestep/salesforce"
	"sidestep/salesforce/demoorg"
	"sidestep/ui"
)

// demoFlags choose the built-in org and how it behaves.
type demoFlags struct {
	messages int
	latency  time.Duration
	before   bool
}

func (f *demoFlags) add(cmd *cobra.Command, only string) {
	cmd.Flags().IntVar(&f.messages, "messages", 0, "generate an org of `N` messages"+only)
	cmd.Flags().DurationVar(&f.latency, "latency", 0, "delay every answer of the org, as in 120ms"+only)
	cmd.Flags().BoolVar(&f.before, "before", false, "the org as it was before the cut-off: flags still true"+only)
}

func (f demoFlags) check() error {
	switch {
	case f.messages < 0:
		return wrong("give a number, as in --messages 200", "an org can't have %d messages", f.messages)
	case f.latency < 0:
		return wrong("give a duration, as in --latency 120ms", "an answer can't be delayed by %v", f.latency)
	}
	return nil
}

func (f demoFlags) options(w World) demoorg.Options {
	return demoorg.Options{Messages: f.messages, Latency: f.latency, Before: f.before, Now: w.Now}
}

// folder keeps the work on each variant of the org apart: they share an org id,
// and a scan of one would mark the messages of another as gone.
func (f demoFlags) folder(base string) string {
	if f.messages > 0 {
		base += "-" + strconv.Itoa(f.messages)
	}
	if f.before {
		base += "-before"
	}
	return base
}

func demoCommand(w World) *cobra.Command {
	var flags demoFlags
	var serve string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "The whole journey on a made-up org that is built into this program",
		Long: `Shows the interface with an org that is built into this program: a made-up
company, real sign-in through the browser, real answers. Nothing leaves this
computer, and the progress is kept apart from real work.

Without a terminal it signs in by itself and prints the findings and the next
steps as plain text.

With --serve it serves only that org, until it is interrupted, for other
programs. The first line on stdout is the address of the org, the second an
access token that its APIs accept.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := flags.check(); err != nil {
				return err
			}
			switch {
			case cmd.Flags().Changed("serve"):
				return w.serveDemo(cmd.Context(), flags, serve)
			case w.Terminal:
				return w.showDemo(cmd.Context(), flags)
			}
			return w.tellDemo(cmd.Context(), flags)
		},
	}
	flags.add(cmd, "")
	cmd.Flags().StringVar(&serve, "serve", "", "serve only the org, at `ADDR`, as in 127.0.0.1:8181")
	return cmd
}

// serveDemo serves the built-in org until it is interrupted.
func (w World) serveDemo(ctx context.Context, flags demoFlags, addr string) error {
	if _, port, err := net.SplitHostPort(addr); err != nil || port == "" {
		return wrong("give a host and a port, as in --serve 127.0.0.1:8181", "%q is no address to serve at", addr)
	}
	options := flags.options(w)
	options.Addr = addr
	s, err := demoorg.Start(ctx, options)
	if err != nil {
		return advise(fmt.Errorf("the demo org can't be served at %s: %w", addr, err), "another program may have the port; choose another one, or --serve 127.0.0.1:0 for a free one")
	}
	defer func() { _ = s.Close() }()
	if err := w.print(fmt.Appendf(nil, "org %s\ntoken %s\n", s.URL(), s.Token())); err != nil {
		return err
	}
	w.say("%s, a made-up company. Sign in with: sidestep login --host %s", demoorg.OrgName, s.URL())
	w.say("Its source repository of January 2026: %s/demo/source-repository.zip", s.URL())
	w.say("Client id: %s (redirect addresses: %s and others)", demoorg.ClientID, demoorg.CallbackURLs[0])
	w.say("Its External Client Apps, with their keys and secrets: %s/lightning/setup/ManageExternalClientApplication/home", s.URL())
	w.say("Press Ctrl+C to stop.")
	<-ctx.Done()
	return nil
}

// showDemo shows the interface with the built-in org.
func (w World) showDemo(ctx context.Context, flags demoFlags) error {
	demo, err := app.StartDemo(ctx, flags.options(w))
	if err != nil {
		return err
	}
	defer func() { _ = demo.Server.Close() }()
	work, err := app.OpenWork(flags.folder(w.Places.DemoWork))
	if err != nil {
		return err
	}
	deps := w.deps(work)
	deps.Demo = demo
	deps.Orgs = &demoOrgs{demo: demo}
	return ui.Run(ctx, deps)
}

// demoOrgs signs in to the built-in org as the client that it knows best: that
// one may come back to any of the ports.
type demoOrgs struct {
	app.Orgs
	demo *app.Demo // nil until the demo has started
}

// SignIn begins an attempt.
func (o *demoOrgs) SignIn(ctx context.Context, host, client string) (ui.Attempt, error) {
	if o.demo != nil && host == o.demo.Host() {
		// The demo's org ends with the demo: its sign-in is kept nowhere.
		return app.Orgs{}.SignIn(ctx, host, cmp.Or(client, demoorg.ClientID))
	}
	return o.Orgs.SignIn(ctx, host, client)
}

// tellDemo goes the way of the interface up to the findings, and prints them.
func (w World) tellDemo(ctx context.Context, flags demoFlags) error {
	demo, err := app.StartDemo(ctx, flags.options(w))
	if err != nil {
		return err
	}
	defer func() { _ = demo.Server.Close() }()
	o, err := signInToDemo(ctx, demo)
	if err != nil {
		return err
	}
	found, err := o.Scan(ctx, func(ui.Progress) {})
	if err != nil {
		return err
	}
	backup, err := demo.ReadBackup(ctx)
	if err != nil {
		return err
	}
	r := assess([]salesforce.Findings{found, backup}, o.Who(), w.Now())
	r.title = o.Who().Name
	text := newPage(false)
	text.para("This is a made-up company in an org that is built into Sidestep. Signed in at " + demo.Host() + " as " + o.Who().Username + ".")
	text.report(r)
	text.nextSteps(r, true)
	return w.printPage(text)
}

// signInToDemo signs in over HTTP like anybody, with a browser that is played.
func signInToDemo(ctx context.Context, demo *app.Demo) (*app.Org, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a, err := app.Orgs{}.Start(ctx, demo.Host(), demoorg.ClientID)
	if err != nil {
		return nil, err
	}
	if !a.Listening() {
		return nil, advise(errPortsTaken, "close the program that holds one of the ports 1717, 1718, 17171, 27171 and 37171")
	}
	refused := make(chan error, 1)
	go func() {
		err := demo.Approve(ctx, a.Link())
		if err != nil {
			cancel()
		}
		refused <- err
	}()
	o, err := a.WaitOrg(ctx)
	if err != nil && errors.Is(err, context.Canceled) {
		if why := <-refused; why != nil {
			return nil, why
		}
	}
	return o, err
}

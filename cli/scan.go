package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"sidestep/app"
	"sidestep/salesforce"
	"sidestep/salesforce/demoorg"
	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
	"sidestep/state"
)

type scanFlags struct {
	demo    demoFlags
	useDemo bool
	org     string
	paths   []string
	asOf    string
	history bool
	failOn  string
	json    bool
	secrets bool
}

func scanCommand(w World) *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan (--demo | --org NAME | --path P ...)",
		Short: "Find outbound messages and what is known of their session ids, without the interface",
		Long: `Reads an org, files, or both, and tells for every outbound message whether it
sent a session id, with the evidence. Nothing is saved.

A path is a folder (source or Metadata API layout, at any depth), a zip, a single
file, or the Setup Audit Trail that Setup downloads as CSV. Give --path again for
more of them; together with --org they are evidence about that org.

With --history, every path is a git repository, and all of its history is read:
every version of every workflow file on every branch and tag, also of files since
renamed or deleted. The newest version from before the cut-off decides. The
repository is only read; nothing is fetched.

With --json, stdout is one object of the schema sidestep.scan/v1.

Exit codes: 0 fine, 1 failed, 2 wrong use, 3 affected or unknown messages remain
(only with --fail-on affected), 4 not signed in, 5 the scan is incomplete (what
was found is printed all the same, with "complete": false).`,
		Example: "  sidestep scan --path force-app --as-of 2026-01-14\n" +
			"  sidestep scan --org acme --path backup-january.zip --as-of 2026-01-31 --json\n" +
			"  sidestep scan --path . --history\n" +
			"  sidestep scan --demo",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return w.scan(cmd, f) },
	}
	fl := cmd.Flags()
	fl.BoolVar(&f.useDemo, "demo", false, "scan the built-in org and its source repository")
	fl.StringVar(&f.org, "org", "", "scan the org `NAME`: alias, username, org id or host (see sidestep orgs)")
	fl.StringArrayVar(&f.paths, "path", nil, "scan the folder, zip or file `P`; may be given several times")
	fl.StringVar(&f.asOf, "as-of", "", "the `DATE` (as in 2026-01-14) on which what --path names was taken out of the org; it holds for every --path given")
	fl.BoolVar(&f.history, "history", false, "read the git history of what --path names")
	fl.StringVar(&f.failOn, "fail-on", "", "with the word `affected`: exit 3 while affected or unknown messages remain")
	fl.BoolVar(&f.json, "json", false, "write JSON")
	fl.BoolVar(&f.secrets, "show-secrets", false, "show user info and query values of addresses")
	f.demo.add(cmd, " (with --demo)")
	complete(cmd, "fail-on", []string{"affected"})
	return cmd
}

// check finds wrong use before anything is read.
func (f scanFlags) check(cmd *cobra.Command) (asOf time.Time, err error) {
	const hint = "run: sidestep scan --help"
	switch {
	case f.useDemo && f.org != "":
		return asOf, wrong(hint, "--demo and --org can't be combined")
	case cmd.Flags().Changed("org") && f.org == "":
		return asOf, wrong("run: sidestep orgs", "--org needs a name")
	case !f.useDemo && f.org == "" && len(f.paths) == 0:
		return asOf, wrong("give --demo, --org NAME or --path P", "there is nothing to scan")
	case f.failOn != "" && f.failOn != "affected":
		return asOf, wrong("the only choice is --fail-on affected", "--fail-on does not know %q", f.failOn)
	case f.asOf != "" && len(f.paths) == 0:
		return asOf, wrong("give the --path whose day it is", "--as-of says of which day files are, and there is no --path")
	case f.history && len(f.paths) == 0:
		return asOf, wrong("give the repository, as in --path . --history", "--history reads a repository, and there is no --path")
	case f.history && f.asOf != "":
		return asOf, wrong("leave --as-of out", "--as-of and --history can't be combined: every commit has a day of its own")
	case !f.useDemo && f.demo != demoFlags{}:
		return asOf, wrong("add --demo", "--messages, --latency and --before belong to --demo")
	}
	for _, p := range f.paths {
		if p == "" {
			return asOf, wrong("give a folder, a zip or a file", "--path is empty")
		}
	}
	if f.asOf != "" {
		if asOf, err = parseDay("--as-of", f.asOf); err != nil {
			return asOf, err
		}
	}
	return asOf, f.demo.check()
}

// parseDay reads a day as people write it on a command line.
func parseDay(flag, text string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, wrong("write it as in "+flag+" 2026-01-14", "%s: %q is no date", flag, text)
	}
	return t, nil
}

func (w World) scan(cmd *cobra.Command, f scanFlags) error {
	asOf, err := f.check(cmd)
	if err != nil {
		return err
	}
	// A scan is over before much of what it leaves behind would have to be
	// collected; the program's memory limit holds all the same.
	debug.SetGCPercent(800)
	// The checklists, which say how much there is to do, are parsed while files are read.
	go state.Checklist(state.InternalFix, state.ReceiverUnknown)
	s := scanning{w: w, asOf: asOf}
	if err := s.read(cmd.Context(), f); err != nil {
		return err
	}
	r := assess(s.found, s.who, w.Now())
	r.title = cmp.Or(s.who.Name, s.found[0].Source.Name)
	if n := len(s.found); s.who.Name == "" && n > 1 {
		r.title = count(n, "source")
	}
	if s.folder != "" {
		if err := r.takeProgress(s.folder, cmp.Or(s.who.ID, s.found[0].Source.ID)); err != nil {
			w.say("note: saved progress is not shown: %v", err)
		}
	}
	if err := w.printResult(r, f); err != nil {
		return err
	}
	return verdictOn(r, f, s.stopped)
}

func (w World) printResult(r result, f scanFlags) error {
	if f.json {
		return w.printJSON(r.json(f.secrets))
	}
	text := newPage(f.secrets)
	text.report(r)
	text.nextSteps(r, f.useDemo)
	return w.printPage(text)
}

// verdictOn turns a result into the exit code. What was not read weighs most: it
// may hide an affected message.
func verdictOn(r result, f scanFlags, stopped error) error {
	switch {
	case errors.Is(stopped, context.Canceled):
		return stopped
	case stopped != nil:
		return &trouble{incomplete, fmt.Errorf("the scan is incomplete: %w", stopped), hintOf(stopped)}
	case !r.complete:
		first := "something could not be read"
		for _, p := range r.problems {
			if !p.Notice {
				first = problemText(p)
				break
			}
		}
		return &trouble{incomplete, fmt.Errorf("the scan is incomplete: %s", first), "what was found is printed; repair or fetch again what could not be read"}
	case f.failOn == "affected" && r.open() > 0:
		return &trouble{affectedRemain, fmt.Errorf("%s affected or unknown", count(r.open(), "message")), ""}
	}
	return nil
}

// scanning gathers findings from the sources that were named.
type scanning struct {
	w     World
	asOf  time.Time
	found []salesforce.Findings
	who   state.Org
	// folder is where work on this is saved, if any is.
	folder string
	// stopped is why the org could not be read to its end.
	stopped error
}

// read asks all sources at the same time and keeps their order.
func (s *scanning) read(ctx context.Context, f scanFlags) error {
	s.folder = s.w.Places.Work
	found := make([]salesforce.Findings, 2+len(f.paths))
	group, gctx := errgroup.WithContext(ctx)
	for i, path := range f.paths {
		group.Go(func() (err error) {
			found[2+i], err = s.readPath(gctx, path, f.history)
			return err
		})
	}
	switch {
	case f.useDemo:
		s.folder = f.demo.folder(s.w.Places.DemoWork)
		demo, err := app.StartDemo(ctx, f.demo.options(s.w))
		if err != nil {
			return err
		}
		defer func() { _ = demo.Server.Close() }()
		group.Go(func() (err error) { found[0], err = s.readDemo(gctx, demo); return err })
		group.Go(func() (err error) { found[1], err = demo.ReadBackup(gctx); return err })
	case f.org != "":
		group.Go(func() (err error) { found[0], err = s.readKnown(gctx, f.org); return err })
	}
	if err := group.Wait(); err != nil {
		return cmp.Or(ctx.Err(), err)
	}
	for _, one := range found {
		if one.Source.ID != "" {
			s.found = append(s.found, one)
		}
	}
	return nil
}

// readPath reads what a path names, or its history.
func (s *scanning) readPath(ctx context.Context, path string, history bool) (salesforce.Findings, error) {
	if history {
		bar := s.w.progress()
		defer bar.clear()
		return app.Files{}.History(ctx, path, bar.showHistory)
	}
	if has, err := (app.Files{}).HasHistory(path); err == nil && has {
		s.w.say("note: %s is in a git repository; with --history all of its history and other branches are searched", path)
	}
	return app.Files{}.Read(ctx, path, s.asOf)
}

// readDemo reads the built-in org with the token that it is served with.
func (s *scanning) readDemo(ctx context.Context, demo *app.Demo) (salesforce.Findings, error) {
	t := signin.Token{Access: demo.Server.Token(), InstanceURL: demo.Host(), OrgID: demoorg.OrgID}
	o, err := app.Connect(ctx, t, signin.Options{Host: demo.Host(), ClientID: demoorg.ClientID})
	if err != nil {
		return salesforce.Findings{}, err
	}
	return s.readOrg(ctx, o, "demo")
}

// readKnown reads an org with the sign-in that is kept.
func (s *scanning) readKnown(ctx context.Context, name string) (salesforce.Findings, error) {
	known, err := s.w.findOrg(name)
	if err != nil {
		return salesforce.Findings{}, err
	}
	o, err := s.w.resume(ctx, known)
	if err != nil {
		return salesforce.Findings{}, err
	}
	found, err := s.readOrg(ctx, o, cmp.Or(known.Alias, known.Name))
	if errors.Is(err, org.ErrExpired) {
		err = s.w.signedOut(known, err)
	}
	return found, err
}

// readOrg scans an org. What was read before an error is kept.
func (s *scanning) readOrg(ctx context.Context, o *app.Org, name string) (salesforce.Findings, error) {
	bar := s.w.progress()
	found, err := o.Scan(ctx, bar.show)
	bar.clear()
	s.who = o.Who()
	for i := range found.Problems {
		found.Problems[i].Source = name
	}
	found.Source.Name = name
	if err != nil && len(found.Messages) == 0 {
		return found, err
	}
	s.stopped = err
	return found, nil
}

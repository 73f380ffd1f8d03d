package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"sidestep/app"
	"sidestep/salesforce/demoorg"
	"sidestep/ui"
)

const about = `Sidestep finds the outbound messages of a Salesforce org that sent a session id,
and walks you through every endpoint until each one is fixed, proved and signed off.

Salesforce stopped sending session ids in outbound messages in the week of
23 February 2026. Sidestep only reads: it never changes anything in an org.

Without a command it shows the interface: saved migrations first, then sign in
or open files.`

func newRoot(w World) *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:   "sidestep",
		Short: "Find the outbound messages that lost their session id, and see every endpoint fixed",
		Long:  about,
		Example: "  sidestep demo                      the whole journey on a made-up org\n" +
			"  sidestep scan --path backup.zip    what a backup says, without an org",
		SuggestionsMinimumDistance: 2,
		SilenceErrors:              true,
		SilenceUsage:               true,
		Args:                       knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if version {
				return w.print([]byte("sidestep " + w.Version + "\n"))
			}
			return w.startInterface(cmd.Context())
		},
	}
	root.SetOut(w)
	root.SetErr(w.Err)
	// Not cobra's own flag, whose text is a text/template (see package fill).
	root.Flags().BoolVarP(&version, "version", "v", false, "version for sidestep")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return wrong("run: "+cmd.CommandPath()+" --help", "%w", err)
	})
	root.AddCommand(demoCommand(w), scanCommand(w), loginCommand(w), logoutCommand(w), orgsCommand(w), listCommand(w), emailCommand(w), reportCommand(w), exportCommand(w), importCommand(w), recipeCommand(w), appCommand(w), checkCommand(w))
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		refuseStrangers(cmd)
	}
	return root
}

// knownCommand refuses words that are no command.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "run: sidestep --help"
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean: " + cmd.CommandPath() + " " + strings.Join(near, ", ")
	}
	return wrong(hint, "there is no command %q", args[0])
}

// refuseStrangers makes too many or too few arguments wrong use.
func refuseStrangers(cmd *cobra.Command) {
	switch cmd.Name() {
	case "completion":
		cmd.Args = shellName
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return shellName(cmd, nil) }
	case "help":
		cmd.Args = helpTopic
	}
	check := cmd.Args
	if check == nil {
		return
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		var t *trouble
		if err == nil || errors.As(err, &t) {
			return err
		}
		return wrong("run: "+cmd.CommandPath()+" --help", "%w", err)
	}
	for _, sub := range cmd.Commands() {
		refuseStrangers(sub)
	}
}

// oneArgument says in words, where cobra would count, what a command is missing.
func oneArgument(question, hint string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return wrong(hint, "%s", question)
		case 1:
			return nil
		}
		return wrong("put quotes around a name with spaces", "one at a time")
	}
}

func helpTopic(cmd *cobra.Command, args []string) error {
	if topic, rest, err := cmd.Root().Find(args); err != nil || topic == cmd.Root() {
		return knownCommand(cmd.Root(), rest)
	}
	return nil
}

func shellName(cmd *cobra.Command, args []string) error {
	const hint = "run: sidestep completion bash (or zsh, fish, powershell)"
	if len(args) == 0 {
		return wrong(hint, "which shell?")
	}
	return wrong(hint, "there are no completions for %q", args[0])
}

// startInterface shows the interface for real work.
func (w World) startInterface(ctx context.Context) error {
	if !w.Terminal {
		return wrong("open a terminal and run: sidestep. For scripts: sidestep scan --help, or sidestep demo for a look at made-up data", "the interface needs a terminal")
	}
	work, err := app.OpenWork(w.Places.Work)
	if err != nil {
		return err
	}
	deps := w.deps(work)
	known := w.known()
	known.Memory, known.Notice = &app.Memory{}, nil // the screen belongs to the interface
	orgs := &demoOrgs{Orgs: app.Orgs{Known: known}}
	deps.Orgs, deps.Kept, deps.CLI = orgs, app.Again{List: known}, app.CLI{}
	deps.StartDemo = func(ctx context.Context) (ui.Demo, ui.Work, error) {
		demo, err := app.StartDemo(ctx, demoorg.Options{})
		if err != nil {
			return nil, nil, err
		}
		work, err := app.OpenWork(w.Places.DemoWork)
		if err != nil {
			return nil, nil, err
		}
		orgs.demo = demo
		return demo, work, nil
	}
	return ui.Run(ctx, deps)
}

func (w World) deps(work *app.Work) ui.Deps {
	own := w.Places.Own()
	deps := ui.Deps{
		Work: work, Orgs: app.Orgs{}, Files: app.Files{},
		Desktop: app.Desktop{Drafts: w.Places.Drafts}, Checks: app.Checks{Folder: filepath.Join(w.Places.Drafts, "receivers")}, By: app.Person(), Now: w.Now,
		Vendors: own.Vendors, Texts: own.Texts, Unusable: own.Problems, ReadOnly: work.ReadOnly(), Keyboard: &app.Keyboard{File: os.Stdin},
	}
	if shell := app.NewShell(); shell != nil {
		deps.Shell = shell
	}
	return deps
}

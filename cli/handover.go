package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"sidestep/app"
	"sidestep/salesforce/signin"
	"sidestep/state"
)

func exportCommand(w World) *cobra.Command {
	var org, out string
	var demo, secrets bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Hand a migration to a colleague",
		Long: `Writes a saved migration whole, for "sidestep import" on another computer: what was
read, verdicts, routes, ticks, notes, mails and history.

User info and query values of addresses are left out, and no sign-in is inside. The
colleague's own scan of the org brings the addresses back, and the work stays with
them. --show-secrets writes them too.`,
		Example: "  sidestep export -o acme.sidestep\n  sidestep export --org acme | ssh elsewhere 'cat > acme.sidestep'",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("output") && out == "" {
				return wrong("as in -o acme.sidestep", "-o needs the name of a file")
			}
			m, err := w.findSaved(org, demo)
			if err != nil {
				return err
			}
			return w.export(m, out, secrets)
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "write it to the new `FILE` instead of stdout")
	cmd.Flags().StringVar(&org, "org", "", "the migration of the org `NAME`: alias, username, org id or host; not needed when only one is saved")
	cmd.Flags().BoolVar(&demo, "demo", false, "the work on the built-in org")
	cmd.Flags().BoolVar(&secrets, "show-secrets", false, "write user info and query values of addresses too")
	return cmd
}

func (w World) export(m state.Migration, out string, secrets bool) error {
	withheld := 0
	if !secrets {
		m, withheld = m.Handed()
	}
	data, err := state.Encode(m)
	if err != nil {
		return err
	}
	if out == "" {
		err = w.print(data)
	} else {
		err = w.writeNew(out, data, "the migration")
	}
	if err == nil && withheld > 0 {
		w.say("The secrets in the addresses of %s were left out; a scan of the org brings them back, --show-secrets writes them.", count(withheld, "endpoint"))
	}
	return err
}

func importCommand(w World) *cobra.Command {
	var demo, instead bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Take over a migration that a colleague exported",
		Long: `Reads what "sidestep export" wrote and saves it as a migration of yours. Where one
of the same org is saved already, nothing happens unless you say --replace; the
version from before is then kept beside the saved file.`,
		Example: "  sidestep import acme.sidestep",
		Args:    oneArgument("which file?", "name the file that sidestep export wrote, as in: sidestep import acme.sidestep"),
		RunE: func(_ *cobra.Command, args []string) error {
			m, err := w.taken(args[0], demo)
			if err != nil {
				return err
			}
			folder := w.Places.Work
			if demo {
				folder = w.Places.DemoWork
			}
			return w.takeOver(folder, m, instead)
		},
	}
	cmd.Flags().BoolVar(&instead, "replace", false, "put it in the place of the migration that is saved for the same org")
	cmd.Flags().BoolVar(&demo, "demo", false, "take it over as work on the built-in org")
	return cmd
}

// taken reads the file. Where its org's pages lie is somebody else's word: what is no
// address of Salesforce's is not believed.
func (w World) taken(path string, demo bool) (state.Migration, error) {
	m, err := state.Taken(path)
	var later *state.NewerError
	switch {
	case errors.As(err, &later):
		return m, advise(err, "update Sidestep")
	case errors.Is(err, fs.ErrNotExist):
		return m, wrong("name a file that sidestep export wrote", "there is no file %s", path)
	case errors.Is(err, fs.ErrPermission):
		return m, advise(fmt.Errorf("%s can't be read: permission denied", path), "ask for the right to read it, or copy it to where you may")
	case err != nil:
		return m, advise(fmt.Errorf("%s is no whole export of Sidestep: %w", path, err), "ask for it again; nothing was changed here")
	}
	host := ""
	if demo {
		host = m.Org.Instance // the built-in org is on this computer
	}
	if m.Org.Instance != "" && signin.InstanceAllowed(m.Org.Instance, host) != nil {
		w.say("sidestep: the file says that the org lies at %s, which is no address of Salesforce's; that was left out", m.Org.Instance)
		m.Org.Instance = ""
	}
	return m, nil
}

// takeOver saves the work as the newest version in the folder.
func (w World) takeOver(folder string, m state.Migration, instead bool) error {
	work, err := app.OpenWork(folder)
	if err != nil {
		return err
	}
	act := state.Act{By: app.Person(), At: w.Now()}
	handle, err := work.Create(m.After(m, act))
	if errors.Is(err, state.ErrExists) {
		if !instead {
			return advise(fmt.Errorf("there is a saved migration for %s already", cmp.Or(m.Org.Name, m.ID)), "it was left as it is; --replace puts the imported one in its place")
		}
		var before state.Migration
		if handle, before, err = work.Open(m.ID); err == nil {
			err = handle.Save(m.After(before, act))
		}
	}
	if handle != nil {
		err = errors.Join(err, handle.Close())
	}
	if err != nil {
		return err
	}
	o := m.Overview()
	w.say("Taken over: %s, %s, %d of %s. Go on with: sidestep", cmp.Or(m.Org.Name, m.ID), count(o.Endpoints, "endpoint"), o.Progress.Done, count(o.Progress.Of, "step"))
	return nil
}

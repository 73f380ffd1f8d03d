package cli

import (
	"context"

	"github.com/spf13/cobra"

	"sidestep/app"
)

func logoutCommand(w World) *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Revoke the sign-in to an org and forget it here",
		Long: `Revokes the sign-in at the org, deletes it from the keychain, and takes the org
off the list of known orgs. Saved migrations stay. Without a network the sign-in
is deleted here, and you are told that the org still has it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return w.logout(cmd.Context(), name) },
	}
	cmd.Flags().StringVar(&name, "org", "", "the org `NAME`: alias, username, org id or host; not needed when only one is known")
	return cmd
}

func (w World) logout(ctx context.Context, name string) error {
	o, err := w.findOrg(name)
	if err != nil {
		return err
	}
	notRevoked, err := w.known().Forget(ctx, o)
	switch {
	case err != nil:
		return advise(err, "nothing was forgotten; unlock the keychain and try again")
	case o.KeptIn == app.InCLI:
		w.say("Forgot %s. The Salesforce CLI is still signed in to it.", o.Called())
		w.say("hint: to sign out there, run: sf org logout --target-org %s", o.Username)
	case notRevoked != nil:
		w.say("Signed out of %s on this computer only: %v.", o.Called(), notRevoked)
		w.say("hint: in Setup, Connected Apps OAuth Usage, the org's admin can revoke it")
	default:
		w.say("Signed out of %s.", o.Called())
	}
	return nil
}

package cli

import "github.com/spf13/cobra"

// checkCommand gathers the checks that prove something about an endpoint: each
// is a command of its own, in a file of its own.
func checkCommand(w World) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Prove something about an endpoint: its code, its credentials, its answers",
		Args:  knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return wrong("run: sidestep check --help", "check what?")
		},
	}
	cmd.AddCommand(w.checks()...)
	return cmd
}

func (w World) checks() []*cobra.Command {
	return []*cobra.Command{checkCodeCommand(w), checkOAuthCommand(w), checkEndpointCommand(w), checkLoginsCommand(w), checkLostCommand(w)}
}

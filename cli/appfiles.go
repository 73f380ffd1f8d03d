package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"sidestep/salesforce/clientapp"
	"sidestep/salesforce/credentials"
)

type appFlags struct {
	app                       clientapp.App
	flow, certificate, folder string
}

func appCommand(w World) *cobra.Command {
	var f appFlags
	cmd := &cobra.Command{
		Use:   "app NAME",
		Short: "Write the metadata files of a receiver's External Client App",
		Long: `Writes the metadata files of an External Client App with the API name NAME into a
new folder, in Metadata API format, to be deployed by hand. Nothing is deployed
here. No secret is inside: the org makes the consumer key and the secret, and shows
them in Setup.

With --flow client-credentials the app acts as the user --run-as; with --flow jwt
it holds the receiver's certificate, and the permission set approves its user.`,
		Example: "  sidestep app Order_Hub --contact ops@acme.example --run-as hub@acme.example\n" +
			"  sidestep app Order_Hub --contact ops@acme.example --flow jwt --permission-set Order_Hub --certificate hub.crt",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return wrong("run: sidestep app --help", "an app has one name")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return w.writeApp(args[0], f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.app.Contact, "contact", "", "the `ADDRESS` of whoever answers for the app")
	fl.StringVar(&f.flow, "flow", string(credentials.ClientCredentials), "how the receiver signs in: client-credentials or jwt")
	fl.StringVar(&f.app.RunAs, "run-as", "", "the `USERNAME` of the integration user (with --flow client-credentials)")
	fl.StringVar(&f.app.PermissionSet, "permission-set", "", "the API `NAME` of the permission set that approves the app's user")
	fl.StringVar(&f.certificate, "certificate", "", "the `FILE` with the receiver's certificate in PEM form (with --flow jwt)")
	fl.StringVarP(&f.folder, "output", "o", "", "the new `FOLDER` (NAME if not given)")
	complete(cmd, "flow", []credentials.Flow{credentials.ClientCredentials, credentials.JWTBearer})
	return cmd
}

func (w World) writeApp(name string, f appFlags) error {
	a := f.app
	a.Name, a.Flow = name, credentials.Flow(f.flow)
	switch jwt := a.Flow == credentials.JWTBearer; {
	case f.certificate != "" && !jwt:
		return wrong("add --flow jwt, or leave it out", "a certificate is for JWT bearer")
	case a.RunAs != "" && jwt:
		return wrong("leave out --run-as", "with JWT bearer the receiver says who signs in")
	case f.certificate != "":
		data, err := readAtMost(f.certificate, credentials.MaxKey+1)
		if err != nil {
			return advise(fmt.Errorf("the certificate can't be read: %w", err), "give the file with the certificate, in PEM form")
		}
		a.Certificate = data
	}
	files, err := clientapp.Files(a)
	if err != nil {
		return wrong("run: sidestep app --help", "%w", err)
	}
	folder := f.folder
	if folder == "" {
		folder = name
	}
	err = clientapp.Write(filepath.Clean(folder), files)
	switch {
	case errors.Is(err, fs.ErrExist):
		return advise(fmt.Errorf("%s is there already", folder), "it was left as it is; choose another folder")
	case err != nil:
		return advise(err, "choose a folder that you may write to")
	}
	w.say("Written: %s (%d files)", folder, len(files))
	return nil
}

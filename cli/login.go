package cli

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"

	"sidestep/app"
	"sidestep/salesforce/demoorg"
	"sidestep/salesforce/signin"
)

var errPortsTaken = errors.New("every port that the browser could come back to is taken")

type loginFlags struct {
	host, clientID, alias string
	// store is where the sign-in is to be kept, "" as before.
	store string
	// sf takes the login of the Salesforce CLI, that of username if it is not "".
	sf        bool
	username  string
	noBrowser bool
}

func loginCommand(w World) *cobra.Command {
	var f loginFlags
	cmd := &cobra.Command{
		Use:   "login [--sf [USERNAME]]",
		Short: "Sign in to an org through the browser",
		Long: `Prints a link, opens it in the browser, and waits until you have signed in there.
The sign-in is kept in the system's keychain and nowhere else. Where there is no
keychain it is used for this command only, unless you say --store file: then it
is kept in a file that only you can read, today and from now on.

With --sf nobody has to sign in: the Salesforce CLI (sf) is asked for its login
each time one is needed, and nothing of it is kept.

Where the browser runs on another computer, sign in there and paste the address
that it ends on here. It is not shown.`,
		Example: "  sidestep login --host acme            a My Domain name\n" +
			"  sidestep login --host test            a sandbox\n" +
			"  sidestep login --host http://localhost:8181   see sidestep demo --serve\n" +
			"  sidestep login --sf ada@acme.example  what the Salesforce CLI is logged in to",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd, args); err != nil {
				return err
			}
			if f.sf {
				return w.borrow(cmd.Context(), f)
			}
			return w.login(cmd.Context(), f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.host, "host", "login", "where to sign in: a My Domain name, login, test, or any address of the org")
	fl.StringVar(&f.clientID, "client-id", "", "the consumer key of your External Client App; otherwise SIDESTEP_CLIENT_ID, otherwise the Salesforce CLI's")
	fl.BoolVar(&f.noBrowser, "no-browser", false, "print the link only")
	fl.StringVar(&f.alias, "alias", "", "a short name for the org")
	fl.StringVar(&f.store, "store", "", "where sign-ins are kept from now on: `keychain`, or file for a file that only you can read")
	complete(cmd, "store", []string{app.InKeychain, app.InFile})
	fl.BoolVar(&f.sf, "sf", false, "use the Salesforce CLI's login, that of USERNAME where it has several")
	return cmd
}

func (f *loginFlags) check(cmd *cobra.Command, args []string) error {
	const hint = "run: sidestep login --help"
	switch {
	case len(args) > 0 && !f.sf:
		return wrong("did you mean: sidestep login --host "+args[0]+", or sidestep login --sf "+args[0], "login takes no argument")
	case f.store != "" && f.store != app.InFile && f.store != app.InKeychain:
		return wrong("say --store keychain or --store file", "--store does not know %q", f.store)
	case f.sf && (f.store != "" || f.clientID != "" || f.noBrowser || cmd.Flags().Changed("host")):
		return wrong(hint, "with --sf there is nothing to sign in at and nothing to keep")
	}
	if len(args) > 0 {
		f.username = args[0]
	}
	return nil
}

func (w World) login(ctx context.Context, f loginFlags) error {
	base, err := signin.ParseHost(f.host)
	if err != nil {
		return &trouble{wrongUse, err, cmp.Or(hintOf(err), "run: sidestep login --help")}
	}
	if f.clientID == "" && os.Getenv("SIDESTEP_CLIENT_ID") == "" && w.known().ClientFor(base) == "" && onThisComputer(base) {
		f.clientID = demoorg.ClientID
	}
	if f.store != "" {
		if err := w.known().ChooseStore(ctx, f.store); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a, err := app.Orgs{Known: w.known()}.Start(ctx, base, f.clientID)
	if err != nil {
		return err
	}
	if !a.Listening() && w.ReadHidden == nil {
		return advise(errPortsTaken, "close the program that holds port 1717, or set SIDESTEP_CALLBACK_PORT to one that your app has registered")
	}
	if w.ReadHidden != nil {
		w.HideTyping()
		defer w.ShowTyping()
	}
	w.invite(a, f)
	o, err := a.WaitOrg(ctx)
	if err != nil {
		return err
	}
	return w.keep(ctx, o, f.alias)
}

// invite shows the link and offers the ways to answer it.
func (w World) invite(a *app.Attempt, f loginFlags) {
	w.say("Open this link in a browser and sign in. It works until %s.", a.Deadline().Local().Format("15:04"))
	w.say("")
	w.say("%s", a.Link())
	w.say("")
	if !a.Listening() {
		w.say("Every port that the browser could come back to is taken: it will show an error, and its address is the answer.")
	}
	if w.ReadHidden != nil {
		w.say("Or paste the address that the browser ends on, and press Enter (it is not shown).")
		go w.takePasted(a)
	}
	if f.noBrowser {
		return
	}
	go func() {
		if err := w.OpenBrowser(a.Link()); err != nil {
			w.say("No browser could be opened here (%v): use the link.", err)
		}
	}()
}

// takePasted reads addresses until one is the answer.
func (w World) takePasted(a *app.Attempt) {
	for {
		line, err := w.ReadHidden()
		if err != nil {
			return // no keyboard any more; the browser may still come back
		}
		if line == "" {
			continue
		}
		if err := a.Paste(line); err == nil {
			return
		} else if errors.Is(err, signin.ErrClosed) {
			return
		} else {
			w.say("That is not the answer: %v. The link still works.", err)
		}
	}
}

// keep remembers the org and its sign-in.
func (w World) keep(ctx context.Context, o *app.Org, alias string) error {
	who := o.Who()
	w.say("Signed in to %s as %s.", who.Name, who.Username)
	known, err := w.known().Keep(ctx, o, alias, w.Now())
	if err == nil {
		w.say("The sign-in is kept in %s. Go on with: sidestep scan --org %s", placeOf(known), known.Called())
		return nil
	}
	// A sign-in that nothing can use any more should not stay valid.
	const patience = 10 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = o.Revoke(ctx)
	if !errors.Is(err, app.ErrNotKept) {
		return err
	}
	w.say("%v, so it was used for this command only.", err)
	w.say("hint: say --store file to keep it in a file that only you can read, or use the interface, which signs in when it needs to: sidestep")
	return nil
}

func placeOf(o app.KnownOrg) string {
	switch o.KeptIn {
	case app.InFile:
		return "a file that only you can read"
	case app.InCLI:
		return "the Salesforce CLI, which is asked each time"
	}
	return "the system's keychain"
}

func onThisComputer(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

package cli

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sidestep/salesforce"
	"sidestep/salesforce/credentials"
	"sidestep/salesforce/signin"
)

// secretVariable is where a script puts the consumer secret: an argument can be
// read by everybody on the computer.
const secretVariable = "SIDESTEP_CLIENT_SECRET"

type checkOAuthFlags struct {
	host, clientID, flow, user, keyFile string
	object, fields                      string
	writes                              bool
	endpoint, org                       string
	demo, json                          bool
}

func checkOAuthCommand(w World) *cobra.Command {
	var f checkOAuthFlags
	cmd := &cobra.Command{
		Use:   "oauth --host HOST --client-id KEY [--flow jwt --user USERNAME --key-file FILE]",
		Short: "Prove that an endpoint's new credentials work",
		Long: `Asks the org for a token as the receiver will, and then what the token is good
for: whose it is, which scopes it has, whether REST and SOAP accept it, whether its
user may do what the receiver needs, and whether its user could start a loop.

The consumer secret is asked for and not shown, or taken from the environment
variable ` + secretVariable + `. Secret, key and token are kept nowhere.

With --endpoint, the objects and fields are those of the messages that go there,
and the host is that of the migration's org.

Exit codes: 0 every check passed or warns only, 1 a check failed, 2 wrong use.`,
		Example: "  sidestep check oauth --host acme --client-id 3MVG9… --object Order --writes\n" +
			"  sidestep check oauth --host acme --client-id 3MVG9… --flow jwt --user integration@acme.example --key-file receiver.key\n" +
			"  sidestep check oauth --client-id 3MVG9… --endpoint hooks.acme.example/orders --json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return w.checkOAuth(cmd, f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.host, "host", "", "where the receiver asks for its token: the org's My Domain, or any address of the org (with --flow jwt also login or test)")
	fl.StringVar(&f.clientID, "client-id", "", "the consumer key of the receiver's app")
	fl.StringVar(&f.flow, "flow", string(credentials.ClientCredentials), "how the receiver signs in: client-credentials or jwt")
	fl.StringVar(&f.user, "user", "", "the `USERNAME` that signs in (with --flow jwt)")
	fl.StringVar(&f.keyFile, "key-file", "", "the `FILE` with the private key in PEM form (with --flow jwt)")
	fl.StringVar(&f.object, "object", "", "the `OBJECT` that the receiver reads or writes, by its API name")
	fl.StringVar(&f.fields, "fields", "", "its `FIELDS` that the receiver needs, as in Id,Name")
	fl.BoolVar(&f.writes, "writes", false, "the receiver writes them")
	fl.StringVar(&f.endpoint, "endpoint", "", "the `KEY` of an endpoint of a saved migration, or a part of it")
	fl.StringVar(&f.org, "org", "", "the migration of the org `NAME` (with --endpoint)")
	fl.BoolVar(&f.demo, "demo", false, "the work on the built-in org (with --endpoint)")
	fl.BoolVar(&f.json, "json", false, "write JSON (sidestep.check-oauth/v1)")
	complete(cmd, "flow", []credentials.Flow{credentials.ClientCredentials, credentials.JWTBearer})
	return cmd
}

// check finds wrong use before anything is read or asked.
func (f *checkOAuthFlags) check(cmd *cobra.Command) error {
	const hint = "run: sidestep check oauth --help"
	jwt := f.flow == string(credentials.JWTBearer)
	switch {
	case !jwt && f.flow != string(credentials.ClientCredentials):
		return wrong("choose client-credentials or jwt", "--flow does not know %q", f.flow)
	case f.clientID == "":
		return wrong("give --client-id, the consumer key of the receiver's app", "there is no consumer key")
	case f.host == "" && f.endpoint == "":
		return wrong("give --host, the org's My Domain", "there is no org to ask")
	case jwt && f.user == "":
		return wrong("give --user, the username of the integration user", "the JWT bearer flow needs a user")
	case jwt && f.keyFile == "":
		return wrong("give --key-file, the file with the private key", "the JWT bearer flow needs a private key")
	case !jwt && (f.user != "" || f.keyFile != ""):
		return wrong("add --flow jwt", "--user and --key-file belong to the JWT bearer flow")
	case f.endpoint != "" && (f.object != "" || f.fields != ""):
		return wrong(hint, "--endpoint brings its own objects and fields")
	case f.fields != "" && f.object == "":
		return wrong("add --object", "--fields says of no object")
	case f.writes && f.object == "" && f.endpoint == "":
		return wrong("add --object, or --endpoint", "--writes says of no object")
	case f.endpoint == "" && (f.org != "" || f.demo):
		return wrong(hint, "--org and --demo belong to --endpoint")
	case cmd.Flags().Changed("endpoint") && f.endpoint == "":
		return wrong(hint, "--endpoint is empty")
	}
	return nil
}

func (w World) checkOAuth(cmd *cobra.Command, f checkOAuthFlags) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	r := credentials.Request{Flow: credentials.Flow(f.flow), ClientID: f.clientID, User: f.user, Now: w.Now}
	uses, err := w.usesOf(&f, &r)
	if err != nil {
		return err
	}
	if r.Host, err = signin.ParseHost(f.host); err != nil {
		return &trouble{wrongUse, err, hintOf(err)}
	}
	if r.Flow == credentials.ClientCredentials && onLoginHost(r.Host) {
		return wrong("give the org's own My Domain, as in --host acme", "%s does not serve the client credentials flow", r.Host)
	}
	ctx := cmd.Context()
	if r.Flow == credentials.JWTBearer {
		r.Key, err = readKey(ctx, f.keyFile)
	} else {
		r.Secret, err = w.clientSecret(ctx)
	}
	if err != nil {
		return err
	}
	report, err := credentials.Prove(ctx, r, uses)
	if err != nil {
		return err
	}
	if err := w.printProof(report, f.json); err != nil {
		return err
	}
	return verdictOnProof(report)
}

// onLoginHost knows the addresses that are no org's own.
func onLoginHost(base string) bool {
	u, err := url.Parse(base)
	return err == nil && slices.Contains([]string{"login.salesforce.com", "test.salesforce.com"}, u.Hostname())
}

// usesOf says what the receiver does with which object. An endpoint of saved work
// brings the org with it.
func (w World) usesOf(f *checkOAuthFlags, r *credentials.Request) ([]credentials.Use, error) {
	if f.endpoint == "" {
		if f.object == "" {
			return nil, nil
		}
		use := credentials.Use{Object: f.object, Updates: f.writes}
		for name := range strings.SplitSeq(f.fields, ",") {
			if name = strings.TrimSpace(name); name != "" {
				use.Reads = append(use.Reads, name)
			}
		}
		if f.writes {
			// The id says which record is written.
			use.Writes = slices.DeleteFunc(slices.Clone(use.Reads), func(name string) bool { return strings.EqualFold(name, "Id") })
		}
		return []credentials.Use{use}, nil
	}
	m, err := w.findSaved(f.org, f.demo)
	if err != nil {
		return nil, err
	}
	v, err := findEndpoint(m, f.endpoint)
	if err != nil {
		return nil, err
	}
	r.OrgID = m.Org.ID
	if f.host == "" {
		f.host = m.Org.Instance
	}
	if f.host == "" {
		return nil, wrong("give --host, the org's My Domain", "the migration is of files alone and names no org")
	}
	messages := make([]salesforce.Message, 0, len(v.Messages))
	for i := range v.Messages {
		messages = append(messages, v.Messages[i].Message)
	}
	return credentials.UsesOf(messages, f.writes), nil
}

// readKey reads a key file. A pipe that never ends does not hold the command.
func readKey(ctx context.Context, path string) (*rsa.PrivateKey, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		data, err := readAtMost(path, credentials.MaxKey+1)
		done <- result{data, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case got := <-done:
		if got.err != nil {
			return nil, advise(fmt.Errorf("the key file can't be read: %w", got.err), "give the file with the receiver's private key")
		}
		key, err := credentials.ParseKey(got.data)
		if err != nil {
			return nil, advise(fmt.Errorf("%s: %w", path, err), hintOf(err))
		}
		return key, nil
	}
}

func readAtMost(path string, limit int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, limit))
}

// clientSecret takes the secret from the environment or from the keyboard.
func (w World) clientSecret(ctx context.Context) (string, error) {
	if secret := strings.TrimSpace(os.Getenv(secretVariable)); secret != "" {
		return secret, nil
	}
	if w.ReadHidden == nil {
		return "", wrong("set "+secretVariable+" in the environment, or run it in a terminal", "there is no consumer secret")
	}
	w.HideTyping()
	defer w.ShowTyping()
	fmt.Fprint(w.Err, "Consumer secret (it is not shown): ")
	type result struct {
		line string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		line, err := w.ReadHidden()
		done <- result{line, err}
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(w.Err)
		return "", ctx.Err()
	case got := <-done:
		fmt.Fprintln(w.Err)
		secret := strings.TrimSpace(got.line)
		if got.err != nil && !errors.Is(got.err, io.EOF) {
			return "", fmt.Errorf("read the consumer secret: %w", got.err)
		}
		if secret == "" {
			return "", wrong("type or paste the consumer secret, and press Enter", "there is no consumer secret")
		}
		return secret, nil
	}
}

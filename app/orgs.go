package app

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"os"
	"strconv"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
	"sidestep/state"
	"sidestep/ui"
)

// cliClient is the public client id of the Salesforce command line. It is not
// ours, and an org's policy may refuse it; see salesforce.md 5.3.
const cliClient = "PlatformCLI"

// Orgs signs in through the browser.
type Orgs struct {
	// HTTP makes the requests to orgs; nil means a client of its own.
	HTTP *http.Client
	// Known is where sign-ins of the interface are kept. Without a Path nothing
	// is kept.
	Known Known
}

// DefaultClient is the client id used when nobody named one.
func (o Orgs) DefaultClient() (id, about string) {
	if id := os.Getenv("SIDESTEP_CLIENT_ID"); id != "" {
		return id, "the consumer key in SIDESTEP_CLIENT_ID is used."
	}
	return cliClient, "the client id of the Salesforce CLI is used. It is not ours, and whether your org accepts it depends on its policy."
}

// Accepts says whether text names a host to sign in at.
func (o Orgs) Accepts(text string) error {
	_, err := signin.ParseHost(text)
	return err
}

// SignIn begins an attempt. The port is free again when ctx ends.
func (o Orgs) SignIn(ctx context.Context, host, clientID string) (ui.Attempt, error) {
	return o.Start(ctx, host, clientID)
}

// Start is SignIn for callers that want the attempt itself.
func (o Orgs) Start(ctx context.Context, host, clientID string) (*Attempt, error) {
	base, err := signin.ParseHost(host)
	if err != nil {
		return nil, err
	}
	options := signin.Options{Host: base, ClientID: cmp.Or(clientID, o.clientFor(base)), HTTP: o.HTTP}
	if p := os.Getenv("SIDESTEP_CALLBACK_PORT"); p != "" {
		port, err := strconv.Atoi(p)
		if err != nil || port < 1 || port > 65535 {
			return nil, &Advice{errBadPort(p), "set it to one port number, the one that your app has registered"}
		}
		options.Ports = []int{port}
	}
	a, err := signin.Start(ctx, options)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = a.Close() })
	return &Attempt{Attempt: a, options: options, known: o.Known}, nil
}

// clientFor prefers what was set for this run to what worked before.
func (o Orgs) clientFor(base string) string {
	def, _ := o.DefaultClient()
	if def == cliClient && o.Known.Path != "" {
		return cmp.Or(o.Known.ClientFor(base), def)
	}
	return def
}

type errBadPort string

func (e errBadPort) Error() string {
	return "SIDESTEP_CALLBACK_PORT is no port: " + strconv.Quote(string(e))
}

// Attempt is one sign-in under way.
type Attempt struct {
	*signin.Attempt
	options signin.Options
	known   Known
}

// Wait waits for the browser, asks the org who is signed in, and keeps the
// sign-in. One that can't be kept serves this run.
func (a *Attempt) Wait(ctx context.Context) (ui.Org, error) {
	o, err := a.WaitOrg(ctx)
	if err != nil {
		return nil, err
	}
	if a.known.Path == "" {
		return o, nil
	}
	known, err := a.known.Keep(ctx, o, "", time.Now())
	o.KeptIn, o.NotKept = known.KeptIn, err
	if err == nil || errors.Is(err, ErrNotKept) && a.known.Memory != nil {
		a.known.attach(known, o)
	}
	return o, nil
}

// WaitOrg is Wait for callers that want the connection itself.
func (a *Attempt) WaitOrg(ctx context.Context) (*Org, error) {
	defer func() { _ = a.Close() }()
	t, err := a.Attempt.Wait(ctx)
	if err != nil {
		return nil, err
	}
	return Connect(ctx, t, a.options)
}

// Org is an org that we are signed in to.
type Org struct {
	Token   signin.Token
	Options signin.Options
	// KeptIn says where the interface's sign-in is kept, NotKept why it is not.
	KeptIn  string
	NotKept error

	client   *org.Client
	who      state.Org // without Instance, which may change: Who tells it
	borrowed bool      // from the Salesforce CLI
	// renewal gets a new token where the sign-in is kept, moving keeps a new
	// address there; both are nil while it is not kept.
	renewal func(context.Context) (signin.Token, error)
	moving  func(ctx context.Context, instance string)
}

// Connect asks the org who is signed in, and keeps the connection.
func Connect(ctx context.Context, t signin.Token, options signin.Options) (*Org, error) {
	o := &Org{Token: t, Options: options}
	o.client = org.New(t, org.Options{HTTP: options.HTTP, Refresh: o.refresh, Moved: o.hasMoved})
	id, err := o.client.Identity(ctx)
	if err != nil {
		return nil, err
	}
	o.Token = o.client.Token() // the org may have moved
	o.who = state.Org{ID: id.OrgID, Name: cmp.Or(id.OrganizationName, id.OrgID), Username: id.Username}
	return o, nil
}

// refresh gets a new token once; it lives where the old one did.
func (o *Org) refresh(ctx context.Context) (signin.Token, error) {
	renewal := o.renewal
	if renewal == nil {
		renewal = func(ctx context.Context) (signin.Token, error) {
			t, err := signin.Refresh(ctx, o.Options, o.Token)
			t.Refresh = cmp.Or(t.Refresh, o.Token.Refresh)
			return t, err
		}
	}
	t, err := renewal(ctx)
	if err == nil {
		o.Token = t
	}
	return t, err
}

// hasMoved keeps the org's new address where its sign-in is kept.
func (o *Org) hasMoved(ctx context.Context, instance string) {
	if o.moving != nil {
		o.moving(ctx, instance)
	}
}

// Who says which org it is, and as whom we are in it.
func (o *Org) Who() state.Org {
	who := o.who
	who.Instance = o.client.Token().InstanceURL
	return who
}

// NotKeptBecause says why the sign-in lasts for this run only, nil when it is kept.
func (o *Org) NotKeptBecause() error { return o.NotKept }

// Scan reads the org's outbound messages.
func (o *Org) Scan(ctx context.Context, progress func(ui.Progress)) (salesforce.Findings, error) {
	f, err := o.client.Scan(ctx, func(p org.Progress) {
		progress(ui.Progress{Known: p.Known, Read: p.Read, Calls: p.Calls, LimitUsed: p.Limit.Used, LimitMax: p.Limit.Max, New: p.New, Note: p.Note, Pause: p.Pause, Asked: p.Asked})
	})
	f.Source.Name = o.who.Name
	for i := range f.Problems {
		f.Problems[i].Source = o.who.Name
	}
	return f, err
}

// Base is the address of the host that text names.
func (o Orgs) Base(text string) (string, error) { return signin.ParseHost(text) }

// Callbacks are the addresses that an app has to register.
func (o Orgs) Callbacks() []string {
	out := make([]string, len(signin.DefaultPorts))
	for i, port := range signin.DefaultPorts {
		out[i] = "http://localhost:" + strconv.Itoa(port) + signin.CallbackPath
	}
	return out
}

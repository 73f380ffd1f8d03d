package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sidestep/receiver/probe"
	"sidestep/salesforce"
	"sidestep/state"
)

type endpointFlags struct {
	// What is sent: a message of a saved migration, or what the flags say.
	org, endpoint, message            string
	object, fields, orgID, instance   string
	retry, file                       string
	demo, yes, private, json, secrets bool
}

func checkEndpointCommand(w World) *cobra.Command {
	var f endpointFlags
	cmd := &cobra.Command{
		Use:   "endpoint [URL]",
		Short: "Send one message without a session id, as Salesforce does now, and read the answer",
		Long: `Sends one notification to URL, exactly as Salesforce does now: without a session
id. Its ids and texts say that it is a test, and no record has its id. Then it
reads the answer: only an Ack that says true counts. Exit code 0 means that the
endpoint acknowledged, 1 that it did not.

It asks before it sends; --yes answers for you. An address that is not on the
public internet needs a second yes: --allow-private. The host is looked up once,
and the address that was checked is the one that is used, without a proxy. No
token is sent, and no redirect followed.

With --endpoint or --message, the object, fields, org id and addresses are those
of a saved migration's message, and URL may be left out. Otherwise --object,
--fields and --org-id say what is sent. Fields whose types are not known are left
out, as Salesforce leaves out empty ones, unless a value is given.`,
		Example: "  sidestep check endpoint --endpoint hooks.vendor.example\n" +
			"  sidestep check endpoint https://test.vendor.example/sf --message Account.Send_order\n" +
			"  sidestep check endpoint http://localhost:8080/ --object Order --fields Id,Status,Total__c=3 --allow-private\n" +
			"  sidestep check endpoint --file envelope.xml --message Account.Send_order",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrong("put quotes around it: & ends a command", "one address at a time")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return w.checkEndpoint(cmd, args, f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.endpoint, "endpoint", "", "send a message of the saved endpoint `KEY`, or of the only one that has this in its key")
	fl.StringVar(&f.message, "message", "", "send the saved message `KEY`, as in Account.Send_order")
	fl.StringVar(&f.org, "org", "", "the migration of the org `NAME`: alias, username, org id or host; not needed when only one is saved")
	fl.BoolVar(&f.demo, "demo", false, "the work on the built-in org")
	fl.StringVar(&f.object, "object", "", "the API name of the record's object (otherwise the message's, otherwise Account)")
	fl.StringVar(&f.fields, "fields", "", "its fields, as in Id,Name,Amount=3 (otherwise the message's, otherwise Id,Name)")
	fl.StringVar(&f.orgID, "org-id", "", "the `ID` of the org that the message says it comes from")
	fl.StringVar(&f.instance, "instance", "", "the base `URL` of that org, for the addresses in the message")
	fl.StringVar(&f.retry, "retry", "", "send the notification `ID` again, as Salesforce does when it got no Ack")
	fl.StringVar(&f.file, "file", "", "send nothing; write the envelope to the new `FILE`, or to stdout with -")
	fl.BoolVar(&f.yes, "yes", false, "send without asking")
	fl.BoolVar(&f.private, "allow-private", false, "send also to an address that is not on the public internet")
	fl.BoolVar(&f.json, "json", false, "write JSON")
	fl.BoolVar(&f.secrets, "show-secrets", false, "show user info and query values of addresses")
	return cmd
}

// probing is a check that is ready to be made.
type probing struct {
	flags endpointFlags
	// url is where it goes, "" when only the envelope is wanted.
	url          string
	message      salesforce.Message
	notification probe.Notification
	target       probe.Target
}

func (w World) checkEndpoint(cmd *cobra.Command, args []string, f endpointFlags) error {
	if cmd.Flags().Changed("file") && f.file == "" {
		return wrong("as in --file envelope.xml, or --file - for stdout", "--file needs the name of a file")
	}
	p, err := w.probing(cmd, args, f)
	if err != nil {
		return err
	}
	switch {
	case f.file == "-":
		return w.print(append(p.notification.Envelope(), '\n'))
	case f.file != "":
		return w.writeNew(f.file, append(p.notification.Envelope(), '\n'), "the envelope")
	case p.url == "":
		return wrong("give its address, or name a saved endpoint with --endpoint", "which endpoint?")
	}
	if p.target, err = probe.Parse(p.url); err != nil && salesforce.IsSealed(p.url) {
		return advise(err, "scan the org, which brings them back, or give the whole address")
	} else if err != nil {
		return &trouble{wrongUse, err, "Salesforce sends to http and https addresses only"}
	}
	res, err := w.probe(cmd.Context(), p)
	if err != nil {
		return err
	}
	return w.tellProbe(p, res)
}

// probing gathers what is to be sent, and where.
func (w World) probing(cmd *cobra.Command, args []string, f endpointFlags) (probing, error) {
	p := probing{flags: f}
	plan := probe.Plan{ID: f.retry, Now: w.Now()}
	if f.endpoint != "" || f.message != "" || f.org != "" || f.demo {
		m, err := w.findSaved(f.org, f.demo)
		if err != nil {
			return p, err
		}
		plan.OrgID, plan.Instance = m.Org.ID, m.Org.Instance
		if p.url, plan.Message, err = savedMessage(m, f); err != nil {
			return p, err
		}
	}
	if len(args) > 0 {
		p.url = args[0]
	}
	plan.OrgID, plan.Instance = cmp.Or(f.orgID, plan.OrgID), cmp.Or(f.instance, plan.Instance)
	plan.Message.Object = cmp.Or(f.object, plan.Message.Object)
	if plan.Message.Fields == nil {
		plan.Message.Fields = []string{"Id", "Name"}
	}
	var err error
	if cmd.Flags().Changed("fields") {
		plan.Message.Fields, plan.Values, err = probe.ParseValues(f.fields)
	}
	if err == nil {
		p.message = plan.Message
		p.notification, err = plan.Notification()
	}
	if err != nil {
		return p, &trouble{wrongUse, err, "run: sidestep check endpoint --help"}
	}
	return p, nil
}

// savedMessage finds the message of a migration that the flags name, and the
// address that it is sent to; nothing where they name only the org.
func savedMessage(m state.Migration, f endpointFlags) (string, salesforce.Message, error) {
	if f.endpoint == "" && f.message == "" {
		return "", salesforce.Message{}, nil
	}
	var views []state.EndpointView
	if f.endpoint != "" {
		v, err := findEndpoint(m, f.endpoint)
		if err != nil {
			return "", salesforce.Message{}, err
		}
		views = append(views, v)
	} else {
		for _, h := range m.Overview().Hosts {
			views = append(views, h.Endpoints...)
		}
	}
	for _, v := range views {
		for _, mv := range v.Messages {
			if f.message == "" || strings.EqualFold(mv.Key(), f.message) {
				return mv.EndpointURL, mv.Message, nil
			}
		}
	}
	if f.message == "" {
		return views[0].URL, salesforce.Message{}, nil
	}
	return "", salesforce.Message{}, advise(fmt.Errorf("no message %q is sent there", f.message), "give its key as the board shows it: the object, a dot, the name")
}

// probe sends, after consent.
func (w World) probe(ctx context.Context, p probing) (probe.Result, error) {
	if err := w.consent(ctx, p); err != nil {
		return probe.Result{}, err
	}
	r := probe.Request{Target: p.target, Notification: p.notification, AllowPrivate: p.flags.private}
	target, err := p.target.Resolve(ctx)
	if failure, ok := errors.AsType[*probe.Failure](err); ok {
		return r.Unsent(failure), nil
	}
	if err != nil {
		return probe.Result{}, err
	}
	r.Target = target
	if addr, what := target.Private(); what != "" && !r.AllowPrivate {
		private := &probe.PrivateError{Host: target.Endpoint().Host, Addr: addr, What: what}
		if w.ReadLine == nil {
			return probe.Result{}, &trouble{wrongUse, private, "say --allow-private if that is what you want"}
		}
		w.say("%s is %s, %s. Salesforce could not reach it.", private.Host, addr, what)
		if r.AllowPrivate, err = w.ask(ctx, "Send it there all the same?"); err != nil {
			return probe.Result{}, err
		}
		if !r.AllowPrivate {
			return probe.Result{}, errNotSent
		}
	}
	if w.ErrTerminal {
		w.say("Waiting for the answer, %.0f seconds at most. Ctrl+C ends it.", probe.Limit.Seconds())
	}
	return probe.Send(ctx, r)
}

var errNotSent = errors.New("nothing was sent")

// consent shows what would be sent to whom and takes a yes for this address.
func (w World) consent(ctx context.Context, p probing) error {
	if p.flags.yes {
		return nil
	}
	if w.ReadLine == nil {
		return wrong("say --yes to send one test message to "+p.target.Endpoint().Host, "nobody can be asked here whether to send, so nothing was sent")
	}
	text := newPage(p.flags.secrets)
	text.line(0, "This sends one test message, as Salesforce sends it now: without a session id.")
	text.probed(p)
	if p.target.Endpoint().Secret {
		text.line(0, "What the address holds beside the path (***) is sent with it. No token is.")
	} else {
		text.line(0, "No token and no password is sent with it.")
	}
	text.line(0, "The receiver may take it for a real message of a record that does not exist.")
	if _, err := w.Err.Write(text.Bytes()); err != nil {
		return err
	}
	yes, err := w.ask(ctx, "Send it to "+p.target.Endpoint().Host+"?")
	if err == nil && !yes {
		err = errNotSent
	}
	return err
}

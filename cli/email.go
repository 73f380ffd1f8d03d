package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sidestep/app"
	"sidestep/email"
	"sidestep/state"
	"sidestep/visible"
)

type emailFlags struct {
	kind, lang, org, eml, due string
	demo                      bool
}

// answerWithin is how long people are given when no other day is asked for.
const answerWithin = 14 * 24 * time.Hour

func emailCommand(w World) *cobra.Command {
	var f emailFlags
	cmd := &cobra.Command{
		Use:   "email ENDPOINT",
		Short: "Write the draft of a mail about an endpoint",
		Long: `Writes a mail about an endpoint of a saved migration to stdout: recipient and
subject, an empty line, the text. A draft that you edited in the interface is
printed as you left it. Nothing is sent, and nothing is recorded.

ENDPOINT is the endpoint's key, or a part of it that no other one has.`,
		Example: "  sidestep email hooks.parcelwise.example --kind first --lang de\n" +
			"  sidestep email hooks.parcelwise.example --kind reminder --eml reminder.eml",
		Args: oneEndpoint,
		RunE: func(cmd *cobra.Command, args []string) error { return w.email(cmd, args[0], f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.kind, "kind", string(email.First), "what the mail is for: "+words(email.Kinds()))
	fl.StringVar(&f.lang, "lang", "", "its language: "+words(email.Languages())+" (otherwise the endpoint's own, otherwise en)")
	fl.StringVar(&f.org, "org", "", "the migration of the org `NAME`: alias, username, org id or host; not needed when only one is saved")
	fl.BoolVar(&f.demo, "demo", false, "the work on the built-in org")
	fl.StringVar(&f.eml, "eml", "", "write a draft for mail programs to the new `FILE` instead")
	fl.StringVar(&f.due, "due", "", "the `DATE` by which an answer is asked for (otherwise the endpoint's own, otherwise in two weeks)")
	complete(cmd, "kind", email.Kinds())
	complete(cmd, "lang", email.Languages())
	return cmd
}

// complete offers the choices of a flag to the shell.
func complete[T ~string](cmd *cobra.Command, flag string, choices []T) {
	var out []cobra.Completion
	for _, c := range choices {
		out = append(out, cobra.Completion(c))
	}
	// It only fails for a flag that is not there, which a test would show.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(out, cobra.ShellCompDirectiveNoFileComp))
}

func oneEndpoint(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return wrong("give the endpoint's key or a part of it, as in: sidestep email hooks.vendor.example", "which endpoint?")
	case 1:
		return nil
	}
	return wrong("put quotes around it if it holds spaces", "one endpoint at a time")
}

func words[T ~string](all []T) string {
	var out []string
	for _, v := range all {
		out = append(out, string(v))
	}
	return strings.Join(out, ", ")
}

func (w World) email(cmd *cobra.Command, name string, f emailFlags) error {
	var due time.Time
	switch {
	case !slices.Contains(email.Kinds(), email.Kind(f.kind)):
		return wrong("choose one of "+words(email.Kinds()), "there is no kind of mail %q", f.kind)
	case f.lang != "" && !slices.Contains(email.Languages(), email.Language(f.lang)):
		return wrong("choose one of "+words(email.Languages()), "mails are not written in %q", f.lang)
	case cmd.Flags().Changed("eml") && f.eml == "":
		return wrong("as in --eml draft.eml", "--eml needs the name of a file")
	case f.due != "":
		var err error
		if due, err = parseDay("--due", f.due); err != nil {
			return err
		}
	}
	m, err := w.findSaved(f.org, f.demo)
	if err != nil {
		return err
	}
	v, err := findEndpoint(m, name)
	if err != nil {
		return err
	}
	d, err := w.draft(m, v, f, due)
	if err != nil {
		return err
	}
	if f.eml != "" {
		return w.writeEML(d, f.eml)
	}
	return w.print(plainMail(d))
}

// findEndpoint finds the endpoint that name means: its key, or a part of only
// one key.
func findEndpoint(m state.Migration, name string) (state.EndpointView, error) {
	var fit []state.EndpointView
	var keys []string
	for _, h := range m.Overview().Hosts {
		for _, v := range h.Endpoints {
			if v.Key == name {
				return v, nil
			}
			if name != "" && strings.Contains(strings.ToLower(v.Key), strings.ToLower(name)) {
				fit = append(fit, v)
				keys = append(keys, v.Key)
			}
		}
	}
	const enough = 5
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) > enough:
		keys = append(keys[:enough], fmt.Sprintf("%d more", len(fit)-enough))
		fallthrough
	case len(fit) > 1:
		return state.EndpointView{}, wrong("give more of its key: "+strings.Join(keys, ", "), "%q fits %s", name, count(len(fit), "endpoint"))
	}
	return state.EndpointView{}, advise(fmt.Errorf("the migration has no endpoint %q", name), "run: sidestep scan, or look at the board of the interface")
}

// draft is the mail as the admin left it, else one filled in now.
func (w World) draft(m state.Migration, v state.EndpointView, f emailFlags, due time.Time) (state.Draft, error) {
	lang := cmp.Or(f.lang, v.Language, string(email.English))
	if d, ok := v.Drafts[f.kind]; ok && d.Edited && d.Language == lang && due.IsZero() {
		return d, nil
	}
	now := w.Now()
	for _, day := range []time.Time{v.Due, now.Add(answerWithin)} {
		if due.IsZero() {
			due = day
		}
	}
	facts := email.FactsOf(m.Org, v, state.Contact{Name: app.Person()}, due, now)
	return email.Draft(email.Kind(f.kind), email.Language(lang), facts)
}

func plainMail(d state.Draft) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "To: %s\nSubject: %s\n\n%s", visible.Line(d.To), visible.Line(d.Subject), visible.Text(d.Body))
	if !bytes.HasSuffix(b.Bytes(), []byte("\n")) {
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// writeEML writes a draft to a new file; it never replaces one.
func (w World) writeEML(d state.Draft, path string) error {
	data, err := email.EML(d, state.Contact{Name: app.Person()}, w.Now())
	if err != nil {
		return err
	}
	return w.writeNew(path, data, "the draft")
}

package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
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
	kind, lang, org, eml, due, templates string
	to, with                             []string
	show                                 email.Show
	demo, edit                           bool
}

func emailCommand(w World) *cobra.Command {
	var f emailFlags
	cmd := &cobra.Command{
		Use:   "email ENDPOINT...",
		Short: "Write the draft of a mail about endpoints",
		Long: `Writes a mail about an endpoint of a saved migration to stdout: recipient and
subject, an empty line, the text. A draft that you edited in the interface is
printed as you left it. Nothing is sent, and nothing is recorded.

ENDPOINT is the endpoint's key, or a part of it that no other one has. One mail
can be about several endpoints of the same vendor or owner.

Files of yours can take the place of the built-in texts: templates/LANG/KIND.txt
beside the saved work, or in the folder that --templates names.`,
		Example: "  sidestep email hooks.parcelwise.example --kind first --lang de\n" +
			"  sidestep email hooks.parcelwise.example --kind reminder --eml reminder.eml",
		Args: someEndpoint,
		RunE: func(cmd *cobra.Command, args []string) error { return w.email(cmd, args, f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.kind, "kind", string(email.First), "what the mail is for: "+words(email.Kinds()))
	fl.StringVar(&f.lang, "lang", "", "its language: "+words(email.Languages())+" (otherwise the endpoint's own, otherwise en)")
	fl.StringVar(&f.org, "org", "", "the migration of the org `NAME`: alias, username, org id or host; not needed when only one is saved")
	fl.StringArrayVar(&f.with, "with", nil, "about the vendor's open endpoints in the migration of the org `NAME` as well; the mail names both orgs; may be given several times")
	fl.BoolVar(&f.demo, "demo", false, "the work on the built-in org")
	fl.BoolVar(&f.edit, "edit", false, "edit it first, in the editor that VISUAL or EDITOR names")
	fl.StringVar(&f.eml, "eml", "", "write a draft for mail programs to the new `FILE` instead")
	fl.StringVar(&f.due, "due", "", "the `DATE` by which an answer is asked for (otherwise the endpoint's own, otherwise in two weeks)")
	fl.StringArrayVar(&f.to, "to", nil, "write to this `ADDRESS` instead of the endpoint's contact; may be given several times")
	fl.StringVar(&f.templates, "templates", "", "the folder `DIR` with texts of yours (otherwise templates beside the saved work)")
	fl.BoolVar(&f.show.OrgID, "org-id", false, "tell the org's id in the mail")
	fl.BoolVar(&f.show.Users, "users", false, "tell the users that messages are sent as")
	fl.BoolVar(&f.show.Secrets, "show-secrets", false, "tell user info and query values of addresses")
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

func someEndpoint(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return wrong("give the endpoint's key or a part of it, as in: sidestep email hooks.vendor.example", "which endpoint?")
	}
	return nil
}

func words[T ~string](all []T) string {
	var out []string
	for _, v := range all {
		out = append(out, string(v))
	}
	return strings.Join(out, ", ")
}

func (w World) email(cmd *cobra.Command, names []string, f emailFlags) error {
	due, err := f.check(cmd)
	if err != nil {
		return err
	}
	m, err := w.findSaved(f.org, f.demo)
	if err != nil {
		return err
	}
	var views []state.EndpointView
	for _, name := range names {
		v, err := findEndpoint(m, name)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(views, func(known state.EndpointView) bool { return known.Key == v.Key }) {
			views = append(views, v)
		}
	}
	d, also, err := w.draft(m, views, f, due)
	if err == nil && f.edit {
		d, err = w.edited(d)
	}
	if err != nil {
		return err
	}
	if f.eml != "" {
		return w.writeEML(d, also, f.eml)
	}
	return w.print(plainMail(d, also))
}

// check finds wrong use before anything is read, and the day that --due names.
func (f emailFlags) check(cmd *cobra.Command) (due time.Time, err error) {
	switch {
	case !slices.Contains(email.Kinds(), email.Kind(f.kind)):
		return due, wrong("choose one of "+words(email.Kinds()), "there is no kind of mail %q", f.kind)
	case f.lang != "" && !slices.Contains(email.Languages(), email.Language(f.lang)):
		return due, wrong("choose one of "+words(email.Languages()), "mails are not written in %q", f.lang)
	case cmd.Flags().Changed("eml") && f.eml == "":
		return due, wrong("as in --eml draft.eml", "--eml needs the name of a file")
	}
	for _, address := range f.to {
		if err := email.ValidAddress(address); err != nil {
			return due, wrong("give one address at a time, as in --to jane@vendor.example --to john@vendor.example", "--to: %w", err)
		}
	}
	if f.due != "" {
		due, err = parseDay("--due", f.due)
	}
	return due, err
}

// findEndpoint finds the endpoint that name means: its key, or a part of only
// one key.
func findEndpoint(m state.Migration, name string) (state.EndpointView, error) {
	var fit []state.EndpointView
	var keys []string
	for v := range endpointsIn(m.Overview()) {
		if v.Key == name {
			return *v, nil
		}
		if name != "" && strings.Contains(strings.ToLower(v.Key), strings.ToLower(name)) {
			fit = append(fit, *v)
			keys = append(keys, v.Key)
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

// draft is the mail as the admin left it, else one filled in now. also are the
// recipients besides the draft's own.
func (w World) draft(m state.Migration, views []state.EndpointView, f emailFlags, due time.Time) (d state.Draft, also []string, err error) {
	v := views[0]
	lang := cmp.Or(f.lang, v.Language, string(email.English))
	if d, ok := v.Drafts[f.kind]; ok && d.Edited && d.With == "" && d.Language == lang && due.IsZero() && len(views) == 1 && len(f.with) == 0 {
		d, also = addressed(d, f.to)
		return d, also, nil
	}
	texts, err := w.texts(f.templates, email.Language(lang))
	if err != nil {
		return d, nil, err
	}
	now := w.Now()
	facts := email.FactsAbout(m.Org, views, state.Contact{Name: app.Person()}, due, now, f.show)
	if facts.Due.IsZero() {
		facts.Due = now.Add(state.AnswerWithin)
	}
	others, err := w.elsewhere(v.Vendor, f)
	if err != nil {
		return d, nil, err
	}
	facts = email.Together(facts, others...)
	if d, err = texts.Draft(email.Kind(f.kind), email.Language(lang), facts); err != nil {
		return d, nil, err
	}
	d, also = addressed(d, f.to)
	return d, also, nil
}

// elsewhere are the facts about the vendor's open endpoints in the migrations that
// --with names.
func (w World) elsewhere(vendor string, f emailFlags) ([]email.Facts, error) {
	var all []email.Facts
	for _, name := range f.with {
		if vendor == "" {
			return nil, wrong("name the vendor in the interface (o), in each org", "--with is for mails to a vendor, and the endpoint has none")
		}
		m, err := w.findSaved(name, f.demo)
		if err != nil {
			return nil, err
		}
		open := m.OpenOf(vendor)
		if len(open) == 0 {
			return nil, advise(fmt.Errorf("%s has no open endpoint of %s", cmp.Or(m.Org.Name, m.ID), vendor), "leave it out, or name the vendor there")
		}
		all = append(all, email.FactsAbout(m.Org, open, state.Contact{}, time.Time{}, w.Now(), f.show))
	}
	return all, nil
}

// addressed puts the recipients that --to names in the place of the known ones.
func addressed(d state.Draft, to []string) (state.Draft, []string) {
	if len(to) == 0 {
		return d, nil
	}
	d.To, d.Cc = to[0], ""
	return d, to[1:]
}

// texts are the templates: those of the user's that hold, else the built-in ones.
// A folder that was named has to be there. What is wrong with mails in other languages
// than the one that is wanted can wait.
func (w World) texts(dir string, lang email.Language) (email.Templates, error) {
	if dir != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return email.Templates{}, wrong("name the folder that holds folders like en and de", "--templates: there is no folder %s", visible.Line(dir))
		}
	}
	texts, problems := email.Load(os.DirFS(cmp.Or(dir, w.Places.Templates)))
	problems = slices.DeleteFunc(problems, func(p email.Problem) bool { return !p.Concerns(lang) })
	for _, p := range problems {
		w.say("sidestep: %s", p.Error())
	}
	if len(problems) > 0 {
		w.say("hint: the built-in text is used instead; docs/mails.md lists the fields")
	}
	return texts, nil
}

// edited is a draft as it comes back from the person's own editor. The file that
// they edited stays where it can't be read as a mail.
func (w World) edited(d state.Draft) (state.Draft, error) {
	if !w.Terminal {
		return d, wrong("leave it out, or open a terminal; --eml FILE writes the mail to a file", "--edit needs a terminal")
	}
	desktop := app.Desktop{}
	path, err := desktop.NewText(email.Text(d))
	if err != nil {
		return d, err
	}
	next := d
	saved, err := desktop.Edit(path, os.Stdin, w.Out, w.Err)
	if err == nil {
		next, _, err = email.Reread(d, saved)
	}
	if len(bytes.TrimSpace(saved)) == 0 || err == nil || string(saved) == email.Text(d) {
		return next, errors.Join(err, desktop.RemoveText(path))
	}
	w.say("sidestep: what you wrote is in %s", path)
	return d, err
}

func plainMail(d state.Draft, also []string) []byte {
	to := strings.Join(append([]string{d.To}, also...), ", ")
	var b bytes.Buffer
	fmt.Fprintf(&b, "To: %s\n", visible.Line(to))
	if d.Cc != "" {
		fmt.Fprintf(&b, "Cc: %s\n", visible.Line(d.Cc))
	}
	fmt.Fprintf(&b, "Subject: %s\n\n%s", visible.Line(d.Subject), visible.Text(d.Body))
	if !bytes.HasSuffix(b.Bytes(), []byte("\n")) {
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// writeEML writes a draft to a new file; it never replaces one.
func (w World) writeEML(d state.Draft, also []string, path string) error {
	data, err := email.EML(d, state.Contact{Name: app.Person()}, w.Now(), also...)
	if err != nil {
		return err
	}
	return w.writeNew(path, data, "the draft")
}

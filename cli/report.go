package cli

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sidestep/report"
)

// form is a form in which a report is written.
type form string

const (
	formMarkdown form = "md"
	formHTML     form = "html"
	formCSV      form = "csv"
	formJSON     form = "json"
)

var forms = []form{formMarkdown, formHTML, formCSV, formJSON}

type reportFlags struct {
	form, out, org string
	demo, secrets  bool
}

func reportCommand(w World) *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Write the state of a migration for other people",
		Long: `Writes where a saved migration stands: verdicts with their reasons, each endpoint
with its route, steps and proofs, what was agreed with vendors, who signed off and on
what evidence.

  md     Markdown, for wikis and tickets
  html   one page that fetches and runs nothing, to open, print or attach
  csv    a row for each message, for spreadsheets
  json   for programs, of the schema sidestep.report/v1

User info and query values of addresses are masked. Names, notes and reasons are
told as they were entered.`,
		Example: "  sidestep report --format html -o report.html\n  sidestep report --org acme --format csv -o acme.csv",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return w.writeReport(cmd, f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.form, "format", "", "its form: "+words(forms)+" (otherwise that of -o's name, otherwise md)")
	fl.StringVarP(&f.out, "output", "o", "", "write it to the new `FILE` instead of stdout")
	fl.StringVar(&f.org, "org", "", "the migration of the org `NAME`: alias, username, org id or host; not needed when only one is saved")
	fl.BoolVar(&f.demo, "demo", false, "the work on the built-in org")
	fl.BoolVar(&f.secrets, "show-secrets", false, "tell user info and query values of addresses")
	complete(cmd, "format", forms)
	return cmd
}

func (w World) writeReport(cmd *cobra.Command, f reportFlags) error {
	as, err := f.chosen(cmd)
	if err != nil {
		return err
	}
	m, err := w.findSaved(f.org, f.demo)
	if err != nil {
		return err
	}
	r := report.Of(m, w.Now(), f.secrets)
	var data []byte
	switch as {
	case formHTML:
		data = r.HTML()
	case formCSV:
		data = r.CSV()
	case formJSON:
		if data, err = encodeJSON(r); err != nil {
			return err
		}
	default:
		data = r.Markdown()
	}
	if f.out != "" {
		return w.writeNew(f.out, data, "the report")
	}
	return w.print(data)
}

// chosen is the form that the flags ask for.
func (f reportFlags) chosen(cmd *cobra.Command) (form, error) {
	if cmd.Flags().Changed("output") && f.out == "" {
		return "", wrong("as in -o report.html", "-o needs the name of a file")
	}
	if f.form != "" || cmd.Flags().Changed("format") {
		if !slices.Contains(forms, form(f.form)) {
			return "", wrong("choose one of "+words(forms), "there is no form of report %q", f.form)
		}
		return form(f.form), nil
	}
	if ending := form(strings.ToLower(strings.TrimPrefix(filepath.Ext(f.out), "."))); slices.Contains(forms, ending) {
		return ending, nil
	}
	return formMarkdown, nil
}

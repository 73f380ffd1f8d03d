package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"sidestep/receiver/code"
	"sidestep/visible"
)

// codeJSON is the form of `check code --json`. Fields may be added, never renamed or
// removed.
type codeJSON struct {
	Schema string `json:"schema"`
	code.Report
}

func checkCodeCommand(w World) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "code PATH",
		Short: "Find out from its source what a receiver does with the session id",
		Long: `Searches a folder or a file for code that receives outbound messages and tells,
line by line, what it does with the session id and the URLs of the message: reads,
stores, forwards, compares or logs them, sets a session header with them. From that
it proposes the receiver class (calls back, checks the sender, ignores it, not known
yet) and says whether the receiver acknowledges before or after it calls back.

Nothing is run, sent or changed. What .gitignore names is left out, and so are
folders with what others wrote, such as node_modules and vendor; links are not
followed. Session ids in the lines that are shown are masked.

With --json, stdout is one object of the schema sidestep.check-code/v1.

Exit codes: 0 fine, also when nothing was found, 1 failed, 2 wrong use, 5 something
could not be read (what was found is printed all the same, with "complete": false).`,
		Example: "  sidestep check code ../order-service\n  sidestep check code src/main/java --json",
		Args:    oneArgument("which code?", "name the folder or the file that holds the receiver's source, as in: sidestep check code ../order-service"),
		RunE: func(cmd *cobra.Command, args []string) error {
			bar := w.progress()
			r, err := code.Check(cmd.Context(), args[0], code.Options{Progress: bar.showFiles})
			bar.clear()
			if err != nil {
				return codeTrouble(args[0], err)
			}
			if err := w.printCode(r, asJSON); err != nil {
				return err
			}
			if !r.Complete {
				first := r.Problems[0]
				return &trouble{incomplete, fmt.Errorf("the search is incomplete: %s: %s", first.File, first.Message), "what was found is printed; a receiver may be behind what could not be read"}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}

func (p *progress) showFiles(now code.Progress) {
	if p.out == nil {
		return
	}
	p.shown = true
	fmt.Fprintf(p.out, "%s%s searched", clearLine, count(now.Files, "file"))
}

// codeTrouble says why a path can't be searched.
func codeTrouble(path string, err error) error {
	var where *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return advise(fmt.Errorf("%s: there is no such file or folder", path), "check the spelling; a folder is searched with everything below it")
	case errors.Is(err, fs.ErrPermission):
		return advise(fmt.Errorf("%s: it can't be read: permission denied", path), "ask for the right to read it, or copy the source to where you may")
	case errors.As(err, &where):
		return advise(fmt.Errorf("%s: %w", path, where.Err), "give a folder or a file with source")
	}
	return err
}

func (w World) printCode(r code.Report, asJSON bool) error {
	if asJSON {
		r.Receivers, r.Hits, r.Problems = append([]code.Receiver{}, r.Receivers...), append([]code.Hit{}, r.Hits...), append([]code.Problem{}, r.Problems...)
		return w.printJSON(codeJSON{"sidestep.check-code/v1", r})
	}
	text := newPage(false)
	text.code(r)
	return w.printPage(text)
}

// code tells the verdict first, then the lines that it stands on.
func (p *page) code(r code.Report) {
	name := filepath.Base(filepath.Clean(r.Path))
	if full, err := filepath.Abs(r.Path); err == nil {
		name = filepath.Base(full)
	}
	searched := count(r.Files, "file")
	switch {
	case len(r.Receivers) == 0 && r.Reason == "":
		p.line(0, "%s: no receiver of outbound messages found in %s", name, searched)
		p.line(2, "That says nothing about what lies elsewhere: another repository, another branch, a product that was bought.")
	case len(r.Receivers) == 0:
		p.line(0, "%s: no receiver of outbound messages found in %s", name, searched)
		p.line(2, "What is here: %s.", r.Reason)
	case len(r.Receivers) == 1:
		p.receiver(r.Receivers[0], name+": ")
	default:
		p.line(0, "%s: %s of outbound messages in %s", name, count(len(r.Receivers), "receiver"), searched)
		for _, rec := range r.Receivers {
			p.WriteByte('\n')
			p.receiver(rec, rec.File+": ")
		}
	}
	file := ""
	for _, h := range r.Hits {
		if h.File != file {
			file = h.File
			p.WriteByte('\n')
			p.line(0, "%s", file)
		}
		p.hit(h)
	}
	if len(r.Problems) > 0 {
		p.WriteByte('\n')
		p.line(0, "INCOMPLETE: %s could not be read; a receiver may be behind it.", count(len(r.Problems), "thing"))
		for _, pr := range r.Problems {
			p.line(2, "%s: %s", pr.File, pr.Message)
		}
	}
	if len(r.Receivers) > 0 {
		p.WriteByte('\n')
		p.line(0, "This is a proposal from %s of source. Whoever runs the receiver should confirm it.", searched)
	}
}

func (p *page) receiver(r code.Receiver, name string) {
	p.line(0, "%s%s", name, r.Class.Label())
	p.line(2, "Because %s.", r.Reason)
	if r.Class != code.CallsBack {
		return
	}
	switch r.Ack {
	case code.Before:
		p.line(2, "It acknowledges before it calls back: %s. When the call fails, nobody hears of it.", r.AckReason)
	case code.After:
		p.line(2, "It acknowledges after it calls back: %s. When the call fails, Salesforce may send the message again and again.", r.AckReason)
	default:
		p.line(2, "Whether it acknowledges before or after it calls back can't be told: %s.", r.AckReason)
	}
}

func (p *page) hit(h code.Hit) {
	var what string
	switch {
	case h.Does == code.Listens:
		what = "receives"
	case h.What == "ack":
		what = "acknowledges"
	case h.Does == code.Mentioned || h.Does == code.Generated:
		what = h.Does.Label()
	default:
		what = h.Does.Label() + ": " + h.What
		if h.As != "" {
			what += " as " + h.As
		}
	}
	p.line(2, "%5d  %-36s  %s", h.Line, visible.Line(what), h.Excerpt)
}

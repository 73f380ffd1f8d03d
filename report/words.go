package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"sidestep/salesforce"
	"sidestep/visible"
)

// verdicts are all of them with what they mean for readers who never saw the
// program, the most urgent first.
var verdicts = []struct {
	salesforce.Verdict
	means string
}{
	{salesforce.Sends, "the org still sends a session id"},
	{salesforce.Sent, "evidence from before the cut-off says that it sent one"},
	{salesforce.Gone, "it sent one, and is no longer in the org"},
	{salesforce.Stated, "somebody who knows says that it sent one"},
	{salesforce.Unknown, "nothing proves either way: open work, no all-clear"},
	{salesforce.NotAffected, "proved, or stated with a reason"},
}

// standing is where the migration stands, in one sentence.
func (r Report) standing() string {
	return fmt.Sprintf("%d of %s finished, %d of %s settled.", r.Finished, count(len(r.Endpoints), "endpoint"), r.Progress.Done, count(r.Progress.Of, "step"))
}

// background is the sentence for readers who don't know what this is about.
const background = "Salesforce stopped sending session ids in outbound messages in the week of 23 February 2026. " +
	"Receivers that used them break until they sign in by OAuth 2.0. Since then no org can tell which messages were affected, so the verdicts stand on older evidence."

const incomplete = "This report is incomplete: a source could not be read completely, so messages may be missing."

// name is how people call the org.
func (r Report) name() string {
	if r.Org.Name != "" {
		return r.Org.Name
	}
	return "files, no org yet"
}

// FileName is a name for the report's file, without an ending, such as
// "northwind-traders-2026-11-23".
func (r Report) FileName() string {
	return cmp.Or(visible.FileName(r.Org.Name), "sidestep-report") + "-" + day(r.At)
}

// asOf says of which day a source speaks.
func (s Source) asOf() string {
	switch {
	case s.Kind == salesforce.SourceOrg:
		return "read on " + day(s.At)
	case s.Kind == salesforce.SourceGit:
		return "each version with its own day"
	case s.AsOf == "":
		return "of an unknown day"
	}
	return "of " + s.AsOf
}

// text is a mail in words.
func (m Mail) text() string { return fmt.Sprintf("%s mail sent on %s", m.Kind, m.Sent) }

// text is an answer in words.
func (a Answer) text() string {
	text := "answered on " + a.At
	if a.Promised != "" {
		text += ", promised " + a.Promised
	}
	return text
}

// facts are a vendor's record in words.
func (v Vendor) facts() []string {
	out := []string{count(len(v.Endpoints), "endpoint")}
	if v.Promised != "" {
		out = append(out, "repair promised by "+v.Promised)
	}
	for _, m := range v.Mails {
		out = append(out, m.text())
	}
	for _, a := range v.Answers {
		out = append(out, a.text())
	}
	if v.Next != "" {
		out = append(out, "next: "+v.Next+" on "+v.On)
	}
	return out
}

// text says how a step was settled.
func (s Step) text() string {
	var parts []string
	switch s.State {
	case "":
		return "to do"
	default:
		parts = append(parts, string(s.State))
	}
	if s.By != "" {
		parts = append(parts, "by "+s.By)
	}
	if s.On != "" {
		parts = append(parts, "on "+s.On)
	}
	return strings.Join(parts, " ")
}

// facts are what else there is to know of an endpoint, each with its label.
func (e Endpoint) facts() [][2]string {
	var out [][2]string
	add := func(label, text string) {
		if text != "" {
			out = append(out, [2]string{label, text})
		}
	}
	receiver := e.Receiver.Label()
	if e.Acks != "" {
		receiver += ", " + e.Acks.Label()
	}
	add("The host reads as", e.Unicode)
	add("Warning", e.Trouble)
	add("Route", e.Route.Label())
	add("Receiver", receiver)
	add("Whose", e.Who())
	add("Asked for by", e.Due)
	if e.SignOff != nil {
		add("Signed off", e.SignOff.By+" on "+day(e.SignOff.At)+": "+e.SignOff.Evidence)
	}
	return out
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}

// text names a source and its day.
func (s Source) text() string {
	text := fmt.Sprintf("%s %q, %s", s.Kind, s.Name, s.asOf())
	if !s.Complete {
		text += ", incomplete"
	}
	return text
}

// place is where a problem lies.
func place(p salesforce.Problem) string {
	text := p.Source
	if p.File != "" {
		text = p.File
	}
	if p.Line > 0 {
		text += ":" + strconv.Itoa(p.Line)
	}
	return text
}

func (r Report) readFrom() []string {
	var lines []string
	for _, s := range r.Sources {
		lines = append(lines, s.text())
	}
	return lines
}

func (r Report) unread() []string {
	var lines []string
	for _, p := range r.Problems {
		lines = append(lines, place(p)+": "+p.Message)
	}
	return lines
}

func (e Endpoint) notes() []string {
	var lines []string
	for _, n := range e.Notes {
		lines = append(lines, fmt.Sprintf("%s, %s: %s", day(n.At), n.By, n.Text))
	}
	return lines
}

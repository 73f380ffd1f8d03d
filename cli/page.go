package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
	"sidestep/visible"
)

// page is plain text for people and pagers. Everything that goes in is cleaned.
type page struct {
	bytes.Buffer
	// secrets lifts the mask from addresses.
	secrets bool
}

func newPage(secrets bool) *page { return &page{secrets: secrets} }

// line writes one line. The first indent is kept, the rest is cleaned.
func (p *page) line(indent int, format string, a ...any) {
	p.WriteString(strings.Repeat(" ", indent))
	p.WriteString(strings.TrimRight(visible.Line(fmt.Sprintf(format, a...)), " "))
	p.WriteByte('\n')
}

// para is a line with an empty one below it.
func (p *page) para(text string) {
	p.line(0, "%s", text)
	p.WriteByte('\n')
}

// report tells the findings: hosts, their endpoints, their messages.
func (p *page) report(r result) {
	p.summary(r)
	for _, h := range r.hosts() {
		p.WriteByte('\n')
		p.line(0, "%s", h.name)
		for _, e := range h.endpoints {
			p.endpoint(e)
		}
	}
	p.lostUses(r)
	p.troubles(r)
}

// lostUses lists what fires messages that no source holds. An active one is a
// sign that a file is missing here.
func (p *page) lostUses(r result) {
	if len(r.lost) == 0 {
		return
	}
	p.WriteByte('\n')
	p.line(0, "Fired, but defined nowhere here: deleted, or in a file that is missing")
	for _, l := range r.lost {
		off := ""
		if l.Active != nil && !*l.Active {
			off = ", not active"
		}
		p.line(2, "%s, by %s %s (%s%s)", l.Message, userWords(l.Type), l.Name, l.When, off)
	}
}

func (p *page) summary(r result) {
	p.line(0, "%s: %s, %s on %s", r.title, count(r.messages, "outbound message"), count(len(r.endpoints), "endpoint"), count(len(r.hosts()), "host"))
	for _, s := range r.sources {
		text := fmt.Sprintf("%s %q", s.Kind, s.Name)
		switch {
		case s.Kind == salesforce.SourceOrg:
			text += fmt.Sprintf(", read now with %s", count(s.Calls, "API call"))
		case s.Kind == salesforce.SourceGit:
			text += ", each version with its own day"
		case s.Kind == salesforce.SourceAudit:
			text = fmt.Sprintf("Setup Audit Trail %q", s.Name)
		case s.AsOf.IsZero():
			text += ", of an unknown day"
		default:
			text += ", of " + day(s.AsOf)
		}
		if !s.Complete {
			text += ", INCOMPLETE"
		}
		p.line(2, "from %s", text)
	}
	p.WriteByte('\n')
	if r.messages == 0 {
		p.line(0, "No outbound message was found here. That says nothing about what lies elsewhere: another branch, another folder, the org itself.")
		return
	}
	var counts []string
	for _, v := range []salesforce.Verdict{salesforce.Sends, salesforce.Sent, salesforce.Stated, salesforce.Gone, salesforce.Unknown, salesforce.NotAffected} {
		if n := r.verdicts[v]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, verdictWords(v)))
		}
	}
	p.line(0, "%s", strings.Join(counts, " · "))
	p.line(0, "Salesforce stopped sending session ids in the week of 23 February 2026. Since then every org answers false, so verdicts stand on older evidence.")
}

type host struct {
	name      string
	endpoints []endpoint
}

// hosts groups the endpoints, the most urgent host first.
func (r result) hosts() []host {
	var out []host
	for _, e := range r.endpoints {
		i := slices.IndexFunc(out, func(h host) bool { return h.name == e.address.Host })
		if i < 0 {
			out = append(out, host{name: e.address.Host})
			i = len(out) - 1
		}
		out[i].endpoints = append(out[i].endpoints, e)
	}
	return out
}

func (p *page) endpoint(e endpoint) {
	p.line(2, "%s", shown(e.address, p.secrets))
	if e.address.Unicode != "" {
		p.line(4, "The host reads as %s.", e.address.Unicode)
	}
	if e.address.Trouble != "" {
		p.line(4, "! %s", e.address.Trouble)
	}
	if e.address.PlainHTTP {
		p.line(4, "! Plain http: whatever was in these messages travelled unencrypted.")
	}
	if e.route != state.Undecided {
		p.line(4, "route: %s, %d of %d steps", e.route.Label(), e.progress.Done, e.progress.Of)
	}
	for _, m := range e.messages {
		p.line(4, "%-12s  %s%s", verdictWords(m.Assessment.Verdict), m.Key(), firedBy(m))
		p.line(18, "%s", m.Assessment.Because)
		if life := lifeOf(m); life != "" {
			p.line(18, "%s", life)
		}
		if warning := senderWarning(m.Sender); warning != "" {
			p.line(18, "! %s", warning)
		}
		for _, t := range m.Trail[:min(len(m.Trail), maxTraces)] {
			p.line(18, "%s", traceText(t))
		}
		if m.RetiredAPIVersion() {
			p.line(18, "API version %.1f is switched off: a receiver that follows the URLs in the payload fails even with a valid token.", m.APIVersion)
		}
	}
}

// verdictWords is a verdict as people say it.
func verdictWords(v salesforce.Verdict) string { return strings.ReplaceAll(string(v), "-", " ") }

// lifeOf tells the flag over time as commits have it, the newest first; "" for
// less than two of them.
func lifeOf(m *state.MessageView) string {
	var commits []salesforce.Evidence
	for _, e := range m.Assessment.Evidence {
		if e.Kind == salesforce.EvidenceGit && e.Says != nil {
			commits = append(commits, e)
		}
	}
	if len(commits) < 2 {
		return ""
	}
	slices.SortStableFunc(commits, func(a, b salesforce.Evidence) int { return b.At.Compare(a.At) })
	var parts []string
	for _, e := range commits {
		id, _, _ := strings.Cut(e.Where, " ")
		when := "no date"
		if !e.At.IsZero() {
			when = e.At.UTC().Format(time.DateOnly)
		}
		parts = append(parts, fmt.Sprintf("%s %v (%s)", when, *e.Says, id))
	}
	const enough = 6
	if more := len(parts) - enough; more > 0 {
		parts = append(parts[:enough], fmt.Sprintf("%d older", more))
	}
	return "In commits: " + strings.Join(parts, ", ")
}

// senderWarning says what is wrong with an integration user, "" when nothing is.
func senderWarning(u *salesforce.IntegrationUser) string {
	switch {
	case u == nil:
		return ""
	case u.Missing:
		return "Sent as " + u.Username + ", a user that the org does not show."
	case u.Active != nil && !*u.Active:
		return "Sent as " + u.Username + ", who is not active."
	case u.LoopRisk():
		return "Sent as " + u.Username + ", who has Send Outbound Messages: a receiver that writes back as this user can fire it again."
	}
	return ""
}

// maxTraces is how many changes in Setup are told of one message.
const maxTraces = 3

// traceText tells who changed a message in Setup, and when.
func traceText(t state.Trace) string {
	when := "On an unknown day"
	if !t.At.IsZero() {
		when = "On " + day(t.At.UTC())
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s in Setup: %s", when, t.By, t.Display))
}

// firedBy says in a few words what fires a message.
func firedBy(m *state.MessageView) string {
	switch {
	case !m.UsersKnown:
		return ""
	case m.Dormant():
		return "  (dormant: nothing active fires it)"
	}
	var names []string
	for _, u := range m.Users {
		if u.Active == nil || *u.Active {
			names = append(names, userWords(u.Type)+" "+u.Name)
		}
	}
	const enough = 3
	if len(names) > enough {
		names = append(names[:enough], fmt.Sprintf("%d more", len(names)-enough))
	}
	return "  (fired by " + strings.Join(names, ", ") + ")"
}

func userWords(t salesforce.UserType) string {
	switch t {
	case salesforce.WorkflowRule:
		return "workflow rule"
	case salesforce.ApprovalProcess:
		return "approval process"
	case salesforce.EntitlementProcess:
		return "entitlement process"
	}
	return "flow"
}

// troubles lists what could not be read: a message may be behind it.
func (p *page) troubles(r result) {
	if len(r.problems) == 0 {
		return
	}
	p.WriteByte('\n')
	if r.hidden() > 0 {
		p.line(0, "INCOMPLETE: %s could not be read; a message may be behind it.", count(r.hidden(), "thing"))
	}
	for _, pr := range r.problems {
		p.line(2, "%s", problemText(pr))
	}
}

func problemText(pr salesforce.Problem) string {
	where := pr.Source
	if pr.File != "" {
		where += " " + pr.File
	}
	if pr.Line > 0 {
		where += fmt.Sprintf(":%d", pr.Line)
	}
	return where + ": " + pr.Message
}

// nextSteps says how to go on from the findings.
func (p *page) nextSteps(r result, demo bool) {
	p.WriteByte('\n')
	p.line(0, "Next steps")
	program := "sidestep"
	if demo {
		program = "sidestep demo"
	}
	if r.hidden() > 0 {
		p.line(2, "- Repair or fetch again what could not be read, and scan again: until then the list may be too short.")
	}
	if n := r.affected(); n > 0 {
		p.line(2, "- %s lost the session id. Open a terminal and run %s: it walks you through every endpoint.", count(n, "message"), program)
		if e := r.endpoints[0]; len(e.messages) > 0 {
			p.line(2, "- Begin with %s: it is the most urgent one.", e.address.Key)
		}
	}
	if n := r.verdicts[salesforce.Unknown]; n > 0 {
		ask := ""
		for _, d := range r.definitions {
			if d.all != nil && d.all.Assessment.Verdict == salesforce.Unknown {
				ask = cmp.Or(ask, d.all.Assessment.Ask)
			}
		}
		p.line(2, "- %s without proof. %s", count(n, "message"), ask)
	}
	if r.open() == 0 && r.messages > 0 && r.complete {
		p.line(2, "- Nothing is left to do for what was scanned.")
	}
	if demo {
		p.line(2, "- For your own org: sidestep login, or sidestep scan --path with a backup from before 23 February 2026.")
	}
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func day(t time.Time) string { return t.Format("2 January 2006") }

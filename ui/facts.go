package ui

import (
	"fmt"
	"slices"
	"strings"

	"sidestep/salesforce"
	"sidestep/state"
)

// endpointFacts is what there is to know about an endpoint, for a detail pane.
func endpointFacts(s *session, e *state.EndpointView, w int) []string {
	th := s.theme
	lines := []string{}
	for _, l := range wrapAddress(s.address(e), w) {
		lines = append(lines, th.title.Render(l))
	}
	lines = append(lines, warnings(th, e, w)...)
	lines = append(lines, "", verdictLine(th, e.Verdict))
	if len(e.Messages) > 0 {
		for _, l := range wrap(clean(e.Messages[0].Assessment.Because), w) {
			lines = append(lines, th.muted.Render(l))
		}
	}
	lines = append(lines, "")
	lines = append(lines, labelled(th, "Route", e.Route.Label(), w)...)
	if e.Route == state.Undecided && e.ProposedWhy != "" {
		lines = append(lines, labelled(th, "Proposed", e.Proposed.Label()+". "+clean(e.ProposedWhy), w)...)
	}
	lines = append(lines, labelled(th, "Receiver", receiverText(e.Endpoint), w)...)
	lines = append(lines, labelled(th, "Owner", ownerText(e.Endpoint), w)...)
	lines = append(lines, whoseLines(s, e, w)...)
	lines = append(lines, kin(s, e.Address.Host, w)...)
	lines = append(lines, labelled(th, "Progress", fmt.Sprintf("%d of %d steps", e.Progress.Done, e.Progress.Of), w)...)
	if step, ok := nextStep(e); ok {
		lines = append(lines, labelled(th, "Next", step.Title, w)...)
	}
	lines = append(lines, "", th.accent.Render(count(len(e.Messages), "message")))
	for i := range e.Messages {
		m := &e.Messages[i]
		v := m.Assessment.Verdict
		tail := ""
		if m.Dormant() {
			tail = th.faint.Render("  dormant")
		}
		lines = append(lines, th.verdict(v).Render(sign(v))+" "+clean(m.Key())+tail)
	}
	if n := len(e.Notes); n > 0 {
		lines = append(lines, "", th.accent.Render("Latest note"))
		lines = append(lines, wrap(clean(e.Notes[n-1].Text), w)...)
	}
	return lines
}

// kin names the other hosts of the same owner: their vendor is asked once.
func kin(s *session, host string, w int) []string {
	site := salesforce.Site(host)
	others := slices.DeleteFunc(slices.Clone(s.sites[site]), func(h string) bool { return h == host })
	if len(others) == 0 {
		return nil
	}
	const enough = 4
	text := strings.Join(others[:min(len(others), enough)], ", ")
	if more := len(others) - enough; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return labelled(s.theme, "Same site", clean(site)+" also has "+clean(text), w)
}

// warnings are what is wrong with the address itself.
func warnings(th theme, e *state.EndpointView, w int) []string {
	var texts []string
	if e.Address.Trouble != "" {
		texts = append(texts, e.Address.Trouble)
	}
	if e.StandsFor != "" {
		texts = append(texts, "It seems to stand for "+clean(e.StandsFor)+", which another source knows.")
	}
	if e.Address.Unicode != "" {
		texts = append(texts, "The host reads as "+clean(e.Address.Unicode)+".")
	}
	if e.Address.PlainHTTP {
		texts = append(texts, "Plain http: whatever was in these messages travelled unencrypted.")
	}
	if e.Address.Secret {
		texts = append(texts, "The address carries a secret; it is masked (x shows it).")
	}
	var lines []string
	for _, t := range texts {
		for _, l := range hang("! ", t, w) {
			lines = append(lines, th.warning.Render(l))
		}
	}
	return lines
}

func verdictLine(th theme, v salesforce.Verdict) string {
	return th.verdict(v).Bold(true).Render(sign(v) + " " + word(v))
}

func labelled(th theme, label, text string, w int) []string {
	return hang(th.muted.Render(fit(label, 10)), text, w)
}

// receiverText is what is known of the receiver, in a few words.
func receiverText(e state.Endpoint) string {
	if e.Receiver == state.CallsBack && e.Acks != state.AcksUnknown {
		return e.Acks.Label()
	}
	return e.Receiver.Label()
}

func ownerText(e state.Endpoint) string {
	var parts []string
	for _, p := range []string{e.Vendor, e.Owner.Name, e.Owner.Email} {
		if p != "" {
			parts = append(parts, clean(p))
		}
	}
	if len(parts) == 0 {
		return "nobody yet"
	}
	return strings.Join(parts, " · ")
}

// nextStep is the first step that is still to do.
func nextStep(e *state.EndpointView) (state.Step, bool) {
	if e.Route == state.Undecided {
		return state.Step{}, false
	}
	for _, step := range e.Checklist(e.Route) {
		if e.Ticks[step.ID].State == state.ToDo {
			return step, true
		}
	}
	return state.Step{}, false
}

// messageFacts opens a message's verdict to the evidence it stands on.
func messageFacts(s *session, e *state.EndpointView, m *state.MessageView, w int) []string {
	th, a := s.theme, m.Assessment
	lines := []string{th.title.Render(fit(clean(m.Label), w)), th.muted.Render(fit(clean(m.Key()), w)), "", verdictLine(th, a.Verdict)}
	lines = append(lines, wrap(clean(a.Because), w)...)
	if a.Disagree {
		for _, l := range wrap("The evidence disagrees: see below.", w) {
			lines = append(lines, th.warning.Render(l))
		}
	}
	if a.Ask != "" {
		lines = append(lines, "")
		lines = append(lines, hang(th.warning.Render("Ask  "), clean(a.Ask), w)...)
		lines = append(lines, hang(th.warning.Render("Whom "), whomToAsk(e, m), w)...)
	}
	lines = append(lines, "", th.accent.Render("Evidence, the weightiest first"))
	for i, ev := range a.Evidence {
		lines = append(lines, evidenceLines(s, ev, a.Deciding != nil && i == decidingIndex(a), w)...)
	}
	lines = append(lines, "", th.accent.Render("What fires it"))
	lines = append(lines, firedBy(th, m, w)...)
	lines = append(lines, "", th.accent.Render("The message"))
	lines = append(lines, labelled(th, "Object", clean(m.Object), w)...)
	lines = append(lines, labelled(th, "Sent as", senderText(m), w)...)
	for _, l := range senderWarning(m, w) {
		lines = append(lines, th.warning.Render(l))
	}
	version := fmt.Sprintf("%.1f", m.APIVersion)
	if m.RetiredAPIVersion() {
		version += " – switched off by Salesforce in Summer '25: a receiver that follows the URLs in the payload fails even with a valid token"
	}
	lines = append(lines, labelled(th, "API", version, w)...)
	if ns := m.Namespace(); ns != "" {
		lines = append(lines, labelled(th, "Package", packageText(m)+" – only its vendor can change where it is sent", w)...)
	}
	if made := madeText(m); made != "" {
		lines = append(lines, labelled(th, "Made", made, w)...)
	}
	lines = append(lines, labelled(th, "Fields", clean(strings.Join(m.Fields, ", ")), w)...)
	if m.Description != "" {
		lines = append(lines, labelled(th, "About", clean(m.Description), w)...)
	}
	return append(lines, labelled(th, "Sent to", s.address(e), w)...)
}

// whomToAsk names who can answer the question, the nearest first.
func whomToAsk(e *state.EndpointView, m *state.MessageView) string {
	var who []string
	for _, one := range []struct{ as, name string }{
		{"the owner ", e.Owner.Name}, {"the vendor ", e.Vendor}, {"the package's vendor ", e.ProposedVendor},
		{"who made the message, ", m.CreatedBy}, {"who changed it last, ", m.ModifiedBy},
	} {
		if name := clean(one.name); name != "" && !slices.ContainsFunc(who, func(w string) bool { return strings.HasSuffix(w, name) }) {
			who = append(who, one.as+name)
		}
	}
	if len(who) == 0 {
		return "whoever runs " + clean(e.Address.Host) + "; o notes who that is"
	}
	return strings.Join(who, "; ")
}

// senderText is the integration user, and what the org says of it.
func senderText(m *state.MessageView) string {
	text := clean(m.IntegrationUser)
	switch u := m.Sender; {
	case u == nil:
	case u.Active != nil && *u.Active:
		text += " (active)"
	}
	return text
}

// senderWarning says what is wrong with the integration user.
func senderWarning(m *state.MessageView, w int) []string {
	switch u := m.Sender; {
	case u == nil:
		return nil
	case u.Missing:
		return hang("! ", "The org shows no such user.", w)
	case u.Active != nil && !*u.Active:
		return hang("! ", "This user is not active.", w)
	case u.LoopRisk():
		return hang("! ", "This user has Send Outbound Messages: a receiver that writes back as it can fire the message again, in a loop.", w)
	}
	return nil
}

func packageText(m *state.MessageView) string {
	text := clean(m.Namespace())
	if p := m.Package; p != nil {
		text = clean(p.Name) + " " + clean(p.Version) + " (" + text + ")"
		if p.Publisher != "" {
			text += " by " + clean(p.Publisher)
		}
	}
	return text
}

// madeText says who made the message, and who changed it last.
func madeText(m *state.MessageView) string {
	var parts []string
	if !m.CreatedAt.IsZero() {
		parts = append(parts, strings.TrimSpace("on "+day(m.CreatedAt)+" "+by(m.CreatedBy)))
	}
	if !m.ModifiedAt.IsZero() && !m.ModifiedAt.Equal(m.CreatedAt) {
		parts = append(parts, strings.TrimSpace("changed on "+day(m.ModifiedAt)+" "+by(m.ModifiedBy)))
	}
	return strings.Join(parts, ", ")
}

func by(name string) string {
	if name == "" {
		return ""
	}
	return "by " + clean(name)
}

func decidingIndex(a salesforce.Assessment) int {
	for i := range a.Evidence {
		if a.Evidence[i] == *a.Deciding {
			return i
		}
	}
	return -1
}

func evidenceLines(s *session, ev salesforce.Evidence, deciding bool, w int) []string {
	th := s.theme
	says := "says nothing of it"
	switch {
	case ev.Kind == salesforce.EvidenceAbsent:
		says = "the org has no such message"
	case ev.Kind == salesforce.EvidenceCreated:
		says = "created in the org"
	case ev.Kind == salesforce.EvidenceAudit:
		says = "named in the Setup Audit Trail"
	case ev.Says != nil && *ev.Says:
		says = "with session id"
	case ev.Says != nil:
		says = "without session id"
	}
	when := "no date"
	if !ev.At.IsZero() {
		when = day(ev.At)
	}
	mark := "  "
	if deciding {
		mark = th.cursor.Render("▸ ")
	}
	text := fmt.Sprintf("%s: %s (%s)", when, says, kindWords(ev.Kind))
	lines := hang(mark, text, w)
	for _, l := range wrap(strings.TrimSpace(clean(ev.Where+" "+ev.Note)), w-4) {
		lines = append(lines, "    "+th.muted.Render(l))
	}
	return lines
}

func kindWords(k salesforce.EvidenceKind) string {
	switch k {
	case salesforce.EvidenceLive, salesforce.EvidenceAbsent, salesforce.EvidenceCreated:
		return "the org today"
	case salesforce.EvidenceScan:
		return "an earlier scan"
	case salesforce.EvidenceStated:
		return "stated"
	case salesforce.EvidenceGit:
		return "a commit"
	case salesforce.EvidenceAudit:
		return "who changed what"
	}
	return "a file"
}

func firedBy(th theme, m *state.MessageView, w int) []string {
	if !m.UsersKnown {
		return wrap(th.muted.Render("Not known: no file with rules and flows was added."), w)
	}
	if len(m.Users) == 0 {
		return wrap(th.warning.Render("Nothing in the files that were added: it is dormant."), w)
	}
	var lines []string
	for _, u := range m.Users {
		is := "can't be told"
		if u.Active != nil && *u.Active {
			is = "active"
		} else if u.Active != nil {
			is = "inactive"
		}
		lines = append(lines, hang("  ", fmt.Sprintf("%s “%s”, %s, %s", userWords(u.Type), clean(u.Name), clean(u.When), is), w)...)
		if u.Note != "" {
			lines = append(lines, hang("    ", th.muted.Render(clean(u.Note)), w)...)
		}
	}
	return lines
}

func userWords(t salesforce.UserType) string {
	switch t {
	case salesforce.WorkflowRule:
		return "Workflow rule"
	case salesforce.ApprovalProcess:
		return "Approval process"
	case salesforce.EntitlementProcess:
		return "Entitlement process"
	}
	return "Flow"
}

package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"sidestep/email"
	"sidestep/salesforce"
	"sidestep/state"
)

// View draws what is next, and below it the record or the timeline; where there is
// room the record has the timeline beside it.
func (v *vendor) View(s size) string {
	v.refresh()
	head := v.head(s)
	room := size{s.w, s.h - len(head)}
	v.page = max(1, room.h/2)
	if v.tab == timelineTab {
		return strings.Join(head, "\n") + "\n" + fill(v.timelineLines(room), room)
	}
	left := room
	if s.wide() {
		left.w = s.w * 52 / 100
	}
	why := []string{}
	if _, text := v.nextWords(); text != "" && tight(s) {
		why = append(indent(wrap(text, left.w-4), 2), "")
	}
	body := fill(v.paged(len(v.rows), room.h, func(i int) []string {
		lines := v.recordLines(i, left.w)
		if i == 0 {
			lines = append(why, lines...)
		}
		return lines
	}), left)
	if s.wide() {
		right := size{s.w - left.w - 3, room.h}
		lines := []string{v.s.theme.accent.Render("Timeline"), ""}
		for i := 0; i < len(v.moments) && len(lines) < room.h; i++ {
			lines = append(lines, v.moments[i].lines(v.s.theme, v.s.theme.text, "", right.w-2)...)
		}
		body = v.s.theme.beside(body, fill(lines, right))
	}
	return strings.Join(head, "\n") + "\n" + body
}

// tight reports whether the head has room for one line on what is next.
func tight(s size) bool { return s.h <= 18 }

// paged are the lines of those of n items that h lines have room for; the one under
// the cursor is among them. Only items that may be shown are drawn: there can be
// thousands.
func (v *vendor) paged(n, h int, item func(i int) []string) []string {
	if n == 0 {
		return nil
	}
	at := v.cursor[v.tab]
	lines := item(at)
	first := at
	for first > 0 && first > min(v.offset[v.tab], at) && len(lines) < h {
		above := item(first - 1)
		if len(above)+len(lines) > h {
			break
		}
		first, lines = first-1, append(above, lines...)
	}
	for i := at + 1; i < n && len(lines) < h; i++ {
		lines = append(lines, item(i)...)
	}
	for first > 0 && len(lines) < h { // the end has come: there is room above
		above := item(first - 1)
		if len(above)+len(lines) > h {
			break
		}
		first, lines = first-1, append(above, lines...)
	}
	v.offset[v.tab] = first
	return lines[:min(len(lines), h)]
}

func (v *vendor) head(s size) []string {
	th, w, small := v.s.theme, s.w-2, tight(s)
	finished := 0
	for _, e := range v.endpoints {
		if e.Route != state.Undecided && e.Progress.Complete() {
			finished++
		}
	}
	sum := fmt.Sprintf("%s, %d finished", count(len(v.endpoints), "endpoint"), finished)
	lines := []string{" " + th.title.Render(fit(clean(v.about.Name), max(8, w-len(sum)-2))) + th.muted.Render(sum)}
	what, why := v.nextWords()
	if why != "" && !small {
		what += " " + why
	}
	next := wrap(what, w)
	lines = append(append(lines, indent(next, 1)...), v.tabLine(s.w))
	if !small {
		lines = append(lines[:len(lines)-1], "", lines[len(lines)-1], "")
	}
	for i := range lines {
		lines[i] = fit(lines[i], s.w)
	}
	return lines
}

// nextWords say what is next and by when, and why.
func (v *vendor) nextWords() (what, why string) {
	th, now := v.s.theme, v.s.deps.Now()
	switch {
	case v.waits:
		what = lateness(th, v.next, now).Bold(true).Render(v.next.When(now) + ": " + string(v.next.Action))
		return what + th.muted.Render(" (by "+day(v.next.On)+")."), clean(v.next.Why)
	case len(v.endpoints) == 0:
		return th.warning.Render("No endpoint names this vendor any more. What was noted is kept."), ""
	case v.any(state.Undecided):
		return th.warning.Render("Nothing is due: an endpoint below has no route yet."), ""
	case !v.any(state.VendorContact):
		return th.warning.Render("Nothing is due: no endpoint below has the route “vendor contact”."), ""
	}
	return th.good.Render("✓ Nothing is left to do with them."), ""
}

// any reports whether an endpoint has the route.
func (v *vendor) any(r state.Route) bool {
	return slices.ContainsFunc(v.endpoints, func(e *state.EndpointView) bool { return e.Route == r })
}

func (v *vendor) tabLine(w int) string {
	return tabLine(v.s.theme, []string{"Record", fmt.Sprintf("Timeline %d", len(v.moments))}, int(v.tab), w)
}

// recordLines are a row of the record, below its heading where it begins a part.
func (v *vendor) recordLines(i, w int) []string {
	th, r := v.s.theme, v.rows[i]
	before := vendorPart(-1)
	if i > 0 {
		before = v.rows[i-1].part
	}
	var lines []string
	if r.part != before {
		lines = v.heading(before, r.part)
	}
	mark, style := "  ", th.text
	if i == v.cursor[recordTab] {
		mark, style = th.cursor.Render("› "), th.cursor
	}
	for _, text := range v.row(r, style, w-4) {
		line := fit(mark+text, w-1)
		if i == v.cursor[recordTab] {
			line = th.highlight(line)
		}
		lines, mark = append(lines, line), "  "
	}
	if i == len(v.rows)-1 && len(v.endpoints) == 0 {
		lines = append(lines, "", "  "+th.muted.Render("No endpoints."))
	}
	return lines
}

func isPerson(p vendorPart) bool { return p == contactPart || p == ownerPart || p == elsewherePart }

// heading is what stands above the first row of a part.
func (v *vendor) heading(before, part vendorPart) []string {
	th := v.s.theme
	switch {
	case isPerson(part) && !isPerson(before):
		return []string{th.accent.Render("  Whom to write to")}
	case part == languagePart && !isPerson(before):
		return []string{th.accent.Render("  Whom to write to"), "  " + th.muted.Render("Nobody yet (a adds a contact)."), "", th.accent.Render("  What was agreed")}
	case part == languagePart:
		return []string{"", th.accent.Render("  What was agreed")}
	case part == endpointPart:
		return []string{"", th.accent.Render("  " + count(len(v.endpoints), "endpoint"))}
	case part == notePart:
		return []string{"", th.accent.Render("  Notes")}
	}
	return nil
}

// row is a row of the record, on one line or more.
func (v *vendor) row(r vendorRow, style lipgloss.Style, w int) []string {
	th, now := v.s.theme, v.s.deps.Now()
	none := func(text string) string { return th.muted.Render(text) }
	switch r.part {
	case contactPart:
		return hangMore(personText(th, style, r.person), w)
	case ownerPart:
		return hangMore(personText(th, style, r.person)+th.muted.Render("  noted with an endpoint"), w)
	case elsewherePart:
		return hangMore(personText(th, style, r.person)+th.muted.Render("  noted in "+clean(r.in)), w)
	case languagePart:
		text := none("English, as long as nothing else is chosen")
		if v.about.Language != "" {
			text = style.Render(clean(email.Language(v.about.Language).Native()))
		}
		return labelled(th, "Language", text, w)
	case ticketPart:
		return v.ticketLines(style, w)
	case promisePart:
		text := none("no day yet")
		if p := v.about.Promised; !p.IsZero() {
			due := state.Due{On: p}
			text = style.Render(day(p)) + "  " + lateness(th, due, now).Render(promiseWords(due, now))
		}
		return labelled(th, "Promised", text, w)
	case levelPart:
		return labelled(th, "Elsewhere", style.Render(r.there.text(v.about)), w)
	case endpointPart:
		return []string{v.endpointLine(r.endpoint, style, w)}
	}
	n := v.about.Notes[r.at]
	return hang(th.muted.Render(fit(n.At.Local().Format(time.DateOnly), 12)), strings.Join(opening(n.Text, w-12), " "), w)
}

// noBreak is a blank at which no line ends.
const noBreak = "\u00a0"

// hangMore wraps a text; what does not fit on the first line is indented.
func hangMore(text string, w int) []string {
	lines := wrap(text, w-2)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], noBreak, " ")
		if i > 0 {
			lines[i] = "  " + lines[i]
		}
	}
	return lines
}

// personText sets the address between name and role: where both are written from
// the right, a terminal would swap them otherwise. The dash stays with the role where
// a line breaks.
func personText(th theme, style lipgloss.Style, p state.Person) string {
	text := style.Render(clean(p.Name))
	if p.Email != "" {
		text += "  <" + clean(p.Email) + ">"
	}
	if p.Role != "" {
		text += th.muted.Render("  –" + noBreak + clean(p.Role))
	}
	return text
}

func (v *vendor) ticketLines(style lipgloss.Style, w int) []string {
	th, t := v.s.theme, v.about
	if t.Ticket == "" && t.TicketLink == "" {
		return labelled(th, "Ticket", th.muted.Render("none yet"), w)
	}
	lines := labelled(th, "Ticket", style.Render(clean(t.Ticket)), w)
	if t.TicketLink == "" {
		return lines
	}
	for _, l := range wrapAddress(clean(t.TicketLink), w-10) {
		lines = append(lines, strings.Repeat(" ", 10)+l)
	}
	if t.Ticket == "" {
		lines = lines[1:]
		lines[0] = th.muted.Render(fit("Ticket", 10)) + strings.TrimLeft(lines[0], " ")
	}
	trouble := ""
	if err := linkOrEmpty(t.TicketLink); err != nil {
		trouble = "It can't be opened: " + err.Error() + "."
	} else if a := salesforce.ParseEndpoint(t.TicketLink); a.Unicode != "" {
		trouble = "The host reads as " + clean(a.Unicode) + ". " + clean(a.Trouble)
	}
	if trouble != "" {
		for _, l := range hang(strings.Repeat(" ", 10)+"! ", trouble, w) {
			lines = append(lines, th.warning.Render(l))
		}
	}
	return lines
}

// promiseWords says how far off a promised day is.
func promiseWords(d state.Due, now time.Time) string {
	if d.Overdue(now) {
		return strings.Replace(d.When(now), "overdue by", "passed", 1) + " ago"
	}
	return strings.TrimPrefix(d.When(now), "due ")
}

// endpointLine is an endpoint with its progress and its next step.
func (v *vendor) endpointLine(e *state.EndpointView, style lipgloss.Style, w int) string {
	th := v.s.theme
	figures := fmt.Sprintf("%d/%d", e.Progress.Done, e.Progress.Of)
	next := th.warning.Render("no route yet")
	switch step, open := nextStep(e); {
	case open:
		next = th.muted.Render(step.Title)
	case e.Route != state.Undecided:
		next = th.good.Render("✓ finished")
	}
	if e.Route != state.Undecided && e.Route != state.VendorContact {
		next = th.muted.Render(e.Route.Label()+": ") + next
	}
	address := max(16, w*55/100)
	return style.Render(fitMiddle(strings.TrimPrefix(v.s.address(e), "https://"), address)) + " " + fit(figures, 6) + next
}

// timelineLines are the moments that the room shows.
func (v *vendor) timelineLines(s size) []string {
	th := v.s.theme
	if len(v.moments) == 0 {
		return []string{"  " + th.muted.Render("Nothing yet.")}
	}
	return v.paged(len(v.moments), s.h, func(i int) []string {
		if i != v.cursor[timelineTab] {
			return v.moments[i].lines(th, th.text, "  ", s.w-2)
		}
		lines := v.moments[i].lines(th, th.cursor, th.cursor.Render("› "), s.w-2)
		lines[0] = th.highlight(fit(lines[0], s.w-1))
		return lines
	})
}

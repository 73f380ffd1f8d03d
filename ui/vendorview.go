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
		return strings.Join(head, "\n") + "\n" + fill(v.shown(v.timelineLines(room.w, true), room.h), room)
	}
	left := room
	if s.wide() {
		left.w = s.w * 52 / 100
	}
	record := v.record(left.w)
	if _, why := v.nextWords(); why != "" && tight(s) {
		record = record.below(indent(wrap(why, left.w-4), 2))
	}
	body := fill(v.shown(record, room.h), left)
	if s.wide() {
		right := size{s.w - left.w - 3, room.h}
		lines := append([]string{v.s.theme.accent.Render("Timeline"), ""}, v.timelineLines(right.w, false).lines...)
		body = v.s.theme.beside(body, fill(lines, right))
	}
	return strings.Join(head, "\n") + "\n" + body
}

// listed are the lines of a list, and which of them belong to the row under the cursor.
type listed struct {
	lines       []string
	first, last int
}

// tight reports whether the head has room for one line on what is next.
func tight(s size) bool { return s.h <= 18 }

// below sets a list below other lines.
func (l listed) below(lines []string) listed {
	if l.first > 0 {
		l.first += len(lines) + 1
	}
	return listed{append(append(lines, ""), l.lines...), l.first, l.last + len(lines) + 1}
}

// shown is the part of a list that h lines have room for.
func (v *vendor) shown(l listed, h int) []string {
	lines, offset := follow(l.lines, v.offset[v.tab], l.first, l.last, h)
	v.offset[v.tab] = offset
	return lines
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
	case slices.ContainsFunc(v.endpoints, func(e *state.EndpointView) bool { return e.Route == state.Undecided }):
		return th.warning.Render("Nothing is due: choose the route “vendor contact” for an endpoint below."), ""
	}
	return th.good.Render("✓ Nothing is left to do with them."), ""
}

func (v *vendor) tabLine(w int) string {
	return tabLine(v.s.theme, []string{"Record", fmt.Sprintf("Timeline %d", len(v.moments))}, int(v.tab), w)
}

// record lists the rows of the record under their headings.
func (v *vendor) record(w int) listed {
	th := v.s.theme
	var l listed
	part := vendorPart(-1)
	for i, r := range v.rows {
		if r.part != part {
			l.lines = append(l.lines, v.heading(part, r.part)...)
			part = r.part
		}
		mark, style := "  ", th.text
		if i == v.cursor[recordTab] {
			mark, style = th.cursor.Render("› "), th.cursor
			l.first = len(l.lines)
			if i == 0 {
				l.first = 0 // with its heading
			}
		}
		lines := v.row(r, style, w-4)
		for n, text := range lines {
			if n > 0 {
				mark = "  "
			}
			line := fit(mark+text, w-1)
			if i == v.cursor[recordTab] {
				line = th.highlight(line)
				l.last = len(l.lines)
			}
			l.lines = append(l.lines, line)
		}
	}
	if len(v.endpoints) == 0 {
		l.lines = append(l.lines, "", "  "+th.muted.Render("No endpoints."))
	}
	return l
}

// heading is what stands above the first row of a part.
func (v *vendor) heading(before, part vendorPart) []string {
	th := v.s.theme
	switch {
	case part == contactPart || part == ownerPart && before != contactPart:
		return []string{th.accent.Render("  Whom to write to")}
	case part == languagePart && before != contactPart && before != ownerPart:
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
	case endpointPart:
		return []string{v.endpointLine(r.endpoint, style, w)}
	}
	n := v.about.Notes[r.at]
	return hang(th.muted.Render(fit(n.At.Local().Format(time.DateOnly), 12)), strings.Join(opening(n.Text, w-12), " "), w)
}

// hangMore wraps a text; what does not fit on the first line is indented.
func hangMore(text string, w int) []string {
	lines := wrap(text, w-2)
	for i := 1; i < len(lines); i++ {
		lines[i] = "  " + lines[i]
	}
	return lines
}

// personText sets the address between name and role: where both are written from
// the right, a terminal would swap them otherwise.
func personText(th theme, style lipgloss.Style, p state.Person) string {
	text := style.Render(clean(p.Name))
	if p.Email != "" {
		text += "  <" + clean(p.Email) + ">"
	}
	if p.Role != "" {
		text += th.muted.Render("  - " + clean(p.Role))
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

// timelineLines are the moments; the one at the cursor is marked where there is one.
func (v *vendor) timelineLines(w int, cursor bool) listed {
	th := v.s.theme
	var l listed
	for i, m := range v.moments {
		here := cursor && i == v.cursor[timelineTab]
		mark, style := "", th.text
		if cursor {
			mark = "  "
		}
		if here {
			mark, style = th.cursor.Render("› "), th.cursor
			l.first = len(l.lines)
		}
		lines := m.lines(th, style, mark, w-2)
		if here {
			lines[0] = th.highlight(fit(lines[0], w-1))
		}
		l.lines = append(l.lines, lines...)
		if here {
			l.last = len(l.lines) - 1
		}
	}
	if len(v.moments) == 0 {
		l.lines = []string{"  " + th.muted.Render("Nothing yet.")}
	}
	return l
}

package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sidestep/state"
)

// View draws what the endpoint is, the tabs, the tab's list, and beside it, where
// there is room, the detail of the row under the cursor.
func (e *endpoint) View(s size) string {
	v := e.view()
	if v == nil {
		return fill([]string{"", "  This endpoint is no longer there: its source was taken away. esc goes back."}, s)
	}
	head := e.head(v, s)
	room := size{s.w, s.h - len(head)}
	e.page = max(1, room.h-1)
	left, right := room, size{}
	if s.wide() && e.tab != historyTab {
		left.w = s.w * 52 / 100
		right = size{s.w - left.w - 3, room.h}
	}
	lines := e.lines(v, left.w)
	n := len(lines)
	if e.tab == historyTab {
		e.cursor[e.tab] = max(0, min(e.cursor[e.tab], n-room.h))
		lines, _ = window(lines, e.cursor[e.tab], room.h)
	} else {
		e.offset[e.tab] = scrolled(e.offset[e.tab], e.cursor[e.tab], room.h)
		lines, e.offset[e.tab] = window(lines, e.offset[e.tab], room.h)
	}
	body := fill(lines, left)
	if right.w > 0 {
		body = e.s.theme.beside(body, e.s.theme.pane(e.detail(v, right.w-1), "… enter shows all of it", right))
	}
	return strings.Join(head, "\n") + "\n" + body
}

func (e *endpoint) head(v *state.EndpointView, s size) []string {
	th := e.s.theme
	w := s.w - 2
	lines := []string{" " + th.title.Render(fitMiddle(e.s.address(v), w))}
	if s.low() {
		return append(lines, e.briefly(v, s.w)...)
	}
	because := ""
	if len(v.Messages) > 0 {
		because = clean(v.Messages[0].Assessment.Because)
	}
	lines = append(lines, fit(" "+verdictLine(th, v.Verdict)+"  "+th.muted.Render(because), s.w))
	route := v.Route.Label()
	if v.Route == state.Undecided && v.ProposedWhy != "" {
		route += ", proposed: " + v.Proposed.Label()
	}
	item := func(label, text string) string { return th.muted.Render(label+" ") + text }
	lines = append(lines, fit(" "+item("Route", route)+"   "+item("Receiver", receiverText(v.Endpoint))+"   "+item("Owner", ownerText(v.Endpoint)), s.w))
	if s.h > 18 {
		all := warnings(th, v, w)
		lines = append(lines, indent(all[:min(len(all), 4)], 1)...)
	}
	for i := range lines {
		lines[i] = fit(lines[i], s.w)
	}
	lines = append(lines, fit("", s.w), e.tabLine(v, s.w))
	if e.tab == checklistTab && v.Route == state.Undecided {
		text := "No route is chosen yet (r). These would be the steps of “" + v.Proposed.Label() + "”."
		lines = append(lines, fit(" "+th.warning.Render(fit(text, w)), s.w))
	}
	return append(lines, fit("", s.w))
}

// briefly is the head without blanks and reasons; enter on a row tells those.
func (e *endpoint) briefly(v *state.EndpointView, w int) []string {
	th := e.s.theme
	route := th.muted.Render("Route ") + v.Route.Label()
	if v.Route == state.Undecided {
		route = th.warning.Render("No route is chosen yet (r)")
	}
	return []string{fit(" "+verdictLine(th, v.Verdict)+"  "+route, w), e.tabLine(v, w)}
}

func (e *endpoint) tabLine(v *state.EndpointView, w int) string {
	names := [tabs]string{
		fmt.Sprintf("Checklist %d/%d", v.Progress.Done, v.Progress.Of),
		fmt.Sprintf("Messages %d", len(v.Messages)),
		fmt.Sprintf("Notes and history %d", len(happenings(v))),
	}
	return tabLine(e.s.theme, names[:], int(e.tab), w)
}

// tabLine names the tabs of a screen, and marks the one that is open. In a narrow
// window the others are told apart by their first words.
func tabLine(th theme, names []string, open, w int) string {
	if all := strings.Join(names, "    "); ansi.StringWidth(all)+3 > w {
		names = slices.Clone(names)
		for i := range names {
			if i != open {
				names[i], _, _ = strings.Cut(names[i], " ")
			}
		}
	}
	line := " "
	for i, name := range names {
		style := th.muted
		if i == open {
			style = th.cursor.Underline(true)
			name = "‹" + name + "›"
		} else {
			name = " " + name + " "
		}
		line += style.Render(name) + "  "
	}
	return fit(line, w)
}

func (e *endpoint) lines(v *state.EndpointView, w int) []string {
	switch e.tab {
	case checklistTab:
		return e.checklist(v, w)
	case messagesTab:
		return e.messages(v, w)
	}
	return e.history(v, w)
}

func (e *endpoint) checklist(v *state.EndpointView, w int) []string {
	th := e.s.theme
	undecided := v.Route == state.Undecided
	steps := e.steps(v)
	titles := titlesWidth(steps, w)
	var lines []string
	for i, step := range steps {
		tick := v.Ticks[step.ID]
		box, style := "[ ]", th.text
		note := ""
		switch {
		case undecided:
			style = th.faint
		case tick.State == state.Done:
			box, style = th.good.Render("[x]"), th.muted
			note = "done " + agoWords(tick.At, e.s.deps.Now())
		case tick.State == state.Skipped:
			box, style = th.muted.Render("[-]"), th.muted
			note = "skipped: " + clean(tick.Note)
		}
		mark := "  "
		if i == e.cursor[checklistTab] {
			mark, style = th.cursor.Render("› "), th.cursor
		}
		line := mark + box + " " + style.Render(fit(step.Title, titles))
		if note != "" && titles < w-tickWidth {
			line += " " + th.faint.Render(note)
		}
		line = fit(line, w)
		if i == e.cursor[checklistTab] {
			line = th.highlight(line)
		}
		lines = append(lines, line)
	}
	if !undecided && v.Progress.Complete() {
		lines = append(lines, "", "  "+th.good.Render("✓ Every step is settled: this endpoint is finished."))
	}
	return lines
}

// tickWidth is how wide the cursor and the box before a step's title are.
const tickWidth = 6

// titlesWidth is how wide the titles of steps are, so that what was done stands in a
// column of its own. In a narrow window only the titles have room.
func titlesWidth(steps []state.Step, w int) int {
	if w < 56 {
		return w - tickWidth
	}
	longest := 0
	for _, s := range steps {
		longest = max(longest, ansi.StringWidth(s.Title))
	}
	return min(longest+1, w-tickWidth-len(" done just now"))
}

func (e *endpoint) messages(v *state.EndpointView, w int) []string {
	th := e.s.theme
	var lines []string
	for i := range v.Messages {
		m := &v.Messages[i]
		mark, style := "  ", th.text
		if i == e.cursor[messagesTab] {
			mark, style = th.cursor.Render("› "), th.cursor
		}
		verdict := m.Assessment.Verdict
		var tags []string
		if m.Mark != state.Unmarked {
			tags = append(tags, string(m.Mark))
		}
		if m.Dormant() {
			tags = append(tags, "dormant")
		}
		line := fit(mark+th.verdict(verdict).Render(fit(sign(verdict)+" "+short(verdict), 11))+style.Render(clean(m.Key()))+
			th.muted.Render("  "+clean(m.Label))+th.warning.Render("  "+strings.Join(tags, ", ")), w)
		if i == e.cursor[messagesTab] {
			line = th.highlight(line)
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		lines = []string{"  " + th.muted.Render("No message is sent here any more.")}
	}
	return lines
}

// happening is one entry of the notes and history, newest first.
type happening struct {
	at   time.Time
	by   string
	text string
	note bool
}

// happenings are the notes and the history; that a note was added is told by the
// note itself.
func happenings(v *state.EndpointView) []happening {
	var all []happening
	for _, n := range v.Notes {
		all = append(all, happening{n.At, n.By, n.Text, true})
	}
	for _, h := range v.History {
		if h.What != state.EventNote {
			all = append(all, happening{h.At, h.By, h.What, false})
		}
	}
	slices.SortStableFunc(all, func(a, b happening) int { return b.at.Compare(a.at) })
	return all
}

func (e *endpoint) history(v *state.EndpointView, w int) []string {
	th := e.s.theme
	var lines []string
	for _, h := range happenings(v) {
		when := th.muted.Render(whenColumn(h.at.Local().Format("2006-01-02 15:04"), w))
		text := clean(h.text)
		if h.note {
			text = th.accent.Render("note ") + text
		}
		lines = append(lines, hang("  "+when, text+th.faint.Render("  "+clean(h.by)), w-2)...)
	}
	if len(lines) == 0 {
		lines = []string{"  " + th.muted.Render("Nothing yet. n adds a note; every change leaves a line here.")}
	}
	return lines
}

func (e *endpoint) detail(v *state.EndpointView, w int) []string {
	if e.tab == messagesTab {
		if len(v.Messages) == 0 {
			return nil
		}
		return messageFacts(e.s, v, &v.Messages[min(e.cursor[e.tab], len(v.Messages)-1)], w)
	}
	if step, ok := e.step(v); ok {
		return stepLines(e.s, v, step, w)
	}
	return nil
}

package ui

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sidestep/salesforce"
	"sidestep/state"
)

// View draws the summary, the visible rows, and beside them, where there is
// room, what there is to know about the row under the cursor.
func (b *board) View(s size) string {
	if b.drawn != b.s.version {
		b.build()
	}
	head := b.head(s)
	listRoom := size{s.w, s.h - len(head)}
	b.page = max(1, listRoom.h-1)
	if !s.wide() {
		return strings.Join(head, "\n") + "\n" + b.list(listRoom)
	}
	left := size{s.w * 64 / 100, listRoom.h}
	right := size{s.w - left.w - 3, listRoom.h}
	return strings.Join(head, "\n") + "\n" + b.s.theme.beside(b.list(left), b.s.theme.pane(b.detail(right.w-1), "…", right))
}

func (b *board) list(s size) string {
	if len(b.rows) == 0 {
		text := "No outbound messages here. If you expected some, see evidence (e) for what was read."
		if !b.everything() {
			text = "Nothing fits. esc shows everything again."
		}
		return fill(indent(append([]string{""}, wrap(text, s.w-4)...), 2), s)
	}
	cols := columnsFor(s.w)
	lines := append(make([]string, 0, s.h), b.titles(cols))
	room := s.h - 1
	b.offset = scrolled(b.offset, b.cursor, room)
	if b.offset == 1 && b.cursor == 1 {
		b.offset = 0 // the first endpoint is shown with its host
	}
	b.offset = max(0, min(b.offset, len(b.rows)-room))
	for i := b.offset; i < min(len(b.rows), b.offset+room); i++ {
		lines = append(lines, b.line(b.rows[i], i == b.cursor, cols))
	}
	return fill(lines, s)
}

// signColumn is the width of the verdict's column where it holds the sign alone.
const signColumn = 4

// columns are the widths of the board's columns, 0 for one that has given way.
type columns struct{ verdict, name, route, owner, bar, figures, age int }

func columnsFor(w int) columns {
	c := columns{verdict: 13, route: 9, owner: 11, figures: 7, age: 4}
	if w < 56 {
		c.verdict, c.route = signColumn, 0
	}
	if w >= 96 {
		c.bar, c.owner = 8, 16
	}
	if w < 72 {
		c.age = 0
	}
	if w < 66 {
		c.owner = 0
	}
	c.name = w - 2 - c.tail() - c.verdict - 1
	return c
}

// tail is how wide everything behind the name is.
func (c columns) tail() int {
	w := c.bar + c.figures
	if c.route > 0 {
		w += c.route + 1
	}
	if c.owner > 0 {
		w += c.owner + 1
	}
	if c.age > 0 {
		w += c.age + 1
	}
	return w
}

// signs reports whether the verdict is its sign alone.
func (c columns) signs() bool { return c.verdict == signColumn }

// verdictCell is a verdict in its column, so far to the right that it is seen what
// it belongs to: an endpoint by 2 cells, its messages by 4.
func (c columns) verdictCell(right int, v salesforce.Verdict) string {
	text := strings.Repeat(" ", right) + sign(v)
	if !c.signs() {
		text += " " + short(v)
	}
	return fit(text, c.verdict+right-2)
}

// titles heads the columns.
func (b *board) titles(c columns) string {
	line := "  " + fit("  verdict", c.verdict) + fit("host, endpoint", c.name) + " "
	if c.signs() {
		line = "  " + fit("host, endpoint", c.verdict+c.name) + " "
	}
	if c.route > 0 {
		line += fit("route", c.route) + " "
	}
	if c.owner > 0 {
		line += fit("owner", c.owner) + " "
	}
	line += fit(fmt.Sprintf("%*s", c.bar+c.figures-1, "steps"), c.bar+c.figures)
	if c.age > 0 {
		line += fmt.Sprintf(" %*s", c.age, "last")
	}
	return b.s.theme.faint.Render(line)
}

func (b *board) line(r row, current bool, c columns) string {
	th := b.s.theme
	mark, name := " ", th.text
	if current {
		mark, name = th.cursor.Render("›"), th.cursor
	}
	mark += b.markSign(r)
	var line string
	switch {
	case r.msg != nil:
		line = mark + b.messageLine(r.msg, name, c)
	case r.ep != nil:
		line = mark + b.endpointLine(r.ep, name, c)
	default:
		if !current {
			name = th.title
		}
		line = mark + b.hostLine(r.host, name, c)
	}
	if current {
		line = th.highlight(line)
	}
	return line
}

func (b *board) hostLine(h *state.HostView, name lipgloss.Style, c columns) string {
	th := b.s.theme
	fold := "▾ "
	if b.folded[h.Host] {
		fold = "▸ "
	}
	steps := b.progress(h.Progress, c)
	room := c.verdict + c.name + 1 + c.tail() - c.bar - c.figures
	if c.age > 0 {
		room -= c.age + 1
		steps += strings.Repeat(" ", c.age+1)
	}
	host := ansi.Truncate(fold+clean(h.Host), room, "…")
	about := "  " + count(len(h.Endpoints), "endpoint") + ", " + count(h.Messages, "message")
	if ansi.StringWidth(host)+ansi.StringWidth(about) > room {
		about = ""
	}
	return name.Render(host) + th.faint.Render(fit(about, room-ansi.StringWidth(host))) + steps
}

func (b *board) endpointLine(e *state.EndpointView, name lipgloss.Style, c columns) string {
	th := b.s.theme
	verdict := th.verdict(e.Verdict).Render(c.verdictCell(2, e.Verdict))
	text := fitMiddle(b.s.path(e), c.name)
	owner := e.Vendor
	if owner == "" {
		owner = e.Owner.Name
	}
	line := verdict + name.Render(text) + " "
	if c.route > 0 {
		line += th.muted.Render(fit(shortRoute(e.Route), c.route)) + " "
	}
	if c.owner > 0 {
		line += th.muted.Render(fit(clean(owner), c.owner)) + " "
	}
	line += b.progress(e.Progress, c)
	if c.age > 0 {
		line += th.faint.Render(fmt.Sprintf(" %*s", c.age, ago(e.Changed, b.s.deps.Now())))
	}
	return line
}

func (b *board) progress(p state.Progress, c columns) string {
	figures := fit(fmt.Sprintf("%3d/%-3d", p.Done, p.Of), c.figures)
	if p.Of > 0 && p.Complete() {
		figures = b.s.theme.good.Render(figures)
	}
	if c.bar == 0 {
		return figures
	}
	return b.s.theme.bar(p.Done, p.Of, c.bar) + figures
}

func (b *board) messageLine(m *state.MessageView, name lipgloss.Style, c columns) string {
	th := b.s.theme
	v := m.Assessment.Verdict
	room := c.name + 1 + c.tail()
	text := clean(m.Key())
	if m.Label != "" && m.Label != m.FullName {
		text = clean(m.Label) + th.faint.Render("  "+clean(m.Key()))
	}
	var tags []string
	if m.Mark != state.Unmarked {
		tags = append(tags, string(m.Mark))
	}
	if m.Dormant() {
		tags = append(tags, "dormant")
	}
	if len(tags) > 0 {
		text += th.warning.Render("  " + strings.Join(tags, ", "))
	}
	return th.verdict(v).Render(c.verdictCell(4, v)) + name.Render(fit(text, room-2))
}

// path is an endpoint's address below its host.
func (s *session) path(e *state.EndpointView) string {
	text := s.address(e)
	if host := e.Address.Host; host != salesforce.NoHost {
		text = strings.TrimPrefix(strings.TrimPrefix(text, "https://"+host), "http://"+host)
	}
	if text == "" {
		text = "/"
	}
	if e.Address.PlainHTTP {
		text += " (http)"
	}
	return text
}

// address is an endpoint's address as it may be shown now.
func (s *session) address(e *state.EndpointView) string {
	if s.secrets {
		return clean(e.URL)
	}
	return clean(e.Address.Masked)
}

// anySecret reports whether there is anything to show with the secrets key.
func (s *session) anySecret() bool {
	for _, v := range s.views {
		if v.Address.Secret {
			return true
		}
	}
	return false
}

// short is a verdict in the width of its column.
func short(v salesforce.Verdict) string {
	if v == salesforce.NotAffected {
		return "not aff."
	}
	return word(v)
}

func shortRoute(r state.Route) string {
	switch r {
	case state.InternalFix:
		return "internal"
	case state.VendorContact:
		return "vendor"
	case state.Retire:
		return "retire"
	case state.NoAction:
		return "no action"
	}
	return "–"
}

// detail explains the row under the cursor.
func (b *board) detail(w int) []string {
	if len(b.rows) == 0 {
		return nil
	}
	switch r := b.rows[b.cursor]; {
	case r.msg != nil:
		return messageFacts(b.s, r.ep, r.msg, w)
	case r.ep != nil:
		return endpointFacts(b.s, r.ep, w)
	default:
		return b.hostFacts(r.host, w)
	}
}

func (b *board) hostFacts(h *state.HostView, w int) []string {
	th := b.s.theme
	lines := []string{th.title.Render(fit(clean(h.Host), w)), ""}
	if len(h.Endpoints) > 0 {
		if a := h.Endpoints[0].Address; a.Unicode != "" {
			lines = append(lines, wrap("Reads as "+clean(a.Unicode), w)...)
		}
		for _, l := range wrap(h.Endpoints[0].Address.Trouble, w) {
			lines = append(lines, th.warning.Render(l))
		}
	}
	lines = append(lines, count(len(h.Endpoints), "endpoint")+", "+count(h.Messages, "message"))
	lines = append(append(lines, kin(b.s, h.Host, w)...), "")
	for i := range h.Endpoints {
		e := &h.Endpoints[i]
		lines = append(lines, th.verdict(e.Verdict).Render(sign(e.Verdict))+" "+fitMiddle(b.s.path(e), w-2))
	}
	return lines
}

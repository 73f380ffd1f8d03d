package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
	"sidestep/state"
)

// evidence answers: what do the verdicts rest on?
type evidence struct {
	s            *session
	cursor, page int
	offset       int
}

func newEvidence(s *session) *evidence { return &evidence{s: s, page: 10} }

func (e *evidence) Init() tea.Cmd { return nil }
func (e *evidence) Crumb() string { return "evidence" }

// offered reports whether the first row is evidence that waits to be added.
func (e *evidence) offered() bool { return e.s.offer != "" }

// source is the source under the cursor, false on the offer.
func (e *evidence) source() (state.Source, bool) {
	i := e.cursor
	if e.offered() {
		i--
	}
	if i < 0 || i >= len(e.s.m.Sources) {
		return state.Source{}, false
	}
	return e.s.m.Sources[i], true
}

func (e *evidence) rows() int {
	n := len(e.s.m.Sources)
	if e.offered() {
		n++
	}
	return n
}

func (e *evidence) Update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return e, nil
	}
	k := e.s.keys
	if moved, ok := moveCursor(k, press, e.cursor, e.rows(), e.page); ok {
		e.cursor = moved
		return e, nil
	}
	src, onSource := e.source()
	switch {
	case key.Matches(press, k.back):
		return e, e.s.pop()
	case key.Matches(press, k.add) && !e.s.takesIn():
		return e, e.s.refuse()
	case key.Matches(press, k.add):
		return e, e.s.push(newOpenFiles(e.s))
	case key.Matches(press, k.enter) && !onSource && e.offered():
		return e, addBackup(e.s)
	case key.Matches(press, k.enter) && onSource && needsDay(src):
		return e, e.askDate(src)
	case key.Matches(press, k.remove) && onSource:
		return e, e.s.push(newConfirm(e.s, "Take “"+clean(src.Name)+"” away?",
			"Verdicts that rest on it change. What you entered stays.", "Take it away", func() tea.Cmd {
				e.cursor = 0
				return e.s.do("taking away "+src.Name, e.s.m.RemoveSource(src.ID, e.s.act()))
			}))
	}
	return e, nil
}

func (e *evidence) askDate(src state.Source) tea.Cmd {
	return e.s.push(newAsk(e.s, "When was it taken out of the org?", aboutDate, []field{
		{label: "Date", value: dateText(src.AsOf), placeholder: "2026-01-17, or empty if nobody knows", check: dateOrEmpty},
	}, func(v []string) tea.Cmd {
		at, _ := parseDate(v[0])
		return e.s.do("the date of "+src.Name, e.s.m.DateSource(src.ID, at, e.s.act()))
	}))
}

const aboutDate = "Only files from before 23 February 2026 can say what a message sent. A “no” counts only with a date, because since then every file says no."

func (e *evidence) Keys() []key.Binding {
	k := e.s.available()
	var keys []key.Binding
	src, onSource := e.source()
	switch {
	case !onSource && e.offered():
		keys = append(keys, as(k.enter, "add it"))
	case onSource && needsDay(src):
		keys = append(keys, as(k.enter, "its date"))
		keys[0].SetEnabled(e.s.looking == nil)
	}
	k.add.SetEnabled(e.s.takesIn())
	keys = append(keys, as(k.add, "add files"))
	if onSource {
		keys = append(keys, k.remove)
	}
	return append(keys, k.back)
}

func (e *evidence) View(s size) string {
	th := e.s.theme
	w := s.w - 4
	lines := []string{""}
	if s.low() {
		lines = nil
	}
	for _, l := range wrap("Since the cut-off the org says “no session id” for every message. Only what was kept from before can tell: a backup, a repository, an export.", w) {
		lines = append(lines, th.muted.Render(l))
	}
	lines = append(lines, "", th.accent.Render("Sources"))
	row, first, last := 0, 0, 0
	add := func(draw func(mark string) []string) {
		mark := "  "
		if row == e.cursor {
			mark, first = th.cursor.Render("› "), len(lines)
		}
		lines = append(lines, draw(mark)...)
		if row == e.cursor {
			last = len(lines) - 1
		}
		row++
	}
	if e.offered() {
		add(func(mark string) []string { return hang(mark, "Ready to be added: "+clean(e.s.offer), w) })
	}
	for _, src := range e.s.m.Sources {
		add(func(mark string) []string { return e.sourceLines(src, mark, w) })
	}
	if e.rows() == 0 {
		lines = append(lines, "  "+th.muted.Render("None yet (a adds files)."))
	}
	if len(e.s.o.Problems) > 0 {
		lines = append(lines, "", th.accent.Render("What could not be read, and remarks"))
		for _, p := range e.s.o.Problems {
			lines = append(lines, problemLines(th, p, w)...)
		}
	}
	lines, e.offset = follow(lines, e.offset, first, last, s.h)
	return fill(indent(lines, 2), s)
}

func (e *evidence) sourceLines(src state.Source, mark string, w int) []string {
	th := e.s.theme
	name := clean(src.Name)
	holds := count(e.holds(src.ID), "message")
	about := fmt.Sprintf("%s of %s, %s", src.Kind, dateWords(src), holds)
	switch src.Kind {
	case salesforce.SourceOrg:
		about = fmt.Sprintf("the org, scanned %s with %s, %s", agoWords(src.At, e.s.deps.Now()), count(src.Calls, "call"), holds)
	case salesforce.SourceGit:
		about = "repository history, every commit with its own day, " + holds
	case salesforce.SourceAudit:
		about = "Setup Audit Trail, every entry with its own day"
	}
	lines := hang(mark, th.title.Render(name)+"  "+th.muted.Render(about), w)
	if !src.Complete {
		lines = append(lines, "    "+th.danger.Render("incomplete: something in it could not be read"))
	}
	if needsDay(src) && src.AsOf.IsZero() {
		lines = append(lines, hang("    ", th.warning.Render("Nobody said of which day it is (enter): its “no” proves nothing yet."), w)...)
	}
	return lines
}

// needsDay reports whether somebody has to say of which day a source is. An org
// and a history know.
func needsDay(src state.Source) bool {
	switch src.Kind {
	case salesforce.SourceFolder, salesforce.SourceZip, salesforce.SourceFile:
		return true
	}
	return false
}

// holds counts the messages that a source defines.
func (e *evidence) holds(id string) (n int) {
	for _, m := range e.s.m.Messages {
		if len(m.Definitions[id]) > 0 {
			n++
		}
	}
	return n
}

func problemLines(th theme, p salesforce.Problem, w int) []string {
	where := clean(p.File)
	if where == "" {
		where = clean(p.Source)
	}
	if p.Line > 0 {
		where += fmt.Sprintf(":%d", p.Line)
	}
	mark := th.danger.Render("! ")
	if p.Notice {
		mark = th.muted.Render("· ")
	}
	return hang(mark, where+"  "+clean(p.Message), w)
}

func dateWords(src state.Source) string {
	if src.AsOf.IsZero() {
		return "an unknown day"
	}
	return day(src.AsOf)
}

func dateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// parseDate reads a date as people write it.
func parseDate(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "2 January 2006", "2 Jan 2006", "January 2, 2006", "2.1.2006", "2006/01/02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("this is not a date: write it like 2026-01-17")
}

var errFuture = errors.New("this day has not come yet")

func dateOrEmpty(s string) error {
	if s == "" {
		return nil
	}
	_, err := parseDate(s)
	return err
}

// readSource reads a file source away from Update; sourceReadMsg brings it.
func readSource(s *session, read func(context.Context) (salesforce.Findings, error)) (context.CancelFunc, tea.Cmd) {
	return run(func(ctx context.Context) tea.Msg {
		f, err := read(ctx)
		return sourceReadMsg{f, err, ctx.Err}
	})
}

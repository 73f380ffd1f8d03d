package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

func (a *answerScreen) View(s size) string {
	w := min(s.w-4, 96)
	lines := a.entryLines(w, s.h)
	if a.read != nil {
		lines = a.readLines(w, s.h)
	}
	return fill(indent(lines, 2), s)
}

// entryLines ask for the answer.
func (a *answerScreen) entryLines(w, h int) []string {
	th := a.s.theme
	lines := []string{"", th.title.Render(fit("What did "+clean(a.vendor)+" answer?", w))}
	about := "Paste it, or give the file that the mail was saved to. The quoted original is left out, and the days that it names are proposed as the promised one."
	if h < 11 {
		lines = lines[1:] // the fields matter more than what explains them
	} else {
		lines = append(append(lines, styled(th.muted, wrap(about, w))...), "")
	}
	if a.reading {
		return append(lines, th.muted.Render("Reading the answer…"))
	}
	mark := func(there bool, label string) string {
		if there {
			return th.cursor.Render("› " + label)
		}
		return th.muted.Render("  " + label)
	}
	a.path.fit(w - 11)
	lines = append(lines, mark(!a.inText, "File    ")+a.path.View())
	for _, path := range a.found[:min(len(a.found), 5)] {
		lines = append(lines, strings.Repeat(" ", 10)+th.faint.Render(fitMiddle(clean(path), w-10)))
	}
	if more := len(a.found) - 5; more > 0 {
		lines = append(lines, strings.Repeat(" ", 10)+th.faint.Render(fmt.Sprintf("and %d more", more)))
	}
	lines = append(lines, "")
	if a.wrong != "" {
		for _, l := range wrap(clean(a.wrong), w) {
			lines = append(lines, th.danger.Render(l))
		}
		for _, l := range wrap(clean(a.hint), w) {
			lines = append(lines, th.muted.Render(l))
		}
		lines = append(lines, "")
	}
	a.text.SetWidth(w - 10)
	a.text.SetHeight(max(1, h-len(lines)))
	for i, l := range strings.Split(a.text.View(), "\n") {
		label := mark(a.inText, "Text    ")
		if i > 0 {
			label = strings.Repeat(" ", 10)
		}
		lines = append(lines, label+l)
	}
	return lines
}

// readLines show the answer above the days to choose from.
func (a *answerScreen) readLines(w, h int) []string {
	th, r := a.s.theme, a.read
	from := clean(sentBy(*r))
	if from == "" {
		from = "the text does not say who wrote it"
	}
	if !r.At.IsZero() {
		from += ", " + day(r.At)
	}
	lines := []string{th.muted.Render("From     ") + fit(from, w-9)}
	if r.Subject != "" {
		lines = append(lines, th.muted.Render("Subject  ")+th.title.Render(fit(clean(r.Subject), w-9)))
	}
	for i, n := range r.Notices {
		if i == max(1, h/8) {
			break
		}
		lines = append(lines, th.warning.Render(fit("! "+clean(n), w)))
	}
	lines = append(lines, th.rule.Render(strings.Repeat("─", w)))
	days := a.dayLines(w, max(3, h/3))
	var text []string
	for _, l := range strings.Split(r.Text, "\n") {
		text = append(text, wrap(clean(l), w)...)
	}
	if r.Quoted {
		text = append(text, "", th.muted.Render("(What they quote of your mail is left out.)"))
	}
	room := max(1, h-len(lines)-len(days))
	lines = append(lines, a.scroll.window(text, room)...)
	if len(text) < room {
		lines = append(lines, "")
	}
	return append(lines, days...)
}

// dayLines are the days that the answer names, in at most n rows below their title.
func (a *answerScreen) dayLines(w, n int) []string {
	th := a.s.theme
	title := " Which day do they promise? "
	lines := []string{th.rule.Render("──") + th.title.Render(title) + th.rule.Render(strings.Repeat("─", max(0, w-2-len(title))))}
	var rows []string
	row := func(label, about string) {
		mark, style := "  ", th.text
		if len(rows) == a.cursor {
			mark, style = th.cursor.Render("› "), th.cursor
		}
		rows = append(rows, ansi.Truncate(mark+style.Render(fit(label, 27))+" "+th.muted.Render(about), w, "…"))
	}
	for _, d := range a.read.Dates {
		label := day(d.Day)
		if !d.Exact {
			label += ", perhaps"
		}
		row(label, excerpt(clean(d.Excerpt), clean(d.Words), w-30))
	}
	row("none", "the answer is kept, and you ask for a day")
	row("another day", "it is not in the list, or you heard it elsewhere")
	a.offset = scrolled(a.offset, a.cursor, n)
	rows, a.offset = window(rows, a.offset, n)
	return append(lines, rows...)
}

// excerpt is what stands around the words of a day, in w cells: the words are in it.
func excerpt(text, words string, w int) string {
	before, after, _ := strings.Cut(text, words)
	if lead, room := ansi.StringWidth(before), (w-2-ansi.StringWidth(words))/2; lead > room && ansi.StringWidth(text) > w-2 {
		before = ansi.TruncateLeft(before, lead-max(room, 1)+1, "…")
	}
	return "“" + ansi.Truncate(before+words+after, w-2, "…") + "”"
}

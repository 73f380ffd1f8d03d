package cli

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// printPage writes a page to stdout. On a terminal its lines are as wide as the
// window; elsewhere they stay whole, for programs that search them.
func (w World) printPage(p *page) error {
	if w.Width == 0 {
		return w.print(p.Bytes())
	}
	var out strings.Builder
	for l := range strings.Lines(p.String()) {
		for _, part := range wrapLine(strings.TrimSuffix(l, "\n"), w.Width) {
			out.WriteString(part + "\n")
		}
	}
	return w.print([]byte(out.String()))
}

// wrapLine breaks a line between its words. What follows is indented like the text
// of the line. A word that is too long, as addresses are, stays whole: the terminal
// breaks it, and it can still be copied.
func wrapLine(line string, width int) []string {
	hang := hangOf(line)
	if ansi.StringWidth(line) <= width || hang > width/2 {
		return []string{line}
	}
	return wrapAt(line, hang, width)
}

// wrapAt breaks a line between its words; what follows is indented by hang.
func wrapAt(line string, hang, width int) []string {
	lead, words := line[:hang], strings.Split(line[hang:], " ")
	var lines []string
	now := lead + words[0]
	for _, word := range words[1:] {
		if ansi.StringWidth(now)+1+ansi.StringWidth(word) > width {
			lines = append(lines, strings.TrimRight(now, " "))
			now = strings.Repeat(" ", hang) + word
			continue
		}
		now += " " + word
	}
	return append(lines, now)
}

// hangOf is where the text of a line begins: behind its indent and a sign, or in
// its second column.
func hangOf(line string) int {
	text := strings.TrimLeft(line, " ")
	indent := len(line) - len(text)
	if strings.HasPrefix(text, "- ") || strings.HasPrefix(text, "! ") {
		return indent + 2
	}
	first, rest, columns := strings.Cut(text, "  ")
	second := strings.TrimLeft(rest, " ")
	// A first column is a short word or two, and no sentence.
	if !columns || second == "" || len(first) > 14 || !isASCII(first) {
		return indent
	}
	return len(line) - len(second)
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 126 }) < 0
}

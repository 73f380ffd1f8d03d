package cli

import (
	"cmp"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

// help shows a command's help. On a terminal, what a flag means is as wide as the window.
func (w World) help(cmd *cobra.Command) error {
	text := strings.TrimSpace(cmp.Or(cmd.Long, cmd.Short)) + "\n\n" + cmd.UsageString()
	var out strings.Builder
	for l := range strings.Lines(text) {
		for _, part := range wrapHelp(strings.TrimSuffix(l, "\n"), w.Width) {
			out.WriteString(part + "\n")
		}
	}
	return w.print([]byte(out.String()))
}

// wrapHelp breaks a line of help, that of a flag in the column of what it means. In a
// narrow window that goes below the flag.
func wrapHelp(line string, width int) []string {
	text := strings.TrimLeft(line, " ")
	flag, means, two := strings.Cut(text, "   ")
	switch {
	case width == 0 || ansi.StringWidth(line) <= width:
		return []string{line}
	case !two || !strings.HasPrefix(text, "-"):
		return wrapLine(line, width)
	}
	means = strings.TrimLeft(means, " ")
	if column := len(line) - len(means); column <= width/2 {
		return wrapAt(line, column, width)
	}
	const below = 8
	return append([]string{line[:len(line)-len(text)] + flag}, wrapAt(strings.Repeat(" ", below)+means, below, width)...)
}

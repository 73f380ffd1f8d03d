package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sidestep/regex"
	"sidestep/visible"
)

// size is the room that a screen may fill, in cells.
type size struct{ w, h int }

// wide reports whether a list and its detail fit side by side.
func (s size) wide() bool { return s.w >= 110 }

// narrow and low rooms are those of the smallest windows: what only explains or
// separates is left out of them.
func (s size) narrow() bool { return s.w < 60 }
func (s size) low() bool    { return s.h < 11 }

// fit makes s exactly w cells wide: cut with an ellipsis, or filled with blanks.
func fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	n := ansi.StringWidth(s)
	if n > w {
		s = ansi.Truncate(s, w, "…")
		n = ansi.StringWidth(s)
	}
	return s + strings.Repeat(" ", max(0, w-n))
}

// fitMiddle shortens s to w cells by leaving out its middle, so that a host and
// the end of a path both stay readable.
func fitMiddle(s string, w int) string {
	n := ansi.StringWidth(s)
	if n <= w || w < 8 {
		return fit(s, w)
	}
	head := (w - 1) / 2
	tail := w - 1 - head
	return fit(ansi.Truncate(s, head, "")+"…"+ansi.TruncateLeft(s, n-tail, ""), w)
}

// wrap breaks s at word boundaries, and inside words that are too long: addresses at
// their separators.
func wrap(s string, w int) []string {
	if strings.Contains(s, "\x1b") {
		return strings.Split(lipgloss.Wrap(s, max(w, 1), ""), "\n") // every line keeps its colours
	}
	if strings.Contains(s, "://") {
		s = addresses.Compiled().ReplaceAllStringFunc(s, func(address string) string {
			if ansi.StringWidth(address) <= w {
				return address
			}
			return strings.Join(wrapAddress(address, w), "\n")
		})
	}
	return strings.Split(ansi.Wrap(s, max(w, 1), ""), "\n")
}

// addresses are those in a text.
var addresses = regex.New(`\S+://\S+`)

// wrapAddress breaks an address behind its slashes and separators.
func wrapAddress(s string, w int) []string {
	return strings.Split(ansi.Wrap(s, max(w, 1), "/?&=."), "\n")
}

// shorten leaves n lines, at least one; the last of them says that there were more.
func shorten(lines []string, w, n int) []string {
	n = max(n, 1)
	if len(lines) <= n {
		return lines
	}
	lines = append([]string{}, lines[:n]...)
	lines[n-1] = ansi.Truncate(lines[n-1], w-1, "") + "…"
	return lines
}

// styled draws every line in a style.
func styled(style lipgloss.Style, lines []string) []string {
	for i := range lines {
		lines[i] = style.Render(lines[i])
	}
	return lines
}

// hang wraps s behind a first prefix; the other lines are indented as far.
func hang(prefix, s string, w int) []string {
	indent := ansi.StringWidth(prefix)
	lines := wrap(s, w-indent)
	for i := range lines {
		if i == 0 {
			lines[i] = prefix + lines[i]
		} else {
			lines[i] = strings.Repeat(" ", indent) + lines[i]
		}
	}
	return lines
}

// fill makes lines exactly fill the room: cut or padded in both directions.
func fill(lines []string, s size) string {
	out := make([]string, s.h)
	for i := range out {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out[i] = fit(line, s.w)
	}
	return strings.Join(out, "\n")
}

// window returns the lines of a scrolled view and clamps the offset.
func window(lines []string, offset, h int) ([]string, int) {
	offset = max(0, min(offset, len(lines)-h))
	return lines[offset:min(len(lines), offset+max(h, 0))], offset
}

// scrolled moves an offset so that the row at index stays in a view of h rows.
func scrolled(offset, index, h int) int {
	if index < offset {
		return index
	}
	if index >= offset+h {
		return index - h + 1
	}
	return offset
}

// follow is the part of a list that h rows show: the one at hand, which reaches
// from line first to last, is in it.
func follow(lines []string, offset, first, last, h int) ([]string, int) {
	return window(lines, scrolled(scrolled(offset, last, h), first, h), h)
}

// pane fills a room beside a list, with a blank at its right. Where it can't hold all
// lines, the last one says more.
func (t theme) pane(lines []string, more string, s size) string {
	if len(lines) > s.h && s.h > 0 {
		lines = append(slices.Clone(lines[:s.h-1]), t.muted.Render(more))
	}
	return fill(lines, s)
}

// bar draws a progress bar of w cells.
func (t theme) bar(done, of, w int) string {
	full := 0
	if of > 0 {
		full = done * w / of
		if done > 0 && full == 0 {
			full = 1
		}
	}
	return t.barFull.Render(strings.Repeat("━", full)) + t.barEmpty.Render(strings.Repeat("─", w-full))
}

// beside puts two blocks of the same height next to each other with a rule between.
func (t theme) beside(left, right string) string {
	rule := t.rule.Render(" │ ")
	var b strings.Builder
	for i, l := range strings.Split(left, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		r := right
		if n := strings.IndexByte(right, '\n'); n >= 0 {
			r, right = right[:n], right[n+1:]
		} else {
			right = ""
		}
		b.WriteString(l + rule + r)
	}
	return b.String()
}

// clean is how every text that is not ours gets onto a screen.
func clean(s string) string { return visible.Line(s) }

// ago says how long ago something was, in few cells: "now", "5m", "3h", "12d".
func ago(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	switch d := now.Sub(t); {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	case d < 1000*24*time.Hour:
		return fmt.Sprintf("%dd", int(d.Hours()/24))
	default:
		return fmt.Sprintf("%dy", int(d.Hours()/24/365))
	}
}

func agoWords(t, now time.Time) string {
	switch a := ago(t, now); a {
	case "", "now":
		return "just now"
	default:
		return a + " ago"
	}
}

func day(t time.Time) string { return t.Format("2 January 2006") }

// count words a number: "1 message", "3 messages".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// sentence begins s with a capital.
func sentence(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}

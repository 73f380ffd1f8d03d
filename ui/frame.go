package ui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sidestep/salesforce"
	"sidestep/visible"
)

// View draws the header, the screen on top, and the footer.
func (r *root) View() tea.View {
	v := tea.NewView(r.draw())
	v.AltScreen = true
	v.WindowTitle = "Sidestep"
	return v
}

func (r *root) draw() string {
	s := r.size
	switch {
	case s.w == 0 || r.quitting:
		return ""
	case s.w < minWidth || s.h < minHeight:
		return r.tooSmall()
	}
	top := r.top()
	room := size{s.w, s.h - 4}
	body := ""
	if b, ok := top.(box); ok && len(r.stack) > 1 {
		below := r.stack[len(r.stack)-2].View(room)
		body = over(below, b.Box(room), room, r.s.theme)
	} else {
		body = top.View(room)
	}
	if safe := visible.Drawn(body); safe != body {
		// What is being typed is drawn by widgets, as it is.
		body = fill(strings.Split(safe, "\n"), room)
	}
	rule := r.s.theme.rule.Render(strings.Repeat("─", s.w))
	return r.header() + "\n" + rule + "\n" + body + "\n" + rule + "\n" + r.footer()
}

func (r *root) tooSmall() string {
	text := fmt.Sprintf("This window is %d×%d. Sidestep needs %d×%d: make it larger, nothing is lost. ctrl+c quits.",
		r.size.w, r.size.h, minWidth, minHeight)
	return fill(wrap(text, r.size.w), r.size)
}

// header says where we are, how complete the evidence is, and how long ago the
// cut-off was.
func (r *root) header() string {
	th := r.s.theme
	path := make([]string, 0, len(r.stack))
	for _, scr := range r.stack {
		if c := scr.Crumb(); c != "" {
			path = append(path, clean(c))
		}
	}
	right := r.status()
	room := r.size.w - lipgloss.Width(right) - 12
	crumbs := strings.Join(path, " › ")
	for len(path) > 1 && ansi.StringWidth(crumbs) > room {
		path = path[1:]
		crumbs = "… › " + strings.Join(path, " › ")
	}
	return th.brand.Render(" Sidestep ") + " " + th.title.Render(fit(crumbs, room)) + " " + right
}

func (r *root) status() string {
	th, s := r.s.theme, r.s
	var parts []string
	if s.handle != nil {
		if !s.o.Complete {
			parts = append(parts, th.danger.Bold(true).Render("INCOMPLETE"))
		}
		parts = append(parts, th.muted.Render(fmt.Sprintf("evidence %d/%d", s.o.Settled, s.o.Messages)))
	}
	days := int(s.deps.Now().Sub(salesforce.Cutoff).Hours() / 24)
	when := fmt.Sprintf("cut-off %d days ago", days)
	if days < 0 {
		when = fmt.Sprintf("cut-off in %d days", -days)
	}
	parts = append(parts, th.muted.Render(when))
	switch {
	case s.handle == nil:
	case s.saveErr != nil:
		parts = append(parts, th.danger.Bold(true).Render("NOT SAVED"))
	case s.unsaved():
		parts = append(parts, th.muted.Render("saving…"))
	default:
		parts = append(parts, th.good.Render("saved"))
	}
	sep := th.faint.Render(" · ")
	if r.size.w < 76 && len(parts) > 2 {
		parts = parts[1:]
	}
	return strings.Join(parts, sep) + " "
}

// footer lists the keys that work now, or the answer to the last one.
func (r *root) footer() string {
	th := r.s.theme
	if r.said.text != "" {
		style := th.accent
		if r.said.bad {
			style = th.danger
		}
		return style.Render(fit(" "+clean(r.said.text), r.size.w))
	}
	keys := r.top().Keys()
	var always []key.Binding
	if t, ok := r.top().(typing); !ok || !t.Typing() {
		if r.s.handle != nil && len(r.s.undo) > 0 {
			always = append(always, r.s.keys.undo)
		}
		always = append(always, r.s.keys.help, r.s.keys.quit)
	}
	right, used := keyLine(th, always, r.size.w)
	left, _ := keyLine(th, keys, r.size.w-used)
	return fit(left, r.size.w-used) + right
}

// keyLine lists keys as far as they fit, and says how wide the list is.
func keyLine(th theme, keys []key.Binding, w int) (string, int) {
	line, used := "", 0
	for _, k := range keys {
		h := k.Help()
		item := ansi.StringWidth(h.Key) + 1 + ansi.StringWidth(h.Desc) + 2
		if !k.Enabled() || used+item > w {
			continue
		}
		line += " " + th.key.Render(h.Key) + " " + th.muted.Render(h.Desc) + " "
		used += item
	}
	return line, used
}

// over draws a box in the middle of what is below, which is dimmed.
func over(below, above string, s size, th theme) string {
	lines := strings.Split(ansi.Strip(below), "\n")
	top := strings.Split(above, "\n")
	w := lipgloss.Width(above)
	x, y := max(0, (s.w-w)/2), max(0, (s.h-len(top))/3)
	for i, line := range lines {
		if j := i - y; j >= 0 && j < len(top) {
			left := fit(ansi.Truncate(line, x, ""), x)
			right := fit(ansi.TruncateLeft(line, x+w, ""), max(0, s.w-x-w))
			if x < 10 {
				left, right = fit("", x), fit("", max(0, s.w-x-w)) // slivers of words help nobody
			}
			lines[i] = th.faint.Render(left) + fit(top[j], w) + th.faint.Render(right)
		} else {
			lines[i] = th.faint.Render(line)
		}
	}
	return strings.Join(lines, "\n")
}

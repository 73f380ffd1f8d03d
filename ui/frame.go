package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sidestep/salesforce"
	"sidestep/visible"
)

// ruledHeight is from how many rows on there is room for the rules below the
// header and above the footer.
const ruledHeight = 15

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
	top, head, foot := r.top(), []string{r.header()}, r.answer()
	if s.h >= ruledHeight {
		rule := r.s.theme.rule.Render(strings.Repeat("─", s.w))
		head = append(head, rule)
		if len(foot) == 0 {
			foot = append(foot, rule)
		}
	}
	room := size{s.w, s.h - len(head) - len(foot) - 1}
	body := ""
	if b, ok := top.(box); ok && len(r.stack) > 1 {
		body = over(r.stack[len(r.stack)-2].View(room), b.Box(room), room, r.s.theme)
	} else {
		body = top.View(room)
	}
	if safe := visible.Drawn(body); safe != body {
		// What is being typed is drawn by widgets, as it is.
		body = fill(strings.Split(safe, "\n"), room)
	}
	foot = append(foot, r.footer()) // drawn last: what scrolls is known by now
	return strings.Join(append(append(head, body), foot...), "\n")
}

func (r *root) tooSmall() string {
	text := fmt.Sprintf("This window is %d×%d. Sidestep needs %d×%d: make it larger, nothing is lost. ctrl+c quits.",
		r.size.w, r.size.h, minWidth, minHeight)
	return fill(wrap(text, r.size.w), r.size)
}

// header says where we are, how complete the evidence is, and how long ago the
// cut-off was.
func (r *root) header() string {
	path := make([]string, 0, len(r.stack))
	for _, scr := range r.stack {
		if c := scr.Crumb(); c != "" {
			path = append(path, clean(c))
		}
	}
	th, brand, right := r.s.theme, " Sidestep ", r.status()
	if r.size.narrow() && len(path) > 0 {
		brand = "" // where we are matters more
	}
	room := r.size.w - lipgloss.Width(right) - len(brand) - 2
	crumbs := strings.Join(path, " › ")
	for len(path) > 1 && ansi.StringWidth(crumbs) > room {
		path = path[1:]
		crumbs = "… › " + strings.Join(path, " › ")
	}
	if len(path) == 1 && ansi.StringWidth(crumbs) > room {
		crumbs = path[0]
	}
	return th.brand.Render(brand) + " " + th.title.Render(fit(crumbs, room)) + " " + right
}

// status gives way from what matters least: what went wrong is said in every width.
func (r *root) status() string {
	th, s := r.s.theme, r.s
	var parts []string
	if s.handle != nil && !s.o.Complete {
		parts = append(parts, th.danger.Bold(true).Render("INCOMPLETE"))
	}
	if s.handle != nil && r.size.w >= 76 {
		parts = append(parts, th.muted.Render(fmt.Sprintf("evidence %d/%d", s.o.Settled, s.o.Messages)))
	}
	if s.handle == nil || !r.size.narrow() {
		parts = append(parts, th.muted.Render(sinceCutoff(s.deps.Now())))
	}
	switch {
	case s.handle == nil:
	case s.looking != nil:
		parts = append(parts, th.warning.Bold(true).Render("READ-ONLY"))
	case s.saveErr != nil:
		parts = append(parts, th.danger.Bold(true).Render("NOT SAVED"))
	case s.unsaved():
		parts = append(parts, th.muted.Render("saving…"))
	default:
		parts = append(parts, th.good.Render("saved"))
	}
	return strings.Join(parts, th.faint.Render(" · ")) + " "
}

func sinceCutoff(now time.Time) string {
	days := int(now.Sub(salesforce.Cutoff).Hours() / 24)
	if days < 0 {
		return "cut-off in " + count(-days, "day")
	}
	return "cut-off " + count(days, "day") + " ago"
}

// answerLines is how many lines the answer to a key takes at most.
const answerLines = 3

// answer is what was said in answer to the last key, on the lines that it needs. It
// stands in the place of the rule above the footer.
func (r *root) answer() []string {
	if r.said.text == "" {
		return nil
	}
	style := r.s.theme.accent
	if r.said.bad {
		style = r.s.theme.danger
	}
	w := r.size.w - 2
	lines := shorten(wrap(clean(r.said.text), w), w, answerLines)
	for i := range lines {
		lines[i] = style.Render(fit(" "+lines[i], r.size.w))
	}
	return lines
}

// footer lists the keys that work now.
func (r *root) footer() string {
	th := r.s.theme
	keys := r.top().Keys()
	var always []key.Binding
	if t, ok := r.top().(typing); !ok || !t.Typing() {
		if r.s.handle != nil && len(r.s.undo) > 0 && !r.size.narrow() {
			always = append(always, r.s.keys.undo)
		}
		always = append(always, r.s.keys.help)
		if !r.size.narrow() || !slices.ContainsFunc(keys, back) {
			always = append(always, r.s.keys.quit)
		}
	}
	right, used := keyLine(th, always, r.size.w)
	if r.size.narrow() || keysWidth(keys) > r.size.w-used {
		// Everybody tries the arrows.
		keys = slices.DeleteFunc(slices.Clone(keys), func(k key.Binding) bool { d := k.Help().Desc; return d == "up" || d == "down" })
		if i := slices.IndexFunc(keys, more); i > 1 {
			// Where a text is cut, only this says so.
			keys = slices.Insert(slices.Delete(slices.Clone(keys), i, i+1), 1, keys[i])
		}
	}
	left, _ := keyLine(th, keys, r.size.w-used)
	return fit(left, r.size.w-used) + right
}

// back reports whether a key is the way back.
func back(k key.Binding) bool { return k.Help().Key == "esc" }

// more reports whether a key shows what the screen has left out below.
func more(k key.Binding) bool { return k.Help().Desc == moreBelow }

// keyWidth is how wide a key is in the footer.
func keyWidth(k key.Binding) int {
	return ansi.StringWidth(k.Help().Key) + 1 + ansi.StringWidth(k.Help().Desc) + 2
}

func keysWidth(keys []key.Binding) (w int) {
	for _, k := range keys {
		if k.Enabled() {
			w += keyWidth(k)
		}
	}
	return w
}

// keyLine lists keys as far as they fit, and says how wide the list is. The way
// back is never left out.
func keyLine(th theme, keys []key.Binding, w int) (string, int) {
	line, used := "", 0
	if i := slices.IndexFunc(keys, back); i >= 0 {
		w -= keyWidth(keys[i])
	}
	for _, k := range keys {
		switch {
		case back(k):
			w += keyWidth(k)
		case !k.Enabled() || used+keyWidth(k) > w:
			continue
		}
		line += " " + th.key.Render(k.Help().Key) + " " + th.muted.Render(k.Help().Desc) + " "
		used += keyWidth(k)
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

package ui

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"

	"sidestep/salesforce"
)

// theme is every style that a screen may use, by role. No screen names a colour.
type theme struct {
	dark bool

	text, muted, faint    lipgloss.Style
	title, accent         lipgloss.Style
	danger, warning, good lipgloss.Style
	selected, cursor      lipgloss.Style
	key, rule             lipgloss.Style
	brand                 lipgloss.Style
	box                   lipgloss.Style
	barFull, barEmpty     lipgloss.Style
}

func newTheme(dark bool) theme {
	pick := lipgloss.LightDark(dark)
	c := func(light, dark string) color.Color { return pick(lipgloss.Color(light), lipgloss.Color(dark)) }
	fg := func(light, dark string) lipgloss.Style { return lipgloss.NewStyle().Foreground(c(light, dark)) }
	// The colours are ones that the 256-colour palette has too, so that terminals
	// without true colour show the same screen.
	accent := c("#005f87", "#5fafd7")
	return theme{
		dark:     dark,
		text:     lipgloss.NewStyle(),
		muted:    fg("#585858", "#a8a8a8"),
		faint:    fg("#8a8a8a", "#767676"),
		title:    lipgloss.NewStyle().Bold(true),
		accent:   lipgloss.NewStyle().Foreground(accent),
		danger:   fg("#af0000", "#ff8787"),
		warning:  fg("#875f00", "#d7af5f"),
		good:     fg("#005f00", "#87d787"),
		selected: lipgloss.NewStyle().Background(c("#e4e4e4", "#303030")),
		cursor:   lipgloss.NewStyle().Foreground(accent).Bold(true),
		key:      lipgloss.NewStyle().Foreground(accent).Bold(true),
		rule:     fg("#bcbcbc", "#444444"),
		brand:    lipgloss.NewStyle().Bold(true).Foreground(c("#ffffff", "#080808")).Background(accent),
		box:      lipgloss.NewStyle().Border(lipgloss.RoundedBorder()).BorderForeground(accent).Padding(0, 1),
		barFull:  lipgloss.NewStyle().Foreground(accent),
		barEmpty: fg("#bcbcbc", "#444444"),
	}
}

// highlight lays the background of the row under the cursor below a line that
// has styles of its own.
func (t theme) highlight(line string) string {
	before, after, _ := strings.Cut(t.selected.Render("x"), "x")
	if before == "" {
		return line
	}
	return before + strings.ReplaceAll(line, "\x1b[m", "\x1b[m"+before) + after
}

// sign is a verdict as one character, so that no state is told by colour alone.
func sign(v salesforce.Verdict) string {
	switch v {
	case salesforce.Sends, salesforce.Sent:
		return "●"
	case salesforce.Stated:
		return "◐"
	case salesforce.Gone:
		return "◌"
	case salesforce.NotAffected:
		return "✓"
	}
	return "?"
}

// word is a verdict as people say it.
func word(v salesforce.Verdict) string {
	if v == salesforce.NotAffected {
		return "not affected"
	}
	return string(v)
}

func (t theme) verdict(v salesforce.Verdict) lipgloss.Style {
	switch v {
	case salesforce.Sends, salesforce.Sent, salesforce.Stated:
		return t.danger
	case salesforce.Unknown:
		return t.warning
	case salesforce.NotAffected:
		return t.good
	}
	return t.muted
}

package ui

import (
	"errors"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sidestep/salesforce"
	"sidestep/state"
)

// copyText puts text on the clipboard, through the system and through the
// terminal: over SSH only the terminal knows the right one. Where done is "", others
// tell of it.
func copyText(s *session, text, done string) tea.Cmd {
	desktop := s.deps.Desktop
	return tea.Batch(tea.SetClipboard(text), func() tea.Msg {
		_ = desktop.Copy(text)
		if done == "" {
			return nil
		}
		return sayMsg{text: done}
	})
}

// openPage shows a page of the org's Setup in the browser.
func openPage(s *session, path string) tea.Cmd {
	if s.m.Org.Instance == "" {
		return say("This migration came from files alone: there is no org whose Setup could be opened.")
	}
	return openLink(s, s.m.Org.Instance+path)
}

// openSetup shows the Setup page of a step, and asks which one where there are several.
func openSetup(s *session, step state.Step) tea.Cmd {
	if len(step.Setup) == 1 || s.m.Org.Instance == "" {
		return openPage(s, step.Setup[0].Path)
	}
	var options []option
	for _, page := range step.Setup {
		options = append(options, option{label: page.Label})
	}
	return s.push(newChoose(s, "Which page of Setup?", "", options, 0, func(i int) tea.Cmd { return openPage(s, step.Setup[i].Path) }).besideTheWork())
}

// openMessagePage shows a message in Setup, or one of the things that fire it.
func openMessagePage(s *session, mv *state.MessageView) tea.Cmd {
	options, paths := []option{{label: "The message"}}, []string{mv.SetupPath()}
	for _, u := range mv.Users {
		options = append(options, option{label: userWords(u.Type) + " “" + clean(u.Name) + "”"})
		paths = append(paths, salesforce.SetupPath(u))
	}
	if len(paths) == 1 || s.m.Org.Instance == "" {
		return openPage(s, paths[0])
	}
	return s.push(newChoose(s, "Which page of Setup?", "", options, 0, func(i int) tea.Cmd { return openPage(s, paths[i]) }).besideTheWork())
}

// openLink shows a page in the browser, and says which. Where there is no browser
// the address goes on the terminal's clipboard: the footer is too short for it.
func openLink(s *session, link string) tea.Cmd {
	desktop := s.deps.Desktop
	return func() tea.Msg {
		if err := desktop.OpenURL(link); err != nil {
			return tea.BatchMsg{tea.SetClipboard(link), say("No browser here. On the clipboard: " + link)}
		}
		return sayMsg{text: "Opened " + link}
	}
}

// hintOf is what an error says about the next step, "" for nothing.
func hintOf(err error) string {
	var h Hinted
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// hardWrap breaks s after every w cells: for links, which have no words.
func hardWrap(s string, w int) string { return ansi.Hardwrap(s, w, true) }

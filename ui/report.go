package ui

import (
	tea "charm.land/bubbletea/v2"

	"sidestep/report"
)

// askReport asks in which form the state of the migration is to be written, and
// writes it into a file.
func askReport(s *session) tea.Cmd {
	forms := []struct {
		option
		ending string
		write  func(report.Report) []byte
	}{
		{option{"A page (.html)", "To open, print or attach. It fetches nothing and runs nothing."}, ".html", report.Report.HTML},
		{option{"Markdown (.md)", "For wikis and tickets."}, ".md", report.Report.Markdown},
		{option{"A table (.csv)", "For spreadsheets: a row for each message."}, ".csv", report.Report.CSV},
	}
	var options []option
	for _, f := range forms {
		options = append(options, f.option)
	}
	return s.push(newChoose(s, "In which form?", "Where the migration stands, for people without Sidestep: verdicts, steps, vendors, who signed off.", options, 0, func(i int) tea.Cmd {
		m, now, desktop := s.m, s.deps.Now(), s.deps.Desktop
		return func() tea.Msg {
			r := report.Of(m, now, false)
			path, err := desktop.SaveDraft(r.FileName()+forms[i].ending, forms[i].write(r))
			if err != nil {
				return complain(err)()
			}
			return sayMsg{text: "Saved as " + path}
		}
	}).besideTheWork())
}

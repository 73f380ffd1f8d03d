package report

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"sidestep/visible"
)

// columns are the head of the table. Columns may be added at the end.
var columns = []string{
	"Endpoint", "Host", "Endpoint verdict", "Message", "Label", "Verdict", "Because", "Ask", "Dormant",
	"Route", "Receiver", "Vendor", "Owner", "Owner mail", "Asked for by", "Steps done", "Steps", "Next step",
	"Signed off by", "Signed off on", "Evidence",
}

// CSV writes a row for each message of each endpoint, for spreadsheets: with the byte
// order mark that Excel needs to read UTF-8, and without anything that a spreadsheet
// would run.
func (r Report) CSV() []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	// Writing to memory does not fail, and no cell has a form that csv refuses.
	_ = w.Write(columns)
	for _, e := range r.Endpoints {
		if len(e.Messages) == 0 {
			_ = w.Write(e.row(Message{}))
		}
		for _, m := range e.Messages {
			_ = w.Write(e.row(m))
		}
	}
	w.Flush()
	return b.Bytes()
}

func (e Endpoint) row(m Message) []string {
	dormant := ""
	if m.Dormant {
		dormant = "yes"
	}
	row := []string{
		e.URL, e.Host, string(e.Verdict), m.Key, m.Label, string(m.Verdict), m.Because, m.Ask, dormant,
		e.Route.Label(), e.Receiver.Label(), e.Vendor, e.Owner.Name, e.Owner.Email, e.Due, strconv.Itoa(e.Progress.Done), strconv.Itoa(e.Progress.Of), e.Next(),
		"", "", "",
	}
	if s := e.SignOff; s != nil {
		row[18], row[19], row[20] = s.By, day(s.At), s.Evidence
	}
	for i, text := range row {
		row[i] = harmless(text)
	}
	return row
}

// harmless puts an apostrophe before whatever a spreadsheet would take for a formula.
// Where Excel's list separator is a semicolon it cuts this file's lines at those, so
// each part counts.
func harmless(s string) string {
	risky := strings.ContainsAny(s[:min(1, len(s))], "\t\r")
	parts := strings.Split(visible.Line(s), ";")
	for i, part := range parts {
		bare := strings.TrimLeft(part, " \"")
		if i == 0 && risky || bare != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(bare)[0]) {
			parts[i] = "'" + part
		}
	}
	return strings.Join(parts, ";")
}

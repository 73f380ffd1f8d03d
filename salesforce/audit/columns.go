package audit

import (
	"bytes"
	"encoding/csv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"sidestep/salesforce"
	"sidestep/visible"
)

// The columns that matter.
const (
	colDate = iota
	colUser
	colNamespace
	colCode
	colDisplay
	colSection
	colDelegate
	colCount
)

// columns says where a file has what.
type columns struct {
	comma rune
	at    [colCount]int // -1: nowhere
	// named is true when the names of the columns, and not their contents, tell
	// what the file is.
	named bool
}

// apiNames are the names that an export through the API has.
var apiNames = map[string]int{
	"createddate": colDate, "createdby.name": colUser, "createdby.username": colUser, "display": colDisplay,
	"action": colCode, "section": colSection, "delegateuser": colDelegate, "responsiblenamespaceprefix": colNamespace,
}

// setupNames are how Setup calls the columns in English. Its column "Action" is
// what the API calls Display.
var setupNames = []string{"date", "user", "source namespace prefix", "action", "section", "delegate user"}

// decode finds the encoding in which the file is an audit trail, and its columns.
func decode(data []byte) (string, columns, bool) {
	for _, e := range encodings(data) {
		text, err := e.NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(text, 0) {
			continue
		}
		if cols, ok := columnsOf(string(text)); ok {
			return string(text), cols, true
		}
	}
	return "", columns{}, false
}

// encodings are those that the data may be in. Salesforce writes files in the
// encoding of the user's mail settings; programs for tables save in their own.
func encodings(data []byte) []encoding.Encoding {
	zero := bytes.IndexByte(data[:min(len(data), 64)], 0)
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), zero >= 0 && zero%2 == 1:
		return []encoding.Encoding{unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)}
	case bytes.HasPrefix(data, []byte("\xfe\xff")), zero >= 0:
		return []encoding.Encoding{unicode.UTF16(unicode.BigEndian, unicode.UseBOM)}
	case utf8.Valid(data):
		return []encoding.Encoding{unicode.UTF8BOM}
	}
	return []encoding.Encoding{guess(data)}
}

// guess chooses the old encoding in which the most lines say something about an
// outbound message. Where none does, the choice makes no difference.
func guess(data []byte) encoding.Encoding {
	var best encoding.Encoding = charmap.Windows1252
	most := 0
	sample := data[:min(len(data), 1<<20)]
	for _, e := range []encoding.Encoding{
		charmap.Windows1252, japanese.ShiftJIS, japanese.EUCJP, simplifiedchinese.GBK, traditionalchinese.Big5,
		korean.EUCKR, charmap.Windows1251, charmap.KOI8R, charmap.Windows1250, charmap.Windows874,
	} {
		text, err := e.NewDecoder().Bytes(sample)
		if err != nil {
			continue
		}
		n := 0
		for row := range strings.Lines(string(text)) {
			if speaks(fold(row)) {
				n++
			}
		}
		if n > most {
			best, most = e, n
		}
	}
	return best
}

// columnsOf reads the header.
func columnsOf(text string) (columns, bool) {
	head, _, _ := strings.Cut(text, "\n")
	if len(head) > 2000 {
		return columns{}, false
	}
	for _, comma := range []rune{',', ';', '\t'} {
		r := csv.NewReader(strings.NewReader(head))
		r.Comma, r.LazyQuotes = comma, true
		names, err := r.Read()
		if err != nil {
			continue
		}
		if c, ok := byAPIName(names); ok {
			c.comma = comma
			return c, true
		}
		if n := len(names); n == 5 || n == 6 {
			c := bySetup(n)
			c.comma, c.named = comma, english(names)
			return c, true
		}
	}
	return columns{}, false
}

// bySetup are the columns of Setup's file. The namespace came later than the rest.
func bySetup(n int) columns {
	if n == 5 {
		return columns{at: [colCount]int{0, 1, -1, -1, 2, 3, 4}}
	}
	return columns{at: [colCount]int{0, 1, 2, -1, 3, 4, 5}}
}

func english(names []string) bool {
	want := setupNames
	if len(names) == 5 {
		want = []string{"date", "user", "action", "section", "delegate user"}
	}
	for i, name := range names {
		if !strings.EqualFold(strings.TrimSpace(name), want[i]) {
			return false
		}
	}
	return true
}

func byAPIName(names []string) (columns, bool) {
	c := columns{named: true}
	for i := range c.at {
		c.at[i] = -1
	}
	for i, name := range names {
		if col, ok := apiNames[strings.ToLower(strings.TrimSpace(name))]; ok && c.at[col] < 0 {
			c.at[col] = i
		}
	}
	return c, c.at[colDate] >= 0 && c.at[colDisplay] >= 0
}

func (c columns) cell(record []string, col int) string {
	i := c.at[col]
	if i < 0 || i >= len(record) {
		return ""
	}
	text := visible.Cut(strings.TrimSpace(record[i]), maxCell)
	return strings.Clone(text) // the record is used again, and holds the whole line
}

func (c columns) entry(record []string) salesforce.AuditEntry {
	return salesforce.AuditEntry{
		By: c.cell(record, colUser), Namespace: c.cell(record, colNamespace), Action: c.cell(record, colCode),
		Display: c.cell(record, colDisplay), Section: c.cell(record, colSection), Delegate: c.cell(record, colDelegate),
	}
}

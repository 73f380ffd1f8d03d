// Package audit reads the Setup Audit Trail and finds in it who created or
// changed an outbound message, and when.
//
// The trail comes as rows from the org or as the file that Setup downloads. Its
// sentences are in the org's language, and the codes of its actions for outbound
// messages are not documented. So a line is about an outbound message when its
// code or its words say so, in any of the languages that Setup speaks, and about
// a certain message when it names that one.
//
// A line is called clear only when nothing in it could mean something else. The
// rest is shown, and decides nothing.
package audit

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
)

const (
	// MaxSize is the largest file that is read. 180 days of a busy org take some
	// megabytes.
	MaxSize = 64 << 20
	// maxLines bounds what a file of very short lines takes in memory.
	maxLines = 500_000
	// maxProblems is how many lines that can't be read are named one by one.
	maxProblems = 20
	// maxCell is where a text is cut, far beyond any real one.
	maxCell = 4000
)

// Trail is what a file holds.
type Trail struct {
	// Entries are the lines about outbound messages, in the order of the file.
	Entries []salesforce.AuditEntry
	// Lines counts all lines; From and To are the oldest and the newest date
	// among them, zero where none could be read.
	Lines    int
	From, To time.Time
	Problems []Problem
}

// Problem is something in a file that can't be read.
type Problem struct {
	Line int
	Msg  string
}

// ErrOther means that the data is no Setup Audit Trail.
var ErrOther = errors.New("it is no Setup Audit Trail")

// line is a record of the file while it is being read.
type line struct {
	number int
	when   stamp
	// entry is nil when it is not about an outbound message.
	entry *salesforce.AuditEntry
}

// Parse reads the file that Setup downloads. It is told by its shape, since its
// header is in the org's language: a date with a time in the first column, and
// five or six columns. What was exported with the names of the API works, too.
// The error is ErrOther when it is something else.
func Parse(data []byte) (Trail, error) {
	if len(data) > MaxSize {
		return Trail{}, ErrOther
	}
	text, cols, ok := decode(data)
	if !ok {
		return Trail{}, ErrOther
	}
	var t Trail
	lines := t.read(text, cols)
	if !cols.named && !dated(lines) {
		return Trail{}, ErrOther
	}
	order := orderOf(lines)
	unread := 0
	for _, l := range lines {
		at, rough, err := l.when.time(order)
		if err != nil {
			unread++
			t.problem(l.number, err.Error())
		} else {
			t.From, t.To = earliest(t.From, at), latest(t.To, at)
		}
		if l.entry != nil {
			l.entry.At, l.entry.Rough = at, rough
			t.Entries = append(t.Entries, *l.entry)
		}
	}
	t.Lines = len(lines)
	slices.SortStableFunc(t.Problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	if n := len(t.Problems); n > maxProblems {
		t.Problems = append(t.Problems[:maxProblems:maxProblems], Problem{0, fmt.Sprintf("%d more lines can't be read", n-maxProblems)})
	}
	return t, nil
}

func (t *Trail) problem(number int, msg string) {
	t.Problems = append(t.Problems, Problem{number, msg})
}

// read reads all records behind the header.
func (t *Trail) read(text string, cols columns) []line {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = cols.comma, -1, true
	var lines []line
	for first := true; ; first = false {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines
		}
		var bad *csv.ParseError
		switch {
		case errors.As(err, &bad):
			t.problem(bad.StartLine, "it is not well-formed: "+bad.Err.Error())
			continue
		case err != nil:
			return lines // reading from memory ends in no other way
		case first:
			continue
		}
		number, _ := r.FieldPos(0)
		if len(lines) == maxLines {
			t.problem(number, fmt.Sprintf("the file has more than %d lines; the rest was not read", maxLines))
			return lines
		}
		l := line{number: number, when: parseStamp(cols.cell(record, colDate))}
		if e := cols.entry(record); Concerns(e) {
			l.entry = &e
		}
		lines = append(lines, l)
	}
}

// dated reports whether the records begin with a date, as those of an audit trail
// do. A few may be damaged.
func dated(lines []line) bool {
	good := 0
	for _, l := range lines {
		if l.when.ok() {
			good++
		}
	}
	return good > 0 && good*10 >= len(lines)*9
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

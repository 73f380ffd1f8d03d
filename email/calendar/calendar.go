// Package calendar writes reminders as a calendar file (RFC 5545) that Outlook,
// Apple Calendar, Thunderbird and the calendars on the web read. It is a pure
// function of what it is given. A file holds what the caller says and nothing
// else, so no secret gets into it that is not in there.
//
// A reminder is an all-day event without busy time: tasks (VTODO) are what many
// calendars leave out.
package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sidestep/visible"
)

// Reminder is one thing to do on a day.
type Reminder struct {
	// Key names the matter for as long as it lasts, such as the org id and the
	// vendor: a later file with the same key moves the event instead of adding
	// one. Only a digest of it is written.
	Key string
	// Change counts how often the reminder was changed. The higher one wins.
	Change int
	// Day is the day, as the calendar of the admin has it.
	Day time.Time
	// Summary is one line; Text may have several.
	Summary, Text string
}

// ErrNoDay is the error for a reminder without a day.
var ErrNoDay = errors.New("a reminder needs a day")

// remindAt is when the alarm rings, after the beginning of the day.
const remindAt = "PT9H"

// File writes the reminders, at most one for each key.
func File(reminders []Reminder, now time.Time) ([]byte, error) {
	var w writer
	w.line("BEGIN:VCALENDAR")
	w.line("VERSION:2.0")
	w.line("PRODID:-//Sidestep//Reminders//EN")
	w.line("CALSCALE:GREGORIAN")
	w.line("METHOD:PUBLISH")
	seen := map[string]bool{}
	for _, r := range reminders {
		if r.Day.IsZero() {
			return nil, ErrNoDay
		}
		if seen[r.Key] {
			return nil, errors.New("two reminders have the same key")
		}
		seen[r.Key] = true
		w.event(r, now)
	}
	w.line("END:VCALENDAR")
	return []byte(w.String()), nil
}

// UID is the event's name: a digest of the key, the same in every file.
func UID(key string) string {
	sum := sha256.Sum256([]byte("sidestep reminder\x00" + key))
	return hex.EncodeToString(sum[:16]) + "@sidestep.invalid"
}

type writer struct{ strings.Builder }

func (w *writer) event(r Reminder, now time.Time) {
	summary := text(visible.Line(r.Summary))
	w.line("BEGIN:VEVENT")
	w.line("UID:" + UID(r.Key))
	w.line("DTSTAMP:" + now.UTC().Format("20060102T150405Z"))
	w.line("SEQUENCE:" + strconv.Itoa(max(0, r.Change)))
	w.line("DTSTART;VALUE=DATE:" + r.Day.Format("20060102"))
	w.line("DTEND;VALUE=DATE:" + r.Day.AddDate(0, 0, 1).Format("20060102"))
	w.line("SUMMARY:" + summary)
	if r.Text != "" {
		w.line("DESCRIPTION:" + text(visible.Text(r.Text)))
	}
	w.line("TRANSP:TRANSPARENT")
	w.line("CLASS:PRIVATE")
	w.line("BEGIN:VALARM")
	w.line("ACTION:DISPLAY")
	w.line("TRIGGER:" + remindAt)
	w.line("DESCRIPTION:" + summary)
	w.line("END:VALARM")
	w.line("END:VEVENT")
}

// text escapes a value (RFC 5545, 3.3.11).
func text(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "").Replace(s)
}

// longestLine is how many bytes a line may have, without its end (3.1).
const longestLine = 75

// line writes a line, folded where it is too long. No character is cut in two.
func (w *writer) line(s string) {
	room := longestLine
	for len(s) > room {
		n := room
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		w.WriteString(s[:n] + "\r\n ")
		s = s[n:]
		room = longestLine - 1 // the space counts
	}
	w.WriteString(s + "\r\n")
}

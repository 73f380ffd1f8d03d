package calendar_test

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sidestep/email/calendar"
)

var now = time.Date(2026, 11, 23, 10, 30, 0, 0, time.FixedZone("CET", 3600))

func reminder(key string) calendar.Reminder {
	return calendar.Reminder{Key: key, Change: 2, Day: time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC), Summary: `Ask Shipwise; "again", C:\x`, Text: "First line\nÜmläute, 日本語; and " + strings.Repeat("long ", 60)}
}

func file(t *testing.T, rs ...calendar.Reminder) string {
	t.Helper()
	data, err := calendar.File(rs, now)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// unfold reads a file as RFC 5545 says: properties by their name, in order.
func unfold(t *testing.T, data string) (names []string, values map[string][]string) {
	t.Helper()
	if strings.Contains(strings.ReplaceAll(data, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(data, "\r\n", ""), "\r") || !strings.HasSuffix(data, "\r\n") {
		t.Fatal("a line does not end with CR LF")
	}
	for l := range strings.SplitSeq(data, "\r\n") {
		if len(l) > 75 || !utf8.ValidString(l) {
			t.Fatalf("%d bytes in a line, or a character cut in two: %q", len(l), l)
		}
	}
	values = map[string][]string{}
	for l := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(data, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(l, ":")
		if !ok {
			t.Fatalf("no property: %q", l)
		}
		value = strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(value)
		names = append(names, name)
		values[name] = append(values[name], value)
	}
	return names, values
}

func TestFileIsReadBack(t *testing.T) {
	r := reminder("00D5g000001AbCdEAK shipwise")
	_, got := unfold(t, file(t, r))
	for name, want := range map[string]string{
		"VERSION": "2.0", "METHOD": "PUBLISH", "SUMMARY": r.Summary, "DTSTART;VALUE=DATE": "20261231", "DTEND;VALUE=DATE": "20270101",
		"DTSTAMP": "20261123T093000Z", "SEQUENCE": "2", "TRANSP": "TRANSPARENT", "TRIGGER": "PT9H", "UID": calendar.UID(r.Key),
	} {
		if len(got[name]) != 1 || got[name][0] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	if d := got["DESCRIPTION"]; len(d) != 2 || d[0] != r.Text || d[1] != r.Summary {
		t.Errorf("description %q", d)
	}
}

// A second parser, where there is one: Python's icalendar package.
func TestSecondParserReadsTheSame(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import icalendar").Run() != nil {
		t.Skip("python3 with the icalendar package is not here")
	}
	r := reminder("k")
	cmd := exec.Command(python, "-c", `
import sys, icalendar
c = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
for e in c.walk("VEVENT"):
    sys.stdout.buffer.write("\x1f".join([str(e["UID"]), str(e["SUMMARY"]), str(e["DESCRIPTION"]), e["DTSTART"].dt.isoformat(), e["DTEND"].dt.isoformat()]).encode() + b"\x1e")
`)
	cmd.Stdin = strings.NewReader(file(t, r, reminder("k2")))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{calendar.UID("k"), r.Summary, r.Text, "2026-12-31", "2027-01-01"}, "\x1f") + "\x1e"
	if !bytes.HasPrefix(out, []byte(want)) || bytes.Count(out, []byte{0x1e}) != 2 {
		t.Errorf("%q, want %q", out, want)
	}
}

func TestTheSameMatterKeepsItsName(t *testing.T) {
	a, b := reminder("a"), reminder("a")
	b.Day, b.Summary, b.Change = b.Day.AddDate(0, 1, 0), "Later", 3
	_, one := unfold(t, file(t, a))
	_, two := unfold(t, file(t, b))
	if one["UID"][0] != two["UID"][0] || calendar.UID("a") == calendar.UID("b") {
		t.Error("the event does not keep its name")
	}
	if strings.Contains(file(t, reminder("00D5g000001AbCdEAK")), "00D5g") {
		t.Error("the key is told")
	}
	if again := file(t, a); again != file(t, reminder("a")) {
		t.Error("the same reminder gives two different files")
	}
}

func TestHostileTextMakesNoProperties(t *testing.T) {
	r := reminder("k")
	r.Summary = "x\r\nATTACH:http://evil.example\r\nBEGIN:VEVENT\x00\x1b[2J\u202e"
	r.Text = "y\r\nURL:http://evil.example\rATTENDEE:mailto:evil@evil.example\u2028z"
	names, _ := unfold(t, file(t, r))
	for _, n := range names {
		switch n {
		case "ATTACH", "URL", "ATTENDEE":
			t.Errorf("the text made a property %s", n)
		}
	}
	if strings.Count(file(t, r), "BEGIN:VEVENT\r\n") != 1 || strings.ContainsAny(file(t, r), "\x00\x1b\u202e") {
		t.Error("the text made an event")
	}
}

func TestFileRefusesWhatMakesNoReminder(t *testing.T) {
	if _, err := calendar.File([]calendar.Reminder{{Key: "k"}}, now); !errors.Is(err, calendar.ErrNoDay) {
		t.Errorf("%v", err)
	}
	if _, err := calendar.File([]calendar.Reminder{reminder("k"), reminder("k")}, now); err == nil {
		t.Error("two with one key")
	}
	if names, _ := unfold(t, file(t)); len(names) != 6 {
		t.Errorf("an empty file: %q", names)
	}
}

func FuzzFile(f *testing.F) {
	f.Add("s\r\nX:y", "t\n\\,;日本語", strings.Repeat("ü", 200))
	f.Fuzz(func(t *testing.T, key, summary, body string) {
		names, _ := unfold(t, file(t, calendar.Reminder{Key: key, Day: now, Summary: summary, Text: body}))
		if want := 21; len(names) != want && len(names) != want+1 {
			t.Fatalf("%d properties: %q", len(names), names)
		}
	})
}

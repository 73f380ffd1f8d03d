package audit

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"sidestep/salesforce"
)

const english6 = "Date,User,Source Namespace Prefix,Action,Section,Delegate User\n"

func utc(year int, month time.Month, day, hour, minute, second int) time.Time {
	return time.Date(year, month, day, hour, minute, second, 0, time.UTC)
}

// The date is quoted because it holds a comma, as in Setup's own file.
func TestParseEnglish(t *testing.T) {
	trail, err := Parse([]byte(english6 +
		"\"11/25/2026, 1:02:03 AM PST\",admin@acme.example,,Changed outbound message Send order for object: Account,Workflow Outbound Messages,\n" +
		"\"7/8/2026, 1:09:00 PM PDT\",Automated Process,,Account matching rule,Matching Rule,\n" +
		"\"3/2/2026, 12:00:00 AM PST\",ann@acme.example,acme,\"Created outbound message \"\"Send\norder\"\"\",Workflow Outbound Messages,boss@acme.example\n"))
	if err != nil || trail.Lines != 3 || len(trail.Problems) != 0 || len(trail.Entries) != 2 {
		t.Fatalf("%+v, %v", trail, err)
	}
	want := []salesforce.AuditEntry{
		{At: utc(2026, 11, 25, 9, 2, 3), By: "admin@acme.example", Display: "Changed outbound message Send order for object: Account", Section: "Workflow Outbound Messages"},
		{At: utc(2026, 3, 2, 8, 0, 0), By: "ann@acme.example", Namespace: "acme", Display: "Created outbound message \"Send\norder\"", Section: "Workflow Outbound Messages", Delegate: "boss@acme.example"},
	}
	for i, w := range want {
		if trail.Entries[i] != w {
			t.Errorf("%+v", trail.Entries[i])
		}
	}
	if !trail.From.Equal(utc(2026, 3, 2, 8, 0, 0)) || !trail.To.Equal(want[0].At) {
		t.Errorf("from %v to %v", trail.From, trail.To)
	}
}

// Each locale writes dates in its own way; the first column of Setup's file is
// always one.
func TestDates(t *testing.T) {
	at := utc(2026, 11, 25, 13, 2, 3)
	for _, c := range []struct {
		text string
		want time.Time
	}{
		{"11/25/2026, 1:02:03 PM PST", at.Add(8 * time.Hour)},
		{"11/25/2026, 1:02:03\u202fPM PST", at.Add(8 * time.Hour)},
		{"11/25/2026 1:02:03 PM CST", at.Add(6 * time.Hour)},
		{"25/11/2026, 13:02:03 GMT", at},
		{"25/11/2026, 1:02:03 pm AEDT", at.Add(-11 * time.Hour)},
		{"25.11.2026 13:02:03 MEZ", at.Add(-time.Hour)},
		{"25.11.2026, 13:02:03 MESZ", at.Add(-2 * time.Hour)},
		{"25/11/2026 13:02:03 CET", at.Add(-time.Hour)},
		{"25/11/2026 à 13:02:03 CET", at.Add(-time.Hour)},
		{"25/11/2026, 1:02:03 p. m. CET", at.Add(-time.Hour)},
		{"25/11/2026 13:02:03 BRT", at.Add(3 * time.Hour)},
		{"25-11-2026 13:02:03 CET", at.Add(-time.Hour)},
		{"2026-11-25 13:02:03 CET", at.Add(-time.Hour)},
		{"25.11.2026 13.02.03 CET", at.Add(-time.Hour)},
		{"25.11.2026 klo 13.02.03 EET", at.Add(-2 * time.Hour)},
		{"25.11.2026, 13:02:03 MSK", at.Add(-3 * time.Hour)},
		{"2026/11/25 13:02:03 JST", at.Add(-9 * time.Hour)},
		{"2026/11/25 午後1:02:03 JST", at.Add(-9 * time.Hour)},
		{"2026. 11. 25. 오후 1:02:03 KST", at.Add(-9 * time.Hour)},
		{"2026-11-25 下午1:02:03 GMT+08:00", at.Add(-8 * time.Hour)},
		{"2026/11/25 GMT+8 下午1:02:03", at.Add(-8 * time.Hour)},
		{"25/11/2569, 13:02:03 ICT", at.Add(-7 * time.Hour)},
		{"๒๕/๑๑/๒๕๖๙ ๑๓:๐๒:๐๓ ICT", at.Add(-7 * time.Hour)},
		{"２０２６/１１/２５ １３:０２:０３ JST", at.Add(-9 * time.Hour)},
		{"25.11.2026, 13:02 MEZ", at.Add(-time.Hour - 3*time.Second)},
		{"2026-11-25T13:02:03.000+0000", at},
		{"2026-11-25T13:02:03.000Z", at},
		{"2026-11-25 13:02:03 -0800", at.Add(8 * time.Hour)},
		{"11/25/2026, 12:00:00 AM PST", utc(2026, 11, 25, 8, 0, 0)},
		{"11/25/2026, 12:00:00 PM PST", utc(2026, 11, 25, 20, 0, 0)},
	} {
		s := parseStamp(c.text)
		got, rough, err := s.time(orderOf([]line{{when: s}}))
		if err != nil || !got.Equal(c.want) || rough {
			t.Errorf("%q: %v, rough %v, %v", c.text, got, rough, err)
		}
	}
	for _, text := range []string{"", "yesterday", "25.11.2026", "2026", "31/31/2026, 13:02:03 GMT", "25.11.2026 25:02:03", "25.11.1026 13:02:03", "1 2 3 4 5 6 7 8", "Order 12/13/2026", strings.Repeat("1", 90) + "/1/2026 1:02:03"} {
		if s := parseStamp(text); s.ok() {
			t.Errorf("%q is no date", text)
		}
	}
}

// Whether the day or the month comes first is told by all lines together; where
// they don't tell either, a date that may lie on both sides of the cut-off says so.
func TestOrderOfDayAndMonth(t *testing.T) {
	const row = "%s,u,,Created outbound message A,S,\n"
	for name, c := range map[string]struct {
		dates []string
		want  []time.Time
		rough bool
	}{
		"a day over 12":                 {[]string{"02/12/2026 10:00:00 GMT", "25/11/2026 10:00:00 GMT"}, []time.Time{utc(2026, 12, 2, 10, 0, 0), utc(2026, 11, 25, 10, 0, 0)}, false},
		"a month that can be no month":  {[]string{"12/02/2026 10:00:00 GMT", "11/25/2026 10:00:00 GMT"}, []time.Time{utc(2026, 12, 2, 10, 0, 0), utc(2026, 11, 25, 10, 0, 0)}, false},
		"the newest comes first: days":  {[]string{"01/10/2026 10:00:00 GMT", "12/09/2026 10:00:00 GMT"}, []time.Time{utc(2026, 10, 1, 10, 0, 0), utc(2026, 9, 12, 10, 0, 0)}, false},
		"the newest comes first":        {[]string{"10/01/2026 10:00:00 GMT", "09/12/2026 10:00:00 GMT"}, []time.Time{utc(2026, 10, 1, 10, 0, 0), utc(2026, 9, 12, 10, 0, 0)}, false},
		"an American clock":             {[]string{"9/10/2026 4:21:14 AM PDT"}, []time.Time{utc(2026, 9, 10, 11, 21, 14)}, false},
		"nobody knows, before or after": {[]string{"1/10/2026 10:00:00 GMT"}, []time.Time{utc(2026, 10, 1, 10, 0, 0)}, true},
		"nobody knows, but after":       {[]string{"9/10/2026 10:00:00 GMT"}, []time.Time{utc(2026, 10, 9, 10, 0, 0)}, false},
		"no zone, on the day":           {[]string{"23.02.2026 10:00:00"}, []time.Time{utc(2026, 2, 23, 10, 0, 0)}, true},
		"no zone, later":                {[]string{"25.02.2026 10:00:00"}, []time.Time{utc(2026, 2, 25, 10, 0, 0)}, false},
		"an unknown zone, on the day":   {[]string{"23.02.2026 10:00:00 IST"}, []time.Time{utc(2026, 2, 23, 10, 0, 0)}, true},
	} {
		text := english6
		for _, d := range c.dates {
			text += fmt.Sprintf(row, d)
		}
		trail, err := Parse([]byte(text))
		if err != nil || len(trail.Entries) != len(c.want) {
			t.Errorf("%s: %+v, %v", name, trail, err)
			continue
		}
		for i, e := range trail.Entries {
			if !e.At.Equal(c.want[i]) || e.Rough != c.rough {
				t.Errorf("%s: %v, rough %v", name, e.At, e.Rough)
			}
		}
	}
}

const german = "Datum;Benutzer;Präfix des Quell-Namespace;Aktion;Bereich;Delegierter Benutzer\r\n" +
	"25.11.2026, 01:02:03 MEZ;admin@acme.example;;Ausgehende Nachricht Auftrag geändert für Objekt: Account;Ausgehende Nachrichten;\r\n" +
	"24.11.2026, 01:02:03 MEZ;admin@acme.example;;Profil geändert;Benutzer verwalten;\r\n"

const japaneseRows = "日付,ユーザ,ソース名前空間プレフィックス,アクション,セクション,代理ユーザ\n" +
	"2026/11/25 1:02:03 JST,admin@acme.example,,アウトバウンドメッセージ「Send order」を作成しました,ワークフロー,\n"

func TestEncodingsAndSeparators(t *testing.T) {
	encode := func(e encoding.Encoding, text string) string {
		out, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, text := range map[string]string{
		"UTF-8":            german,
		"byte order mark":  "\ufeff" + german,
		"Windows-1252":     encode(charmap.Windows1252, german),
		"UTF-16":           encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), german),
		"UTF-16BE":         encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), german),
		"UTF-16, no mark":  encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), german),
		"tabs":             strings.ReplaceAll(german, ";", "\t"),
		"Shift JIS":        encode(japanese.ShiftJIS, japaneseRows),
		"Japanese":         japaneseRows,
		"old, five fields": "Date,User,Action,Section,Delegate User\n\"11/25/2026, 1:02:03 AM PST\",a,Created outbound message A,S,\n",
		"through the API":  "\"CREATEDBY.NAME\",\"CREATEDDATE\",\"ACTION\",\"DISPLAY\"\n\"Ann\",\"2026-11-25T00:02:03.000Z\",\"createdOutboundMessage\",\"Ausgangsnachricht A angelegt\"\n",
	} {
		trail, err := Parse([]byte(text))
		if err != nil || len(trail.Entries) != 1 || trail.Entries[0].At.Year() != 2026 || len(trail.Problems) != 0 {
			t.Errorf("%s: %+v, %v", name, trail, err)
		}
	}
}

func TestOtherFilesAreNoTrail(t *testing.T) {
	for name, text := range map[string]string{
		"empty":           "",
		"prose":           "Remember the milk.",
		"another table":   "a,b,c,d,e,f\n1,2,3,4,5,6\n",
		"a date, no time": "a,b,c,d,e,f\n25.11.2026,2,3,4,5,6\n",
		"few columns":     "Date,User\n\"11/25/2026, 1:02:03 AM PST\",a\n",
		"header alone":    "Datum,Benutzer,Präfix,Aktion,Bereich,Delegiert\n",
		"XML":             `<?xml version="1.0"?><Workflow xmlns="http://soap.sforce.com/2006/04/metadata"/>`,
		"zeros":           strings.Repeat("\x00", 1000),
		"a long line":     strings.Repeat("a,", 1<<20),
	} {
		if trail, err := Parse([]byte(text)); !errors.Is(err, ErrOther) {
			t.Errorf("%s: %+v", name, trail)
		}
	}
	if trail, err := Parse([]byte(english6)); err != nil || trail.Lines != 0 {
		t.Errorf("a trail without lines: %v", err)
	}
}

// One bad line costs itself alone, and says where it is.
func TestBadLines(t *testing.T) {
	trail, err := Parse([]byte(english6 +
		"\"11/25/2026, 1:02:03 AM PST\",a,,Created outbound message A,S,\n" +
		"\"11/24/2026, 1:02:03 AM PST\",a,,Created \"outbound message B,S,\n" +
		"\"sometime\",a,,Created outbound message C,S,\n" +
		"\"11/23/2026, 1:02:03 AM PST\"\n" +
		"\"11/22/2026, 1:02:03 AM PST\",a,,Created outbound message D,S,,,,\n"))
	if err != nil || len(trail.Entries) != 3 || len(trail.Problems) != 2 {
		t.Fatalf("%+v, %v", trail, err)
	}
	if trail.Problems[0].Line != 3 || trail.Problems[1].Line != 4 || !trail.Entries[1].At.IsZero() {
		t.Errorf("%+v", trail)
	}
}

func TestManyBadLinesAreCounted(t *testing.T) {
	trail, err := Parse([]byte(english6 + strings.Repeat("never,a,,b,c,\n", 100)))
	if err != nil || len(trail.Problems) != maxProblems+1 || trail.Problems[maxProblems].Msg != "80 more lines can't be read" {
		t.Errorf("%+v, %v", trail.Problems, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(english6 + "\"11/25/2026, 1:02:03 AM PST\",a,,Created outbound message A,S,\n"))
	f.Add([]byte(german))
	f.Add([]byte(japaneseRows))
	f.Add([]byte("\xff\xfeD\x00a\x00"))
	f.Add([]byte("CreatedDate;Display\n2026-11-25T00:02:03.000Z;x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		trail, err := Parse(data)
		if err != nil {
			return
		}
		if trail.Lines < len(trail.Entries) || len(trail.Problems) > maxProblems+1 {
			t.Errorf("%+v", trail)
		}
		for _, e := range trail.Entries {
			if !e.At.IsZero() && !sane(e.At.Add(15*time.Hour).Year()) && !sane(e.At.Add(-15*time.Hour).Year()) {
				t.Errorf("%v", e.At)
			}
		}
		messages := []salesforce.Message{{Object: "Account", FullName: "A", Label: string(data[:min(len(data), 20)])}}
		for key, list := range Find(trail.Entries, messages) {
			if key != "Account.A" || len(list) > len(trail.Entries) {
				t.Errorf("%s: %v", key, list)
			}
		}
	})
}

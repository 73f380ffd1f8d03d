package answer_test

import (
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"sidestep/email/answer"
)

func read(t *testing.T, data string) answer.Answer {
	t.Helper()
	a, err := answer.Read(strings.NewReader(data), monday)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

const head = "From: Jane =?utf-8?q?D=C3=B6?= <jane@vendor.example>\nTo: me@northwind.example\nSubject: =?utf-8?b?UsOpcG9uc2U=?=\nDate: Mon, 23 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"

func TestMailIsRead(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"plain":            {"Content-Type: text/plain; charset=utf-8\n\nFertig bis 15. Januar.\n", "Fertig bis 15. Januar."},
		"no type":          {"\nDone.\n", "Done."},
		"quoted-printable": {"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe aus =\nK=C3=B6ln\n", "Grüße aus Köln"},
		"base64":           {"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n5pel5pys6Kqe\n", "日本語"},
		"latin-1":          {"Content-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\xdfe\n", "Grüße"},
		"windows-1252":     {"Content-Type: text/plain; charset=windows-1252\n\n\x8420 \x80\x93\n", "„20 €“"},
		"no charset":       {"Content-Type: text/plain\n\nGr\xfc\xdfe\n", "Grüße"},
		"iso-2022-jp":      {"Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$BF|K\\8l\x1b(B\n", "日本語"},
		"shift_jis":        {"Content-Type: text/plain; charset=Shift_JIS\n\n\x93\xfa\x96\x7b\x8c\xea\n", "日本語"},
		"html only":        {"Content-Type: text/html; charset=utf-8\n\n<html><head><title>t</title><style>p{}</style></head><body><p>Hello&nbsp;&amp; thanks,</p><ul><li>one</li><li>two</li></ul><script>alert(1)</script><div style='display: none'>unseen <div>x</div></div><a href=\"javascript:x\">link</a> end<br>last</body></html>", "Hello & thanks,\n\n- one\n- two\n\nlink end\nlast"},
		"alternative":      {"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>html</p>\n--b\nContent-Type: text/plain\n\nplain\n--b--\n", "plain"},
		"empty plain":      {"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\n", "html"},
		"attachment":       {"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\ntext\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\nsecret\n--b\nContent-Type: application/pdf\n\nxx\n--b--\n", "text"},
		"nested":           {"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\ninner =3D\n--b--\n--a\nContent-Type: text/plain\n\nfooter\n--a--\n", "inner =\n\nfooter"},
		"cut multipart":    {"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nas far as it goes", "as far as it goes"},
	} {
		t.Run(name, func(t *testing.T) {
			a := read(t, crlf(head+c.body))
			if a.Text != c.want {
				t.Errorf("text %q, want %q", a.Text, c.want)
			}
			if a.Name != "Jane Dö" || a.Email != "jane@vendor.example" || a.Subject != "Réponse" || a.At.UTC().Format(time.RFC3339) != "2026-11-23T09:00:00Z" {
				t.Errorf("%+v", a)
			}
			if strings.Contains(strings.Join(a.Notices, ""), "Attachments left out: 2.") != (name == "attachment") {
				t.Errorf("notices %q", a.Notices)
			}
		})
	}
}

func TestPastedTextIsRead(t *testing.T) {
	for text, want := range map[string]string{
		"Hello,\n\nwe are done by 15.01.2027.\n": "Hello,\n\nwe are done by 15.01.2027.",
		"Note: this is no header\n\nReally":      "Note: this is no header\n\nReally",
		"\ufeffGrüße\r\naus Köln":                "Grüße\naus Köln",
		"Gr\xfc\xdfe":                            "Grüße",
	} {
		if a := read(t, text); a.Text != want || !a.At.IsZero() || a.Email != "" {
			t.Errorf("%q: %+v", text, a)
		}
	}
	if a := read(t, "done by 15.01.2027"); len(a.Dates) != 1 || a.Dates[0].Day.Format(time.DateOnly) != "2027-01-15" {
		t.Errorf("%+v", a.Dates)
	}
}

// Dates count from the day the answer was written, and the quoted original, which
// is full of the admin's own dates, proposes none.
func TestQuotedOriginalIsLeftOut(t *testing.T) {
	for name, quote := range map[string]string{
		"english":    "On Mon, 23 Nov 2026 at 10:00, Me <me@northwind.example> wrote:\n> Please answer by 7 December 2026.\n>\n> Kind regards",
		"broken":     "On Mon, 23 Nov 2026 at 10:00, Me\n<me@northwind.example> wrote:\n> Please answer by 7 December 2026.",
		"german":     "Am 23.11.2026 um 10:00 schrieb Me:\n> Bitte bis zum 7. Dezember 2026",
		"french":     "Le lun. 23 nov. 2026 à 10:00, Me a écrit :\n> d'ici au 7 décembre 2026",
		"spanish":    "El lun, 23 nov 2026, Me escribió:\n> el 7 de diciembre de 2026",
		"italian":    "Il giorno lun 23 nov 2026 Me ha scritto:\n> entro il 7 dicembre 2026",
		"portugues":  "Em seg., 23 de nov. de 2026, Me escreveu:\n> até 7 de dezembro de 2026",
		"dutch":      "Op ma 23 nov 2026 schreef Me:\n> uiterlijk op 7 december 2026",
		"japanese":   "2026年11月23日(月) 10:00 Me <me@northwind.example>のメール:\n> 2026年12月7日までに",
		"outlook":    "________________________________\nFrom: Me\nSent: Monday, 23 November 2026\nTo: Jane\nSubject: x\n\nPlease answer by 7 December 2026.",
		"outlook de": "Von: Me\nGesendet: Montag, 23. November 2026\nAn: Jane\n\nBitte bis zum 7. Dezember 2026.",
		"original":   "-----Ursprüngliche Nachricht-----\nBitte bis zum 7. Dezember 2026.",
	} {
		t.Run(name, func(t *testing.T) {
			a := read(t, crlf(head+"\nWe will be ready in two weeks.\n\nJane\n\n"+quote+"\n"))
			if a.Text != "We will be ready in two weeks.\n\nJane" || !a.Quoted {
				t.Errorf("%v %q", a.Quoted, a.Text)
			}
			if len(a.Dates) != 1 || a.Dates[0].Day.Format(time.DateOnly) != "2026-12-07" || a.Dates[0].Words != "in two weeks" {
				t.Errorf("%+v", a.Dates)
			}
		})
	}
	inline := read(t, "> When?\nBy 15 January 2027.\n> Who?\nI do.\n")
	if inline.Text != "By 15 January 2027.\nI do." || !inline.Quoted {
		t.Errorf("answers between the lines: %q", inline.Text)
	}
	html := read(t, crlf(head+"Content-Type: text/html\n\n<div>Done.</div><div class=gmail_quote><div>On Mon Me wrote:<br></div><blockquote>Please <p>answer by 7 December 2026</p></blockquote></div>"))
	if html.Text != "Done." || !html.Quoted || len(html.Dates) != 0 {
		t.Errorf("%+v", html)
	}
	all := read(t, "> everything\n> is quoted")
	if all.Text != "> everything\n> is quoted" || all.Quoted {
		t.Errorf("%+v", all)
	}
}

func TestHugeAnswerIsCutWithANotice(t *testing.T) {
	// 50 MB, as an attachment would be.
	huge := io.MultiReader(strings.NewReader(crlf(head+"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nready by 15 January 2027\n--b\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n")), &endless{50 << 20})
	a, err := answer.Read(huge, monday)
	if err != nil || a.Text != "ready by 15 January 2027" || len(a.Dates) != 1 || !strings.Contains(strings.Join(a.Notices, " "), "larger than 8 MB") {
		t.Errorf("%q %+v %q, %v", a.Text, a.Dates, a.Notices, err)
	}
	a, err = answer.Read(&endless{50 << 20}, monday)
	if err != nil || len(a.Text) > 250<<10 || len(a.Notices) != 3 {
		t.Errorf("%d bytes of text, %q, %v", len(a.Text), a.Notices, err)
	}
}

// endless gives n letters.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	if e.n <= 0 {
		return 0, io.EOF
	}
	p = p[:min(len(p), e.n)]
	for i := range p {
		p[i] = 'A'
	}
	e.n -= len(p)
	return len(p), nil
}

func TestHostileAnswerIsSafe(t *testing.T) {
	nested := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: multipart/mixed; boundary=b\n\n", 500)
	many := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: text/plain\n\nx\n", 5000)
	for name, data := range map[string]string{
		"nested": head + nested + "deep", "many": head + many,
		"controls":   head + "Subject-X: y\n\n\x1b]0;t\a\x1b[2J\u202etext\x00 http://x\u0007y",
		"subject":    "From: a@b.example, c@d.example\nSubject: \x1b[2Jx =?utf-8?q?=1b[2J=0d=0aBcc:?=\nMessage-ID: <x>\n\ntext",
		"from":       "From: =?utf-8?q?=1b]0;x=07?= <a@b.example>\n\ntext",
		"bad base64": head + "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVsbG8h!!!!\x00",
		"charset":    head + "Content-Type: text/plain; charset=x-evil\n\ntext \xff",
		"long line":  head + "\n" + strings.Repeat("x", 1<<20),
		"html bomb":  head + "Content-Type: text/html\n\n" + strings.Repeat("<blockquote><div>", 50_000) + "text",
		"marks":      "a" + strings.Repeat("\u0301", 10_000),
	} {
		t.Run(name, func(t *testing.T) {
			a, err := answer.Read(strings.NewReader(data), monday)
			if err != nil && !errors.Is(err, answer.ErrEmpty) {
				t.Fatal(err)
			}
			if strings.ContainsAny(a.Text+a.Name+a.Email+a.Subject+strings.Join(a.Notices, ""), "\x00\x1b\a\r\u202e") || strings.Contains(a.Subject+a.Name, "\n") {
				t.Errorf("%+v", a)
			}
			if len(a.Notices) > 10 || len(a.Text) > 1<<20 {
				t.Errorf("%d notices, %d bytes", len(a.Notices), len(a.Text))
			}
		})
	}
}

func TestTextOfWindowsProgramsIsRead(t *testing.T) {
	utf16 := "\xff\xfe"
	for _, r := range "Bis 15.01.2027, grüße" {
		utf16 += string([]byte{byte(r), byte(r >> 8)})
	}
	if a := read(t, utf16); a.Text != "Bis 15.01.2027, grüße" || len(a.Dates) != 1 {
		t.Errorf("%+v", a)
	}
}

func TestWhatIsNoTextIsRefused(t *testing.T) {
	// The beginnings of a mail in Outlook's own format, and of a picture.
	for _, s := range []string{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 16), "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"} {
		if a, err := answer.Read(strings.NewReader(s), monday); !errors.Is(err, answer.ErrFormat) {
			t.Errorf("%q is read as %+v, %v", s, a, err)
		}
	}
}

func TestEmptyAnswer(t *testing.T) {
	for _, s := range []string{"", " \r\n\t", head + "\n\n", head + "Content-Type: application/pdf\n\nxx"} {
		if _, err := answer.Read(strings.NewReader(s), monday); !errors.Is(err, answer.ErrEmpty) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// What Python's mail package writes is read as it was meant.
func TestMailOfAnotherProgramIsRead(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here")
	}
	out, err := exec.Command(python, "-c", `
import sys
from email.message import EmailMessage
m = EmailMessage()
m["From"] = "Jürgen Größe <juergen@vendor.example>"
m["Subject"] = "Antwort: 日本語 und ein sehr langer Betreff, der umgebrochen wird, weil er lang ist"
m["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
m.set_content("Wir liefern bis Ende Januar – versprochen.\n")
m.add_alternative("<p>Wir liefern bis Ende Januar – versprochen.</p>", subtype="html")
m.add_attachment(b"x" * 1000, maintype="application", subtype="pdf", filename="ä.pdf")
sys.stdout.buffer.write(m.as_bytes())
`).Output()
	if err != nil {
		t.Fatal(err)
	}
	a := read(t, string(out))
	if a.Name != "Jürgen Größe" || a.Email != "juergen@vendor.example" || a.Subject != "Antwort: 日本語 und ein sehr langer Betreff, der umgebrochen wird, weil er lang ist" ||
		a.Text != "Wir liefern bis Ende Januar – versprochen." || len(a.Dates) != 1 || a.Dates[0].Exact || a.Dates[0].Day.Format(time.DateOnly) != "2027-01-31" {
		t.Errorf("%+v", a)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(head + "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html; charset=shift_jis\nContent-Transfer-Encoding: quoted-printable\n\n<p>=93=fa<blockquote>x\n--b--\n")
	f.Add("On x wrote:\n> y\n\nFrom: a\nSent: b\n")
	f.Add(head + "Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: base64\n\nAAA=")
	f.Fuzz(func(t *testing.T, data string) {
		a, err := answer.Read(strings.NewReader(data), monday)
		if err != nil {
			if !errors.Is(err, answer.ErrEmpty) && !errors.Is(err, answer.ErrFormat) {
				t.Fatal(err)
			}
			return
		}
		if strings.TrimSpace(a.Text) == "" || strings.ContainsAny(a.Text+a.Name+a.Subject+a.Email, "\x00\x1b\r\u202e") || strings.Contains(a.Name+a.Subject+a.Email, "\n") {
			t.Errorf("%q", a.Text)
		}
	})
}

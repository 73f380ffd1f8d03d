package email_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"sidestep/email"
	"sidestep/state"
)

var sender = state.Contact{Name: "Jürgen Weiß", Email: "juergen.weiss@northwind.example"}

// read is what a second parser makes of an .eml file.
type read struct {
	header        mail.Header
	subject, body string
}

func reread(t *testing.T, eml []byte) read {
	t.Helper()
	for l := range bytes.Lines(eml) {
		if len(l) > 998+2 || !bytes.HasSuffix(l, []byte("\r\n")) && !bytes.HasSuffix(eml, l) {
			t.Fatalf("line of %d bytes or with a wrong end: %q", len(l), l)
		}
	}
	if i := bytes.IndexFunc(eml, func(r rune) bool { return r > unicode.MaxASCII || r == 0 }); i >= 0 {
		t.Fatalf("byte %d is not plain ASCII", i)
	}
	if bytes.Contains(eml, []byte("\r\nSubject:\r\n")) {
		t.Fatal("the subject begins with an empty line")
	}
	m, err := mail.ReadMessage(bytes.NewReader(eml))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range m.Header {
		if len(values) != 1 || !slices.Contains([]string{"Date", "Mime-Version", "Message-Id", "Subject", "X-Unsent", "X-Uniform-Type-Identifier", "X-Mozilla-Draft-Info", "From", "To", "Content-Transfer-Encoding", "Content-Type"}, name) {
			t.Fatalf("unexpected header %s: %q", name, values)
		}
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "text/plain" || params["charset"] != "UTF-8" || m.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
		t.Fatalf("content type %q, %v", m.Header, err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	for word := range strings.FieldsSeq(m.Header.Get("Subject")) {
		if text, err := new(mime.WordDecoder).Decode(word); err == nil && !utf8.ValidString(text) {
			t.Fatalf("a character is cut in two: %q", word)
		}
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return read{m.Header, subject, strings.ReplaceAll(string(body), "\r\n", "\n")}
}

func eml(t *testing.T, d state.Draft) read {
	t.Helper()
	file, err := email.EML(d, sender, today)
	if err != nil {
		t.Fatal(err)
	}
	return reread(t, file)
}

func TestEMLIsReadBackExactly(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		d := draft(t, kind, lang, facts(vendorEndpoint()))
		got := eml(t, d)
		if got.subject != d.Subject {
			t.Errorf("subject %q, want %q", got.subject, d.Subject)
		}
		if got.body != d.Body {
			t.Errorf("body %q, want %q", got.body, d.Body)
		}
		to, err := got.header.AddressList("To")
		if kind != email.Manager && (err != nil || len(to) != 1 || to[0].Address != d.To) {
			t.Errorf("to %v, %v", to, err)
		}
		from, err := got.header.AddressList("From")
		if err != nil || len(from) != 1 || from[0].Address != sender.Email || from[0].Name != sender.Name {
			t.Errorf("from %v, %v", from, err)
		}
		if at, err := got.header.Date(); err != nil || !at.Equal(today) || got.header.Get("X-Unsent") != "1" {
			t.Errorf("date %v %v, X-Unsent %q", at, err, got.header.Get("X-Unsent"))
		}
	})
}

func TestEMLKeepsAwkwardText(t *testing.T) {
	for name, text := range map[string]string{
		"umlauts":        "Größe, Ärger, übrig – „so“ €",
		"emoji":          "done 🎉 日本語",
		"from":           "From the start\nFrom here",
		"dots":           ".\n..\n.end",
		"long":           strings.Repeat("long ", 2000) + strings.Repeat("x", 3000),
		"long umlauts":   "x" + strings.Repeat("ü", 3000),
		"equals":         "a=b =3D =\n=20",
		"encoded":        "=?utf-8?q?=0d=0aBcc:_evil@evil.example?=",
		"mixed encoded":  "ä =?utf-8?b?aGk=?=",
		"spaces":         "a  b   c",
		"header in body": "Bcc: a@b.example\n\nX: y",
		"percent":        "%0d%0aBcc: evil@evil.example",
	} {
		t.Run(name, func(t *testing.T) {
			subject, _, _ := strings.Cut(text, "\n")
			got := eml(t, state.Draft{To: "a@b.example", Subject: subject, Body: text})
			if got.body != text {
				t.Errorf("body %q, want %q", got.body, text)
			}
			if got.subject != subject {
				t.Errorf("subject %q, want %q", got.subject, subject)
			}
		})
	}
}

func TestEMLWithoutAddresses(t *testing.T) {
	file, err := email.EML(state.Draft{Subject: "s", Body: "b"}, state.Contact{Name: "Nobody"}, today)
	if err != nil {
		t.Fatal(err)
	}
	got := reread(t, file)
	if _, ok := got.header["To"]; ok || got.header.Get("From") != "" || got.body != "b" {
		t.Errorf("%+v", got)
	}
}

var injections = []string{
	"a@b.example\r\nBcc: evil@evil.example", "a@b.example\nBcc: evil@evil.example", "a@b.example\rBcc: evil@evil.example",
	"a@b.example\x00", "a@b.example%0d%0aBcc:evil@evil.example", "%0d%0aBcc:evil@evil.example",
	"a%0d%0aBcc:x@b.example", "a@b.example?bcc=evil@evil.example", "a@b.example&bcc=evil@evil.example",
	"a@b.example, evil@evil.example", "a@b.example;evil@evil.example", "a@b.example evil@evil.example",
}

func TestEMLRefusesInjectedAddresses(t *testing.T) {
	for _, s := range injections {
		if _, err := email.EML(state.Draft{To: s}, sender, today); !errors.Is(err, email.ErrAddress) {
			t.Errorf("recipient %q: %v", s, err)
		}
		if _, err := email.EML(state.Draft{}, state.Contact{Email: s}, today); !errors.Is(err, email.ErrAddress) {
			t.Errorf("sender %q: %v", s, err)
		}
	}
}

// reread refuses every header that does not belong there.
func TestEMLTextMakesNoHeaders(t *testing.T) {
	for _, s := range injections {
		file, err := email.EML(state.Draft{To: "a@b.example", Subject: s, Body: s}, state.Contact{Name: s, Email: "c@d.example"}, today)
		if err != nil {
			t.Fatal(err)
		}
		got := reread(t, file)
		from, err := got.header.AddressList("From")
		if err != nil || len(from) != 1 || strings.ContainsAny(got.subject+from[0].Name, "\r\n\x00") {
			t.Errorf("subject %q, from %v, %v", got.subject, from, err)
		}
	}
}

func TestEMLIsTheSameEveryTime(t *testing.T) {
	d := draft(t, email.First, email.German, facts(vendorEndpoint()))
	one, _ := email.EML(d, sender, today)
	two, _ := email.EML(d, sender, today)
	if len(one) == 0 || !bytes.Equal(one, two) {
		t.Error("the same draft gives two different files")
	}
	d.Body += "x"
	if three, _ := email.EML(d, sender, today); reread(t, three).header.Get("Message-Id") == reread(t, one).header.Get("Message-Id") {
		t.Error("different drafts have the same message id")
	}
}

func TestFileName(t *testing.T) {
	for _, c := range []struct{ kind, host, want string }{
		{"first", "hooks.vendor.example", "sidestep-first-hooks.vendor.example.eml"},
		{"owner", "HOOKS.Vendor.Example:8443", "sidestep-owner-hooks.vendor.example-8443.eml"},
		{"first", "[::1]:8080", "sidestep-first-1-8080.eml"},
		{"first", "no usable address", "sidestep-first-no-usable-address.eml"},
		{"first", "../../etc/passwd", "sidestep-first-etc-passwd.eml"},
		{"../..", `C:\CON`, "sidestep-c-con.eml"},
		{"first", "a\x00b\r\nc", "sidestep-first-a-b-c.eml"},
		{"first", "müller.example.", "sidestep-first-m-ller.example.eml"},
		{"", "", "sidestep.eml"},
		{"first", strings.Repeat("x", 300), "sidestep-first-" + strings.Repeat("x", 100) + ".eml"},
	} {
		if got := email.FileName(state.Draft{Kind: c.kind}, c.host); got != c.want {
			t.Errorf("%q %q: %q, want %q", c.kind, c.host, got, c.want)
		}
	}
}

func FuzzEML(f *testing.F) {
	for _, s := range injections {
		f.Add(s, s, s, s)
	}
	f.Add("a@b.example", "Größe  =?utf-8?q?x?=", "From \n.\r\r\n\x00\xff", strings.Repeat("Ä b", 100))
	f.Fuzz(func(t *testing.T, to, subject, body, name string) {
		file, err := email.EML(state.Draft{To: to, Subject: subject, Body: body}, state.Contact{Name: name, Email: "c@d.example"}, today)
		if err != nil {
			if !errors.Is(err, email.ErrAddress) {
				t.Fatal(err)
			}
			return
		}
		got := reread(t, file)
		if list, err := got.header.AddressList("From"); err != nil || len(list) != 1 || list[0].Address != "c@d.example" {
			t.Fatalf("from %v, %v", got.header["From"], err)
		}
		if to != "" {
			if list, err := got.header.AddressList("To"); err != nil || len(list) != 1 || list[0].Address != to {
				t.Fatalf("to %v, %v", got.header["To"], err)
			}
		}
		if strings.ContainsAny(got.subject+got.body, "\r\x00") || strings.Contains(got.subject, "\n") {
			t.Fatalf("%+v", got)
		}
		if plain(body) && got.body != body {
			t.Fatalf("body %q, want %q", got.body, body)
		}
		if plain(subject) && !strings.Contains(subject, "\n") && got.subject != subject {
			t.Fatalf("subject %q, want %q", got.subject, subject)
		}
	})
}

// plain reports whether s holds nothing that a mail has to change.
func plain(s string) bool {
	for _, r := range s {
		if r != '\n' && (r < ' ' || r > '~') {
			return false
		}
	}
	return true
}

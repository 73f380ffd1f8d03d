package email_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"sidestep/email"
	"sidestep/state"
)

// unfold reads a link as RFC 6068 says: a plus sign is no space there.
func unfold(t *testing.T, link string) (to string, fields map[string]string) {
	t.Helper()
	rest, ok := strings.CutPrefix(link, "mailto:")
	if !ok || strings.ContainsAny(link, " +\r\n\"'<>#") {
		t.Fatalf("not a safe mailto: link: %q", link)
	}
	to, query, _ := strings.Cut(rest, "?")
	fields = map[string]string{}
	for field := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(field, "=")
		if _, twice := fields[name]; twice {
			t.Fatalf("field %s occurs twice in %q", name, link)
		}
		text, err := url.PathUnescape(value)
		if err != nil {
			t.Fatal(err)
		}
		fields[name] = text
	}
	to, err := url.PathUnescape(to)
	if err != nil {
		t.Fatal(err)
	}
	return to, fields
}

func TestMailtoIsReadBackExactly(t *testing.T) {
	d := state.Draft{
		To: "jane+sf@vendor.example", Subject: "Größe & Preis? 100% #1 +1",
		Body: "Guten Tag,\n\n?attach=/etc/passwd\n&bcc=evil@evil.example\n%0d%0a + = #\nFrom here\n",
	}
	link, err := email.Mailto(d)
	if err != nil {
		t.Fatal(err)
	}
	to, fields := unfold(t, link)
	if to != d.To || fields["subject"] != d.Subject || fields["body"] != strings.ReplaceAll(d.Body, "\n", "\r\n") || len(fields) != 2 {
		t.Errorf("%q reads as %q %q", link, to, fields)
	}
	if !strings.Contains(link, "Guten%20Tag%2C%0D%0A%0D%0A") {
		t.Errorf("spaces and line ends are not encoded as RFC 6068 wants: %s", link)
	}
}

func TestMailtoWithoutRecipient(t *testing.T) {
	link, err := email.Mailto(state.Draft{Subject: "s", Body: "b"})
	if err != nil || link != "mailto:?subject=s&body=b" {
		t.Errorf("%q, %v", link, err)
	}
}

func TestMailtoRefusesInjectedAddresses(t *testing.T) {
	for _, s := range injections {
		if link, err := email.Mailto(state.Draft{To: s}); !errors.Is(err, email.ErrAddress) || link != "" {
			t.Errorf("%q: %q, %v", s, link, err)
		}
	}
}

func TestMailtoHasALimit(t *testing.T) {
	fixed := len("mailto:?subject=&body=")
	link, err := email.Mailto(state.Draft{Body: strings.Repeat("x", 2000-fixed)})
	if err != nil || len(link) != 2000 {
		t.Errorf("%d characters: %v", len(link), err)
	}
	link, err = email.Mailto(state.Draft{Body: strings.Repeat("x", 2001-fixed)})
	if !errors.Is(err, email.ErrTooLong) || link != "" || !strings.Contains(err.Error(), ".eml") {
		t.Errorf("%q, %v", link, err)
	}
}

func FuzzMailto(f *testing.F) {
	for _, s := range injections {
		f.Add(s, s, s)
	}
	f.Add("a@b.example", "s&body=x#", "a\rb\r\nc\n\xff\x00")
	f.Fuzz(func(t *testing.T, to, subject, body string) {
		link, err := email.Mailto(state.Draft{To: to, Subject: subject, Body: body})
		if err != nil {
			return
		}
		got, fields := unfold(t, link)
		if got != to || len(fields) != 2 || strings.ContainsAny(fields["subject"], "\r\n\x00") {
			t.Fatalf("%q reads as %q %q", link, got, fields)
		}
		if strings.Contains(strings.ReplaceAll(fields["body"], "\r\n", ""), "\r") || strings.Contains(fields["body"], "\x00") {
			t.Fatalf("body %q", fields["body"])
		}
	})
}

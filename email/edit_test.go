package email_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"sidestep/email"
	"sidestep/state"
)

// letter is a draft as it is edited elsewhere.
var letter = state.Draft{Kind: "first", Language: "en", To: "ida@vendor.example", Subject: "Grüße: Session ids", Body: "Hello Ida,\n\n日本語\n\nAnn\n"}

const letterText = "To: ida@vendor.example\nSubject: Grüße: Session ids\n\nHello Ida,\n\n日本語\n\nAnn\n"

func TestADraftIsATextToEdit(t *testing.T) {
	if got := email.Text(letter); got != letterText {
		t.Errorf("the text is %q", got)
	}
	copied := letter
	copied.Cc = "max@vendor.example"
	if got := email.Text(copied); !strings.HasPrefix(got, "To: ida@vendor.example\nCc: max@vendor.example\nSubject: ") {
		t.Errorf("the text is %q", got)
	}
}

// utf16of is a text as Notepad's "Unicode" writes it.
func utf16of(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// What says the same changes nothing, however an editor writes it.
func TestATextThatSaysTheSameChangesNothing(t *testing.T) {
	crlf := strings.ReplaceAll(letterText, "\n", "\r\n")
	for name, text := range map[string]string{
		"as it was": letterText, "no last line end": strings.TrimSuffix(letterText, "\n"), "more of them": letterText + "\n\n",
		"CRLF": crlf, "BOM": "\ufeff" + crlf, "UTF-16": utf16of(crlf), "CR": strings.ReplaceAll(letterText, "\n", "\r"),
		"head": "\nSUBJECT:  Grüße: Session ids \nto:ida@vendor.example\ncc:\n \t\nHello Ida,\n\n日本語\n\nAnn\n",
	} {
		if got, dropped, err := email.Reread(letter, []byte(text)); got != letter || dropped != 0 || err != nil {
			t.Errorf("%s: %+v, %d, %v", name, got, dropped, err)
		}
	}
	odd := state.Draft{To: "a@v.example, b@v.example", Cc: "nobody", Subject: "a\x1b]0;x\a\u202eb", Body: "x\x1b[2Jy\u202ez\x00\n"}
	text := email.Text(odd)
	if strings.ContainsAny(text, "\x1b\x00\a") {
		t.Errorf("the text holds control characters: %q", text)
	}
	if got, _, err := email.Reread(odd, []byte(text)); got != odd || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
	// What was not changed is no reason to refuse the rest.
	if got, _, err := email.Reread(odd, []byte(text+"more\n")); err != nil || got.To != odd.To || got.Cc != odd.Cc || got.Subject != odd.Subject || !strings.HasSuffix(got.Body, "\nmore") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatWasEditedElsewhereIsTakenOver(t *testing.T) {
	got, dropped, err := email.Reread(letter, []byte(utf16of("Subject: New\tone\r\nCc: max@vendor.example,eva@vendor.example\r\nTo: jo@vendor.example\r\n\r\n\tDear Jo:\x1b[31m\x00\r\nTo: be\r\n")))
	want := letter
	want.To, want.Cc, want.Subject, want.Body, want.Edited = "jo@vendor.example", "max@vendor.example,eva@vendor.example", "New    one", "    Dear Jo:[31m\nTo: be", true
	if got != want || dropped != 2 || err != nil {
		t.Errorf("%+v, %d, %v", got, dropped, err)
	}
	got, _, err = email.Reread(want, []byte("To:\nSubject:\n"))
	want.To, want.Cc, want.Subject, want.Body = "", "", "", ""
	if got != want || err != nil {
		t.Errorf("all taken away: %+v, %v", got, err)
	}
}

func TestATextThatIsNoMailIsRefused(t *testing.T) {
	const head = "To: ida@vendor.example\nSubject: s\n\n"
	for text, says := range map[string]string{
		"": "came back empty", "\n \r\n\t": "came back empty", "\ufeff\n": "came back empty",
		head + "gr\xfc\xdfe":                                                    "not in UTF-8",
		"Hello Ida,\n\nBye":                                                     "line 1 is none of To, Cc and Subject",
		"To: a@b.example\n\nHello":                                              "the line for Subject is missing",
		"Subject: s\n\nHello":                                                   "the line for To is missing",
		"Subject: s\nTo: a@b.example\nSubject: t\n\nHello":                      "line 3 is a second one for Subject",
		"To: a@b.example\nTo: b@b.example\nSubject: t\n\nHello":                 "line 2 is a second one for To",
		"To: a@b.example\nSubject: t\nBcc: evil@b.example\n\nHello":             "line 3 is none of To",
		"To: a@b.example, c@b.example\nSubject: t\n\nHello":                     "To: not a mail address",
		"To: a@b.example\x00\nSubject: t\nCc: c@b.example d@b.example\n\nHello": "copy: not a mail address",
		"To: " + strings.Repeat("a", 300) + "@b.example\nSubject: t\n\nHello":   "longer than",
		"To: a@b.example\nSubject: " + strings.Repeat("é", 2001) + "\n\nHello":  "the subject has 2001 characters, 1 more than it may have",
		head + strings.Repeat("日", 20_001):                                      "the mail has 20001 characters, 1 more than it may have",
	} {
		got, _, err := email.Reread(letter, []byte(text))
		var refused *email.TextError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), says) || refused.Hint() == "" || got != letter {
			t.Errorf("%.60q gives %+v, %v", text, got, err)
		}
	}
	if got, _, err := email.Reread(letter, []byte(head+strings.Repeat("日", 20_000))); err != nil || len(got.Body) != 60_000 {
		t.Errorf("the longest text gives %v", err)
	}
}

func FuzzReread(f *testing.F) {
	f.Add([]byte(letterText))
	f.Add([]byte("to:\nsubject:\x1b\ncc: a@b.c,\n\n\ttext\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _, err := email.Reread(letter, data)
		if err != nil {
			return
		}
		if again, _, err := email.Reread(d, []byte(email.Text(d))); again != d || err != nil {
			t.Errorf("%q gives %+v, and then %+v, %v", data, d, again, err)
		}
	})
}

func TestWhoElseIsGreetedGetsACopy(t *testing.T) {
	f := facts(vendorEndpoint())
	f.Contact = state.Contact{Name: "Ida", Email: "ida@vendor.example"}
	f.Also = []state.Contact{{Name: "Jo", Email: "jo@vendor.example"}, {Name: "Al", Email: "no address"}, {Name: "Ida", Email: "IDA@vendor.example"}}
	for kind, want := range map[email.Kind][2]string{
		email.First: {"ida@vendor.example", "jo@vendor.example"}, email.Escalation: {"ida@vendor.example", "jo@vendor.example"}, email.Manager: {"", ""},
	} {
		if d := draft(t, kind, email.English, f); d.To != want[0] || d.Cc != want[1] {
			t.Errorf("%s goes to %q, a copy to %q", kind, d.To, d.Cc)
		}
	}
	f.EscalateTo = state.Contact{Name: "Max Mann", Email: "max@vendor.example"}
	d := draft(t, email.Escalation, email.English, f)
	if d.To != "max@vendor.example" || d.Cc != "ida@vendor.example, jo@vendor.example" || !strings.Contains(d.Body, "Max Mann") || strings.Contains(d.Body, "Jo,") {
		t.Errorf("it goes to %q, a copy to %q:\n%s", d.To, d.Cc, d.Body)
	}
	if d := draft(t, email.Reminder, email.English, f); d.To != "ida@vendor.example" {
		t.Errorf("a reminder goes to %q", d.To)
	}
}

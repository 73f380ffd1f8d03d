package email

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	textenc "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"sidestep/state"
	"sidestep/visible"
)

// What a person may write into a draft, in characters.
const (
	// MaxLine is the longest subject, and the longest line of recipients.
	MaxLine = 2_000
	// MaxBody is the longest text.
	MaxBody = 20_000
)

// TextError says why a text that was edited elsewhere can't be taken over.
type TextError struct{ what, next string }

func (e *TextError) Error() string { return e.what }

// Hint is what to change in the text.
func (e *TextError) Hint() string { return e.next }

// Text is a draft as a text to be edited elsewhere: a line each for the recipient,
// those who get a copy as far as there are any, and the subject, then an empty
// line and the mail.
func Text(d state.Draft) string {
	subject, body := Plain(d)
	head := "To: " + visible.Line(d.To) + "\n"
	if d.Cc != "" {
		head += "Cc: " + visible.Line(d.Cc) + "\n"
	}
	return head + "Subject: " + subject + "\n\n" + strings.TrimRight(body, "\n") + "\n"
}

// Reread takes in what became of Text(d): the draft with what was changed in it,
// as if it had been typed into its fields, and how many characters were left out
// that no field takes. A text that says the same gives d itself. The error is a
// TextError.
func Reread(d state.Draft, data []byte) (next state.Draft, dropped int, err error) {
	text, err := decoded(data)
	if err != nil {
		return d, 0, err
	}
	if strings.TrimSpace(text) == "" {
		return d, 0, &TextError{"the text came back empty", "to begin anew, leave the lines To and Subject"}
	}
	if strings.TrimRight(text, "\n") == strings.TrimRight(Text(d), "\n") {
		return d, 0, nil
	}
	head, body, err := takeApart(strings.TrimLeft(text, "\n"))
	if err != nil {
		return d, 0, err
	}
	next = d
	field := func(into *string, shown, value string) bool {
		if value == shown {
			return false
		}
		*into = typable(value)
		dropped += utf8.RuneCountInString(value) - utf8.RuneCountInString(strings.Map(noControl, value))
		return true
	}
	subject, was := Plain(d)
	newTo := field(&next.To, visible.Line(d.To), head["to"])
	newCc := field(&next.Cc, visible.Line(d.Cc), head["cc"])
	field(&next.Subject, subject, head["subject"])
	field(&next.Body, strings.TrimRight(was, "\n"), strings.TrimRight(body, "\n"))
	if err := checkEdited(next, newTo, newCc); err != nil {
		return d, 0, err
	}
	next.Edited = next.Edited || next != d
	return next, dropped, nil
}

// decoded is a text as editors save it, with plain line feeds: UTF-8, or what its
// byte order mark says.
func decoded(data []byte) (string, error) {
	text, _, err := transform.Bytes(textenc.BOMOverride(transform.Nop), data)
	if err != nil || !utf8.Valid(text) {
		return "", &TextError{"the text is not in UTF-8", "save it in the editor as UTF-8"}
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(text)), nil
}

// takeApart finds the lines above the mail, by their names in small letters.
func takeApart(text string) (head map[string]string, body string, err error) {
	head = map[string]string{}
	for n := 1; ; n++ {
		line, rest, more := strings.Cut(text, "\n")
		if text = rest; strings.TrimSpace(line) == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		_, again := head[name]
		switch {
		case !slices.Contains([]string{"to", "cc", "subject"}, name):
			return nil, "", &TextError{fmt.Sprintf("line %d is none of To, Cc and Subject", n), "write nothing else above the first empty line, and the mail below it"}
		case again:
			return nil, "", &TextError{fmt.Sprintf("line %d is a second one for %s", n, strings.ToUpper(name[:1])+name[1:]), "leave one line for each"}
		}
		if head[name] = strings.TrimSpace(value); !more {
			break
		}
	}
	for _, name := range []string{"To", "Subject"} {
		if _, there := head[strings.ToLower(name)]; !there {
			return nil, "", &TextError{"the line for " + name + " is missing", "begin a line above the first empty one with " + name + ":"}
		}
	}
	return head, text, nil
}

// noControl leaves out what is no text.
func noControl(r rune) rune {
	if r != '\n' && r != '\t' && unicode.IsControl(r) || r == utf8.RuneError {
		return -1
	}
	return r
}

// typable is a text as the fields of a form take it.
func typable(s string) string {
	return strings.ReplaceAll(strings.Map(noControl, s), "\t", "    ")
}

// checkEdited says what is wrong with a draft that was edited elsewhere. Recipients
// that were not changed are left to those who write the mail.
func checkEdited(d state.Draft, newTo, newCc bool) error {
	if newTo && d.To != "" {
		if err := ValidAddress(d.To); err != nil {
			return &TextError{"To: " + err.Error(), "others go in a line that begins with Cc:, separated by commas"}
		}
	}
	if newCc {
		if _, err := Copies(d); err != nil {
			return &TextError{err.Error(), "separate the addresses by commas"}
		}
	}
	for _, part := range []struct {
		name, text string
		most       int
	}{{"subject", d.Subject, MaxLine}, {"line Cc", d.Cc, MaxLine}, {"mail", d.Body, MaxBody}} {
		if n := utf8.RuneCountInString(part.text); n > part.most {
			return &TextError{fmt.Sprintf("the %s has %d characters, %d more than it may have", part.name, n, n-part.most), "shorten it"}
		}
	}
	return nil
}

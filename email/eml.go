package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wneessen/go-mail"

	"sidestep/state"
	"sidestep/visible"
)

// unsent are the headers by which mail programs know a file for a draft, and open
// it for editing and sending instead of reading.
var unsent = []struct{ name, value string }{
	// Outlook, and Thunderbird since it looks for the same.
	{"X-Unsent", "1"},
	// Apple Mail writes this into its own drafts.
	{"X-Uniform-Type-Identifier", "com.apple.mail-draft"},
	// Thunderbird writes this into its own drafts.
	{"X-Mozilla-Draft-Info", "internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0"},
}

// EML writes a draft as a file that mail programs open for editing and sending:
// UTF-8, quoted-printable, no line longer than 998 bytes. It goes to the draft's
// recipient and to the others in also, and as a copy to those in the draft's Cc,
// each of them once. The recipient and the sender's address may be empty, but not
// invalid.
func EML(d state.Draft, from state.Contact, at time.Time, also ...string) ([]byte, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP))
	if from.Email != "" {
		if err := ValidAddress(from.Email); err != nil {
			return nil, fmt.Errorf("sender: %w", err)
		}
		m.FromMailAddress(&netmail.Address{Name: Show{OrgID: true}.line(from.Name), Address: from.Email})
	}
	to, cc, err := recipients(d, also)
	if err != nil {
		return nil, err
	}
	for _, address := range to {
		if err := m.AddTo(address); err != nil {
			return nil, fmt.Errorf("recipient: %w", ErrAddress)
		}
	}
	for _, address := range cc {
		if err := m.AddCc(address); err != nil {
			return nil, fmt.Errorf("copy: %w", ErrAddress)
		}
	}
	m.SetGenHeader(mail.HeaderSubject, headerText(subjectLine(d)))
	for _, h := range unsent {
		m.SetGenHeader(mail.Header(h.name), h.value)
	}
	m.SetDateWithValue(at)
	m.SetMessageIDWithValue(messageID(d, at))
	m.SetBodyString(mail.TypeTextPlain, bodyText(d))
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("the mail cannot be written: %w", err)
	}
	return b.Bytes(), nil
}

// recipients are the draft's own with the others, and those who get a copy, each
// one address and once.
func recipients(d state.Draft, also []string) (to, cc []string, err error) {
	known := func(address string) bool {
		return slices.ContainsFunc(append(slices.Clip(to), cc...), func(k string) bool { return strings.EqualFold(k, address) })
	}
	for _, address := range append([]string{d.To}, also...) {
		if address == "" {
			continue
		}
		if err := ValidAddress(address); err != nil {
			return nil, nil, fmt.Errorf("recipient: %w", err)
		}
		if !known(address) {
			to = append(to, address)
		}
	}
	copies, err := Copies(d)
	if err != nil {
		return nil, nil, err
	}
	for _, address := range copies {
		if !known(address) {
			cc = append(cc, address)
		}
	}
	return to, cc, nil
}

// Copies are the addresses that get a copy of a draft. The error wraps ErrAddress:
// each of them has to be exactly one.
func Copies(d state.Draft) ([]string, error) {
	var out []string
	for address := range strings.SplitSeq(d.Cc, ",") {
		if address = strings.TrimSpace(address); address == "" {
			continue
		}
		if err := ValidAddress(address); err != nil {
			return nil, fmt.Errorf("copy: %w", err)
		}
		out = append(out, address)
	}
	return out, nil
}

// messageID names the draft by what it says: the library's own would tell the
// name of this computer.
func messageID(d state.Draft, at time.Time) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{d.To, d.Subject, d.Body, at.UTC().Format(time.RFC3339)}, "\x00")))
	return hex.EncodeToString(sum[:16]) + "@sidestep.invalid"
}

// headerText is text as a header holds it: as it stands if that survives the
// way, else in encoded words (RFC 2047). Plain text too needs them where it
// looks encoded already, has runs of spaces, or words too long for a line.
func headerText(s string) string {
	odd := func(word string) bool { return word == "" || len(word) > 60 || strings.Contains(word, "=?") }
	ascii := !strings.ContainsFunc(s, func(r rune) bool { return r > '~' })
	if ascii && !slices.ContainsFunc(strings.Split(s, " "), odd) {
		return s
	}
	var words []string
	for s != "" {
		n := min(len(s), maxWord)
		for n < len(s) && !utf8.RuneStart(s[n]) {
			n--
		}
		words = append(words, "=?UTF-8?b?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, " ")
}

// maxWord is how many bytes go into an encoded word: few enough for the first
// one to stand beside the header's name. The library's own encoding leaves that
// line empty, which some programs read as a blank before the subject.
const maxWord = 36

func subjectLine(d state.Draft) string { return visible.Line(d.Subject) }

// bodyText is the body with plain line feeds and without characters that no
// mail may hold.
func bodyText(d state.Draft) string {
	s := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(d.Body, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}

// Plain is a draft as text for the clipboard, without characters that no mail may
// hold: what a colleague's file says must not control where it is pasted.
func Plain(d state.Draft) (subject, body string) { return subjectLine(d), bodyText(d) }

// FileName is a name for the draft's file that is safe on every system, such as
// "sidestep-first-hooks.vendor.example.eml".
func FileName(d state.Draft, host string) string {
	name := "sidestep"
	for _, part := range []string{d.Kind, host} {
		if part = visible.FileName(part); part != "" {
			name += "-" + part
		}
	}
	return name + ".eml"
}

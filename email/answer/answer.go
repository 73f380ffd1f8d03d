// Package answer reads what a vendor wrote back: a saved mail (.eml) or pasted
// text. It finds who wrote, when and what, leaves out the quoted original where it
// can be told, and proposes the days that the text names. It decides nothing: a
// proposal comes with the words that it was read from, for the admin to judge.
//
// An answer is hostile text. Its size, nesting and number of parts have limits,
// HTML becomes plain text, nothing is fetched or opened, and all that is returned
// is safe to show.
package answer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"sidestep/regex"
	"sidestep/visible"
)

// Limits. A mail with attachments is cut where they begin to weigh: its text
// stands at the beginning.
const (
	maxRead  = 8 << 20
	maxHead  = 256 << 10
	maxText  = 200 << 10
	maxParts = 200
	maxDepth = 8
)

// Answer is what was read.
type Answer struct {
	// Name and Email are the sender's as the mail says; anybody can write
	// anything there. Email is "" where it is no single address.
	Name, Email string
	// At is when it was sent, zero where that is not told.
	At      time.Time
	Subject string
	// Text is what they wrote, without the quoted original.
	Text string
	// Quoted is true when a quoted original was left out.
	Quoted bool
	// Dates are the days that the text names, in its order.
	Dates []Date
	// Notices say what was cut, left out or could not be read.
	Notices []string
}

// ErrEmpty is the error for an answer that holds no text, ErrFormat that for a file
// that is no text at all, such as a mail in Outlook's own format.
var (
	ErrEmpty  = errors.New("there is no text in this answer")
	ErrFormat = errors.New("this is neither a saved mail (.eml) nor text")
)

// Read reads a mail or a text. now is the day that relative dates count from where
// the answer does not say when it was sent. What is damaged is read as far as it
// goes, with a notice.
func Read(r io.Reader, now time.Time) (Answer, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxRead+1))
	if err != nil {
		return Answer{}, fmt.Errorf("the answer can't be read: %w", err)
	}
	p := parser{}
	if len(data) > maxRead {
		data = data[:maxRead]
		p.notice(fmt.Sprintf("The answer is larger than %d MB; only its beginning was read.", maxRead>>20))
	}
	var a Answer
	raw := ""
	if m := message(data); m != nil {
		a = p.head(m.Header)
		raw = p.body(m.Header, m.Body)
	} else if raw, err = p.text(data); err != nil {
		return Answer{}, err
	}
	if len(raw) > maxText {
		raw = strings.ToValidUTF8(raw[:maxText], "")
		p.notice(fmt.Sprintf("The text is longer than %d KB; the rest was left out.", maxText>>10))
	}
	a.Text, a.Quoted = withoutQuote(visible.Text(strings.ReplaceAll(raw, "\r", "")))
	if a.Text == "" {
		return Answer{}, ErrEmpty
	}
	since := a.At
	if since.IsZero() {
		since = now
	}
	a.Dates = Dates(a.Text, since)
	if len(a.Text) > maxDated {
		p.notice(fmt.Sprintf("Dates were looked for in the first %d KB only.", maxDated>>10))
	}
	a.Notices = p.notices
	return a, nil
}

// headerLine is how a header begins; a text may begin so too, hence known.
var (
	headerLine = regex.New(`^[A-Za-z][A-Za-z0-9-]*:`)
	known      = regex.New(`(?im)^(from|received|return-path|message-id|mime-version|delivered-to):`)
)

// message is the mail that data holds, nil if it is none.
func message(data []byte) *mail.Message {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), "\r\n")
	if bytes.HasPrefix(data, []byte("From ")) {
		// The line that mailbox files put before a mail.
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	if !headerLine.Compiled().Match(data[:min(len(data), 100)]) {
		return nil
	}
	head := data[:min(len(data), maxHead)]
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(head, []byte(end)); i >= 0 {
			head = head[:i]
		}
	}
	if !known.Compiled().Match(head) {
		return nil
	}
	m, err := mail.ReadMessage(bufio.NewReader(bytes.NewReader(data)))
	if err != nil {
		return nil
	}
	return m
}

// text decodes what is no mail. Windows programs save texts as UTF-16 too, with a
// mark at the beginning; elsewhere a zero byte means that it is no text.
func (p *parser) text(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return p.decode(data[2:], "utf-16le"), nil
	case bytes.IndexByte(data[:min(len(data), 512)], 0) >= 0:
		return "", ErrFormat
	}
	return p.decode(data, ""), nil
}

// head reads who wrote, when, and about what.
func (p *parser) head(h mail.Header) Answer {
	a := Answer{Subject: shown(p.words(h.Get("Subject")))}
	from := h.Get("From")
	if list, err := (&mail.AddressParser{WordDecoder: wordDecoder}).ParseList(from); err == nil && len(list) == 1 {
		a.Name, a.Email = shown(list[0].Name), shown(list[0].Address)
	} else if from != "" {
		a.Name = shown(p.words(from))
		p.notice("The sender is not exactly one address.")
	}
	if at, err := h.Date(); err == nil && at.Year() >= 1990 && at.Year() < 2200 {
		a.At = at
	}
	return a
}

// words decodes the encoded words of a header.
func (p *parser) words(s string) string {
	if text, err := wordDecoder.DecodeHeader(s); err == nil {
		return text
	}
	return s
}

// shown makes a header's value safe and short.
func shown(s string) string {
	s = visible.Line(strings.Join(strings.Fields(s), " "))
	if utf8.RuneCountInString(s) > 300 {
		s = string([]rune(s)[:299]) + "…"
	}
	return s
}

package answer

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// header is what parts and mails have in common.
type header interface{ Get(string) string }

// parser reads the parts of a mail and remembers what it had to leave out.
type parser struct {
	notices []string
	parts   int
	skipped int
}

func (p *parser) notice(s string) {
	if !slices.Contains(p.notices, s) {
		p.notices = append(p.notices, s)
	}
}

var wordDecoder = &mime.WordDecoder{CharsetReader: func(charset string, r io.Reader) (io.Reader, error) {
	enc, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return enc.NewDecoder().Reader(r), nil
}}

// body gives the text of a mail.
func (p *parser) body(h header, r io.Reader) string {
	plain, html := p.part(h, r, 0)
	if p.skipped > 0 {
		p.notice(fmt.Sprintf("Attachments left out: %d.", p.skipped))
	}
	if strings.TrimSpace(plain) == "" && html != "" {
		return fromHTML(html)
	}
	return plain
}

// part reads a part: its plain text, and the HTML that says the same.
func (p *parser) part(h header, r io.Reader, depth int) (plain, html string) {
	if p.parts++; p.parts > maxParts || depth > maxDepth {
		p.notice("The mail has too many parts; the rest was left out.")
		return "", ""
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if kind == "" || err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		kind = "text/plain"
	}
	disposition, _, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	switch {
	case strings.HasPrefix(kind, "multipart/") && params["boundary"] != "":
		return p.multi(kind, multipart.NewReader(r, params["boundary"]), depth)
	case disposition == "attachment" || !strings.HasPrefix(kind, "text/") || kind == "text/calendar":
		p.skipped++
		return "", ""
	}
	data, err := io.ReadAll(transfer(h.Get("Content-Transfer-Encoding"), r))
	if err != nil && len(data) > 0 {
		p.notice("A part of the mail is damaged; what could be read is shown.")
	}
	text := p.decode(data, params["charset"])
	if kind == "text/html" {
		return "", text
	}
	return text, ""
}

func (p *parser) multi(kind string, m *multipart.Reader, depth int) (plain, html string) {
	for p.parts <= maxParts {
		// Raw: the reader would decode one encoding of its own and drop the header.
		part, err := m.NextRawPart()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				p.notice("A part of the mail is damaged; what could be read is shown.")
			}
			break
		}
		t, h := p.part(part.Header, part, depth+1)
		switch {
		case kind == "multipart/alternative":
			// The same in several forms.
			if plain == "" {
				plain = t
			}
			if html == "" {
				html = h
			}
		case t == "" && h != "":
			plain = join(plain, fromHTML(h))
		default:
			plain = join(plain, t)
		}
	}
	if kind == "multipart/alternative" && strings.TrimSpace(plain) == "" && html != "" {
		return fromHTML(html), ""
	}
	return plain, html
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return strings.TrimRight(a, "\n") + "\n\n" + b
}

// transfer undoes the encoding of a part.
func transfer(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	}
	return r
}

// decode turns bytes into text. Without a known charset they are UTF-8 if they can
// be, else what most mail programs of the West wrote.
func (p *parser) decode(data []byte, charset string) string {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	charset = strings.ToLower(strings.TrimSpace(charset))
	if charset == "" || charset == "utf-8" || charset == "us-ascii" {
		if utf8.Valid(data) {
			return string(data)
		}
		charset = "windows-1252"
	}
	enc, err := htmlindex.Get(charset)
	if err != nil {
		p.notice("The mail uses a character set that is not known; some letters may be wrong.")
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	text, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(text)
}

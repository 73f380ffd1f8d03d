package metadata

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// plainText turns a document into UTF-8 without a byte order mark. wrong is the
// offset in text of the first byte that was none in the encoding that the
// document claims to have, -1 if there is no such byte.
//
// Editors on Windows save under names from the 1990s, and some of them write
// Windows bytes into a file that says UTF-8, as Salesforce writes it. Such bytes
// are taken for what they nearly always are; one of them in a description must
// not hide all the messages of an object.
func plainText(data []byte) (text []byte, wrong int, err error) {
	var utf16 encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("<\x00")):
		utf16 = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\x00<")):
		utf16 = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	default:
		if data, err = declared(data); err != nil {
			return nil, -1, err
		}
	}
	if utf16 != nil {
		// What is declared in it is history.
		if data, err = utf16.NewDecoder().Bytes(data); err != nil {
			return nil, -1, fmt.Errorf("it can't be read as UTF-16: %w", err)
		}
	}
	if utf8.Valid(data) {
		return data, -1, nil
	}
	text, wrong = windowsText(data)
	return text, wrong, nil
}

// declared decodes a document from the encoding that its first line declares.
func declared(data []byte) ([]byte, error) {
	head := bytes.TrimLeft(data[:min(len(data), 1024)], " \t\r\n")
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return data, nil
	}
	head, _, _ = bytes.Cut(head, []byte("?>"))
	label, found := pseudoAttribute(head, "encoding")
	if !found {
		return data, nil
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		return nil, fmt.Errorf("the encoding %q is not known", label[:min(len(label), 40)])
	}
	switch name, _ := htmlindex.Name(enc); name {
	case "utf-8":
		return data, nil
	case "utf-16le", "utf-16be":
		// A document in which the declaration could be read byte by byte is none.
		return data, nil
	}
	text, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return nil, fmt.Errorf("it can't be read as %s: %w", label, err)
	}
	return text, nil
}

// pseudoAttribute finds a value in an XML declaration, which looks as if it had
// attributes.
func pseudoAttribute(declaration []byte, name string) (value string, found bool) {
	for rest := declaration; ; {
		_, after, found := bytes.Cut(rest, []byte(name))
		if !found {
			return "", false
		}
		rest = after
		after = bytes.TrimLeft(after, " \t\r\n")
		if len(after) < 2 || after[0] != '=' {
			continue
		}
		after = bytes.TrimLeft(after[1:], " \t\r\n")
		if len(after) == 0 || after[0] != '"' && after[0] != '\'' {
			continue
		}
		if end := bytes.IndexByte(after[1:], after[0]); end >= 0 {
			return string(after[1 : 1+end]), true
		}
	}
}

// windowsText takes the bytes that are no UTF-8 for characters of code page 1252.
func windowsText(data []byte) (text []byte, first int) {
	first = -1
	text = make([]byte, 0, len(data)+len(data)/8)
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			if first < 0 {
				first = len(text)
			}
			r = charmap.Windows1252.DecodeByte(data[0])
		}
		text = utf8.AppendRune(text, r)
		data = data[size:]
	}
	return text, first
}

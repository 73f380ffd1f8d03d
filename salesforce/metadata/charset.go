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

// plainText turns a document into UTF-8 without a byte order mark, and tells what
// is wrong with the encoding that it claims to have.
//
// Editors on Windows save under names from the 1990s, and some of them write
// Windows bytes into a file that says UTF-8, as Salesforce writes it. Such bytes
// are taken for what they nearly always are; one of them in a description must
// not hide all the messages of an object.
func plainText(data []byte) (text []byte, problems []SyntaxError, err error) {
	var utf16 encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("<\x00")):
		utf16 = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\x00<")):
		utf16 = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	default:
		known := true
		if data, known, err = declared(data); err != nil {
			return nil, nil, err
		}
		if !known {
			problems = append(problems, SyntaxError{1, "the encoding that it declares is not known; it was read as UTF-8"})
		}
	}
	if utf16 != nil {
		// What is declared in it is history.
		if data, err = utf16.NewDecoder().Bytes(data); err != nil {
			return nil, nil, fmt.Errorf("it can't be read as UTF-16: %w", err)
		}
	}
	if utf8.Valid(data) {
		return data, problems, nil
	}
	text, wrong := windowsText(data)
	return text, append(problems, SyntaxError{lineOf(text, wrong), "there are bytes that are no UTF-8, as the file says they are; they were read as Windows text"}), nil
}

// declared decodes a document from the encoding that its first line declares, if
// that is known.
func declared(data []byte) (text []byte, known bool, err error) {
	head := bytes.TrimLeft(data[:min(len(data), 1024)], " \t\r\n")
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return data, true, nil
	}
	head, _, _ = bytes.Cut(head, []byte("?>"))
	label, found := pseudoAttribute(head, "encoding")
	if !found {
		return data, true, nil
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		return data, false, nil
	}
	switch name, _ := htmlindex.Name(enc); name {
	case "utf-8":
		return data, true, nil
	case "utf-16le", "utf-16be":
		// A document in which the declaration could be read byte by byte is none.
		return data, true, nil
	}
	text, err = enc.NewDecoder().Bytes(data)
	if err != nil {
		return nil, true, fmt.Errorf("it can't be read as %s: %w", label, err)
	}
	return text, true, nil
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

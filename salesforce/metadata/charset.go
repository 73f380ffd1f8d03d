package metadata

import (
	"bytes"
	"fmt"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// plainText removes a byte order mark and turns UTF-16 into UTF-8. It reports
// whether it did the latter, because then the declared encoding is history.
func plainText(data []byte) (text []byte, decoded bool, err error) {
	var utf16 encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:], false, nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("<\x00")):
		utf16 = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\x00<")):
		utf16 = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	default:
		return data, false, nil
	}
	text, err = utf16.NewDecoder().Bytes(data)
	if err != nil {
		return nil, true, fmt.Errorf("it can't be read as UTF-16: %w", err)
	}
	return text, true, nil
}

// charsetReader turns the encoding that a document declares into UTF-8. Editors
// on Windows save under names from the 1990s; Salesforce itself writes UTF-8.
func charsetReader(label string, in io.Reader) (io.Reader, error) {
	enc, err := htmlindex.Get(label)
	if err != nil {
		return nil, fmt.Errorf("the encoding %q is not known", shorten(label))
	}
	if name, _ := htmlindex.Name(enc); name == "utf-16le" || name == "utf-16be" {
		// A document in which the declaration could be read byte by byte is none.
		return in, nil
	}
	return enc.NewDecoder().Reader(in), nil
}

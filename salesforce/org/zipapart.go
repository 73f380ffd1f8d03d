package org

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
)

// zipApart takes the zip out of an answer while it is being read. What stands
// between <zipFile> and </zipFile> goes to zip, decoded, and the rest is handed
// on: an XML reader would hold the text in memory several times over.
type zipApart struct {
	in      *bufio.Reader
	pending []byte // read, and not handed on
	opened  bool   // what follows is the zip
	err     error
	zip     bytes.Buffer
}

func newZipApart(r io.Reader) *zipApart { return &zipApart{in: bufio.NewReaderSize(r, 64<<10)} }

func (z *zipApart) Read(p []byte) (int, error) {
	for len(z.pending) == 0 {
		switch {
		case z.err != nil:
			return 0, z.err
		case z.opened:
			z.opened = false
			_, z.err = z.zip.ReadFrom(base64.NewDecoder(base64.StdEncoding, textOf{z.in}))
		default:
			z.next()
		}
	}
	n := copy(p, z.pending)
	z.pending = z.pending[n:]
	return n, nil
}

func (z *zipApart) next() {
	z.pending, z.err = z.in.ReadSlice('>')
	if z.err == bufio.ErrBufferFull {
		z.err = nil
	}
	z.opened = bytes.HasSuffix(z.pending, []byte("<zipFile>"))
}

// textOf reads up to the next tag.
type textOf struct{ in *bufio.Reader }

func (t textOf) Read(p []byte) (int, error) {
	if _, err := t.in.Peek(1); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return 0, err
	}
	text, _ := t.in.Peek(min(t.in.Buffered(), len(p)))
	if end := bytes.IndexByte(text, '<'); end == 0 {
		return 0, io.EOF
	} else if end > 0 {
		text = text[:end]
	}
	n := copy(p, text)
	_, err := t.in.Discard(n)
	return n, err
}

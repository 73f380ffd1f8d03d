package app

import (
	"bytes"
	"os"
)

// Keyboard is what a person types in a terminal. In what they paste, the escape
// character is replaced by its picture: a sequence that begins and does not end would
// swallow the mark at the end of the paste, and every key after it.
type Keyboard struct {
	*os.File
	paste pasted
}

// Read reads what was typed. At most a part of a mark is kept for the next read: nobody
// would ask for more before another key is pressed.
func (k *Keyboard) Read(p []byte) (int, error) {
	room := (len(p) - 2*len(pasteEnd)) / len(escapePicture)
	if room < 1 {
		return k.File.Read(p)
	}
	n, err := k.File.Read(p[:room])
	return copy(p, k.paste.clean(bytes.Clone(p[:max(n, 0)]))), err
}

var (
	pasteBegin    = []byte("\x1b[200~")
	pasteEnd      = []byte("\x1b[201~")
	escapePicture = []byte("␛")
)

// pasted finds pastes in what a terminal sends.
type pasted struct {
	// inside is true within a paste.
	inside bool
	// seen is how much of the next mark was read. Within a paste that is held back.
	seen int
}

// clean returns what was read, without the escape characters of pastes.
func (p *pasted) clean(data []byte) []byte {
	out := make([]byte, 0, len(data)*len(escapePicture)+2*len(pasteEnd))
	for _, c := range data {
		if p.inside {
			out = p.within(out, c)
			continue
		}
		out = append(out, c)
		switch c {
		case pasteBegin[p.seen]:
			p.seen++
		case pasteBegin[0]:
			p.seen = 1
		default:
			p.seen = 0
		}
		if p.seen == len(pasteBegin) {
			p.inside, p.seen = true, 0
		}
	}
	return out
}

// within adds a byte of a paste.
func (p *pasted) within(out []byte, c byte) []byte {
	if c == pasteEnd[p.seen] {
		if p.seen++; p.seen == len(pasteEnd) {
			p.inside, p.seen = false, 0
			out = append(out, pasteEnd...)
		}
		return out
	}
	if p.seen > 0 { // it was no mark
		out = append(append(out, escapePicture...), pasteEnd[1:p.seen]...)
		p.seen = 0
		return p.within(out, c)
	}
	return append(out, c)
}

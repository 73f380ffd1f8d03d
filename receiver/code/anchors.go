package code

import (
	"bytes"
	"encoding/binary"
)

// Files are told apart by a few words first, because almost none of them holds
// one. Setting a bit in every byte makes letters small, eight at a time; it also
// changes some other characters, so the words are changed in the same way and what
// is found this way is compared again.
const small = 0x2020202020202020

// fold writes the folded bytes of src to dst, which must be as long.
func fold(dst, src []byte) {
	n := len(src) &^ 7
	for i := 0; i < n; i += 8 {
		binary.LittleEndian.PutUint64(dst[i:], binary.LittleEndian.Uint64(src[i:])|small)
	}
	for i := n; i < len(src); i++ {
		dst[i] = src[i] | 0x20
	}
}

func folded(word string) []byte {
	b := []byte(word)
	fold(b, []byte(word))
	return b
}

// words begin what makes a file a candidate, and tails are what must follow one of
// them: an anchor is a word and a tail.
type word struct {
	word  []byte
	tails [][]byte
}

func tails(head string, rest ...string) word {
	w := word{word: folded(head)}
	for _, r := range rest {
		w.tails = append(w.tails, folded(r))
	}
	return w
}

var anchors = []word{
	tails("session", "id", "_id", "-id", "header"),
	tails("outbound", "\"", "'", "}", ";", ".", "#", "<", "/", "`", "|", " ", "\n", "\r", ")"),
	tails("notification", "sresponse", "s_response", "binding", "port", "service", "s(", "s\"", "s'"),
	tails("partner", "url", "_url"),
	tails("enterprise", "url", "_url"),
}

// marks are those anchors that make a file a candidate by themselves. The others
// count where one of these is in the tree.
func anchored(foldedText []byte) bool {
	for _, a := range anchors {
		rest := foldedText
		for {
			i := bytes.Index(rest, a.word)
			if i < 0 {
				break
			}
			rest = rest[i+len(a.word):]
			for _, t := range a.tails {
				if bytes.HasPrefix(rest, t) {
					return true
				}
			}
		}
	}
	return false
}

// mentions reports whether the text holds one of the names as it is written.
func mentions(text []byte, names []string) bool {
	for _, n := range names {
		if bytes.Contains(text, []byte(n)) {
			return true
		}
	}
	return false
}

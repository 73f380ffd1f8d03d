package code

import (
	"encoding/binary"
	"slices"
)

// small, set in every byte, makes letters small, four at a time. It changes some
// other characters as well, so the words are changed in the same way.
const small = 0x20202020

func folded(word string) []byte {
	b := []byte(word)
	for i := range b {
		b[i] |= small & 0xff
	}
	return b
}

// anchors make a file a candidate, because almost none holds one: a word with one of
// its tails, in letters of any case.
var anchors = newFinder(equalFolded, slices.Concat(
	tails("session", "id", "_id", "-id", "header"),
	tails("outbound", "\"", "'", "}", ";", ".", "#", "<", "/", "`", "|", " ", "\n", "\r", ")"),
	tails("notification", "sresponse", "s_response", "binding", "port", "service", "s(", "s\"", "s'"),
	tails("partner", "url", "_url"),
	tails("enterprise", "url", "_url"),
	tails("salesforce", "notifications", "outbound"), // of libraries for ASP.NET and Symfony
))

// longestAnchor is as long as any of them.
const longestAnchor = len("salesforcenotifications")

func tails(head string, rest ...string) (words [][]byte) {
	for _, r := range rest {
		words = append(words, folded(head+r))
	}
	return words
}

// anchored reports whether the text holds an anchor.
func anchored(text []byte) bool { return anchors.in(text) }

// finder looks for many words at once. The shortest is some bytes long, nine for
// anchors, and nine bytes hold six runs of four: so it is enough to look at every
// sixth run of a file, and to look closely where that is one of those that the first
// nine bytes of a word hold. In a hundred runs of source, about one is.
type finder struct {
	stride int
	known  [1 << hashBits]bool // the hashes of runs
	places [1 << hashBits][]place
	equal  func(text, word []byte) bool
}

// place is where in a word a run stands.
type place struct {
	word []byte
	at   int
}

const (
	run      = 4
	hashBits = 12
)

// newFinder takes words of four bytes or more.
func newFinder(equal func(text, word []byte) bool, words [][]byte) *finder {
	shortest := len(slices.MinFunc(words, func(a, b []byte) int { return len(a) - len(b) }))
	f := &finder{stride: shortest - run + 1, equal: equal}
	for _, w := range words {
		for i := range f.stride {
			h := hash(w[i:])
			f.known[h] = true
			f.places[h] = append(f.places[h], place{w, i})
		}
	}
	return f
}

// hash is that of the run that b begins with, whatever the case of its letters.
func hash(b []byte) uint32 {
	const golden = 0x9e3779b1 // 2^32 by the golden ratio, as Knuth has it
	return (binary.LittleEndian.Uint32(b) | small) * golden >> (32 - hashBits)
}

// in reports whether the text holds one of the words.
func (f *finder) in(text []byte) bool {
	for i := 0; i+run <= len(text); i += f.stride {
		if h := hash(text[i:]); f.known[h] && f.at(text, i, h) {
			return true
		}
	}
	return false
}

// at reports whether the run at i is within one of the words.
func (f *finder) at(text []byte, i int, h uint32) bool {
	return slices.ContainsFunc(f.places[h], func(p place) bool {
		from := i - p.at
		return from >= 0 && from+len(p.word) <= len(text) && f.equal(text[from:from+len(p.word)], p.word)
	})
}

// equalFolded compares text with a folded word.
func equalFolded(text, word []byte) bool {
	for i, b := range word {
		if text[i]|small&0xff != b {
			return false
		}
	}
	return true
}

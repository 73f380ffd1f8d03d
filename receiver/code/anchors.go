package code

import (
	"bytes"
	"encoding/binary"
	"slices"
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
	tails("salesforce", "notifications", "outbound"), // of libraries for ASP.NET and Symfony
}

// An anchor is at least nine bytes long, and nine bytes hold six runs of four: so it
// is enough to look at every sixth run of a file, and to look closely where that is
// one of those that the first nine bytes of an anchor hold. In a hundred runs of
// source, one is.
const (
	shortest = 9
	run      = 4
	stride   = shortest - run + 1
	widest   = len("salesforcenotifications")
)

// runs says of a hash whether one of the runs has it.
var runs = func() (in [1 << hashBits]bool) {
	for _, a := range anchors {
		for _, t := range a.tails {
			whole := slices.Concat(a.word, t)
			for i := range stride {
				in[hash(whole[i:])] = true
			}
		}
	}
	return in
}()

const hashBits = 12

// hash is that of the run that b begins with, whatever the case of its letters.
func hash(b []byte) uint32 {
	const golden = 0x9e3779b1 // 2^32 by the golden ratio, as Knuth has it
	return (binary.LittleEndian.Uint32(b) | small&(1<<32-1)) * golden >> (32 - hashBits)
}

// anchored reports whether the text holds an anchor, in letters of any case.
func anchored(text []byte) bool {
	for i := 0; i+run <= len(text); i += stride {
		if runs[hash(text[i:])] && anchorNear(text, i) {
			return true
		}
	}
	return false
}

// anchorNear reports whether an anchor has its beginning so near before i that the run
// at i is in its first nine bytes.
func anchorNear(text []byte, i int) bool {
	var room [stride + widest]byte
	from := max(0, i-stride+1)
	near := room[:min(len(room), len(text)-from)]
	fold(near, text[from:from+len(near)])
	for _, a := range anchors {
		for rest := near; ; {
			i := bytes.Index(rest, a.word)
			if i < 0 {
				break
			}
			rest = rest[i+len(a.word):]
			if slices.ContainsFunc(a.tails, func(t []byte) bool { return bytes.HasPrefix(rest, t) }) {
				return true
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

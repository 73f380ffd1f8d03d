package files

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
)

// digest tells one content of a file from another. It guards against chance and not
// against intent: whoever writes the files can write any evidence. A cryptographic
// digest would take as long as reading the XML.
type digest struct {
	size int
	sum  uint32
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func digestOf(data []byte) digest { return digest{len(data), crc32.Checksum(data, castagnoli)} }

// identity names a source by what it holds, so that a folder and the zip of it,
// or the same zip added twice, are the same source.
func identity(files []*candidate, results []parsed) string {
	lines := make([]string, len(files))
	for i, f := range files {
		lines[i] = fmt.Sprintf("%q %q %d %08x\n", f.doc.Object, f.doc.Name, results[i].digest.size, results[i].digest.sum)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return "files-" + hex.EncodeToString(sum[:8])
}

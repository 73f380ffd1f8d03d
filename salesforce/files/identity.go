package files

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"slices"
	"strconv"
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
	var line []byte
	for i, f := range files {
		d := results[i].digest
		line = append(strconv.AppendQuote(line[:0], f.doc.Object), ' ')
		line = append(strconv.AppendQuote(line, f.doc.Name), ' ')
		line = append(strconv.AppendInt(line, int64(d.size), 10), ' ')
		line = append(hex.AppendEncode(line, binary.BigEndian.AppendUint32(nil, d.sum)), '\n')
		lines[i] = string(line)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return "files-" + hex.EncodeToString(sum[:8])
}

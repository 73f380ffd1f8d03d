package metadata

import (
	"encoding/binary"
	"math/bits"
)

// Eight bytes of a document are looked at as one number. What is asked of it is mostly
// whether it has any byte of some sort, because the answer is mostly no, and can be
// guessed: to go on by as many bytes as were counted, the processor has to wait for the
// count.

const (
	// each has a one in each of eight bytes, high the highest bit of each.
	each = 0x0101010101010101
	high = 0x80 * each
	// room is how many bytes have to be left for the quick way: it does not ask each
	// time whether there are still eight.
	room = 64
)

// eight are the bytes at at, the first of them the lowest.
func eight(data []byte, at int) uint64 { return binary.LittleEndian.Uint64(data[at:]) }

// first is which of eight bytes is the first that is not 0, 8 where all are.
func first(w uint64) int { return bits.TrailingZeros64(w) / 8 }

// notPlain marks the first byte that is no ordinary text (see inText) or ends a line.
// Bytes behind it may be marked, too, and mean nothing.
func notPlain(w uint64) uint64 {
	tag, entity, bracket, ef := w^'<'*each, w^'&'*each, w^']'*each, w^0xef*each
	return ((w-' '*each)&^w | (tag-each)&^tag | (entity-each)&^entity | (bracket-each)&^bracket | (ef-each)&^ef) & high
}

// letters is how many letters of ASCII eight bytes begin with.
func letters(w uint64) int {
	small := (w | 0x20*each) &^ high
	fromA, behindZ := small+(0x80-'a')*each, small+(0x80-'z'-1)*each
	return first((w | ^fromA | behindZ) & high)
}

// spacesEnd is the offset behind spaces, or one behind last.
func spacesEnd(data []byte, at, last int) int {
	for at <= last {
		if others := eight(data, at) ^ ' '*each; others != 0 {
			return at + first(others)
		}
		at += 8
	}
	return at
}

// lettersEnd is the offset behind letters.
func lettersEnd(data []byte, at int) int {
	for at < len(data) && 'a' <= data[at]|0x20 && data[at]|0x20 <= 'z' {
		at++
	}
	return at
}

// begin keeps as many of eight bytes as its index.
var begin = [9]uint64{1: 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff}

// closes is ends for a name of less than 16 letters, which begin head and tail.
func closes(data []byte, at int, head, tail uint64, size int) bool {
	at += len("</")
	return data[at-1] == '/' && data[at+size] == '>' &&
		(eight(data, at)^head)&begin[min(size, 8)]|(eight(data, at+8)^tail)&begin[max(size-8, 0)] == 0
}

package state

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// maxUnpacked is the largest evidence that is written or read, in bytes. It is
// enough for some hundred thousand messages.
const maxUnpacked = 256 << 20

var errUnpackedTooLarge = errors.New("the evidence is too large")

func pack(limit int, parts ...[]byte) ([]byte, error) {
	if size(parts) > limit {
		return nil, errUnpackedTooLarge
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if _, err := z.Write(p); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return out.Bytes(), err
}

func unpack(limit int, packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack evidence: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(z, int64(limit)+1))
	if err != nil {
		return nil, fmt.Errorf("unpack evidence: %w", err)
	}
	if len(data) > limit {
		return nil, errUnpackedTooLarge
	}
	return data, nil
}

func size(parts [][]byte) int {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	return n
}

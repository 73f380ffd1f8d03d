package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"reflect"
	"slices"
	"strings"
)

// saved is the saved form, with the evidence still packed.
type saved struct {
	Migration
	Evidence []byte `json:"evidence"`
	Sum      string `json:"sum"`
}

// evidence is what is packed.
type evidence struct {
	Sources  []Source           `json:"sources"`
	Messages map[string]Message `json:"messages"`
}

var (
	errChanged = errors.New("it is not as it was written: the checksum does not fit")
	errNoSum   = errors.New("it does not end as it should")
)

// Decode reads the saved form of a migration. A form of a newer schema gives a
// *NewerError, and beside it what could be understood. Fields that this version
// does not know are kept for the next Encode.
func Decode(data []byte) (Migration, error) {
	sum := verify(data)
	if errors.Is(sum, errChanged) {
		return Migration{}, sum
	}
	m, err := parse(data)
	switch {
	case err != nil && newer(data) > Schema:
		return m, &NewerError{Schema: newer(data)}
	case err != nil:
		return Migration{}, err
	case m.Schema > Schema:
		return m, &NewerError{Schema: m.Schema}
	case sum != nil:
		return Migration{}, sum
	case m.Schema < 1 || m.ID == "":
		return Migration{}, errors.New("this is no saved work")
	}
	return m, nil
}

// verify checks the last line against everything before it.
func verify(data []byte) error {
	body := bytes.LastIndexByte(bytes.TrimSuffix(data, []byte("\n")), '\n') + 1
	last := string(data[body:])
	switch {
	case last == fmt.Sprintf(sumLine, crc32.Checksum(data[:body], castagnoli)):
		return nil
	case strings.HasPrefix(last, sumLine[:len(`"sum":`)]):
		return errChanged
	}
	return errNoSum
}

// newer reads nothing but the schema: a newer form may have fields of other types.
func newer(data []byte) int {
	var head struct {
		Schema int `json:"schema"`
	}
	_ = json.Unmarshal(data, &head) // what cannot be read is not newer but damaged
	return head.Schema
}

func parse(data []byte) (Migration, error) {
	var s saved
	var e evidence
	known, err := decodeInto(data, &s)
	if err != nil {
		return Migration{}, err
	}
	m := s.Migration
	if !known {
		if m.extra, err = unknownFields(data, reflect.TypeFor[Migration](), "evidence", "sum"); err != nil {
			return m, err
		}
		if err := keepUnknown(data, "endpoints", m.Endpoints, func(e *Endpoint) *map[string]json.RawMessage { return &e.extra }); err != nil {
			return m, err
		}
	}
	m.Messages = map[string]Message{}
	if m.Endpoints == nil {
		m.Endpoints = map[string]Endpoint{}
	}
	unpacked, err := unpack(maxUnpacked, s.Evidence)
	if err != nil {
		return m, err
	}
	if known, err = decodeInto(unpacked, &e); err != nil {
		return m, err
	}
	if !known {
		if err := keepUnknown(unpacked, "messages", e.Messages, func(m *Message) *map[string]json.RawMessage { return &m.extra }); err != nil {
			return m, err
		}
	}
	m.Sources = e.Sources
	if e.Messages != nil {
		m.Messages = e.Messages
	}
	return m, nil
}

// decodeInto decodes one JSON value. It reports whether all fields were known.
func decodeInto[T any](data []byte, v *T) (known bool, err error) {
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if strict.Decode(v) == nil {
		if _, err := strict.Token(); err != io.EOF {
			return false, errors.New("something follows the saved work")
		}
		return true, nil
	}
	*v = *new(T)
	return false, json.Unmarshal(data, v)
}

// keepUnknown finds the fields of the rows of a table that this version does not
// know. It reads the text again; that happens only to files of a newer program.
func keepUnknown[T any](data []byte, name string, table map[string]T, extra func(*T) *map[string]json.RawMessage) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	var rows map[string]json.RawMessage
	if parts[name] == nil {
		return nil
	}
	if err := json.Unmarshal(parts[name], &rows); err != nil {
		return err
	}
	for key, text := range rows {
		row, ok := table[key]
		if !ok {
			continue
		}
		fields, err := unknownFields(text, reflect.TypeFor[T]())
		if err != nil {
			return err
		}
		*extra(&row) = fields
		table[key] = row
	}
	return nil
}

// unknownFields returns the fields of a JSON object that a struct has no place
// for, nil when there are none.
func unknownFields(object []byte, known reflect.Type, alsoKnown ...string) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(object, &fields); err != nil {
		return nil, err
	}
	names := alsoKnown
	for i := range known.NumField() {
		name, _, _ := strings.Cut(known.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	for field := range fields {
		// encoding/json does not regard case either.
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, field) }) {
			delete(fields, field)
		}
	}
	if len(fields) == 0 {
		return nil, nil
	}
	return fields, nil
}

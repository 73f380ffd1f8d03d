package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"reflect"
	"strings"
)

// saved is the whole saved form.
type saved struct {
	Migration
	Sum string `json:"sum"`
}

// Decode reads the saved form of a migration. A form of a newer schema gives a
// *NewerError, and beside it what could be understood. Fields that this version
// does not know are kept for the next Encode.
func Decode(data []byte) (Migration, error) {
	sum := verify(data)
	if errors.Is(sum, errChanged) {
		return Migration{}, sum
	}
	var s saved
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	err := strict.Decode(&s)
	if err == nil {
		_, end := strict.Token()
		if end != io.EOF {
			return Migration{}, errors.New("something follows the saved work")
		}
	} else {
		s = saved{}
		if err := json.Unmarshal(data, &s); err != nil {
			return Migration{}, newerOr(data, err)
		}
		if err := s.keepUnknown(data); err != nil {
			return Migration{}, newerOr(data, err)
		}
	}
	switch m := s.Migration; {
	case m.Schema > Schema:
		return m.filled(), &NewerError{Schema: m.Schema}
	case sum != nil:
		return Migration{}, sum
	case m.Schema < 1 || m.ID == "":
		return Migration{}, errors.New("this is no saved work")
	default:
		return m.filled(), nil
	}
}

// filled makes the maps that a file may leave out.
func (m Migration) filled() Migration {
	if m.Messages == nil {
		m.Messages = map[string]Message{}
	}
	if m.Endpoints == nil {
		m.Endpoints = map[string]Endpoint{}
	}
	return m
}

var (
	errChanged = errors.New("it is not as it was written: the checksum does not fit")
	errNoSum   = errors.New("it does not end as it should")
)

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

// newerOr tells a newer form, which may have fields of other types, from a
// broken one.
func newerOr(data []byte, err error) error {
	var head struct {
		Schema int `json:"schema"`
	}
	if json.Unmarshal(data, &head) == nil && head.Schema > Schema {
		return &NewerError{Schema: head.Schema}
	}
	return err
}

// keepUnknown finds the fields that this version does not know. It reads the file
// a second time; that happens only to files of a newer program.
func (s *saved) keepUnknown(data []byte) error {
	var parts struct {
		Messages  map[string]json.RawMessage `json:"messages"`
		Endpoints map[string]json.RawMessage `json:"endpoints"`
	}
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	var err error
	if s.extra, err = unknownFields(data, reflect.TypeFor[Migration](), "sum"); err != nil {
		return err
	}
	for key, text := range parts.Messages {
		msg := s.Messages[key]
		if msg.extra, err = unknownFields(text, reflect.TypeFor[Message]()); err != nil {
			return err
		}
		s.Messages[key] = msg
	}
	for key, text := range parts.Endpoints {
		e := s.Endpoints[key]
		if e.extra, err = unknownFields(text, reflect.TypeFor[Endpoint]()); err != nil {
			return err
		}
		s.Endpoints[key] = e
	}
	return nil
}

// unknownFields returns the fields of a JSON object that a struct has no place
// for, nil when there are none.
func unknownFields(object []byte, known reflect.Type, alsoKnown ...string) (map[string]json.RawMessage, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(object, &all); err != nil {
		return nil, err
	}
	names := alsoKnown
	for i := range known.NumField() {
		name, _, _ := strings.Cut(known.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	var unknown map[string]json.RawMessage
	for name, text := range all {
		if contains(names, name) {
			continue
		}
		if unknown == nil {
			unknown = map[string]json.RawMessage{}
		}
		unknown[name] = text
	}
	return unknown, nil
}

// contains compares as encoding/json does, without regard to case.
func contains(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
)

// sealed gives a text the last line that belongs to it.
func sealed(body string) []byte {
	return fmt.Appendf([]byte(body), sumLine, crc32.Checksum([]byte(body), castagnoli))
}

// put writes the saved file of an id as it comes.
func put(t testing.TB, s *Store, id string, data []byte) {
	t.Helper()
	if err := os.WriteFile(s.path(id), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func small(t testing.TB) Migration {
	t.Helper()
	m := New(northwind, by(0))
	m, _ = m.Merge(scan(0, message("Account", "A", ordersURL, flagged(true))), by(0))
	return m.AddNote(ordersKey, "Bob knows", by(1))
}

func TestACutFileIsNeverReadAsAnother(t *testing.T) {
	data, err := Encode(small(t))
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(data) {
		if m, err := Decode(data[:n]); err == nil {
			t.Fatalf("cut to %d of %d bytes it reads as %+v", n, len(data), m)
		}
	}
}

func TestAFlippedByteNeverGoesUnnoticed(t *testing.T) {
	data, err := Encode(small(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		for _, bit := range []byte{1, 0x20, 0x80, 0xff} {
			bad := slices.Clone(data)
			bad[i] ^= bit
			if _, err := Decode(bad); err == nil {
				t.Fatalf("byte %d changed from %q to %q: nobody noticed", i, data[i], bad[i])
			}
			var newer *NewerError
			if _, err := Decode(bad); errors.As(err, &newer) {
				t.Fatalf("byte %d changed from %q to %q: taken for a newer form", i, data[i], bad[i])
			}
		}
	}
}

func TestJunkIsDamage(t *testing.T) {
	data, err := Encode(small(t))
	if err != nil {
		t.Fatal(err)
	}
	deep := strings.Repeat("[", 2_000_000)
	for name, junk := range map[string][]byte{
		"nothing":           {},
		"NULs":              make([]byte, 4096),
		"NULs at the end":   append(slices.Clone(data), make([]byte, 512)...),
		"NULs at the start": append(make([]byte, 512), data...),
		"null":              sealed("null\n"),
		"a list":            sealed("[\n"),
		"another object":    sealed("{\"a\":1,\n"),
		"no id":             sealed("{\"schema\":1,\n"),
		"no schema":         sealed("{\"id\":\"x\",\n"),
		"a text as number":  sealed("{\"schema\":1,\"id\":\"x\",\"seq\":\"many\",\n"),
		"no evidence":       sealed("{\"schema\":1,\"id\":\"x\",\n"),
		"evidence unpacked": sealed("{\"schema\":1,\"id\":\"x\",\"evidence\":\"AAAA\",\n"),
		"deep nesting":      sealed("{\"schema\":1,\"id\":\"x\",\"more\":" + deep + ",\n"),
		"two in one file":   append(slices.Clone(data), data...),
	} {
		if m, err := Decode(junk); err == nil {
			t.Errorf("%s reads as %+v", name, m)
		}
	}
}

func TestADamagedFileIsMovedAsideAndItsCopyRestored(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"cut":     func(b []byte) []byte { return b[:len(b)/2] },
		"flipped": func(b []byte) []byte { b[len(b)/3] ^= 4; return b },
		"empty":   func([]byte) []byte { return nil },
		"NULs":    func(b []byte) []byte { return make([]byte, len(b)) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := openStore(t, dir)
			before := worked(t)
			f := create(t, s, before)
			save(t, f, before.AddNote(ordersKey, "the last one", by(9)))
			closeFile(t, f)
			path := s.path(before.ID)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			bad := damage(data)
			put(t, s, before.ID, bad)

			entries, err := s.List()
			var damaged *DamagedError
			if err != nil || len(entries) != 1 || !errors.As(entries[0].Err, &damaged) || len(damaged.Copies) != 1 || entries[0].ID != before.ID {
				t.Fatalf("listed as %+v, %v", entries, err)
			}
			if _, err := s.Peek(before.ID); !errors.As(err, &damaged) || damaged.MovedTo != "" {
				t.Fatalf("looking at it gives %v", err)
			}
			if _, _, err := s.Open(before.ID); !errors.As(err, &damaged) || damaged.MovedTo == "" || len(damaged.Copies) != 1 {
				t.Fatalf("opening it gives %v", err)
			}
			if aside, err := os.ReadFile(damaged.MovedTo); err != nil || !bytes.Equal(aside, bad) {
				t.Fatalf("the damaged file is not kept as it was: %v", err)
			}
			first := damaged.MovedTo
			// Killed here, the next start tells the same.
			if _, _, err := s.Open(before.ID); !errors.As(err, &damaged) || damaged.MovedTo != first {
				t.Fatalf("opening it again gives %v", err)
			}
			f, got, err := s.Restore(before.ID)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, got, before)
			save(t, f, got.AddNote(ordersKey, "again", by(10)))
			closeFile(t, f)
			f, m, err := s.Restore(before.ID)
			if err != nil || len(m.Endpoints[ordersKey].Notes) != 2 {
				t.Fatalf("restoring what is fine gives %v", err)
			}
			closeFile(t, f)
		})
	}
}

func TestRestoringPassesOverDamagedCopies(t *testing.T) {
	s := openStore(t, t.TempDir())
	m := worked(t)
	f := create(t, s, m)
	want := m
	for day := range 3 {
		m = m.AddNote(ordersKey, "x", Act{By: "ann", At: at(0).AddDate(0, 0, day)})
		if day == 0 {
			want = m
		}
		save(t, f, m)
	}
	closeFile(t, f)
	versions, err := versionsOf(s.path(m.ID))
	if err != nil || len(versions) != 2 {
		t.Fatal(versions, err)
	}
	put(t, s, m.ID, []byte("{"))
	if err := os.WriteFile(versions[0].path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f, got, err := s.Restore(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, want)
	closeFile(t, f)

	// Without any good copy nothing is invented, and nothing is deleted.
	for _, v := range versions {
		_ = os.WriteFile(v.path, []byte("junk"), 0o600)
	}
	put(t, s, m.ID, []byte("junk"))
	if _, _, err := s.Restore(m.ID); err == nil {
		t.Error("restored from nothing")
	}
	aside, _ := filepath.Glob(filepath.Join(s.dir, "*.damaged-*"))
	if len(aside) < 4 {
		t.Errorf("kept: %v", aside)
	}
	closeFile(t, create(t, s, worked(t)))
}

func TestAHugeFileIsNotRead(t *testing.T) {
	s := openStore(t, t.TempDir())
	m := small(t)
	put(t, s, m.ID, nil)
	if err := os.Truncate(s.path(m.ID), 1<<30); err != nil {
		t.Skip("no sparse files here:", err)
	}
	var damaged *DamagedError
	if _, err := s.Peek(m.ID); !errors.As(err, &damaged) || !errors.Is(err, errTooLarge) {
		t.Fatal(err)
	}
}

func TestEvidenceIsNotUnpackedWithoutLimit(t *testing.T) {
	const limit = 10_000
	bomb, err := pack(limit, make([]byte, limit))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pack(limit, make([]byte, limit), []byte{0}); !errors.Is(err, errUnpackedTooLarge) {
		t.Error("more was packed than can be unpacked:", err)
	}
	if got, err := unpack(limit, bomb); err != nil || len(got) != limit {
		t.Error(len(got), err)
	}
	if _, err := unpack(limit-1, bomb); !errors.Is(err, errUnpackedTooLarge) {
		t.Error(err)
	}
	// Two members of a gzip stream count together.
	more, err := pack(limit, []byte{0})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unpack(limit, append(bomb, more...)); !errors.Is(err, errUnpackedTooLarge) {
		t.Error(err)
	}
}

func TestANewerFormIsLeftAsItIs(t *testing.T) {
	s := openStore(t, t.TempDir())
	data, err := Encode(worked(t))
	if err != nil {
		t.Fatal(err)
	}
	body := data[:bytes.LastIndexByte(data[:len(data)-1], '\n')+1]
	ahead := bytes.Replace(body, []byte(`{"schema":1,`), []byte(`{"schema":2,`), 1)
	id := northwind.ID
	for name, text := range map[string][]byte{
		"readable":           sealed(string(ahead)),
		"of another type":    sealed("{\"schema\":7,\"id\":{\"org\":\"x\"},\n"),
		"without a last sum": []byte(`{"schema":2,"id":"x"}`),
	} {
		put(t, s, id, text)
		var newer *NewerError
		if _, _, err := s.Open(id); !errors.As(err, &newer) || newer.Path != s.path(id) {
			t.Errorf("%s: opening gives %v", name, err)
		}
		m, err := s.Peek(id)
		if !errors.As(err, &newer) {
			t.Errorf("%s: looking at it gives %v", name, err)
		}
		if name == "readable" && len(m.Endpoints[ordersKey].Notes) != 1 {
			t.Errorf("%s: what can be read is not shown: %+v", name, m)
		}
		if _, err := s.Create(worked(t)); !errors.Is(err, ErrExists) {
			t.Errorf("%s: creating gives %v", name, err)
		}
		if _, _, err := s.Restore(id); !errors.As(err, &newer) {
			t.Errorf("%s: restoring gives %v", name, err)
		}
		if after, err := os.ReadFile(s.path(id)); err != nil || !bytes.Equal(after, text) {
			t.Errorf("%s: the file was touched: %v", name, err)
		}
	}
}

func TestUnknownFieldsSurvive(t *testing.T) {
	m := worked(t)
	m.extra = map[string]json.RawMessage{"team": json.RawMessage(`{"lead":"ann"}`)}
	msg := m.Messages["Account.Send_order"]
	msg.extra = map[string]json.RawMessage{"weight": json.RawMessage(`7`)}
	m.Messages["Account.Send_order"] = msg
	e := m.Endpoints[ordersKey]
	e.extra = map[string]json.RawMessage{"mood": json.RawMessage(`"good"`), "tags": json.RawMessage(`["a","b"]`)}
	m.Endpoints[ordersKey] = e

	dir := t.TempDir()
	s := openStore(t, dir)
	closeFile(t, create(t, s, m))
	f, got, err := s.Open(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, m)
	// They survive work, a scan and another save.
	got = got.AddNote(ordersKey, "x", by(20)).State(Subject{OneMessage, "Account.Send_order"}, Statement{Says: true, Reason: "y"}, by(21))
	got, _ = got.Merge(scan(22, message("Account", "Send_order", ordersURL, flagged(false))), by(22))
	save(t, f, got)
	closeFile(t, f)
	got, err = s.Peek(m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if string(got.extra["team"]) != `{"lead":"ann"}` || string(got.Messages["Account.Send_order"].extra["weight"]) != "7" ||
		string(got.Endpoints[ordersKey].extra["mood"]) != `"good"` || string(got.Endpoints[ordersKey].extra["tags"]) != `["a","b"]` {
		t.Errorf("left of them: %s, %s, %s", got.extra, got.Messages["Account.Send_order"].extra, got.Endpoints[ordersKey].extra)
	}
	if got.Endpoints[legacyKey].extra != nil || len(got.extra) != 1 {
		t.Errorf("known fields count as unknown: %s", got.extra)
	}
}

// The golden file is what the first version wrote. It must be readable for ever.
func TestTheFirstFormIsStillRead(t *testing.T) {
	const golden = "testdata/schema-1.json"
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	e := m.Endpoints[ordersKey]
	if m.Org != northwind || len(m.Messages) != 2 || e.Route != InternalFix || e.Receiver != CallsBack || e.Ticks["owner"].State != Done ||
		e.Notes[0].Text != "Ask Bob \u202e about it\nsoon <b>" || e.Drafts["first"].Body != "Dear Bob" || !m.UpdatedAt.Equal(at(5)) ||
		m.Sources[0].Kind != salesforce.SourceOrg || !m.CreatedAt.Equal(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("it reads as %+v", m)
	}
}

func FuzzLoad(f *testing.F) {
	data, err := Encode(small(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte(`{"schema":2}`))
	f.Add([]byte("{\"schema\":1,\"id\":\"x\",\"endpoints\":{\"a\":null},\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		// What is read after the checksum deserves the fuzz as well.
		for _, text := range [][]byte{data, sealed(string(data))} {
			m, err := Decode(text)
			if err != nil {
				continue
			}
			again, err := Encode(m)
			if err != nil {
				continue // such as a date that JSON cannot hold
			}
			back, err := Decode(again)
			if err != nil {
				t.Fatalf("what was read cannot be read again: %v\n%s", err, again)
			}
			equal(t, back, m)
			m.Overview()
		}
	})
}

func FuzzEvidence(f *testing.F) {
	f.Add([]byte(`{"sources":[{"id":"a","kind":"org"}],"messages":{"A.B":{"definitions":{"a":[{"object":"A"}]}}}}`))
	f.Add([]byte(`{"sources":null,"messages":{"A.B":null},"more":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		packed, err := pack(maxUnpacked, text)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Decode(sealed(fmt.Sprintf("{\"schema\":1,\"id\":\"x\",\"evidence\":%s,\n", mustJSON(t, packed))))
		if err != nil {
			return
		}
		m.Overview()
		again, err := Encode(m)
		if err != nil {
			return
		}
		back, err := Decode(again)
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		equal(t, back, m)
	})
}

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

package state

import (
	"testing"
)

// BenchmarkSave is a key press on an endpoint: 1,000 endpoints that were all
// worked on, 3,000 messages from an org and a backup.
func BenchmarkSave(b *testing.B) {
	m := large(b, 3000)
	f := create(b, openStore(b, b.TempDir()), m)
	keys := make([]string, 0, len(m.Endpoints))
	for key := range m.Endpoints {
		keys = append(keys, key)
	}
	step := Checklist(InternalFix, CallsBack)[6]
	size := 0
	for i := 0; b.Loop(); i++ {
		m = m.MarkDone(keys[i%len(keys)], step, by(i))
		save(b, f, m)
		size = int(f.info.Size())
	}
	b.ReportMetric(float64(size)/(1<<20), "MB")
}

// BenchmarkEncodeAll is the first save after opening.
func BenchmarkEncodeAll(b *testing.B) {
	m := large(b, 3000)
	for b.Loop() {
		if _, err := Encode(m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecode is opening it.
func BenchmarkDecode(b *testing.B) {
	data, err := Encode(large(b, 3000))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOverview(b *testing.B) {
	m := large(b, 10_000)
	for b.Loop() {
		m.Overview()
	}
}

// BenchmarkNext is the view after one key press.
func BenchmarkNext(b *testing.B) {
	m := large(b, 10_000)
	o := m.Overview()
	keys := make([]string, 0, len(m.Endpoints))
	for key := range m.Endpoints {
		keys = append(keys, key)
	}
	for i := 0; b.Loop(); i++ {
		m = m.AddNote(keys[i%len(keys)], "a note", by(i))
		o = o.Next(m)
	}
}

// BenchmarkNextStated is the same after a statement about messages.
func BenchmarkNextStated(b *testing.B) {
	m := large(b, 10_000)
	o := m.Overview()
	v := o.Hosts[0].Endpoints[0]
	for i := 0; b.Loop(); i++ {
		m = m.State(Subject{OneMessage, v.Messages[0].Key()}, Statement{Says: i%2 == 0, Reason: "a reason"}, by(i))
		o = o.Next(m)
	}
}

package metadata

import (
	"strings"
	"testing"
)

// BenchmarkRead reads a workflow file of which most does not matter.
func BenchmarkRead(b *testing.B) {
	data := []byte(workflow(strings.Repeat(sendOrder+strings.Repeat("<alerts><fullName>Mail</fullName><recipients><type>owner</type></recipients></alerts>\n", 20), 50)))
	d, _ := At(account)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if f, err := d.Read(data); err != nil || len(f.Messages) != 50 {
			b.Fatal(len(f.Messages), err)
		}
	}
}

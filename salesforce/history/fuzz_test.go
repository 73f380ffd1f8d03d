package history

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"sidestep/salesforce/metadata"
)

const (
	idA = "9f3c2ab0123456789012345678901234567890ab"
	idB = "0123456789012345678901234567890123456789"
)

// What git prints is parsed strictly: no input makes a parser panic, go on for
// ever, or take for an id what is none.

func FuzzCommits(f *testing.F) {
	f.Add([]byte("commit " + idA + "\n" + idB + "|1768392000|1768392000|" + idB + "\n"))
	f.Add([]byte("commit " + idA + "\n" + idB + "|-1|x|\n"))
	f.Add([]byte("commit x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		err := parseCommits(bufio.NewReader(bytes.NewReader(data)), func(c commit) error {
			if !isID(c.id) || !isID(c.tree) {
				t.Errorf("%+v", c)
			}
			return nil
		})
		_ = err // any input but git's own is an error, and that is all
	})
}

func FuzzChanges(f *testing.F) {
	f.Add([]byte(idA + "\x00:100644 100644 " + idA + " " + idB + " M\x00workflows/Account.workflow\x00"))
	f.Add([]byte(idA + "\x00::100644 100644 100644 " + idA + " " + idB + " " + idB + " MM\x00a\x00"))
	f.Add([]byte(":x\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		begun := false
		err := parseChanges(bufio.NewReader(bytes.NewReader(data)), func(id string) error {
			begun = isID(id)
			return nil
		}, func(ch change) {
			if !begun || len(ch.path) == 0 || len(ch.modes) != len(ch.blobs) || len(ch.modes) < 2 {
				t.Errorf("%+v", ch)
			}
		})
		_ = err // any input but git's own is an error, and that is all
	})
}

func FuzzTree(f *testing.F) {
	f.Add([]byte("100644 blob " + idA + "\tworkflows/Account.workflow\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, _ := parseTree(bufio.NewReader(bytes.NewReader(data)))
		for _, e := range entries {
			if _, ok := metadata.At(e.path); !ok || !isID(e.blob) {
				t.Errorf("%+v", e)
			}
		}
	})
}

func FuzzBlobs(f *testing.F) {
	f.Add([]byte(idA + " blob 3\nabc\n" + idB + " missing\n"))
	f.Add([]byte(idA + " blob 99999999999\nabc\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		total := 0
		_ = parseBlobs(bufio.NewReader(bytes.NewReader(data)), func(b blob) error {
			if total += len(b.data); !isID(b.id) || total > len(data) {
				t.Errorf("%q of %d bytes", b.id, total)
			}
			return nil
		})
	})
}

// FuzzApart holds the quick reading to the whole one: where it finds messages,
// they are those that reading the document finds, whatever the version before was.
func FuzzApart(f *testing.F) {
	two := workflow(message("Send", "true", url), message("Other", "false", url))
	for _, pair := range [][2]string{
		{workflow(message("Send", "true", url)), two},
		{two, strings.ReplaceAll(two, "true", "false")},
		{two, workflow(message("Other", "false", url))},
		{two, strings.ReplaceAll(two, "true", "<!-- x -->true")},
		{workflow("<rules><a>x</a></rules>"), workflow("<rules><outboundMessages>x</outboundMessages></rules>")},
		{"", "<Workflow xmlns:a=\"b\"><a:outboundMessages/></Workflow>"},
	} {
		f.Add(pair[0], pair[1])
	}
	doc, _ := metadata.At("workflows/Account.workflow")
	f.Fuzz(func(t *testing.T, before, text string) {
		v := newVersions()
		v.apart([]byte(before), doc)
		quick, ok := v.apart([]byte(text), doc)
		if !ok {
			return
		}
		fresh := newVersions()
		if alone, ok := fresh.apart([]byte(text), doc); !ok || len(alone) != len(quick) {
			t.Fatalf("%d messages after another version, %d (%v) alone", len(quick), len(alone), ok)
		}
		whole, err := doc.Read([]byte(text))
		if err != nil {
			return // what is broken elsewhere may still hold whole messages
		}
		if len(quick) != len(whole.Messages) {
			t.Fatalf("%d messages apart, %d in the whole", len(quick), len(whole.Messages))
		}
		for i, m := range whole.Messages {
			if quick[i].Key() != m.Key() || !sameFlag(quick[i].IncludeSessionID, m.IncludeSessionID) || quick[i].EndpointURL != m.EndpointURL {
				t.Errorf("apart %+v, in the whole %+v", *quick[i], m)
			}
		}
	})
}

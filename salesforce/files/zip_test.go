package files

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
)

// build makes a zip with the given writer function.
func build(t testing.TB, write func(z *zip.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	write(z)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// add writes one entry; header may change how.
func add(t testing.TB, z *zip.Writer, e entry, header func(*zip.FileHeader)) {
	t.Helper()
	h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: noon}
	if header != nil {
		header(h)
	}
	w, err := z.CreateHeader(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(e.content)); err != nil {
		t.Fatal(err)
	}
}

// declare writes an entry that claims a size.
func declare(t testing.TB, z *zip.Writer, e entry, size uint64, header func(*zip.FileHeader)) {
	t.Helper()
	h := &zip.FileHeader{Name: e.name, Method: zip.Store, CompressedSize64: uint64(len(e.content)), UncompressedSize64: size}
	if header != nil {
		header(h)
	}
	w, err := z.CreateRaw(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(e.content)); err != nil {
		t.Fatal(err)
	}
}

func zipFile(t *testing.T, entries ...entry) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "acme.zip")
	data := build(t, func(z *zip.Writer) {
		for _, e := range entries {
			add(t, z, e, nil)
		}
	})
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func readZip(t *testing.T, data []byte) salesforce.Findings {
	t.Helper()
	found, err := ReadZip(t.Context(), bytes.NewReader(data), int64(len(data)), Options{Name: "acme.zip"})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// What packs a folder for itself begins each name with ./ and means the same.
func TestZipOfAFolderItself(t *testing.T) {
	found := readZip(t, []byte(packed(t, entry{"./", ""}, entry{"./workflows/Account.workflow", workflowFile}, entry{`.\flows\Send.flow`, flowFile})))
	want := []string{"Account.Send_order in workflows/Account.workflow", "Send fires Account.Send_order in flows/Send.flow", "Account.Changed fires Account.Send_order in workflows/Account.workflow"}
	if got := where(found); !slices.Equal(got, want) || len(found.Problems) > 0 {
		t.Errorf("got %q, problems %q", got, problems(found))
	}
	found = readZip(t, []byte(packed(t, entry{"/workflows/Account.workflow", workflowFile}, entry{"./../workflows/Account.workflow", workflowFile})))
	if len(found.Problems) != 2 || found.Problems[0].Notice || found.Problems[1].Notice {
		t.Errorf("what was not read is not what is there: %q", problems(found))
	}
}

func TestZip(t *testing.T) {
	path := zipFile(t, entry{"unpackaged/package.xml", "<Package/>"}, entry{"unpackaged/workflows/", ""},
		entry{"unpackaged/workflows/Account.workflow", workflowFile}, entry{`pkg\workflows\Lead.workflow`, workflowFile},
		entry{"unpackaged/flows/Send.flow", flowFile}, entry{"__MACOSX/unpackaged/workflows/._Account.workflow", "\x00\x05"},
		entry{"x/.git/workflows/Old.workflow", "<broken"}, entry{"../readme.txt", "does not matter"})
	renamed := strings.TrimSuffix(path, ".zip") + ".bak"
	for _, path := range []string{path, renamed} {
		found := mustRead(t, path, Options{AsOf: noon})
		want := []string{
			"Lead.Send_order in pkg/workflows/Lead.workflow",
			"Account.Send_order in unpackaged/workflows/Account.workflow",
			"Lead.Changed fires Lead.Send_order in pkg/workflows/Lead.workflow",
			"Send fires Account.Send_order in unpackaged/flows/Send.flow",
			"Account.Changed fires Account.Send_order in unpackaged/workflows/Account.workflow",
		}
		if got := where(found); !slices.Equal(got, want) {
			t.Errorf("got\n%s", strings.Join(got, "\n"))
		}
		s := found.Source
		if s.Kind != salesforce.SourceZip || s.Name != filepath.Base(path) || !s.FileTime.Equal(noon) || !s.AsOf.Equal(noon) || !s.Complete || len(found.Problems) > 0 {
			t.Errorf("source %+v, problems %v", s, found.Problems)
		}
		if path != renamed {
			if err := os.Rename(path, renamed); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestHostileZip(t *testing.T) {
	good := entry{"workflows/Account.workflow", workflowFile}
	named := func(name string) entry { return entry{name, workflowFile} }
	data := build(t, func(z *zip.Writer) {
		add(t, z, good, nil)
		for _, name := range []string{"../../etc/Evil.workflow", "/etc/Absolute.workflow", `C:\Drive.workflow`, "a/../../Up.workflow", "a//Twice.workflow", `..\Back.workflow`} {
			add(t, z, named(name), nil)
		}
		add(t, z, entry{"workflows/Link.workflow", "/etc/passwd"}, func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) })
		add(t, z, entry{"flows", "/etc"}, func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) })
		add(t, z, entry{"workflows/Pipe.workflow", ""}, func(h *zip.FileHeader) { h.SetMode(fs.ModeNamedPipe | 0o777) })
		declare(t, z, named("workflows/Crc.workflow"), uint64(len(workflowFile)), func(h *zip.FileHeader) { h.CRC32 = 1 })
		declare(t, z, named("workflows/Locked.workflow"), uint64(len(workflowFile)), func(h *zip.FileHeader) { h.Flags |= 1 })
		declare(t, z, named("workflows/Method.workflow"), uint64(len(workflowFile)), func(h *zip.FileHeader) { h.Method = 99 })
		declare(t, z, named("workflows/Huge.workflow"), 50<<20+1, nil)
		declare(t, z, named("workflows/Short.workflow"), uint64(len(workflowFile)+1), nil)
		declare(t, z, named("workflows/Long.workflow"), uint64(len(workflowFile)-1), nil)
	})
	found := readZip(t, data)
	if got := where(found); len(got) != 2 || got[0] != "Account.Send_order in workflows/Account.workflow" {
		t.Errorf("found %v", got)
	}
	want := map[string]string{
		"../../etc/Evil.workflow": "leads out of the zip", "/etc/Absolute.workflow": "leads out of the zip", "C:/Drive.workflow": "leads out of the zip",
		"a/../../Up.workflow": "leads out of the zip", "a//Twice.workflow": "leads out of the zip", "../Back.workflow": "leads out of the zip",
		"workflows/Link.workflow": "it is a link", "flows": "it is a link", "workflows/Pipe.workflow": "no ordinary file",
		"workflows/Crc.workflow": "the checksum does not fit", "workflows/Locked.workflow": "encrypted", "workflows/Method.workflow": "not supported",
		"workflows/Huge.workflow": "larger than 50 MB", "workflows/Short.workflow": "a part is missing", "workflows/Long.workflow": "its size does not fit",
	}
	for _, p := range found.Problems {
		words, expected := want[p.File]
		if !expected || !strings.Contains(p.Message, words) || p.Notice || strings.Contains(p.Message, "\n") {
			t.Errorf("%s: %s", p.File, p.Message)
		}
		delete(want, p.File)
	}
	if len(want) > 0 || found.Source.Complete {
		t.Errorf("no problem for %v; complete %v", want, found.Source.Complete)
	}
}

func TestZipHoldsAFileTwice(t *testing.T) {
	other := strings.Replace(workflowFile, ">true</includeSessionId>", ">false</includeSessionId>", 1)
	found := readZip(t, build(t, func(z *zip.Writer) {
		add(t, z, entry{"workflows/Account.workflow", workflowFile}, nil)
		add(t, z, entry{`workflows\Account.workflow`, other}, nil)
	}))
	if len(found.Messages) != 2 || !*found.Messages[0].IncludeSessionID || *found.Messages[1].IncludeSessionID {
		t.Errorf("messages %+v", found.Messages)
	}
	if got := problems(found); !slices.Equal(got, []string{"workflows/Account.workflow: the zip holds this file more than once"}) || found.Source.Complete {
		t.Errorf("problems %q", got)
	}
}

func TestZipLimits(t *testing.T) {
	found := readZip(t, build(t, func(z *zip.Writer) {
		for i := range maxEntries + 2 {
			declare(t, z, entry{fmt.Sprintf("workflows/O%05d__c.workflow", i), ""}, 0, nil)
		}
	}))
	if last := found.Problems[len(found.Problems)-1]; len(found.Problems) != maxEntries+2 || !strings.Contains(last.Message, "more than 10000 such files") || last.File != "workflows/O10001__c.workflow" {
		t.Errorf("%d problems, the last %+v", len(found.Problems), last)
	}
	found = readZip(t, build(t, func(z *zip.Writer) {
		for i := range 13 {
			declare(t, z, entry{fmt.Sprintf("workflows/O%02d__c.workflow", i), "x"}, 50<<20, nil)
		}
	}))
	if last := found.Problems[12]; !strings.Contains(last.Message, "more than 600 MB") || strings.Contains(found.Problems[11].Message, "more than 600 MB") {
		t.Errorf("problems %q", problems(found))
	}
}

// What is limited is the table of contents, not what it leads to.
func TestLargeZip(t *testing.T) {
	// The fault is at the beginning: reading this takes long enough.
	content := "<>" + strings.Repeat(" ", maxDirectory/2)
	found := readZip(t, build(t, func(z *zip.Writer) {
		for _, name := range []string{"A", "B", "C"} {
			add(t, z, entry{"workflows/" + name + ".workflow", content}, func(h *zip.FileHeader) { h.Method = zip.Store })
		}
	}))
	for _, p := range found.Problems {
		if p.Line != 1 || !strings.Contains(p.Message, "not well-formed") {
			t.Errorf("problem %+v", p)
		}
	}
	if len(found.Problems) != 3 {
		t.Errorf("problems %q", problems(found))
	}
}

func TestMoreThanAnyOrgHas(t *testing.T) {
	many := "<Workflow>" + strings.Repeat("<outboundMessages/>", 100_000) + "</Workflow>"
	found := readZip(t, build(t, func(z *zip.Writer) {
		for _, name := range []string{"A", "B", "C", "D", "E", "F"} {
			add(t, z, entry{"workflows/" + name + ".workflow", many}, nil)
		}
	}))
	if len(found.Messages) != maxKept || found.Source.Complete || !strings.Contains(strings.Join(problems(found), "\n"), "the source holds more than 500000") {
		t.Errorf("%d messages, complete %v", len(found.Messages), found.Source.Complete)
	}
}

// endless is a zip whose table of contents goes on for 4 GB.
type endless struct{ size int64 }

func (e endless) ReadAt(p []byte, off int64) (int, error) {
	record := append([]byte("PK\x01\x02"), make([]byte, 42)...)
	for i := range p {
		p[i] = record[(off+int64(i))%int64(len(record))]
	}
	if end := e.size - 22; off+int64(len(p)) > end {
		tail := []byte("PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x00\x00\x00\xff\x00\x00\x00\x00\x00\x00")
		copy(p[max(0, end-off):], tail[max(0, off-end):])
	}
	return len(p), nil
}

func TestZipWithAnEndlessTableOfContents(t *testing.T) {
	_, err := ReadZip(t.Context(), endless{0xff000000 + 22}, 0xff000000+22, Options{Name: "x.zip"})
	if !errors.Is(err, ErrNotZip) || !errors.Is(err, errDirectory) {
		t.Errorf("got %v", err)
	}
}

func FuzzReadZip(f *testing.F) {
	whole := build(f, func(z *zip.Writer) {
		add(f, z, entry{"workflows/Account.workflow", workflowFile}, nil)
		add(f, z, entry{`..\flows/Send.flow`, flowFile}, func(h *zip.FileHeader) { h.Method = zip.Store })
	})
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		found, err := ReadZip(ctx, bytes.NewReader(data), int64(len(data)), Options{Name: "x.zip"})
		if err != nil {
			if !errors.Is(err, ErrNotZip) {
				t.Errorf("error %v", err)
			}
			return
		}
		for _, m := range found.Messages {
			if m.File == "" || strings.HasPrefix(m.File, "../") || strings.HasPrefix(m.File, "/") || strings.Contains(m.File, `\`) {
				t.Errorf("message from %q", m.File)
			}
		}
		if found.Source.Complete && slices.ContainsFunc(found.Problems, func(p salesforce.Problem) bool { return !p.Notice }) {
			t.Error("complete with problems")
		}
	})
}

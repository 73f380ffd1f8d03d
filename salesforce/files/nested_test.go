package files

import (
	"archive/zip"
	"fmt"
	"hash/crc32"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// packed is a zip of the entries, as text.
func packed(t testing.TB, entries ...entry) string {
	t.Helper()
	return string(build(t, func(z *zip.Writer) {
		for _, e := range entries {
			add(t, z, e, nil)
		}
	}))
}

func TestZipsInAZip(t *testing.T) {
	monday := packed(t, entry{"unpackaged/workflows/Account.workflow", workflowFile}, entry{"unpackaged/flows/Send.flow", flowFile})
	tuesday := packed(t, entry{"workflows/Lead/workflowOutboundMessages/Send_order.workflowOutboundMessage-meta.xml", messageFile})
	found := readZip(t, []byte(packed(t,
		entry{"backup/monday.zip", monday}, entry{`backup\Tuesday.ZIP`, tuesday}, entry{"workflows/Case.workflow", workflowFile},
		entry{"staticresources/fonts.zip", "no zip at all"}, entry{"src/documents/Letters/a.zip", "no zip at all"}, entry{".git/x.zip", "no zip at all"},
		entry{"backup/empty.zip", packed(t)}, entry{"backup/other.zip", packed(t, entry{"README.md", "x"})})))
	want := []string{
		"Lead.Send_order in backup/Tuesday.ZIP/workflows/Lead/workflowOutboundMessages/Send_order.workflowOutboundMessage-meta.xml",
		"Account.Send_order in backup/monday.zip/unpackaged/workflows/Account.workflow",
		"Case.Send_order in workflows/Case.workflow",
		"Account.Changed fires Account.Send_order in backup/monday.zip/unpackaged/workflows/Account.workflow",
		"Send fires Account.Send_order in backup/monday.zip/unpackaged/flows/Send.flow",
		"Case.Changed fires Case.Send_order in workflows/Case.workflow",
	}
	got := where(found)
	slices.Sort(got[3:])
	slices.Sort(want[3:])
	if !slices.Equal(got, want) || !found.Source.Complete || len(found.Problems) > 0 {
		t.Errorf("got\n%s\nproblems %q", strings.Join(got, "\n"), problems(found))
	}
	if !found.Source.FileTime.Equal(noon) {
		t.Errorf("file time %v", found.Source.FileTime)
	}
}

// What must be withstood in a zip must be in the zip in it too.
func TestHostileZipInAZip(t *testing.T) {
	inner := string(build(t, func(z *zip.Writer) {
		add(t, z, entry{"workflows/Account.workflow", workflowFile}, nil)
		add(t, z, entry{"workflows/Account.workflow", workflowFile}, nil)
		for _, name := range []string{"../../Up.workflow", "/etc/Absolute.workflow", `C:\Drive.workflow`} {
			add(t, z, entry{name, workflowFile}, nil)
		}
		add(t, z, entry{"workflows/Link.workflow", "/etc/passwd"}, func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) })
		declare(t, z, entry{"workflows/Crc.workflow", workflowFile}, uint64(len(workflowFile)), func(h *zip.FileHeader) { h.CRC32 = 1 })
		declare(t, z, entry{"workflows/Long.workflow", workflowFile}, uint64(len(workflowFile)-1), nil)
		add(t, z, entry{"deeper.zip", packed(t, entry{"workflows/Deep.workflow", workflowFile})}, nil)
	}))
	found := readZip(t, build(t, func(z *zip.Writer) {
		add(t, z, entry{"a/inner.zip", inner}, nil)
		add(t, z, entry{"../out.zip", inner}, nil)
		add(t, z, entry{"cut.zip", inner[:len(inner)/2]}, nil)
		add(t, z, entry{"link.zip", "/etc/passwd"}, func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) })
		declare(t, z, entry{"huge.zip", "x"}, 50<<20+1, nil)
		declare(t, z, entry{"locked.zip", inner}, uint64(len(inner)), func(h *zip.FileHeader) { h.Flags |= 1 })
		declare(t, z, entry{"crc.zip", inner}, uint64(len(inner)), func(h *zip.FileHeader) { h.CRC32 = crc32.ChecksumIEEE([]byte(inner)) + 1 })
	}))
	want := []string{
		"../out.zip: its name leads out of the zip and it was not read",
		"a/inner.zip/../../Up.workflow: its name leads out of the zip and it was not read",
		"a/inner.zip//etc/Absolute.workflow: its name leads out of the zip and it was not read",
		"a/inner.zip/C:/Drive.workflow: its name leads out of the zip and it was not read",
		"a/inner.zip/deeper.zip: it is a zip in a zip in a zip and was not opened: unpack the outermost one",
		"a/inner.zip/workflows/Account.workflow: the zip holds this file more than once",
		"a/inner.zip/workflows/Crc.workflow: it is damaged: the checksum does not fit",
		"a/inner.zip/workflows/Link.workflow: it is a link, which a zip should not hold, and was not followed",
		"a/inner.zip/workflows/Long.workflow: it is damaged: its size does not fit",
		"crc.zip: it is damaged: the checksum does not fit",
		"cut.zip: it is not a zip, or only a part of one",
		"huge.zip: it is larger than 50 MB and was not read",
		"link.zip: it is a link, which a zip should not hold, and was not followed",
		"locked.zip: it is encrypted: unpack the zip and give the folder",
	}
	if got := problems(found); !slices.Equal(got, want) || found.Source.Complete {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := where(found); len(found.Messages) != 2 || got[0] != "Account.Send_order in a/inner.zip/workflows/Account.workflow" {
		t.Errorf("found %q", got)
	}
}

// All zips in a zip share its limits.
func TestLimitsHoldForAllZipsTogether(t *testing.T) {
	inner := string(build(t, func(z *zip.Writer) {
		for i := range maxEntries/2 + 1 {
			declare(t, z, entry{fmt.Sprintf("workflows/O%05d__c.workflow", i), ""}, 0, nil)
		}
	}))
	found := readZip(t, []byte(packed(t, entry{"a.zip", inner}, entry{"b.zip", inner})))
	if n := strings.Count(strings.Join(problems(found), "\n"), "more than 10000 such files"); n != 2 {
		t.Errorf("%d were too many", n)
	}
	bomb := string(build(t, func(z *zip.Writer) {
		for i := range 7 {
			declare(t, z, entry{fmt.Sprintf("workflows/O%d__c.workflow", i), "x"}, 50<<20, nil)
		}
	}))
	found = readZip(t, []byte(packed(t, entry{"a.zip", bomb}, entry{"b.zip", bomb})))
	if n := strings.Count(strings.Join(problems(found), "\n"), "more than 600 MB"); n != 3 {
		t.Errorf("%d were too much: %q", n, problems(found))
	}
	found = readZip(t, build(t, func(z *zip.Writer) {
		empty := entry{"x.zip", packed(t)}
		for i := range maxInner + 2 {
			add(t, z, entry{fmt.Sprintf("%04d.zip", i), empty.content}, nil)
		}
	}))
	if n := strings.Count(strings.Join(problems(found), "\n"), "more than 2000 zips"); n != 2 {
		t.Errorf("%d zips were too many", n)
	}
}

func TestAFolderOfZipsSaysHowToGoOn(t *testing.T) {
	found := mustRead(t, folder(t, entry{"january.zip", "x"}, entry{"february.ZIP", "x"}), Options{})
	if len(found.Problems) != 1 || !found.Problems[0].Notice || !strings.Contains(found.Problems[0].Message, "when each is named for itself") || !found.Source.Complete {
		t.Errorf("%+v", found.Problems)
	}
	// What only fires messages shows that they are elsewhere.
	found = mustRead(t, folder(t, entry{"january.zip", "x"}, entry{"flows/Send.flow", flowFile}), Options{})
	if len(found.Problems) != 1 || !found.Problems[0].Notice || !strings.Contains(found.Problems[0].Message, "no outbound messages found below acme; the zips") {
		t.Errorf("%+v", found.Problems)
	}
	found = mustRead(t, folder(t, entry{"january.zip", "x"}, entry{"workflows/Account.workflow", workflowFile}), Options{})
	if len(found.Problems) != 0 {
		t.Errorf("%+v", found.Problems)
	}
}

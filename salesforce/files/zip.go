package files

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"sidestep/salesforce"
	"sidestep/salesforce/metadata"
)

// The limits of a zip are those of Salesforce's own retrieve (Metadata API
// guide, "Metadata Limits"), but for the size of the zip itself: backup products
// put several retrieves into one.
const (
	maxEntries  = 10_000
	maxUnpacked = 600 << 20
	// maxDirectory is how many bytes the table of contents may have, a quarter
	// of a million entries.
	maxDirectory = 32 << 20
)

var errDirectory = errors.New("its table of contents is too large")

// ReadZip reads a zip. Its entries are looked up by name and read in memory.
func ReadZip(ctx context.Context, r io.ReaderAt, size int64, o Options) (salesforce.Findings, error) {
	in := &directoryLimit{in: r, left: maxDirectory}
	z, err := zip.NewReader(in, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		bad := &Error{Path: o.Name, Err: ErrNotZip, hint: "copy or download it again"}
		if !errors.Is(err, zip.ErrFormat) {
			bad.cause = err
		}
		return salesforce.Findings{}, bad
	}
	in.left = -1
	c := zipped{newCollection(salesforce.SourceZip, o), map[string]bool{}, 0}
	for _, entry := range z.File {
		c.visit(entry)
	}
	return c.read(ctx)
}

// directoryLimit ends reading when the table of contents goes on and on: the
// zip reader keeps all of it in memory.
type directoryLimit struct {
	in io.ReaderAt
	// left is how many bytes may be read, negative when all may.
	left int64
}

func (d *directoryLimit) ReadAt(p []byte, off int64) (int, error) {
	if d.left >= 0 {
		if d.left -= int64(len(p)); d.left < 0 {
			d.left = 0
			return 0, errDirectory
		}
	}
	return d.in.ReadAt(p, off)
}

// zipped is a zip while it is being searched.
type zipped struct {
	*collection
	seen     map[string]bool
	unpacked uint64
}

func (c *zipped) visit(entry *zip.File) {
	// Some programs on Windows write their own separator.
	name := strings.ReplaceAll(entry.Name, `\`, "/")
	if strings.HasSuffix(name, "/") || inSkipped(name) {
		return
	}
	doc, relevant := metadata.At(name)
	if entry.Mode()&fs.ModeSymlink != 0 {
		c.problem(name, 0, "it is a link, which a zip should not hold, and was not followed")
		return
	}
	if !relevant {
		return
	}
	if why := c.refuse(entry, name); why != "" {
		c.problem(name, 0, why)
		return
	}
	c.unpacked += entry.UncompressedSize64
	if c.seen[name] {
		// Nobody knows which of them the org would have taken: both count.
		c.problem(name, 0, "the zip holds this file more than once")
	}
	c.seen[name] = true
	c.files = append(c.files, candidate{name, doc, func() (opened, error) { return openEntry(entry) }})
}

func openEntry(entry *zip.File) (opened, error) {
	in, err := entry.Open()
	return opened{in, int64(entry.UncompressedSize64), entry.Modified}, err
}

// refuse says why an entry is not read, "" if it is.
func (c *zipped) refuse(entry *zip.File, name string) string {
	switch {
	case strings.HasPrefix(name, "/"), path.Clean(name) != name, strings.HasPrefix(name, "../"), strings.ContainsAny(name, ":\x00"):
		return "its name leads out of the zip and it was not read"
	case !entry.Mode().IsRegular():
		return "it is no ordinary file and was not read"
	case entry.Flags&1 != 0:
		return "it is encrypted: unpack the zip and give the folder"
	case entry.UncompressedSize64 > metadata.MaxSize:
		return fmt.Sprintf("it is larger than %d MB and was not read", metadata.MaxSize>>20)
	case len(c.files) >= maxEntries:
		return fmt.Sprintf("the zip holds more than %d such files; this one was not read", maxEntries)
	case c.unpacked+entry.UncompressedSize64 > maxUnpacked:
		return fmt.Sprintf("the zip unpacks to more than %d MB; this file was not read", maxUnpacked>>20)
	}
	return ""
}

func inSkipped(name string) bool {
	for dir := range strings.SplitSeq(path.Dir(name), "/") {
		if skipped[dir] {
			return true
		}
	}
	return false
}

func isZipName(name string) bool { return strings.EqualFold(path.Ext(name), ".zip") }

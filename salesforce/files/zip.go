package files

import (
	"archive/zip"
	"bytes"
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
	// maxInner is how many zips a zip may hold, some years of daily ones.
	maxInner = 2_000
	// maxDirectory is how many bytes the table of contents may have, a quarter
	// of a million entries.
	maxDirectory = 32 << 20
)

var errDirectory = errors.New("its table of contents is too large")

// ReadZip reads a zip, and the zips in it, as backup products make them: one for
// each retrieve, or for each day. Entries are looked up by name and read in
// memory.
func ReadZip(ctx context.Context, r io.ReaderAt, size int64, o Options) (salesforce.Findings, error) {
	entries, err := contents(r, size)
	if err != nil {
		bad := &salesforce.SourceError{Path: o.Name, Err: ErrNotZip, Next: "copy or download it again"}
		if !errors.Is(err, zip.ErrFormat) {
			bad.Cause = err
		}
		return salesforce.Findings{}, bad
	}
	c := &zipped{collection: newCollection(salesforce.SourceZip, o), seen: map[string]bool{}}
	for _, entry := range entries {
		c.visit(entry, "")
	}
	for _, inner := range c.inner {
		if err := c.enter(ctx, inner); err != nil {
			return salesforce.Findings{}, err
		}
	}
	return c.read(ctx)
}

// contents is what the table of contents of a zip lists.
func contents(r io.ReaderAt, size int64) ([]*zip.File, error) {
	in := &directoryLimit{in: r, left: maxDirectory}
	z, err := zip.NewReader(in, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	in.left = -1
	return z.File, nil
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
	// inner are the zips in it.
	inner []*zip.File
}

// visit looks at an entry of the zip, or of the one in it that lies at within.
func (c *zipped) visit(entry *zip.File, within string) {
	own := slashed(entry)
	name := own
	if within != "" {
		name = within + "/" + own
	}
	if strings.HasSuffix(own, "/") || inSkipped(own) {
		return
	}
	doc, relevant := metadata.At(own)
	if entry.Mode()&fs.ModeSymlink != 0 {
		c.problem(name, 0, "it is a link, which a zip should not hold, and was not followed")
		return
	}
	isZip := isZipName(own) && !inContent(own)
	if !relevant && !isZip {
		return
	}
	if why := c.refuse(entry, own); why != "" {
		c.problem(name, 0, why)
		return
	}
	if isZip && within != "" {
		c.problem(name, 0, "it is a zip in a zip in a zip and was not opened: unpack the outermost one")
		return
	}
	if isZip && len(c.inner) == maxInner {
		c.problem(name, 0, fmt.Sprintf("the zip holds more than %d zips; this one was not read", maxInner))
		return
	}
	c.unpacked += entry.UncompressedSize64
	if isZip {
		c.inner = append(c.inner, entry)
		return
	}
	if c.seen[name] {
		// Nobody knows which of them the org would have taken: both count.
		c.problem(name, 0, "the zip holds this file more than once")
	}
	c.seen[name] = true
	c.files = append(c.files, &candidate{name: name, doc: doc, open: func() (opened, error) { return openEntry(entry) }})
}

// enter reads a zip that lies in the zip. It is read to its end before the next
// one is: in memory there is never more than one of them.
func (c *zipped) enter(ctx context.Context, inner *zip.File) error {
	name := slashed(inner)
	in, err := openEntry(inner)
	var data []byte
	if err == nil {
		data, err = readAll(in, in.size, nil)
		in.Close()
	}
	if err != nil {
		c.problem(name, 0, reason(err))
		return nil
	}
	entries, err := contents(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		c.problem(name, 0, ErrNotZip.Error())
		return nil
	}
	before := len(c.files)
	for _, entry := range entries {
		c.visit(entry, name)
	}
	results, err := c.parse(ctx, c.files[before:])
	if err != nil {
		return err
	}
	for i := range results {
		c.files[before+i].done = &results[i]
		c.files[before+i].open = nil
	}
	return nil
}

// slashed is an entry's name. Some programs on Windows write their own separator,
// and what packs a folder for itself, as bsdtar does, begins each name with ./
func slashed(entry *zip.File) string {
	return strings.TrimPrefix(strings.ReplaceAll(entry.Name, `\`, "/"), "./")
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

// inContent reports whether a file is a part of what users or pages show, such as
// a static resource. A zip there holds no metadata.
func inContent(name string) bool {
	return strings.Contains("/"+name, "/staticresources/") || strings.Contains("/"+name, "/documents/")
}

func isZipName(name string) bool { return strings.EqualFold(path.Ext(name), ".zip") }

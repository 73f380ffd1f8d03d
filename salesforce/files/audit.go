package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/audit"
)

// readAudit reads the file that Setup's audit trail gives. ok is false when it is
// something else. Lines that can't be read are notices: there is no message
// behind them.
func readAudit(ctx context.Context, path string, info fs.FileInfo, o Options) (found salesforce.Findings, ok bool, err error) {
	if info.Size() > audit.MaxSize {
		return found, false, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return found, false, unreadable(path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, audit.MaxSize+1))
	if err != nil {
		return found, false, unreadable(path, err)
	}
	trail, err := audit.Parse(data)
	if ctx.Err() != nil {
		return found, false, stopped(o.Name, ctx)
	}
	if err != nil {
		return found, false, nil
	}
	o.AsOf = time.Time{} // each line has a date of its own
	c := newCollection(salesforce.SourceAudit, o)
	sum := sha256.Sum256(data)
	c.findings.Source.ID = "audit-" + hex.EncodeToString(sum[:8])
	c.findings.Source.FileTime = info.ModTime()
	c.findings.Audit = trail.Entries
	for _, bad := range trail.Problems {
		c.findings.Problems = append(c.findings.Problems, salesforce.Problem{
			Source: o.Name, File: filepath.Base(path), Line: bad.Line, Message: bad.Msg, Notice: true,
		})
	}
	if len(trail.Entries) == 0 {
		c.notice(silent(trail))
	}
	return c.findings, true, nil
}

// silent says what a trail without a word about outbound messages tells.
func silent(t audit.Trail) string {
	if t.From.IsZero() {
		return "the audit trail names no outbound message"
	}
	day := func(t time.Time) string { return t.Format("2 January 2006") }
	return fmt.Sprintf("the audit trail of %s to %s names no outbound message", day(t.From), day(t.To))
}

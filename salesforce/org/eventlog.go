package org

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce/logins"
)

const (
	// maxLogFiles are read: without the add-on an org keeps one day, or little more.
	maxLogFiles = 31
	// maxLogFile is the largest event log file that is read; its lines are looked at
	// one by one, and no more of it is kept than the sums.
	maxLogFile = 256 << 20
	maxLogLine = 1 << 20
	// maxUses bounds the sums, which an org's text could drive up without end.
	maxUses = 1000
)

// usesOf reads the event log files of the days since, the newest first.
func (c *Client) usesOf(ctx context.Context, h *logins.History) error {
	type row struct {
		ID            string
		LogDate       string
		LogFileLength float64
	}
	found, err := whole[row](ctx, c, fmt.Sprintf("SELECT Id, LogDate, LogFileLength FROM EventLogFile WHERE EventType = 'ApiTotalUsage' AND LogDate >= %s ORDER BY LogDate DESC LIMIT %d", moment(h.Since.Truncate(24*time.Hour)), maxLogFiles))
	if err != nil {
		return err
	}
	if len(found) == 0 {
		h.NoUses = &logins.Missing{
			Why:  "the org has no event log file of these days",
			Hint: "the file of a day appears on the next one and is kept for a day where there is no add-on: run this daily during the migration",
		}
		return nil
	}
	v, err := c.apiVersion(ctx)
	if err != nil {
		return err
	}
	for _, r := range found {
		day := date(r.LogDate)
		switch {
		case !isID(r.ID) || day.IsZero():
			return broken(errors.New("an event log file has no id or no day"))
		case r.LogFileLength > maxLogFile:
			h.NoUses = &logins.Missing{Why: fmt.Sprintf("the event log file of %s is too large to be read here (%.0f MB)", day.Format(time.DateOnly), r.LogFileLength/(1<<20)), Hint: "download it in Setup → Event Log File Browser"}
			continue
		}
		uses, err := c.logFile(ctx, "/services/data/v"+versionText(v)+"/sobjects/EventLogFile/"+r.ID+"/LogFile", day, h.UserID)
		if err != nil {
			return err
		}
		h.Days = append(h.Days, day)
		h.Uses = append(h.Uses, uses...)
	}
	return nil
}

func (c *Client) logFile(ctx context.Context, path string, day time.Time, user string) ([]logins.APIUse, error) {
	var uses []logins.APIUse
	err := c.ask(ctx, call{path: path, limit: maxLogFile, read: func(resp *http.Response, body io.Reader) error {
		switch {
		case resp.StatusCode != http.StatusOK:
			return apiError(resp, body)
		case isPage(mediaType(resp)):
			return errPage
		}
		fresh, err := addUp(body, day, user)
		uses = fresh
		return err
	}})
	return uses, err
}

// addUp reads an event log file ApiTotalUsage and adds up the calls of a user. A
// line that can't be read costs itself alone.
func addUp(r io.Reader, day time.Time, user string) ([]logins.APIUse, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLogLine)
	if !lines.Scan() {
		return nil, damaged(cmp.Or(lines.Err(), io.ErrUnexpectedEOF))
	}
	columns := map[string]int{}
	for i, name := range cells(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff"))) {
		columns[strings.ToUpper(strings.TrimSpace(name))] = i
	}
	if _, known := columns["USER_ID"]; !known {
		return nil, broken(errors.New("the event log has no column USER_ID"))
	}
	type key struct{ application, address, family string }
	sums := map[key]*logins.APIUse{}
	short := []byte(user[:15])
	for lines.Scan() {
		if !bytes.Contains(lines.Bytes(), short) {
			continue
		}
		row := cells(lines.Bytes())
		value := func(name string) string {
			if i, known := columns[name]; known && i < len(row) {
				return row[i]
			}
			return ""
		}
		if id18(value("USER_ID")) != user && value("USER_ID_DERIVED") != user {
			continue
		}
		k := key{cmp.Or(value("CONNECTED_APP_NAME"), value("CONNECTED_APP_ID")), value("CLIENT_IP"), value("API_FAMILY")}
		sum := sums[k]
		if sum == nil {
			if len(sums) == maxUses {
				return nil, broken(errors.New("the event log names more apps and addresses than one user can have"))
			}
			sum = &logins.APIUse{Day: day, Application: k.application, Address: k.address, Family: k.family}
			sums[k] = sum
		}
		sum.Calls++
		if strings.HasPrefix(value("STATUS_CODE"), "2") {
			sum.Succeeded++
		}
	}
	if err := lines.Err(); err != nil {
		return nil, damaged(err)
	}
	uses := make([]logins.APIUse, 0, len(sums))
	for _, u := range slices.SortedFunc(maps.Values(sums), func(a, b *logins.APIUse) int {
		return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Application, b.Application), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Family, b.Family))
	}) {
		uses = append(uses, *u)
	}
	return uses, nil
}

// cells cuts one line of CSV; nil where it is none.
func cells(line []byte) []string {
	row, err := csv.NewReader(bytes.NewReader(line)).Read()
	if err != nil {
		return nil
	}
	return row
}

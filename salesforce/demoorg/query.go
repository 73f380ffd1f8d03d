package demoorg

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// result is an answered query whose rows are written page by page.
type result struct {
	table  *table
	fields []steps
	rows   []any
	count  int // what COUNT() counted, -1 otherwise
	total  int
}

// run answers a query of a user.
func (c catalog) run(q query, u *user) (result, error) {
	t := c.as(u, q.from.text)
	if t == nil {
		return result{}, &queryError{"INVALID_TYPE", fmt.Sprintf("sObject type '%s' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.", q.from.text), q.from.pos}
	}
	res := result{table: t, count: -1}
	oneRow := false
	for _, f := range q.fields {
		s, err := t.resolve(f)
		if err != nil {
			return result{}, err
		}
		oneRow = oneRow || s.last().oneRow
		res.fields = append(res.fields, s)
	}
	test, err := t.match(q.where)
	if err != nil {
		return result{}, err
	}
	sorter, err := t.sorter(q.order)
	if err != nil {
		return result{}, err
	}
	for _, row := range t.rows() {
		if test(row) {
			res.rows = append(res.rows, row)
		}
	}
	if len(q.order) > 0 {
		slices.SortStableFunc(res.rows, sorter)
	}
	res.rows = res.rows[min(q.offset, len(res.rows)):]
	if q.limit >= 0 {
		res.rows = res.rows[:min(q.limit, len(res.rows))]
	}
	res.total = len(res.rows)
	if q.count {
		res.count, res.rows = res.total, nil
	}
	if oneRow && len(res.rows) > 1 {
		return result{}, &queryError{"MALFORMED_QUERY", "When retrieving results with Metadata or FullName fields, the query qualifications must specify no more than one row for retrieval. Result size: " + strconv.Itoa(res.total), -1}
	}
	return res, nil
}

// record writes one row: the attributes, then what was selected, parents nested.
func (t *table) record(row any, fields []steps, base string) record {
	rec := record{{"attributes", t.attributes(row, base)}}
	for i, f := range fields {
		if len(f) == 1 {
			rec = append(rec, member{f[0].name, f[0].get(row)})
			continue
		}
		rel := f[0]
		if slices.ContainsFunc(fields[:i], func(g steps) bool { return len(g) > 1 && g[0] == rel }) {
			continue // nested already, with its first field
		}
		parent := rel.get(row)
		if parent == nil {
			rec = append(rec, member{rel.name, nil})
			continue
		}
		var below []steps
		for _, g := range fields[i:] {
			if len(g) > 1 && g[0] == rel {
				below = append(below, g[1:])
			}
		}
		rec = append(rec, member{rel.name, rel.to.record(parent, below, base)})
	}
	return rec
}

func (t *table) attributes(row any, base string) record {
	key := ""
	for _, name := range []string{"Id", "DurableId"} {
		if c := t.column(name); c != nil {
			key, _ = c.get(row).(string)
			break
		}
	}
	return record{{"type", t.name}, {"url", base + "/sobjects/" + t.name + "/" + key}}
}

// page writes the rows from offset on. more is the address of the next page, ""
// at the end.
func (r result) page(offset, batch int, base, more string) reply {
	rows := r.rows[min(offset, len(r.rows)):]
	rows = rows[:min(batch, len(rows))]
	records := make([]record, 0, len(rows))
	for _, row := range rows {
		records = append(records, r.table.record(row, r.fields, base))
	}
	var body record
	if strings.HasSuffix(base, "/tooling") {
		var locator any
		if more != "" {
			locator = more
		}
		size := len(rows)
		if r.count >= 0 {
			size = r.count
		}
		body = record{{"size", size}, {"totalSize", r.total}, {"done", more == ""}, {"queryLocator", locator}, {"entityTypeName", r.table.name}}
	} else {
		body = record{{"totalSize", r.total}, {"done", more == ""}}
	}
	if more != "" {
		body = append(body, member{"nextRecordsUrl", more})
	}
	return reply{http.StatusOK, append(body, member{"records", records})}
}

func (s *Server) query(objects catalog, base string, c call) reply {
	statement := c.query.Get("q")
	if strings.TrimSpace(statement) == "" {
		return refuse(http.StatusBadRequest, "MALFORMED_QUERY", "A query string has to be specified")
	}
	q, err := parseQuery(statement, s.o.Now())
	if err != nil {
		return refuseQuery(err, statement)
	}
	res, err := objects.run(q, c.user)
	if err != nil {
		return refuseQuery(err, statement)
	}
	if c.query.Get("columns") == "true" {
		return res.described()
	}
	more := ""
	if len(res.rows) > c.batch {
		if res.table.noMore {
			return refuse(http.StatusBadRequest, "EXCEEDED_ID_LIMIT", res.table.name+" does not support queryMore(), use LIMIT to restrict the results to a single batch")
		}
		more = s.cursors.keep(cursor{res, c.batch, base}) + "-" + strconv.Itoa(c.batch)
		more = base + "/query/" + more
	}
	return res.page(0, c.batch, base, more)
}

func refuseQuery(err error, statement string) reply {
	var qe *queryError
	if !errors.As(err, &qe) {
		return refuse(http.StatusInternalServerError, "UNKNOWN_EXCEPTION", err.Error())
	}
	return refuse(http.StatusBadRequest, qe.code, qe.pointed(statement))
}

// more answers the following pages: the locator, a dash, the first row.
func (s *Server) more(objects catalog, base, locator string) reply {
	name, text, _ := strings.Cut(locator, "-")
	offset, err := strconv.Atoi(text)
	cur, ok := s.cursors.find(name)
	if !ok || err != nil || offset < 0 || offset >= len(cur.rows) || objects[lower(cur.table.name)] != cmp.Or(cur.table.whole, cur.table) {
		return refuse(http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
	}
	more := ""
	if next := offset + cur.batch; next < len(cur.rows) {
		more = base + "/query/" + name + "-" + strconv.Itoa(next)
	}
	return cur.page(offset, cur.batch, base, more)
}

// sobject answers one row with all its columns, or with those that fields names.
func (s *Server) sobject(objects catalog, base string, u *user, object, id, fields string) reply {
	t := objects.as(u, object)
	if t == nil {
		return notFound()
	}
	row := t.byID(id)
	if row == nil {
		return refuse(http.StatusNotFound, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: "+id)
	}
	var chosen []steps
	if fields == "" {
		for i := range t.columns {
			if t.columns[i].kind != kindRelation {
				chosen = append(chosen, steps{&t.columns[i]})
			}
		}
	} else {
		for name := range strings.SplitSeq(fields, ",") {
			found, err := t.resolve(fieldPath{names: strings.Split(strings.TrimSpace(name), "."), pos: -1})
			if err != nil {
				return refuseQuery(err, "")
			}
			chosen = append(chosen, found)
		}
	}
	return reply{http.StatusOK, t.record(row, chosen, base)}
}

// cursor is an answer of which pages are still to be fetched.
type cursor struct {
	result
	batch int
	base  string
}

// cursors keeps the ten newest, as Salesforce does for each user.
type cursors struct {
	mu    sync.Mutex
	made  int
	names []string
	open  map[string]cursor
}

const maxCursors = 10

func (c *cursors) keep(cur cursor) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == nil {
		c.open = map[string]cursor{}
	}
	if len(c.names) == maxCursors {
		delete(c.open, c.names[0])
		c.names = c.names[1:]
	}
	c.made++
	name := newID("01g", c.made)
	c.names = append(c.names, name)
	c.open[name] = cur
	return name
}

func (c *cursors) find(name string) (cursor, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cur, ok := c.open[name]
	return cur, ok
}

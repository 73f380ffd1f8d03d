package demoorg

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"time"
)

// fieldDef is a field of a business object.
type fieldDef struct {
	Name, Type string
	// computed fields can't be written by anybody: ids, dates of the system, and
	// numbers that count by themselves.
	computed bool
	// reference is the object that the field points to, "" for other types.
	reference string
}

// systemFields are those that every record has and that everybody sees who sees
// the record.
var systemFields = []string{"Id", "CreatedById", "CreatedDate", "LastModifiedById", "LastModifiedDate", "SystemModstamp"}

// autoNumbers count by themselves.
var autoNumbers = []string{"CaseNumber", "ContractNumber", "OrderNumber", "QuoteNumber", "swft__Tracking_Number__c"}

// truths are the fields that are true or false.
var truths = []string{"HasOptedOutOfEmail"}

func fieldOf(name string) fieldDef {
	f := fieldDef{Name: name, Type: "string"}
	switch plain := strings.TrimSuffix(name, "__c"); {
	case name == "Id":
		f.Type, f.computed = "id", true
	case name == "CreatedById" || name == "LastModifiedById":
		f.Type, f.computed, f.reference = "reference", true, "User"
	case slices.Contains(systemFields, name):
		f.Type, f.computed = "datetime", true
	case slices.Contains(autoNumbers, name):
		f.computed = true
	case slices.Contains(truths, name):
		f.Type = "boolean"
	case strings.HasSuffix(name, "Id"):
		f.Type, f.reference = "reference", strings.TrimSuffix(name, "Id")
	case strings.HasSuffix(plain, "Date") || strings.HasSuffix(plain, "_At"):
		f.Type = "date"
	case strings.HasSuffix(plain, "Amount") || strings.HasSuffix(plain, "Total") || strings.HasSuffix(plain, "_kg"):
		f.Type = "double"
	case name == "Email":
		f.Type = "email"
	case name == "Description":
		f.Type = "textarea"
	}
	return f
}

// nameFields say what a record is called where that is not Name.
var nameFields = map[string]string{"Case": "CaseNumber", "Contract": "ContractNumber", "Order": "OrderNumber", "Contact": "LastName", "Lead": "LastName"}

// carried lists the fields that the messages of each object carry.
func (o *org) carried() map[*entity][]string {
	fields := map[*entity][]string{}
	for i := range o.messages {
		m := &o.messages[i]
		for _, f := range m.Def.Fields {
			if !slices.Contains(fields[m.Entity], f) {
				fields[m.Entity] = append(fields[m.Entity], f)
			}
		}
	}
	return fields
}

// fieldsOf lists the fields of an object: those of the system, its name, what its
// messages carry, and a description to write to.
func fieldsOf(e *entity, carried []string) []fieldDef {
	names := slices.Clone(systemFields)
	add := func(name string) {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			names = append(names, name)
		}
	}
	called := nameFields[e.Name]
	if called == "" {
		called = "Name"
	}
	add(called)
	for _, name := range carried {
		add(name)
	}
	add("Description")
	fields := make([]fieldDef, len(names))
	for i, name := range names {
		fields[i] = fieldOf(name)
	}
	return fields
}

// businessRecord is a record of an object. Its values are never changed in place.
type businessRecord struct {
	id                string
	values            map[string]any
	created, modified time.Time
	createdBy, by     *user
}

// recordStore keeps the records, which are the one thing that the APIs can change.
type recordStore struct {
	mu       sync.Mutex
	byObject map[string][]*businessRecord
}

// perObject is how many records an object has, before the cut-off and after it:
// one was changed each week from June 2025 on.
const perObject = 75

var firstChange = time.Date(2025, 6, 2, 8, 30, 0, 0, time.UTC)

// of lists the records of an object. They are made when they are first asked for.
func (rs *recordStore) of(s *Server, e *entity, fields []fieldDef) []*businessRecord {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byObject == nil {
		rs.byObject = map[string][]*businessRecord{}
	}
	list, made := rs.byObject[e.Name]
	if !made {
		list = s.makeRecords(e, fields)
		rs.byObject[e.Name] = list
	}
	return slices.Clone(list)
}

func (s *Server) makeRecords(e *entity, fields []fieldDef) []*businessRecord {
	h := fnv.New32a()
	_, _ = h.Write([]byte(e.Name))
	start, now := int(h.Sum32()%90_000), s.o.Now().UTC()
	list := make([]*businessRecord, perObject)
	for i := range list {
		r := &businessRecord{id: newID(e.KeyPrefix, start+i), values: map[string]any{}, created: firstChange.AddDate(-1, 0, i), modified: firstChange.AddDate(0, 0, 7*i), createdBy: s.admin(), by: s.admin()}
		if r.modified.After(now) {
			r.modified = now
		}
		for _, f := range fields {
			r.values[f.Name] = sampleValue(e, f, i)
		}
		list[i] = r
	}
	return list
}

func sampleValue(e *entity, f fieldDef, i int) any {
	switch {
	case slices.Contains(systemFields, f.Name):
		return nil // these have columns of their own
	case f.Type == "reference", f.Type == "textarea":
		return nil
	case f.Type == "boolean":
		return i%5 == 0
	case f.Type == "date":
		return firstChange.AddDate(0, 0, 3*i).Format(time.DateOnly)
	case f.Type == "double":
		return float64(100 + 7*i)
	case f.Type == "email":
		return fmt.Sprintf("person%d@customer.example", i)
	case f.computed:
		return fmt.Sprintf("%08d", 1000+i)
	}
	return fmt.Sprintf("%s %d", e.Label, 1000+i)
}

// write changes fields of a record as a user, and says who did it when.
func (rs *recordStore) write(s *Server, e *entity, id string, values map[string]any, by *user) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for i, r := range rs.byObject[e.Name] {
		if !sameID(r.id, id) {
			continue
		}
		changed := *r
		changed.values = map[string]any{}
		for k, v := range r.values {
			changed.values[k] = v
		}
		for k, v := range values {
			changed.values[k] = v
		}
		changed.modified, changed.by = s.o.Now().UTC().Truncate(time.Second), by
		rs.byObject[e.Name][i] = &changed
		return true
	}
	return false
}

// recordTables are the business objects.
func (s *Server) recordTables() []*table {
	tables := make([]*table, len(s.org.entities))
	carried := s.org.carried()
	for i := range s.org.entities {
		e := &s.org.entities[i]
		tables[i] = s.recordTable(e, fieldsOf(e, carried[e]))
	}
	return tables
}

func (s *Server) recordTable(e *entity, fields []fieldDef) *table {
	t := &table{name: e.Name, entity: e, fields: fields, rows: func() []any {
		list := s.records.of(s, e, fields)
		rows := make([]any, len(list))
		for i, r := range list {
			rows[i] = r
		}
		return rows
	}}
	for _, f := range fields {
		t.columns = append(t.columns, recordColumn(f))
	}
	t.view = func(t *table, u *user) *table {
		a, known := s.rightsOn(u, e.Name)
		if !known {
			return nil
		}
		if a.fields == nil {
			return t
		}
		part := *t
		part.whole = t
		part.columns = slices.DeleteFunc(slices.Clone(t.columns), func(c column) bool { return !a.sees(c.name) })
		return &part
	}
	return t
}

func recordColumn(f fieldDef) column {
	switch f.Name {
	case "Id":
		return id("Id", func(r *businessRecord) string { return r.id })
	case "CreatedById":
		return id(f.Name, func(r *businessRecord) string { return r.createdBy.ID })
	case "LastModifiedById":
		return id(f.Name, func(r *businessRecord) string { return r.by.ID })
	case "CreatedDate":
		return moment(f.Name, func(r *businessRecord) time.Time { return r.created })
	case "LastModifiedDate", "SystemModstamp":
		return moment(f.Name, func(r *businessRecord) time.Time { return r.modified })
	}
	kind := kindText
	switch f.Type {
	case "boolean":
		kind = kindTruth
	case "double":
		kind = kindNumber
	case "reference":
		kind = kindID
	case "textarea":
		return unfiltered(cell(kindText, f.Name, func(r *businessRecord) any { return r.values[f.Name] }))
	}
	return cell(kind, f.Name, func(r *businessRecord) any { return r.values[f.Name] })
}

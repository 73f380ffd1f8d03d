// Package catchup finds what a receiver missed: the records of an object that were
// changed while its callbacks failed. It is pure: it writes the questions, and who
// may ask an org asks them.
package catchup

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
)

// The errors of a period that is no question.
var (
	ErrObject = errors.New("this is no API name of an object")
	ErrField  = errors.New("this is no API name of a field")
	ErrPeriod = errors.New("the period ends before it begins")
)

// Period is a stretch of time in the life of an object's records.
type Period struct {
	// Object is its API name.
	Object string
	// Field is the date that counts, LastModifiedDate where it is "".
	Field string
	// From is the first moment, To the first one behind the end; a zero To is open.
	From, To time.Time
	// Fields are selected beside Id and the date: those that the receiver needs to
	// do its work again.
	Fields []string
}

func (p Period) field() string {
	if p.Field == "" {
		return "LastModifiedDate"
	}
	return p.Field
}

// Check finds what would be no question. A name from a file or a person never
// becomes a part of a query unless it has the form of a name.
func (p Period) Check() error {
	if !salesforce.IsAPIName(p.Object) {
		return fmt.Errorf("%w: %.80q", ErrObject, p.Object)
	}
	for _, name := range append([]string{p.field()}, p.Fields...) {
		if !salesforce.IsAPIName(name) {
			return fmt.Errorf("%w: %.80q", ErrField, name)
		}
	}
	if !p.To.IsZero() && !p.From.Before(p.To) {
		return ErrPeriod
	}
	return nil
}

// Query is the SOQL for the records, the oldest change first: that is the order in
// which the receiver should have seen them.
func (p Period) Query() (string, error) {
	if err := p.Check(); err != nil {
		return "", err
	}
	columns := []string{"Id", p.field()}
	for _, name := range p.Fields {
		if !slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, name) }) {
			columns = append(columns, name)
		}
	}
	return "SELECT " + strings.Join(columns, ", ") + p.from() + " ORDER BY " + p.field(), nil
}

// CountQuery is the SOQL for their number.
func (p Period) CountQuery() (string, error) {
	if err := p.Check(); err != nil {
		return "", err
	}
	return "SELECT COUNT()" + p.from(), nil
}

func (p Period) from() string {
	text := " FROM " + p.Object + " WHERE " + p.field() + " >= " + moment(p.From)
	if !p.To.IsZero() {
		text += " AND " + p.field() + " < " + moment(p.To)
	}
	return text
}

// moment is how SOQL writes a time: without quotes, in UTC.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// Links are pages of an org for people who would rather not write a query.
type Links struct {
	// List is the object's list views: a view with a filter on the date shows the
	// records. Reports is where a report with the same filter is made.
	List, Reports string
}

// LinksIn makes the links for the org at the base address instance. There is none
// for a text that is no address or a name that is none.
func (p Period) LinksIn(instance string) Links {
	u, err := url.Parse(instance)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" || p.Check() != nil {
		return Links{}
	}
	base := u.Scheme + "://" + u.Host
	return Links{List: base + "/lightning/o/" + p.Object + "/list", Reports: base + "/lightning/o/Report/home"}
}

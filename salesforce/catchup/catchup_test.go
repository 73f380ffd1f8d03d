package catchup

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var cutOff = time.Date(2026, 2, 23, 0, 0, 0, 0, time.UTC)

func TestQueriesOfAPeriod(t *testing.T) {
	for _, c := range []struct {
		p           Period
		rows, count string
	}{
		{
			Period{Object: "Account", From: cutOff},
			"SELECT Id, LastModifiedDate FROM Account WHERE LastModifiedDate >= 2026-02-23T00:00:00Z ORDER BY LastModifiedDate",
			"SELECT COUNT() FROM Account WHERE LastModifiedDate >= 2026-02-23T00:00:00Z",
		},
		{
			Period{Object: "swft__Parcel__c", Field: "CreatedDate", From: cutOff.In(time.FixedZone("", 3600)), To: cutOff.AddDate(0, 1, 0), Fields: []string{"Id", "Name", "createddate", "swft__Tracking_Number__c"}},
			"SELECT Id, CreatedDate, Name, swft__Tracking_Number__c FROM swft__Parcel__c WHERE CreatedDate >= 2026-02-23T00:00:00Z AND CreatedDate < 2026-03-23T00:00:00Z ORDER BY CreatedDate",
			"SELECT COUNT() FROM swft__Parcel__c WHERE CreatedDate >= 2026-02-23T00:00:00Z AND CreatedDate < 2026-03-23T00:00:00Z",
		},
	} {
		if got, err := c.p.Query(); err != nil || got != c.rows {
			t.Errorf("%v\ngot  %s\nwant %s", err, got, c.rows)
		}
		if got, err := c.p.CountQuery(); err != nil || got != c.count {
			t.Errorf("%v\ngot  %s\nwant %s", err, got, c.count)
		}
	}
}

func TestHostileNamesBecomeNoQuestion(t *testing.T) {
	for _, name := range []string{"", "Account WHERE Name != ''", "Account--", "Account/../../x", "Account\n", "Account'", "Owner.Name", "SELECT Id FROM User"} {
		for what, p := range map[string]Period{"object": {Object: name}, "field": {Object: "Account", Fields: []string{name}}, "date": {Object: "Account", Field: name + "'"}} {
			p.From = cutOff
			if q, err := p.Query(); err == nil || q != "" || !errors.Is(err, ErrObject) && !errors.Is(err, ErrField) {
				t.Errorf("%s %q: %q %v", what, name, q, err)
			}
			if q, err := p.CountQuery(); err == nil || q != "" {
				t.Errorf("%s %q: %q", what, name, q)
			}
			if l := p.LinksIn("https://acme.my.salesforce.com"); l != (Links{}) {
				t.Errorf("%s %q: %+v", what, name, l)
			}
		}
	}
	if _, err := (Period{Object: "Account", From: cutOff, To: cutOff}).Query(); !errors.Is(err, ErrPeriod) {
		t.Errorf("got %v", err)
	}
}

func TestLinksStayInTheOrg(t *testing.T) {
	p := Period{Object: "Invoice__c", From: cutOff}
	if got := p.LinksIn("https://acme.my.salesforce.com/"); got.List != "https://acme.my.salesforce.com/lightning/o/Invoice__c/list" || got.Reports != "https://acme.my.salesforce.com/lightning/o/Report/home" {
		t.Errorf("got %+v", got)
	}
	for _, bad := range []string{"", "acme", "javascript:alert(1)", "https://u:p@acme.my.salesforce.com"} {
		if got := p.LinksIn(bad); got != (Links{}) {
			t.Errorf("%q: %+v", bad, got)
		}
	}
}

func FuzzQuery(f *testing.F) {
	f.Add("Account", "LastModifiedDate", "Name")
	f.Add("Account WHERE Id = ''", "x'", "a,b")
	f.Fuzz(func(t *testing.T, object, date, field string) {
		q, err := Period{Object: object, Field: date, From: cutOff, Fields: []string{field}}.Query()
		if err == nil && (strings.ContainsAny(q, "'\"\\;\n") || strings.Count(q, " FROM ") != 1 || strings.Count(q, " WHERE ") != 1) {
			t.Fatalf("%q", q)
		}
	})
}

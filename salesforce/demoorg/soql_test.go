package demoorg

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{
		"SELECT Id, CreatedBy.Name FROM SetupAuditTrail WHERE CreatedDate = LAST_N_DAYS:180 ORDER BY CreatedDate DESC NULLS LAST LIMIT 5 OFFSET 1",
		"select count() from User where (not IsActive = true) and (Name like 'a%\\_' or Id in ('x', null))",
		"SELECT Id FROM LoginHistory WHERE LoginTime >= 2026-02-23T00:00:00.000+0000",
		"SELECT a FROM b WHERE c != -1.5e3", "SELECT", "'", "SELECT Id FROM User WHERE Name LIKE '\\", "((((", "SELECT User.Name FROM User",
	} {
		f.Add(seed)
	}
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	s := &Server{o: Options{Now: func() time.Time { return now }}, org: newOrg(Options{})}
	s.logins.seed(s)
	s.tables()
	f.Fuzz(func(t *testing.T, statement string) {
		q, err := parseQuery(statement, now)
		var qe *queryError
		if err != nil {
			if !errors.As(err, &qe) {
				t.Fatalf("%v is no refusal", err)
			}
			if text := qe.pointed(statement); !strings.HasSuffix(text, qe.message) {
				t.Fatalf("message %q", text)
			}
			return
		}
		for _, api := range []catalog{s.objects, s.tooling} {
			res, err := api.run(q, nil)
			if err != nil {
				if !errors.As(err, &qe) {
					t.Fatalf("%v is no refusal", err)
				}
				_ = qe.pointed(statement)
				continue
			}
			if q.limit >= 0 && res.total > q.limit || q.count != (res.count >= 0) {
				t.Fatalf("%q gave %d rows", statement, res.total)
			}
			if rp := res.page(0, 2000, "/services/data/v66.0", ""); rp.status != 200 {
				t.Fatalf("%q answers %d", statement, rp.status)
			}
		}
	})
}

func TestDeepParenthesesAreRefused(t *testing.T) {
	for _, open := range []string{"(", "NOT "} {
		_, err := parseQuery("SELECT Id FROM User WHERE "+strings.Repeat(open, 10_000)+"Name = 'x'", time.Now())
		var qe *queryError
		if !errors.As(err, &qe) || qe.code != "MALFORMED_QUERY" {
			t.Errorf("%q: %v", open, err)
		}
	}
}

func TestLikeAndQuotes(t *testing.T) {
	s := start(t, Options{})
	for where, want := range map[string]int{
		"Name LIKE 'nina%'": 1, "Name LIKE '_ina Berg'": 1, "Name LIKE 'Nina'": 0, "Name LIKE '%\\%%'": 0, "Name LIKE '%.%'": 0,
		"Name = 'NINA BERG'": 1, "Alias IN ('nberg', 'swift', 'nobody')": 2, "Name = 'O\\'Hara'": 0, "Name != null AND CreatedDate < 2026-01-01T00:00:00Z": 7, "Name > 'n'": 3,
	} {
		if r := found(t, ask(t, s, "query", "SELECT Id FROM User WHERE "+where)); r.TotalSize != want {
			t.Errorf("%s: %d rows, want %d", where, r.TotalSize, want)
		}
	}
}

func TestOrderPutsNullsFirstUnlessTold(t *testing.T) {
	s := start(t, Options{})
	for order, want := range map[string]any{"ASC": nil, "DESC": nil, "DESC NULLS LAST": "swft", "ASC NULLS LAST": "swft"} {
		r := found(t, ask(t, s, "tooling/query", "SELECT NamespacePrefix FROM WorkflowOutboundMessage ORDER BY NamespacePrefix "+order+", Id LIMIT 1"))
		if got := r.Records[0]["NamespacePrefix"]; got != want {
			t.Errorf("%s: first is %v", order, got)
		}
	}
}

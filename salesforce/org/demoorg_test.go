package org_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce/demoorg"
	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
)

func demo(t testing.TB, o demoorg.Options) (*demoorg.Server, signin.Token) {
	t.Helper()
	s, err := demoorg.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, signin.Token{Access: s.Token(), InstanceURL: s.URL(), OrgID: demoorg.OrgID}
}

func TestTheBuiltInOrg(t *testing.T) {
	_, token := demo(t, demoorg.Options{})
	c := org.New(token, org.Options{Alias: "demo"})
	id, err := c.Identity(t.Context())
	if err != nil || id.OrgID != demoorg.OrgID || id.Username != demoorg.Username || id.OrganizationName != demoorg.OrgName {
		t.Fatalf("%+v, %v", id, err)
	}
	var last org.Progress
	found, err := c.Scan(t.Context(), func(p org.Progress) { last = p })
	if err != nil || !found.Source.Complete || len(found.Problems) != 0 || len(found.Messages) < 10 {
		t.Fatalf("%v, %+v", err, found)
	}
	if last.Read != last.Known || last.Limit.Max == 0 {
		t.Errorf("last report %+v", last)
	}
	packaged := 0
	for _, m := range found.Messages {
		if m.IncludeSessionID == nil || *m.IncludeSessionID {
			t.Errorf("%s: the flag should read false after the cut-off", m.Key())
		}
		if len(m.ID) != 18 || m.CreatedAt.IsZero() || m.ModifiedAt.IsZero() || m.EndpointURL == "" || !strings.HasPrefix(m.File, "workflows/") {
			t.Errorf("incomplete: %+v", m)
		}
		if m.Namespace() != "" && m.ManageableState == "installed" {
			packaged++
		}
	}
	if packaged == 0 {
		t.Error("the packaged message was not recognised")
	}
}

func TestTheBuiltInOrgAtEverySize(t *testing.T) {
	for _, n := range []int{1, 10, 200, 2001} {
		_, token := demo(t, demoorg.Options{Messages: n, Before: true})
		found, err := org.New(token, org.Options{}).Scan(t.Context(), nil)
		if err != nil || len(found.Messages) != n || !found.Source.Complete || len(found.Users) < n/2 || found.Source.Calls > 22 {
			t.Errorf("%d: %v, %d messages, %+v", n, err, len(found.Messages), found.Source)
		}
	}
}

func TestTheBuiltInOrgRefusesStrangers(t *testing.T) {
	_, token := demo(t, demoorg.Options{})
	token.Access = "00D5g000001NwTr!AQwrong"
	if _, err := org.New(token, org.Options{}).Scan(t.Context(), nil); !errors.Is(err, org.ErrExpired) {
		t.Errorf("got %v", err)
	}
}

// BenchmarkScan200 is the number of docs/performance.md: 200 messages, every
// answer 120 ms late.
func BenchmarkScan200(b *testing.B) {
	_, token := demo(b, demoorg.Options{Messages: 200, Latency: 120 * time.Millisecond})
	for b.Loop() {
		found, err := org.New(token, org.Options{}).Scan(b.Context(), nil)
		if err != nil || len(found.Messages) != 200 {
			b.Fatal(err)
		}
		b.ReportMetric(float64(found.Source.Calls), "calls")
	}
}

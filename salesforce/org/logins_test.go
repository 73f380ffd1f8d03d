package org_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce/catchup"
	"sidestep/salesforce/credentials"
	"sidestep/salesforce/demoorg"
	"sidestep/salesforce/logins"
	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// receiver signs in as the hub does and gives its token.
func receiver(t *testing.T, s *demoorg.Server) signin.Token {
	t.Helper()
	tok, err := credentials.Request{Flow: credentials.ClientCredentials, Host: s.URL(), ClientID: demoorg.HubKey, Secret: demoorg.HubSecret}.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func TestLoginsOfAReceiverAreSeen(t *testing.T) {
	now := noon
	s, token := demo(t, demoorg.Options{Now: func() time.Time { return now }})
	c := org.New(token, org.Options{})
	h, err := c.Logins(t.Context(), demoorg.HubUser, noon.AddDate(0, 0, -7))
	if err != nil || h.NoLogins != nil || len(h.Logins) != 0 || logins.Assess(h).Seen || !h.Active || h.UserID == "" {
		t.Fatalf("%v %+v", err, h)
	}
	tok := receiver(t, s)
	if err := org.New(tok, org.Options{}).AcceptsREST(t.Context()); err != nil {
		t.Fatal(err)
	}
	h, err = c.Logins(t.Context(), strings.ToUpper(demoorg.HubUser), noon.AddDate(0, 0, -7))
	if err != nil || len(h.Logins) != 1 || len(h.Uses) != 0 || len(h.Days) != 1 || h.NoUses != nil {
		t.Fatalf("%v %+v", err, h)
	}
	l := h.Logins[0]
	if !l.At.Equal(noon) || l.Way() != logins.OAuth || !l.Succeeded() || l.Application != "Integration Hub" || l.SubType != "OauthClientCredentials" || l.Address == "" {
		t.Errorf("%+v", l)
	}
	if a := logins.Assess(h); !a.Seen || h.Username != demoorg.HubUser {
		t.Errorf("%+v", a)
	}
	// The calls are in the log of the day, which is there a day later.
	now = now.AddDate(0, 0, 1)
	h, err = c.Logins(t.Context(), demoorg.HubUser, noon.AddDate(0, 0, -7))
	if err != nil || len(h.Uses) != 1 || h.Uses[0].Application != "Integration Hub" || h.Uses[0].Calls != 1 || h.Uses[0].Succeeded != 1 || h.Uses[0].Family != "REST" {
		t.Errorf("%v %+v", err, h.Uses)
	}
	// Logins before the day are of no interest.
	if h, err = c.Logins(t.Context(), demoorg.HubUser, now); err != nil || len(h.Logins) != 0 {
		t.Errorf("%v %+v", err, h)
	}
}

func TestSOAPLoginsAreStillThere(t *testing.T) {
	_, token := demo(t, demoorg.Options{Now: func() time.Time { return noon }})
	h, err := org.New(token, org.Options{}).Logins(t.Context(), "erp@northwind.example", noon.AddDate(0, -2, 0))
	a := logins.Assess(h)
	if err != nil || a.Seen || len(a.Retiring) != 1 || a.Retiring[0].Way() != logins.SOAPLogin || len(h.Uses) != 1 || h.Uses[0].Application != "" || h.Uses[0].Calls != 6 {
		t.Errorf("%v %+v %+v", err, a, h.Uses)
	}
}

// TestEachSourceIsMissingByItself: a right that is missing must not look like
// somebody who never came.
func TestEachSourceIsMissingByItself(t *testing.T) {
	options := func(permissions ...string) demoorg.Options {
		return demoorg.Options{Now: func() time.Time { return noon }, Users: map[string]demoorg.Account{demoorg.HubUser: {Permissions: permissions}}}
	}
	for name, c := range map[string]struct {
		o                demoorg.Options
		noLogins, noUses string
	}{
		"no rights":            {options(), "may not read the logins of others", "may not read event log files"},
		"logins only":          {options("ManageUsers"), "", "may not read event log files"},
		"event logs only":      {options("ViewEventLogFiles"), "may not read the logins of others", ""},
		"the query is refused": {faulty(options("ViewEventLogFiles"), "LoginHistory", demoorg.Refuse(400, "INVALID_TYPE", "sObject type 'LoginHistory' is not supported.")), "may not read the logins of others", ""},
		"the logs are away":    {faulty(options("ManageUsers"), "EventLogFile", demoorg.Refuse(500, "UNEXPECTED", "oh")), "", "the org refused the question"},
		"half of the logins":   {faulty(options("ManageUsers", "ViewEventLogFiles"), "FROM LoginHistory WHERE UserId =", lostLogin), "it holds 0 of 1 rows", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := demo(t, c.o)
			h, err := org.New(receiver(t, s), org.Options{}).Logins(t.Context(), "finance.api@northwind.example", noon.AddDate(0, 0, -5))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range []struct {
				what string
				got  *logins.Missing
				want string
			}{{"logins", h.NoLogins, c.noLogins}, {"calls", h.NoUses, c.noUses}} {
				if (m.got == nil) != (m.want == "") || m.got != nil && (!strings.Contains(m.got.Why, m.want) || m.got.Hint == "") {
					t.Errorf("%s: %+v, want %q", m.what, m.got, m.want)
				}
			}
			if c.noLogins == "" && len(h.Logins) != 1 || c.noUses == "" && len(h.Uses) != 1 {
				t.Errorf("%+v", h)
			}
		})
	}
}

func lostLogin(w http.ResponseWriter, r *http.Request, next http.Handler) {
	demoorg.LostRow()(w, r, next)
}

// faulty plays something instead of the queries that hold a text.
func faulty(o demoorg.Options, text string, p demoorg.Play) demoorg.Options {
	o.Faults = []demoorg.Fault{{On: "query*", Play: play(text, p)}, {On: "query/*", Play: play(text, p)}}
	return o
}

func play(text string, p demoorg.Play) demoorg.Play {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if q, _ := url.QueryUnescape(r.URL.RawQuery); strings.Contains(q, text) {
			p(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}
}

func TestOnesOwnLoginsNeedNoRight(t *testing.T) {
	s, _ := demo(t, demoorg.Options{Now: func() time.Time { return noon }})
	h, err := org.New(receiver(t, s), org.Options{}).Logins(t.Context(), demoorg.HubUser, noon.AddDate(0, 0, -1))
	if err != nil || h.NoLogins != nil || len(h.Logins) != 1 || h.NoUses == nil {
		t.Errorf("%v %+v", err, h)
	}
}

func TestLoginsOfNobody(t *testing.T) {
	_, token := demo(t, demoorg.Options{})
	c := org.New(token, org.Options{})
	for _, name := range []string{"nobody@northwind.example", "x' OR Username != '", ""} {
		_, err := c.Logins(t.Context(), name, noon)
		var hinted interface{ Hint() string }
		if !errors.As(err, &hinted) || !strings.Contains(err.Error(), "shows no user") {
			t.Errorf("%q: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Logins(ctx, demoorg.HubUser, noon); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestCountOfChangedRecords(t *testing.T) {
	s, token := demo(t, demoorg.Options{Now: func() time.Time { return noon }})
	cutOff := time.Date(2026, 2, 23, 0, 0, 0, 0, time.UTC)
	c := org.New(token, org.Options{})
	if n, err := c.Count(t.Context(), catchup.Period{Object: "Account", From: cutOff}); err != nil || n != 37 {
		t.Errorf("%d %v", n, err)
	}
	if n, err := c.Count(t.Context(), catchup.Period{Object: "account", From: cutOff, To: cutOff.AddDate(0, 0, 14)}); err != nil || n != 2 {
		t.Errorf("%d %v", n, err)
	}
	before := c.Calls()
	if _, err := c.Count(t.Context(), catchup.Period{Object: "Account WHERE Id != ''", From: cutOff}); !errors.Is(err, catchup.ErrObject) || c.Calls() != before {
		t.Errorf("got %v", err)
	}
	var no *org.APIError
	if _, err := org.New(receiver(t, s), org.Options{}).Count(t.Context(), catchup.Period{Object: "Lead", From: cutOff}); !errors.As(err, &no) || no.Code != "INVALID_TYPE" {
		t.Errorf("got %v", err)
	}
}

// TestACountWithoutANumberIsNoZero: the first promise is never a false all-clear.
func TestACountWithoutANumberIsNoZero(t *testing.T) {
	for _, body := range []string{"{}", `{"done":true}`, `{"totalSize":0}`, `{"totalSize":-1,"done":true}`, "[]", "<html>"} {
		_, token := demo(t, demoorg.Options{Faults: []demoorg.Fault{{On: "query", Play: func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { _, _ = w.Write([]byte(body)) }}}})
		if n, err := org.New(token, org.Options{}).Count(t.Context(), catchup.Period{Object: "Account", From: noon}); err == nil {
			t.Errorf("%s counts %d", body, n)
		}
	}
}

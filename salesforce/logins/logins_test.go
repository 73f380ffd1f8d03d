package logins

import (
	"strings"
	"testing"
	"time"
)

var cutOver = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)

func at(days int) time.Time { return cutOver.AddDate(0, 0, days).Add(9 * time.Hour) }

func oauth(days int) Login {
	return Login{At: at(days), Type: "Remote Access 2.0", SubType: "OauthClientCredentials", Application: "Integration Hub", Address: "198.51.100.80", Status: "Success"}
}

func TestWaysAreToldApartByValueAndByLabel(t *testing.T) {
	for _, c := range []struct {
		kind, sub, api string
		want           Way
	}{
		{"Remote Access 2.0", "OauthClientCredentials", "", OAuth},
		{"Oauth2", "OauthWebServer", "", OAuth},
		{"Remote Access 2.0", "", "", OAuth}, // JWT bearer: no subtype is documented
		{"Remote Access 2.0", "OauthHybridWebServer", "", OAuth},
		{"Remote Access 2.0", "OauthUsernamePassword", "", OAuthPassword},
		{"Other Apex API", "SoapApiLogin", "SOAP Partner", SOAPLogin},
		{"Other Apex API", "SOAP API", "", SOAPLogin},
		{"Partner Product", "", "SOAP Enterprise", SOAPLogin},
		{"Application", "", "", OtherWay},
		{"", "", "", OtherWay},
		{"Application", "SomethingNew", "", OtherWay},
	} {
		if got := (Login{Type: c.kind, SubType: c.sub, APIType: c.api}).Way(); got != c.want {
			t.Errorf("%q %q %q is %s, want %s", c.kind, c.sub, c.api, got, c.want)
		}
	}
}

func TestOneSuccessfulOAuthLoginIsEnough(t *testing.T) {
	a := Assess(History{Username: "hub@acme.example", Active: true, Since: cutOver, Logins: []Login{oauth(1), oauth(5), oauth(-1)}})
	if !a.Seen || len(a.OAuth) != 2 || !a.OAuth[0].At.Equal(at(5)) || len(a.Warnings) != 0 || !strings.Contains(a.Evidence, "twice since 2 November 2026, the last time on 7 November 2026 by Integration Hub from 198.51.100.80") {
		t.Errorf("%+v", a)
	}
}

func TestAbsenceIsNeverFailure(t *testing.T) {
	refused, before := oauth(3), oauth(-1)
	refused.Status = "User is not admin approved to access this app"
	password := oauth(2)
	password.SubType = "OauthUsernamePassword"
	soap := Login{At: at(4), Type: "Other Apex API", SubType: "SoapApiLogin", APIType: "SOAP Partner", Status: "Success", Address: "203.0.113.7"}
	hidden := &Missing{Why: "may not", Hint: "ask"}
	for name, c := range map[string]struct {
		h              History
		evidence, warn string
	}{
		"nothing at all":       {History{}, "no failure", ""},
		"only before":          {History{Logins: []Login{before}}, "no failure", ""},
		"refused":              {History{Logins: []Login{refused}}, "no failure", "refused on 5 November 2026 by Integration Hub from 198.51.100.80: User is not admin approved"},
		"by password":          {History{Logins: []Login{password}}, "no failure", "username-password flow (once"},
		"by SOAP login":        {History{Logins: []Login{soap}}, "no failure", "SOAP login() (once since 2 November 2026, the last time on 6 November 2026 from 203.0.113.7), which Salesforce is retiring"},
		"logins hidden":        {History{NoLogins: hidden}, "says nothing", ""},
		"everything hidden":    {History{NoLogins: hidden, NoUses: hidden}, "nothing is known", ""},
		"calls without an app": {History{Uses: []APIUse{{Day: at(1), Calls: 9, Succeeded: 9}}}, "no failure", ""},
		"calls that failed":    {History{Uses: []APIUse{{Day: at(1), Application: "Hub", Calls: 9}}}, "no failure", ""},
	} {
		c.h.Username, c.h.Active, c.h.Since = "hub@acme.example", true, cutOver
		a := Assess(c.h)
		if a.Seen || !strings.Contains(a.Evidence, c.evidence) || (c.warn == "") != (len(a.Warnings) == 0) || c.warn != "" && !strings.Contains(a.Warnings[0], c.warn) {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestAPICallsOfAnAppAreSeenToo(t *testing.T) {
	a := Assess(History{
		Username: "hub@acme.example", Active: true, Since: cutOver, NoLogins: &Missing{},
		Uses: []APIUse{{Day: at(1), Application: "Hub", Calls: 3, Succeeded: 2}, {Day: at(2), Application: "Hub", Calls: 9, Succeeded: 8, Address: "198.51.100.80"}, {Day: at(3), Calls: 1, Succeeded: 1}},
	})
	if !a.Seen || !strings.Contains(a.Evidence, "8 successful API calls on 4 November 2026 by Hub from 198.51.100.80") {
		t.Errorf("%+v", a)
	}
}

func TestAnOldRefusalIsNoLongerAWarning(t *testing.T) {
	refused := oauth(1)
	refused.Status = "Restricted IP"
	a := Assess(History{Username: "hub@acme.example", Since: cutOver, Logins: []Login{refused, oauth(2)}})
	if len(a.Warnings) != 1 || a.Warnings[0] != "The user is deactivated." || len(a.Refused) != 1 {
		t.Errorf("%+v", a)
	}
}

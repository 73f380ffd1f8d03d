package email_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"sidestep/email"
	"sidestep/salesforce"
	"sidestep/state"
)

var today = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func on(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 9, 0, 0, 0, time.UTC)
}

// message is one as an org has it, with the evidence on which a verdict stands.
func message(object, name, label string, evidence ...salesforce.Evidence) state.MessageView {
	return state.MessageView{
		Message: salesforce.Message{
			Object: object, FullName: name, Label: label, APIVersion: 60,
			IntegrationUser: "integration@northwind.example", ID: "04k5g000000XyZaAAK",
		},
		Assessment: salesforce.Assess(evidence),
	}
}

func says(kind salesforce.EvidenceKind, flag bool, at time.Time) salesforce.Evidence {
	return salesforce.Evidence{Kind: kind, Says: &flag, At: at, Where: "/home/admin/backup.zip", Note: "asked admin@northwind.example"}
}

// vendorEndpoint is an endpoint with a secret, known and unknown messages.
func vendorEndpoint() state.EndpointView {
	url := "https://sf:pa55word@hooks.vendor.example/sf/00D5g000001AbCdEAK?key=SECRET&tenant=T-4711"
	backup := on(time.January, 14)
	return state.EndpointView{
		Endpoint: state.Endpoint{
			URL: url, Route: state.VendorContact, Vendor: "Shipwise GmbH",
			Owner: state.Contact{Name: "Jane Doe", Email: "support@vendor.example"},
			Notes: []state.Note{{Text: "internal: they are slow", By: "admin@northwind.example"}},
		},
		Address: salesforce.ParseEndpoint(url),
		Messages: []state.MessageView{
			message("Account", "Send_order", "Send order", says(salesforce.EvidenceZip, true, backup)),
			message("Order", "Order_shipped", "Order shipped", says(salesforce.EvidenceZip, true, backup)),
			message("Case", "Escalated", "Fall eskaliert (Österreich)"),
			message("Lead", "Quiet", "Quiet", says(salesforce.EvidenceZip, false, backup)),
		},
	}
}

func facts(v state.EndpointView) email.Facts {
	org := state.Org{ID: "00D5g000001AbCdEAK", Name: "Northwind Traders", Username: "admin@northwind.example", Instance: "https://northwind.my.salesforce.com"}
	sender := state.Contact{Name: "Jürgen Weiß", Email: "juergen.weiss@northwind.example"}
	return email.FactsAbout(org, []state.EndpointView{v}, sender, on(time.December, 7), today, email.Show{})
}

func draft(t *testing.T, kind email.Kind, lang email.Language, f email.Facts) state.Draft {
	t.Helper()
	d, err := email.BuiltIn().Draft(kind, lang, f)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// everyMail runs a test for each kind in each language.
func everyMail(t *testing.T, test func(*testing.T, email.Kind, email.Language)) {
	t.Helper()
	for _, lang := range email.Languages() {
		for _, kind := range email.Kinds() {
			t.Run(fmt.Sprintf("%s-%s", lang, kind), func(t *testing.T) { test(t, kind, lang) })
		}
	}
}

func show(d state.Draft) string {
	return "To: " + d.To + "\nSubject: " + d.Subject + "\n\n" + d.Body
}

func TestMail(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		v := vendorEndpoint()
		v.Drafts = map[string]state.Draft{
			"first":    {WrittenAt: on(time.November, 2)},
			"reminder": {WrittenAt: on(time.November, 16)},
		}
		golden.RequireEqual(t, show(draft(t, kind, lang, facts(v))))
	})
}

// Nothing but the kind is known: every sentence still has to read well.
func TestMailWithoutFacts(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		golden.RequireEqual(t, show(draft(t, kind, lang, email.Facts{})))
	})
}

// The rarer facts: what packages, old versions, plain http, an unmet deadline
// and every sort of evidence add.
func TestMailWithRareFacts(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		v := vendorEndpoint()
		v.Address = salesforce.ParseEndpoint("http://old.vendor.example:8080/sf")
		v.Receiver = state.CallsBack
		if kind == email.Thanks {
			v.Receiver = state.Ignores
		}
		packaged := message("Case", "acme__Send_case", "Send case", says(salesforce.EvidenceGit, true, on(time.February, 1)))
		packaged.APIVersion = 28
		v.Messages = []state.MessageView{
			message("Account", "Live", "Live", says(salesforce.EvidenceLive, true, today)),
			packaged,
			message("Account", "Scanned", "Scanned", says(salesforce.EvidenceScan, true, on(time.February, 3))),
			message("Account", "Undated", "Undated", says(salesforce.EvidenceFile, true, time.Time{})),
			message("Account", "Stated", "Stated", says(salesforce.EvidenceStated, true, today)),
			message("Account", "Removed", "Removed", says(salesforce.EvidenceZip, true, on(time.January, 14)),
				salesforce.Evidence{Kind: salesforce.EvidenceAbsent, At: today}),
		}
		f := facts(v)
		f.Due = on(time.November, 20)
		golden.RequireEqual(t, show(draft(t, kind, lang, f)))
	})
}

// several are two endpoints of a vendor that has not answered for long, with a
// package and another person to write to.
func several() email.Facts {
	first, second := vendorEndpoint(), vendorEndpoint()
	first.Drafts = map[string]state.Draft{"first": {WrittenAt: on(time.September, 1)}, "reminder": {WrittenAt: on(time.September, 21)}, "escalation": {WrittenAt: on(time.October, 19)}}
	first.Due = on(time.October, 1)
	second.Owner = state.Contact{Name: "Ivan Hill", Email: "ivan@vendor.example"}
	second.Address = salesforce.ParseEndpoint("http://old.vendor.example/sf")
	packaged, other := message("Case", "acme__Send_case", "Send case", says(salesforce.EvidenceGit, true, on(time.February, 1))), message("Case", "izar__Close", "Close")
	packaged.APIVersion = 28
	second.Messages = []state.MessageView{packaged, other}
	org := state.Org{ID: "00D5g000001AbCdEAK", Name: "Northwind Traders"}
	return email.FactsAbout(org, []state.EndpointView{first, second}, state.Contact{Name: "Jürgen Weiß"}, time.Time{}, today, email.Show{})
}

// Several endpoints in one mail, a packaged message, an old version, plain http,
// and no answer for weeks: the mail is firm, and says which message goes where.
func TestMailAboutSeveralLongOverdue(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		f := several()
		f.Manager = state.Contact{Name: "Maria Berg", Email: "maria.berg@northwind.example"}
		golden.RequireEqual(t, show(draft(t, kind, lang, f)))
	})
}

// What a vendor has answered is not asked for as if it had been silent: it named a day, it
// named none, and the day is over.
func TestMailAfterAnAnswer(t *testing.T) {
	for name, said := range map[string]state.Said{
		"day":     {Answered: on(time.November, 5), Promised: on(time.December, 18)},
		"no-day":  {Answered: on(time.November, 5)},
		"overdue": {Promised: on(time.November, 6)},
	} {
		t.Run(name, func(t *testing.T) {
			everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
				if kind != email.Reminder && kind != email.Escalation && kind != email.Manager {
					return
				}
				v := vendorEndpoint()
				v.Drafts = map[string]state.Draft{"first": {WrittenAt: on(time.September, 1)}}
				v.Due, v.Said = on(time.September, 15), said
				f := facts(v)
				f.Due = v.Due // long over
				golden.RequireEqual(t, show(draft(t, kind, lang, f)))
			})
		})
	}
}

// inTwoOrgs is what a consultant writes to a vendor that two of the orgs use.
func inTwoOrgs(show email.Show) email.Facts {
	other := vendorEndpoint()
	other.Address = salesforce.ParseEndpoint("https://hooks.vendor.example/initech?key=SECRET2")
	other.Owner = state.Contact{Name: "Someone Else", Email: "else@initech.example"}
	other.Drafts = map[string]state.Draft{"first": {WrittenAt: on(time.October, 5)}}
	there := email.FactsAbout(state.Org{ID: "00D5g000002ZyXwEAK", Name: "Initech\nGmbH"}, []state.EndpointView{other}, state.Contact{}, time.Time{}, today, show)
	here := vendorEndpoint()
	here.Drafts = map[string]state.Draft{"first": {WrittenAt: on(time.November, 2)}, "reminder": {WrittenAt: on(time.November, 9)}}
	org := state.Org{ID: "00D5g000001AbCdEAK", Name: "Northwind Traders"}
	return email.Together(email.FactsAbout(org, []state.EndpointView{here}, state.Contact{Name: "Jürgen Weiß"}, on(time.December, 7), today, show), there)
}

// One mail about two orgs: it names both, and tells which address is whose.
func TestMailAboutTwoOrgs(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		d := draft(t, kind, lang, inTwoOrgs(email.Show{}))
		for _, secret := range []string{"SECRET", "00D5g", "else@initech"} {
			if strings.Contains(show(d), secret) {
				t.Errorf("the mail tells %q", secret)
			}
		}
		golden.RequireEqual(t, show(d))
	})
}

func TestMailAboutTwoOrgsTellsBothIdsWhenAsked(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		text := show(draft(t, kind, lang, inTwoOrgs(email.Show{OrgID: true})))
		if one, other := strings.Contains(text, "00D5g000001AbCdEAK"), strings.Contains(text, "00D5g000002ZyXwEAK"); one != other {
			t.Errorf("one id is told, the other is not:\n%s", text)
		}
	})
}

func TestMailNeverTellsSecretsOrUsernames(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		mail := show(draft(t, kind, lang, facts(vendorEndpoint())))
		for _, secret := range []string{
			"pa55word", "SECRET", "4711", "00D5g000001AbCd", "admin@northwind", "integration@", "04k5g", "/home/admin", "they are slow", "my.salesforce.com",
		} {
			if strings.Contains(mail, secret) {
				t.Errorf("the mail tells %q", secret)
			}
		}
	})
}

func TestMailKeepsSecretsOfUnusableAddresses(t *testing.T) {
	for _, url := range []string{"hooks.vendor.example/sf?key=SECRET", "sf:SECRET@hooks.vendor.example", "https://u:SECRET@ /x", "https://%zz/?SECRET"} {
		v := vendorEndpoint()
		v.Address = salesforce.ParseEndpoint(url)
		if d := draft(t, email.First, email.English, facts(v)); strings.Contains(show(d), "SECRET") {
			t.Errorf("%s: the mail tells the secret", url)
		}
	}
}

func TestMailIsShortEnoughToBeRead(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		v := vendorEndpoint()
		for i := range 200 {
			v.Messages = append(v.Messages, message("Account", fmt.Sprintf("Message_%d", i), "Message"))
		}
		most := 45
		if lang == email.Japanese {
			most = 70 // its lines are broken by hand, as is the custom there
		}
		if n := strings.Count(draft(t, kind, lang, facts(vendorEndpoint())).Body, "\n"); n > most {
			t.Errorf("%d lines", n)
		}
		body := draft(t, kind, lang, facts(v)).Body
		if n := strings.Count(body, "\n- ") + strings.Count(body, "\n・"); n > 13 {
			t.Errorf("lists %d messages", n)
		}
		switch {
		case kind == email.Manager:
			if !strings.Contains(body, "203") {
				t.Errorf("does not say that it is about 203 messages:\n%s", body)
			}
		case kind != email.Thanks && !strings.Contains(body, "191"):
			t.Errorf("does not say that 191 messages are left out:\n%s", body)
		}
	})
}

// A message with a session id must not hide among harmless ones, and harmless
// ones are only told when there is nothing else.
func TestMailListsHarmlessMessagesOnlyAlone(t *testing.T) {
	v := vendorEndpoint()
	body := draft(t, email.First, email.English, facts(v)).Body
	if strings.Contains(body, "Quiet") || !strings.Contains(body, "Send_order") || !strings.Contains(body, "Escalated") {
		t.Errorf("lists the wrong messages:\n%s", body)
	}
	v.Messages = v.Messages[3:]
	body = draft(t, email.First, email.English, facts(v)).Body
	if !strings.Contains(body, "no session ID was sent with:\n- \"Quiet\"") {
		t.Errorf("does not list the harmless message:\n%s", body)
	}
}

// Backups of one day, taken a while apart as those of several orgs are, are one
// backup to whoever reads the mail: it is told of by its day.
func TestMailTellsOfADayOnce(t *testing.T) {
	v := vendorEndpoint()
	morning := on(time.January, 14)
	v.Messages = []state.MessageView{
		message("Account", "Early", "Early", says(salesforce.EvidenceZip, true, morning)),
		message("Account", "Late", "Late", says(salesforce.EvidenceZip, true, morning.Add(3*time.Hour))),
		message("Account", "Next", "Next", says(salesforce.EvidenceZip, true, morning.AddDate(0, 0, 1))),
	}
	body := draft(t, email.First, email.English, facts(v)).Body
	for day, want := range map[string]int{"our backup of 14 January 2026": 1, "our backup of 15 January 2026": 1} {
		if n := strings.Count(body, day); n != want {
			t.Errorf("%q stands %d times:\n%s", day, n, body)
		}
	}
}

// A file written after the cut-off holds an older truth, but not of that day.
func TestMailClaimsNoDateAfterTheCutOff(t *testing.T) {
	v := vendorEndpoint()
	v.Messages = []state.MessageView{message("Account", "Late", "Late", says(salesforce.EvidenceZip, true, on(time.June, 5)))}
	body := draft(t, email.First, email.English, facts(v)).Body
	if strings.Contains(body, "June") || !strings.Contains(body, "an older backup of ours") {
		t.Errorf("names the wrong day:\n%s", body)
	}
}

func TestHostileFactsStayInTheirLine(t *testing.T) {
	evil := "x\r\nBcc: evil@evil.example\n\n\x00\x1b]0;t\a\u202e=?utf-8?q?=0d=0aBcc:?= {{.Sender.Email}} " + strings.Repeat("y", 5000)
	c := state.Contact{Name: evil, Email: evil}
	message := email.Message{Label: evil, Object: evil, Name: evil, Namespace: evil, APIVersion: evil, User: evil, Retired: true, Basis: email.Unknown}
	f := email.Facts{Org: evil, OrgID: evil, Vendor: evil, Contact: c, Also: []state.Contact{c}, Manager: c, Sender: c, Endpoints: []email.Endpoint{
		{URL: evil, Host: evil, Messages: []email.Message{message}}, {URL: evil + "2", Host: evil},
	}}
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		d := draft(t, kind, lang, f)
		if strings.ContainsAny(d.Subject+d.To, "\r\n\x00\x1b") || strings.ContainsAny(d.Body, "\r\x00\x1b\u202e") {
			t.Errorf("control characters in the draft: %q", show(d))
		}
		for l := range strings.Lines(d.Subject + "\n" + d.Body) {
			if strings.HasPrefix(l, "Bcc:") {
				t.Errorf("a fact began a line of its own: %q", l)
			}
		}
		if len(d.Body) > 16_000 {
			t.Errorf("%d bytes: values are not cut", len(d.Body))
		}
	})
}

func TestDeadline(t *testing.T) {
	v := vendorEndpoint()
	v.Due = on(time.December, 24)
	for name, c := range map[string]struct {
		due, today time.Time
		want       string
	}{
		"given":            {on(time.December, 7), today, "by 7 December 2026"},
		"the endpoint's":   {time.Time{}, today, "by 24 December 2026"},
		"today is in time": {today.Add(-time.Hour), today, "by 23 November 2026"},
		"over":             {on(time.November, 22), today, "within the next two weeks"},
	} {
		t.Run(name, func(t *testing.T) {
			f := email.FactsAbout(state.Org{}, []state.EndpointView{v}, state.Contact{}, c.due, c.today, email.Show{})
			if body := draft(t, email.First, email.English, f).Body; !strings.Contains(body, c.want) {
				t.Errorf("does not say %q:\n%s", c.want, body)
			}
		})
	}
}

func TestGermanDates(t *testing.T) {
	for month, want := range map[time.Month]string{time.January: "3. Januar 2027", time.March: "3. März 2027", time.December: "3. Dezember 2027"} {
		f := email.Facts{Due: time.Date(2027, month, 3, 0, 0, 0, 0, time.UTC)}
		if body := draft(t, email.First, email.German, f).Body; !strings.Contains(body, "bis zum "+want) {
			t.Errorf("does not say %q", want)
		}
	}
}

func TestDraftRefusesUnknownWords(t *testing.T) {
	if _, err := email.BuiltIn().Draft("../first", email.English, email.Facts{}); err == nil || !strings.Contains(err.Error(), "first, reminder, escalation, owner, thanks") {
		t.Errorf("kind: %v", err)
	}
	if _, err := email.BuiltIn().Draft(email.First, "sv", email.Facts{}); err == nil || !strings.Contains(err.Error(), "en, de, fr, es, it, pt, nl, ja") {
		t.Errorf("language: %v", err)
	}
}

func TestDraftSaysWhatItIs(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		d := draft(t, kind, lang, facts(vendorEndpoint()))
		to := "support@vendor.example"
		if kind == email.Manager {
			to = "" // the vendor must not read what is said about it inside
		}
		if d.Kind != string(kind) || d.Language != string(lang) || d.To != to || d.Edited || !d.WrittenAt.IsZero() {
			t.Errorf("%+v", d)
		}
		if kind.Label() == string(kind) && kind != email.Reminder && kind != email.Escalation || lang.Native() == string(lang) {
			t.Errorf("%s or %s has no name for the screen", kind, lang)
		}
	})
}

// Who pastes a name may paste a line break with it.
func TestFactsAreTrimmed(t *testing.T) {
	body := draft(t, email.First, email.English, email.Facts{Org: " Northwind\r\n\tTraders ", Contact: state.Contact{Name: "Jane  Doe\n"}}).Body
	if !strings.HasPrefix(body, "Hello Jane Doe,\n\nI look after Salesforce at Northwind Traders.") {
		t.Errorf("%q", body)
	}
}

func TestMailSaysThatTheAddressIsShortened(t *testing.T) {
	v := vendorEndpoint()
	for url, want := range map[string]bool{
		"https://h.example/sf": false, "https://h.example/sf?key=x": true, "https://u:p@h.example/sf": true, "https://h.example/00D5g000001AbCd/sf": true,
	} {
		v.Address = salesforce.ParseEndpoint(url)
		body := draft(t, email.First, email.English, facts(v)).Body
		if got := strings.Contains(body, "Secret parts of the address"); got != want || strings.Contains(body, "***") != want {
			t.Errorf("%s: %v, want %v", url, got, want)
		}
	}
}

func TestReminderNamesTheDayOfTheEarlierMail(t *testing.T) {
	for _, kind := range []string{"first", "owner"} {
		v := vendorEndpoint()
		v.Drafts = map[string]state.Draft{kind: {WrittenAt: on(time.November, 2)}}
		if body := draft(t, email.Reminder, email.English, facts(v)).Body; !strings.Contains(body, "On 2 November 2026 I wrote to you") {
			t.Errorf("after a mail of kind %s:\n%s", kind, body)
		}
	}
}

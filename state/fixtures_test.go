package state

import (
	"fmt"
	"testing"
	"time"

	"sidestep/salesforce"
)

var northwind = Org{ID: "00D5g000001AbCdEAK", Name: "Northwind", Username: "ann@northwind.example", Instance: "https://northwind.my.salesforce.com"}

// at is a moment of the test day, n minutes after ten.
func at(n int) time.Time {
	return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
}

func by(n int) Act { return Act{By: "ann", At: at(n)} }

func flagged(b bool) *bool { return &b }

// message is a definition as a source holds it: "Account.Send" to an address.
func message(object, name, url string, flag *bool) salesforce.Message {
	return salesforce.Message{
		Object: object, FullName: name, Label: name, EndpointURL: url, IncludeSessionID: flag,
		IntegrationUser: "integration@northwind.example", APIVersion: 60, Fields: []string{"Id", "Name"},
	}
}

// scan is what the org answered, n minutes after ten.
func scan(n int, messages ...salesforce.Message) salesforce.Findings {
	return salesforce.Findings{
		Source:   salesforce.Source{ID: northwind.ID, OrgID: northwind.ID, Kind: salesforce.SourceOrg, Name: "Northwind", At: at(n), Complete: true},
		Messages: messages,
	}
}

// backup is a folder of the day before the cut-off.
func backup(id string, messages ...salesforce.Message) salesforce.Findings {
	return salesforce.Findings{
		Source: salesforce.Source{
			ID: id, Kind: salesforce.SourceFolder, Name: id, At: at(0), AsOf: salesforce.Cutoff.AddDate(0, 0, -1), Complete: true,
		},
		Messages: messages,
	}
}

const (
	ordersURL = "https://hooks.example.com/orders"
	ordersKey = "hooks.example.com/orders"
	legacyURL = "https://legacy.example.net/in"
	legacyKey = "legacy.example.net/in"
)

// worked is a migration with two endpoints, of which the first was worked on.
func worked(t testing.TB) Migration {
	t.Helper()
	m := New(northwind, by(0))
	m, _ = m.Merge(scan(0, message("Account", "Send_order", ordersURL, flagged(false)), message("Case", "Old", legacyURL, flagged(false))), by(0))
	m = m.ChooseRoute(ordersKey, InternalFix, by(1)).ClassifyReceiver(ordersKey, CallsBack, by(2))
	m = m.MarkDone(ordersKey, Checklist(InternalFix, CallsBack)[0], by(3))
	m = m.AddNote(ordersKey, "Ask Bob \u202e about it\nsoon <b>", by(4))
	m = m.KeepDraft(ordersKey, Draft{Kind: "first", Language: "en", To: "bob@example.com", Subject: "Hello", Body: "Dear Bob"}, by(5))
	return m
}

// large is a migration of many messages on a thousand endpoints, each worked on.
func large(tb testing.TB, messages int) Migration {
	tb.Helper()
	var live, old []salesforce.Message
	var users []salesforce.User
	for i := range messages {
		n := i % 1000
		url := fmt.Sprintf("https://host%d.example.com/services/inbound/%d", n%97, n)
		msg := message("Account", fmt.Sprintf("Send_order_to_receiver_%d", i), url, flagged(false))
		msg.Fields = []string{"Id", "Name", "BillingCity", "BillingCountry", "OwnerId", "LastModifiedDate"}
		live = append(live, msg)
		msg.IncludeSessionID = flagged(i%3 != 0)
		msg.File = "force-app/main/default/workflows/Account.workflow-meta.xml"
		old = append(old, msg)
		users = append(users, salesforce.User{
			Type: salesforce.WorkflowRule, Name: fmt.Sprintf("Account.Order changed %d", i), Active: flagged(i%4 != 0),
			When: "immediately", Message: msg.Key(), File: msg.File,
		})
	}
	m := New(northwind, by(0))
	m, _ = m.Merge(scan(0, live...), by(0))
	f := backup("january", old...)
	f.Users = users
	m, _ = m.Merge(f, by(0))
	act := by(1)
	for key, e := range m.Endpoints {
		e.Route, e.Receiver, e.Owner = InternalFix, CallsBack, Contact{Name: "Bob Builder", Email: "bob@example.com"}
		e.Ticks = map[string]Tick{}
		for _, s := range Checklist(InternalFix, CallsBack)[:5] {
			e.Ticks[s.ID] = Tick{State: Done, At: act.At, By: act.By}
			e.History = append(e.History, Event{At: act.At, By: act.By, What: "done: " + s.Title})
		}
		e.Notes = []Note{{Text: "Bob says that it calls back with the session id, in two places.", At: act.At, By: act.By}}
		m.Endpoints[key] = e
	}
	return m
}

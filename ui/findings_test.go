package ui

import (
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

// today is the day on which all tests of the interface play.
var today = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// backupDay is the day of the source repository: before the cut-off.
var backupDay = time.Date(2026, 1, 17, 0, 0, 0, 0, time.UTC)

var yes, no = true, false

var northwind = state.Org{ID: "00D5g000001AbCdEAK", Name: "Northwind Traders", Username: "admin@northwind.example", Instance: "http://localhost:1"}

// Endpoints that the tests work on.
const (
	ordersKey    = "integration.northwind.example/sf/orders"
	customersKey = "integration.northwind.example/sf/customers"
	vendorKey    = "hooks.parcelwise.example/salesforce/shipments"
	deskKey      = "api.acmedesk.example/om/case"
)

var secretKey = salesforce.ParseEndpoint("https://mailer.example/in?key=S3CRET&list=7").Key

// msg is one definition of an outbound message.
func msg(object, name, label, url string, says *bool) salesforce.Message {
	return salesforce.Message{Object: object, FullName: name, Label: label, EndpointURL: url, IncludeSessionID: says,
		IntegrationUser: "integration@northwind.example", APIVersion: 60, Fields: []string{"Id", "Name"}, ID: "04k5g000000XyZaAAK"}
}

// liveFindings is the org after the cut-off: every flag is false.
func liveFindings() salesforce.Findings {
	return salesforce.Findings{
		Source: salesforce.Source{ID: northwind.ID, Kind: salesforce.SourceOrg, Name: northwind.Name, OrgID: northwind.ID, At: today, Calls: 4, Complete: true},
		Messages: []salesforce.Message{
			msg("Account", "Send_customer", "Send customer to ERP", "https://integration.northwind.example/sf/customers", &no),
			msg("Order", "Send_order", "Send order to ERP", "https://integration.northwind.example/sf/orders", &no),
			msg("Order", "Order_cancelled", "Order cancelled", "https://integration.northwind.example/sf/orders", &no),
			msg("Shipment__c", "Book_parcel", "Book parcel", "https://hooks.parcelwise.example/salesforce/shipments", &no),
			msg("Case", "acme__Sync_case", "Sync case", "https://api.acmedesk.example/om/case", &no),
			msg("Invoice__c", "Post_invoice", "Post invoice", "http://ledger.northwind.example:8080/post", &no),
			msg("Contact", "Newsletter", "Newsletter sign-up", "https://mailer.example/in?key=S3CRET&list=7", &no),
		},
	}
}

// incompleteFindings is a scan that could not read everything.
func incompleteFindings() salesforce.Findings {
	f := liveFindings()
	f.Source.Complete = false
	f.Problems = []salesforce.Problem{{Source: northwind.Name, File: "Opportunity", Message: "the org answered with a page of HTML"}}
	return f
}

// backupFindings is the source repository of January.
func backupFindings() salesforce.Findings {
	f := liveFindings()
	f.Source = salesforce.Source{ID: "files-1", Kind: salesforce.SourceZip, Name: "northwind-crm.zip", At: today, AsOf: backupDay, Complete: true}
	f.Messages = f.Messages[:6]
	for i := range f.Messages {
		f.Messages[i].IncludeSessionID = &yes
	}
	f.Messages[5].IncludeSessionID = &no
	f.Users = []salesforce.User{
		{Type: salesforce.WorkflowRule, Name: "Order.Order changed", Active: &yes, When: "immediately", Message: "Order.Send_order"},
		{Type: salesforce.Flow, Name: "Book parcel", Active: &yes, When: "record-triggered, after save", Message: "Shipment__c.Book_parcel"},
		{Type: salesforce.WorkflowRule, Name: "Order.Old rule", Active: &no, When: "immediately", Message: "Order.Order_cancelled"},
	}
	return f
}

// act is the admin, long enough ago for ages to be shown.
func act() state.Act { return state.Act{By: "Ann Admin", At: today.Add(-3 * time.Hour)} }

// scanned is the migration after a scan of the org.
func scanned() state.Migration {
	m, _ := state.New(northwind, act()).Merge(liveFindings(), act())
	return m
}

// evidenced is the migration with the org and its backup.
func evidenced() state.Migration {
	m, _ := scanned().Merge(backupFindings(), act())
	return m
}

// worked is the migration with some work done on the vendor's endpoint.
func worked() state.Migration {
	m := evidenced().ChooseRoute(vendorKey, state.VendorContact, act()).ClassifyReceiver(vendorKey, state.CallsBack, act())
	m = m.Assign(vendorKey, "Parcelwise", state.Contact{Name: "Ida Lund", Email: "ida@parcelwise.example"}, act())
	steps := state.Checklist(state.VendorContact, state.CallsBack)
	m = m.MarkDone(vendorKey, steps[0], act()).Skip(vendorKey, steps[1], "the contract says it all", act())
	return m.AddNote(vendorKey, "Ida is back on Monday", act())
}

// historyFindings are the commits of the org's repository: the vendor's message
// sent a session id until the change of February took it away.
func historyFindings() salesforce.Findings {
	f := salesforce.Findings{Source: salesforce.Source{ID: "git-1", Kind: salesforce.SourceGit, Name: "crm", At: act().At, Complete: true}}
	for _, m := range backupFindings().Messages {
		m.File, m.Commit = "force-app/main/default/workflows/"+m.Object+".workflow-meta.xml", strings.Repeat("9f3c2ab0", 5)
		old := m
		m.IncludeSessionID, m.At = new(false), salesforce.Cutoff.AddDate(0, 2, 0)
		old.At, old.Past, old.Remark, old.Commit = salesforce.Cutoff.AddDate(0, -1, 0), true, "on branch legacy", strings.Repeat("7e0a2457", 5)
		f.Messages = append(f.Messages, m, old)
	}
	return f
}

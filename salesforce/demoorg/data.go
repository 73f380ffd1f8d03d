package demoorg

import "time"

// northwindOrg is the believable org: a trading company with an integration hub
// and an old ERP of its own, and four vendors that its messages go to.
func northwindOrg() *org {
	o := &org{users: northwindUsers(), entities: northwindEntities()}
	o.index()
	northwindMessages(o)
	northwindRules(o)
	northwindFlows(o)
	northwindApprovals(o)
	northwindEntitlements(o)
	return o
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 9, 12+d, 44, 0, time.UTC)
}

func northwindUsers() []user {
	return []user{
		{newID("005", 901), Username, "Nina", "Berg", "nberg", "System Administrator", true, day(2016, 3, 1)},
		{newID("005", 902), "paul.okafor@northwind.example", "Paul", "Okafor", "pokaf", "System Administrator", false, day(2015, 6, 9)},
		{newID("005", 903), "integration@northwind.example", "Integration", "Hub", "ihub", "API Integration", true, day(2017, 1, 20)},
		{newID("005", 904), "erp@northwind.example", "ERP", "Interface", "erpif", "API Integration", true, day(2015, 7, 2)},
		{newID("005", 905), "swiftfreight@northwind.example", "SwiftFreight", "Connector", "swift", "API Integration", true, day(2021, 2, 11)},
		{newID("005", 906), "finance.api@northwind.example", "Finance", "API", "fapi", "API Integration", true, day(2019, 10, 4)},
		{newID("005", 907), "marketing.sync@northwind.example", "Marketing", "Sync", "msync", "API Integration", true, day(2018, 5, 15)},
		{newID("005", 950), HubUser, "Hub", "OAuth", "hoaut", "API Integration", true, day(2026, 11, 2)},
	}
}

func northwindEntities() []entity {
	return []entity{
		{"Account", "Account", "Account", "001"},
		{"Asset", "Asset", "Asset", "02i"},
		{"Case", "Case", "Case", "500"},
		{"Contact", "Contact", "Contact", "003"},
		{"Contract", "Contract", "Contract", "800"},
		{"Lead", "Lead", "Lead", "00Q"},
		{"Opportunity", "Opportunity", "Opportunity", "006"},
		{"Order", "Order", "Order", "801"},
		{"Quote", "Quote", "Quote", "0Q0"},
		{"Invoice__c", "Invoice", "01I5g000000Inv1", "a01"},
		{"Shipment__c", "Shipment", "01I5g000000Shp2", "a02"},
		{"swft__Parcel__c", "Parcel", "01I5g000000Prc3", "a03"},
	}
}

// The twelve endpoints on six hosts. The query of the ledger is a secret. To four
// of them nothing active sends any more: orders of old and reminders because what
// fires them is switched off, contracts and warranties because nothing does.
const (
	urlERP       = "http://erp.northwind.example:8080/soap/outbound"
	urlOrders    = "https://integration.northwind.example/sf/orders"
	urlQuotes    = "https://integration.northwind.example/sf/quotes"
	urlShipments = "https://hooks.swiftfreight.example/salesforce/v2/shipments"
	urlReturns   = "https://hooks.swiftfreight.example/salesforce/v2/returns"
	urlLedger    = "https://api.ledgerwise.example/inbound/sfdc?token=lw_live_9f27c41d8be05a63"
	urlMail      = "https://connect.mailharbor.example/sync/contacts"
	urlHelp      = "https://cases.helpline.example/sf/case-events"
	urlOldOrders = "http://erp.northwind.example:8080/soap/orders"
	urlReminders = "https://integration.northwind.example/sf/reminders"
	urlContracts = "https://integration.northwind.example/sf/contracts"
	urlWarranty  = "https://cases.helpline.example/sf/warranty"
)

// messageRow is one line of the table of messages.
type messageRow struct {
	object, name, label, url, sender string
	api                              version
	fields                           []string
	sends                            bool
	created, modified                time.Time
	note                             string
}

// northwindMessages writes the table of messages. The flag is that of the day
// before the cut-off.
func northwindMessages(o *org) {
	const hub, erp, swift, fin, mail = "integration@northwind.example", "erp@northwind.example", "swiftfreight@northwind.example", "finance.api@northwind.example", "marketing.sync@northwind.example"
	rows := []messageRow{
		{"Account", "Send_Account_to_ERP", "Customer master to ERP", urlERP, erp, 39, []string{"Id", "AccountNumber", "Name", "BillingCity", "BillingCountry"}, true, day(2017, 2, 14), day(2019, 8, 20), "ERP reads the credit limit back through the partner API."},
		{"Case", "Case_Milestone_Missed", "Tell Helpline: milestone missed", urlHelp, hub, 52, []string{"Id", "CaseNumber", "Priority", "Status"}, true, day(2021, 6, 3), day(2024, 11, 12), ""},
		{"Case", "swft__Return_Label", "SwiftFreight: return label", urlReturns, swift, 51, []string{"Id", "CaseNumber", "swft__Parcel__c"}, true, day(2021, 2, 11), day(2025, 9, 30), "Part of SwiftFreight Connect."},
		{"Contact", "Contact_Changed", "MailHarbor contact sync", urlMail, mail, 43, []string{"Id", "Email", "FirstName", "LastName", "HasOptedOutOfEmail"}, true, day(2018, 5, 16), day(2023, 4, 5), ""},
		{"Contract", "Contract_Signed", "Contract signed", urlContracts, hub, 45, []string{"Id", "ContractNumber", "AccountId"}, false, day(2019, 1, 22), day(2019, 1, 22), ""},
		{"Invoice__c", "Invoice_Issued", "Invoice to LedgerWise", urlLedger, fin, 48, []string{"Id", "Name", "Amount__c", "Due_Date__c"}, true, day(2020, 3, 9), day(2025, 1, 28), "Books the invoice and writes the ledger number back."},
		{"Invoice__c", "Invoice_Overdue", "Dunning to LedgerWise", urlLedger, fin, 48, []string{"Id", "Name", "Amount__c", "Due_Date__c"}, true, day(2020, 3, 10), day(2022, 7, 19), ""},
		{"Lead", "Lead_Created", "New lead to MailHarbor", urlMail, mail, 43, []string{"Id", "Company", "Email", "LeadSource"}, true, day(2018, 6, 1), day(2022, 2, 17), ""},
		{"Opportunity", "Opportunity_Won", "Create order in hub", urlOrders, hub, 46, []string{"Id", "AccountId", "Amount", "CloseDate"}, true, day(2019, 5, 27), day(2023, 10, 3), ""},
		{"Opportunity", "Renewal_Due", "Renewal due", urlQuotes, hub, 66, []string{"Id", "AccountId", "CloseDate"}, false, day(2026, 5, 12), day(2026, 5, 12), "New in the renewals project."},
		{"Order", "Order_Activated", "Order to fulfilment", urlOrders, hub, 47, []string{"Id", "OrderNumber", "AccountId", "EffectiveDate", "TotalAmount"}, true, day(2019, 9, 2), day(2025, 6, 24), "Fulfilment calls back for the order lines."},
		{"Order", "Legacy_Order_Export", "Order export (old)", urlOldOrders, erp, 24, []string{"Id", "OrderNumber"}, true, day(2015, 7, 3), day(2015, 7, 3), ""},
		{"Quote", "Quote_Approved", "Quote approved", urlQuotes, hub, 50, []string{"Id", "QuoteNumber", "GrandTotal"}, true, day(2020, 11, 5), day(2024, 3, 7), ""},
		{"Quote", "Quote_Rejected", "Quote rejected", urlQuotes, hub, 50, []string{"Id", "QuoteNumber"}, false, day(2020, 11, 5), day(2024, 3, 7), "Only a notice, the hub looks nothing up."},
		{"Shipment__c", "Shipment_Dispatched", "Book carrier", urlShipments, swift, 55, []string{"Id", "Name", "Carrier__c", "Weight_kg__c"}, true, day(2022, 8, 18), day(2025, 4, 2), ""},
		{"swft__Parcel__c", "Parcel_Delivered", "Parcel delivered", urlShipments, swift, 55, []string{"Id", "Name", "swft__Tracking_Number__c", "swft__Delivered_At__c"}, true, day(2022, 8, 18), day(2025, 4, 2), ""},
		{"Asset", "Asset_Registered", "Asset registered at Helpline", urlHelp, hub, 44, []string{"Id", "SerialNumber", "AccountId"}, true, day(2018, 9, 13), day(2021, 1, 8), ""},
		{"Quote", "Quote_Expiring", "Remind: quote expires", urlReminders, hub, 50, []string{"Id", "QuoteNumber", "ExpirationDate"}, true, day(2020, 11, 9), day(2022, 9, 1), ""},
		{"Asset", "Warranty_Check", "Warranty check at Helpline", urlWarranty, hub, 44, []string{"Id", "SerialNumber", "InstallDate"}, true, day(2018, 9, 13), day(2018, 9, 13), ""},
	}
	o.messages = make([]message, 0, len(rows))
	for i, r := range rows {
		m := message{Entity: o.entityByName[lower(r.object)], Def: outboundMessage{
			FullName: r.name, APIVersion: r.api, EndpointURL: r.url, Fields: r.fields,
			IncludeSessionID: r.sends, IntegrationUser: r.sender, Name: r.label,
		}}
		if r.note != "" {
			m.Def.Description = &r.note
		}
		m.component = o.made("04k", 4100+i*7, r.created, r.modified)
		switch r.name {
		case "swft__Return_Label":
			m.Namespace = "swft"
		case "Asset_Registered":
			m.OnlyBackup = true
		case "Lead_Created", "Contract_Signed":
			m.OnlyOrg = true
		case "Renewal_Due":
			m.OnlyOrg, m.Late = true, true
		}
		o.messages = append(o.messages, m)
	}
}

// made fills in what every component has. What is older than the present admin
// was made by her predecessor.
func (o *org) made(prefix string, n int, created, modified time.Time) component {
	by := &o.users[0]
	if created.Before(day(2018, 1, 1)) {
		by = &o.users[1]
	}
	return component{ID: newID(prefix, n), Created: created, Modified: modified, By: by}
}

package demoorg

import "time"

// installed is a package that the org has installed.
type installed struct {
	ID, PackageID, VersionID, FirstID string
	Name, Namespace, Publisher        string
	Version                           [4]float64
}

var installedPackages = []installed{
	{newID("0A3", 1), newID("033", 1), newID("04t", 9), newID("04t", 1), "SwiftFreight Connect", "swft", "SwiftFreight Ltd", [4]float64{3, 12, 0, 4}},
	{newID("0A3", 2), newID("033", 2), newID("04t", 22), newID("04t", 20), "MailHarbor for CRM", "mhbr", "MailHarbor Inc", [4]float64{5, 1, 2, 1}},
}

// packageTable is InstalledSubscriberPackage of the Tooling API. A package and its
// version hang on it and can't be filtered by (Tooling API guide,
// "SubscriberPackage": of its columns only Id is for WHERE).
func (s *Server) packageTable() *table {
	rows := func() []any { return pointers(installedPackages, nil) }
	packages := &table{name: "SubscriberPackage", rows: rows, columns: []column{
		id("Id", func(p *installed) string { return p.PackageID }),
		unfiltered(text("Name", func(p *installed) string { return p.Name })),
		unfiltered(text("NamespacePrefix", func(p *installed) string { return p.Namespace })),
		unfiltered(text("Description", func(*installed) string { return "" })),
	}}
	part := func(name string, i int) column {
		return unfiltered(number(name, func(p *installed) float64 { return p.Version[i] }))
	}
	versions := &table{name: "SubscriberPackageVersion", rows: rows, columns: []column{
		id("Id", func(p *installed) string { return p.VersionID }),
		unfiltered(text("Name", func(p *installed) string { return p.Name })),
		unfiltered(text("PublisherName", func(p *installed) string { return p.Publisher })),
		part("MajorVersion", 0), part("MinorVersion", 1), part("PatchVersion", 2), part("BuildNumber", 3),
		unfiltered(truth("IsBeta", func(*installed) bool { return false })),
	}}
	self := func(p *installed) *installed { return p }
	return s.needing("ViewSetup", &table{name: "InstalledSubscriberPackage", rows: rows, columns: []column{
		id("Id", func(p *installed) string { return p.ID }),
		id("SubscriberPackageId", func(p *installed) string { return p.PackageID }),
		relation("SubscriberPackage", packages, self),
		id("SubscriberPackageVersionId", func(p *installed) string { return p.VersionID }),
		relation("SubscriberPackageVersion", versions, self),
		id("MinPackageVersionId", func(p *installed) string { return p.FirstID }),
	}})
}

// audit is a row of SetupAuditTrail.
type audit struct {
	id, action, section, display string
	at                           time.Time
	by                           *user
	// late rows tell of what the org before the cut-off does not know.
	late bool
}

// auditTable reaches back 180 days, which no longer includes the cut-off. The
// codes for outbound messages are not documented: those here are invented.
func (s *Server) auditTable(users *table) *table {
	ago := func(n int) time.Time { return s.o.Now().UTC().Truncate(time.Minute).AddDate(0, 0, -n) }
	all := []audit{
		{action: "changedOutboundMessage", section: "Workflow Outbound Messages", display: "Changed outbound message Renewal due for object: Opportunity", at: ago(64), late: true},
		{action: "activatedInteractionDefVersion", section: "Flows", display: `Activated flow version #1 "Renewal due: ask for a quote"`, at: ago(63), late: true},
		{action: "PermSetAssign", section: "Manage Users", display: "Permission set LedgerWise API: assigned to user finance.api@northwind.example", at: ago(12)},
		{action: "insertExternalClientApplication", section: "External Client Apps", display: "Created External Client App LedgerWise", at: ago(12)},
		{action: "PermSetAssign", section: "Manage Users", display: "Permission set ERP write-back: assigned to user erp@northwind.example", at: ago(97)},
		{action: "changedOutboundMessage", section: "Workflow Outbound Messages", display: "Changed outbound message Order to fulfilment for object: Order", at: ago(31)},
		{action: "deletedOutboundMessage", section: "Workflow Outbound Messages", display: "Deleted outbound message Asset registered at Helpline for object: Asset", at: ago(150), late: true},
	}
	var rows []audit
	for i, r := range all {
		if r.id, r.by = newID("0Ym", 800+i), s.admin(); !r.late || !s.o.Before {
			rows = append(rows, r)
		}
	}
	return s.needing("ViewSetup", &table{name: "SetupAuditTrail", rows: func() []any { return pointers(rows, nil) }, columns: []column{
		id("Id", func(a *audit) string { return a.id }),
		text("Action", func(a *audit) string { return a.action }),
		unfiltered(text("Section", func(a *audit) string { return a.section })),
		unfiltered(text("Display", func(a *audit) string { return a.display })),
		moment("CreatedDate", func(a *audit) time.Time { return a.at }),
		id("CreatedById", func(a *audit) string { return a.by.ID }),
		relation("CreatedBy", users, func(a *audit) *user { return a.by }),
		unfiltered(text("DelegateUser", func(*audit) string { return "" })),
		unfiltered(text("CreatedByContext", func(*audit) string { return "" })),
		unfiltered(text("CreatedByIssuer", func(*audit) string { return "" })),
		unfiltered(text("ResponsibleNamespacePrefix", func(*audit) string { return "" })),
	}})
}

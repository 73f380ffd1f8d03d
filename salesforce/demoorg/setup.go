package demoorg

import "time"

// mayViewSetup is the permission View Setup and Configuration. Objects that need
// it are not supported for those who lack it, as Salesforce puts it.
func (u *user) mayViewSetup() bool {
	p := u.profile()
	return p != nil && p.Admin
}

// visibleTo is the part of a catalog that a user may query.
func (c catalog) visibleTo(u *user) catalog {
	if u == nil || u.mayViewSetup() {
		return c
	}
	seen := catalog{}
	for name, t := range c {
		if !t.setup {
			seen[name] = t
		}
	}
	return seen
}

// needsSetup marks a table that only those with View Setup and Configuration see.
func needsSetup(t *table) *table {
	t.setup = true
	return t
}

// permissionSet is a permission set; each profile owns one that holds its rights
// (Object Reference, "PermissionSet").
type permissionSet struct {
	ID, Name, Label string
	Profile         *profile
	SendsMessages   bool
}

// assignment gives a permission set to a user.
type assignment struct {
	ID   string
	User *user
	Set  *permissionSet
}

// permissionSets are those of the profiles, and two that were made by hand. The
// ERP's user got the right to send outbound messages with one of them: what it
// writes back can fire the same message again.
func (o *org) permissionSets() (sets []permissionSet, given []assignment) {
	for i := range profiles {
		p := &profiles[i]
		sets = append(sets, permissionSet{newID("0PS", 10+i), "X" + p.ID, p.ID, p, p.SendsMessages})
	}
	byHand := len(sets)
	sets = append(sets,
		permissionSet{ID: newID("0PS", 20), Name: "LedgerWise_API", Label: "LedgerWise API"},
		permissionSet{ID: newID("0PS", 21), Name: "ERP_write_back", Label: "ERP write-back", SendsMessages: true},
	)
	give := func(u *user, set *permissionSet) {
		given = append(given, assignment{newID("0Pa", 100+len(given)), u, set})
	}
	for i := range o.users {
		for j := range sets[:byHand] {
			if sets[j].Profile == o.users[i].profile() {
				give(&o.users[i], &sets[j])
			}
		}
	}
	give(o.userByName["finance.api@northwind.example"], &sets[byHand])
	give(o.userByName["erp@northwind.example"], &sets[byHand+1])
	return sets, given
}

// permissionTables are PermissionSet and PermissionSetAssignment.
func (s *Server) permissionTables(profiles, users *table) (sets, given *table) {
	all, assigned := s.org.permissionSets()
	sets = needsSetup(&table{name: "PermissionSet", rows: func() []any { return pointers(all, nil) }, columns: []column{
		id("Id", func(p *permissionSet) string { return p.ID }),
		text("Name", func(p *permissionSet) string { return p.Name }),
		text("Label", func(p *permissionSet) string { return p.Label }),
		truth("IsOwnedByProfile", func(p *permissionSet) bool { return p.Profile != nil }),
		relation("Profile", profiles, func(p *permissionSet) *profile { return p.Profile }),
		truth("PermissionsEnableNotifications", func(p *permissionSet) bool { return p.SendsMessages }),
	}})
	given = needsSetup(&table{name: "PermissionSetAssignment", rows: func() []any { return pointers(assigned, nil) }, columns: []column{
		id("Id", func(a *assignment) string { return a.ID }),
		id("AssigneeId", func(a *assignment) string { return a.User.ID }),
		relation("Assignee", users, func(a *assignment) *user { return a.User }),
		id("PermissionSetId", func(a *assignment) string { return a.Set.ID }),
		relation("PermissionSet", sets, func(a *assignment) *permissionSet { return a.Set }),
	}})
	return sets, given
}

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
func packageTable() *table {
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
	return needsSetup(&table{name: "InstalledSubscriberPackage", rows: rows, columns: []column{
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
	return needsSetup(&table{name: "SetupAuditTrail", rows: func() []any { return pointers(rows, nil) }, columns: []column{
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

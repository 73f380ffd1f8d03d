package demoorg

import (
	"slices"
	"strings"
)

// permissionSet gives rights to the users that it is assigned to. Each profile
// has one of its own, as in Salesforce.
type permissionSet struct {
	ID, Name, Label string
	profile         *profile // whose own it is, nil for one that is assigned
	permissions     []string // metadata names
	objects         map[string]access
	users           []string
}

// access is what one may do with an object.
type access struct {
	edit bool
	// fields that can be seen; nil is all of them. fixed ones can't be written.
	fields, fixed []string
}

// adminPermissions are those that the org asks for anywhere.
var adminPermissions = []string{"ApiEnabled", "ModifyAllData", "ModifyMetadata", "ViewSetup", "ManageUsers", "ViewEventLogFiles", "EnableNotifications"}

var permissionSets = []permissionSet{
	{ID: newID("0PS", 1), Name: "X00e_System_Administrator", profile: &profiles[0], permissions: adminPermissions},
	{ID: newID("0PS", 2), Name: "X00e_API_Integration", profile: &profiles[1], permissions: []string{"ApiEnabled"}},
	{ID: newID("0PS", 3), Name: "X00e_Standard_User", profile: &profiles[2], permissions: []string{"ApiEnabled", "EnableNotifications"}},
	{
		ID: newID("0PS", 11), Name: "Integration_Hub", Label: "Integration Hub", users: []string{HubUser, "integration@northwind.example"},
		objects: map[string]access{
			"Account": {edit: true}, "Order": {edit: true}, "Quote": {edit: true}, "Contract": {}, "Case": {},
			// The amount is somebody else's.
			"Opportunity": {edit: true, fixed: []string{"Amount"}},
		},
	},
	// What the ERP writes back as this user can fire the same message again.
	{ID: newID("0PS", 16), Name: "ERP_write_back", Label: "ERP write-back", users: []string{"erp@northwind.example"}, permissions: []string{"EnableNotifications"}},
	{ID: newID("0PS", 12), Name: "ERP_Interface", Label: "ERP Interface", users: []string{"erp@northwind.example"}, objects: map[string]access{"Account": {edit: true}, "Order": {}}},
	{
		ID: newID("0PS", 13), Name: "LedgerWise_API", Label: "LedgerWise API", users: []string{"finance.api@northwind.example"},
		objects: map[string]access{"Invoice__c": {edit: true, fixed: []string{"Amount__c"}}, "Account": {fields: []string{"Name", "AccountNumber"}}},
	},
	{ID: newID("0PS", 14), Name: "SwiftFreight", Label: "SwiftFreight", users: []string{"swiftfreight@northwind.example"}, objects: map[string]access{"Shipment__c": {edit: true}, "swft__Parcel__c": {edit: true}, "Case": {}}},
	{ID: newID("0PS", 15), Name: "MailHarbor", Label: "MailHarbor", users: []string{"marketing.sync@northwind.example"}, objects: map[string]access{"Contact": {edit: true}, "Lead": {edit: true}}},
}

// setsOf are a user's permission sets, that of the profile first.
func setsOf(u *user) []*permissionSet {
	var sets []*permissionSet
	for i := range permissionSets {
		if p := &permissionSets[i]; p.profile != nil && p.profile.Name == u.Profile || slices.Contains(p.users, u.Username) {
			sets = append(sets, p)
		}
	}
	return sets
}

// may reports whether a user has a permission, by its metadata name.
func (s *Server) may(u *user, permission string) bool {
	account := s.o.Users[u.Username]
	if permission == "ApiEnabled" && account.NoAPI {
		return false
	}
	return slices.Contains(account.Permissions, permission) ||
		slices.ContainsFunc(setsOf(u), func(p *permissionSet) bool { return slices.Contains(p.permissions, permission) })
}

// rightsOn adds up what a user may do with an object; false: not even see it.
func (s *Server) rightsOn(u *user, object string) (access, bool) {
	if s.may(u, "ModifyAllData") {
		return access{edit: true}, true
	}
	for _, p := range setsOf(u) {
		for name, a := range p.objects {
			if strings.EqualFold(name, object) {
				return a, true
			}
		}
	}
	return access{}, false
}

func (a access) sees(field string) bool {
	return a.fields == nil || slices.Contains(systemFields, field) || slices.ContainsFunc(a.fields, func(f string) bool { return strings.EqualFold(f, field) })
}

func (a access) writes(field string) bool {
	return a.edit && a.sees(field) && !slices.ContainsFunc(a.fixed, func(f string) bool { return strings.EqualFold(f, field) })
}

// as is the catalog's table as a user sees it, nil for one that the user does
// not know. nil is the org itself, which sees everything.
func (c catalog) as(u *user, name string) *table {
	t := c[lower(name)]
	if t == nil || t.view == nil || u == nil {
		return t
	}
	return t.view(t, u)
}

// only is the table with the rows that keep takes.
func (t *table) only(keep func(row any) bool) *table {
	part := *t
	part.whole = t
	part.rows = func() []any {
		return slices.DeleteFunc(t.rows(), func(row any) bool { return !keep(row) })
	}
	return &part
}

// needing shows a table to users with a permission. To others it is as if the
// object did not exist.
func (s *Server) needing(permission string, t *table) *table {
	t.view = func(t *table, u *user) *table {
		if s.may(u, permission) {
			return t
		}
		return nil
	}
	return t
}

// assignment is a row of PermissionSetAssignment.
type assignment struct {
	id  string
	set *permissionSet
	to  *user
}

// permissionColumns are the columns of the permissions that the org knows.
func permissionColumns[T any](has func(row T, permission string) bool) []column {
	var columns []column
	for _, p := range adminPermissions {
		columns = append(columns, truth("Permissions"+p, func(row T) bool { return has(row, p) }))
	}
	return columns
}

// rightsTables are PermissionSet and PermissionSetAssignment, which need View Setup
// and Configuration, and UserPermissionAccess, in which everybody finds what they
// have (Object Reference, under these names).
func (s *Server) rightsTables(users, profiles *table) []*table {
	sets := s.needing("ViewSetup", &table{name: "PermissionSet", rows: func() []any { return pointers(permissionSets, nil) }})
	sets.columns = append([]column{
		id("Id", func(p *permissionSet) string { return p.ID }),
		text("Name", func(p *permissionSet) string { return p.Name }),
		text("Label", func(p *permissionSet) string { return p.Label }),
		truth("IsOwnedByProfile", func(p *permissionSet) bool { return p.profile != nil }),
		id("ProfileId", func(p *permissionSet) string {
			if p.profile == nil {
				return ""
			}
			return p.profile.ID
		}),
		relation("Profile", profiles, func(p *permissionSet) *profile { return p.profile }),
	}, permissionColumns(func(p *permissionSet, permission string) bool { return slices.Contains(p.permissions, permission) })...)
	assignments := s.needing("ViewSetup", &table{name: "PermissionSetAssignment", rows: s.assignments})
	assignments.columns = []column{
		id("Id", func(a *assignment) string { return a.id }),
		id("AssigneeId", func(a *assignment) string { return a.to.ID }),
		relation("Assignee", users, func(a *assignment) *user { return a.to }),
		id("PermissionSetId", func(a *assignment) string { return a.set.ID }),
		relation("PermissionSet", sets, func(a *assignment) *permissionSet { return a.set }),
	}
	own := &table{name: "UserPermissionAccess", rows: func() []any { return pointers(s.org.users, nil) }}
	own.columns = append([]column{id("Id", func(u *user) string { return u.ID })}, permissionColumns(s.may)...)
	own.view = func(t *table, u *user) *table { return t.only(func(row any) bool { return row == u }) }
	return []*table{sets, assignments, own}
}

func (s *Server) assignments() []any {
	var rows []any
	for i := range s.org.users {
		u := &s.org.users[i]
		for _, p := range setsOf(u) {
			rows = append(rows, &assignment{newID("0Pa", 500+len(rows)), p, u})
		}
		// What an option gives comes by a permission set of its own.
		if extra := s.o.Users[u.Username].Permissions; len(extra) > 0 {
			set := &permissionSet{ID: newID("0PS", 90+i), Name: "Extra", Label: "Extra", permissions: extra}
			rows = append(rows, &assignment{newID("0Pa", 500+len(rows)), set, u})
		}
	}
	return rows
}

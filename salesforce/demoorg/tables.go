package demoorg

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// tables builds the objects of the REST and of the Tooling API.
func (s *Server) tables() {
	profiles := s.profileTable()
	users := s.userTable(profiles)
	s.objects = catalogOf(slices.Concat(
		s.recordTables(), s.rightsTables(users, profiles),
		[]*table{s.organizationTable(), users, profiles, s.loginTable(), s.eventLogTable(), s.auditTable(users), s.flowViewTable()},
	)...)
	s.tooling = s.toolingTables(users)
	s.tooling["user"], s.tooling["profile"], s.tooling["organization"] = users, profiles, s.objects["organization"]
}

func catalogOf(tables ...*table) catalog {
	c := catalog{}
	for _, t := range tables {
		c[lower(t.name)] = t
	}
	return c
}

type profile struct {
	ID, Name, License string
	// SendsMessages is the permission "Send Outbound Messages" (metadata name
	// EnableNotifications).
	SendsMessages, Admin bool
}

var profiles = []profile{
	{newID("00e", 1), "System Administrator", "100", true, true},
	{newID("00e", 2), "API Integration", "100", false, false},
	{newID("00e", 3), "Standard User", "100", true, false},
}

func (s *Server) profileTable() *table {
	return &table{name: "Profile", rows: func() []any { return pointers(profiles, nil) }, columns: []column{
		id("Id", func(p *profile) string { return p.ID }),
		text("Name", func(p *profile) string { return p.Name }),
		text("UserType", func(*profile) string { return "Standard" }),
		truth("PermissionsApiEnabled", func(*profile) bool { return true }),
		truth("PermissionsModifyAllData", func(p *profile) bool { return p.Admin }),
		truth("PermissionsModifyMetadata", func(p *profile) bool { return p.Admin }),
		truth("PermissionsViewSetup", func(p *profile) bool { return p.Admin }),
		truth("PermissionsEnableNotifications", func(p *profile) bool { return p.SendsMessages }),
	}}
}

func (u *user) profile() *profile {
	for i := range profiles {
		if profiles[i].Name == u.Profile {
			return &profiles[i]
		}
	}
	return nil
}

func (s *Server) userTable(profiles *table) *table {
	return &table{name: "User", rows: func() []any { return pointers(s.org.users, nil) }, columns: []column{
		id("Id", func(u *user) string { return u.ID }),
		text("Username", func(u *user) string { return u.Username }),
		text("Name", (*user).name),
		text("FirstName", func(u *user) string { return u.First }),
		text("LastName", func(u *user) string { return u.Last }),
		text("Alias", func(u *user) string { return u.Alias }),
		text("Email", func(u *user) string { return u.Username }),
		truth("IsActive", func(u *user) bool { return u.Active }),
		text("UserType", func(*user) string { return "Standard" }),
		text("TimeZoneSidKey", func(*user) string { return "Europe/Berlin" }),
		text("LocaleSidKey", func(*user) string { return "en_US" }),
		text("LanguageLocaleKey", func(*user) string { return "en_US" }),
		id("ProfileId", func(u *user) string { return u.profile().ID }),
		relation("Profile", profiles, (*user).profile),
		moment("CreatedDate", func(u *user) time.Time { return u.Created }),
	}}
}

// organization has a single row.
type organization struct{}

func (s *Server) organizationTable() *table {
	founded := day(2015, 6, 9)
	return &table{name: "Organization", rows: func() []any { return []any{organization{}} }, columns: []column{
		id("Id", func(organization) string { return OrgID }),
		text("Name", func(organization) string { return OrgName }),
		text("OrganizationType", func(organization) string { return "Enterprise Edition" }),
		text("InstanceName", func(organization) string { return "DEMO1" }),
		truth("IsSandbox", func(organization) bool { return false }),
		truth("IsReadOnly", func(organization) bool { return false }),
		cell(kindTime, "TrialExpirationDate", func(organization) any { return nil }),
		text("NamespacePrefix", func(organization) string { return "" }),
		text("LanguageLocaleKey", func(organization) string { return "en_US" }),
		text("DefaultLocaleSidKey", func(organization) string { return "en_US" }),
		text("TimeZoneSidKey", func(organization) string { return "Europe/Berlin" }),
		text("Country", func(organization) string { return "DE" }),
		text("PrimaryContact", func(organization) string { return "Nina Berg" }),
		moment("CreatedDate", func(organization) time.Time { return founded }),
	}}
}

// login is a row of LoginHistory.
type login struct {
	id, sourceIP, kind, subType, application, status, apiType, apiVersion, url string
	user                                                                       *user
	at                                                                         time.Time
}

// loginHistory grows with every sign-in to the org.
type loginHistory struct {
	mu   sync.Mutex
	made int
	rows []*login
}

// maxLogins bounds the history; the oldest rows are forgotten.
const maxLogins = 5000

func (h *loginHistory) add(l login) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.rows) == maxLogins {
		h.rows = h.rows[1:]
	}
	h.made++
	l.id = newID("0Ya", 7000+h.made)
	if l.sourceIP == "" {
		l.sourceIP = "127.0.0.1"
	}
	if l.url == "" {
		l.url = "northwind.my.salesforce.com"
	}
	h.rows = append(h.rows, &l)
}

func (h *loginHistory) list() []any {
	h.mu.Lock()
	defer h.mu.Unlock()
	rows := make([]any, len(h.rows))
	for i, l := range h.rows {
		rows[i] = l
	}
	return rows
}

// seed writes some history: the ledger's user moved to OAuth already, the ERP
// still uses SOAP login(), one receiver fails.
func (h *loginHistory) seed(s *Server) {
	u := func(name string) *user { return s.org.userByName[name+"@northwind.example"] }
	ago := func(d time.Duration) time.Time { return s.o.Now().Add(-d).UTC().Truncate(time.Second) }
	const hour = time.Hour
	h.add(login{user: u("erp"), at: ago(29 * 24 * hour), sourceIP: "203.0.113.7", kind: "Other Apex API", subType: "SoapApiLogin", application: "ERP Interface", status: "Success", apiType: "SOAP Partner", apiVersion: "39.0"})
	h.add(login{user: u("marketing.sync"), at: ago(20 * 24 * hour), sourceIP: "198.51.100.24", kind: "Remote Access 2.0", subType: "OauthWebServer", application: "MailHarbor", status: "User is not admin approved to access this app"})
	h.add(login{user: u("finance.api"), at: ago(9 * 24 * hour), sourceIP: "198.51.100.80", kind: "Remote Access 2.0", subType: "OauthClientCredentials", application: "LedgerWise", status: "Success"})
	h.add(login{user: u("finance.api"), at: ago(2 * 24 * hour), sourceIP: "198.51.100.80", kind: "Remote Access 2.0", subType: "OauthClientCredentials", application: "LedgerWise", status: "Success"})
	h.add(login{user: s.admin(), at: ago(7 * hour), sourceIP: "203.0.113.40", kind: "Application", application: "Browser", status: "Success"})
}

// loginTable follows the usage note of LoginHistory: what is not in its list
// can be selected, not filtered (Object Reference, "LoginHistory"). Who may not
// manage users sees their own rows.
func (s *Server) loginTable() *table {
	seen := func(t *table, u *user) *table {
		if s.may(u, "ManageUsers") || s.may(u, "MonitorLoginHistory") {
			return t
		}
		return t.only(func(row any) bool { return row.(*login).user == u })
	}
	return &table{name: "LoginHistory", rows: s.logins.list, view: seen, columns: []column{
		id("Id", func(l *login) string { return l.id }),
		id("UserId", func(l *login) string { return l.user.ID }),
		moment("LoginTime", func(l *login) time.Time { return l.at }),
		text("LoginType", func(l *login) string { return l.kind }),
		text("LoginUrl", func(l *login) string { return l.url }),
		text("TlsProtocol", func(*login) string { return "TLS 1.3" }),
		id("AuthenticationServiceId", func(*login) string { return "" }),
		text("CipherSuite", func(*login) string { return "TLS_AES_256_GCM_SHA384" }),
		text("CountryIso", func(*login) string { return "DE" }),
		id("NetworkId", func(*login) string { return "000000000000000AAA" }),
		truth("OptionsIsGet", func(l *login) bool { return l.kind == "Application" }),
		truth("OptionsIsPost", func(l *login) bool { return l.kind != "Application" }),
		unfiltered(text("LoginSubType", func(l *login) string { return l.subType })),
		unfiltered(text("Application", func(l *login) string { return l.application })),
		unfiltered(text("Status", func(l *login) string { return l.status })),
		unfiltered(text("SourceIp", func(l *login) string { return l.sourceIP })),
		unfiltered(text("ApiType", func(l *login) string { return l.apiType })),
		unfiltered(text("ApiVersion", func(l *login) string { return l.apiVersion })),
		unfiltered(text("ClientVersion", func(*login) string { return "" })),
		unfiltered(text("Browser", func(*login) string { return "" })),
		unfiltered(text("Platform", func(*login) string { return "" })),
	}}
}

// flowViewTable is FlowDefinitionView, plain SOQL's view of flows.
func (s *Server) flowViewTable() *table {
	rows := func() []any {
		return pointers(s.org.flows, func(f *flowVersion) bool { return s.org.present(&f.component) })
	}
	return &table{name: "FlowDefinitionView", rows: rows, columns: []column{
		id("Id", func(f *flowVersion) string { return f.DefinitionID }),
		text("DurableId", func(f *flowVersion) string { return f.DefinitionID }),
		text("ApiName", func(f *flowVersion) string { return f.Name }),
		text("Label", func(f *flowVersion) string { return f.Def.Label }),
		text("ProcessType", func(f *flowVersion) string { return f.Def.ProcessType }),
		text("TriggerType", func(f *flowVersion) string { t, _ := f.trigger(); return t }),
		text("TriggerObjectOrEventLabel", func(f *flowVersion) string {
			_, object := f.trigger()
			return s.org.entityByName[lower(object)].Label
		}),
		truth("IsActive", (*flowVersion).active),
		id("ActiveVersionId", (*flowVersion).activeID),
		id("LatestVersionId", func(f *flowVersion) string { return f.ID }),
		text("NamespacePrefix", func(f *flowVersion) string { return f.Namespace }),
		text("ManageableState", func(f *flowVersion) string { return f.manageableState() }),
		text("Builder", func(f *flowVersion) string {
			if f.Def.ProcessType == "Workflow" {
				return "Process Builder"
			}
			return "Flow Builder"
		}),
		truth("IsTemplate", func(*flowVersion) bool { return false }),
		text("LastModifiedBy", func(f *flowVersion) string { return f.By.name() }),
		moment("LastModifiedDate", func(f *flowVersion) time.Time { return f.Modified }),
	}}
}

func (f *flowVersion) activeID() string {
	if f.active() {
		return f.ID
	}
	return ""
}

// bareName is a full name without the package's namespace.
func bareName(name, namespace string) string { return strings.TrimPrefix(name, namespace+"__") }

package demoorg

import (
	"strings"
	"time"
)

// OrgID is the org's 18-character id; OrgName and Username are those of the
// company and of the admin who signs in.
const (
	OrgID    = "00D5g000001NwTrEAK"
	OrgName  = "Northwind Traders"
	Username = "admin@northwind.example"
)

// backupDate is when the source repository was last brought up to date: before
// the cut-off, so it still holds the flags as they were.
var backupDate = time.Date(2026, 1, 17, 18, 30, 0, 0, time.UTC)

// org is everything that the org holds. It never changes after it was made.
type org struct {
	before     bool
	users      []user
	entities   []entity
	messages   []message
	rules      []rule
	flows      []flowVersion
	approvals  []approval
	milestones []entitlement

	entityByName  map[string]*entity
	messageByName map[string]*message
	userByName    map[string]*user
}

type user struct {
	ID, Username, First, Last, Alias, Profile string
	Active                                    bool
	Created                                   time.Time
}

func (u *user) name() string { return strings.TrimSpace(u.First + " " + u.Last) }

// entity is an object: standard, custom or of a package.
type entity struct {
	Name, Label, DurableID, KeyPrefix string
}

// namespace of "swft__Parcel__c" is "swft"; "Shipment__c" has none.
func (e *entity) namespace() string {
	parts := strings.Split(e.Name, "__")
	if len(parts) == 3 {
		return parts[0]
	}
	return ""
}

// component is what every piece of metadata has.
type component struct {
	ID                string
	Namespace         string
	Created, Modified time.Time
	By                *user
	// OnlyBackup components were deleted from the org after the backup.
	OnlyBackup bool
	// OnlyOrg components are missing in the backup.
	OnlyOrg bool
	// Late components were created after the cut-off.
	Late bool
}

func (c *component) manageableState() string {
	if c.Namespace != "" {
		return "installed"
	}
	return "unmanaged"
}

// message holds the definition as it was before the cut-off: the flag is what
// nobody can ask the org any more.
type message struct {
	component
	Entity *entity
	Def    outboundMessage
}

func (m *message) fullName() string { return m.Entity.Name + "." + m.Def.FullName }

type rule struct {
	component
	Entity *entity
	Def    workflowRule
}

func (r *rule) fullName() string { return r.Entity.Name + "." + r.Def.FullName }

// flowVersion is a flow with the version that counts. ID is that of the version.
type flowVersion struct {
	component
	DefinitionID string
	Number       int
	Name         string
	Def          flow
}

func (f *flowVersion) active() bool { return f.Def.Status == "Active" }

func (f *flowVersion) trigger() (triggerType, object string) {
	if f.Def.Start == nil {
		return "", f.Def.Variables[0].ObjectType
	}
	return f.Def.Start.TriggerType, f.Def.Start.Object
}

type approval struct {
	component
	Entity *entity
	Name   string
	Def    approvalProcess
}

func (a *approval) fullName() string { return a.Entity.Name + "." + a.Name }

type entitlement struct {
	component
	Name string
	Def  entitlementProcess
}

// present reports whether the org holds the component today. Before the cut-off
// it held what was deleted since, and nothing that came later.
func (o *org) present(c *component) bool {
	if o.before {
		return !c.Late
	}
	return !c.OnlyBackup
}

// definition is the message as the org answers it: since the cut-off every flag
// reads false, whatever it was.
func (o *org) definition(m *message) outboundMessage {
	def := m.Def
	def.IncludeSessionID = def.IncludeSessionID && o.before
	return def
}

// index builds the look-ups. Names are told apart without regard to case.
func (o *org) index() {
	o.entityByName = make(map[string]*entity, len(o.entities))
	for i := range o.entities {
		o.entityByName[strings.ToLower(o.entities[i].Name)] = &o.entities[i]
	}
	o.userByName = make(map[string]*user, len(o.users))
	for i := range o.users {
		o.userByName[o.users[i].Username] = &o.users[i]
	}
	o.messageByName = make(map[string]*message, len(o.messages))
	for i := range o.messages {
		if m := &o.messages[i]; o.present(&m.component) {
			o.messageByName[strings.ToLower(m.fullName())] = m
		}
	}
}

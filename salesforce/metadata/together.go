package metadata

import (
	"cmp"
	"path"
	"strings"

	"sidestep/salesforce"
)

// Placed is a document that was read, and where it lies in its source.
type Placed struct {
	// Path has forward slashes.
	Path string
	Doc  Document
	File *File
}

// Together makes up what the files of a source only say together, and writes it
// into their users: which version of a flow is active, and whether and when a
// component fires that was split into files.
func Together(placed []Placed) {
	joinParts(placed)
	activateVersions(placed)
}

// context is what a part of a component says for the other parts.
type context struct {
	active *bool
	moment flowMoment
	// object is that of an entitlement process.
	object string
}

// add takes over what c does not say yet.
func (c *context) add(other context) {
	c.active = cmp.Or(c.active, other.active)
	c.object = cmp.Or(c.object, other.object)
	m, o := &c.moment, other.moment
	m.processType = cmp.Or(m.processType, o.processType)
	m.triggerType = cmp.Or(m.triggerType, o.triggerType)
	m.recordTriggerType = cmp.Or(m.recordTriggerType, o.recordTriggerType)
	m.frequency = cmp.Or(m.frequency, o.frequency)
	m.object = cmp.Or(m.object, o.object)
	m.builderTrigger = cmp.Or(m.builderTrigger, o.builderTrigger)
	m.scheduled = m.scheduled || o.scheduled
}

// joinParts tells the users in each part of a component what all parts say.
func joinParts(placed []Placed) {
	components := map[string]*context{}
	for _, p := range placed {
		if p.File.context == nil {
			continue
		}
		at := p.component()
		if components[at] == nil {
			components[at] = &context{}
		}
		components[at].add(*p.File.context)
	}
	for _, p := range placed {
		if p.File.context == nil {
			continue
		}
		c := components[p.component()]
		for i := range p.File.Users {
			c.tell(&p.File.Users[i])
		}
	}
}

// component names the component that a part belongs to: by its folder.
func (p Placed) component() string {
	dir := p.Path
	for range p.Doc.level {
		dir = path.Dir(dir)
	}
	return p.Doc.kind.root + " " + strings.ToLower(dir)
}

// tell completes a user that one part of the component told.
func (c *context) tell(u *salesforce.User) {
	u.Active = c.active
	switch u.Type {
	case salesforce.Flow:
		u.When = c.moment.words()
		if c.moment.object != "" && !strings.Contains(u.Message, ".") {
			u.Message = c.moment.object + "." + u.Message
		}
	case salesforce.EntitlementProcess:
		if _, name, ok := strings.Cut(u.Message, "."); ok && c.object != "" {
			u.Message = c.object + "." + name
		}
	}
}

// activateVersions tells of flows whose files don't say it whether they run.
// Before API version 44 a flow had a file for each version and another one, in a
// folder beside, that named the active one (Metadata API guide,
// "FlowDefinition"). Of a file that has no version in its name its own status
// says more.
func activateVersions(placed []Placed) {
	active := map[string]int{}
	for _, p := range placed {
		if v := p.File.ActiveVersion; v != nil {
			active[flowKey(p.Path, p.Doc.Name)] = *v
		}
	}
	if len(active) == 0 {
		return
	}
	for _, p := range placed {
		for i := range p.File.Users {
			u := &p.File.Users[i]
			if u.Type != salesforce.Flow {
				continue
			}
			name, version, numbered := FlowVersion(u.Name)
			runs, known := active[flowKey(p.Path, name)]
			switch {
			case !known:
			case numbered:
				u.Active = new(runs == version)
			case u.Active == nil && runs == 0:
				u.Active = new(false)
			}
		}
	}
}

// flowKey names a flow within the package that a file belongs to: flows and
// flowDefinitions lie side by side in it, and may hold folders of their own.
func flowKey(file, name string) string {
	dir := path.Dir(file)
	for at := dir; at != "." && at != "/"; at = path.Dir(at) {
		if base := path.Base(at); strings.EqualFold(base, "flows") || strings.EqualFold(base, "flowDefinitions") {
			dir = at
			break
		}
	}
	return path.Dir(dir) + "/" + strings.ToLower(name)
}

package demoorg

import (
	"slices"
	"time"
)

// toolingTables are the Tooling API's objects. WorkflowOutboundMessage has the
// documented columns and no more: there is neither EndpointUrl nor
// IncludeSessionId.
func (s *Server) toolingTables(users *table) catalog {
	o := s.org
	entities := &table{name: "EntityDefinition", noMore: true, rows: func() []any { return pointers(o.entities, nil) }, columns: []column{
		id("DurableId", func(e *entity) string { return e.DurableID }),
		text("QualifiedApiName", func(e *entity) string { return e.Name }),
		text("DeveloperName", func(e *entity) string { return developerName(e) }),
		text("Label", func(e *entity) string { return e.Label }),
		text("MasterLabel", func(e *entity) string { return e.Label }),
		text("NamespacePrefix", (*entity).namespace),
		text("KeyPrefix", func(e *entity) string { return e.KeyPrefix }),
		truth("IsWorkflowEnabled", func(*entity) bool { return true }),
		truth("IsCustomSetting", func(*entity) bool { return false }),
	}}
	messages := &table{name: "WorkflowOutboundMessage"}
	messages.rows = func() []any {
		return pointers(o.messages, func(m *message) bool { return o.present(&m.component) })
	}
	messages.columns = append(componentColumns(users, func(m *message) *component { return &m.component }),
		text("Name", func(m *message) string { return m.Def.Name }),
		cell(kindNumber, "ApiVersion", func(m *message) any { return m.Def.APIVersion }),
		id("EntityDefinitionId", func(m *message) string { return m.Entity.DurableID }),
		relation("EntityDefinition", entities, func(m *message) *entity { return m.Entity }),
		id("IntegrationUserId", func(m *message) string { return o.userByName[m.Def.IntegrationUser].ID }),
		document("FullName", func(m *message) any { return m.fullName() }),
		document("Metadata", func(m *message) any { return o.definition(m) }),
	)
	rules := &table{name: "WorkflowRule"}
	rules.rows = func() []any {
		return pointers(o.rules, func(r *rule) bool { return o.present(&r.component) })
	}
	rules.columns = append(componentColumns(users, func(r *rule) *component { return &r.component }),
		text("Name", func(r *rule) string { return bareName(r.Def.FullName, r.Namespace) }),
		text("TableEnumOrId", func(r *rule) string { return r.Entity.DurableID }),
		document("FullName", func(r *rule) any { return r.fullName() }),
		document("Metadata", func(r *rule) any { return r.Def }),
	)
	flows, definitions := s.flowTables(users)
	return catalogOf(entities, messages, rules, flows, definitions, s.packageTable())
}

func developerName(e *entity) string {
	name := bareName(e.Name, e.namespace())
	if len(name) > 3 && name[len(name)-3:] == "__c" {
		name = name[:len(name)-3]
	}
	return name
}

// componentColumns are the columns that every Tooling object with a definition has.
func componentColumns[T any](users *table, of func(T) *component) []column {
	return []column{
		id("Id", func(row T) string { return of(row).ID }),
		text("NamespacePrefix", func(row T) string { return of(row).Namespace }),
		text("ManageableState", func(row T) string { return of(row).manageableState() }),
		moment("CreatedDate", func(row T) time.Time { return of(row).Created }),
		id("CreatedById", func(row T) string { return of(row).By.ID }),
		relation("CreatedBy", users, func(row T) *user { return of(row).By }),
		moment("LastModifiedDate", func(row T) time.Time { return of(row).Modified }),
		id("LastModifiedById", func(row T) string { return of(row).By.ID }),
		relation("LastModifiedBy", users, func(row T) *user { return of(row).By }),
	}
}

// flowTables are Flow, a row for each version, and FlowDefinition. The org keeps
// one version of each.
func (s *Server) flowTables(users *table) (flows, definitions *table) {
	o := s.org
	rows := func() []any {
		return pointers(o.flows, func(f *flowVersion) bool { return o.present(&f.component) })
	}
	common := func(f *flowVersion) *component { return &f.component }
	flows = &table{name: "Flow", rows: rows}
	flows.columns = append(slices.DeleteFunc(componentColumns(users, common), func(c column) bool { return c.name == "NamespacePrefix" }),
		id("DefinitionId", func(f *flowVersion) string { return f.DefinitionID }),
		text("MasterLabel", func(f *flowVersion) string { return f.Def.Label }),
		text("ProcessType", func(f *flowVersion) string { return f.Def.ProcessType }),
		text("Status", func(f *flowVersion) string { return f.Def.Status }),
		number("VersionNumber", func(f *flowVersion) float64 { return float64(f.Number) }),
		cell(kindNumber, "ApiVersion", func(f *flowVersion) any { return f.Def.APIVersion }),
		document("FullName", func(f *flowVersion) any { return f.Name }),
		document("Metadata", func(f *flowVersion) any { return f.Def }),
	)
	definitions = &table{name: "FlowDefinition", rows: rows}
	definitions.columns = append(componentColumns(users, func(f *flowVersion) *component {
		c := f.component
		c.ID = f.DefinitionID
		return &c
	}),
		text("DeveloperName", func(f *flowVersion) string { return f.Name }),
		text("MasterLabel", func(f *flowVersion) string { return f.Def.Label }),
		text("Description", func(f *flowVersion) string { return f.Def.Description }),
		id("ActiveVersionId", (*flowVersion).activeID),
		id("LatestVersionId", func(f *flowVersion) string { return f.ID }),
		relation("ActiveVersion", flows, func(f *flowVersion) *flowVersion {
			if f.active() {
				return f
			}
			return nil
		}),
		relation("LatestVersion", flows, func(f *flowVersion) *flowVersion { return f }),
		document("FullName", func(f *flowVersion) any { return f.Name }),
	)
	flows.columns = append(flows.columns, relation("Definition", definitions, func(f *flowVersion) *flowVersion { return f }))
	return flows, definitions
}

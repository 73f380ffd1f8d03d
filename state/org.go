package state

import (
	"cmp"

	"sidestep/salesforce"
)

// Accepts says whether a source may be merged: nil, or a *WrongOrgError for a
// scan of another org. Whoever calls Merge asks first. Files name no org and are
// always accepted; work that began with files takes the first org that comes,
// and Adopt binds it to that one.
func (m Migration) Accepts(src salesforce.Source) error {
	if src.Kind != salesforce.SourceOrg || m.Org.ID == "" {
		return nil
	}
	org := cmp.Or(src.OrgID, src.ID)
	if sameOrg(m.Org.ID, org) {
		return nil
	}
	return &WrongOrgError{Work: m.Org, Source: src.Name, SourceOrg: org}
}

// Adopt binds work that began with files to an org, once and for good. The
// migration is then known by the org's id, and its next save moves the file to
// the new name. Of the org that it is bound to already it takes the present name
// and address, which change over the years; another org's it never takes.
func (m Migration) Adopt(org Org, act Act) Migration {
	switch {
	case org.ID == "" || m.Org == org:
		return m
	case m.Org.ID != "" && sameOrg(m.Org.ID, org.ID):
		org.ID = m.Org.ID
		m.Org = org
		return m.touched(act)
	case m.Org.ID != "":
		return m
	}
	m.Org, m.ID = org, org.ID
	return m.touched(act)
}

// sameOrg compares org ids of 15 or 18 characters. The last three only repeat
// which letters before them are capitals (Salesforce Help on id conversion).
func sameOrg(a, b string) bool {
	const short = 15
	if len(a) >= short && len(b) >= short {
		return a[:short] == b[:short]
	}
	return a == b
}

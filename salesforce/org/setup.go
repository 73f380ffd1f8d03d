package org

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/audit"
)

// maxTrail bounds the pages of the audit trail: 20,000 lines, the newest first.
const maxTrail = 10

// trailQuery reads all of the trail that is kept (Object Reference,
// "SetupAuditTrail"). What it is about can't be filtered by the org: neither
// Section nor Display may stand in a WHERE, and the codes of Action for outbound
// messages are not documented.
const trailQuery = "SELECT CreatedDate, CreatedBy.Name, Action, Section, Display, DelegateUser FROM SetupAuditTrail WHERE CreatedDate = LAST_N_DAYS:180 ORDER BY CreatedDate DESC"

type trailRow struct {
	CreatedDate                            string
	CreatedBy                              *struct{ Name string }
	Action, Section, Display, DelegateUser string
}

func (r trailRow) entry() salesforce.AuditEntry {
	e := salesforce.AuditEntry{At: date(r.CreatedDate), Action: r.Action, Section: r.Section, Display: r.Display, Delegate: r.DelegateUser}
	if r.CreatedBy != nil {
		e.By = r.CreatedBy.Name
	}
	return e
}

func (a *around) askTrail() error {
	first, err := query[trailRow](a.ctx, a.s.client, "", trailQuery)
	if err != nil {
		return err
	}
	var oldest time.Time
	err = pages(a.ctx, a.s.client, first, maxTrail, func(page rows[trailRow]) {
		for _, r := range page.Records {
			e := r.entry()
			if audit.Concerns(e) {
				a.trail = append(a.trail, e)
			}
			oldest = e.At
		}
	})
	if errors.Is(err, errHuge) {
		a.s.doubted(true, "", fmt.Sprintf("The org's Setup Audit Trail is long: it was read back to %s.", oldest.Format("2 January 2006")))
		return nil
	}
	return err
}

// packageQuery asks for the installed packages with everything that hangs on
// them; these can't be filtered by (Tooling API guide, "InstalledSubscriberPackage").
const packageQuery = "SELECT Id, SubscriberPackage.NamespacePrefix, SubscriberPackage.Name, SubscriberPackageVersion.MajorVersion, SubscriberPackageVersion.MinorVersion, SubscriberPackageVersion.PatchVersion%s FROM InstalledSubscriberPackage"

type packageRow struct {
	SubscriberPackage        *struct{ NamespacePrefix, Name string }
	SubscriberPackageVersion *struct {
		MajorVersion, MinorVersion, PatchVersion int
		PublisherName                            string
	}
}

func (r packageRow) installed() (salesforce.Package, bool) {
	if r.SubscriberPackage == nil || r.SubscriberPackage.NamespacePrefix == "" {
		return salesforce.Package{}, false // an unlocked package without a namespace
	}
	p := salesforce.Package{Namespace: r.SubscriberPackage.NamespacePrefix, Name: r.SubscriberPackage.Name}
	if v := r.SubscriberPackageVersion; v != nil {
		p.Publisher = v.PublisherName
		p.Version = fmt.Sprintf("%d.%d", v.MajorVersion, v.MinorVersion)
		if v.PatchVersion > 0 {
			p.Version += fmt.Sprintf(".%d", v.PatchVersion)
		}
	}
	return p, true
}

// askPackages asks for the publisher, too. The WSDL has that column, no guide says
// who may read it, and a name without a publisher is better than none.
func (a *around) askPackages() error {
	first, err := query[packageRow](a.ctx, a.s.client, "tooling/", fmt.Sprintf(packageQuery, ", SubscriberPackageVersion.PublisherName"))
	if codeOf(err) == "INVALID_FIELD" {
		first, err = query[packageRow](a.ctx, a.s.client, "tooling/", fmt.Sprintf(packageQuery, ""))
	}
	if err != nil {
		return err
	}
	return pages(a.ctx, a.s.client, first, maxTrail, func(page rows[packageRow]) {
		for _, r := range page.Records {
			if p, ok := r.installed(); ok {
				a.packages = append(a.packages, p)
			}
		}
	})
}

// askPages asks for the ids of what may fire a message, for links into Setup.
// Those of flows come with their versions.
func (a *around) askPages() (err error) {
	a.pages, err = a.s.client.list(a.ctx, a.version, string(salesforce.WorkflowRule), string(salesforce.ApprovalProcess), string(salesforce.EntitlementProcess))
	return err
}

// flowVersions is a row of FlowDefinition (Tooling API guide, "FlowDefinition").
type flowVersions struct {
	DeveloperName, NamespacePrefix string
	Active                         string `json:"ActiveVersionId"`
	Latest                         string `json:"LatestVersionId"`
}

// tell brings what the org says of its versions to a flow that was read from a
// file, which holds one version: the active one where there is one, as far as
// known. A message is only put aside on knowledge, so doubt leaves it open.
func (v flowVersions) tell(u *salesforce.User) {
	active, latest := id18(v.Active), id18(v.Latest)
	u.ID = cmp.Or(active, latest)
	said := u.Active
	switch {
	case active == "":
		u.Active = new(false)
		if said != nil && *said {
			u.Note = "The org has no active version of this flow, though its file says Active."
		}
	case said != nil && !*said:
		u.Active = nil
		u.Note = "The org runs another version of this flow than the one that was read. Whether that one fires the message can't be told."
	case said == nil && active == latest:
		u.Active = new(true)
	case active != latest:
		u.Note = "There is a newer version of this flow, which is not active."
	}
}

func (a *around) askFlows(names []string) error {
	a.versions = map[string]flowVersions{}
	for _, list := range lists(names) {
		first, err := query[flowVersions](a.ctx, a.s.client, "tooling/", "SELECT DeveloperName, NamespacePrefix, ActiveVersionId, LatestVersionId FROM FlowDefinition WHERE DeveloperName IN ("+list+")")
		if err == nil {
			err = pages(a.ctx, a.s.client, first, maxTrail, a.takeFlows)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *around) takeFlows(page rows[flowVersions]) {
	for _, v := range page.Records {
		a.versions[nameOf(v)] = v
	}
}

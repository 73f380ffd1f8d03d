package demoorg

import "fmt"

const (
	backupName = "northwind-crm.zip"
	backupPath = "/demo/source-repository.zip"
)

const projectFile = `{
  "packageDirectories": [{"path": "force-app", "default": true}],
  "name": "northwind-crm",
  "namespace": "",
  "sfdcLoginUrl": "https://login.salesforce.com",
  "sourceApiVersion": "65.0"
}
`

const readmeFile = `# northwind-crm

Metadata of the Northwind Traders production org, refreshed before every release.
Lead routing and contracts are kept elsewhere (see .forceignore).
`

const ignoreFile = `# owned by other teams
**/workflows/Lead.workflow-meta.xml
**/workflows/Contract.workflow-meta.xml
`

// sourceRepository is the org's source repository as it was on backupDate: a
// zip in source format with the flags of that day.
func (o *org) sourceRepository() ([]byte, error) {
	c := o.choose(func(c *component, _, _ string) bool {
		return !c.OnlyOrg && c.Created.Before(backupDate)
	})
	files, err := c.files("-meta.xml", func(m *message) outboundMessage { return m.Def })
	if err != nil {
		return nil, fmt.Errorf("write the source repository: %w", err)
	}
	for i := range files {
		files[i].path = "northwind-crm/force-app/main/default/" + files[i].path
	}
	files = append(files,
		file{"northwind-crm/.forceignore", []byte(ignoreFile)},
		file{"northwind-crm/README.md", []byte(readmeFile)},
		file{"northwind-crm/sfdx-project.json", []byte(projectFile)},
	)
	return pack(files, backupDate)
}

package files

import (
	"path"
	"strings"

	"sidestep/salesforce"
	"sidestep/salesforce/metadata"
)

// activate tells of flows whose files don't say it whether they run. Before API
// version 44 a flow had a file for each version and another one, in a folder
// beside, that named the active one (Metadata API guide, "FlowDefinition"). Of a
// file that has no version in its name its own status says more.
func activate(found *salesforce.Findings, files []candidate, results []parsed) {
	active := map[string]int{}
	for i, f := range files {
		if v := results[i].file.ActiveVersion; v != nil {
			active[flowKey(f.name, f.doc.Name)] = *v
		}
	}
	if len(active) == 0 {
		return
	}
	for i := range found.Users {
		u := &found.Users[i]
		if u.Type != salesforce.Flow {
			continue
		}
		name, version, numbered := metadata.FlowVersion(u.Name)
		runs, known := active[flowKey(u.File, name)]
		switch {
		case !known:
		case numbered:
			u.Active = new(runs == version)
		case u.Active == nil && runs == 0:
			u.Active = new(false)
		}
	}
}

// flowKey names a flow within the package that a file belongs to: flows and
// flowDefinitions lie side by side in it.
func flowKey(file, name string) string {
	return path.Dir(path.Dir(file)) + "/" + strings.ToLower(name)
}

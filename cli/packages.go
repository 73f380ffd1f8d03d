package cli

import (
	"path"
	"strings"

	"sidestep/salesforce"
)

// A source may hold several packages, such as a project in both layouts or the
// backups of several days, and each may define the same message and what fires
// it. A definition is then told with what its own package says.

// packages is what a source says of one message: in which packages it is
// defined, and what fires it.
type packages struct {
	defined map[string]bool
	users   []salesforce.User
}

// inPackages finds the messages that a source defines in more than one package,
// by their keys in lower case.
func inPackages(f salesforce.Findings) map[string]*packages {
	first, several := map[string]string{}, map[string]*packages{}
	for _, m := range f.Messages {
		key, root := strings.ToLower(m.Key()), packageOf(m.File)
		before, known := first[key]
		switch p := several[key]; {
		case !known:
			first[key] = root
		case p != nil:
			p.defined[root] = true
		case before != root:
			several[key] = &packages{defined: map[string]bool{before: true, root: true}}
		}
	}
	if len(several) == 0 {
		return nil
	}
	for _, u := range f.Users {
		if p := several[strings.ToLower(u.Message)]; p != nil {
			p.users = append(p.users, u)
		}
	}
	return several
}

// firing is what fires the definition in a file: what its own package has, and
// what lies in packages that don't define the message themselves.
func (p *packages) firing(file string) []salesforce.User {
	own := packageOf(file)
	users := []salesforce.User{}
	for _, u := range p.users {
		if root := packageOf(u.File); root == own || !p.defined[root] {
			users = append(users, u)
		}
	}
	return users
}

// packageOf is the folder of a package: the one that has the folders of the
// metadata types in it.
func packageOf(file string) string {
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		switch strings.ToLower(path.Base(dir)) {
		case "workflows", "flows", "approvalprocesses", "entitlementprocesses":
			return path.Dir(dir)
		}
	}
	return path.Dir(file)
}

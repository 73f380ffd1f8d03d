package cli

import (
	"path"
	"strings"

	"sidestep/salesforce"
)

// A source may hold several packages, such as a project in both layouts or the
// backups of several days, and each may define the same message, or what fires
// it. A definition is then told with what its own package says.

// packages is what a source says of one message: in which packages it is
// defined, and what fires it.
type packages struct {
	defined map[string]bool
	users   []salesforce.User
}

// inPackages finds the messages of which a source speaks in more than one
// package, by their keys in lower case.
func inPackages(f salesforce.Findings) map[string]*packages {
	if onePackage(f) {
		return nil
	}
	first, several := map[string]string{}, map[string]*packages{}
	speaks := func(message, file string) {
		key, root := strings.ToLower(message), packageOf(file)
		if before, known := first[key]; !known {
			first[key] = root
		} else if before != root && several[key] == nil {
			several[key] = &packages{defined: map[string]bool{}}
		}
	}
	for _, m := range f.Messages {
		speaks(m.Key(), m.File)
	}
	for _, u := range f.Users {
		speaks(u.Message, u.File)
	}
	if len(several) == 0 {
		return nil
	}
	for _, m := range f.Messages {
		if p := several[strings.ToLower(m.Key())]; p != nil {
			p.defined[packageOf(m.File)] = true
		}
	}
	for _, u := range f.Users {
		if p := several[strings.ToLower(u.Message)]; p != nil {
			p.users = append(p.users, u)
		}
	}
	return several
}

// onePackage reports whether all files lie in one package, as they nearly always do.
func onePackage(f salesforce.Findings) bool {
	root, last, begun := "", "", false
	same := func(file string) bool {
		if begun && file == last {
			return true
		}
		of := packageOf(file)
		if !begun {
			root, begun = of, true
		}
		last = file
		return of == root
	}
	for i := range f.Messages {
		if !same(f.Messages[i].File) {
			return false
		}
	}
	for i := range f.Users {
		if !same(f.Users[i].File) {
			return false
		}
	}
	return true
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

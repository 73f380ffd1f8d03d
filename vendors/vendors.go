// Package vendors knows who stands behind an endpoint, as far as public
// documentation says so: companies with a product of their own, and platforms on
// which their customers build. What it says is a proposal with its reason, for
// the admin to judge. It holds no contacts, and it asks nobody.
//
// The knowledge lies in vendors.yaml, where every entry names the pages that it
// was read on. A file of the user's in the same form adds to it (With).
package vendors

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Serves says whose receivers run at a vendor's hosts.
type Serves string

// One is a company's own product; Many is a platform whose customers build the
// receivers, so that the owner is probably the admin's own company.
const (
	One  Serves = "one"
	Many Serves = "many"
)

// Vendor is what is known of a company or service.
type Vendor struct {
	Name   string `yaml:"name"`
	Serves Serves `yaml:"serves"`
	// Hosts are domains. An address belongs to one if it is the domain or lies
	// below it; a label "*" stands for any one label.
	Hosts []string `yaml:"hosts"`
	// Packages are namespaces of managed packages, Names how installed packages
	// or their publisher are called.
	Packages []string `yaml:"packages"`
	Names    []string `yaml:"names"`
	// Made are beginnings of the names of messages that an installer creates.
	Made []string `yaml:"made"`
	// Facts are what the documentation says about the connection.
	Facts []string `yaml:"facts"`
	// Steps are what to do for this vendor besides the checklist, one action each.
	Steps []string `yaml:"steps"`
	// Sources are the pages that all this was read on.
	Sources []string `yaml:"sources"`
	// Own is true for an entry of the user's.
	Own bool `yaml:"-"`
}

// Hint is what an endpoint tells about its vendor. All of it may be empty.
type Hint struct {
	// Host is as salesforce.Endpoint has it: lower case, maybe with a port.
	Host string
	// Namespaces are those of the packages that its messages came with.
	Namespaces []string
	// Messages are the API names of its messages, without their object.
	Messages []string
	// Installed are the packages of the org.
	Installed []Package
}

// Package is an installed package.
type Package struct{ Namespace, Name, Publisher string }

// Proposal is a vendor that the facts suggest, with the reason in words. The name
// may be that of a publisher that the directory does not know.
type Proposal struct {
	Vendor Vendor
	Why    string
}

// Directory is a list of vendors. The zero value is empty.
type Directory struct{ vendors []Vendor }

//go:embed vendors.yaml
var file []byte

var builtIn = sync.OnceValue(func() Directory {
	vendors, problems := parse("vendors.yaml", file)
	if len(problems) > 0 {
		panic(problems[0]) // the file is part of the program, and a test reads it
	}
	return Directory{vendors}
})

// BuiltIn is the directory that comes with the program.
func BuiltIn() Directory { return builtIn() }

// All lists the vendors: the user's, then the built-in ones.
func (d Directory) All() []Vendor { return slices.Clone(d.vendors) }

// Named finds a vendor by its name, in any case of letters.
func (d Directory) Named(name string) (Vendor, bool) {
	i := slices.IndexFunc(d.vendors, func(v Vendor) bool { return strings.EqualFold(v.Name, strings.TrimSpace(name)) })
	if i < 0 {
		return Vendor{}, false
	}
	return d.vendors[i], true
}

// Propose names the vendors that the facts suggest, the surest first: the package
// that brought the messages, then the host, then names. One vendor comes once.
func (d Directory) Propose(h Hint) []Proposal {
	var out []Proposal
	add := func(v Vendor, why string) {
		if !slices.ContainsFunc(out, func(p Proposal) bool { return strings.EqualFold(p.Vendor.Name, v.Name) }) {
			out = append(out, Proposal{v, why})
		}
	}
	for _, ns := range h.Namespaces {
		d.byNamespace(ns, h.Installed, add)
	}
	host := hostname(h.Host)
	for _, v := range d.vendors {
		if pattern, ok := v.hostOf(host); ok {
			why := fmt.Sprintf("The host belongs to %s (%s).", v.Name, pattern)
			if v.Serves == Many {
				why = fmt.Sprintf("The host belongs to %s (%s), on which its customers build: the owner is probably your own company.", v.Name, pattern)
			}
			add(v, why)
		}
	}
	for _, v := range d.vendors {
		for _, m := range h.Messages {
			if begin, ok := v.made(m); ok {
				add(v, fmt.Sprintf("Messages that the installer of %s creates begin with %q.", v.Name, begin))
			}
		}
	}
	return out
}

func (d Directory) byNamespace(ns string, installed []Package, add func(Vendor, string)) {
	if ns == "" {
		return
	}
	var of Package
	for _, p := range installed {
		if strings.EqualFold(p.Namespace, ns) {
			of = p
		}
	}
	for _, v := range d.vendors {
		switch {
		case containsFold(v.Packages, ns):
			add(v, fmt.Sprintf("The package %s brought the message; it is one of %s.", ns, v.Name))
		case of.Name != "" && containsFold(v.Names, of.Name), of.Publisher != "" && containsFold(append([]string{v.Name}, v.Names...), of.Publisher):
			add(v, fmt.Sprintf("The package %s brought the message; it is installed as %q by %q.", ns, of.Name, of.Publisher))
		}
	}
	if of.Publisher != "" {
		add(Vendor{Name: of.Publisher, Serves: One}, fmt.Sprintf("The package %s brought the message; its publisher is %q.", ns, of.Publisher))
	}
}

// hostname takes the port off a host. What is no host name gives "".
func hostname(host string) string {
	host, port, _ := strings.Cut(strings.ToLower(host), ":")
	host = strings.TrimSuffix(host, ".")
	if strings.Trim(port, "0123456789") != "" || !validHost(host, false) {
		return ""
	}
	return host
}

// hostOf finds the domain of the vendor's that a host lies in.
func (v Vendor) hostOf(host string) (pattern string, ok bool) {
	if host == "" {
		return "", false
	}
	labels := strings.Split(host, ".")
	for _, pattern := range v.Hosts {
		want := strings.Split(pattern, ".")
		if len(labels) < len(want) {
			continue
		}
		if fits(want, labels[len(labels)-len(want):]) {
			return pattern, true
		}
	}
	return "", false
}

func fits(want, labels []string) bool {
	for i, w := range want {
		if w != "*" && w != labels[i] {
			return false
		}
	}
	return true
}

func (v Vendor) made(message string) (string, bool) {
	for _, begin := range v.Made {
		if strings.HasPrefix(strings.ToLower(message), strings.ToLower(begin)) {
			return begin, true
		}
	}
	return "", false
}

func containsFold(all []string, s string) bool {
	return slices.ContainsFunc(all, func(have string) bool { return strings.EqualFold(have, strings.TrimSpace(s)) })
}

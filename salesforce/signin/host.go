package signin

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const (
	loginHost = "login.salesforce.com"
	testHost  = "test.salesforce.com"
)

// apiSuffixes are the domains under which Salesforce itself serves orgs'
// sign-in and APIs: the commercial cloud with its older My Domains, the US
// military cloud and the one on Alibaba Cloud. Domains with customers' own pages
// (force.com sites, my.site.com) are left out on purpose.
var apiSuffixes = []string{".salesforce.com", ".cloudforce.com", ".salesforce.mil", ".sfcrmproducts.cn"}

// front is a domain that an org is seen under in the browser, with the domain
// that its sign-in and APIs have.
type front struct {
	suffix, api string
	// packaged: the last "--name" of the first label is a package, not a sandbox.
	packaged bool
}

// fronts follows Salesforce Help, "My Domain URL Formats".
var fronts = []front{
	{".my.salesforce.com", ".my.salesforce.com", false},
	{".my.salesforce-setup.com", ".my.salesforce.com", false},
	{".lightning.force.com", ".my.salesforce.com", false},
	{".vf.force.com", ".my.salesforce.com", true},
	{".file.force.com", ".my.salesforce.com", true},
	{".content.force.com", ".my.salesforce.com", true},
	{".my.site.com", ".my.salesforce.com", false},
	{".builder.salesforce-experience.com", ".my.salesforce.com", false},
	{".cloudforce.com", ".my.salesforce.com", false},
	{".my.salesforce.mil", ".my.salesforce.mil", false},
	{".lightning.crmforce.mil", ".my.salesforce.mil", false},
	{".my.sfcrmproducts.cn", ".my.sfcrmproducts.cn", false},
	{".lightning.sfcrmapps.cn", ".my.sfcrmproducts.cn", false},
}

// partitions are the labels that Salesforce puts between a My Domain and its
// suffix for orgs that are not in production.
var partitions = []string{"sandbox", "develop", "scratch", "demo", "patch", "trailblaze", "free", "stage", "pc", "bt", "wp"}

var label = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// ParseHost turns what people type or paste into the base address to sign in
// at: "login", "test", a My Domain name ("acme", "acme--uat"), a host, or any
// address of the org as the browser shows it (Lightning, Setup, Visualforce).
// Plain http is accepted for this machine only, with a port.
func ParseHost(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "":
		return "", badHost("no org was named")
	case "login":
		return "https://" + loginHost, nil
	case "test":
		return "https://" + testHost, nil
	}
	scheme, u, err := splitAddress(text)
	if err != nil {
		return "", err
	}
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if isLoopback(name) {
		if u.Port() == "" || scheme != "http" && scheme != "https" {
			return "", badHost("an address on this machine needs its port, like http://localhost:8181")
		}
		return scheme + "://" + strings.ToLower(u.Host), nil
	}
	if !strings.Contains(name, ".") {
		return myDomain(name, ".my.salesforce.com")
	}
	return salesforceHost(name, u.Port())
}

func splitAddress(text string) (string, *url.URL, error) {
	full := text
	scheme, _, found := strings.Cut(text, "://")
	scheme = strings.ToLower(scheme)
	if !found {
		scheme, full = "https", "https://"+text
	}
	u, err := url.Parse(full)
	if err != nil || u.Hostname() == "" || scheme != "http" && scheme != "https" {
		return "", nil, badHost("this is not the name or address of an org")
	}
	if u.User != nil {
		return "", nil, badHost("an org's address has no @ in it")
	}
	if !found && isLoopback(u.Hostname()) {
		scheme = "http"
	}
	return scheme, u, nil
}

func salesforceHost(name, port string) (string, error) {
	if name == loginHost || name == testHost {
		return "https://" + name, nil
	}
	for _, f := range fronts {
		rest, found := strings.CutSuffix(name, f.suffix)
		if !found {
			continue
		}
		if f.packaged {
			rest = withoutPackage(rest)
		}
		base, err := myDomain(rest, f.api)
		if err == nil && port != "" && port != "443" && f.suffix == f.api {
			base += ":" + port
		}
		return base, err
	}
	for _, suffix := range apiSuffixes {
		if strings.HasSuffix(name, suffix) {
			return "", badHost("this address does not say which org is meant")
		}
	}
	return "", badHost("this is not a Salesforce address")
}

// withoutPackage drops the package from a Visualforce or file host:
// acme--c.vf.force.com, acme--uat--c.sandbox.vf.force.com.
func withoutPackage(rest string) string {
	first, partition, _ := strings.Cut(rest, ".")
	if i := strings.LastIndex(first, "--"); i > 0 {
		first = first[:i]
	}
	if partition != "" {
		first += "." + partition
	}
	return first
}

// myDomain builds the base address from the labels before the suffix. A sandbox
// without its partition is an address of before enhanced domains, which
// Salesforce no longer redirects.
func myDomain(rest, suffix string) (string, error) {
	name, partition, found := strings.Cut(rest, ".")
	if !label.MatchString(name) || found && !slices.Contains(partitions, partition) {
		return "", badHost("this address does not say which org is meant")
	}
	if !found && strings.Contains(name, "--") {
		partition, found = "sandbox", true
	}
	if found {
		name += "." + partition
	}
	return "https://" + name + suffix, nil
}

func badHost(why string) error {
	return &advised{
		text: why,
		hint: "type login, test, your My Domain (like acme or acme--uat), or paste the address of any page of your org",
	}
}

// InstanceAllowed reports whether a token may be sent to the base address
// instance: https under a domain of Salesforce's own. Addresses of this machine,
// and with them plain http, are allowed only when the host that the person named
// is on this machine too.
func InstanceAllowed(instance, host string) error {
	u, err := url.Parse(instance)
	if err != nil || u.Hostname() == "" {
		return fmt.Errorf("%q is no address", instance)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return fmt.Errorf("%q is not the bare address of an org", u.Redacted())
	}
	if isLoopback(u.Hostname()) {
		if h, err := url.Parse(host); err == nil && isLoopback(h.Hostname()) && (u.Scheme == "http" || u.Scheme == "https") {
			return nil
		}
		return fmt.Errorf("%q is an address of this machine", instance)
	}
	if u.Scheme != "https" {
		return fmt.Errorf("%q is not encrypted", instance)
	}
	name := strings.ToLower(u.Hostname())
	for _, suffix := range apiSuffixes {
		if rest, found := strings.CutSuffix(name, suffix); found && labels(rest) {
			return nil
		}
	}
	return fmt.Errorf("%q is not a Salesforce address", instance)
}

func labels(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if !label.MatchString(part) {
			return false
		}
	}
	return true
}

// isLoopback knows the three spellings of this machine, in lower or upper case.
func isLoopback(name string) bool {
	return strings.EqualFold(name, "localhost") || name == "127.0.0.1" || name == "::1"
}

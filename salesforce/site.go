package salesforce

import (
	"net"
	"net/netip"

	"golang.org/x/net/publicsuffix"
)

// Site is the domain that somebody registered and that a host belongs to:
// "vendor.example" for "eu7.hooks.vendor.example". Hosts of one site are run by
// one owner; the customers of a hosting platform have sites of their own. It is
// "" for addresses and for names that nobody can register.
func Site(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return ""
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	return site
}

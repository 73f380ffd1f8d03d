package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"sidestep/salesforce"
)

// Target is where a notification would go: an address that was read, and once
// Resolve has looked it up, the places that its host name stands for. Only this
// package makes one, so what Send dials is what was checked.
type Target struct {
	url       *url.URL
	endpoint  salesforce.Endpoint
	port      uint16
	addresses []netip.Addr
}

// ErrAddress is wrapped by what Parse refuses.
var ErrAddress = errors.New("nothing can be sent there")

// Parse reads the address of an endpoint. It contacts nobody.
func Parse(raw string) (Target, error) {
	e := salesforce.ParseEndpoint(raw)
	if e.Host == salesforce.NoHost {
		return Target{}, fmt.Errorf("%w: %s is no web address of http or https", ErrAddress, e.Masked)
	}
	if e.Withheld {
		return Target{}, fmt.Errorf("%w: the secrets of %s were left out when the work was handed over", ErrAddress, e.Masked)
	}
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return Target{}, fmt.Errorf("%w: %s is no web address", ErrAddress, e.Masked)
	}
	u.Fragment, u.RawFragment = "", ""
	t := Target{url: u, endpoint: e, port: 443}
	if e.PlainHTTP {
		t.port = 80
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return Target{}, fmt.Errorf("%w: %s has no usable port", ErrAddress, e.Masked)
		}
		t.port = uint16(n)
	}
	// SOAP API guide, "Building a Listener": 80 takes HTTP only, 443 HTTPS only.
	if t.port < 1024 && (e.PlainHTTP && t.port != 80 || !e.PlainHTTP && t.port != 443) {
		return Target{}, fmt.Errorf("%w: Salesforce sends to port 80 with http, to 443 with https, and to those from 1024 on, not to %d with %s", ErrAddress, t.port, u.Scheme)
	}
	return t, nil
}

// String is the address with its secrets hidden.
func (t Target) String() string { return t.endpoint.Masked }

// Endpoint is the address in normal form.
func (t Target) Endpoint() salesforce.Endpoint { return t.endpoint }

// Resolve looks the host up, once. Its error is a *Failure, or the context's.
func (t Target) Resolve(ctx context.Context) (Target, error) {
	host := t.name()
	if ip, err := netip.ParseAddr(host); err == nil {
		t.addresses = []netip.Addr{ip}
		return t, nil
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if ctx.Err() != nil && context.Cause(ctx) != errSlow {
		return t, ctx.Err()
	}
	if err != nil || len(found) == 0 {
		return t, explain(ctx, err, stageName)
	}
	// The networks of old come first: they are what most hosts can be reached by.
	for _, four := range []bool{true, false} {
		for _, ip := range found {
			if ip = ip.Unmap(); ip.Is4() == four {
				t.addresses = append(t.addresses, ip)
			}
		}
	}
	return t, nil
}

// Private names the first of the target's addresses that is not on the public
// internet, and what it is; "" when there is none. Salesforce reaches none of
// these, so only a receiver under test has one.
func (t Target) Private() (addr netip.Addr, what string) {
	for _, ip := range t.addresses {
		if what := inside(ip); what != "" {
			return ip, what
		}
	}
	return netip.Addr{}, ""
}

// PrivateError says that the target is not on the public internet, and that
// nobody allowed that.
type PrivateError struct {
	Host string
	Addr netip.Addr
	// What says what kind of address it is.
	What string
}

func (e *PrivateError) Error() string {
	return fmt.Sprintf("%s is %s, %s: nothing was sent", e.Host, e.Addr, e.What)
}

type block struct {
	net  netip.Prefix
	what string
}

// blocks are the special-purpose addresses (IANA registries of RFC 6890), the
// narrower before the wider.
var blocks = func() []block {
	var list []block
	for _, b := range [][2]string{
		{"169.254.169.254/32", metadata}, {"169.254.170.2/32", metadata}, {"100.100.100.200/32", metadata}, {"fd00:ec2::254/128", metadata},
		{"127.0.0.0/8", loopback}, {"::1/128", loopback}, {"0.0.0.0/8", "an address of this computer"}, {"::/128", "an address of this computer"},
		{"169.254.0.0/16", linkLocal}, {"fe80::/10", linkLocal},
		{"10.0.0.0/8", private}, {"172.16.0.0/12", private}, {"192.168.0.0/16", private}, {"100.64.0.0/10", private},
		{"fc00::/7", private}, {"fec0::/10", private}, {"64:ff9b:1::/48", private},
		{"224.0.0.0/4", multicast}, {"ff00::/8", multicast},
		{"192.0.0.0/24", reserved}, {"192.0.2.0/24", reserved}, {"198.18.0.0/15", reserved}, {"198.51.100.0/24", reserved}, {"203.0.113.0/24", reserved},
		{"240.0.0.0/4", reserved}, {"100::/64", reserved}, {"2001:db8::/32", reserved}, {"3fff::/20", reserved}, {"5f00::/16", reserved},
	} {
		list = append(list, block{netip.MustParsePrefix(b[0]), b[1]})
	}
	return list
}()

const (
	metadata  = "where clouds hand out credentials to their own machines"
	loopback  = "this computer itself"
	linkLocal = "an address of the local link"
	private   = "an address inside a private network"
	multicast = "an address of a group of computers"
	reserved  = "an address that is reserved"
)

// inside says what an address is that is not on the public internet. Addresses
// that carry another one inside are what they carry.
func inside(ip netip.Addr) string {
	ip = ip.Unmap().WithZone("")
	for _, b := range blocks {
		if b.net.Contains(ip) {
			return b.what
		}
	}
	if carried, ok := carries(ip); ok {
		return inside(carried)
	}
	return ""
}

// carries finds the address of the old internet inside a new one: translated
// (RFC 6052), compatible (RFC 4291), 6to4 (RFC 3056), Teredo (RFC 4380).
func carries(ip netip.Addr) (netip.Addr, bool) {
	if !ip.Is6() {
		return netip.Addr{}, false
	}
	b := ip.As16()
	for prefix, at := range map[string]int{"64:ff9b::/96": 12, "::/96": 12, "2002::/16": 2, "2001::/32": 12} {
		if !netip.MustParsePrefix(prefix).Contains(ip) {
			continue
		}
		four := [4]byte(b[at : at+4])
		if prefix == "2001::/32" {
			for i := range four {
				four[i] ^= 0xff
			}
		}
		return netip.AddrFrom4(four), true
	}
	return netip.Addr{}, false
}

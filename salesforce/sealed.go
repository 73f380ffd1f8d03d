package salesforce

import (
	"regexp"
	"strings"
)

// seal ends an address whose secrets were left out. It carries the digest that the
// endpoint's key has, so that the address is still recognised as the same endpoint,
// and whether it was a usable one: without its secret it may look like one.
var seal = regexp.MustCompile(sealMark + `(unusable-)?([0-9a-f]{6})$`)

const sealMark = "#sealed-"

// Sealed is the address without its secrets, to be handed on: ParseEndpoint knows by
// it the same endpoint as by the whole address.
func (e Endpoint) Sealed() string {
	i := strings.LastIndexByte(e.Key, '~')
	switch {
	case !e.Secret && e.Host == NoHost:
		return e.URL
	case !e.Secret:
		return e.Masked
	case e.Host == NoHost:
		return e.Masked + sealMark + "unusable-" + e.Key[i+1:]
	}
	return e.Masked + sealMark + e.Key[i+1:]
}

// IsSealed reports whether an address is one that Sealed left a secret out of.
func IsSealed(raw string) bool { return strings.Contains(raw, sealMark) && ParseEndpoint(raw).Withheld }

// unseal is the endpoint of an address that Sealed made.
func unseal(raw string) (e Endpoint, ok bool) {
	m := seal.FindStringSubmatch(raw)
	if m == nil {
		return Endpoint{}, false
	}
	base := strings.TrimSuffix(raw, m[0])
	if m[1] != "" {
		e = unusable(raw, base)
	} else {
		e = parseEndpoint(base)
	}
	if e.Masked != base || !strings.Contains(base, mask) || (e.Host == NoHost) != (m[1] != "") {
		return Endpoint{}, false // somebody's own address, which only looks like one
	}
	i := strings.LastIndexByte(e.Key, '~')
	if i < 0 || !e.Secret {
		i = len(e.Key)
	}
	e.Key = e.Key[:i] + "~" + m[2]
	e.URL, e.Secret, e.Withheld = raw, true, true
	return e, true
}

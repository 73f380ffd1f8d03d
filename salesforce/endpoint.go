package salesforce

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// NoHost is the group under which addresses are shown that are no usable URL.
const NoHost = "no usable address"

// Endpoint is an address that messages are sent to, in normal form.
type Endpoint struct {
	// Key recognises the endpoint in every source and in saved work. It holds
	// no secret: user info and query are replaced by a short digest.
	Key string
	// Host is lower case and without the default port, NoHost where there is none.
	Host string
	// Unicode is the host as people read it, "" where that is the same as Host.
	Unicode string
	// URL is what the definition says. It may hold a secret.
	URL string
	// Masked is the address with user info and query values hidden.
	Masked string
	// PlainHTTP is true when the message travels unencrypted.
	PlainHTTP bool
	// Secret is true when the address carries user info or query values.
	Secret bool
	// Trouble says in words why the address is unusable or suspicious, "" if fine.
	Trouble string
}

// mask stands for a hidden value. It is plain ASCII so that every terminal,
// mail and file shows it.
const mask = "***"

// ParseEndpoint brings a raw address into normal form. It never fails: what is
// no usable address is an Endpoint under NoHost that says so.
func ParseEndpoint(raw string) Endpoint {
	trimmed := strings.TrimSpace(raw)
	u, err := url.Parse(trimmed)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return unusable(raw, trimmed)
	}
	host, ok := normalHost(u)
	if !ok {
		return unusable(raw, trimmed)
	}
	e := Endpoint{Host: host, URL: raw, PlainHTTP: u.Scheme == "http"}
	path := u.EscapedPath()
	if path == "/" {
		path = ""
	}
	e.Key = host + path
	e.Masked = u.Scheme + "://"
	if u.User != nil {
		e.Masked += mask + "@"
	}
	e.Masked += host + path
	if u.RawQuery != "" {
		q := maskQuery(u.RawQuery)
		e.Key += "?" + q
		e.Masked += "?" + q
	}
	if u.User != nil || u.RawQuery != "" {
		e.Secret = true
		e.Key += "~" + digest(u.User.String()+"?"+u.RawQuery)
	}
	if e.PlainHTTP {
		e.Key = "http://" + e.Key
	}
	e.Trouble = trouble(host)
	return e
}

// normalHost lower-cases the host, writes look-alike letters as punycode, drops
// the trailing dot and the port that the scheme implies.
func normalHost(u *url.URL) (string, bool) {
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	}
	_, notIP := netip.ParseAddr(name)
	if notIP != nil && (!strings.Contains(name, ".") && name != "localhost" || strings.ContainsAny(name, " \t{}$%<>\"\\^`|")) {
		return "", false
	}
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	port := u.Port()
	if port != "" && !(u.Scheme == "https" && port == "443") && !(u.Scheme == "http" && port == "80") {
		name += ":" + port
	}
	return name, true
}

func trouble(host string) string {
	switch {
	case strings.HasPrefix(host, "masked") || strings.HasPrefix(host, "invalid."):
		return "This host was disguised by a sandbox: it stands for a production endpoint."
	case strings.Contains(host, "xn--"):
		return "The host is written with letters outside ASCII: check that it is the one you know."
	}
	return ""
}

func unusable(raw, trimmed string) Endpoint {
	e := Endpoint{Host: NoHost, URL: raw, Trouble: "This is not a usable web address."}
	text := trimmed
	if i := strings.IndexAny(text, "?@"); i >= 0 && strings.Contains(text, "://") {
		// Something like a URL that does not parse: whatever it hides stays hidden.
		text = text[:i] + text[i:i+1] + mask
		e.Secret = true
	}
	if text == "" {
		text = "(empty)"
	}
	e.Key, e.Masked = text, text
	if e.Secret {
		e.Key += "~" + digest(trimmed)
	}
	return e
}

// maskQuery keeps the names of a query, in order and once each, and hides the values.
func maskQuery(query string) string {
	var names []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, hasValue := strings.Cut(part, "=")
		if !hasValue {
			// A lone word may be the secret itself.
			name = ""
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i, name := range names {
		if name == "" {
			names[i] = mask
		} else {
			names[i] = name + "=" + mask
		}
	}
	return strings.Join(names, "&")
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:3])
}

package salesforce

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"
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
	// Withheld is true when the secrets were left out of URL: see Sealed.
	Withheld bool
	// Trouble says in words why the address is unusable or suspicious, "" if fine.
	Trouble string
}

// mask stands for a hidden value. It is plain ASCII so that every terminal,
// mail and file shows it.
const mask = "***"

// ParseEndpoint brings a raw address into normal form. It never fails: what is
// no usable address is an Endpoint under NoHost that says so.
func ParseEndpoint(raw string) Endpoint {
	if strings.Contains(raw, sealMark) {
		if e, ok := unseal(raw); ok {
			return e
		}
	}
	return parseEndpoint(raw)
}

func parseEndpoint(raw string) Endpoint {
	trimmed := strings.TrimSpace(raw)
	u, err := url.Parse(trimmed)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return unusable(raw, trimmed)
	}
	name, ok := normalHost(u.Hostname())
	if !ok {
		return unusable(raw, trimmed)
	}
	port, ok := normalPort(u)
	if !ok {
		return unusable(raw, trimmed)
	}
	e := Endpoint{Host: name + port, URL: raw, PlainHTTP: u.Scheme == "http"}
	readable := readableHost(name)
	if readable != name {
		e.Unicode = readable + port
	}
	path := u.EscapedPath()
	if path == "/" {
		path = ""
	}
	query, scheme, user, secret := "", "", "", ""
	if u.RawQuery != "" {
		query = "?" + maskQuery(u.RawQuery)
	}
	if u.User != nil {
		user = mask + "@"
	}
	if u.User != nil || u.RawQuery != "" {
		e.Secret = true
		secret = "~" + digest(u.User.String()+"?"+u.RawQuery)
	}
	if e.PlainHTTP {
		scheme = "http://"
	}
	e.Key = scheme + e.Host + path + query + secret
	e.Masked = u.Scheme + "://" + user + e.Host + path + query
	e.Trouble = trouble(name, readable, u.User)
	return e
}

// unusable is an address that nothing can be sent to. Its key starts in a way
// that no usable one does: "a.example/x" without a scheme is another endpoint
// than "https://a.example/x".
func unusable(raw, trimmed string) Endpoint {
	e := Endpoint{Host: NoHost, URL: raw, Trouble: "This is not a usable web address."}
	if placeholder.MatchString(trimmed) {
		e.Trouble = "This is a placeholder that a build should have replaced by an address."
	}
	e.Masked, e.Secret = conceal(trimmed)
	if e.Masked == "" {
		e.Masked = "(empty)"
	}
	e.Key = "unusable:" + e.Masked
	if e.Secret {
		e.Key += "~" + digest(trimmed)
	}
	return e
}

var (
	// placeholder is what build systems write where they will put a value. Those
	// that are written with @ or # count at the beginning only: further behind,
	// they may be part of a secret. Copado writes {!Environment.URL}.
	placeholder = regexp.MustCompile(`^(?:\w+://)?(?:@@[\w.-]+@@|#\{[\w .-]+\})|\$?\{+!?[\w .-]+\}+|%[A-Za-z_][\w.-]+%|<%=?[\w .-]+%>|\$\([\w.-]+\)`)
	mailAddress = regexp.MustCompile(`^(mailto:)?[^/@:?#\s]+@[^/@:?#\s]+$`)
)

// conceal hides what may be secret in a text that does not parse as a URL: all
// that follows the first ? or #, and all that could be user info before an @.
// It hides too much rather than too little.
func conceal(text string) (shown string, hidden bool) {
	if mailAddress.MatchString(text) {
		return text, false
	}
	// Placeholders hold none, though some are written with these characters.
	plain := placeholder.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat("_", len(s)) })
	start := 0
	if i := strings.Index(plain, "://"); i >= 0 && i < 12 {
		start = i + 3
	}
	at, query := strings.LastIndexByte(plain, '@'), strings.IndexAny(plain, "?#")
	switch {
	case query >= 0 && at > query:
		// Either a query with a mail address or a password with a ? in it.
		return text[:min(start, query)] + mask, true
	case query >= 0 && at >= start:
		return text[:start] + mask + text[at:query+1] + mask, true
	case query >= 0:
		return text[:query+1] + mask, true
	case at >= start:
		return text[:start] + mask + text[at:], true
	case at >= 0:
		return mask + text[at:], true
	}
	return text, false
}

// maskQuery keeps the names of a query, in order and once each, and hides the values.
func maskQuery(query string) string {
	var names []string
	seen := map[string]bool{} // a file can hold an address of a megabyte
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if strings.Trim(value, "=") == "" {
			// A lone word may be the secret itself, also one that ends in the "="
			// of Base64.
			name = ""
		}
		if !seen[name] {
			seen[name] = true
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

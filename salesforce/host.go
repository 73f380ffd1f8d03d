package salesforce

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// hostNames is IDNA as browsers use it, except that the underscore is allowed:
// internal hosts have it.
var hostNames = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false), idna.StrictDomainName(false))

// normalHost lower-cases a host, writes letters outside ASCII as punycode and
// drops the trailing dot. What can be no host on the internet is refused.
func normalHost(name string) (string, bool) {
	if mayBeIP(name) {
		if addr, err := netip.ParseAddr(name); err == nil {
			if addr.Is6() {
				// A zone names an interface of one machine.
				return "[" + addr.String() + "]", addr.Zone() == ""
			}
			return addr.String(), true
		}
	}
	if !ascii(name) {
		ascii, err := hostNames.ToASCII(name)
		if err != nil {
			return "", false
		}
		name = ascii
	}
	name = strings.ToLower(strings.TrimRight(name, "."))
	if name == "localhost" {
		return name, true
	}
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || len(name) > 253 {
		return "", false
	}
	for label := range strings.SplitSeq(name, ".") {
		if !hostLabel(label) {
			return "", false
		}
	}
	last := name[dot+1:]
	if !digit(last[0]) {
		return name, true
	}
	// Where the last label is a number, the host was meant to be an IP address.
	_, err := strconv.ParseUint(last, 0, 64)
	return name, err != nil
}

// mayBeIP reports whether a host may be an IP address: most are not, and trying costs
// more than all else.
func mayBeIP(name string) bool {
	return name != "" && digit(name[0]) || strings.Contains(name, ":")
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func hostLabel(label string) bool {
	if label == "" || len(label) > 63 {
		return false
	}
	for i := range len(label) {
		c := label[i]
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}

// normalPort is ":8443", or "" for the port that the scheme implies.
func normalPort(u *url.URL) (string, bool) {
	if u.Port() == "" {
		return "", true
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil || port == 0 {
		return "", false
	}
	if port == 443 && u.Scheme == "https" || port == 80 && u.Scheme == "http" {
		return "", true
	}
	return ":" + strconv.FormatUint(port, 10), true
}

// readableHost writes punycode as the letters that it stands for, if they can be
// written back: what can't is nonsense.
func readableHost(name string) string {
	if !strings.Contains(name, "xn--") {
		return name
	}
	readable, err := hostNames.ToUnicode(name)
	if err != nil {
		return name
	}
	if back, err := hostNames.ToASCII(readable); err != nil || back != name {
		return name
	}
	return readable
}

// trouble says in words what is suspicious about a usable address.
func trouble(name, readable string, user *url.Userinfo) string {
	var said []string
	if scripts := mixed(readable); scripts != nil {
		said = append(said, "The host mixes "+strings.Join(scripts, " and ")+" letters, as forged addresses do.")
	} else if strings.Contains(name, "xn--") {
		said = append(said, "The host is written with letters outside ASCII: check that it is the one you know.")
	}
	if user != nil && strings.ContainsAny(user.Username(), ".@") {
		said = append(said, "What stands before the @ is no host: the message goes to the one behind it.")
	}
	if Undisguised(name) != "" || strings.HasSuffix(name, ".invalid") {
		said = append(said, "This host was disguised by a sandbox: it stands for a production endpoint.")
	}
	return strings.Join(said, " ")
}

// together are scripts that one language writes side by side (Unicode Technical
// Standard 39, "highly restrictive").
var together = [][]string{
	{"Han", "Hiragana", "Katakana", "Latin"},
	{"Bopomofo", "Han", "Latin"},
	{"Han", "Hangul", "Latin"},
}

// mixed names the scripts of the first label in which scripts meet that no
// language mixes, nil if there is none.
func mixed(host string) []string {
	if ascii(host) {
		return nil
	}
	for label := range strings.SplitSeq(host, ".") {
		scripts := scriptsOf(label)
		if len(scripts) > 1 && !slices.ContainsFunc(together, func(set []string) bool {
			return !slices.ContainsFunc(scripts, func(s string) bool { return !slices.Contains(set, s) })
		}) {
			return scripts
		}
	}
	return nil
}

// scriptsOf names the scripts of a label, sorted. Digits and signs belong to none.
func scriptsOf(label string) []string {
	var scripts []string
	for _, r := range label {
		for name, table := range unicode.Scripts {
			if name != "Common" && name != "Inherited" && unicode.Is(table, r) && !slices.Contains(scripts, name) {
				scripts = append(scripts, name)
			}
		}
	}
	slices.Sort(scripts)
	return scripts
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

package salesforce

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	for _, c := range []struct{ raw, key, host, masked string }{
		{"https://hooks.example.com/sf", "hooks.example.com/sf", "hooks.example.com", "https://hooks.example.com/sf"},
		{"  https://hooks.example.com/sf\n", "hooks.example.com/sf", "hooks.example.com", "https://hooks.example.com/sf"},
		{"HTTPS://Hooks.EXAMPLE.com./SF", "hooks.example.com/SF", "hooks.example.com", "https://hooks.example.com/SF"},
		{"https://hooks.example.com..", "hooks.example.com", "hooks.example.com", "https://hooks.example.com"},
		{"https://hooks.example.com/", "hooks.example.com", "hooks.example.com", "https://hooks.example.com"},
		{"https://hooks.example.com:443/sf", "hooks.example.com/sf", "hooks.example.com", "https://hooks.example.com/sf"},
		{"https://hooks.example.com:00443/sf", "hooks.example.com/sf", "hooks.example.com", "https://hooks.example.com/sf"},
		{"https://hooks.example.com:8443/sf", "hooks.example.com:8443/sf", "hooks.example.com:8443", "https://hooks.example.com:8443/sf"},
		{"https://hooks.example.com:80/sf", "hooks.example.com:80/sf", "hooks.example.com:80", "https://hooks.example.com:80/sf"},
		{"https://hooks.example.com:/sf", "hooks.example.com/sf", "hooks.example.com", "https://hooks.example.com/sf"},
		{"http://hooks.example.com:80/sf", "http://hooks.example.com/sf", "hooks.example.com", "http://hooks.example.com/sf"},
		{"http://hooks.example.com:443/sf", "http://hooks.example.com:443/sf", "hooks.example.com:443", "http://hooks.example.com:443/sf"},
		{"https://my_host.example.com/a%2Fb", "my_host.example.com/a%2Fb", "my_host.example.com", "https://my_host.example.com/a%2Fb"},
		{"https://10.1.2.3/sf", "10.1.2.3/sf", "10.1.2.3", "https://10.1.2.3/sf"},
		{"https://[2001:DB8::1]:8443/sf", "[2001:db8::1]:8443/sf", "[2001:db8::1]:8443", "https://[2001:db8::1]:8443/sf"},
		{"https://[2001:db8:0:0::1]/sf", "[2001:db8::1]/sf", "[2001:db8::1]", "https://[2001:db8::1]/sf"},
		{"http://localhost:8181/listener", "http://localhost:8181/listener", "localhost:8181", "http://localhost:8181/listener"},
		{"https://bücher.example/sf", "xn--bcher-kva.example/sf", "xn--bcher-kva.example", "https://xn--bcher-kva.example/sf"},
		{"https://ＥＸＡＭＰＬＥ.com/sf", "example.com/sf", "example.com", "https://example.com/sf"},
		{"https://example。com/sf", "example.com/sf", "example.com", "https://example.com/sf"},
		{"https://hooks.example.com/sf#part", "hooks.example.com/sf", "hooks.example.com", "https://hooks.example.com/sf"},
	} {
		e := ParseEndpoint(c.raw)
		if e.Key != c.key || e.Host != c.host || e.Masked != c.masked || e.URL != c.raw || e.Secret {
			t.Errorf("%q: %+v", c.raw, e)
		}
		if e.PlainHTTP != strings.HasPrefix(c.key, "http://") {
			t.Errorf("%q: plain http %v", c.raw, e.PlainHTTP)
		}
	}
}

// secret is what must never be seen.
const secret = "s3cr3t"

func TestSecretsAreMasked(t *testing.T) {
	for raw, masked := range map[string]string{
		"https://user:s3cr3t@h.example/x":            "https://***@h.example/x",
		"https://s3cr3t@h.example/x":                 "https://***@h.example/x",
		"https://a@s3cr3t@h.example/x":               "https://***@h.example/x",
		"https://user:s3cr3t%40x@h.example/x":        "https://***@h.example/x",
		"https://h.example/x?key=s3cr3t":             "https://h.example/x?key=***",
		"https://h.example/x?a=s3cr3t&b=&a=s3cr3t2":  "https://h.example/x?a=***&***",
		"https://h.example/x?s3cr3t":                 "https://h.example/x?***",
		"https://h.example/x?s3cr3t==":               "https://h.example/x?***",
		"https://h.example/x?a=1;key=s3cr3t":         "https://h.example/x?a=***",
		"https://h.example/x?a=1?key=s3cr3t":         "https://h.example/x?a=***",
		"https://h.example/x?mail=a@b.c&key=s3cr3t":  "https://h.example/x?mail=***&key=***",
		"https://h.example/x?key=1#access=s3cr3t":    "https://h.example/x?key=***",
		"https://h.example/x#access=s3cr3t":          "https://h.example/x",
		"https://u:s3cr3t@[fe80::1]/x":               "https://***@[fe80::1]/x",
		"h.example/x?key=s3cr3t":                     "h.example/x?***",
		"https://h ost/x?key=s3cr3t":                 "https://h ost/x?***",
		"https://h ost/x#s3cr3t":                     "https://h ost/x#***",
		"https://user:s3cr3t@h ost/x":                "https://***@h ost/x",
		"https://user:s3cr3t@h ost/x?key=s3cr3t":     "https://***@h ost/x?***",
		"https://user:a?s3cr3t@h ost/x":              "https://***",
		"https://user:s3cr3t#b@h ost/x":              "https://***",
		"https://s3cr3t:a@b@h ost/x":                 "https://***@h ost/x",
		"https:user:s3cr3t@h.example/x":              "***@h.example/x",
		"//user:s3cr3t@h.example/x":                  "***@h.example/x",
		"user:s3cr3t@h.example":                      "***@h.example",
		"ftp://user:s3cr3t@h.example/x":              "ftp://***@h.example/x",
		"https://user:s3cr3t@@h@@x@h ost/x":          "https://***@h ost/x",
		"https://user:s3cr3t@@@HOST@@/x":             "https://***@/x",
		"https://@@HOST@@/x?key=s3cr3t":              "https://@@HOST@@/x?***",
		"https://${host}:x/p?key=s3cr3t&b=${secret}": "https://${host}:x/p?***",
	} {
		e := ParseEndpoint(raw)
		if e.Masked != masked || (!e.Secret && raw != "https://h.example/x#access=s3cr3t") {
			t.Errorf("%q: %q, secret %v", raw, e.Masked, e.Secret)
		}
		if strings.Contains(e.Key+e.Masked+e.Host+e.Unicode+e.Trouble, secret) {
			t.Errorf("%q shows its secret: %+v", raw, e)
		}
	}
}

func TestSecretsTellEndpointsApart(t *testing.T) {
	keys := map[string]string{}
	for _, raw := range []string{"https://h.example/x", "http://h.example/x", "h.example/x", "https://h.example/x?key=a", "https://h.example/x?key=b", "https://a@h.example/x", "https://b@h.example/x", "https://h ost/?key=a", "https://h ost/?key=b", ""} {
		key := ParseEndpoint(raw).Key
		if other, taken := keys[key]; taken {
			t.Errorf("%q and %q have the same key", raw, other)
		}
		keys[key] = raw
	}
}

func TestUnusableAddressesAreShownAsTheyAre(t *testing.T) {
	const wrong, build = "not a usable web address", "a placeholder"
	for raw, trouble := range map[string]string{
		"http://1": wrong, "https://1.2.3": wrong, "https://0x7f.1": wrong, "https://256.1.1.1": wrong, "x": wrong, "https://": wrong, "https:///x": wrong, "https://intranet/x": wrong,
		"admin@acme.example": wrong, "mailto:admin@acme.example": wrong, "ftp://h.example/x": wrong, "javascript:alert(1)": wrong,
		"https://a..b/x": wrong, "https://.a.b": wrong, "https://a b.example": wrong, "https://h.example:0/x": wrong, "https://h.example:65536/x": wrong, "https://h.example:x/": wrong,
		"https://[fe80::1%25eth0]/x": wrong, "https://[fe80::1/x": wrong, "https://" + strings.Repeat("a", 64) + ".example/": wrong, "https://" + strings.Repeat("a.", 127) + "com/": wrong,
		"https://exa\u202emple.com/": wrong, "https://a%zz.example/": wrong, "https://h\x1b[2J.example/": wrong, "https://h.example/\x00": wrong,
		"@@URL@@": build, "https://@@HOST@@/x": build, "${url}": build, "https://${env.host}/x": build, "#{url}": build, "{{ url }}": build, "%URL%": build, "$(url)": build, "<%= url %>": build, "{!Environment.URL}": build, "https://{!Environment.HOST}/x": build,
	} {
		e := ParseEndpoint(raw)
		if e.Host != NoHost || !strings.Contains(e.Trouble, trouble) || e.Masked != raw || e.Secret || e.Key != "unusable:"+raw {
			t.Errorf("%q: %+v", raw, e)
		}
	}
	if e := ParseEndpoint(" \n"); e.Masked != "(empty)" || e.Host != NoHost {
		t.Errorf("nothing: %+v", e)
	}
}

func TestTrouble(t *testing.T) {
	for raw, want := range map[string]struct{ unicode, trouble string }{
		"https://apple.com/x":                      {"", ""},
		"https://аpple.com/x":                      {"аpple.com", "mixes Cyrillic and Latin"}, // the first letter is Cyrillic
		"https://xn--pple-43d.com/x":               {"аpple.com", "mixes Cyrillic and Latin"},
		"https://www.xn--80ak6aa92e.com:8443":      {"www.аррӏе.com:8443", "outside ASCII"}, // all Cyrillic
		"https://bücher.example":                   {"bücher.example", "outside ASCII"},
		"https://ドメイン名例.example":                   {"ドメイン名例.example", "outside ASCII"},
		"https://abcドメイン.example":                  {"abcドメイン.example", "outside ASCII"},
		"https://αbc.example":                      {"αbc.example", "mixes Greek and Latin"},
		"https://xn--0000h.example":                {"", "outside ASCII"}, // stands for nothing
		"https://maskedhooks.example.com/x":        {"", "disguised by a sandbox"},
		"https://invalid.hooks.example.com/x":      {"", "disguised by a sandbox"},
		"https://hooks.example.com.invalid/x":      {"", "disguised by a sandbox"},
		"https://login.salesforce.com@evil.test/x": {"", "no host"},
		"https://a@b@evil.test/x":                  {"", "no host"},
		"https://user:pw@hooks.example.com/x":      {"", ""},
	} {
		e := ParseEndpoint(raw)
		if e.Unicode != want.unicode || (e.Trouble == "") != (want.trouble == "") || !strings.Contains(e.Trouble, want.trouble) || e.Host == NoHost {
			t.Errorf("%q: %+v", raw, e)
		}
	}
}

func FuzzParseEndpoint(f *testing.F) {
	for _, raw := range []string{
		"https://hooks.example.com/sf?key=SECRET", "https://u:p@h.example:8443/a/../b?x=1&y#z", "http://1", "admin@acme.example", "@@URL@@", "https://${url}/",
		"https://masked.example", "https://[fe80::1%25eth0]:1/", "https://a@b@c.d", "https://аpple.com", "https://xn--pple-43d.com.", "https://h.example/%zz\x1b", "https:a?b@c", "",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		e := ParseEndpoint(raw)
		if e.URL != raw || e.Key == "" || e.Host == "" || e.Masked == "" {
			t.Errorf("%q: %+v", raw, e)
		}
		if again := ParseEndpoint(raw); again != e {
			t.Errorf("%q: %+v, then %+v", raw, e, again)
		}
		if e.Host == NoHost {
			if e.Trouble == "" || !strings.HasPrefix(e.Key, "unusable:") {
				t.Errorf("%q: %+v", raw, e)
			}
			return
		}
		if !ascii(e.Host+e.Masked) && e.Secret == false {
			t.Errorf("%q: %+v is not ASCII", raw, e)
		}
		// The normal form is its own normal form.
		normal := ParseEndpoint(e.Masked)
		if normal.Host != e.Host || normal.Unicode != e.Unicode || normal.PlainHTTP != e.PlainHTTP || !e.Secret && (normal.Key != e.Key || normal.Masked != e.Masked) {
			t.Errorf("%q: %+v, and its normal form %+v", raw, e, normal)
		}
	})
}

// FuzzSecretsAreMasked puts a secret wherever an address may carry one.
func FuzzSecretsAreMasked(f *testing.F) {
	f.Add("https://", "user:", "@h.example/x")
	f.Add("https://h.example/x", "?key=", "&b=1#c")
	f.Add("", "u:", "@h ost?x@y")
	f.Add("https://h.example/", "?", "=")
	f.Fuzz(func(t *testing.T, before, sign, after string) {
		const secret = "S3CR3T"
		carries := strings.Contains(sign, "?") || strings.HasSuffix(sign, ":") && strings.HasPrefix(after, "@")
		if !carries || strings.Contains(before+sign+after, secret) {
			return
		}
		// A name with a value is shown; so the secret must not be a name.
		if strings.Contains(sign, "?") && strings.HasPrefix(strings.TrimLeft(after, "="), "=") || strings.Contains(after, "=") {
			return
		}
		// Behind a fragment's # there is no query; with a placeholder there is no URL.
		if raw := before + sign + secret + after; !placeholder.MatchString(raw) {
			if e := ParseEndpoint(raw); strings.Contains(e.Key+e.Masked+e.Host+e.Unicode+e.Trouble, secret) {
				t.Errorf("%q shows its secret: %+v", raw, e)
			}
		}
	})
}

// TestALongQueryIsMaskedAtOnce: it would take minutes if each name were looked for
// among all others.
func TestALongQueryIsMaskedAtOnce(t *testing.T) {
	var query strings.Builder
	for i := range 500_000 {
		fmt.Fprintf(&query, "k%d=s3cr3t&", i)
	}
	if e := ParseEndpoint("https://h.example/x?" + query.String()); !e.Secret || strings.Contains(e.Masked, "s3cr3t") {
		t.Error("the secrets are shown")
	}
}

package signin

import (
	"net/url"
	"strings"
	"testing"
)

func TestParseHost(t *testing.T) {
	for text, want := range map[string]string{
		"login":                               "https://login.salesforce.com",
		" Test ":                              "https://test.salesforce.com",
		"login.salesforce.com":                "https://login.salesforce.com",
		"https://test.salesforce.com/?ec=302": "https://test.salesforce.com",
		"acme":                                "https://acme.my.salesforce.com",
		"ACME":                                "https://acme.my.salesforce.com",
		"acme--uat":                           "https://acme--uat.sandbox.my.salesforce.com",
		"acme.my.salesforce.com":              "https://acme.my.salesforce.com",
		"acme.my.salesforce.com.":             "https://acme.my.salesforce.com",
		"http://acme.my.salesforce.com/home":  "https://acme.my.salesforce.com",
		"https://acme.my.salesforce.com:443/x?y#z":                                 "https://acme.my.salesforce.com",
		"https://acme.lightning.force.com/lightning/setup/SetupOneHome/home":       "https://acme.my.salesforce.com",
		"https://acme--uat.sandbox.lightning.force.com/lightning/page/home":        "https://acme--uat.sandbox.my.salesforce.com",
		"https://acme--uat.lightning.force.com/":                                   "https://acme--uat.sandbox.my.salesforce.com",
		"https://acme.my.salesforce-setup.com/lightning/setup/ManageUsers/home":    "https://acme.my.salesforce.com",
		"https://acme--uat.sandbox.my.salesforce-setup.com/lightning/setup/x/home": "https://acme--uat.sandbox.my.salesforce.com",
		"https://acme--c.vf.force.com/apex/page":                                   "https://acme.my.salesforce.com",
		"https://acme--uat--c.sandbox.vf.force.com/apex/page":                      "https://acme--uat.sandbox.my.salesforce.com",
		"https://acme.my.site.com/portal":                                          "https://acme.my.salesforce.com",
		"https://acme-dev-ed.develop.my.salesforce.com":                            "https://acme-dev-ed.develop.my.salesforce.com",
		"https://acme.lightning.crmforce.mil/":                                     "https://acme.my.salesforce.mil",
		"http://localhost:8181":                                                    "http://localhost:8181",
		"http://LOCALHOST:8181/x":                                                  "http://localhost:8181",
		"localhost:8181":                                                           "http://localhost:8181",
		"127.0.0.1:8181":                                                           "http://127.0.0.1:8181",
		"http://[::1]:8181/":                                                       "http://[::1]:8181",
		"https://localhost:8443":                                                   "https://localhost:8443",
	} {
		got, err := ParseHost(text)
		if err != nil || got != want {
			t.Errorf("ParseHost(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestParseHostRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "a b", "acme.example.com", "https://evil.test", "https://x.my.salesforce.com.evil.test",
		"https://acme.my.salesforce.com@evil.test", "https://evil.test\\@acme.my.salesforce.com", "user@acme.my.salesforce.com",
		"https://my.salesforce.com", "https://.my.salesforce.com", "https://help.salesforce.com/s/article", "https://na139.salesforce.com",
		"https://a.b.my.salesforce.com", "ftp://acme.my.salesforce.com", "http://localhost", "http://192.168.0.1:8181", "http://10.0.0.1",
		"http://localhost.evil.test:80", "file:///etc/passwd", "аcme", "-acme", "acme-", "http://127.0.0.2:80", "javascript:alert(1)", "admin@acme.example",
	} {
		if got, err := ParseHost(text); err == nil {
			t.Errorf("ParseHost(%q) = %q", text, got)
		} else if strings.Contains(err.Error(), "\n") || err.(interface{ Hint() string }).Hint() == "" {
			t.Errorf("ParseHost(%q): %v is not one line with a hint", text, err)
		}
	}
}

// Threat "token sent to a stranger".
func TestInstanceAllowed(t *testing.T) {
	const login, local = "https://login.salesforce.com", "http://localhost:8181"
	for _, c := range []struct {
		instance, host string
		allowed        bool
	}{
		{"https://acme.my.salesforce.com", login, true},
		{"https://acme--uat.sandbox.my.salesforce.com", login, true},
		{"https://ACME.my.salesforce.com/", login, true},
		{"https://na1.salesforce.com", login, true},
		{"https://acme.my.salesforce.mil", login, true},
		{"http://localhost:8181", local, true},
		{"http://127.0.0.1:8181", local, true},
		{"https://acme.my.salesforce.com", local, true},
		{"http://localhost:8181", login, false},
		{"http://127.0.0.1:8181", "http://127.0.0.1.evil.test", false},
		{"http://acme.my.salesforce.com", login, false},
		{"http://acme.my.salesforce.com", local, false},
		{"https://x.my.salesforce.com.evil.test", login, false},
		{"https://x.my.salesforce.com@evil.test", login, false},
		{"https://u:p@x.my.salesforce.com", login, false},
		{"https://evil-salesforce.com", login, false},
		{"https://salesforce.com", login, false},
		{"https://.salesforce.com", login, false},
		{"https://..salesforce.com", login, false},
		{"https://acme.my.site.com", login, false},
		{"https://acme.force.com", login, false},
		{"https://127.0.0.1", login, false},
		{"https://1.2.3.4", login, false},
		{"https://[2001:db8::1]", login, false},
		{"https://аcme.my.salesforce.com", login, false},
		{"https://x.my.salesforce.com/path", login, false},
		{"https://x.my.salesforce.com?q", login, false},
		{"https://x.my.salesforce.com#f", login, false},
		{"https://x.my.salesforce.com\\.evil.test", login, false},
		{"ftp://localhost:1", local, false},
		{"//x.my.salesforce.com", login, false},
		{"x.my.salesforce.com", login, false},
		{"", login, false},
		{"\x00", login, false},
	} {
		if err := InstanceAllowed(c.instance, c.host); (err == nil) != c.allowed {
			t.Errorf("InstanceAllowed(%q, %q) = %v", c.instance, c.host, err)
		}
	}
}

func FuzzParseHost(f *testing.F) {
	for _, s := range []string{"login", "acme--uat", "https://acme.lightning.force.com/x", "http://localhost:1", "https://a--b--c.sandbox.vf.force.com", "https://x@y", "[::1]:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		base, err := ParseHost(text)
		if err != nil {
			return
		}
		if err := InstanceAllowed(base, base); err != nil {
			t.Fatalf("ParseHost(%q) = %q: %v", text, base, err)
		}
		if u, err := url.Parse(base); err != nil || u.Scheme == "http" && !isLoopback(u.Hostname()) {
			t.Fatalf("ParseHost(%q) = %q", text, base)
		}
		if again, err := ParseHost(base); err != nil || again != base {
			t.Fatalf("ParseHost(%q) = %q, then %q, %v", text, base, again, err)
		}
	})
}

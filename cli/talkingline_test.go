//go:build unix

package cli

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Threat "huge answers".
func TestHugeAnswers(t *testing.T) {
	t.Parallel()
	opening, _, _ := strings.Cut(soapEnvelope("<listMetadataResponse>|"), "|")
	for name, answer := range map[string]func(w http.ResponseWriter){
		"endless": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/xml")
			fmt.Fprint(w, opening)
			line := []byte(strings.Repeat("<result></result>", 1000))
			for {
				if _, err := w.Write(line); err != nil {
					return
				}
			}
		},
		"1 GB in a gzip": func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", "text/xml")
			z := gzip.NewWriter(w)
			fmt.Fprint(z, opening)
			spaces := []byte(strings.Repeat(" ", 1<<20))
			for range 1 << 10 {
				if _, err := z.Write(spaces); err != nil {
					return
				}
			}
			_ = z.Close()
		},
		"100,000 headers": func(w http.ResponseWriter) {
			for i := range 100_000 {
				w.Header().Add("X-"+strconv.Itoa(i), "some value")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			org := startAPIOrg(t, 2)
			org.hook = on("<met:listMetadata>", answer)
			org.scanSmall(t).none(t, failed, "larger than any real one")
		})
	}
}

// Threat "proxy, own CA".
func TestProxyAndAuthority(t *testing.T) {
	t.Parallel()
	const password = "Pa55word-hidden"
	for name, c := range map[string]struct {
		settings func(*apiOrg) []string
		works    bool
		says     string
	}{
		"the proxy of HTTPS_PROXY": {func(*apiOrg) []string { return nil }, true, ""},
		"an authority of SSL_CERT_FILE": {func(f *apiOrg) []string {
			return []string{"SIDESTEP_CA_FILE=", "SSL_CERT_FILE=" + f.ca}
		}, true, ""},
		"an authority that nobody knows": {func(*apiOrg) []string { return []string{"SIDESTEP_CA_FILE="} }, false, "signed by an authority that this computer does not know (Acme Proxy Authority)|SIDESTEP_CA_FILE"},
		"no such file":                   {func(*apiOrg) []string { return []string{"SIDESTEP_CA_FILE=/nowhere.pem"} }, false, "the certificates in SIDESTEP_CA_FILE can't be used"},
		"a password": {func(f *apiOrg) []string {
			f.proxy.wants = "ann:" + password
			return []string{"HTTPS_PROXY=" + strings.Replace(f.proxy.URL, "://", "://ann:"+password+"@", 1)}
		}, true, ""},
		"a wrong password": {func(f *apiOrg) []string {
			f.proxy.wants = "ann:other"
			return []string{"HTTPS_PROXY=" + strings.Replace(f.proxy.URL, "://", "://ann:"+password+"@", 1)}
		}, false, "the proxy wants a name and a password (407)"},
		"a proxy that is down": {func(f *apiOrg) []string {
			return []string{"HTTPS_PROXY=http://ann:" + password + "@127.0.0.1:1"}
		}, false, "the proxy does not answer"},
		"an expired certificate": {func(f *apiOrg) []string {
			a := newAuthority(t)
			f.TLS.Certificates[0] = a.leaf(t, "*.my.salesforce.com", -time.Hour)
			return trusting(t, a)
		}, false, "its certificate has expired"},
		"a certificate for another name": {func(f *apiOrg) []string {
			a := newAuthority(t)
			f.TLS.Certificates[0] = a.leaf(t, "acme.example", time.Hour)
			return trusting(t, a)
		}, false, "its certificate is for another name than acme.my.salesforce.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := startAPIOrg(t, 2)
			s := org.scan(t, c.settings(org)...)
			if strings.Contains(s.out+s.words, password) {
				t.Errorf("the proxy's password is shown:\n%s", s.words)
			}
			if c.works {
				s.whole(t, 2)
				return
			}
			s.none(t, failed, c.says)
			if org.asked("") > 0 {
				t.Error("the org was asked all the same")
			}
		})
	}
}

func trusting(t *testing.T, a *authority) []string {
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, a.pem(), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"SIDESTEP_CA_FILE=" + file}
}

// redirecting sends everybody who asks at a host to the same question elsewhere.
func redirecting(host, to string, status int) answering {
	return func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Host != host {
			return false
		}
		http.Redirect(w, r, to+r.RequestURI, status)
		return true
	}
}

// Threat "org moved".
func TestMovedOrg(t *testing.T) {
	t.Parallel()
	const newHost = "acme-new.my.salesforce.com"
	t.Run("as the renewed sign-in says", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 2)
		org.expire()
		org.hook = on("/services/oauth2/token", func(w http.ResponseWriter) { org.renew(w, "https://"+newHost) })
		s := org.scan(t)
		s.whole(t, 2)
		if org.asked(newHost, "<met:readMetadata>") != 1 || org.asked("acme.my", "<met:readMetadata>") != 0 {
			t.Error("the new address was not adopted")
		}
		if kept, err := signIns(s.home).Get(apiSignIn); err != nil || !strings.Contains(kept, newHost) {
			t.Errorf("the new address is not kept: %v", err)
		}
	})
	t.Run("as a 301 says", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 2)
		org.hook = redirecting("acme.my.salesforce.com", "https://"+newHost, http.StatusMovedPermanently)
		s := org.scan(t)
		s.whole(t, 2)
		if org.asked("acme.my", "<met:readMetadata>") != 0 {
			t.Error("the new address was not adopted")
		}
		known, err := os.ReadFile(filepath.Join(s.home, "orgs.json"))
		if err != nil || strings.Count(string(known), newHost) != 2 || strings.Contains(string(known), apiOrgHost) {
			t.Errorf("the list of orgs has not the new address: %v\n%s", err, known)
		}
		if kept, err := signIns(s.home).Get(apiSignIn); err != nil || strings.Count(kept, newHost) != 2 || strings.Contains(kept, apiOrgHost) || !strings.Contains(kept, "refresh-canary") {
			t.Errorf("the new address is not kept: %v", err)
		}
	})
	t.Run("for a while only, as a 302 says", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 2)
		org.hook = redirecting("acme.my.salesforce.com", "https://"+newHost, http.StatusFound)
		s := org.scan(t)
		s.whole(t, 2)
		if kept, err := signIns(s.home).Get(apiSignIn); err != nil || strings.Contains(kept, newHost) {
			t.Errorf("a detour is kept: %v", err)
		}
	})
	t.Run("where the token is not taken", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 2)
		org.hook = both(redirecting("acme.my.salesforce.com", "https://"+newHost, http.StatusMovedPermanently), on("/Soap/", refusing("INVALID_SESSION_ID")), on("/limits", restRefusing(401, "INVALID_SESSION_ID")))
		s := org.scan(t)
		s.none(t, notSignedIn, "not signed in to acme|"+apiOrgHost+" has moved to https://"+newHost+"|sidestep login --host https://"+newHost)
		if n := org.asked(newHost, "/oauth2/"); n > 0 {
			t.Error("the refresh token followed a redirect")
		}
		if kept, err := signIns(s.home).Get(apiSignIn); err != nil || strings.Contains(kept, newHost) {
			t.Errorf("the address of nobody knows whom is kept: %v", err)
		}
	})
	for name, to := range map[string]string{"a stranger": "https://acme.my.salesforce.com.evil.test", "no encryption": "http://" + newHost, "with a name": "https://x@" + newHost} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := startAPIOrg(t, 2)
			org.hook = redirecting("acme.my.salesforce.com", to, http.StatusMovedPermanently)
			org.scan(t).none(t, failed, "sends us to another page")
			for _, host := range org.proxy.led() {
				if host != "acme.my.salesforce.com:443" {
					t.Errorf("%s was asked", host)
				}
			}
		})
	}
	t.Run("a login page instead", func(t *testing.T) {
		t.Parallel()
		org := startAPIOrg(t, 2)
		org.hook = on("", func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, loginPage)
		})
		org.scan(t).none(t, failed, "web page instead of data")
	})
}

// Issue 3, "API version": the newest that both know.
func TestVersionOfTheOrg(t *testing.T) {
	t.Parallel()
	org := startAPIOrg(t, 2)
	org.hook = both(on("/services/data/ ", writing(`[{"version":"31.0"},{"version":"58.0"}]`)), on("/m/66.0", refusing("UNSUPPORTED_API_VERSION")))
	org.scan(t).whole(t, 2)
	newer := startAPIOrg(t, 2)
	newer.scan(t).whole(t, 2)
	if newer.asked("/m/69.0") > 0 || newer.asked("/m/66.0") == 0 {
		t.Error("a version that nobody tried is spoken")
	}
}

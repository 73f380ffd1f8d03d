package salesforce

import "testing"

func TestSiteIsWhatSomebodyRegistered(t *testing.T) {
	for host, want := range map[string]string{
		"hooks.vendor.com": "vendor.com", "eu7.hooks.vendor.com:8443": "vendor.com", "vendor.com": "vendor.com",
		"a.vendor.co.uk": "vendor.co.uk", "hooks.parcelwise.example": "parcelwise.example",
		"acme.herokuapp.com": "acme.herokuapp.com", "in.acme.herokuapp.com": "acme.herokuapp.com",
		"xn--bcher-kva.example": "xn--bcher-kva.example",
		"com":                   "", "co.uk": "", "localhost": "", "10.1.2.3": "", "10.1.2.3:80": "", "[2001:db8::1]:8443": "", NoHost: "", "": "",
	} {
		if got := Site(host); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

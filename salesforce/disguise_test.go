package salesforce

import "testing"

func TestADisguisedHostIsRecognised(t *testing.T) {
	for host, want := range map[string]string{
		"maskedhooks.example.com": "hooks.example.com", "masked.hooks.example.com": "hooks.example.com", "invalid.hooks.example.com": "hooks.example.com",
		"hooks.example.com.invalid": "hooks.example.com", "hooks.example.com": "", "masked": "", "maskedhost": "", NoHost: "", "invalid.": "", "localhost.invalid": "",
	} {
		if got := Undisguised(host); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

func TestADisguisedEndpointStandsForOneThatAnotherSourceKnows(t *testing.T) {
	all := func(urls ...string) (out []Endpoint) {
		for _, u := range urls {
			out = append(out, ParseEndpoint(u))
		}
		return out
	}
	known := all("https://other.example.com/sf", "https://hooks.example.com/cases", "https://hooks.example.com/sf", "https://maskedhooks.example.com/sf")
	for _, c := range []struct {
		raw  string
		same []Endpoint
		want string
	}{
		{"https://maskedhooks.example.com/sf", nil, "hooks.example.com/sf"},
		{"https://hooks.example.com.invalid/elsewhere", nil, "hooks.example.com/cases"},
		{"https://invalid.nowhere.example.com/sf", nil, ""},
		{"@@URL@@", nil, ""},
		{"@@URL@@", all("http://1", "https://other.example.com/sf"), "other.example.com/sf"},
		{"https://maskedhooks.example.com/sf", all("https://other.example.com/sf"), "other.example.com/sf"},
		{"https://hooks.example.com/sf", all("https://other.example.com/sf"), ""},
	} {
		got, ok := ParseEndpoint(c.raw).StandsFor(c.same, known)
		if got.Key != c.want || ok != (c.want != "") {
			t.Errorf("%s stands for %q, want %q", c.raw, got.Key, c.want)
		}
	}
}

package salesforce

import (
	"strings"
	"testing"
)

func TestASealedAddressIsTheSameEndpointWithoutItsSecret(t *testing.T) {
	for _, raw := range []string{
		"https://hooks.example.com/sf?key=s3cr3t", "https://user:s3cr3t@hooks.example.com:8443/sf", "http://a.example/x?s3cr3t",
		"https://a.example/?a=s3cr3t&b=2&a=3#frag", "user:s3cr3t@host", "foo?s3cr3t", "foo#s3cr3t", "x@y?s3cr3t", "foo?s3cr3t@y", "a/b:s3cr3t@c.example/d",
		"https://{host}/x?key=s3cr3t",
	} {
		whole := ParseEndpoint(raw)
		if !whole.Secret {
			t.Errorf("%q: no secret was found", raw)
		}
		sealed := ParseEndpoint(whole.Sealed())
		if strings.Contains(sealed.URL, "s3cr3t") || sealed.Key != whole.Key || sealed.Masked != whole.Masked || sealed.Host != whole.Host ||
			sealed.PlainHTTP != whole.PlainHTTP || sealed.Trouble != whole.Trouble || !sealed.Secret || !sealed.Withheld {
			t.Errorf("%q\nsealed as %q\nis  %+v\nnot %+v", raw, whole.Sealed(), sealed, whole)
		}
		if again := sealed.Sealed(); again != sealed.URL {
			t.Errorf("sealed twice: %q, then %q", sealed.URL, again)
		}
	}
}

func TestAnAddressWithoutSecretIsNotSealed(t *testing.T) {
	for _, raw := range []string{"https://hooks.example.com/sf", "https://hooks.example.com/sf#top", "http://1", "jane@example.com", "", "@@HOST@@"} {
		whole := ParseEndpoint(raw)
		if sealed := ParseEndpoint(whole.Sealed()); sealed.Key != whole.Key || sealed.Masked != whole.Masked || sealed.Withheld {
			t.Errorf("%q became %q", raw, sealed.URL)
		}
	}
}

// TestWhatOnlyLooksSealedIsMasked: the org decides what an address is.
func TestWhatOnlyLooksSealedIsMasked(t *testing.T) {
	for _, raw := range []string{"https://a.example/x?key=s3cr3t#sealed-0123ab", "user:s3cr3t@host#sealed-0123ab", "https://a.example/x#sealed-0123ab"} {
		if e := ParseEndpoint(raw); e.Withheld || strings.Contains(e.Masked, "s3cr3t") || strings.Contains(e.Key, "s3cr3t") {
			t.Errorf("%q: %+v", raw, e)
		}
	}
}

func FuzzSealed(f *testing.F) {
	for _, s := range []string{"https://h.example/sf?key=v", "u:p@h", "foo?x#y", "https://h.example/#sealed-000000", "***@h?***#sealed-0123ab"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		whole := ParseEndpoint(raw)
		sealed := ParseEndpoint(whole.Sealed())
		if sealed.Key != whole.Key || sealed.Host != whole.Host || sealed.Masked != whole.Masked {
			t.Errorf("%q sealed as %q: %q, %q instead of %q, %q", raw, whole.Sealed(), sealed.Key, sealed.Masked, whole.Key, whole.Masked)
		}
	})
}

package email_test

import (
	"errors"
	"net/mail"
	"strings"
	"testing"

	"sidestep/email"
)

func TestValidAddress(t *testing.T) {
	for _, s := range []string{
		"jane@vendor.example", "jane.doe+sf@sub.vendor.example", "o'brien@vendor.example", "x_y-z@xn--mller-kva.example", "1@2.example", "helpdesk@intranet",
	} {
		if err := email.ValidAddress(s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, s := range append(injections,
		"", " ", "jane", "@vendor.example", "jane@", "jane@@vendor.example", "a@b@c.example",
		" jane@vendor.example", "jane@vendor.example ", "\tjane@vendor.example",
		"Jane Doe <jane@vendor.example>", "<jane@vendor.example>", `"jane doe"@vendor.example`, `"a\r\nb"@vendor.example`,
		"jane(comment)@vendor.example", "jane@vendor.example (comment)", "group: jane@vendor.example;",
		"=?utf-8?q?jane=40evil.example?=@vendor.example", "=?utf-8?q?x?= <jane@vendor.example>",
		"jane%evil.example@vendor.example", "jane@[127.0.0.1]", "jane@vendor..example", "jane@-vendor.example", "jane@vendor_x.example", "jane@vendor.example.",
		"jane@vendοr.example", "jäne@vendor.example", "jane@müller.example", "jane\u202e@vendor.example", "jane@vendor.example\u200b", "\xff@vendor.example",
		strings.Repeat("x", 65)+"@vendor.example", "jane@"+strings.Repeat("x", 64)+".example", "jane@"+strings.Repeat("xxxxxxxxx.", 26)+"example",
	) {
		if err := email.ValidAddress(s); !errors.Is(err, email.ErrAddress) {
			t.Errorf("%q: %v", s, err)
		} else if strings.ContainsAny(err.Error(), "\r\n\x00") || strings.Contains(err.Error(), "\xff") || len(err.Error()) > 150 {
			t.Errorf("%q: the error repeats what it refuses: %v", s, err)
		}
	}
}

func FuzzValidAddress(f *testing.F) {
	f.Add("jane@vendor.example")
	for _, s := range injections {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if email.ValidAddress(s) != nil {
			return
		}
		list, err := mail.ParseAddressList(s)
		if err != nil || len(list) != 1 || list[0].Address != s || list[0].Name != "" {
			t.Fatalf("%q reads as %v, %v", s, list, err)
		}
		if !plain(s) || strings.ContainsAny(s, " \n%\"<>(),;:?=") {
			t.Fatalf("%q holds characters that have no place in an address", s)
		}
	})
}

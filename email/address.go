package email

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
)

// Longest forms of an address (RFC 5321, 4.5.3.1), in bytes.
const (
	maxLocal   = 64
	maxAddress = 254
)

// ErrAddress is the error for everything that is not exactly one plain address.
var ErrAddress = errors.New("not a mail address")

// ValidAddress reports whether s is exactly one mail address and nothing else:
// no name beside it, no second address, no line break, and none of the forms
// that mail programs unfold into something else (quotes, comments, encoded
// words, percent signs). Letters outside ASCII are refused, because they may
// look like others. The error wraps ErrAddress.
func ValidAddress(s string) error {
	a, err := mail.ParseAddress(s)
	switch {
	case s == "":
		return fmt.Errorf("%w: it is empty", ErrAddress)
	case len(s) > maxAddress:
		return fmt.Errorf("%w: it is longer than %d characters", ErrAddress, maxAddress)
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return fmt.Errorf("%w: it holds a line break or a control character", ErrAddress)
	case strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f }):
		return fmt.Errorf("%w: use plain letters only, for a domain with others its form that begins with xn--", ErrAddress)
	case err != nil || a.Address != s || a.Name != "":
		return fmt.Errorf("%w: write one address alone, like jane@vendor.example", ErrAddress)
	}
	local, domain, _ := strings.Cut(s, "@")
	switch {
	case len(local) > maxLocal || strings.ContainsAny(local, "%=?\"()<>[]:;,\\ "):
		return fmt.Errorf("%w: the part before the @ holds characters that have no place in an address", ErrAddress)
	case !validDomain(domain):
		return fmt.Errorf("%w: the part after the @ is not a domain", ErrAddress)
	}
	return nil
}

func validDomain(domain string) bool {
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
			return false
		}
	}
	return true
}

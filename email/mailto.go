package email

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"sidestep/state"
)

// maxMailto is how long a mailto: link may be: browsers and mail programs cut
// longer ones off without a word.
const maxMailto = 2000

// ErrTooLong is the error for a mail that does not fit in a mailto: link.
var ErrTooLong = errors.New("the mail is too long for a mailto: link")

// Mailto writes a draft as a mailto: link (RFC 6068) that holds the recipients, those
// who get a copy, a subject and a body, and nothing else. There may be no recipient;
// those in also are further ones. The error is ErrTooLong, or wraps ErrAddress.
func Mailto(d state.Draft, also ...string) (string, error) {
	to, cc, err := recipients(d, also)
	if err != nil {
		return "", err
	}
	body := strings.ReplaceAll(bodyText(d), "\n", "\r\n")
	link := "mailto:" + escapeAll(to) + "?subject=" + escape(subjectLine(d)) + "&body=" + escape(body)
	if len(cc) > 0 {
		link += "&cc=" + escapeAll(cc)
	}
	if len(link) > maxMailto {
		return "", fmt.Errorf("%w (%d characters, at most %d): save it as an .eml file or copy it instead", ErrTooLong, len(link), maxMailto)
	}
	return link, nil
}

// escapeAll encodes addresses as a list.
func escapeAll(addresses []string) string {
	var out []string
	for _, address := range addresses {
		local, domain, _ := strings.Cut(address, "@")
		out = append(out, escape(local)+"@"+escape(domain))
	}
	return strings.Join(out, ",")
}

// escape encodes everything but letters, digits and "-._~". In a mailto: link a
// plus sign is a plus sign, so a space is %20.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

package code

import (
	"strings"

	"sidestep/regex"
)

var (
	tagBefore  = regex.New(`(?i)(bearer|oauth|sid=|<[\w:]*session_?id[^<>/]*>)\s*$`)
	headerText = regex.New(`(?i)(bearer\s|oauth\s|authorization|<[\w:]*session_?id[^<>/]*>|sessionheader|x-sfdc-session|[?;&]sid=|frontdoor)`)
)

// namesHeader reports whether the other arguments of a call name a header.
func (f *file) namesHeader(h *head, i int) bool {
	for j := h.at + 1; j < i; j++ {
		t := f.tokens[j]
		if t.kind == string_ {
			low := strings.ToLower(strings.TrimSpace(t.text))
			if headerKeys[low] || strings.Contains(low, "authorization:") || strings.HasPrefix(low, "bearer") || low == "cookie" {
				return true
			}
		}
		if t.kind == word_ && (t.text == "AUTHORIZATION" || t.text == "CURLOPT_HTTPHEADER" || t.text == "Authorization") {
			return true
		}
	}
	return false
}

// inHeaderText reports whether the text around a use is that of a header.
func (f *file) inHeaderText(u use, s statement) bool {
	t := f.tokens[u.at]
	if u.key {
		return false
	}
	if u.text {
		if i := strings.Index(t.text, u.as); i >= 0 {
			if headerText.MatchString(t.text[max(0, i-400):i]) {
				return true
			}
		}
	}
	for j := u.at - 1; j >= max(s.from, u.at-12); j-- {
		b := f.tokens[j]
		if b.text == "," && b.kind == sign && f.around[j] == f.around[u.at] {
			break
		}
		if b.kind == string_ {
			return tagBefore.MatchString(b.text)
		}
	}
	return false
}

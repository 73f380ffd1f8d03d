package code

import (
	"slices"
	"strings"
)

// mark is how sure a file is about outbound messages.
type mark int

const (
	unmarked mark = iota
	// weak is a session id or a URL without anything else.
	weak
	marked
)

// What marks rest on. On a whole source tree, expressions would take ten times as
// long as reading it.
var (
	namespace = looks{
		needs: []string{"2005", "utbound", "SalesforceNotifications"},
		parts: []string{"//soap.sforce.com/2005/09/outbound", "sforce.soap._2005._09.outbound", "_2005._09.outbound", "sforce.soap.outbound", "soap._2005._09", "soap.sforce.com.2005.09.outbound", "SalesforceOutboundMessageBundle"},
		ends:  []string{"salesforce.outbound"},
		whole: []string{"SalesforceNotifications"},
	}
	listenerUse = looks{needs: []string{"Notification"}, whole: []string{"NotificationBinding", "INotificationBinding", "NotificationPort", "NotificationPortType", "NotificationServiceSkeleton", "NotificationBindingSkeleton", "NotificationServiceInterface"}}
	capitalAck  = looks{needs: []string{"Ack", "ACK"}, whole: []string{"Ack", "setAck", "ACK"}}
	ackWord     = looks{needs: []string{"ck", "CK"}, whole: []string{"Ack", "ack", "setAck", "ACK"}}
)

// looks are what to look for in a text: parts anywhere, ends where no word goes on
// behind them, and whole words. Each of them holds one of what it needs.
type looks struct{ needs, parts, ends, whole []string }

func (l looks) in(text string) bool {
	return holdsAny(text, l.needs) && (holdsAny(text, l.parts) ||
		slices.ContainsFunc(l.ends, func(w string) bool {
			return wordAt(text, w, func(before, after bool) bool { return !after })
		}) ||
		slices.ContainsFunc(l.whole, func(w string) bool {
			return wordAt(text, w, func(before, after bool) bool { return !before && !after })
		}))
}

func holdsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// What is written in any manner is looked for in small letters.
var (
	forceWords   = []string{"sforce", "sfdc", "force.com", "outbound"} // "salesforce" holds "sforce"
	answerWords  = []string{"notificationsresponse", "notifications_response"}
	objectWords  = []string{"sobject", "s_object"}
	elementHeads = map[string]string{"organization": "id", "action": "id", "session": "id", "partner": "url", "enterprise": "url"}
)

// elementsIn are the elements that words of the text end with, as plainName writes
// them. The text is in small letters.
func elementsIn(low string) map[string]bool {
	seen := map[string]bool{}
	for head, tail := range elementHeads {
		for rest := low; ; {
			_, after, found := strings.Cut(rest, head)
			if !found {
				break
			}
			rest = after
			after, ends := strings.CutPrefix(strings.TrimPrefix(after, "_"), tail)
			if ends && (after == "" || !inWord(after[0])) {
				seen[head+tail] = true
				break
			}
		}
	}
	return seen
}

// wordAt reports whether the text holds part where fits says yes to whether a word
// goes on before and after it.
func wordAt(text, part string, fits func(before, after bool) bool) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], part)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(part)
		if fits(i > 0 && inWord(text[i-1]), end < len(text) && inWord(text[end])) {
			return true
		}
		from = i + 1
	}
}

func inWord(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// sObjectIn reports whether a word of the text, which is in small letters, begins
// like sObject.
func sObjectIn(low string) bool {
	for _, w := range objectWords {
		if wordAt(low, w, func(before, after bool) bool { return !before }) {
			return true
		}
	}
	return false
}

// lower makes the letters of ASCII small. Text that holds others would take
// strings.ToLower ten times as long.
func lower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// markOf tells how sure a file is.
func markOf(text string) mark {
	if namespace.in(text) {
		return marked
	}
	low := lower(text)
	seen := elementsIn(low)
	session, partner, enterprise := seen["sessionid"], seen["partnerurl"], seen["enterpriseurl"]
	if !partner && !enterprise && !strings.Contains(low, "notification") {
		if session {
			return weak
		}
		return unmarked
	}
	force := holdsAny(low, forceWords)
	// A login has a session id and such URLs as well, that of Salesforce and that of others.
	message := seen["actionid"] || strings.Contains(low, "outbound") || sObjectIn(low) || (force || seen["organizationid"]) && strings.Contains(low, "notification")
	switch {
	case holdsAny(low, answerWords) && (ackWord.in(text) && (force || sObjectIn(low) || listenerUse.in(text)) || capitalAck.in(text) && (len(seen) > 1 || len(seen) > 0 && strings.Contains(text, "notificationsResponse"))):
		return marked
	case (force || session && (partner || enterprise) || seen["organizationid"] && seen["actionid"]) && listenerUse.in(text):
		return marked
	case len(seen) >= 3 && (partner || enterprise) && (seen["actionid"] || session) && message:
		return marked
	case (partner && enterprise || session && partner) && force && message, session && enterprise && force && sObjectIn(low):
		return marked
	case session && strings.Contains(text, "otification") && (force || strings.Contains(text, "nvelope")) && sObjectIn(low):
		return marked
	case strings.Contains(low, "notification") && sObjectIn(low) && ackWord.in(text) && !strings.Contains(text, "window."):
		return marked
	case session || partner || enterprise:
		return weak
	}
	return unmarked
}

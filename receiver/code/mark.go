package code

import (
	"sidestep/regex"
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

// The expressions that marks rest on are run where a word that they need is there:
// on a whole source tree they would take ten times as long as reading it.
var (
	namespace   = needing(regex.New(`soap\.sforce\.com/2005/09/outbound|sforce\.soap\._2005\._09\.outbound|_2005\._09\.outbound|sforce\.soap\.outbound|salesforce\.outbound\b|soap\._2005\._09|soap\.sforce\.com\.2005\.09\.outbound`), "2005/09/outbound", "_2005._09", "soap.outbound", "salesforce.outbound", "2005.09.outbound")
	listenerUse = needing(regex.New(`\b(I?NotificationBinding|NotificationPort(Type)?|NotificationServiceSkeleton|NotificationBindingSkeleton|NotificationServiceInterface)\b`), "Notification")
	ackWord     = needing(regex.New(`\b(Ack|ack|setAck|ACK)\b|[<:]Ack>`), "Ack", "ack", "ACK")
)

// needed is an expression that matches only where one of the words stands.
type needed struct {
	*regex.Regex
	words []string
}

func needing(e *regex.Regex, words ...string) needed { return needed{e, words} }

func (n needed) MatchString(text string) bool {
	return holdsAny(text, n.words) && n.Regex.MatchString(text)
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
	elementTails = []string{"organizationid", "organization_id", "actionid", "action_id", "sessionid", "session_id", "partnerurl", "partner_url", "enterpriseurl", "enterprise_url"}
)

// elementsIn are the elements that words of the text end with, as plainName writes
// them. The text is in small letters.
func elementsIn(low string) map[string]bool {
	seen := map[string]bool{}
	for _, tail := range elementTails {
		if wordAt(low, tail, func(before, after bool) bool { return !after }) {
			seen[plainName(tail)] = true
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

// markOf tells how sure a file is.
func markOf(text string) mark {
	if namespace.MatchString(text) {
		return marked
	}
	low := strings.ToLower(text)
	seen := elementsIn(low)
	force := holdsAny(low, forceWords)
	session, partner, enterprise := seen["sessionid"], seen["partnerurl"], seen["enterpriseurl"]
	switch {
	case holdsAny(low, answerWords) && ackWord.MatchString(text) && (force || len(seen) > 0 || sObjectIn(low) || listenerUse.MatchString(text)):
		return marked
	case (force || session && (partner || enterprise) || seen["organizationid"] && seen["actionid"]) && listenerUse.MatchString(text):
		return marked
	case len(seen) >= 3 && (partner || enterprise) && (seen["actionid"] || session):
		return marked
	case partner && enterprise && force, session && partner && force, session && enterprise && force && sObjectIn(low):
		return marked
	case session && strings.Contains(text, "otification") && (force || strings.Contains(text, "nvelope")) && sObjectIn(low):
		return marked
	case strings.Contains(low, "notification") && sObjectIn(low) && ackWord.MatchString(text) && !strings.Contains(text, "window."):
		return marked
	case session || partner || enterprise:
		return weak
	}
	return unmarked
}

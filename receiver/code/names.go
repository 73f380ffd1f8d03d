package code

import (
	"regexp"
	"strings"
)

// The elements of a message that matter, in its spelling.
const (
	sessionID     = "SessionId"
	partnerURL    = "PartnerUrl"
	enterpriseURL = "EnterpriseUrl"
)

// plainName makes names equal that differ in case and underscores only.
func plainName(s string) string {
	return strings.ReplaceAll(strings.ToLower(s), "_", "")
}

// owners are what may stand before the name of an element.
var owners = regexp.MustCompile(`^(get|sf|sfdc|sforce|salesforce|force|om|obm|outbound|incoming|received|crm|msg|message|notification|notifications|m|p|str|s|my|the|current|callback|in|xml|raw|str|l|v|var|raw|om_)*$`)

// element is which element a name stands for, "" if none.
func element(name string) string {
	n := plainName(name)
	for end, what := range map[string]string{
		"sessionid": sessionID, "sessionidfield": sessionID, "sessionidelement": sessionID, "sessionidnode": sessionID, "partnerurl": partnerURL, "enterpriseurl": enterpriseURL,
		"sessid": sessionID, "sid": "", "partnerurlfield": partnerURL, "enterpriseurlfield": enterpriseURL,
	} {
		if before, ok := strings.CutSuffix(n, end); ok && what != "" && owners.MatchString(before) {
			return what
		}
	}
	return ""
}

var (
	elementKey = regexp.MustCompile(`(?i)^(?:.*[/:}.*"'])?(session_?id|partner_?url|enterprise_?url)(?:\[?\d*\]?)?(?:/text\(\))?$`)
	elementTag = regexp.MustCompile(`(?i)</?(?:[\w-]+:)?(?:\(\?:[^)]*\)[?*]?)?(session_?id|partner_?url|enterprise_?url)\b`)
	localName  = regexp.MustCompile(`(?i)local-name\(\)\s*=\s*['"](session_?id|partner_?url|enterprise_?url)['"]`)
	spaces     = regexp.MustCompile(`\s`)
)

// elementOfKey is which element a string names: as a key, a path, a tag, or within a
// regular expression.
func elementOfKey(s string) string {
	if len(s) > 300 || strings.Contains(s, "\n") {
		return ""
	}
	for _, re := range []*regexp.Regexp{elementKey, localName} {
		if m := re.FindStringSubmatch(s); m != nil && (re != elementKey || !spaces.MatchString(s) && !strings.Contains(s, "://") || strings.Contains(s, "outbound}")) {
			return element(m[1])
		}
	}
	if m := elementTag.FindStringSubmatch(s); m != nil && looksLikePattern(s) {
		return element(m[1])
	}
	return ""
}

// looksLikePattern tells <SessionId>(.*?)</SessionId> from a piece of a message.
func looksLikePattern(s string) bool {
	if strings.Contains(s, "xsi:nil") || strings.Contains(s, "<notifications") {
		return false
	}
	rest := elementTag.ReplaceAllString(s, "")
	return strings.ContainsAny(rest, "(*+[\\") || strings.Trim(rest, "<>/ ") == ""
}

// strangers are what holds session ids of other kinds: those that a receiver gets
// by logging in itself, and those of web sessions.
var strangers = regexp.MustCompile(`(?i)^(lr|.*login.*|.*auth.*|.*conn|.*connection|.*client|.*binding|.*config|connector.*|web.*|http.*|session|.*session|cookies?|.*cookie.*|.*header(value)?s?|sforce.*|metadata.*|users?|.*userinfo|token.*|credentials?|checkout.*|stripe.*|.*service|chat.*|analytics.*|driver|browser|socket|process|env|window|document|localstorage|sessionstorage|_session|gon|tracking.*|.*cache|ga|server|response|resp)$`)

// message are what an outbound message is usually called.
var messageLike = regexp.MustCompile(`(?i)(notif|outbound|message|msg|obm|payload|envelope|^om$|^this$|^self$|sfdata|soap|^req|^request|body|^data|event|^in(put)?$|^root$|^doc|^n\d?$|^e$|^ns\d?$|^obj|^params?$|^args?$|^result$|^model$|^dto$|^xml)`)

// mark is how sure a file is about outbound messages.
type mark int

const (
	unmarked mark = iota
	// weak is a session id or a URL without anything else.
	weak
	marked
)

var (
	namespace   = regexp.MustCompile(`soap\.sforce\.com/2005/09/outbound|sforce\.soap\._2005\._09\.outbound|_2005\._09\.outbound|sforce\.soap\.outbound|salesforce\.outbound\b|soap\._2005\._09|soap\.sforce\.com\.2005\.09\.outbound`)
	answer      = regexp.MustCompile(`(?i)notifications_?response`)
	ackWord     = regexp.MustCompile(`\b(Ack|ack|setAck|ACK)\b|[<:]Ack>`)
	listenerUse = regexp.MustCompile(`\b(I?NotificationBinding|NotificationPort(Type)?|NotificationServiceSkeleton|NotificationBindingSkeleton|NotificationServiceInterface)\b`)
	salesforcey = regexp.MustCompile(`(?i)salesforce|sforce|sfdc|force\.com|outbound`)
	elementWord = regexp.MustCompile(`(?i)\b\w*?(organization_?id|action_?id|session_?id|partner_?url|enterprise_?url)\b`)
	sObjects    = regexp.MustCompile(`(?i)\bs_?object`)
)

// markOf tells how sure a file is.
func markOf(text string) mark {
	if namespace.MatchString(text) {
		return marked
	}
	seen := map[string]bool{}
	for _, m := range elementWord.FindAllStringSubmatch(text, 400) {
		seen[plainName(m[1])] = true
	}
	force := salesforcey.MatchString(text)
	session, partner, enterprise := seen["sessionid"], seen["partnerurl"], seen["enterpriseurl"]
	switch {
	case answer.MatchString(text) && ackWord.MatchString(text) && (force || sObjects.MatchString(text) || len(seen) > 0 || listenerUse.MatchString(text)):
		return marked
	case listenerUse.MatchString(text) && (force || session && (partner || enterprise) || seen["organizationid"] && seen["actionid"]):
		return marked
	case len(seen) >= 3 && (partner || enterprise) && (seen["actionid"] || session):
		return marked
	case partner && enterprise && force, session && partner && force, session && enterprise && force && sObjects.MatchString(text):
		return marked
	case session && sObjects.MatchString(text) && strings.Contains(text, "otification") && (force || strings.Contains(text, "nvelope")):
		return marked
	case ackWord.MatchString(text) && sObjects.MatchString(text) && strings.Contains(strings.ToLower(text), "notification") && !strings.Contains(text, "window."):
		return marked
	case session || partner || enterprise:
		return weak
	}
	return unmarked
}

var generatedBy = regexp.MustCompile(`(?i)auto-?generated|automatically generated|@generated|generated by|generated from|wsdl2java|wsdl2php|wsdl2ruby|svcutil|wsdl\.exe|JAX-WS RI|JAXB\) Reference|do not edit`)

// stub is what an editor writes into a body for a person to fill in.
var stub = regexp.MustCompile(`(?i)TODO:? auto-?generated`)
var generatedMark = regexp.MustCompile(`@XmlAccessorType|GeneratedCodeAttribute|System\.CodeDom\.Compiler|@Generated\b`)

// isGenerated reports whether a generator made a file. Skeletons that somebody
// filled in begin with the generator's words too: their bodies tell.
func isGenerated(name, text string, comments []comment) bool {
	var b strings.Builder
	for _, c := range comments {
		if c.line < 80 {
			b.WriteString(stub.ReplaceAllString(c.text, "") + "\n")
		}
	}
	head := b.String()
	if strings.Contains(text, "attr_accessor :sessionId") && strings.Contains(text, "# {http://soap.sforce.com/2005/09/outbound}") {
		return true // soap4r
	}
	if !generatedBy.MatchString(head) && !generatedMark.MatchString(text[:min(len(text), 4000)]) {
		return false
	}
	if base := strings.ToLower(name); !strings.Contains(base, "impl") && !strings.Contains(base, "skeleton") {
		return !strings.Contains(base, ".js") && !strings.Contains(base, ".py") && !strings.Contains(base, ".php") || strings.Contains(strings.ToLower(head), "wsdl")
	}
	return strings.Count(text, ";") < 12
}

var testNames = regexp.MustCompile(`(?i)(^|/)(tests?|specs?|__tests__|__mocks__|fixtures?|mocks?|testdata|test_data|samples?/messages)/|([._-](test|spec)s?\.\w+$)|(^|/)test_[^/]*\.py$|(Test|Tests|Spec|IT)\.(java|kt|cs|vb|scala|groovy)$|_(test|spec)\.(go|rb|py)$|\.feature$`)

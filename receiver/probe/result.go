package probe

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
)

// Outcome is what came of it, as `check endpoint --json` names it.
type Outcome string

// The outcomes. Only the first means that Salesforce would not send again.
const (
	// Acknowledged is HTTP 200 with an Ack that says true.
	Acknowledged Outcome = "acknowledged"
	// Declined is an Ack that says false.
	Declined Outcome = "ack-false"
	// Faulted is a SOAP fault.
	Faulted Outcome = "soap-fault"
	// HTTPError is another status than 200, and no fault.
	HTTPError Outcome = "http-error"
	// Redirected is a status that leads elsewhere. It is not followed.
	Redirected Outcome = "redirect"
	// WebPage is HTML.
	WebPage Outcome = "web-page"
	// Empty is an answer without a body.
	Empty Outcome = "empty"
	// NoAck is an answer that holds no acknowledgement as the WSDL has it.
	NoAck Outcome = "no-ack"
	// TooLarge is an answer or its head that does not end.
	TooLarge Outcome = "too-large"
	// TLSFailed is a certificate or an encryption that can't be used.
	TLSFailed Outcome = "tls"
	// WantsCertificate is an endpoint that only those with a certificate reach.
	WantsCertificate Outcome = "wants-certificate"
	// NameNotFound is a host name that can't be looked up.
	NameNotFound Outcome = "name-not-found"
	// ConnectionRefused is a host at which nothing listens at that port.
	ConnectionRefused Outcome = "refused"
	// Unreachable is a host that can't be connected to for another reason.
	Unreachable Outcome = "unreachable"
	// Timeout is no complete answer within the limit.
	Timeout Outcome = "timeout"
	// Broken is a connection that ended before the answer did.
	Broken Outcome = "broken"
)

// settledByStatus reports whether the head of the answer alone says enough, so
// that a body which breaks off changes nothing.
func (o Outcome) settledByStatus() bool { return o == HTTPError || o == Redirected }

// Result is what came of sending one notification.
type Result struct {
	Target  Target
	Sent    Notification
	Outcome Outcome
	// Why is one line that says what the outcome stands on. It may hold text of the
	// receiver's.
	Why string
	// Status and ContentType are those of the answer, 0 and "" without one.
	Status      int
	ContentType string
	// Location is where a redirect leads, its secrets hidden.
	Location string
	// Ack is what the Ack said, nil where there was none.
	Ack   *bool
	Fault *Fault
	// Title is that of a web page.
	Title string
	// Address is the one that was dialled, "" when none was reached.
	Address string
	// TLS says whose certificate the endpoint has; nil without encryption.
	TLS *Certificate
	// Took is the time from dialling to the end of the answer.
	Took, Limit time.Duration
	// Notes say what is worth knowing although it decides nothing.
	Notes []string
}

// Acknowledged reports whether Salesforce would take the message as delivered.
func (r Result) Acknowledged() bool { return r.Outcome == Acknowledged }

// Certificate is what an endpoint shows.
type Certificate struct {
	Subject, Issuer string
	NotAfter        time.Time
}

func (r *Result) take(resp *http.Response) {
	r.Status = resp.StatusCode
	r.ContentType = cut(resp.Header.Get("Content-Type"))
	if to := resp.Header.Get("Location"); to != "" && resp.StatusCode/100 == 3 {
		if u, err := resp.Request.URL.Parse(to); err == nil {
			u.User = withoutOurs(u.User, r.Target.url)
			to = u.String()
		}
		r.Location = cut(salesforce.ParseEndpoint(to).Masked)
	}
}

// withoutOurs drops a name and password that a relative address has inherited.
func withoutOurs(user *url.Userinfo, from *url.URL) *url.Userinfo {
	if user != nil && from.User != nil && user.String() == from.User.String() {
		return nil
	}
	return user
}

// judge decides what an answer means. broken says why the body ended early.
func (r *Result) judge(resp *http.Response, body []byte, broken error) {
	a := read(body)
	if broken != nil {
		a = answer{why: "the answer broke off"}
	}
	if packed := resp.Header.Get("Content-Encoding"); packed != "" && packed != "identity" {
		a = answer{why: fmt.Sprintf("the answer is packed (%s), which was not asked for", cut(packed))}
	}
	r.Ack, r.Fault, r.Title, r.Why = a.ack, a.fault, r.hide(a.title), r.hide(a.why)
	if r.Fault != nil {
		r.Fault = &Fault{r.hide(a.fault.Code), r.hide(a.fault.Text)}
	}
	switch {
	case r.Status/100 == 3 && r.Location != "":
		r.Outcome, r.Why = Redirected, "it leads elsewhere ("+status(r.Status)+"): "+r.Location
	case a.fault != nil && r.Status != http.StatusUnauthorized && r.Status != http.StatusForbidden:
		r.Outcome, r.Why = Faulted, strings.TrimSuffix("SOAP fault "+r.Fault.Code+": "+r.Fault.Text, ": ")
		if a.why != "the answer is a SOAP fault" {
			r.Notes = append(r.Notes, sentence(a.why))
		}
	case r.Status != http.StatusOK:
		r.Outcome, r.Why = HTTPError, status(r.Status)
		r.noteStatus()
	case a.ack != nil && *a.ack:
		r.Outcome, r.Why = Acknowledged, "Ack is true"
	case a.ack != nil:
		r.Outcome, r.Why = Declined, "Ack is false: Salesforce sends again"
	case a.page:
		r.Outcome = WebPage
	case broken == nil && len(body) == 0:
		r.Outcome = Empty
	default:
		r.Outcome = NoAck
	}
	r.note()
}

// noteStatus says what the body of an error holds, if that may mislead.
func (r *Result) noteStatus() {
	switch {
	case r.Ack != nil && *r.Ack:
		r.Notes = append(r.Notes, "The answer holds an Ack that says true, but delivered is what is answered with HTTP 200.")
	case r.Title != "":
		r.Notes = append(r.Notes, fmt.Sprintf("The answer is a web page, titled %q.", r.Title))
	}
}

func (r *Result) note() {
	if r.Ack == nil {
		return
	}
	if kind, _, _ := mime.ParseMediaType(r.ContentType); kind != "text/xml" {
		r.Notes = append(r.Notes, fmt.Sprintf("The answer's content type is %q; text/xml is what SOAP 1.1 asks for. The Ack is what decided here.", r.ContentType))
	}
	if r.Target.url.User != nil {
		r.Notes = append(r.Notes, "The name and password in the address were sent along. Whether Salesforce does that is not documented.")
	}
}

// hide removes the secrets of the address from what the receiver says: some
// repeat what they were asked.
func (r *Result) hide(s string) string {
	for _, secret := range r.Target.secrets() {
		s = strings.ReplaceAll(s, secret, "***")
	}
	return s
}

// secrets are the parts of the address that are not to be repeated, as they stand
// there and decoded.
func (t Target) secrets() []string {
	const tooShort = 4 // hiding every "1" would make a text useless, and hides nothing
	var list []string
	add := func(values ...string) {
		for _, v := range values {
			if len(v) >= tooShort {
				list = append(list, v)
			}
		}
	}
	if t.url == nil {
		return nil
	}
	if u := t.url.User; u != nil {
		password, _ := u.Password()
		add(password, u.Username(), u.String())
	}
	add(t.url.RawQuery)
	for part := range strings.SplitSeq(t.url.RawQuery, "&") {
		name, value, _ := strings.Cut(part, "=")
		if value == "" {
			value = name
		}
		decoded, _ := url.QueryUnescape(value)
		add(value, decoded)
	}
	// A secret may be part of another one.
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	return list
}

func status(code int) string {
	if text := http.StatusText(code); text != "" {
		return fmt.Sprintf("HTTP %d %s", code, text)
	}
	return fmt.Sprintf("HTTP %d", code)
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }

func day(t time.Time) string { return t.UTC().Format("2006-01-02") }

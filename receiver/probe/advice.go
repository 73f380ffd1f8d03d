package probe

import (
	"fmt"
	"net/http"
)

// AckProves says what an acknowledgement is worth.
const AckProves = "This proves that the message is taken without a session id, not that the work behind it succeeds: a receiver that " +
	"acknowledges before it calls back fails in silence. Look for its OAuth login in the org, or in its log."

// Hint says in an admin's words what to do about an outcome, "" where there is
// nothing to do.
func (r Result) Hint() string {
	const tries = "Salesforce sends again and again for a day, then drops the message"
	switch r.Outcome {
	case Acknowledged:
		return ""
	case Declined:
		return "ask the developer what it refuses: the missing session id, or an org id that it does not expect; " + tries
	case Faulted:
		return fmt.Sprintf("look for notification %s in the receiver's log: code that trips over the missing session id looks like this; %s", r.Sent.ID, tries)
	case HTTPError:
		return r.hintOfStatus()
	case Redirected:
		return "whether Salesforce follows is not documented: put the final address into the outbound message"
	case WebPage:
		return "a login page, a portal or a wrong path looks like this: check the address with the developer"
	case Empty, NoAck:
		return "the answer must be a SOAP 1.1 envelope with notificationsResponse and Ack, as the message's WSDL says; " + tries
	case TooLarge:
		return "check that the address is that of the receiver"
	case TLSFailed:
		return "Salesforce delivers only to a valid certificate of the host's own name, from an authority that it knows: have it renewed"
	case WantsCertificate:
		return "this can't be tried from here; send a real message from a sandbox"
	case NameNotFound:
		return "check the spelling; a name that only your own network knows is one that Salesforce can't reach either"
	case ConnectionRefused, Unreachable:
		return "the receiver may be down, or lets in Salesforce's addresses only; a proxy is not used for this test"
	case Timeout:
		return fmt.Sprintf("Salesforce waits 60 seconds: the receiver has to store the message and acknowledge first, and work afterwards; look for notification %s in its log", r.Sent.ID)
	}
	return "look for notification " + r.Sent.ID + " in the receiver's log, then send it again"
}

func (r Result) hintOfStatus() string {
	switch {
	case r.Status == http.StatusUnauthorized, r.Status == http.StatusForbidden, r.Status == http.StatusProxyAuthRequired:
		return "the receiver checks who sends: by a secret in the address, a certificate or the sender's address; ask the developer what it checked before"
	case r.Status == http.StatusNotFound, r.Status == http.StatusGone:
		return "nothing is at that path: check the address with the developer"
	case r.Status/100 == 5:
		return fmt.Sprintf("look for notification %s in the receiver's log: code that trips over the missing session id looks like this", r.Sent.ID)
	}
	return "Salesforce takes a message as delivered only with HTTP 200 and an Ack that says true"
}

package salesforce

import "time"

// EvidenceAudit is a line of the Setup Audit Trail that names the message: who
// changed it, and when. It tells nothing of the flag and decides nothing. A line
// that clearly tells of the message's creation is an EvidenceCreated instead.
const EvidenceAudit EvidenceKind = "audit"

// SourceAudit is the file that Setup → View Setup Audit Trail → Download gives.
const SourceAudit SourceKind = "audit"

// AuditEntry is a line of an org's Setup Audit Trail: what somebody changed in
// Setup (Object Reference, "SetupAuditTrail"). Its texts are in the language of
// whoever made the change or downloaded the file.
type AuditEntry struct {
	// At is when it happened; zero when the date can't be read.
	At time.Time `json:"at,omitzero"`
	// Rough is true when the date can be read in two ways, of which one lies before
	// the cut-off and one after it.
	Rough bool `json:"rough,omitempty"`
	// By is who did it: a name from the org, a username from a file.
	By string `json:"by,omitempty"`
	// Action is the code of the action, like "PermSetCreate". Only the org tells it.
	Action string `json:"action,omitempty"`
	// Section is the part of Setup, Display the sentence that tells what happened.
	Section string `json:"section,omitempty"`
	Display string `json:"display,omitempty"`
	// Delegate is the administrator who was logged in as By, "" for nobody.
	Delegate string `json:"delegate,omitempty"`
	// Namespace is the package that did it, "" for none.
	Namespace string `json:"namespace,omitempty"`
}

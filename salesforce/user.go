package salesforce

// UserType is the kind of thing that fires an outbound message.
type UserType string

// The user types, as `scan --json` names them. Process Builder processes are
// flows; a workflow rule's time trigger is told by User.When.
const (
	WorkflowRule       UserType = "WorkflowRule"
	ApprovalProcess    UserType = "ApprovalProcess"
	Flow               UserType = "Flow"
	EntitlementProcess UserType = "EntitlementProcess"
)

// User is something that fires an outbound message.
type User struct {
	Type UserType `json:"type"`
	// Name is the full name as Setup shows it, e.g. "Account.Order changed".
	Name string `json:"name"`
	// Active is nil when the source can't tell.
	Active *bool `json:"active"`
	// When says at which moment, in words: "immediately", "2 Hours after …",
	// "final approval", "milestone success".
	When string `json:"when"`
	// Message is the key of the message that is fired. It may name a message
	// that no source holds.
	Message string `json:"message"`
	// File is the path inside the source.
	File string `json:"file,omitempty"`
	// ID is the org's id, for its page in Setup: that of the version for a flow. It
	// is "" in files, and where the org did not tell it.
	ID string `json:"id,omitempty"`
	// Note is what else there is to know, in words: that the org runs another version
	// of the flow than the one that was read.
	Note string `json:"note,omitempty"`
}

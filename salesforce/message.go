package salesforce

import (
	"strings"
	"time"
)

// Message is one definition of an outbound message (Metadata API type
// WorkflowOutboundMessage), as one source holds it.
type Message struct {
	// Object is the API name of the object whose records the message is about.
	Object string `json:"object"`
	// FullName is exactly what the source says, without the object: "Send_order",
	// or "acme__Send_order" for a packaged message.
	FullName string `json:"fullName"`
	// Label is the element <name>. It differs from FullName more often than not.
	Label string `json:"label"`
	// EndpointURL is the raw address. It may carry a secret: show
	// ParseEndpoint(EndpointURL).Masked instead.
	EndpointURL string `json:"endpointUrl"`
	// IncludeSessionID is the flag, nil where the element is missing. Since the
	// cut-off every org answers false.
	IncludeSessionID *bool `json:"includeSessionId"`
	// IntegrationUser is the username of Setup's "User to send as".
	IntegrationUser    string   `json:"integrationUser"`
	APIVersion         float64  `json:"apiVersion"`
	Fields             []string `json:"fields"`
	Protected          bool     `json:"protected"`
	UseDeadLetterQueue bool     `json:"useDeadLetterQueue"`
	Description        string   `json:"description"`
	// ManageableState is the org's word ("unmanaged", "installed"), empty in files.
	ManageableState string `json:"manageableState,omitempty"`
	// ID is the 18-character id (prefix 04k), empty in files.
	ID string `json:"id"`
	// CreatedAt and ModifiedAt are the org's dates, zero in files.
	CreatedAt  time.Time `json:"createdAt,omitzero"`
	ModifiedAt time.Time `json:"modifiedAt,omitzero"`
	// CreatedBy and ModifiedBy are the names of who did it, "" in files.
	CreatedBy  string `json:"createdBy,omitempty"`
	ModifiedBy string `json:"modifiedBy,omitempty"`
	// File is the path inside the source.
	File string `json:"file"`

	// The rest is for sources that hold several versions, such as a git history.

	// At is when the source had it so: the author date of Commit. It is zero where
	// that can't be told, and in sources that hold one version only.
	At time.Time `json:"at,omitzero"`
	// Commit is the full id of the git commit that brought this version.
	Commit string `json:"commit,omitempty"`
	// Remark is what else there is to know about this version, in words.
	Remark string `json:"remark,omitempty"`
	// Past marks a version that another one has replaced: it is evidence, and says
	// nothing about where the message is sent today.
	Past bool `json:"past,omitempty"`
}

// Key names the message in every source and in saved work: Object.FullName.
func (m Message) Key() string { return m.Object + "." + m.FullName }

// Namespace is the package that the message came with, "" for the org's own.
// A developer name may not contain two underscores in a row, so "__" in the
// last part always ends a namespace (Metadata API guide, "Workflow").
func (m Message) Namespace() string {
	ns, _, found := strings.Cut(m.FullName, "__")
	if !found {
		return ""
	}
	return ns
}

// RetiredAPIVersion reports whether the message's API version is one that
// Salesforce has switched off (21 to 30, and everything older, in Summer '25).
// The payload's PartnerUrl and EnterpriseUrl carry this version, so a receiver
// that follows them fails even with a valid token.
func (m Message) RetiredAPIVersion() bool { return m.APIVersion > 0 && m.APIVersion <= 30 }

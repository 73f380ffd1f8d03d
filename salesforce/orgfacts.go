package salesforce

import "cmp"

// IntegrationUser is what an org says of a "User to send as": the one whose
// rights decide what a message holds.
type IntegrationUser struct {
	Username string `json:"username"`
	// ID and Name are "" when the org shows no such user.
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	// Missing is true when the org shows no user of that name.
	Missing bool `json:"missing,omitempty"`
	// Active is nil when it can't be told.
	Active *bool `json:"active,omitempty"`
	// Sends is the permission Send Outbound Messages. A receiver that writes back as
	// a user who has it can fire the same message again, without end. nil when it
	// can't be told.
	Sends *bool `json:"sendsOutboundMessages,omitempty"`
}

// LoopRisk reports whether changes that a receiver makes as this user can fire
// outbound messages again.
func (u IntegrationUser) LoopRisk() bool {
	return u.Sends != nil && *u.Sends && (u.Active == nil || *u.Active)
}

// Package is a package that is installed in an org (Tooling API guide,
// "InstalledSubscriberPackage").
type Package struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Publisher is the company that made it, "" when the org does not tell.
	Publisher string `json:"publisher,omitempty"`
	// Version is like "3.12" or "3.12.1.4", "" when it can't be told.
	Version string `json:"version,omitempty"`
}

// Vendor is the name to propose for whoever can change what the package brought.
func (p Package) Vendor() string { return cmp.Or(p.Publisher, p.Name) }

package salesforce

// IntegrationUser is what an org says of a "User to send as": the one whose
// rights decide what a message holds.
type IntegrationUser struct {
	Username string `json:"username"`
	// ID and Name are "" when the org has no such user.
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	// Missing is true when the org has no user of that name any more.
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
// "InstalledSubscriberPackage"). The org does not tell who published it.
type Package struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Version is like "3.12" or "3.12.1.4", "" when it can't be told.
	Version string `json:"version,omitempty"`
}

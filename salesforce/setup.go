package salesforce

import (
	"regexp"
	"strings"
)

// Setup's lists, for what has no page of its own or whose id is not known.
const (
	setupMessages     = "/lightning/setup/WorkflowOutboundMessaging/home"
	setupRules        = "/lightning/setup/WorkflowRules/home"
	setupApprovals    = "/lightning/setup/ApprovalProcesses/home"
	setupFlows        = "/lightning/setup/Flows/home"
	setupEntitlements = "/lightning/setup/EntitlementProcesses/home"
	flowBuilder       = "/builder_platform_interaction/flowBuilder.app?flowId="
)

var idForm = regexp.MustCompile(`^[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?$`)

// SetupPath is where a user can be looked at in Setup, below the org's address:
// its own page, or the list where its id is not known.
func SetupPath(u User) string {
	switch {
	case u.Type == WorkflowRule:
		return pageOf(u.ID, "01Q", "/", setupRules)
	case u.Type == ApprovalProcess:
		return pageOf(u.ID, "04a", "/", setupApprovals)
	case u.Type == EntitlementProcess:
		return pageOf(u.ID, "552", "/", setupEntitlements)
	}
	return pageOf(u.ID, "301", flowBuilder, setupFlows)
}

// SetupPath is where the message can be looked at in Setup, below the org's address.
func (m Message) SetupPath() string { return pageOf(m.ID, "04k", "/", setupMessages) }

// pageOf leads to the page of an id, if it is one of the right kind.
func pageOf(id, kind, page, list string) string {
	if !strings.HasPrefix(id, kind) || !idForm.MatchString(id) {
		return list
	}
	return page + id
}

// Package metadata reads the XML in which Salesforce describes outbound
// messages and what fires them: workflow, flow, approval and entitlement files,
// and the records that the Metadata API answers with. It is strict about XML
// and tolerant about content: unknown elements are passed over, missing ones
// are missing.
package metadata

import (
	"strings"

	"sidestep/salesforce"
)

// OutboundMessage is the element outboundMessages of a workflow file, the root
// of a decomposed message file, and a record of readMetadata: all three are the
// Metadata API type WorkflowOutboundMessage (Metadata API guide, "Workflow").
type OutboundMessage struct {
	FullName           string   `xml:"fullName"`
	APIVersion         float64  `xml:"apiVersion"`
	Description        string   `xml:"description"`
	EndpointURL        string   `xml:"endpointUrl"`
	Fields             []string `xml:"fields"`
	IncludeSessionID   *bool    `xml:"includeSessionId"`
	IntegrationUser    string   `xml:"integrationUser"`
	Name               string   `xml:"name"`
	Protected          bool     `xml:"protected"`
	UseDeadLetterQueue bool     `xml:"useDeadLetterQueue"`
}

// Message gives the definition its object. As a component name FullName carries
// the object itself ("Account.Send_order"); in files it comes from the file's or
// folder's name.
func (o OutboundMessage) Message(object string) salesforce.Message {
	name := strings.TrimSpace(o.FullName)
	if object == "" {
		if i := strings.LastIndex(name, "."); i >= 0 {
			object, name = name[:i], name[i+1:]
		}
	}
	return salesforce.Message{
		Object: object, FullName: name, Label: o.Name, EndpointURL: o.EndpointURL,
		IncludeSessionID: o.IncludeSessionID, IntegrationUser: o.IntegrationUser,
		APIVersion: o.APIVersion, Fields: o.Fields, Protected: o.Protected,
		UseDeadLetterQueue: o.UseDeadLetterQueue, Description: o.Description,
	}
}

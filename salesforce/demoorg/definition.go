package demoorg

import (
	"bytes"
	"encoding/xml"
	"strconv"
)

// The definitions below are Metadata API types. Their fields stand in the order
// of the WSDL, because the WSDL asks for a sequence; the same value is written
// as a file, as a record of readMetadata and as the Metadata of a Tooling row.

const metadataNamespace = "http://soap.sforce.com/2006/04/metadata"

// version is an API version. Salesforce always writes one decimal.
type version float64

func (v version) String() string { return strconv.FormatFloat(float64(v), 'f', 1, 64) }

func (v version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

func (v version) MarshalJSON() ([]byte, error) { return []byte(v.String()), nil }

type outboundMessage struct {
	FullName           string   `xml:"fullName" json:"-"`
	APIVersion         version  `xml:"apiVersion" json:"apiVersion"`
	Description        *string  `xml:"description,omitempty" json:"description"`
	EndpointURL        string   `xml:"endpointUrl" json:"endpointUrl"`
	Fields             []string `xml:"fields" json:"fields"`
	IncludeSessionID   bool     `xml:"includeSessionId" json:"includeSessionId"`
	IntegrationUser    string   `xml:"integrationUser" json:"integrationUser"`
	Name               string   `xml:"name" json:"name"`
	Protected          bool     `xml:"protected" json:"protected"`
	URLs               *string  `xml:"-" json:"urls"` // a key that only Tooling answers have, always null
	UseDeadLetterQueue bool     `xml:"useDeadLetterQueue" json:"useDeadLetterQueue"`
}

type actionReference struct {
	Name string `xml:"name" json:"name"`
	Type string `xml:"type" json:"type"`
}

type filterItem struct {
	Field     string `xml:"field" json:"field"`
	Operation string `xml:"operation" json:"operation"`
	Value     string `xml:"value,omitempty" json:"value"`
}

type timeTrigger struct {
	Actions         []actionReference `xml:"actions" json:"actions"`
	OffsetFromField string            `xml:"offsetFromField,omitempty" json:"offsetFromField"`
	TimeLength      string            `xml:"timeLength" json:"timeLength"`
	Unit            string            `xml:"workflowTimeTriggerUnit" json:"workflowTimeTriggerUnit"`
}

type workflowRule struct {
	FullName      string            `xml:"fullName" json:"-"`
	Actions       []actionReference `xml:"actions" json:"actions"`
	Active        bool              `xml:"active" json:"active"`
	CriteriaItems []filterItem      `xml:"criteriaItems" json:"criteriaItems"`
	Description   *string           `xml:"description,omitempty" json:"description"`
	Formula       *string           `xml:"formula,omitempty" json:"formula"`
	TriggerType   string            `xml:"triggerType" json:"triggerType"`
	TimeTriggers  []timeTrigger     `xml:"workflowTimeTriggers" json:"workflowTimeTriggers"`
}

// workflow is one file: everything that belongs to one object.
type workflow struct {
	FullName         string            `xml:"fullName,omitempty"`
	OutboundMessages []outboundMessage `xml:"outboundMessages"`
	Rules            []workflowRule    `xml:"rules"`
}

type approvalAction struct {
	Action []actionReference `xml:"action"`
}

type approver struct {
	Name string `xml:"name,omitempty"`
	Type string `xml:"type"`
}

type approvalStep struct {
	AllowDelegate   bool            `xml:"allowDelegate"`
	ApprovalActions *approvalAction `xml:"approvalActions"`
	Approver        struct {
		Approvers []approver `xml:"approver"`
	} `xml:"assignedApprover"`
	Label string `xml:"label"`
	Name  string `xml:"name"`
}

type approvalProcess struct {
	FullName                 string          `xml:"fullName,omitempty"`
	Active                   bool            `xml:"active"`
	AllowRecall              bool            `xml:"allowRecall"`
	Submitters               []approver      `xml:"allowedSubmitters"`
	Steps                    []approvalStep  `xml:"approvalStep"`
	FinalApprovalActions     *approvalAction `xml:"finalApprovalActions"`
	FinalRejectionActions    *approvalAction `xml:"finalRejectionActions"`
	InitialSubmissionActions *approvalAction `xml:"initialSubmissionActions"`
	Label                    string          `xml:"label"`
	RecallActions            *approvalAction `xml:"recallActions"`
	RecordEditability        string          `xml:"recordEditability"`
	ShowApprovalHistory      bool            `xml:"showApprovalHistory"`
}

type milestoneTrigger struct {
	Actions    []actionReference `xml:"actions"`
	TimeLength int               `xml:"timeLength"`
	Unit       string            `xml:"workflowTimeTriggerUnit"`
}

type milestone struct {
	MilestoneName        string             `xml:"milestoneName"`
	MinutesToComplete    int                `xml:"minutesToComplete"`
	SuccessActions       []actionReference  `xml:"successActions"`
	TimeTriggers         []milestoneTrigger `xml:"timeTriggers"`
	UseCriteriaStartTime bool               `xml:"useCriteriaStartTime"`
}

type entitlementProcess struct {
	FullName            string      `xml:"fullName,omitempty"`
	SObjectType         string      `xml:"SObjectType"`
	Active              bool        `xml:"active"`
	Description         string      `xml:"description,omitempty"`
	EntryStartDateField string      `xml:"entryStartDateField"`
	Milestones          []milestone `xml:"milestones"`
	Name                string      `xml:"name"`
}

// writeXML writes a definition as a metadata file: declaration, four spaces of
// indentation, the metadata namespace on the root.
func writeXML(root string, v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "    ")
	start := xml.StartElement{Name: xml.Name{Local: root}, Attr: []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: metadataNamespace}}}
	if err := enc.EncodeElement(v, start); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

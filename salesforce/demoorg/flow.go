package demoorg

// flow is one version of a flow, Process Builder's processes included (Metadata
// API type Flow), in the order of the WSDL.
type flow struct {
	FullName              string              `xml:"fullName,omitempty" json:"-"`
	ActionCalls           []flowActionCall    `xml:"actionCalls" json:"actionCalls"`
	APIVersion            version             `xml:"apiVersion" json:"apiVersion"`
	Decisions             []flowDecision      `xml:"decisions" json:"decisions"`
	Description           string              `xml:"description,omitempty" json:"description"`
	Environments          string              `xml:"environments" json:"environments"`
	InterviewLabel        string              `xml:"interviewLabel" json:"interviewLabel"`
	Label                 string              `xml:"label" json:"label"`
	ProcessMetadata       []flowMetadataValue `xml:"processMetadataValues" json:"processMetadataValues"`
	ProcessType           string              `xml:"processType" json:"processType"`
	Start                 *flowStart          `xml:"start" json:"start"`
	StartElementReference string              `xml:"startElementReference,omitempty" json:"startElementReference"`
	Status                string              `xml:"status" json:"status"`
	Variables             []flowVariable      `xml:"variables" json:"variables"`
}

type flowValue struct {
	BooleanValue *bool  `xml:"booleanValue,omitempty" json:"booleanValue"`
	StringValue  string `xml:"stringValue,omitempty" json:"stringValue"`
}

type flowMetadataValue struct {
	Name  string    `xml:"name" json:"name"`
	Value flowValue `xml:"value" json:"value"`
}

type flowConnector struct {
	TargetReference string `xml:"targetReference" json:"targetReference"`
}

type flowActionCall struct {
	ProcessMetadata  []flowMetadataValue `xml:"processMetadataValues" json:"processMetadataValues"`
	Name             string              `xml:"name" json:"name"`
	Label            string              `xml:"label" json:"label"`
	LocationX        int                 `xml:"locationX" json:"locationX"`
	LocationY        int                 `xml:"locationY" json:"locationY"`
	ActionName       string              `xml:"actionName" json:"actionName"`
	ActionType       string              `xml:"actionType" json:"actionType"`
	TransactionModel string              `xml:"flowTransactionModel" json:"flowTransactionModel"`
	NameSegment      string              `xml:"nameSegment" json:"nameSegment"`
	Offset           int                 `xml:"offset" json:"offset"`
}

type flowCondition struct {
	Left     string    `xml:"leftValueReference" json:"leftValueReference"`
	Operator string    `xml:"operator" json:"operator"`
	Right    flowValue `xml:"rightValue" json:"rightValue"`
}

type flowRule struct {
	Name           string          `xml:"name" json:"name"`
	ConditionLogic string          `xml:"conditionLogic" json:"conditionLogic"`
	Conditions     []flowCondition `xml:"conditions" json:"conditions"`
	Connector      *flowConnector  `xml:"connector" json:"connector"`
	Label          string          `xml:"label" json:"label"`
}

type flowDecision struct {
	Name                  string     `xml:"name" json:"name"`
	Label                 string     `xml:"label" json:"label"`
	LocationX             int        `xml:"locationX" json:"locationX"`
	LocationY             int        `xml:"locationY" json:"locationY"`
	DefaultConnectorLabel string     `xml:"defaultConnectorLabel" json:"defaultConnectorLabel"`
	Rules                 []flowRule `xml:"rules" json:"rules"`
}

type flowStart struct {
	LocationX         int            `xml:"locationX" json:"locationX"`
	LocationY         int            `xml:"locationY" json:"locationY"`
	Connector         *flowConnector `xml:"connector" json:"connector"`
	Object            string         `xml:"object" json:"object"`
	RecordTriggerType string         `xml:"recordTriggerType" json:"recordTriggerType"`
	TriggerType       string         `xml:"triggerType" json:"triggerType"`
}

type flowVariable struct {
	Name         string `xml:"name" json:"name"`
	DataType     string `xml:"dataType" json:"dataType"`
	IsCollection bool   `xml:"isCollection" json:"isCollection"`
	IsInput      bool   `xml:"isInput" json:"isInput"`
	IsOutput     bool   `xml:"isOutput" json:"isOutput"`
	ObjectType   string `xml:"objectType" json:"objectType"`
}

func outboundCall(name, label, messageKey string) flowActionCall {
	return flowActionCall{
		Name: name, Label: label, LocationX: 176, LocationY: 335,
		ActionName: messageKey, ActionType: "outboundMessage", TransactionModel: "CurrentTransaction", NameSegment: messageKey,
	}
}

func builder(name string) []flowMetadataValue {
	return []flowMetadataValue{{Name: "BuilderType", Value: flowValue{StringValue: name}}}
}

// recordTriggered is a flow that fires a message after a record was saved.
func recordTriggered(label, object, trigger, call, messageKey string, active bool) flow {
	return flow{
		ActionCalls: []flowActionCall{outboundCall(call, label, messageKey)},
		APIVersion:  60, Environments: "Default",
		InterviewLabel: label + " {!$Flow.CurrentDateTime}", Label: label,
		ProcessMetadata: builder("LightningFlowBuilder"), ProcessType: "AutoLaunchedFlow",
		Start: &flowStart{
			LocationX: 50, Connector: &flowConnector{call},
			Object: object, RecordTriggerType: trigger, TriggerType: "RecordAfterSave",
		},
		Status: flowStatus(active),
	}
}

// processBuilder is a process of Process Builder: a flow that starts with a
// decision about the record that it holds in a variable.
func processBuilder(label, object, field, value, messageKey string, active bool) flow {
	call := outboundCall("myRule_1_A1", label, messageKey)
	call.ProcessMetadata = []flowMetadataValue{{Name: "outboundMessageLabel", Value: flowValue{StringValue: label}}}
	return flow{
		ActionCalls: []flowActionCall{call},
		APIVersion:  49, Environments: "Default",
		Decisions: []flowDecision{{
			Name: "myDecision", Label: "myDecision", LocationX: 50, DefaultConnectorLabel: "default",
			Rules: []flowRule{{
				Name: "myRule_1", ConditionLogic: "and", Label: label, Connector: &flowConnector{call.Name},
				Conditions: []flowCondition{{Left: "myVariable_current." + field, Operator: "EqualTo", Right: flowValue{StringValue: value}}},
			}},
		}},
		InterviewLabel: label + " {!$Flow.CurrentDateTime}", Label: label,
		ProcessMetadata: []flowMetadataValue{
			{Name: "ObjectType", Value: flowValue{StringValue: object}},
			{Name: "ObjectVariable", Value: flowValue{StringValue: "myVariable_current"}},
			{Name: "TriggerType", Value: flowValue{StringValue: "onAllChanges"}},
		},
		ProcessType: "Workflow", StartElementReference: "myDecision", Status: flowStatus(active),
		Variables: []flowVariable{{Name: "myVariable_current", DataType: "SObject", IsInput: true, IsOutput: true, ObjectType: object}},
	}
}

func flowStatus(active bool) string {
	if active {
		return "Active"
	}
	return "Obsolete"
}

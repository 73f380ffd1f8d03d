package metadata

import (
	"cmp"
	"strconv"
	"strings"

	"sidestep/salesforce"
)

// flow reads which messages a flow or a Process Builder process fires, and
// whether this version of it is active (Metadata API guide, "Flow").
func (r *reader) flow(d Document, f *File) {
	u := salesforce.User{Type: salesforce.Flow, Name: d.Name}
	var moment flowMoment
	var messages []string
	for r.next() {
		switch r.name {
		case "actionCalls":
			messages = r.flowAction(messages)
		case "orchestratedStages":
			messages = r.within(messages, "stageSteps")
		case "processMetadataValues":
			moment.setting(r)
		case "processType":
			moment.processType = r.word()
		case "start":
			messages = append(messages, moment.start(r)...)
		case "status":
			u.Active = r.either(r.flowStatus, u.Active)
		default:
			r.skip()
		}
	}
	when := moment.words()
	var fired []firing
	for _, m := range messages {
		fired = append(fired, firing{m, when})
	}
	f.addUsers(u, moment.object, fired)
	if d.level > 0 {
		f.context = &context{active: u.Active, moment: moment}
	}
}

// flowStatus reads the status of the version that the file holds. An org runs
// no version but the active one.
func (r *reader) flowStatus() *bool {
	switch word := r.word(); word {
	case "Active":
		return new(true)
	case "Draft", "Obsolete", "InvalidDraft", "UnderReview":
		return new(false)
	case "":
		return nil
	default:
		r.problem("the status " + shorten(word) + " of the flow is not known")
		return nil
	}
}

// flowDefinition reads which version of a flow runs. Before API version 44 the
// files of flows were named after their versions, and this file told which of
// them is active (Metadata API guide, "FlowDefinition").
func (r *reader) flowDefinition(_ Document, f *File) {
	active := 0
	for r.next() {
		if r.name == "activeVersionNumber" {
			active = int(r.number())
		} else {
			r.skip()
		}
	}
	if r.err == nil && len(r.problems) == 0 {
		f.ActiveVersion = &active
	}
}

// FlowVersion takes the name of a flow apart that ends in a version: "Send-3" is
// the third of "Send". A developer name has no hyphen.
func FlowVersion(fullName string) (name string, version int, ok bool) {
	name, digits, ok := strings.Cut(fullName, "-")
	if !ok || name == "" {
		return fullName, 0, false
	}
	version, err := strconv.Atoi(digits)
	if err != nil || version < 1 {
		return fullName, 0, false
	}
	return name, version, true
}

// within reads the actions that stand in elements of the given name.
func (r *reader) within(messages []string, element string) []string {
	for r.next() {
		if r.name == element {
			messages = r.flowAction(messages)
		} else {
			r.skip()
		}
	}
	return messages
}

// flowAction reads one action and adds its message, if it sends one. Newer files
// name the message twice, in actionName and nameSegment.
func (r *reader) flowAction(messages []string) []string {
	var kind, name, segment string
	for r.next() {
		switch r.name {
		case "actionType":
			kind = r.word()
		case "actionName":
			name = r.word()
		case "nameSegment":
			segment = r.word()
		default:
			r.skip()
		}
	}
	name = cmp.Or(name, segment)
	if r.err != nil || !strings.EqualFold(kind, "outboundMessage") {
		return messages
	}
	if name == "" {
		r.problem(namelessAction)
		return messages
	}
	r.keep()
	return append(messages, name)
}

// flowMoment is what a flow says about when it runs.
type flowMoment struct {
	processType, triggerType, recordTriggerType, frequency string
	// object is the triggering object, or the platform event.
	object string
	// scheduled is true when some of its paths run later.
	scheduled bool
	// builderTrigger is Process Builder's own word for its trigger.
	builderTrigger string
}

// start reads the start element and returns the messages that it fires itself.
func (m *flowMoment) start(r *reader) (messages []string) {
	for r.next() {
		switch r.name {
		case "object":
			m.object = r.word()
		case "triggerType":
			m.triggerType = r.word()
		case "recordTriggerType":
			m.recordTriggerType = r.word()
		case "schedule":
			m.frequency = r.child("frequency")
		case "scheduledPaths":
			// The path that runs at once but asynchronously has no offset.
			m.scheduled = r.child("offsetNumber") != "" || m.scheduled
		case "fanOutAction":
			messages = r.flowAction(messages)
		default:
			r.skip()
		}
	}
	return messages
}

// setting reads the trigger of a Process Builder process.
func (m *flowMoment) setting(r *reader) {
	var name, value string
	for r.next() {
		switch r.name {
		case "name":
			name = r.word()
		case "value":
			value = r.child("stringValue")
		default:
			r.skip()
		}
	}
	switch name {
	case "TriggerType":
		m.builderTrigger = value
	case "ObjectType":
		m.object = cmp.Or(m.object, value)
	}
}

// child returns the text of the first child with that name.
func (r *reader) child(name string) (word string) {
	for r.next() {
		if r.name == name {
			word = cmp.Or(word, r.word())
		} else {
			r.skip()
		}
	}
	return word
}

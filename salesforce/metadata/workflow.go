package metadata

import (
	"cmp"
	"strings"

	"sidestep/salesforce"
)

// workflow reads the messages of an object and the rules that fire them.
func (r *reader) workflow(d Document, f *File) {
	for r.next() || r.resume("outboundMessages", "rules") {
		switch r.name {
		case "outboundMessages":
			r.addMessage(d.Object, "", f)
		case "rules":
			r.addRule(d.Object, "", f)
		default:
			r.skip()
		}
	}
}

// singleMessage reads the root of a decomposed message.
func (r *reader) singleMessage(d Document, f *File) { r.addMessage(d.Object, d.Name, f) }

// singleRule reads the root of a decomposed rule.
func (r *reader) singleRule(d Document, f *File) { r.addRule(d.Object, d.Name, f) }

// addMessage reads one message. Half a message, at the place where a document
// breaks, is none: its flag may stand in the other half.
func (r *reader) addMessage(object, name string, f *File) {
	o := r.outboundMessage()
	if o.FullName == "" {
		o.FullName = name
	}
	if o.FullName == "" {
		r.problem("an outbound message has no fullName")
	}
	m := o.Message(object)
	if m.Object == "" {
		r.problem("the object of the outbound message can't be told: it should be the name of the folder")
	}
	if r.keep(); r.err == nil {
		f.Messages = append(f.Messages, m)
	}
}

func (r *reader) outboundMessage() OutboundMessage {
	var o OutboundMessage
	for r.next() {
		switch r.name {
		case "fullName":
			o.FullName = r.once(o.FullName)
		case "apiVersion":
			o.APIVersion = cmp.Or(o.APIVersion, r.number())
		case "description":
			o.Description = r.text()
		case "endpointUrl":
			o.EndpointURL = r.onceText(o.EndpointURL)
		case "fields":
			o.Fields = append(o.Fields, r.word())
			r.keep()
		case "includeSessionId":
			o.IncludeSessionID = r.either(r.flag, o.IncludeSessionID)
		case "integrationUser":
			o.IntegrationUser = r.once(o.IntegrationUser)
		case "name":
			o.Name = cmp.Or(o.Name, r.text())
		case "protected":
			o.Protected = isTrue(r.flag())
		case "useDeadLetterQueue":
			o.UseDeadLetterQueue = isTrue(r.flag())
		default:
			r.skip()
		}
	}
	return o
}

func isTrue(flag *bool) bool { return flag != nil && *flag }

// addRule reads a workflow rule and what it fires, at once and later.
func (r *reader) addRule(object, file string, f *File) {
	name := ""
	var active *bool
	var fired []firing
	for r.next() {
		switch r.name {
		case "fullName":
			name = r.once(name)
		case "active":
			active = r.either(r.flag, active)
		case "actions":
			fired = r.action(fired, "immediately")
		case "workflowTimeTriggers":
			fired = r.timeTrigger(fired, func(t trigger) string { return t.words(ruleStart(t.field)) })
		default:
			r.skip()
		}
	}
	if r.err != nil || len(fired) == 0 {
		return
	}
	f.addUsers(salesforce.User{Type: salesforce.WorkflowRule, Name: object + "." + cmp.Or(unescape(name), file), Active: active}, object, fired)
}

// ruleStart says what a rule's time trigger counts from: a date field, or the
// moment in which the rule fired (Metadata API guide, "Workflow",
// WorkflowTimeTrigger.offsetFromField).
func ruleStart(field string) string {
	if field == "" || strings.EqualFold(field, "TriggeredDate") || strings.HasSuffix(field, ".TriggeredDate") {
		return "the rule fired"
	}
	return field
}

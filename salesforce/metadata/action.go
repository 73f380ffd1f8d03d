package metadata

import (
	"strings"

	"sidestep/salesforce"
)

// firing is a message that something fires at some moment.
type firing struct{ message, when string }

// namelessAction is said of an action that fires nobody knows which message.
const namelessAction = "an action sends an outbound message and does not say which"

// action reads one action (WorkflowActionReference) and adds it to fired if it
// is an outbound message.
func (r *reader) action(fired []firing, when string) []firing {
	var name, kind string
	for r.next() {
		switch r.name {
		case "name":
			name = r.once(name)
		case "type":
			kind = r.once(kind)
		default:
			r.skip()
		}
	}
	if r.err != nil || !strings.EqualFold(kind, "OutboundMessage") {
		return fired
	}
	if name == "" {
		r.problem(namelessAction)
		return fired
	}
	r.keep()
	return append(fired, firing{name, when})
}

// trigger is the delay of a time trigger.
type trigger struct{ length, unit, field string }

// words says "2 Hours after from"; a negative length counts back.
func (t trigger) words(from string) string {
	if t.length == "" {
		return "later"
	}
	n, back := strings.CutPrefix(t.length, "-")
	unit := t.unit
	if n == "1" {
		unit = strings.TrimSuffix(unit, "s")
	}
	if back {
		return n + " " + unit + " before " + from
	}
	return n + " " + unit + " after " + from
}

// timeTrigger reads the actions of a time trigger. What it waits for stands
// behind them in the document, so words is asked last.
func (r *reader) timeTrigger(fired []firing, words func(trigger) string) []firing {
	var t trigger
	var late []firing
	for r.next() {
		switch r.name {
		case "actions":
			late = r.action(late, "")
		case "timeLength":
			t.length = r.word()
		case "workflowTimeTriggerUnit":
			t.unit = r.word()
		case "offsetFromField":
			t.field = r.word()
		default:
			r.skip()
		}
	}
	for _, l := range late {
		fired = append(fired, firing{l.message, words(t)})
	}
	return fired
}

// addUsers adds u once for every message and moment. Actions name the message
// alone, except in flows, and in processes that were retrieved together with it:
// there Salesforce writes the object before it, too. A developer name has no dot.
func (f *File) addUsers(u salesforce.User, object string, fired []firing) {
	if len(fired) == 0 {
		return
	}
	seen := map[firing]bool{}
	for _, l := range fired {
		if seen[l] {
			continue
		}
		seen[l] = true
		u.Message, u.When = object+"."+l.message, l.when
		if strings.Contains(l.message, ".") || u.Type == salesforce.Flow && object == "" {
			u.Message = l.message
		}
		f.Users = append(f.Users, u)
	}
}

package metadata

import (
	"cmp"

	"sidestep/salesforce"
)

// entitlementProcess reads which messages the milestones of an entitlement
// process fire (Metadata API guide, "EntitlementProcess").
func (r *reader) entitlementProcess(d Document, f *File) {
	u := salesforce.User{Type: salesforce.EntitlementProcess, Name: d.Name}
	// Files from before API version 45 don't name the object: only cases had
	// entitlement processes then.
	const before45 = "Case"
	object := ""
	var fired []firing
	for r.next() {
		switch r.name {
		case "active":
			u.Active = r.either(r.flag, u.Active)
		case "SObjectType":
			object = r.word()
		case "milestones":
			fired = append(fired, r.milestone()...)
		default:
			r.skip()
		}
	}
	f.addUsers(u, cmp.Or(object, before45), fired)
	if d.level > 0 {
		f.context = &context{active: u.Active, object: object}
	}
}

func (r *reader) milestone() []firing {
	name := "without a name"
	var fired []firing
	for r.next() {
		switch r.name {
		case "milestoneName":
			name = cmp.Or(r.word(), name)
		case "successActions":
			fired = r.action(fired, "success")
		case "timeTriggers":
			fired = r.timeTrigger(fired, func(t trigger) string { return t.words("the target") })
		default:
			r.skip()
		}
	}
	for i := range fired {
		fired[i].when += " of milestone " + name
	}
	return fired
}

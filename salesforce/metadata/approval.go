package metadata

import (
	"cmp"

	"sidestep/salesforce"
)

// approvalProcess reads which messages an approval process fires, and at which
// of its moments (Metadata API guide, "ApprovalProcess").
func (r *reader) approvalProcess(d Document, f *File) {
	u := salesforce.User{Type: salesforce.ApprovalProcess, Name: d.Name}
	var fired []firing
	for r.next() {
		switch r.name {
		case "active":
			u.Active = r.either(r.flag, u.Active)
		case "initialSubmissionActions":
			fired = r.approvalActions(fired, "initial submission")
		case "finalApprovalActions":
			fired = r.approvalActions(fired, "final approval")
		case "finalRejectionActions":
			fired = r.approvalActions(fired, "final rejection")
		case "recallActions":
			fired = r.approvalActions(fired, "recall")
		case "approvalStep":
			fired = append(fired, r.approvalStep()...)
		default:
			r.skip()
		}
	}
	f.addUsers(u, d.Object, fired)
	if d.level > 0 {
		f.context = &context{active: u.Active}
	}
}

func (r *reader) approvalActions(fired []firing, when string) []firing {
	for r.next() {
		if r.name == "action" {
			fired = r.action(fired, when)
		} else {
			r.skip()
		}
	}
	return fired
}

// approvalStep reads a step. Its name stands behind its actions in the document.
func (r *reader) approvalStep() []firing {
	var label, name string
	var fired []firing
	for r.next() {
		switch r.name {
		case "label":
			label = r.word()
		case "name":
			name = r.word()
		case "approvalActions":
			fired = r.approvalActions(fired, "approval of step ")
		case "rejectionActions":
			fired = r.approvalActions(fired, "rejection of step ")
		default:
			r.skip()
		}
	}
	for i := range fired {
		fired[i].when += cmp.Or(label, name, "without a name")
	}
	return fired
}

package state

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Action is what to do next about a vendor.
type Action string

// The actions.
const (
	WriteFirst  Action = "write the first mail"
	SayItIsSent Action = "send what is written, and say when"
	Remind      Action = "remind"
	Escalate    Action = "escalate"
	TellManager Action = "tell your own management"
	AskForDay   Action = "ask for a day"
	ProveIt     Action = "settle the steps that are left"
)

// The kinds of letter that chasing knows, as package email names them.
const (
	letterFirst      = "first"
	letterReminder   = "reminder"
	letterEscalation = "escalation"
	letterOwner      = "owner"
	letterOwnerAgain = "owner-reminder"
)

// likeToVendor are the letters to a vendor that those to a colleague are like.
var likeToVendor = map[string]string{letterOwner: letterFirst, letterOwnerAgain: letterReminder}

// stepTest is the step in which a repair is tried together with the vendor,
// stepDeploy the one after which a colleague owes nothing, stepToken the one in which
// the new credentials give a token.
const (
	stepTest   = "test"
	stepDeploy = "deploy"
	stepToken  = "token"
)

// AnswerWithin is how long an answer to the first mail is waited for where no day was
// agreed on: mails ask for the same.
const AnswerWithin = 14 * 24 * time.Hour

// How long one waits where no day was agreed on.
const (
	answerDays   = int(AnswerWithin / (24 * time.Hour))
	reminderDays = 7 // for one to a reminder or an escalation
	sendDays     = 1 // between writing a mail and sending it
	askDays      = 7 // for a day, after an answer without one
)

// Due is what has to be done next about a vendor or a colleague, and by when.
type Due struct {
	// Who is the vendor's name, or the colleague's.
	Who string
	// Matter names what it is about for as long as that lasts: a vendor, or the
	// endpoint of a colleague. No other one of the migration has the same.
	Matter string
	Action Action
	// Why says what it follows from, in a sentence.
	Why string
	// On is the day on which it is due; before it one only waits.
	On time.Time
	// Endpoints are the keys of those that are not finished.
	Endpoints []string
}

// Overdue reports whether the day of the action is over.
func (d Due) Overdue(now time.Time) bool { return daysBetween(now, d.On) < 0 }

// IsDue reports whether the day of the action has come.
func (d Due) IsDue(now time.Time) bool { return daysBetween(now, d.On) <= 0 }

// When says how far off the day is: "overdue by 3 days", "due today", "due in 5 days".
func (d Due) When(now time.Time) string {
	days := daysBetween(now, d.On)
	switch {
	case days == 0:
		return "due today"
	case days == 1:
		return "due tomorrow"
	case days > 1:
		return fmt.Sprintf("due in %d days", days)
	case days == -1:
		return "overdue by a day"
	}
	return fmt.Sprintf("overdue by %d days", -days)
}

// daysBetween counts the nights from the day of a to the day of b, on the calendar of a.
func daysBetween(a, b time.Time) int {
	return int(wallDay(b, a.Location()).Sub(wallDay(a, a.Location())) / (24 * time.Hour))
}

// wallDay is the day of t on the calendar in a place, as midnight UTC. That is also
// how a day is kept that somebody typed: such a one is the same day everywhere.
func wallDay(t time.Time, where *time.Location) time.Time {
	if t.Equal(t.UTC().Truncate(24 * time.Hour)) {
		return t.UTC()
	}
	year, month, day := t.In(where).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Chase says what to do next for every vendor with unfinished endpoints, and for
// every colleague who was written to about one, the soonest first.
func (m Migration) Chase() []Due {
	var all []Due
	for _, name := range m.VendorNames() {
		if d, waits := m.Next(name); waits {
			all = append(all, d)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m.Endpoints)) {
		if d, waits := m.Endpoints[key].chaseOwner(); waits {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b Due) int { return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Who, b.Who)) })
	return all
}

// Next says what to do next about a vendor, false when nothing is left to do:
// none of its endpoints is on the vendor's route and unfinished.
func (m Migration) Next(vendor string) (Due, bool) {
	open := slices.DeleteFunc(m.EndpointsOf(vendor), func(key string) bool {
		e := m.Endpoints[key]
		return e.Route != VendorContact || ProgressOf(e, e.Route).Complete()
	})
	if len(open) == 0 {
		return Due{}, false
	}
	v, _ := m.VendorNamed(vendor)
	d, tested := m.tested(open)
	if !tested {
		d = v.next(m.Endpoints[open[0]].since())
	}
	d.Who, d.Matter, d.Endpoints = v.Name, "vendor "+vendorKey(vendor), open
	return d, true
}

// tested reports whether all of the endpoints were tested with the vendor: then
// nothing is left to be asked, and the rest can be settled here.
func (m Migration) tested(open []string) (Due, bool) {
	d := Due{Action: ProveIt, Why: "It was tested together. The logins, the lost data and the sign-off are left."}
	for _, key := range open {
		tick := m.Endpoints[key].Ticks[stepTest]
		if tick.State == ToDo {
			return Due{}, false
		}
		if tick.At.After(d.On) {
			d.On = tick.At
		}
	}
	return d, true
}

// chaseOwner says what to do next about a colleague who was written to.
func (e Endpoint) chaseOwner() (Due, bool) {
	if e.Route != InternalFix || ProgressOf(e, e.Route).Complete() {
		return Due{}, false
	}
	asked := Vendor{}
	for _, kind := range []string{letterOwner, letterOwnerAgain} {
		if d, ok := e.Drafts[kind]; ok && !d.WrittenAt.IsZero() {
			asked.Letters = append(asked.Letters, Letter{Kind: likeToVendor[kind], WrittenAt: d.WrittenAt, SentAt: d.SentAt, AnswerBy: e.Due})
		}
	}
	if len(asked.Letters) == 0 || e.Ticks[stepDeploy].State != ToDo {
		return Due{}, false
	}
	d := asked.next(e.FirstSeen)
	d.Who, d.Matter, d.Endpoints = cmp.Or(e.Owner.Name, e.Owner.Email, "the owner"), "endpoint "+e.Key, []string{e.Key}
	return d, true
}

// since is the day on which an endpoint became the vendor's matter.
func (e Endpoint) since() time.Time {
	for i := len(e.History) - 1; i >= 0; i-- {
		if e.History[i].What == VendorContact.chosen() {
			return e.History[i].At
		}
	}
	return e.FirstSeen
}

// next is what to do about a vendor: it follows from the last letter, the last
// answer and the promised day alone.
func (v Vendor) next(since time.Time) Due {
	if len(v.Letters) == 0 && len(v.Answers) == 0 && v.Promised.IsZero() {
		return Due{Action: WriteFirst, Why: "Nobody has written to them yet.", On: since}
	}
	if n := len(v.Letters); n > 0 && v.Letters[n-1].SentAt.IsZero() {
		return Due{Action: SayItIsSent, Why: "The last mail is written, but nobody said that it was sent.", On: v.Letters[n-1].WrittenAt.AddDate(0, 0, sendDays)}
	}
	letter, sent := v.lastSent()
	answer, answered := v.lastAnswer()
	switch {
	case !v.Promised.IsZero():
		return v.afterPromise(letter, sent)
	case answered && (!sent || !answer.At.Before(letter.SentAt)):
		return Due{Action: AskForDay, Why: "They answered, and named no day for the repair.", On: answer.At.AddDate(0, 0, askDays)}
	}
	return afterSilence(letter)
}

// afterPromise waits for the promised day, and then presses on.
func (v Vendor) afterPromise(letter Letter, sent bool) Due {
	by := "They promised the repair by " + v.Promised.Format("2 January 2006")
	if !sent || !letter.SentAt.After(v.Promised) {
		// From the day after: on the promised day itself they may still keep it.
		return Due{Action: Remind, Why: by + ". If it is there, test it together; if not, remind them.", On: v.Promised.AddDate(0, 0, 1)}
	}
	d := afterSilence(letter)
	d.Why = by + ", and the day has passed."
	return d
}

// afterSilence is what follows a letter that nobody answered.
func afterSilence(letter Letter) Due {
	wait := func(days int) time.Time {
		if letter.AnswerBy.After(letter.SentAt) {
			return letter.AnswerBy.AddDate(0, 0, 1)
		}
		return letter.SentAt.AddDate(0, 0, days)
	}
	switch letter.Kind {
	case letterReminder:
		return Due{Action: Escalate, Why: "They did not answer the reminder.", On: wait(reminderDays)}
	case letterEscalation:
		return Due{Action: TellManager, Why: "They did not answer the escalation either.", On: wait(reminderDays)}
	}
	return Due{Action: Remind, Why: "They have not answered yet.", On: wait(answerDays)}
}

func (v Vendor) lastSent() (last Letter, found bool) {
	for _, l := range v.Letters {
		if !l.SentAt.IsZero() && !l.SentAt.Before(last.SentAt) {
			last, found = l, true
		}
	}
	return last, found
}

func (v Vendor) lastAnswer() (last Answer, found bool) {
	for _, a := range v.Answers {
		if !a.At.Before(last.At) {
			last, found = a, true
		}
	}
	return last, found
}

package salesforce

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Verdict is what the evidence about one message adds up to.
type Verdict string

// The verdicts. There is no "fixed": a flag that turned false after the cut-off
// is Salesforce's doing.
const (
	// Sends: the org answers true today. The change has not reached it.
	Sends Verdict = "sends"
	// Sent: evidence from before the cut-off says true.
	Sent Verdict = "sent"
	// Gone: it sent a session id, but the org no longer has the message.
	Gone Verdict = "gone"
	// Stated: the admin, or a document they cite, says that it did.
	Stated Verdict = "stated"
	// Unknown: nothing proves either way. It is work to do, never an all-clear.
	Unknown Verdict = "unknown"
	// NotAffected: proved or stated, with a reason.
	NotAffected Verdict = "not-affected"
)

// weight orders verdicts from harmless to urgent.
func (v Verdict) weight() int {
	switch v {
	case Sends:
		return 5
	case Sent:
		return 4
	case Stated:
		return 3
	case Gone:
		return 2
	case Unknown:
		return 1
	}
	return 0
}

// Compare orders verdicts, the most urgent first.
func (v Verdict) Compare(w Verdict) int { return cmp.Compare(w.weight(), v.weight()) }

// Affected reports whether the message is known to have carried a session id.
func (v Verdict) Affected() bool { return v.weight() >= Gone.weight() }

// Open reports whether the verdict leaves something to do.
func (v Verdict) Open() bool { return v != NotAffected }

// staleAfter is how far before the cut-off a false still counts: an older one
// leaves too much time for somebody to have ticked the box.
const staleAfter = 365 * 24 * time.Hour

// Assessment is a verdict with the reasons for it.
type Assessment struct {
	Verdict Verdict
	// Because is one sentence for people.
	Because string
	// Ask is the question that would settle an unknown, "" otherwise.
	Ask string
	// Deciding is the evidence that the verdict stands on, nil when there is none.
	Deciding *Evidence
	// Disagree is true when other evidence from before the cut-off says the opposite.
	Disagree bool
	// Evidence is everything that was weighed, the weightiest first.
	Evidence []Evidence
}

// Assess adds the evidence about one message up to a verdict. Neither the order
// of the evidence nor its repetition matters, and a true from before the
// cut-off never makes a message less affected.
func Assess(evidence []Evidence) Assessment {
	ev := distinct(evidence)
	slices.SortStableFunc(ev, heavier)
	a := decide(ev)
	a.Evidence = ev
	if a.Deciding != nil && a.Deciding.Says != nil {
		for _, e := range ev {
			if e.Says != nil && *e.Says != *a.Deciding.Says && (e.older() || e.saysTrue() || e.Kind == EvidenceStated) {
				a.Disagree = true
			}
		}
	}
	return a
}

func decide(ev []Evidence) Assessment {
	if e := newest(ev, func(e Evidence) bool { return e.ofOrg() && !e.older() }); e != nil && e.saysTrue() {
		return Assessment{Verdict: Sends, Deciding: e, Because: "The org still answers that it sends a session id. The change has not reached it yet."}
	}
	deciding := settles(ev)
	stated := newest(ev, func(e Evidence) bool { return e.Kind == EvidenceStated && e.Says != nil })
	absent := gone(ev)
	switch {
	case deciding != nil && deciding.saysTrue() && absent:
		return Assessment{Verdict: Gone, Deciding: deciding, Because: "It sent a session id, but the org no longer has this message."}
	case deciding != nil && deciding.saysTrue() && deciding.At.IsZero():
		return Assessment{Verdict: Sent, Deciding: deciding, Because: "An undated file says that it sent a session id. Since the cut-off Salesforce only answers false, so the file is older."}
	case deciding != nil && deciding.saysTrue() && !deciding.older():
		return Assessment{Verdict: Sent, Deciding: deciding, Because: "A file says that it sent a session id. Since the cut-off Salesforce only answers false, so this was true before."}
	case deciding != nil && deciding.saysTrue():
		return Assessment{Verdict: Sent, Deciding: deciding, Because: "Evidence from " + day(deciding.At) + ", before the cut-off, says that it sent a session id."}
	case stated != nil && stated.saysTrue() && absent:
		return Assessment{Verdict: Gone, Deciding: stated, Because: "It is said to have sent a session id, but the org no longer has this message."}
	case stated != nil && stated.saysTrue():
		return Assessment{Verdict: Stated, Deciding: stated, Because: "Stated: " + stated.Note}
	case deciding != nil:
		return Assessment{Verdict: NotAffected, Deciding: deciding, Because: "Evidence from " + day(deciding.At) + ", before the cut-off, says that it sent no session id."}
	case stated != nil:
		return Assessment{Verdict: NotAffected, Deciding: stated, Because: "Stated: " + stated.Note}
	case absent:
		e := newest(ev, func(e Evidence) bool { return e.Kind == EvidenceAbsent })
		return Assessment{Verdict: NotAffected, Deciding: e, Because: "The org no longer has this message, and nothing says that it sent a session id."}
	}
	if e := newest(ev, func(e Evidence) bool { return e.Kind == EvidenceCreated && !e.At.Before(Cutoff) }); e != nil {
		return Assessment{Verdict: NotAffected, Deciding: e, Because: "Created on " + day(e.At) + ", after the cut-off: it never could send a session id."}
	}
	return unknown(ev)
}

// settles finds the definition that decides: the newest one from before the
// cut-off, unless a true without a usable date stands against a false.
func settles(ev []Evidence) *Evidence {
	dated := newest(ev, func(e Evidence) bool {
		return e.definition() && e.older() && (e.saysTrue() || e.saysFalse() && Cutoff.Sub(e.At) <= staleAfter)
	})
	// An undated true can be newer than any dated false, and a file that says
	// true cannot have come out of an org after the cut-off. An org that still
	// said true and says so no more has been reached by the change since.
	late := newest(ev, func(e Evidence) bool { return e.definition() && e.saysTrue() && !e.older() })
	if late != nil && (dated == nil || dated.saysFalse()) {
		return late
	}
	return dated
}

// gone reports whether the newest word of the org is that it has no such message.
func gone(ev []Evidence) bool {
	e := newest(ev, Evidence.ofOrg)
	return e != nil && e.Kind == EvidenceAbsent
}

func unknown(ev []Evidence) Assessment {
	a := Assessment{
		Verdict: Unknown,
		Because: "Salesforce answers false for every message since the cut-off, and no older evidence was found.",
		Ask:     "Do you have a backup, a repository or a sandbox copy from before 23 February 2026? If not: ask whoever runs this endpoint whether it used the session id.",
	}
	if e := newest(ev, func(e Evidence) bool { return e.definition() && e.older() && e.saysFalse() }); e != nil {
		a.Deciding = e
		a.Because = fmt.Sprintf("Evidence from %s says no, but it is more than a year older than the cut-off: somebody may have ticked the box since.", day(e.At))
	} else if e := newest(ev, func(e Evidence) bool { return e.definition() && e.At.IsZero() && e.saysFalse() }); e != nil {
		a.Deciding = e
		a.Because = "A file says no, but nobody knows of which day it is: after the cut-off every file says no."
		a.Ask = "When was this file taken out of the org? If that was before 23 February 2026, say so and it counts."
	}
	return a
}

// newest finds the latest evidence that fits; among equally old ones a true
// wins over a false, and a presence over an absence of proof.
func newest(ev []Evidence, fits func(Evidence) bool) *Evidence {
	var best *Evidence
	for i, e := range ev {
		if fits(e) && (best == nil || e.At.After(best.At) || e.At.Equal(best.At) && e.saysTrue() && !best.saysTrue()) {
			best = &ev[i]
		}
	}
	return best
}

// heavier orders evidence by what it says about the time before the cut-off:
// dated definitions from before it, the newest first; then undated ones, then
// statements, then the rest.
func heavier(a, b Evidence) int {
	return cmp.Or(
		cmp.Compare(rank(a), rank(b)),
		b.At.Compare(a.At),
		cmp.Compare(flagOrder(a.Says), flagOrder(b.Says)),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Where, b.Where),
		cmp.Compare(a.Source, b.Source), cmp.Compare(a.Note, b.Note),
	)
}

func rank(e Evidence) int {
	switch {
	case e.Kind == EvidenceLive && e.saysTrue():
		return 0
	case e.definition() && e.older():
		return 1
	case e.definition() && e.saysTrue():
		return 2
	case e.Kind == EvidenceStated:
		return 3
	case e.definition() && e.At.IsZero():
		return 4
	case e.Kind == EvidenceCreated, e.Kind == EvidenceAbsent:
		return 5
	}
	return 6
}

func flagOrder(says *bool) int {
	switch {
	case says == nil:
		return 2
	case *says:
		return 0
	}
	return 1
}

func distinct(evidence []Evidence) []Evidence {
	var out []Evidence
	for _, e := range evidence {
		if !slices.ContainsFunc(out, func(o Evidence) bool { return heavier(o, e) == 0 }) {
			out = append(out, e)
		}
	}
	return out
}

// day names the day in the zone of the cut-off: 1 o'clock on 23 February in
// Berlin is still before it.
func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

package salesforce

import "time"

// Cutoff is the day on which Salesforce began to remove the session id from
// outbound messages (knowledge article 005232763). Only evidence older than
// this day says anything about the flag.
var Cutoff = time.Date(2026, 2, 23, 0, 0, 0, 0, time.UTC)

// EvidenceKind says what sort of fact a piece of evidence is.
type EvidenceKind string

const (
	// EvidenceLive is the flag as the org answered. Only an answer from before
	// the cut-off, or a true, says anything.
	EvidenceLive EvidenceKind = "live"
	// EvidenceAbsent means the org was read completely and has no such message.
	EvidenceAbsent EvidenceKind = "absent"
	// EvidenceCreated is the org's creation date of the message.
	EvidenceCreated EvidenceKind = "created"
	// EvidenceFile, EvidenceZip and EvidenceGit are definitions kept outside the org.
	EvidenceFile EvidenceKind = "file"
	EvidenceZip  EvidenceKind = "zip"
	EvidenceGit  EvidenceKind = "git"
	// EvidenceScan is what the org answered in an earlier scan. Since the cut-off
	// an org forgets that it ever said true; an earlier scan does not.
	EvidenceScan EvidenceKind = "scan"
	// EvidenceStated is what the admin said, with a reason in Note.
	EvidenceStated EvidenceKind = "stated"
)

// Evidence is one fact about the session id of one message, with its source
// and its date.
type Evidence struct {
	Kind EvidenceKind `json:"kind"`
	// Says is the flag, nil for facts that say nothing of it and for files in
	// which the element is missing.
	Says *bool `json:"says"`
	// At is when the fact was true; zero when nobody knows. A file's own time is
	// not a date of its content and does not belong here.
	At time.Time `json:"at,omitzero"`
	// Source is the Source.ID that brought it, so that taking a source away
	// takes its influence away.
	Source string `json:"source"`
	// Where names the place for people: the org, the path, the document.
	Where string `json:"where"`
	Note  string `json:"note"`
}

func (e Evidence) saysTrue() bool  { return e.Says != nil && *e.Says }
func (e Evidence) saysFalse() bool { return e.Says != nil && !*e.Says }

// definition reports whether the evidence is a definition kept by some source,
// rather than a statement or a circumstance.
func (e Evidence) definition() bool {
	switch e.Kind {
	case EvidenceLive, EvidenceScan, EvidenceFile, EvidenceZip, EvidenceGit:
		return true
	}
	return false
}

// ofOrg reports whether the evidence is what the org itself says today of the message.
func (e Evidence) ofOrg() bool { return e.Kind == EvidenceLive || e.Kind == EvidenceAbsent }

// older reports whether e speaks of a day before the cut-off.
func (e Evidence) older() bool { return !e.At.IsZero() && e.At.Before(Cutoff) }

// shortCommit is how many characters of a commit id are shown. Git itself shows
// seven; in a repository of a million objects those are no longer unique.
const shortCommit = 10

// EvidenceOf turns what a source holds into evidence: one fact for each
// definition, and the creation date where the org told it.
func EvidenceOf(s Source, m Message) []Evidence {
	e := Evidence{Says: m.IncludeSessionID, Source: s.ID, Where: s.Name, At: s.AsOf}
	switch s.Kind {
	case SourceOrg:
		e.Kind, e.At = EvidenceLive, s.At
	case SourceZip:
		e.Kind = EvidenceZip
	case SourceGit:
		// Each version has a date of its own, and some have none.
		e.Kind, e.At, e.Note = EvidenceGit, m.At, m.Remark
		e.Where = m.Commit[:min(len(m.Commit), shortCommit)] + " " + m.File
	default:
		e.Kind = EvidenceFile
	}
	if s.Kind != SourceOrg && s.Kind != SourceGit && m.File != "" {
		e.Where = s.Name + " " + m.File
	}
	facts := []Evidence{e}
	if !m.CreatedAt.IsZero() {
		facts = append(facts, Evidence{Kind: EvidenceCreated, At: m.CreatedAt, Source: s.ID, Where: s.Name})
	}
	return facts
}

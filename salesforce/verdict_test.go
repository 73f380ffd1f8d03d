package salesforce

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	yes = new(true)
	no  = new(false)
)

func on(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

var (
	january = on(2026, 1, 14)
	autumn  = on(2025, 9, 1)
	may     = on(2026, 5, 27)
	today   = on(2026, 11, 23)
)

func live(says *bool) Evidence {
	return Evidence{Kind: EvidenceLive, Says: says, At: today, Source: "00D"}
}

func file(says *bool, at time.Time) Evidence {
	return Evidence{Kind: EvidenceFile, Says: says, At: at, Source: "files-1", Where: "backup"}
}

func git(says *bool, at time.Time) Evidence {
	return Evidence{Kind: EvidenceGit, Says: says, At: at, Source: "git-1", Where: "9f3c2ab"}
}

func stated(says *bool, at time.Time) Evidence {
	return Evidence{Kind: EvidenceStated, Says: says, At: at, Note: "the vendor's manual asks for it"}
}

func created(at time.Time) Evidence {
	return Evidence{Kind: EvidenceCreated, At: at, Source: "00D"}
}

var absent = Evidence{Kind: EvidenceAbsent, At: today, Source: "00D"}

// assessed is the table of verdicts: what is known, and what it adds up to.
var assessed = []struct {
	name     string
	evidence []Evidence
	verdict  Verdict
	deciding *Evidence
	because  string
	disagree bool
}{
	{"nothing at all", nil, Unknown, nil, "no older evidence", false},
	{"the org says false, as all do", []Evidence{live(no)}, Unknown, nil, "no older evidence", false},
	{"the org did not say", []Evidence{live(nil)}, Unknown, nil, "no older evidence", false},
	{"the org still says true", []Evidence{live(yes)}, Sends, new(live(yes)), "still answers", false},
	{"the org still says true, against a file", []Evidence{live(yes), file(no, january)}, Sends, new(live(yes)), "still answers", true},
	{"it said true in May, false now", []Evidence{live(no), {Kind: EvidenceLive, Says: yes, At: may, Source: "00D"}}, Sent, &Evidence{Kind: EvidenceLive, Says: yes, At: may, Source: "00D"}, "so this was true before", false},
	{"it said true in May, is gone now", []Evidence{absent, {Kind: EvidenceLive, Says: yes, At: may, Source: "00D"}}, Gone, &Evidence{Kind: EvidenceLive, Says: yes, At: may, Source: "00D"}, "no longer has", false},
	{"an earlier scan said true", []Evidence{live(no), {Kind: EvidenceScan, Says: yes, At: may}}, Sent, &Evidence{Kind: EvidenceScan, Says: yes, At: may}, "so this was true before", false},
	{"the org was read before the cut-off", []Evidence{{Kind: EvidenceLive, Says: yes, At: january}}, Sent, &Evidence{Kind: EvidenceLive, Says: yes, At: january}, "14 January 2026, before the cut-off", false},

	{"a backup says true", []Evidence{live(no), file(yes, january)}, Sent, new(file(yes, january)), "14 January 2026", false},
	{"a zip says true", []Evidence{live(no), {Kind: EvidenceZip, Says: yes, At: january}}, Sent, &Evidence{Kind: EvidenceZip, Says: yes, At: january}, "14 January 2026", false},
	{"a very old backup says true", []Evidence{live(no), file(yes, on(2015, 3, 1))}, Sent, new(file(yes, on(2015, 3, 1))), "1 March 2015", false},
	{"an undated file says true", []Evidence{live(no), file(yes, time.Time{})}, Sent, new(file(yes, time.Time{})), "undated", false},
	{"a commit after the cut-off says true", []Evidence{live(no), git(yes, may)}, Sent, new(git(yes, may)), "so this was true before", false},
	{"the newest before the cut-off says true", []Evidence{file(yes, january), git(no, autumn)}, Sent, new(file(yes, january)), "14 January", true},
	{"the newest before the cut-off says false", []Evidence{file(no, january), git(yes, autumn)}, NotAffected, new(file(no, january)), "14 January", true},
	{"an undated true stands against a dated false", []Evidence{file(no, january), git(yes, time.Time{})}, Sent, new(git(yes, time.Time{})), "undated", true},
	{"true and false of the same day", []Evidence{file(no, january), git(yes, january)}, Sent, new(git(yes, january)), "14 January", true},
	{"true, and false because of the change", []Evidence{file(yes, january), git(no, may), live(no)}, Sent, new(file(yes, january)), "14 January", false},
	{"the last day before", []Evidence{file(yes, Cutoff.Add(-time.Second))}, Sent, new(file(yes, Cutoff.Add(-time.Second))), "22 February 2026", false},

	{"a backup says false", []Evidence{live(no), file(no, january)}, NotAffected, new(file(no, january)), "14 January 2026", false},
	{"false on the day of the cut-off proves nothing", []Evidence{file(no, Cutoff)}, Unknown, nil, "no older evidence", false},
	{"false after the cut-off proves nothing", []Evidence{file(no, may)}, Unknown, nil, "no older evidence", false},
	{"an undated false proves nothing", []Evidence{live(no), file(no, time.Time{})}, Unknown, new(file(no, time.Time{})), "nobody knows of which day", false},
	{"a missing element proves nothing", []Evidence{live(no), file(nil, january)}, Unknown, nil, "no older evidence", false},
	{"false just within the year", []Evidence{file(no, Cutoff.Add(-staleAfter))}, NotAffected, new(file(no, Cutoff.Add(-staleAfter))), "23 February 2025", false},
	{"false of more than a year before is a hint", []Evidence{live(no), file(no, Cutoff.Add(-staleAfter-time.Second))}, Unknown, new(file(no, Cutoff.Add(-staleAfter-time.Second))), "more than a year older", false},
	{"an old true against an older false", []Evidence{file(yes, on(2020, 1, 1)), git(no, on(2024, 1, 1))}, Sent, new(file(yes, on(2020, 1, 1))), "1 January 2020", true},

	{"the admin says that it did", []Evidence{live(no), stated(yes, today)}, Stated, new(stated(yes, today)), "the vendor's manual", false},
	{"the admin says so, a backup says no", []Evidence{file(no, january), stated(yes, today)}, Stated, new(stated(yes, today)), "the vendor's manual", true},
	{"the admin says that it did not", []Evidence{live(no), stated(no, today)}, NotAffected, new(stated(no, today)), "the vendor's manual", false},
	{"the admin says no, a backup says yes", []Evidence{file(yes, january), stated(no, today)}, Sent, new(file(yes, january)), "14 January", true},
	{"the admin changed their mind", []Evidence{stated(yes, may), stated(no, today)}, NotAffected, new(stated(no, today)), "the vendor's manual", true},
	{"the admin says no, and an old backup does", []Evidence{stated(no, today), file(no, on(2020, 1, 1))}, NotAffected, new(stated(no, today)), "the vendor's manual", false},

	{"it sent, and is gone", []Evidence{file(yes, january), absent}, Gone, new(file(yes, january)), "no longer has", false},
	{"it is said to have sent, and is gone", []Evidence{stated(yes, today), absent}, Gone, new(stated(yes, today)), "no longer has", false},
	{"it is back", []Evidence{file(yes, january), {Kind: EvidenceAbsent, At: may}, live(no)}, Sent, new(file(yes, january)), "14 January", false},
	{"it is gone, and nothing says true", []Evidence{absent}, NotAffected, &absent, "no longer has", false},

	{"created after the cut-off", []Evidence{live(no), created(may)}, NotAffected, new(created(may)), "27 May 2026", false},
	{"created on the day of the cut-off", []Evidence{live(no), created(Cutoff)}, NotAffected, new(created(Cutoff)), "23 February 2026", false},
	{"created before the cut-off", []Evidence{live(no), created(january)}, Unknown, nil, "no older evidence", false},
	{"created again under its old name", []Evidence{created(may), file(yes, january)}, Sent, new(file(yes, january)), "14 January", false},
}

func TestAssess(t *testing.T) {
	for _, c := range assessed {
		t.Run(c.name, func(t *testing.T) {
			a := Assess(c.evidence)
			if a.Verdict != c.verdict || a.Disagree != c.disagree || !strings.Contains(a.Because, c.because) {
				t.Errorf("%s because %q, disagree %v", a.Verdict, a.Because, a.Disagree)
			}
			if !reflect.DeepEqual(a.Deciding, c.deciding) {
				t.Errorf("deciding %+v, want %+v", a.Deciding, c.deciding)
			}
			if (a.Ask != "") != (a.Verdict == Unknown) {
				t.Errorf("asks %q", a.Ask)
			}
			if len(a.Evidence) != len(c.evidence) {
				t.Errorf("weighed %d of %d", len(a.Evidence), len(c.evidence))
			}
		})
	}
}

func TestVerdictOrder(t *testing.T) {
	urgent := []Verdict{Sends, Sent, Stated, Gone, Unknown, NotAffected}
	shuffled := slices.Clone(urgent)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	slices.SortFunc(shuffled, Verdict.Compare)
	if !slices.Equal(shuffled, urgent) {
		t.Errorf("sorted %v", shuffled)
	}
	for _, v := range urgent {
		if v.Affected() != (v != Unknown && v != NotAffected) || v.Open() != (v != NotAffected) {
			t.Errorf("%s: affected %v, open %v", v, v.Affected(), v.Open())
		}
	}
}

// someEvidence makes up evidence, with many equal dates.
func someEvidence(r *rand.Rand) Evidence {
	kinds := []EvidenceKind{EvidenceLive, EvidenceAbsent, EvidenceCreated, EvidenceFile, EvidenceZip, EvidenceGit, EvidenceScan, EvidenceStated}
	dates := []time.Time{{}, on(2015, 1, 1), on(2024, 6, 1), Cutoff.Add(-staleAfter), autumn, january, Cutoff.Add(-1), Cutoff, may, today}
	e := Evidence{Kind: kinds[r.IntN(len(kinds))], At: dates[r.IntN(len(dates))], Source: string(rune('a' + r.IntN(3)))}
	if e.Kind != EvidenceAbsent && e.Kind != EvidenceCreated {
		e.Says = []*bool{nil, new(true), new(false)}[r.IntN(3)]
	}
	if r.IntN(2) == 0 {
		e.At = e.At.In(time.FixedZone("", 7200))
	}
	return e
}

func plain(a Assessment) Assessment {
	a.Evidence = slices.Clone(a.Evidence)
	for i := range a.Evidence {
		a.Evidence[i].At = a.Evidence[i].At.UTC()
	}
	if a.Deciding != nil {
		d := *a.Deciding
		d.At = d.At.UTC()
		a.Deciding = &d
	}
	return a
}

func TestAssessProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(2026, 223))
	before := []time.Time{on(2015, 1, 1), on(2024, 6, 1), autumn, january, Cutoff.Add(-1)}
	definitions := []EvidenceKind{EvidenceLive, EvidenceFile, EvidenceZip, EvidenceGit, EvidenceScan}
	for range 50_000 {
		var ev []Evidence
		for range r.IntN(7) {
			ev = append(ev, someEvidence(r))
		}
		given := slices.Clone(ev)
		a := Assess(ev)
		if !reflect.DeepEqual(ev, given) {
			t.Fatalf("changed what it was given: %+v", given)
		}
		other := slices.Concat(ev, ev[:r.IntN(len(ev)+1)])
		r.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		if b := Assess(other); !reflect.DeepEqual(plain(a), plain(b)) {
			t.Fatalf("order or repetition matters:\n%+v\n%+v", a, b)
		}
		extra := Evidence{Kind: definitions[r.IntN(len(definitions))], Says: yes, At: before[r.IntN(len(before))], Source: "x"}
		if b := Assess(append(ev, extra)); b.Verdict.Compare(a.Verdict) > 0 {
			t.Fatalf("%+v turned %s into %s: %+v", extra, a.Verdict, b.Verdict, given)
		}
		if a.Verdict == NotAffected && a.Deciding == nil || a.Because == "" {
			t.Fatalf("an all-clear without a reason: %+v", a)
		}
		if a.Verdict.Affected() && (a.Deciding == nil || !a.Deciding.saysTrue()) {
			t.Fatalf("affected, but nothing says true: %+v", a)
		}
	}
}

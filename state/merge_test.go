package state

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"sidestep/salesforce"
)

func merge(m Migration, f salesforce.Findings, n int) (Migration, Changes) { return m.Merge(f, by(n)) }

// content is a migration without the counters that every change moves.
func content(m Migration) Migration {
	m.Seq, m.UpdatedAt = 0, at(0)
	return m
}

func verdict(t *testing.T, m Migration, key string) salesforce.Verdict {
	t.Helper()
	for _, h := range m.Overview().Hosts {
		for _, e := range h.Endpoints {
			for _, msg := range e.Messages {
				if msg.Key() == key {
					return msg.Assessment.Verdict
				}
			}
		}
	}
	t.Fatalf("%s is not in the overview", key)
	return ""
}

func TestAddingTheSameTwiceChangesNothing(t *testing.T) {
	live := scan(0, message("Account", "Send", ordersURL, flagged(true)), message("Case", "Old", legacyURL, flagged(false)))
	old := backup("january", message("Account", "Send", ordersURL, flagged(true)), message("Lead", "Lost", legacyURL, flagged(true)))
	later := scan(30, message("Account", "Send", ordersURL, flagged(false)), message("Case", "New", legacyURL, flagged(false)))
	m := New(northwind, by(0))
	for i, f := range []salesforce.Findings{live, old, later} {
		m, _ = merge(m, f, i)
		again, changes := merge(m, f, i+10)
		if changes != (Changes{}) {
			t.Errorf("source %d again: %+v", i, changes)
		}
		equal(t, content(again), content(m))
	}
}

func TestASecondScanMarksWhatIsNewChangedAndGone(t *testing.T) {
	m, changes := merge(New(northwind, by(0)), scan(0,
		message("Account", "Same", ordersURL, flagged(false)),
		message("Account", "Moved", ordersURL, flagged(false)),
		message("Account", "Gone", legacyURL, flagged(true)),
	), 0)
	if changes != (Changes{}) {
		t.Errorf("a first scan finds %+v", changes)
	}
	m, changes = merge(m, scan(5,
		message("Account", "Same", ordersURL, flagged(false)),
		message("Account", "Moved", legacyURL, flagged(false)),
		message("Account", "New", ordersURL, flagged(false)),
	), 5)
	if changes != (Changes{New: 1, Changed: 1, Gone: 1}) {
		t.Errorf("got %+v", changes)
	}
	for key, want := range map[string]Mark{"Account.Same": Unmarked, "Account.Moved": MarkChange, "Account.New": MarkNew, "Account.Gone": MarkGone} {
		if got := m.Messages[key].Mark; got != want {
			t.Errorf("%s is marked %q", key, got)
		}
	}
	if got := verdict(t, m, "Account.Gone"); got != salesforce.Gone {
		t.Errorf("the message that is gone is %q", got)
	}
	// What was new is known the next time, and what is gone stays gone.
	m, changes = merge(m, scan(9,
		message("Account", "Same", ordersURL, flagged(false)),
		message("Account", "Moved", legacyURL, flagged(false)),
		message("Account", "New", ordersURL, flagged(false)),
	), 9)
	if changes != (Changes{}) || m.Messages["Account.New"].Mark != Unmarked {
		t.Errorf("a third scan that finds the same: %+v, %q", changes, m.Messages["Account.New"].Mark)
	}
	if got := verdict(t, m, "Account.Gone"); got != salesforce.Gone {
		t.Errorf("after a third scan it is %q", got)
	}
	// And what comes back is there again.
	m, changes = merge(m, scan(12, message("Account", "Gone", legacyURL, flagged(false))), 12)
	if changes.New != 1 || m.Messages["Account.Gone"].Last != nil || verdict(t, m, "Account.Gone") == salesforce.Gone {
		t.Errorf("a message that came back: %+v", changes)
	}
}

func TestAnIncompleteScanProvesNothing(t *testing.T) {
	full := scan(0, message("Account", "A", ordersURL, flagged(false)), message("Account", "B", legacyURL, flagged(true)))
	half := scan(5, message("Account", "A", ordersURL, flagged(false)), message("Account", "C", ordersURL, flagged(false)))
	half.Source.Complete = false
	half.Problems = []salesforce.Problem{{Source: "Northwind", Message: "readMetadata failed"}}
	m, _ := merge(New(northwind, by(0)), full, 0)
	m, changes := merge(m, half, 5)
	if changes.Gone != 0 || m.Messages["Account.B"].Mark != Unmarked {
		t.Errorf("marked as gone: %+v", changes)
	}
	if got := verdict(t, m, "Account.B"); !got.Affected() || got == salesforce.Gone {
		t.Errorf("what was not read is %q", got)
	}
	if o := m.Overview(); o.Complete || len(o.Problems) != 1 || o.Messages != 3 {
		t.Errorf("complete %v, %d problems, %d messages", o.Complete, len(o.Problems), o.Messages)
	}
	// What was not read keeps what the scan before said about it.
	if marked := m.Messages["Account.C"]; marked.Mark != MarkNew {
		t.Fatalf("the new message is marked %q", marked.Mark)
	}
	quarter := scan(6, message("Account", "A", ordersURL, flagged(false)))
	quarter.Source.Complete = false
	if again, _ := merge(m, quarter, 6); again.Messages["Account.C"].Mark != MarkNew {
		t.Errorf("the mark of what was not read is now %q", again.Messages["Account.C"].Mark)
	}
	// What a complete scan found to be gone is not back because one failed.
	m, _ = merge(m, scan(7, message("Account", "A", ordersURL, flagged(false))), 7)
	if got := verdict(t, m, "Account.B"); got != salesforce.Gone {
		t.Fatalf("after a complete scan it is %q", got)
	}
	none := scan(9)
	none.Source.Complete = false
	m, _ = merge(m, none, 9)
	if got := verdict(t, m, "Account.B"); got != salesforce.Gone {
		t.Errorf("after a scan that failed it is %q", got)
	}

	// A first scan that is repeated finds nothing new, whatever it missed before.
	m, _ = merge(New(northwind, by(0)), half, 0)
	if _, changes := merge(m, full, 9); changes.New != 0 {
		t.Errorf("new: %+v", changes)
	}
}

func TestAnOrgForgetsButSavedWorkDoesNot(t *testing.T) {
	m, _ := merge(New(northwind, by(0)), scan(0, message("Account", "A", ordersURL, flagged(true))), 0)
	m, changes := merge(m, scan(5, message("Account", "A", ordersURL, flagged(false))), 5)
	if changes.Changed != 1 {
		t.Errorf("got %+v", changes)
	}
	if got := verdict(t, m, "Account.A"); !got.Affected() {
		t.Errorf("the flag fell, and the message is %q", got)
	}
	m, _ = merge(m, scan(9, message("Account", "A", ordersURL, flagged(false))), 9)
	if got := verdict(t, m, "Account.A"); !got.Affected() {
		t.Errorf("after a third scan it is %q", got)
	}
}

func TestRemovingASourceTakesItsInfluence(t *testing.T) {
	live := scan(0, message("Account", "A", ordersURL, flagged(false)))
	old := backup("january", message("Account", "A", ordersURL, flagged(true)), message("Case", "B", legacyURL, flagged(true)))
	alone, _ := merge(New(northwind, by(0)), live, 0)
	both, _ := merge(alone, old, 1)
	if verdict(t, both, "Account.A") != salesforce.Sent || both.Overview().Endpoints != 2 {
		t.Fatal("the backup changes nothing")
	}
	equal(t, content(both.RemoveSource("january", by(2))), content(alone))

	// The org goes with everything that its scans said.
	m, _ := merge(alone, scan(5, message("Account", "C", ordersURL, flagged(true))), 5)
	m, _ = merge(m, scan(6, message("Account", "C", ordersURL, flagged(false))), 6)
	m = m.RemoveSource(northwind.ID, by(7))
	if len(m.Sources)+len(m.Messages)+len(m.Endpoints) != 0 {
		t.Errorf("left: %d sources, %d messages, %d endpoints", len(m.Sources), len(m.Messages), len(m.Endpoints))
	}
	// Its word is gone as well where another source keeps the message.
	shared, _ := merge(both, scan(5, message("Case", "B", legacyURL, flagged(true))), 5)
	shared, _ = merge(shared, scan(6, message("Case", "B", legacyURL, flagged(false))), 6)
	shared = shared.RemoveSource("january", by(7))
	shared, _ = merge(shared, backup("undecided", message("Case", "B", legacyURL, nil)), 8)
	if got := verdict(t, shared, "Case.B"); !got.Affected() {
		t.Fatalf("what an earlier scan said is forgotten: %q", got)
	}
	if got := verdict(t, shared.RemoveSource(northwind.ID, by(9)), "Case.B"); got != salesforce.Unknown {
		t.Errorf("without the org it is %q", got)
	}
	if got := both.RemoveSource("no such source", by(9)); !reflect.DeepEqual(got, both) {
		t.Error("removing nothing changes something")
	}
}

func TestWhatTheAdminEnteredSurvivesItsSource(t *testing.T) {
	old := backup("january", message("Account", "A", ordersURL, nil), message("Case", "B", legacyURL, nil))
	m, _ := merge(New(northwind, by(0)), old, 0)
	m = m.AddNote(ordersKey, "Bob knows", by(1)).State(Subject{OneMessage, "Case.B"}, Statement{Says: true, Reason: "Bob says so"}, by(2))
	gone := m.RemoveSource("january", by(3))
	if len(gone.Endpoints) != 2 || gone.Messages["Case.B"].Statement == nil {
		t.Fatalf("left: %v, %v", gone.Endpoints, gone.Messages)
	}
	if o := gone.Overview(); o.Messages != 0 || o.Endpoints != 2 || o.Hosts[0].Verdict != salesforce.Unknown {
		t.Errorf("an endpoint of which nothing is known looks like %+v", o.Hosts)
	}
	back, _ := merge(gone, old, 4)
	if got := verdict(t, back, "Case.B"); got != salesforce.Stated {
		t.Errorf("the statement is forgotten: %q", got)
	}
	if n := len(back.Endpoints[ordersKey].Notes); n != 1 {
		t.Errorf("%d notes", n)
	}
}

func TestTheDateOfFilesSurvivesReadingThemAgain(t *testing.T) {
	old := backup("january", message("Account", "A", ordersURL, flagged(true)))
	day := old.Source.AsOf
	old.Source.AsOf = day.AddDate(0, 0, 0)
	undated := old
	undated.Source.AsOf = Migration{}.CreatedAt
	m, _ := merge(New(northwind, by(0)), undated, 0)
	m = m.DateSource("january", day, by(1))
	m, _ = merge(m, undated, 2)
	if !m.Sources[0].AsOf.Equal(day) {
		t.Errorf("the date is %v", m.Sources[0].AsOf)
	}
}

func TestAnotherOrgIsNotAccepted(t *testing.T) {
	m := New(northwind, by(0))
	stranger := scan(0).Source
	stranger.ID, stranger.OrgID, stranger.Name = "00D000000000001AAA", "00D000000000001AAA", "Acme"
	var wrong *WrongOrgError
	if err := m.Accepts(stranger); !errors.As(err, &wrong) || wrong.Work != northwind || wrong.SourceOrg != stranger.OrgID {
		t.Fatal(err)
	}
	stranger.OrgID = ""
	if err := m.Accepts(stranger); !errors.As(err, &wrong) {
		t.Error("an org without id is taken for ours:", err)
	}
	// Ids that differ in case are two orgs; one of 15 characters is the same as its long form.
	twin := scan(0).Source
	twin.OrgID = "00D5g000001aBcDEAK"
	if err := m.Accepts(twin); !errors.As(err, &wrong) {
		t.Error(err)
	}
	twin.OrgID = northwind.ID[:15]
	for _, src := range []salesforce.Source{scan(0).Source, twin, backup("january").Source} {
		if err := m.Accepts(src); err != nil {
			t.Errorf("%+v: %v", src, err)
		}
	}
}

func TestWorkThatBeganWithFilesAdoptsOneOrg(t *testing.T) {
	m, _ := merge(New(Org{Name: "january"}, by(0)), backup("january", message("Account", "A", ordersURL, flagged(true))), 0)
	if m.ID != "january" {
		t.Fatalf("its id is %q", m.ID)
	}
	if err := m.Accepts(scan(0).Source); err != nil {
		t.Fatal(err)
	}
	adopted := m.AddNote(ordersKey, "x", by(1)).Adopt(northwind, by(2))
	if adopted.ID != northwind.ID || adopted.Org != northwind || len(adopted.Endpoints[ordersKey].Notes) != 1 {
		t.Fatalf("got %q, %+v", adopted.ID, adopted.Org)
	}
	acme := Org{ID: "00D000000000001AAA", Name: "Acme"}
	if got := adopted.Adopt(acme, by(3)); got.Org != northwind || got.Seq != adopted.Seq {
		t.Errorf("it was adopted twice: %+v", got.Org)
	}
	// Undoing what came before does not send the file back.
	if back := m.After(adopted, by(4)); back.ID != northwind.ID || back.Org != northwind || back.Seq <= adopted.Seq {
		t.Errorf("undo gives %q, %+v", back.ID, back.Org)
	}
}

func TestAMessageStandsUnderEachAddressOfItsSource(t *testing.T) {
	twice := backup("repository",
		message("Account", "A", ordersURL, flagged(true)), message("Account", "A", legacyURL, flagged(true)),
		message("Account", "A", ordersURL, flagged(true)))
	m, _ := merge(New(Org{}, by(0)), twice, 0)
	o := m.Overview()
	var keys []string
	for _, h := range o.Hosts {
		for _, e := range h.Endpoints {
			keys = append(keys, e.Key)
			if len(e.Messages) != 1 {
				t.Errorf("%s has %d messages", e.Key, len(e.Messages))
			}
		}
	}
	slices.Sort(keys)
	if !slices.Equal(keys, []string{ordersKey, legacyKey}) || o.Messages != 1 || o.Verdicts[salesforce.Sent] != 1 {
		t.Errorf("endpoints %v, %d messages, %v", keys, o.Messages, o.Verdicts)
	}
}

func TestTheSameFilesOfTwoDaysKeepTheDayThatSaysMost(t *testing.T) {
	none := time.Time{}
	january := time.Date(2026, 1, 17, 0, 0, 0, 0, time.UTC)
	autumn := time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC)
	march := time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct{ a, b, want time.Time }{
		{january, none, january}, {none, january, january}, {january, march, january},
		{march, january, january}, {autumn, january, january}, {january, autumn, january}, {none, march, march},
	} {
		if got := telling(c.a, c.b); !got.Equal(c.want) {
			t.Errorf("of %v and %v: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

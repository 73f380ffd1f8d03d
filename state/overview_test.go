package state

import (
	"slices"
	"testing"

	"sidestep/salesforce"
)

func view(t *testing.T, o Overview, key string) EndpointView {
	t.Helper()
	for _, h := range o.Hosts {
		for _, e := range h.Endpoints {
			if e.Key == key {
				return e
			}
		}
	}
	t.Fatalf("no endpoint %s", key)
	return EndpointView{}
}

func TestHostsAreSortedByUrgency(t *testing.T) {
	m, _ := merge(New(northwind, by(0)), scan(0,
		message("A", "Unknown1", "https://b.example.com/1", flagged(false)),
		message("A", "Unknown2", "https://b.example.com/2", flagged(false)),
		message("A", "Unknown3", "https://a.example.com/", flagged(false)),
		message("A", "Sends", "https://z.example.com/late", flagged(true)),
		message("A", "Calm", "https://z.example.com/early", flagged(false)),
		message("A", "Junk", "not an address", flagged(false)),
	), 0)
	o := m.Overview()
	var hosts, endpoints []string
	for _, h := range o.Hosts {
		hosts = append(hosts, h.Host)
		for _, e := range h.Endpoints {
			endpoints = append(endpoints, e.Key)
		}
	}
	if want := []string{"z.example.com", "b.example.com", "a.example.com", salesforce.NoHost}; !slices.Equal(hosts, want) {
		t.Errorf("hosts %q", hosts)
	}
	want := []string{"z.example.com/late", "z.example.com/early", "b.example.com/1", "b.example.com/2", "a.example.com", salesforce.ParseEndpoint("not an address").Key}
	if !slices.Equal(endpoints, want) {
		t.Errorf("endpoints %q", endpoints)
	}
	if o.Messages != 6 || o.Endpoints != 6 || o.Settled != 1 || o.Verdicts[salesforce.Unknown] != 5 || o.Verdicts[salesforce.Sends] != 1 {
		t.Errorf("%d messages, %d endpoints, %d settled, %v", o.Messages, o.Endpoints, o.Settled, o.Verdicts)
	}
}

func TestProgressFollowsTheChecklist(t *testing.T) {
	m, _ := merge(New(northwind, by(0)), scan(0, message("Account", "A", ordersURL, flagged(false))), 0)
	if p := view(t, m.Overview(), ordersKey).Progress; p != (Progress{0, 11}) {
		t.Errorf("before a route is chosen it is %+v", p)
	}
	m = m.ChooseRoute(ordersKey, Retire, by(1))
	steps := Checklist(Retire, ReceiverUnknown)
	m = m.MarkDone(ordersKey, steps[0], by(2)).Skip(ordersKey, steps[1], "nothing fires it", by(3))
	if p := view(t, m.Overview(), ordersKey).Progress; p != (Progress{2, 4}) {
		t.Errorf("after two steps it is %+v", p)
	}
	m = m.Reopen(ordersKey, steps[0], by(4))
	if p := view(t, m.Overview(), ordersKey).Progress; p != (Progress{1, 4}) {
		t.Errorf("after reopening one it is %+v", p)
	}
	for _, s := range steps {
		m = m.MarkDone(ordersKey, s, by(5))
	}
	if o := m.Overview(); o.Finished != 1 || !o.Progress.Complete() {
		t.Errorf("%d finished, %+v", o.Finished, o.Progress)
	}
	// Another route has a checklist of its own, and wants a sign-off of its own.
	m = m.ChooseRoute(ordersKey, NoAction, by(6))
	if o := m.Overview(); o.Finished != 0 || o.Progress != (Progress{0, 3}) {
		t.Errorf("on another route: %d finished, %+v", o.Finished, o.Progress)
	}
	m = m.ChooseRoute(ordersKey, Retire, by(7))
	if p := view(t, m.Overview(), ordersKey).Progress; p != (Progress{3, 4}) {
		t.Errorf("back on the first route it is %+v", p)
	}
}

func fires(name string, active *bool, key string) salesforce.User {
	return salesforce.User{Type: salesforce.WorkflowRule, Name: name, Active: active, When: "immediately", Message: key}
}

func TestARouteIsProposedFromTheFacts(t *testing.T) {
	old := backup("january",
		message("Account", "Active", "https://a.example.com/", flagged(true)),
		message("Account", "Idle", "https://idle.example.com/", flagged(true)),
		message("Account", "Unfired", "https://unfired.example.com/", flagged(true)),
		message("Account", "Half", "https://half.example.com/", flagged(true)),
		message("Account", "Clean", "https://clean.example.com/", flagged(false)),
		message("Case", "acme__Ship", "https://acme.example.com/", flagged(true)),
	)
	old.Users = []salesforce.User{
		fires("R1", flagged(true), "account.ACTIVE"), fires("R2", flagged(false), "Account.Idle"),
		fires("R3", nil, "Account.Half"), fires("R4", flagged(true), "Account.Clean"),
	}
	m, _ := merge(New(northwind, by(0)), old, 0)
	for key, want := range map[string]Route{
		"a.example.com": InternalFix, "idle.example.com": Retire, "unfired.example.com": Retire, "half.example.com": InternalFix,
		"clean.example.com": NoAction, "acme.example.com": VendorContact,
	} {
		v := view(t, m.Overview(), key)
		if v.Proposed != want || (v.ProposedWhy == "") != (want == InternalFix) {
			t.Errorf("%s: proposed %q: %s", key, v.Proposed, v.ProposedWhy)
		}
		if dormant := want == Retire || key == "acme.example.com"; v.Dormant() != dormant {
			t.Errorf("%s: dormant %v", key, v.Dormant())
		}
		if v.Route != Undecided {
			t.Errorf("%s: the program decided on %q", key, v.Route)
		}
	}
	m = m.ClassifyReceiver("a.example.com", Ignores, by(1))
	if v := view(t, m.Overview(), "a.example.com"); v.Proposed != NoAction {
		t.Errorf("a receiver that ignores the id: proposed %q", v.Proposed)
	}
}

func TestOnlyASourceThatHoldsEverythingShowsThatNothingFires(t *testing.T) {
	definition := message("Account", "A", ordersURL, flagged(true))
	dormant := func(f salesforce.Findings) bool {
		m, _ := merge(New(northwind, by(0)), f, 0)
		v := view(t, m.Overview(), ordersKey)
		return v.Dormant()
	}
	if !dormant(backup("folder", definition)) {
		t.Error("a folder without users: not dormant")
	}
	file := backup("file", definition)
	file.Source.Kind = salesforce.SourceFile
	if dormant(file) {
		t.Error("a single file knows no flows")
	}
	half := backup("half", definition)
	half.Source.Complete = false
	if dormant(half) {
		t.Error("what could not be read may fire it")
	}
	if dormant(scan(0, definition)) {
		t.Error("the list of messages knows no users")
	}
	told := scan(0, definition)
	told.Source.TellsUsers = true
	if !dormant(told) {
		t.Error("an org that was asked for everything that fires messages: not dormant")
	}
}

func TestTheNewerSourceSaysWhatIsActive(t *testing.T) {
	definition := message("Account", "A", ordersURL, flagged(true))
	older, newer := backup("older", definition), backup("newer", definition)
	older.Source.AsOf = older.Source.AsOf.AddDate(0, -6, 0)
	older.Users = []salesforce.User{fires("Rule", flagged(false), "Account.A")}
	newer.Users = []salesforce.User{fires("RULE", flagged(true), "Account.A")}
	for _, order := range [][]salesforce.Findings{{older, newer}, {newer, older}} {
		m := New(northwind, by(0))
		for _, f := range order {
			m, _ = merge(m, f, 0)
		}
		v := view(t, m.Overview(), ordersKey)
		if v.Dormant() || len(v.Messages[0].Users) != 1 || !*v.Messages[0].Users[0].Active {
			t.Errorf("%s first: dormant %v, users %+v", order[0].Source.ID, v.Dormant(), v.Messages[0].Users)
		}
	}
}

func TestAMessageIsShownEvenWhereItsEndpointIsMissing(t *testing.T) {
	m, _ := merge(New(northwind, by(0)), scan(0, message("Account", "A", ordersURL, flagged(true))), 0)
	m.Endpoints = map[string]Endpoint{}
	o := m.Overview()
	if o.Messages != 1 || view(t, o, ordersKey).Verdict != salesforce.Sends {
		t.Errorf("%d messages, %v", o.Messages, o.Verdicts)
	}
}

func TestIntentsOnNothingChangeNothing(t *testing.T) {
	m := worked(t)
	for _, got := range []Migration{
		m.AddNote("no such endpoint", "x", by(9)),
		m.State(Subject{WholeEndpoint, "no such endpoint"}, Statement{Says: true, Reason: "x"}, by(9)),
		m.State(Subject{OneMessage, "Account.No_such_message"}, Statement{Says: true, Reason: "x"}, by(9)),
		m.Unstate(Subject{OneMessage, "Account.Send_order"}, by(9)),
		m.Unstate(Subject{WholeHost, "hooks.example.com"}, by(9)),
	} {
		if got.Seq != m.Seq {
			t.Error("counted as a change")
		}
		equal(t, got, m)
	}
}

func TestUndoIsTheNewestVersion(t *testing.T) {
	before := worked(t)
	after := before.ChooseRoute(ordersKey, Retire, by(8)).AddNote(ordersKey, "wrong", by(9))
	undone := before.After(after, by(10))
	if undone.Seq <= after.Seq || !undone.UpdatedAt.Equal(at(10)) {
		t.Errorf("seq %d after %d, at %v", undone.Seq, after.Seq, undone.UpdatedAt)
	}
	equal(t, content(undone), content(before))
}

// A folder may hold two packages with the same rule, switched on in one of them.
func TestAnActiveRuleInOnePackageIsNotOutdoneByTheOther(t *testing.T) {
	definition := message("Account", "A", ordersURL, flagged(true))
	on, off := fires("Rule", flagged(true), "Account.A"), fires("Rule", flagged(false), "Account.A")
	for _, users := range [][]salesforce.User{{on, off, on, off}, {off, on, off, on}} {
		f := backup("two packages", definition)
		f.Users = users
		m, _ := merge(New(northwind, by(0)), f, 0)
		v := view(t, m.Overview(), ordersKey)
		if v.Dormant() || len(v.Messages[0].Users) != 2 {
			t.Errorf("dormant %v, users %+v", v.Dormant(), v.Messages[0].Users)
		}
	}
}

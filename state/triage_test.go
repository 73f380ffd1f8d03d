package state

import (
	"slices"
	"testing"

	"sidestep/salesforce"
)

func TestUseIsThatOfTheMostAliveUser(t *testing.T) {
	on, off, untold := salesforce.User{Active: flagged(true)}, salesforce.User{Active: flagged(false)}, salesforce.User{}
	for _, c := range []struct {
		users []salesforce.User
		known bool
		want  Use
	}{
		{nil, false, UseUnclear}, {nil, true, Unused}, {[]salesforce.User{off, off}, true, UsedInactively},
		{[]salesforce.User{off, untold}, true, UseUnclear}, {[]salesforce.User{untold, on, off}, true, UsedActively},
	} {
		v := MessageView{Users: c.users, UsersKnown: c.known}
		if got := v.Use(); got != c.want || v.Dormant() != (c.want == Unused || c.want == UsedInactively) {
			t.Errorf("%+v, known %v: %s, dormant %v", c.users, c.known, got, v.Dormant())
		}
	}
}

// inUse has an endpoint of every use, one of them with an idle message too, and
// one that is not affected.
func inUse() Migration {
	old := backup("january",
		message("Account", "Active", "https://a.example.com/", flagged(true)), message("Account", "Idle_too", "https://a.example.com/", flagged(true)),
		message("Account", "Idle", "https://idle.example.com/", flagged(true)),
		message("Account", "Unfired", "https://unfired.example.com/", nil),
		message("Account", "Half", "https://half.example.com/", flagged(true)),
		message("Account", "Clean", "https://clean.example.com/", flagged(false)),
	)
	old.Users = []salesforce.User{
		fires("R1", flagged(true), "Account.Active"), fires("R2", flagged(false), "Account.Idle"), fires("R2", flagged(false), "Account.Idle_too"),
		fires("R3", nil, "Account.Half"), fires("R4", flagged(true), "Account.Clean"),
	}
	m, _ := merge(New(northwind, by(0)), old, 0)
	return m
}

func TestTriagePutsEachEndpointIntoOneGroup(t *testing.T) {
	m := inUse().ChooseRoute("idle.example.com", VendorContact, by(1))
	want := []Group{
		{UsedActively, []string{"a.example.com"}, []string{"a.example.com"}, 2, 2, 0, InternalFix},
		{UseUnclear, []string{"half.example.com"}, []string{"half.example.com"}, 1, 1, 0, InternalFix},
		{UsedInactively, []string{"idle.example.com"}, nil, 1, 1, 0, Retire},
		{Unused, []string{"unfired.example.com"}, []string{"unfired.example.com"}, 1, 0, 1, Retire},
		{"", []string{"clean.example.com"}, []string{"clean.example.com"}, 1, 0, 0, NoAction},
	}
	got := m.Overview().Triage()
	if len(got) != len(want) {
		t.Fatalf("%d groups: %+v", len(got), got)
	}
	for i, g := range got {
		w := want[i]
		if g.Use != w.Use || !slices.Equal(g.Endpoints, w.Endpoints) || !slices.Equal(g.Undecided, w.Undecided) ||
			g.Messages != w.Messages || g.Affected != w.Affected || g.Unknown != w.Unknown || g.Proposed != w.Proposed {
			t.Errorf("group %d: %+v, want %+v", i, g, w)
		}
	}
}

func TestDormantOnesStandBehind(t *testing.T) {
	o := inUse().Overview()
	v := view(t, o, "a.example.com")
	if v.Messages[0].FullName != "Active" || v.Messages[1].FullName != "Idle_too" || v.Use != UsedActively {
		t.Errorf("order: %s, %s; use %s", v.Messages[0].FullName, v.Messages[1].FullName, v.Use)
	}
}

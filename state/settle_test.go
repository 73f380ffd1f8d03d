package state

import (
	"reflect"
	"testing"
)

// asked is an endpoint on the vendor's route of which nothing else is known.
func asked() Migration {
	m, _ := New(northwind, by(0)).Merge(scan(1, message("Case", "Out", "https://hooks.vendor.example/in", flagged(true))), by(0))
	return m.ChooseRoute("hooks.vendor.example/in", VendorContact, by(1))
}

func TestAVendorWithAContactSettlesTheStepThatWaitsForThem(t *testing.T) {
	const key = "hooks.vendor.example/in"
	ida := Contact{Name: "Ida Lund", Email: "ida@vendor.example"}
	for name, enter := range map[string]func(Migration) Migration{
		"both at once": func(m Migration) Migration { return m.Assign(key, "Vendor", ida, by(2)) },
		"several": func(m Migration) Migration {
			return m.NameVendor([]string{key}, "Vendor", by(1)).NameOwner([]string{key}, ida, by(2))
		},
		"person first": func(m Migration) Migration {
			return m.NameOwner([]string{key}, ida, by(1)).NameVendor([]string{key}, "Vendor", by(2))
		},
		"in the record": func(m Migration) Migration {
			m = m.NameVendor([]string{key}, "vendor", by(1))
			return m.DescribeVendor(Vendor{Name: "Vendor", Contacts: []Person{{Contact: ida}}}, by(2))
		},
		"before the route": func(m Migration) Migration {
			return m.ChooseRoute(key, Retire, by(1)).Assign(key, "Vendor", ida, by(1)).ChooseRoute(key, VendorContact, by(2))
		},
	} {
		m := asked()
		next := enter(m)
		if got, want := next.Endpoints[key].Ticks["vendor"], (Tick{State: Done, Note: "Vendor, Ida Lund", At: at(2), By: "ann"}); got != want {
			t.Errorf("%s: the tick is %+v", name, got)
		}
		if back := m.After(next, by(3)); len(back.Endpoints[key].Ticks) != 0 {
			t.Errorf("%s: after undo the tick is %+v", name, back.Endpoints[key].Ticks)
		}
	}
	for name, enter := range map[string]func(Migration) Migration{
		"no contact": func(m Migration) Migration { return m.Assign(key, "Vendor", Contact{}, by(2)) },
		"no vendor":  func(m Migration) Migration { return m.Assign(key, "", ida, by(2)) },
		"nobody's contact": func(m Migration) Migration {
			return m.DescribeVendor(Vendor{Name: "Vendor", Contacts: []Person{{Contact: ida}}}, by(2))
		},
		"another route": func(m Migration) Migration {
			return m.ChooseRoute(key, Retire, by(1)).Assign(key, "Vendor", ida, by(2))
		},
	} {
		if got := enter(asked()).Endpoints[key].Ticks; len(got) != 0 {
			t.Errorf("%s: the ticks are %+v", name, got)
		}
	}
	skipped := asked().Skip(key, Step{ID: "vendor"}, "known for years", by(1))
	if got := skipped.Assign(key, "Vendor", ida, by(2)).Endpoints[key].Ticks["vendor"]; got.State != Skipped {
		t.Errorf("a step that was skipped is %+v", got)
	}
}

func TestAnAnswerWithADaySettlesItsStep(t *testing.T) {
	const key = "hooks.vendor.example/in"
	m := asked().Assign(key, "Vendor", Contact{}, by(1))
	without := m.Answered("Vendor", Answer{Text: "We look into it."}, by(2))
	if got := without.Endpoints[key].Ticks["answer"]; got != (Tick{}) {
		t.Errorf("an answer without a day settles the step: %+v", got)
	}
	for name, next := range map[string]Migration{
		"with it": m.Answered("Vendor", Answer{Text: "By Friday.", Promised: at(100)}, by(2)),
		"later":   without.Promise("Vendor", at(100), by(3)),
	} {
		if got := next.Endpoints[key].Ticks["answer"]; got.State != Done || got.Note != "answered on 2026-11-23, repair promised by "+at(100).Format("2006-01-02") {
			t.Errorf("%s: the tick is %+v", name, got)
		}
	}
	if got := m.Promise("Vendor", at(100), by(2)).Endpoints[key].Ticks["answer"]; got != (Tick{}) {
		t.Errorf("a day without an answer settles the step: %+v", got)
	}
}

func TestARenamedVendorKeepsAllThatWasAgreed(t *testing.T) {
	const key = "hooks.vendor.example/in"
	m := asked().Assign(key, "Vendor", Contact{}, by(1)).
		DescribeVendor(Vendor{Name: "Vendor", Contacts: []Person{{Contact: Contact{Name: "Ida"}}}, Ticket: "4711"}, by(2)).
		MailWritten(key, Draft{Kind: "first", Subject: "Hello"}, "copied", by(3)).
		Answered("Vendor", Answer{Text: "By Friday."}, by(4)).NoteVendor("Vendor", "Called.", by(5))
	was, _ := m.VendorNamed("Vendor")
	next := m.RenameVendor("vendor", " Vendor  and Sons ", by(6))
	got, _ := next.VendorNamed("vendor AND sons")
	if got.Name != "Vendor and Sons" || next.Endpoints[key].Vendor != "Vendor and Sons" || next.VendorKnown("Vendor") || len(next.Vendors) != 1 {
		t.Errorf("renamed to %+v, the endpoint names %q", next.Vendors, next.Endpoints[key].Vendor)
	}
	if last := got.History[len(got.History)-1].What; last != "vendor: Vendor and Sons, before Vendor" {
		t.Errorf("the history ends with %q", last)
	}
	got.Name, got.History = was.Name, was.History
	if !reflect.DeepEqual(got, was) {
		t.Errorf("the record is %+v, was %+v", got, was)
	}
	if back := m.After(next, by(7)); back.Endpoints[key].Vendor != "Vendor" || !reflect.DeepEqual(back.Vendors["vendor"], was) {
		t.Error("undo does not bring the record back")
	}
	if same := next.RenameVendor("Vendor and Sons", "VENDOR and Sons", by(8)); same.Endpoints[key].Vendor != "VENDOR and Sons" || len(same.Vendors) != 1 {
		t.Errorf("another spelling gives %+v", same.Vendors)
	}
	two := next.DescribeVendor(Vendor{Name: "Other", Ticket: "1"}, by(8))
	if taken := two.RenameVendor("Vendor and Sons", "other", by(9)); !reflect.DeepEqual(taken, two) {
		t.Error("one vendor replaces another one")
	}
	bare := asked().Assign(key, "Vendor", Contact{}, by(1)).RenameVendor("Vendor", "Sons", by(2))
	if bare.Endpoints[key].Vendor != "Sons" || bare.Vendors["sons"].Name != "Sons" {
		t.Errorf("one without a record becomes %+v", bare.Vendors)
	}
}

func TestEscalationsGoToWhoseRoleIsMadeForThem(t *testing.T) {
	const key = "hooks.vendor.example/in"
	person := func(name, role string) Person { return Person{Contact{name, name + "@vendor.example"}, role} }
	for want, contacts := range map[string][]Person{
		"":     {person("ida", "support"), person("jo", "developer"), {Contact{Name: "Al"}, "manager"}},
		"max":  {person("ida", "support"), person("max", "Account Manager")},
		"eva":  {person("ida", "support"), person("max", "Account Manager"), person("eva", "escalations")},
		"eike": {person("ida", "Support"), person("eike", "Eskalation, 2nd level")},
	} {
		m := asked().Assign(key, "Vendor", Contact{}, by(1)).DescribeVendor(Vendor{Name: "Vendor", Contacts: contacts}, by(2))
		view := m.Overview().Hosts[0].Endpoints[0]
		if view.EscalateTo.Name != want || view.Owner != contacts[0].Contact {
			t.Errorf("escalated to %+v, written to %+v", view.EscalateTo, view.Owner)
		}
		own := m.ChooseRoute(key, InternalFix, by(3)).Overview().Hosts[0].Endpoints[0]
		if own.EscalateTo != (Contact{}) {
			t.Errorf("a colleague is escalated to %+v", own.EscalateTo)
		}
	}
}

// What a vendor said last is known with each of its endpoints, and with nobody else's.
func TestWhatAVendorSaidLast(t *testing.T) {
	const key = "hooks.vendor.example/in"
	m := asked().Assign(key, "Vendor", Contact{}, by(1))
	said := func(m Migration) Said {
		v := m.Overview().Hosts[0].Endpoints[0]
		if next := m.Overview().Next(m).Hosts[0].Endpoints[0]; next.Said != v.Said {
			t.Errorf("derived from before: %+v, anew: %+v", next.Said, v.Said)
		}
		return v.Said
	}
	if got := said(m); got != (Said{}) {
		t.Errorf("before any answer: %+v", got)
	}
	before := m.Overview()
	m = m.Answered("Vendor", Answer{At: by(4).At, Text: "soon"}, by(5)).Answered("Vendor", Answer{At: by(3).At, Text: "early", Promised: by(9).At}, by(6))
	if got := said(m); !got.Answered.Equal(by(4).At) || !got.Promised.Equal(by(9).At) || before.Next(m).Hosts[0].Endpoints[0].Said != got {
		t.Errorf("after two answers: %+v", got)
	}
	if got := said(m.ChooseRoute(key, InternalFix, by(7))); got != (Said{}) {
		t.Errorf("of a colleague: %+v", got)
	}
}

package state

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// several is a migration with endpoints of two vendors and two colleagues: one
// vendor's name is written in two ways, and one endpoint is nobody's.
func several() Migration {
	m := New(northwind, by(0))
	urls := []string{"a1", "a2", "a3", "b1", "own1", "own2", "lone", "done"}
	f := scan(0)
	for _, u := range urls {
		f.Messages = append(f.Messages, message("Account", "To_"+u, "https://"+u+".example.com/", flagged(false)))
	}
	m, _ = m.Merge(f, by(0))
	k := func(names ...string) []string {
		for i := range names {
			names[i] += ".example.com"
		}
		return names
	}
	m = m.NameVendor(k("a1", "done"), "Acme", by(1)).NameVendor(k("a2", "a3"), " acme ", by(1)).NameVendor(k("b1"), "Bolt", by(1))
	m = m.ChooseRoutes(k("a1", "a2", "a3", "b1", "done"), VendorContact, by(1)).ChooseRoutes(k("own1", "own2"), InternalFix, by(1))
	m = m.NameOwner(k("a2"), Contact{Name: "Kim", Email: "kim@acme.example"}, by(1))
	m = m.NameOwner(k("own1"), Contact{Name: "Bob", Email: "bob@northwind.example"}, by(1))
	m = m.NameOwner(k("own2"), Contact{Name: "Bob", Email: "Bob@northwind.example"}, by(1))
	for _, step := range m.Endpoints["done.example.com"].Checklist(VendorContact) {
		m = m.MarkDone("done.example.com", step, by(1))
	}
	return m
}

func TestOneMailGoesToEachVendorAndEachPerson(t *testing.T) {
	m := several()
	keys := []string{"lone.example.com", "a2.example.com", "a1.example.com", "own2.example.com", "own1.example.com", "done.example.com", "gone.example.com", "a2.example.com"}
	want := []Addressee{
		{"Acme", Contact{"Kim", "kim@acme.example"}, []string{"a2.example.com", "a1.example.com", "a3.example.com"}, 2},
		{"", Contact{"Bob", "Bob@northwind.example"}, []string{"own2.example.com", "own1.example.com"}, 2},
		{"", Contact{}, []string{"lone.example.com"}, 1},
	}
	got := m.Addressees(keys)
	got[0].Vendor = "Acme" // without a record it is written as on the first one
	if !reflect.DeepEqual(got, want) {
		t.Errorf("addressees:\n%+v\nwant\n%+v", got, want)
	}
}

func TestAPersonWithoutAddressIsWrittenToOnce(t *testing.T) {
	m := several().NameOwner([]string{"own1.example.com", "lone.example.com", "own2.example.com"}, Contact{Name: "Eve"}, by(2))
	got := m.Addressees([]string{"own1.example.com", "lone.example.com", "own2.example.com"})
	if len(got) != 1 || got[0].Owner.Name != "Eve" || got[0].Asked != 3 {
		t.Errorf("addressees: %+v", got)
	}
	// One who is asked as a vendor is not asked as a colleague.
	m = m.ChooseRoute("lone.example.com", VendorContact, by(3))
	if got := m.Addressees([]string{"own1.example.com", "lone.example.com"}); len(got) != 2 {
		t.Errorf("addressees: %+v", got)
	}
}

func TestSeveralMailsAreWrittenAndSentAsOneChange(t *testing.T) {
	m := several()
	var all []Mailing
	for _, to := range m.Addressees([]string{"a1.example.com", "b1.example.com", "own1.example.com", "own2.example.com"}) {
		d := Draft{Kind: letterFirst, Language: "en", To: to.Owner.Email, Subject: "Session ids"}
		if to.Vendor == "" {
			d.Kind = letterOwner
		}
		all = append(all, Mailing{to, d, "saved"})
	}
	if len(all) != 3 {
		t.Fatalf("%d mails", len(all))
	}
	written := m.MailsWritten(all, by(5))
	for _, name := range []string{"Acme", "Bolt"} {
		v, _ := written.VendorNamed(name)
		if len(v.Letters) != 1 || v.Letters[0].WrittenAt != at(5) || v.Letters[0].How != "saved" || !slices.Equal(v.Letters[0].Endpoints, written.EndpointsOf(name)) {
			t.Errorf("%s: %+v", name, v.Letters)
		}
	}
	for _, key := range []string{"own1.example.com", "own2.example.com"} {
		if d := written.Endpoints[key].Drafts[letterOwner]; d.WrittenAt != at(5) || d.To != "Bob@northwind.example" && d.To != "bob@northwind.example" {
			t.Errorf("%s: %+v", key, d)
		}
	}
	sent := written.MailsSent(all, at(60), by(61))
	for _, key := range []string{"own1.example.com", "own2.example.com"} {
		if d := sent.Endpoints[key].Drafts[letterOwner]; !d.SentAt.Equal(at(60)) {
			t.Errorf("%s: %+v", key, d)
		}
	}
	for _, key := range []string{"a1.example.com", "a2.example.com", "b1.example.com"} {
		e := sent.Endpoints[key]
		if !slices.ContainsFunc(e.Checklist(e.Route), func(s Step) bool { return s.Mail != "" && e.Ticks[s.ID].State == Done }) {
			t.Errorf("%s: no step is settled by its mail: %v", key, e.Ticks)
		}
	}
	if v, _ := sent.VendorNamed("acme"); !v.Letters[0].SentAt.Equal(at(60)) {
		t.Errorf("the letter: %+v", v.Letters[0])
	}
	// Undo saves the value from before: nothing of it may have been written to.
	if back := m.After(sent, by(62)); !reflect.DeepEqual(back.Endpoints, several().Endpoints) || len(back.Vendors) != 0 {
		t.Error("the value from before has changed")
	}
}

func TestWhatIsSaidOfSeveralEndpointsIsOneChange(t *testing.T) {
	m, before := several(), several()
	keys := []string{"a1.example.com", "b1.example.com", "gone.example.com"}
	for name, c := range map[string]struct {
		change func(Migration) Migration
		holds  func(Endpoint) bool
		line   string
	}{
		"owner":    {func(m Migration) Migration { return m.NameOwner(keys, Contact{Name: "Zoe"}, by(9)) }, func(e Endpoint) bool { return e.Owner.Name == "Zoe" }, "owner: Zoe"},
		"nobody":   {func(m Migration) Migration { return m.NameOwner(keys, Contact{}, by(9)) }, func(e Endpoint) bool { return e.Owner == Contact{} }, "owner: nobody"},
		"vendor":   {func(m Migration) Migration { return m.NameVendor(keys, "Zeta", by(9)) }, func(e Endpoint) bool { return e.Vendor == "Zeta" }, "vendor: Zeta"},
		"receiver": {func(m Migration) Migration { return m.ClassifyReceivers(keys, ChecksSender, by(9)) }, func(e Endpoint) bool { return e.Receiver == ChecksSender }, "receiver: checks the sender"},
		"stated": {func(m Migration) Migration { return m.StateAll(keys, Statement{Says: true, Reason: "seen"}, by(9)) },
			func(e Endpoint) bool { return e.Statement != nil && e.Statement.Says && e.Statement.By == "ann" }, "stated: a session id was sent (seen)"},
		"taken back": {func(m Migration) Migration {
			return m.StateAll(keys, Statement{Reason: "seen"}, by(8)).UnstateAll(append(keys, "lone.example.com"), by(9))
		}, func(e Endpoint) bool { return e.Statement == nil }, unstated},
	} {
		next := c.change(m)
		for key, e := range next.Endpoints {
			last := e.History[max(0, len(e.History)-1):]
			told := len(last) == 1 && last[0].What == c.line && last[0].At == at(9)
			if in := slices.Contains(keys, key); in && !c.holds(e) || told != in {
				t.Errorf("%s: %s is %+v", name, key, e)
			}
		}
		if !reflect.DeepEqual(m.Endpoints, before.Endpoints) {
			t.Fatalf("%s: the value from before has changed", name)
		}
	}
	if next := m.StateAll([]string{"gone.example.com"}, Statement{}, by(9)); !reflect.DeepEqual(next, m) {
		t.Error("a change of nothing is a change")
	}
}

// BenchmarkMailsWritten is mails to 250 vendors of a thousand endpoints.
func BenchmarkMailsWritten(b *testing.B) {
	m := large(b, 10_000)
	keys := slices.Sorted(func(yield func(string) bool) {
		for key := range m.Endpoints {
			if !yield(key) {
				return
			}
		}
	})
	for i := range 250 {
		m = m.NameVendor(keys[i*4:i*4+4], fmt.Sprint("Vendor ", i), by(2))
	}
	m = m.ChooseRoutes(keys, VendorContact, by(3))
	var all []Mailing
	for _, to := range m.Addressees(keys) {
		all = append(all, Mailing{to, Draft{Kind: letterFirst, Subject: "Session ids"}, "saved"})
	}
	for b.Loop() {
		m.MailsWritten(all, by(4))
	}
}

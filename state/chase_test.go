package state

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// months plays work on vendors over months: each line happens on its day.
type months struct {
	t *testing.T
	m Migration
}

func onDay(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return at.Add(10 * time.Hour)
}

func (p *months) on(day string, do func(m Migration, act Act) Migration) {
	p.m = do(p.m, Act{By: "ann", At: onDay(day)})
}

// due says what is due on a day, a line for each vendor: "name: action on day".
func (p *months) due(day string, want ...string) {
	p.t.Helper()
	var got []string
	for _, d := range p.m.Chase() {
		word := "waits until"
		if d.IsDue(onDay(day)) {
			word = "is due since"
		}
		if d.Overdue(onDay(day)) {
			word = "is overdue since"
		}
		if d.Why == "" || len(d.Endpoints) == 0 {
			p.t.Errorf("%+v says nothing", d)
		}
		got = append(got, fmt.Sprintf("%s: %s %s %s", d.Who, d.Action, word, d.On.Format(time.DateOnly)))
	}
	if !slices.Equal(got, want) {
		p.t.Errorf("on %s:\n got %s\nwant %s", day, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func written(name, kind string, answerBy string) func(Migration, Act) Migration {
	return func(m Migration, act Act) Migration {
		if answerBy != "" {
			m = m.AskBy(m.EndpointsOf(name)[0], onDay(answerBy), act)
		}
		return m.MailWritten(m.EndpointsOf(name)[0], Draft{Kind: kind, Subject: kind + " to " + name}, "copied", act)
	}
}

func sent(name, kind string) func(Migration, Act) Migration {
	return func(m Migration, act Act) Migration { return m.MailSent(m.EndpointsOf(name)[0], kind, act.At, act) }
}

// TestThreeVendorsOverThreeMonths goes with three vendors from the first mail to
// the proof: one keeps its word, one breaks it, one is silent.
func TestThreeVendorsOverThreeMonths(t *testing.T) {
	p := &months{t: t}
	p.m, _ = New(northwind, Act{At: onDay("2026-09-01")}).Merge(scan(0,
		message("Account", "A", "https://in.keeper.example/a", flagged(false)), message("Account", "B", "https://in.keeper.example/b", flagged(false)),
		message("Case", "C", "https://breaker.example/c", flagged(false)), message("Case", "D", "https://silent.example/d", flagged(false))), Act{At: onDay("2026-09-01")})
	p.due("2026-09-01")

	p.on("2026-09-01", func(m Migration, act Act) Migration {
		m = m.NameVendor([]string{"in.keeper.example/a", "in.keeper.example/b"}, "Keeper", act)
		m = m.NameVendor([]string{"breaker.example/c"}, "Breaker Inc.", act).NameVendor([]string{"silent.example/d"}, "Silent", act)
		return m.ChooseRoutes([]string{"in.keeper.example/a", "in.keeper.example/b", "breaker.example/c", "silent.example/d"}, VendorContact, act)
	})
	p.due("2026-09-01", "Breaker Inc.: write the first mail is due since 2026-09-01", "Keeper: write the first mail is due since 2026-09-01", "Silent: write the first mail is due since 2026-09-01")

	// One mail covers both endpoints of a vendor.
	p.on("2026-09-02", written("Keeper", letterFirst, "2026-09-20"))
	p.on("2026-09-02", written("Breaker Inc.", letterFirst, ""))
	p.on("2026-09-02", written("Silent", letterFirst, ""))
	p.due("2026-09-04", "Breaker Inc.: send what is written, and say when is overdue since 2026-09-03",
		"Keeper: send what is written, and say when is overdue since 2026-09-03", "Silent: send what is written, and say when is overdue since 2026-09-03")
	p.on("2026-09-04", sent("Keeper", letterFirst))
	p.on("2026-09-04", sent("Breaker Inc.", letterFirst))
	p.on("2026-09-04", sent("Silent", letterFirst))
	for _, key := range []string{"in.keeper.example/a", "in.keeper.example/b", "breaker.example/c"} {
		if tick := p.m.Endpoints[key].Ticks["first-mail"]; tick.State != Done || tick.Note != "sent on 2026-09-04" {
			t.Errorf("%s: the step of the first mail is %+v", key, tick)
		}
	}
	// Breaker and Silent were given two weeks, Keeper until a day.
	p.due("2026-09-10", "Breaker Inc.: remind waits until 2026-09-18", "Silent: remind waits until 2026-09-18", "Keeper: remind waits until 2026-09-21")

	p.on("2026-09-11", func(m Migration, act Act) Migration {
		return m.Answered("Keeper", Answer{From: "kim@keeper.example", Text: "It is in our release of 1 November.", Promised: onDay("2026-11-01")}, act)
	})
	p.on("2026-09-12", func(m Migration, act Act) Migration {
		return m.Answered("Breaker Inc.", Answer{Text: "We are looking into it."}, act)
	})
	p.due("2026-09-19", "Silent: remind is overdue since 2026-09-18", "Breaker Inc.: ask for a day is due since 2026-09-19", "Keeper: remind waits until 2026-11-02")

	p.on("2026-09-19", written("Silent", letterReminder, ""))
	p.on("2026-09-19", sent("Silent", letterReminder))
	p.on("2026-09-20", func(m Migration, act Act) Migration { return m.Promise("Breaker Inc.", onDay("2026-10-05"), act) })
	p.due("2026-09-21", "Silent: escalate waits until 2026-09-26", "Breaker Inc.: remind waits until 2026-10-06", "Keeper: remind waits until 2026-11-02")

	p.on("2026-09-27", written("Silent", letterEscalation, ""))
	p.on("2026-09-27", sent("Silent", letterEscalation))
	// The promised day has passed: reminder, then escalation.
	p.due("2026-10-07", "Silent: tell your own management is overdue since 2026-10-04", "Breaker Inc.: remind is overdue since 2026-10-06", "Keeper: remind waits until 2026-11-02")
	p.on("2026-10-07", written("Breaker Inc.", letterReminder, ""))
	p.on("2026-10-07", sent("Breaker Inc.", letterReminder))
	p.due("2026-10-15", "Silent: tell your own management is overdue since 2026-10-04", "Breaker Inc.: escalate is overdue since 2026-10-14", "Keeper: remind waits until 2026-11-02")
	p.on("2026-10-15", written("Breaker Inc.", letterEscalation, "2026-10-25"))
	p.on("2026-10-15", sent("Breaker Inc.", letterEscalation))

	// Keeper delivers, is tested, proved and signed off.
	keeper := p.m.EndpointsOf("Keeper")
	p.on("2026-11-02", func(m Migration, act Act) Migration {
		for _, key := range keeper {
			for _, step := range m.Endpoints[key].Checklist(VendorContact) {
				if step.ID == stepTest {
					m = m.MarkDone(key, step, act)
				}
			}
		}
		return m
	})
	p.due("2026-11-03", "Silent: tell your own management is overdue since 2026-10-04", "Breaker Inc.: tell your own management is overdue since 2026-10-26", "Keeper: settle the steps that are left is overdue since 2026-11-02")
	p.on("2026-11-03", func(m Migration, act Act) Migration {
		for _, key := range keeper {
			m = m.Checked(key, CheckLogins, Check{Passed: true, Summary: "3 OAuth logins since 1 November"}, act)
			for _, step := range m.Endpoints[key].Checklist(VendorContact) {
				if m.Endpoints[key].Ticks[step.ID].State == ToDo && step.ID != SignOff {
					m = m.Skip(key, step, "Keeper delivered in time", act)
				}
			}
			m = m.SignedOff(key, "Ann", "3 OAuth logins since 1 November", act)
		}
		return m
	})
	p.due("2026-11-30", "Silent: tell your own management is overdue since 2026-10-04", "Breaker Inc.: tell your own management is overdue since 2026-10-26")
}

func TestADayIsDueByTheCalendarOnTheWall(t *testing.T) {
	tokyo := time.FixedZone("Tokyo", 9*3600)
	d := Due{On: time.Date(2026, 10, 5, 0, 0, 0, 0, tokyo)}
	for at, want := range map[string][2]bool{"2026-10-04T23:59:00+09:00": {false, false}, "2026-10-05T00:01:00+09:00": {true, false}, "2026-10-06T00:00:00+09:00": {true, true}} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]bool{d.IsDue(now), d.Overdue(now)}; got != want {
			t.Errorf("%s: due and overdue are %v", at, got)
		}
	}
}

func TestVendorsAreSavedAndRecognisedByTheirName(t *testing.T) {
	m := worked(t).NameVendor([]string{ordersKey, legacyKey}, " Acme  Corp ", by(1))
	m = m.DescribeVendor(Vendor{Name: "ACME Corp", Contacts: []Person{{Contact{Name: "Kim", Email: "kim@acme.example"}, "support"}}, Language: "fr", Ticket: "4711"}, by(2))
	m = m.NoteVendor("acme corp", "asked for the ticket", by(3)).ChooseRoute(ordersKey, VendorContact, by(4)).MailWritten(ordersKey, Draft{Kind: letterFirst, Subject: "s"}, "copied", by(4))
	if got := m.VendorNames(); !slices.Equal(got, []string{"ACME Corp"}) {
		t.Errorf("vendors %q", got)
	}
	if got := m.EndpointsOf("acme corp"); !slices.Equal(got, []string{ordersKey, legacyKey}) {
		t.Errorf("endpoints %q", got)
	}
	data, err := Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	read, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, read, m)
	if v, ok := read.VendorNamed("Acme Corp"); !ok || v.Ticket != "4711" || len(v.Letters) != 1 || v.Contacts[0].Role != "support" {
		t.Errorf("read back %+v", v)
	}
	if _, ok := m.VendorNamed(" "); ok {
		t.Error("no name names a vendor")
	}
}

func TestAColleagueIsChasedToo(t *testing.T) {
	p := &months{t: t, m: worked(t)}
	p.due("2026-11-23")
	p.on("2026-11-23", func(m Migration, act Act) Migration {
		return m.Assign(ordersKey, "", Contact{Name: "Bob"}, act).MailWritten(ordersKey, Draft{Kind: letterOwner}, "copied", act)
	})
	p.due("2026-11-23", "Bob: send what is written, and say when waits until 2026-11-24")
	p.on("2026-11-24", func(m Migration, act Act) Migration { return m.MailSent(ordersKey, letterOwner, act.At, act) })
	p.due("2026-11-24", "Bob: remind waits until 2026-12-08")
	p.on("2026-12-08", func(m Migration, act Act) Migration {
		m = m.MailWritten(ordersKey, Draft{Kind: letterOwnerAgain}, "copied", act)
		return m.MailSent(ordersKey, letterOwnerAgain, act.At, act)
	})
	p.due("2026-12-09", "Bob: escalate waits until 2026-12-15")
	p.on("2026-12-10", func(m Migration, act Act) Migration {
		for _, step := range m.Endpoints[ordersKey].Checklist(InternalFix) {
			if step.ID == stepDeploy {
				m = m.MarkDone(ordersKey, step, act)
			}
		}
		return m
	})
	p.due("2026-12-20")
}

func TestAllEndpointsOfAVendorShowItsRecord(t *testing.T) {
	m := worked(t).NameVendor([]string{ordersKey, legacyKey}, "Acme", by(1)).ChooseRoutes([]string{ordersKey, legacyKey}, VendorContact, by(1))
	o := m.Overview()
	m = m.DescribeVendor(Vendor{Name: "Acme", Contacts: []Person{{Contact{Name: "Kim", Email: "kim@acme.example"}, "support"}}, Language: "fr"}, by(2))
	m = m.KeepDraft(ordersKey, Draft{Kind: letterFirst, Body: "Bonjour"}, by(3)).AskBy(legacyKey, at(9000), by(4))
	for _, got := range []Overview{o.Next(m), m.Overview()} {
		for _, key := range []string{ordersKey, legacyKey} {
			v := view(t, got, key)
			if v.Owner.Name != "Kim" || v.Language != "fr" || v.Drafts[letterFirst].Body != "Bonjour" || !v.Due.Equal(at(9000)) {
				t.Errorf("%s shows %+v, %q, %+v, %v", key, v.Owner, v.Language, v.Drafts, v.Due)
			}
		}
	}
	// For a receiver of the own company the vendor's record says nothing.
	m = m.ChooseRoute(legacyKey, InternalFix, by(5))
	if v := view(t, m.Overview(), legacyKey); v.Owner != (Contact{}) || len(v.Drafts) != 0 {
		t.Errorf("the internal endpoint shows %+v", v.Endpoint)
	}
}

// TestNoTwoThingsThatAreDueHaveOneMatter: a colleague who owns two receivers is
// asked about each, and may be called like a vendor.
func TestNoTwoThingsThatAreDueHaveOneMatter(t *testing.T) {
	const vendorKey = "vendor.example/in"
	m, _ := worked(t).Merge(scan(1, message("Case", "Third", "https://"+vendorKey, flagged(false))), by(1))
	for i, key := range []string{ordersKey, legacyKey} {
		m = m.ChooseRoute(key, InternalFix, by(1)).Assign(key, "", Contact{Name: "Acme"}, by(2))
		m = m.MailWritten(key, Draft{Kind: letterOwner}, "copied", by(3+i))
	}
	m = m.ChooseRoute(vendorKey, VendorContact, by(5)).NameVendor([]string{vendorKey}, "Acme", by(6))
	known := map[string]bool{}
	for _, d := range m.Chase() {
		if d.Who != "Acme" || d.Matter == "" || known[d.Matter] {
			t.Errorf("%+v", d)
		}
		known[d.Matter] = true
	}
	if len(known) != 3 {
		t.Errorf("%d matters", len(known))
	}
}

func TestWhenSomethingIsDue(t *testing.T) {
	now := onDay("2026-11-23")
	for on, want := range map[time.Time]string{
		now:                            "due today",
		now.Add(-9 * time.Hour):        "due today",
		now.Add(14 * time.Hour):        "due tomorrow",
		onDay("2026-12-23"):            "due in 30 days",
		now.Add(-11 * time.Hour):       "overdue by a day",
		onDay("2025-11-23"):            "overdue by 365 days",
		now.In(time.FixedZone("", -9)): "due today",
	} {
		if got := (Due{On: on}).When(now); got != want {
			t.Errorf("%s: %q, want %q", on, got, want)
		}
	}
}

// TestATypedDayIsThatDayInEveryPlace: days that somebody types are kept as midnight
// UTC, which is the evening before in half of the world.
func TestATypedDayIsThatDayInEveryPlace(t *testing.T) {
	d := Due{On: time.Date(2026, 10, 6, 0, 0, 0, 0, time.UTC)}
	for name, offset := range map[string]int{"Honolulu": -10, "New York": -4, "London": 0, "Tokyo": 9, "Kiritimati": 14} {
		place := time.FixedZone(name, offset*3600)
		for day, want := range map[int]string{5: "due tomorrow", 6: "due today", 7: "overdue by a day"} {
			for _, hour := range []int{0, 12, 23} {
				now := time.Date(2026, 10, day, hour, 30, 0, 0, place)
				if got := d.When(now); got != want || d.IsDue(now) != (day >= 6) || d.Overdue(now) != (day == 7) {
					t.Errorf("%s: %q, due %v, overdue %v", now, got, d.IsDue(now), d.Overdue(now))
				}
			}
		}
	}
}

func TestTheHistoryOfAVendorSaysWhatWasNoted(t *testing.T) {
	kim := Person{Contact{Name: "Kim"}, "support"}
	m := worked(t)
	for i, step := range []struct {
		about Vendor
		want  string
	}{
		{Vendor{Name: "Acme", Contacts: []Person{kim, {Contact{Email: "lee@acme.example"}, ""}}}, "contacts: Kim, lee@acme.example"},
		{Vendor{Name: "Acme", Contacts: []Person{kim}, Ticket: "4711", TicketLink: "https://acme.example/4711"}, "contacts: Kim; ticket: 4711; link: https://acme.example/4711"},
		{Vendor{Name: "Acme", Contacts: []Person{kim}, Language: "fr"}, "language: fr; ticket: none; link: none"},
	} {
		m = m.DescribeVendor(step.about, by(i))
		v, _ := m.VendorNamed("acme")
		if len(v.History) != i+1 || v.History[i].What != step.want {
			t.Errorf("history %+v, want last %q", v.History, step.want)
		}
	}
}

// TestAPromiseWithoutALetterIsWaitedFor: it may have been given on the telephone.
func TestAPromiseWithoutALetterIsWaitedFor(t *testing.T) {
	p := &months{t: t, m: worked(t).NameVendor([]string{ordersKey}, "Acme", by(1)).ChooseRoute(ordersKey, VendorContact, Act{At: onDay("2026-10-01")})}
	p.due("2026-10-01", "Acme: write the first mail is due since 2026-10-01")
	p.on("2026-10-01", func(m Migration, act Act) Migration { return m.Promise("Acme", onDay("2026-10-20"), act) })
	p.due("2026-10-20", "Acme: remind waits until 2026-10-21")
}

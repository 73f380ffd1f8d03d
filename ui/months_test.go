package ui

import (
	"strings"
	"testing"
	"time"

	"sidestep/state"
)

// months plays work on vendors over months, by keys alone, with the clock of the
// test's bubble.
type months struct{ *bench }

// on waits until a day.
func (p months) on(day string) {
	p.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		p.t.Fatal(err)
	}
	at = at.Add(10 * time.Hour)
	if at.Before(p.world.now()) {
		p.t.Fatalf("%s is over", day)
	}
	time.Sleep(at.Sub(p.world.now()))
	p.settle()
}

// visit goes from wherever it is to the record of the vendor behind a host. It takes
// a minute: what is done then comes after what was done before.
func (p months) visit(host string) {
	p.t.Helper()
	time.Sleep(time.Minute)
	p.toBoard()
	p.find(host)
	p.keys("V")
	p.sees("‹Record›")
}

func (p months) toBoard() {
	p.t.Helper()
	for range 9 {
		if b, ok := p.top().(*board); ok && b.everything() {
			return
		}
		p.keys("esc")
	}
	p.t.Fatalf("this is not the board:\n%s", p.screen())
}

// name chooses the vendor's route for an endpoint, and says who the vendor is.
func (p months) name(host, vendor, contact, address string) {
	p.t.Helper()
	p.toBoard()
	p.find(host)
	p.keys("enter", "r")
	p.sees("What happens with this endpoint?")
	for range state.Routes {
		if !strings.Contains(p.screen(), "› Vendor contact") {
			p.keys("down")
		}
	}
	p.keys("enter", "c", "down", "enter", "enter", "o")
	for _, text := range []string{vendor, contact, address} {
		p.fill(text)
		p.keys("enter")
	}
}

// write hands out the mail that is due to the vendor at hand, and says that it was
// sent on the same day.
func (p months) write(kind string) {
	p.t.Helper()
	p.keys("m")
	p.sees(kind)
	p.keys("c", "esc")
	p.sees("due tomorrow: send what is written, and say when")
	p.keys("s", "enter")
}

// TestThreeVendorsOverThreeMonths: one vendor keeps its word, one breaks it, one is
// silent.
func TestThreeVendorsOverThreeMonths(t *testing.T) {
	play(t, func(t *testing.T) {
		const keeper, breaker, silent = "parcelwise", "acmedesk", "mailer"
		p := months{onBoard(t, evidenced(), 120, 50)}
		p.name(keeper, "Keeper", "Kim", "kim@keeper.example")
		p.name(breaker, "Breaker Inc.", "Bo", "bo@breaker.example")
		p.name(silent, "Silent", "Sam", "sam@silent.example")

		p.visit(keeper)
		p.keys("m", "b")
		p.fill("2026-12-10")
		p.keys("enter", "esc")
		p.sees("due today: write the first mail")
		p.write("first mail to the vendor")
		p.sees("due in 18 days: remind (by 11 December 2026). They have not answered yet.")
		for _, host := range []string{breaker, silent} {
			p.visit(host)
			p.write("first mail to the vendor")
			p.sees("due in 14 days: remind (by 7 December 2026)")
		}

		p.on("2026-12-01")
		p.visit(keeper)
		p.keys("v")
		p.paste("Hello,\n\nit will be there on 15 January 2027.\n\nKim\n")
		p.under("15 January 2027")
		p.keys("enter")
		p.sees("due in 46 days: remind (by 16 January 2027). They promised the repair by 15 January 2027.", "15 January 2027  in 45 days")

		// Silence: a reminder.
		p.on("2026-12-09")
		for _, host := range []string{breaker, silent} {
			p.visit(host)
			p.sees("overdue by 2 days: remind", "They have not answered yet.")
			p.write("reminder")
			p.sees("due in 7 days: escalate (by 16 December 2026). They did not answer the reminder.")
		}

		p.press(breaker, silent)

		p.on("2027-01-16")
		p.visit(keeper)
		p.sees("due today: remind", "If it is there, test it together; if not, remind them.")
		p.prove(keeper)

		p.on("2027-02-22")
		p.end()
	})
}

// press goes on with a vendor that promises, and breaks its word, and one that stays
// silent: up to the own management.
func (p months) press(breaker, silent string) {
	p.t.Helper()
	// One promises, the other stays silent: an escalation, then the own management.
	p.on("2026-12-12")
	p.visit(breaker)
	p.keys("b")
	p.fill("20 December 2026")
	p.keys("enter", "n")
	p.text("Bo called: on the 20th")
	p.keys("enter")
	p.sees("due in 9 days: remind (by 21 December 2026). They promised the repair by 20 December 2026.")
	p.on("2026-12-18")
	p.visit(silent)
	p.sees("overdue by 2 days: escalate")
	p.write("escalation")
	p.sees("due in 7 days: tell your own management (by 25 December 2026). They did not answer the escalation either.")

	// A promise that was missed: a reminder, then an escalation.
	p.on("2026-12-27")
	p.visit(breaker)
	p.sees("overdue by 6 days: remind", "passed 7 days ago")
	p.write("reminder")
	p.sees("due in 7 days: escalate", "They promised the repair by 20 December 2026, and the day has passed.")
	p.visit(silent)
	p.sees("overdue by 2 days: tell your own management")
	p.write("mail to your own manager")
	p.on("2027-01-05")
	p.visit(breaker)
	p.sees("overdue by 2 days: escalate")
	p.write("escalation")
	p.sees("due in 7 days: tell your own management")
}

// prove goes through what is left with a vendor that has delivered: the test, the
// logins as the org saw them, the lost data, the sign-off.
func (p months) prove(host string) {
	p.t.Helper()
	p.root().s.org = p.world.org
	p.world.checks.found = CodeFound{Check: state.Check{Passed: true, Summary: "3 OAuth logins since 15 January"}}
	p.tick(host, "test")
	p.visit(host)
	p.sees("due today: settle the steps that are left", "It was tested together.")
	p.step(host, "login")
	p.keys("v")
	p.fill("bot@keeper.example")
	p.keys("enter", "enter")
	p.sees("3 OAuth logins since 15 January")
	p.step(host, "catch-up")
	p.keys("v", "enter", "enter")
	e := p.work().Endpoints[vendorKey]
	for _, step := range e.Checklist(e.Route) {
		if e.Ticks[step.ID].State == state.ToDo && step.ID != state.SignOff {
			p.tick(host, step.ID)
		}
	}
	if e := p.work().Endpoints[vendorKey]; e.Ticks["login"].State != state.Done || e.Ticks["catch-up"].State != state.Done || e.Ticks["first-mail"].State != state.Done {
		p.t.Fatalf("the proof settles nothing: %+v", e.Ticks)
	}
	p.step(host, state.SignOff)
	p.keys("space")
	p.sees("On what evidence", "3 OAuth logins since 15 January")
	p.keys("enter", "enter")
	p.visit(host)
	p.sees("✓ Nothing is left to do with them.", "1 endpoint, 1 finished")
}

// step goes to a step of the endpoint behind a host.
func (p months) step(host, id string) {
	p.t.Helper()
	p.toBoard()
	p.find(host)
	p.keys("enter", "g")
	e := p.work().Endpoints[vendorKey]
	for _, step := range e.Checklist(e.Route) {
		if step.ID == id {
			return
		}
		p.keys("down")
	}
	p.t.Fatalf("there is no step %q", id)
}

func (p months) tick(host, id string) {
	p.t.Helper()
	p.step(host, id)
	p.keys("space")
	if p.work().Endpoints[vendorKey].Ticks[id].State != state.Done {
		p.t.Fatalf("step %q is not ticked:\n%s", id, p.screen())
	}
}

// end is what is there in the end, after a restart: who is done with asks for
// nothing any more, and what happened with the others is told.
func (p months) end() {
	p.t.Helper()
	p.close()
	home := newBench(p.t, p.world, 120, 50)
	home.sees("Breaker Inc.", "overdue by 41 days", "tell your own management", "Silent")
	home.lacks("Keeper")
	home.keys("enter")
	again := months{home}
	again.visit("acmedesk")
	again.keys("tab")
	rest := again.screen()
	for _, want := range []string{
		"2027-01-05       sent escalation", "written escalation", "2026-12-27       sent reminder", "written reminder",
		"repair promised by 2026-12-20", "Bo called: on the 20th", "2026-12-09       sent reminder", "written reminder",
		"2026-11-23       sent first mail to the vendor", "written first mail to the vendor", "owner: Breaker Inc., Bo, bo@breaker.example", "route: vendor contact",
	} {
		_, after, found := strings.Cut(rest, want)
		if !found {
			p.t.Fatalf("%q is not told, or too early:\n%s", want, again.screen())
		}
		rest = after
	}
}

package state

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func ids(steps []Step) string {
	var out []string
	for _, s := range steps {
		out = append(out, s.ID)
	}
	return strings.Join(out, " ")
}

func TestChecklistsHoldTheStepsOfTheirRoute(t *testing.T) {
	for _, tc := range []struct {
		route    Route
		receiver Receiver
		want     string
	}{
		{InternalFix, ReceiverUnknown, "owner receiver flow app code token rehearse deploy login catch-up sign-off"},
		{InternalFix, CallsBack, "owner receiver flow app code token rehearse deploy login catch-up sign-off"},
		{InternalFix, ChecksSender, "owner receiver sender-org sender-path sender-certificate sender-code rehearse deploy catch-up sign-off"},
		{InternalFix, Ignores, "owner receiver rehearse sign-off"},
		{VendorContact, ReceiverUnknown, "vendor first-mail answer remind approve test login catch-up sign-off"},
		{VendorContact, CallsBack, "vendor first-mail answer remind approve test login catch-up sign-off"},
		{VendorContact, ChecksSender, "vendor first-mail answer remind sender-check test catch-up sign-off"},
		{VendorContact, Ignores, "vendor first-mail answer remind sign-off"},
		{Retire, ReceiverUnknown, "unneeded switch-off watch sign-off"},
		{NoAction, Ignores, "reason confirm sign-off"},
		{Undecided, ReceiverUnknown, ""},
		{"route of a newer program", ReceiverUnknown, ""},
	} {
		if got := ids(Checklist(tc.route, tc.receiver)); got != tc.want {
			t.Errorf("%q, %q:\n got %s\nwant %s", tc.route, tc.receiver, got, tc.want)
		}
	}
}

func TestTheOrderOfTheAcknowledgementDecidesHowItFails(t *testing.T) {
	for _, c := range []struct {
		e    Endpoint
		want string
	}{
		{Endpoint{Receiver: CallsBack}, "owner receiver flow app"},
		{Endpoint{Receiver: CallsBack, Acks: AcksFirst}, "owner receiver silence flow app"},
		{Endpoint{Receiver: CallsBack, Acks: AcksLast}, "owner receiver queue flow app"},
		// Who changes their mind about the class is not asked for the order.
		{Endpoint{Receiver: ChecksSender, Acks: AcksLast}, "owner receiver sender-org"},
	} {
		if got := ids(c.e.Checklist(InternalFix)); !strings.HasPrefix(got, c.want+" ") {
			t.Errorf("%q, %q: %s", c.e.Receiver, c.e.Acks, got)
		}
	}
}

// One sentence of advice in the wrong place sends an admin into a wall.
var neverAdvised = regexp.MustCompile(`(?i)grant_type=password|use (the )?username-password|call login\(\)|soap login\(\)`)

func TestEveryStepCanBeReadAndFollowed(t *testing.T) {
	for _, route := range Routes {
		steps, err := readChecklist(route)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, s := range steps {
			at := string(route) + " " + s.ID
			if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(s.ID) || seen[s.ID] {
				t.Errorf("%s: the id is repeated or no id", at)
			}
			seen[s.ID] = true
			if n := utf8.RuneCountInString(s.Title); n == 0 || n > 48 {
				t.Errorf("%s: a title of %d characters", at, n)
			}
			if n := len(regexp.MustCompile(`[.?!]"?(\s|$)`).FindAllString(s.Why, -1)); n < 2 || n > 4 {
				t.Errorf("%s: why has %d sentences", at, n)
			}
			if len(s.Do) < 2 || s.Done == "" {
				t.Errorf("%s: nothing to do, or no way to know that it is done", at)
			}
			for _, text := range append([]string{s.Title, s.Why, s.Done}, s.Do...) {
				if strings.TrimSpace(text) != text || text == "" || strings.Contains(text, "\n") {
					t.Errorf("%s: %q is empty or has stray white space", at, text)
				}
				if neverAdvised.MatchString(text) {
					t.Errorf("%s: advises what Salesforce retires: %q", at, text)
				}
			}
			for _, page := range s.Setup {
				if !strings.HasPrefix(page.Label, "Setup → ") || !regexp.MustCompile(`^/lightning/setup/[A-Za-z]+/home$`).MatchString(page.Path) {
					t.Errorf("%s: no Setup page: %+v", at, page)
				}
			}
			if s.Check != "" && !slices.Contains(CheckKinds, s.Check) {
				t.Errorf("%s: there is no check %q", at, s.Check)
			}
			for _, a := range s.Acks {
				if !slices.Contains(AckOrders, a) {
					t.Errorf("%s: there is no order %q", at, a)
				}
			}
			if s.Mail != "" && s.Mail != "first" {
				t.Errorf("%s: there is no mail %q", at, s.Mail)
			}
			for _, c := range s.Receivers {
				if !slices.Contains(Receivers, c) {
					t.Errorf("%s: there is no receiver class %q", at, c)
				}
			}
		}
		for _, c := range Receivers {
			list := Checklist(route, c)
			if len(list) == 0 || list[len(list)-1].ID != SignOff {
				t.Errorf("%q, %q does not end with a sign-off", route, c)
			}
		}
	}
}

func TestTheFirstMailBelongsToItsStep(t *testing.T) {
	for _, s := range Checklist(VendorContact, ReceiverUnknown) {
		if (s.Mail == "first") != (s.ID == "first-mail") {
			t.Errorf("step %s has mail %q", s.ID, s.Mail)
		}
	}
}

func TestAChecklistIsNotMadeAnew(t *testing.T) {
	Checklist(InternalFix, CallsBack)
	if n := testing.AllocsPerRun(100, func() { Checklist(InternalFix, CallsBack) }); n != 0 {
		t.Errorf("%v allocations a call", n)
	}
}

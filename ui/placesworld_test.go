package ui

import (
	"fmt"
	"strings"
	"testing/fstest"
	"time"

	"sidestep/email"
	"sidestep/salesforce"
	"sidestep/state"
	"sidestep/vendors"
)

// chased is a vendor over two months: written to, answered, late with what it
// promised, and reminded.
func chased() state.Migration {
	on := func(month time.Month, day int) state.Act {
		return state.Act{By: "Ann Admin", At: time.Date(2026, month, day, 9, 30, 0, 0, time.UTC)}
	}
	caseKey := "api.acmedesk.example/om/case"
	m := worked().NameVendor([]string{caseKey}, "Parcelwise", on(9, 7)).ChooseRoute(caseKey, state.VendorContact, on(9, 7))
	m = m.DescribeVendor(state.Vendor{Name: "Parcelwise", Language: "de", Ticket: "PW-4711", TicketLink: "https://support.parcelwise.example/cases/4711?view=customer", Contacts: []state.Person{
		{Contact: state.Contact{Name: "Support desk", Email: "support@parcelwise.example"}, Role: "support"},
		{Contact: state.Contact{Name: "Jo Berg", Email: "jo@parcelwise.example"}, Role: "account manager"},
	}}, on(9, 7))
	m = m.AskBy(vendorKey, time.Date(2026, 9, 21, 0, 0, 0, 0, time.UTC), on(9, 8))
	m = m.MailWritten(vendorKey, state.Draft{Kind: "first", Subject: "Session ids in outbound messages", To: "support@parcelwise.example"}, "copied", on(9, 8))
	m = m.MailSent(vendorKey, "first", time.Date(2026, 9, 8, 0, 0, 0, 0, time.UTC), on(9, 8))
	m = m.Answered("Parcelwise", state.Answer{From: "jo@parcelwise.example", Subject: "AW: Session ids in outbound messages", Promised: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Text: "Dear Ann,\n\nthank you for the list. Both receivers read the session id and call back with it. We are moving them to client credentials, and expect to be done by 1 November 2026.\nThe app will be in our next package, please approve it when it is there.\n\nBest wishes\nJo"}, on(9, 15))
	m = m.NoteVendor("Parcelwise", "Jo calls back on Mondays only", on(9, 16))
	m = m.MailWritten(vendorKey, state.Draft{Kind: "reminder", Subject: "Your repair of 1 November", To: "support@parcelwise.example"}, "opened in the mail program", on(11, 3))
	return m.MailSent(vendorKey, "reminder", time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC), on(11, 3)).Stand(vendorKey, act())
}

func atChased(w *world) { w.keep(chased()) }

func undecided(w *world) { w.keep(evidenced()) }

func triageOffered(w *world) {
	inDemo(w)
	f := liveFindings()
	f.Source.TellsUsers, f.Users = true, backupFindings().Users
	m, _ := state.New(northwind, act()).Merge(f, act())
	w.keep(m)
}

func inDemo(w *world) {
	w.demo = &fakeDemo{w: w, backup: "Northwind's source repository of 17 January 2026"}
}

// twoOrgs is a consultant's home: one vendor is silent since a mail of March, in
// another org nobody has written yet.
func twoOrgs(w *world) {
	w.keep(worked().MailWritten(vendorKey, state.Draft{Kind: "first", Subject: "Session ids"}, "copied", act()).
		MailSent(vendorKey, "first", today.AddDate(0, 0, -30), act()))
	other := worked()
	other.ID, other.Org.Name = "00D000000000009", "Tailspin Toys"
	w.keep(other)
}

// several is work with two vendors, of which one has no address yet, and with a
// colleague who runs two receivers. One endpoint is nobody's.
func several() state.Migration {
	own := []string{ordersKey, customersKey}
	m := worked().ChooseRoutes(own, state.InternalFix, act()).NameOwner(own, state.Contact{Name: "Bob Berg", Email: "bob@northwind.example"}, act())
	return m.NameVendor([]string{deskKey}, "Acme Desk", act()).ChooseRoute(deskKey, state.VendorContact, act())
}

func withSeveral(w *world) { w.keep(several()) }

// amongThree is the work of one of three orgs. In one of the others Parcelwise runs an
// endpoint too, in the other one Parcelwise and Acme Desk.
func amongThree(w *world) {
	desk := []string{deskKey}
	for id, other := range map[string]state.Migration{tailspin: worked(), umbra: worked().NameVendor(desk, "Acme Desk", act()).ChooseRoutes(desk, state.VendorContact, act())} {
		other.ID, other.Org.ID, other.Org.Name = id, id, map[string]string{tailspin: "Tailspin Toys", umbra: "Umbra"}[id]
		w.keep(other)
	}
	here := several().DescribeVendor(state.Vendor{Name: "Acme Desk", Contacts: []state.Person{{Contact: state.Contact{Name: "Support", Email: "support@acmedesk.example"}}}}, act())
	w.keep(here.Stand(vendorKey, act()))
}

// someSent has a first mail sent to the vendor.
func someSent(w *world) {
	w.keep(several().MailWritten(vendorKey, state.Draft{Kind: "first", Language: "en", Subject: "Session ids"}, "copied", act()).
		MailSent(vendorKey, "first", today.AddDate(0, 0, -30), act()))
}

// markedAndSearched marks the endpoints of a host, and one more that a search leaves.
func markedAndSearched(b *bench) {
	b.keys("enter", "g", "space", "/")
	b.text("parcel")
	b.keys("enter", "A", "up")
}

func damaged(w *world) {
	w.keep(worked())
	w.damaged = []Saved{{ID: "00D000000000002", Name: "Tailspin Toys", Trouble: "The saved file is damaged: unexpected end of file", Restorable: true}}
}

// theirAnswer is what a vendor answered: it names a day, and one with room.
const theirAnswer = "From: Ida Lund <ida@parcelwise.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\nSubject: Re: Session ids\r\n\r\n" +
	"Hello Ann,\r\n\r\nwe call back with the session id. Our release of 15 January 2027 uses OAuth\r\ninstead; the test system has it by early December.\r\n\r\nIda\r\n\r\n" +
	"On Mon, 16 Nov 2026 Ann Admin wrote:\r\n> Please answer by 30 November 2026.\r\n"

// answerAtHand is the vendor's endpoint, with an answer of the vendor's on disk.
func answerAtHand(w *world) {
	atVendor(w)
	w.answers = map[string]string{"answer.eml": theirAnswer, "none.txt": "We are looking into it.\n\nKind regards\n"}
}

func answerHeld(w *world) {
	answerAtHand(w)
	w.reading = make(chan struct{})
}

// takesIn reads an answer from its file.
func takesIn(path string) func(*bench) {
	return func(b *bench) {
		b.keys("enter", "m", "v")
		b.text(path)
		b.keys("enter")
	}
}

// ownFilesFail is a home with files of the admin's that can't be used.
func ownFilesFail(w *world) {
	atVendor(w)
	texts, problems := email.Load(fstest.MapFS{
		"en/first.txt": &fstest.MapFile{Data: []byte("Subject: Hello\n\n{{.Vendro}}\n")},
		"sv/first.txt": &fstest.MapFile{Data: []byte("Subject: Hej\n")},
	})
	w.texts = texts
	for _, p := range problems {
		w.unusable = append(w.unusable, fmt.Errorf("templates/%w", p))
	}
	_, entries := vendors.BuiltIn().With("vendors.yaml", strings.NewReader("- name: Parcelwise\n  hosts: [parcelwise]\n- hosts: [parcelwise.example]\n"))
	for _, e := range entries {
		w.unusable = append(w.unusable, e)
	}
}

func zipAtHand(w *world) {
	w.keep(worked())
	w.found = []string{"backups/", "backup.zip"}
	w.files["backup.zip"] = backupFindings()
}

func repositoryAtHand(w *world) {
	w.keep(worked())
	w.histories = map[string]salesforce.Findings{"crm": historyFindings()}
}

func searchHeld(w *world) {
	repositoryAtHand(w)
	w.reading = make(chan struct{})
}

// historyKnown is the vendor's endpoint, of which a repository tells.
func historyKnown(w *world) {
	m, _ := worked().Merge(historyFindings(), act())
	w.keep(m.Stand(vendorKey, act()))
}

func scanHeld(w *world)  { w.org.gate = make(chan struct{}) }
func scanFails(w *world) { w.org.findings, w.org.err = salesforce.Findings{}, errScan }
func scanPart(w *world)  { w.org.findings = incompleteFindings() }

var errScan = hintedError{"the org allows no more API calls today", "try again tomorrow"}

// signedIn goes from home through the sign-in at production.
func signedIn(b *bench) {
	b.keys("enter", "down", "enter", "enter")
	b.world.attempts[0].answer <- nil
	b.settle()
}

func signInRefused(b *bench) {
	b.keys("enter", "down", "enter", "enter")
	b.world.attempts[0].answer <- hintedError{"The org does not let this app in.", "Ask an admin to install it."}
	b.settle()
}

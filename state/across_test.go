package state

import (
	"testing"
	"time"
)

// elsewhere is the work of another org, in which the same vendor runs an endpoint.
func elsewhere(t *testing.T) (m Migration, key string) {
	t.Helper()
	m = New(Org{ID: "00D5g000002ZyXwEAK", Name: "Initech"}, by(0))
	found := scan(0, message("Case", "Send", "https://in.parcelwise.example/initech", flagged(false)))
	found.Source.ID, found.Source.OrgID = m.ID, m.ID
	m, _ = m.Merge(found, by(0))
	key = "in.parcelwise.example/initech"
	return m.ChooseRoute(key, VendorContact, by(1)).NameVendor([]string{key}, "parcelwise  GmbH", by(2)), key
}

// letterTo is a mail to a vendor as it leaves another migration.
func letterTo(vendor string, d Draft, how string) []Mailing {
	return []Mailing{{Addressee{Vendor: vendor, Endpoints: []string{"theirs.example/x"}}, d, how}}
}

func TestAMailOfAnotherMigrationIsRecordedHereToo(t *testing.T) {
	m, key := elsewhere(t)
	d := Draft{Kind: "first", Language: "de", To: "help@parcelwise.example", Subject: "Session ids", Body: "About both."}.AlsoAbout([]string{m.ID, "third"})
	written := m.MailsWrittenIn(northwind.ID, letterTo("Parcelwise GmbH", d, "copied"), by(3))
	v, _ := written.VendorNamed("Parcelwise GmbH")
	if len(v.Letters) != 1 || v.Letters[0].With != northwind.ID+",third" || len(v.Letters[0].Endpoints) != 1 || v.Letters[0].Endpoints[0] != key {
		t.Fatalf("the record has %+v", v.Letters)
	}
	if next, _ := written.Next("Parcelwise GmbH"); next.Action != SayItIsSent {
		t.Errorf("next is %q", next.Action)
	}
	sent := written.MailsSentIn(northwind.ID, letterTo("Parcelwise GmbH", d, ""), at(4), by(4))
	if v, _ = sent.VendorNamed("Parcelwise GmbH"); len(v.Letters) != 1 || v.Letters[0].SentAt.IsZero() {
		t.Errorf("the record has %+v", v.Letters)
	}
	if next, _ := sent.Next("Parcelwise GmbH"); next.Action != Remind {
		t.Errorf("next is %q", next.Action)
	}
	if sent.Endpoints[key].Ticks["first-mail"].State != Done {
		t.Errorf("the step is not settled: %+v", sent.Endpoints[key].Ticks)
	}
}

// TestAMailThatCouldNotBeRecordedIsWhenItWasSent: the other work was open elsewhere.
func TestAMailThatCouldNotBeRecordedIsWhenItWasSent(t *testing.T) {
	m, _ := elsewhere(t)
	old := m.MailsWrittenIn(northwind.ID, letterTo("Parcelwise GmbH", Draft{Kind: "first", Subject: "An older one"}.AlsoAbout([]string{m.ID}), "copied"), by(3))
	d := Draft{Kind: "first", Subject: "Session ids", How: "copied"}.AlsoAbout([]string{m.ID})
	sent := old.MailsSentIn(northwind.ID, letterTo("Parcelwise GmbH", d, ""), at(9), by(9))
	v, _ := sent.VendorNamed("Parcelwise GmbH")
	if len(v.Letters) != 2 || v.Letters[1].Subject != "Session ids" || v.Letters[1].SentAt.IsZero() || !v.Letters[0].SentAt.IsZero() {
		t.Errorf("the record has %+v", v.Letters)
	}
}

func TestWithoutAnEndpointOfTheVendorNothingIsRecorded(t *testing.T) {
	m := worked(t)
	d := Draft{Kind: "first", Subject: "Session ids"}.AlsoAbout([]string{m.ID})
	if got := m.MailsWrittenIn("other", letterTo("Parcelwise", d, "copied"), by(9)); got.Seq != m.Seq {
		t.Error("something was recorded as written")
	}
	if got := m.MailsSentIn("other", letterTo("Parcelwise", d, ""), time.Time{}, by(9)); got.Seq != m.Seq {
		t.Error("something was recorded as sent")
	}
}

// TestAMailThatIsNotAboutThisOneIsNotRecorded: of many that leave together each names
// the migrations that it is about.
func TestAMailThatIsNotAboutThisOneIsNotRecorded(t *testing.T) {
	m, _ := elsewhere(t)
	d := Draft{Kind: "first", Subject: "Session ids"}.AlsoAbout([]string{"third"})
	if got := m.MailsWrittenIn(northwind.ID, letterTo("Parcelwise GmbH", d, "copied"), by(9)); got.Seq != m.Seq {
		t.Error("it was recorded as written")
	}
	if got := m.MailsSentIn(northwind.ID, letterTo("Parcelwise GmbH", d, ""), at(9), by(9)); got.Seq != m.Seq {
		t.Error("it was recorded as sent")
	}
}

func TestFinishedEndpointsAreNotWrittenAbout(t *testing.T) {
	m, key := elsewhere(t)
	if open := m.OpenOf("Parcelwise GmbH"); len(open) != 1 || open[0].Key != key {
		t.Fatalf("open are %v", open)
	}
	if open := m.ChooseRoute(key, InternalFix, by(5)).OpenOf("Parcelwise GmbH"); len(open) != 0 {
		t.Errorf("one is repaired by the own company: %v", open)
	}
	for _, s := range Checklist(VendorContact, ReceiverUnknown) {
		m = m.MarkDone(key, s, by(6))
	}
	if open := m.OpenOf("Parcelwise GmbH"); len(open) != 0 {
		t.Errorf("finished is %v", open)
	}
}

func TestARecordTakesWhatAnotherOneHas(t *testing.T) {
	ida := Person{Contact: Contact{Name: "Ida", Email: "ida@parcelwise.example"}}
	here := Vendor{Name: "Parcelwise", Contacts: []Person{ida}, Language: "de", Ticket: "PW-1", Promised: at(1)}
	here.Notes = []Note{{Text: "They answer on Mondays."}}
	there := Vendor{Name: "parcelwise", Notes: []Note{{Text: "They answer on Mondays.", By: "Bo"}, {Text: "Ask for Ida."}}, Contacts: []Person{{Contact: Contact{Name: "I. Lund", Email: "IDA@parcelwise.example"}}, {Contact: Contact{Name: "Support"}, Role: "desk"}}, TicketLink: "https://t.example/2", Promised: at(9)}
	got := here.TakenFrom(there)
	if len(got.Contacts) != 2 || got.Contacts[0] != ida || got.Contacts[1].Name != "Support" || got.Language != "de" || got.Ticket != "" || got.TicketLink != "https://t.example/2" || !got.Promised.Equal(at(9)) || got.Name != "Parcelwise" {
		t.Errorf("taken is %+v", got)
	}
	if len(got.Notes) != 1 {
		t.Errorf("notes came with the rest: %+v", got.Notes)
	}
	got = got.WithNotesFrom(there)
	if len(got.Notes) != 2 || got.Notes[0].By != "" || got.Notes[1].Text != "Ask for Ida." {
		t.Errorf("notes are %+v", got.Notes)
	}
	if same := here.TakenFrom(Vendor{}); len(same.Contacts) != 1 || same.Ticket != "PW-1" || !same.Promised.Equal(at(1)) {
		t.Errorf("an empty record took something away: %+v", same)
	}
	m, key := elsewhere(t)
	m = m.Agreed(Vendor{Name: "Parcelwise GmbH", Contacts: []Person{ida}, Ticket: "PW-1", Promised: at(9), Notes: got.Notes}, by(9))
	if v, _ := m.VendorNamed("Parcelwise GmbH"); len(v.Notes) != 2 || v.Ticket != "PW-1" || !v.Promised.Equal(at(9)) || m.shared(m.Endpoints[key]).Owner.Name != "Ida" {
		t.Errorf("the record is %+v", v)
	}
}

package state

import (
	"reflect"
	"testing"
)

// throughAFile is a migration as it is read again.
func throughAFile(t *testing.T, m Migration) Migration {
	t.Helper()
	data, err := Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestAChangeElsewhereIsTakenBack(t *testing.T) {
	m, key := elsewhere(t)
	m = throughAFile(t, m)
	mails := letterTo("Parcelwise GmbH", Draft{Kind: "first", Subject: "Session ids"}.AlsoAbout([]string{m.ID}), "copied")
	written := m.MailsWrittenIn("other", mails, by(3))
	toWritten := m.ChangeTo(written)
	written = throughAFile(t, written)
	sent := written.MailsSentIn("other", mails, at(4), by(4))
	toSent := written.ChangeTo(sent)
	sent = throughAFile(t, sent)

	if got, ok := sent.TakeBack(toWritten, by(5)); ok || got.Seq != sent.Seq {
		t.Error("it was taken back, although the mail was recorded as sent since")
	}
	back, ok := sent.TakeBack(toSent, by(5))
	if v, _ := back.VendorNamed("Parcelwise GmbH"); !ok || len(v.Letters) != 1 || !v.Letters[0].SentAt.IsZero() || back.Endpoints[key].Ticks["first-mail"].State != ToDo {
		t.Fatalf("the day of sending is still there: %v %+v", ok, v.Letters)
	}
	back, ok = throughAFile(t, back).TakeBack(toWritten, by(6))
	if !ok || len(back.Vendors) != len(m.Vendors) || !reflect.DeepEqual(back.Endpoints, m.Endpoints) {
		t.Errorf("something is left: %v %+v", ok, back.Vendors)
	}
	if back.Seq <= sent.Seq {
		t.Error("what was taken back counts as older than what was there")
	}
}

// TestWhatWasDoneBesideAChangeStays: another endpoint was decided meanwhile.
func TestWhatWasDoneBesideAChangeStays(t *testing.T) {
	m, key := elsewhere(t)
	found := scan(0, message("Case", "Other", "https://erp.initech.example/in", flagged(false)))
	m, _ = m.Merge(found, by(1))
	mails := letterTo("Parcelwise GmbH", Draft{Kind: "first", Subject: "Session ids"}.AlsoAbout([]string{m.ID}), "copied")
	written := m.MailsWrittenIn("other", mails, by(3))
	change := m.ChangeTo(written)
	const beside = "erp.initech.example/in"
	decided := throughAFile(t, written.ChooseRoute(beside, InternalFix, by(4)))
	back, ok := decided.TakeBack(change, by(5))
	if v, _ := back.VendorNamed("Parcelwise GmbH"); !ok || len(v.Letters) != 0 {
		t.Errorf("the letter is still there: %v %+v", ok, v.Letters)
	}
	if back.Endpoints[beside].Route != InternalFix {
		t.Error("what was decided meanwhile is gone")
	}
	noted := decided.AddNote(key, "They called.", by(6))
	if _, ok := noted.TakeBack(change, by(7)); ok {
		t.Error("a note that was added to the endpoint meanwhile would be lost")
	}
}

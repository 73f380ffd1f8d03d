package ui

import (
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"sidestep/state"
)

// reread saves the draft at hand and reads its file with another parser.
func (b *bench) reread() (h netmail.Header, subject, body string) {
	b.t.Helper()
	clear(b.world.drafts)
	b.keys("d")
	b.sees("Recorded as written: saved as")
	for _, file := range b.world.drafts {
		m, err := netmail.ReadMessage(strings.NewReader(file))
		if err != nil {
			b.t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		if err != nil {
			b.t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			b.t.Fatal(err)
		}
		return m.Header, subject, string(text)
	}
	b.t.Fatal("nothing was saved")
	return nil, "", ""
}

// TestWhatIsPastedMakesNoHeader: not in the subject, not in a name, not in the
// recipient, which is refused with everything still there.
func TestWhatIsPastedMakesNoHeader(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 40)
		b.keys("o")
		b.fill("Parcelwise")
		b.keys("tab", "ctrl+e", "ctrl+u")
		b.paste("Ida\r\nBcc: evil@evil.example\r\n")
		b.keys("enter", "enter", "m", "e", "tab", "tab", "tab", "ctrl+e")
		b.paste(" hooks\r\nBcc: evil@evil.example\r\n\r\nall yours")
		b.keys("esc")
		h, subject, _ := b.reread()
		if h.Get("Bcc") != "" || len(h["Subject"]) != 1 || !strings.Contains(subject, "Bcc: evil@evil.example") {
			t.Errorf("headers %v", h)
		}
		if to, err := h.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "ida@parcelwise.example" {
			t.Errorf("To: %v, %v", to, err)
		}
	})
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.keys("e", "tab")
		b.fill("")
		b.paste("ida@parcelwise.example\r\nBcc: evil@evil.example")
		b.keys("esc")
		for _, way := range []string{"d", "o"} {
			b.keys(way)
			b.sees("not a mail address", "Hello Ida Lund,", "Bcc: evil@evil.example")
		}
		if len(b.world.drafts)+len(b.world.browser) > 0 || !b.draft().WrittenAt.IsZero() {
			t.Errorf("it left as %v, %q", b.world.drafts, b.world.browser)
		}
	})
}

const tenAddresses = "a@v.example, b@v.example, c@v.example, d@v.example, e@v.example, f@v.example, g@v.example, h@v.example, i@v.example, j@v.example"

// TestTenAddressesInOneFieldAreRefusedAndStay: the one to be written to is left to
// the admin, and nothing that was typed is lost.
func TestTenAddressesInOneFieldAreRefusedAndStay(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		b.resize(160, 40)
		b.keys("e", "tab")
		b.fill(tenAddresses)
		b.keys("esc")
		for _, way := range []string{"d", "o"} {
			b.keys(way)
			b.sees("recipient: not a mail address: write one address alone", "j@v.example")
		}
		if len(b.world.drafts)+len(b.world.browser) > 0 || b.draft().To != tenAddresses {
			t.Errorf("it left as %v, %q, kept as %q", b.world.drafts, b.world.browser, b.draft().To)
		}
	})
	play(t, func(t *testing.T) {
		b := onVendor(t, 160, 40)
		before := b.vendor().Owner
		b.keys("o", "tab", "tab")
		b.fill(tenAddresses)
		b.keys("enter")
		b.sees("Who runs this endpoint?", "not a mail address: write one address alone", "j@v.example")
		if b.vendor().Owner != before {
			t.Errorf("kept as %+v", b.vendor().Owner)
		}
	})
}

// TestRightToLeftNamesStandInTheMail as they are; signs that turn a line around are
// shown, and are no part of it.
func TestRightToLeftNamesStandInTheMail(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 40)
		b.keys("o", "tab")
		b.fill("דנה לוי")
		b.keys("enter", "enter", "m")
		b.sees("Hello דנה לוי,")
		fits(t, b)
		if _, _, body := b.reread(); !strings.HasPrefix(body, "Hello דנה לוי,") {
			t.Errorf("the mail begins %q", body[:40])
		}
	})
	play(t, func(t *testing.T) {
		b := onVendor(t, 100, 40)
		b.keys("o", "tab")
		b.fill("Ida \u202egnp.\u2066exe")
		b.keys("enter", "enter", "m")
		b.sees("Hello Ida <U+202E>gnp.<U+2066>exe,")
		isClean(t, b.frame())
		if _, _, body := b.reread(); !strings.HasPrefix(body, "Hello Ida <U+202E>gnp.<U+2066>exe,") {
			t.Errorf("the mail begins %q", body[:40])
		}
	})
}

// TestAMailOfAHostileColleagueLeavesWithoutControlCharacters, in whichever way: its
// address holds some, as do all names, the subject and the text.
func TestAMailOfAHostileColleagueLeavesWithoutControlCharacters(t *testing.T) {
	controls := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' })
	}
	play(t, func(t *testing.T) {
		m := hostileWork()
		key := m.Place
		m = m.KeepDraft(key, state.Draft{Kind: "first", Language: "en", To: "ida@parcelwise.example", Subject: evil("Subject"), Body: evil("Body\n"), Edited: true}, act())
		w := hostileWorld()
		w.keep(m)
		b := newBench(t, w, 100, 40)
		b.keys("enter", "m", "c", "o")
		h, subject, body := b.reread()
		for key, values := range h {
			if len(values) != 1 || controls(strings.Join(values, "")) {
				t.Errorf("header %s: %q", key, values)
			}
		}
		for _, text := range append(append([]string{subject, body}, w.clipboard...), w.browser...) {
			if text == "" || controls(text) {
				t.Errorf("it left as %q", text)
			}
		}
		if len(w.clipboard) == 0 || len(w.browser) != 1 || strings.Contains(strings.ToLower(w.browser[0]), "%0d%0abcc") || strings.Count(w.browser[0], "&") != 1 {
			t.Errorf("the link is %q", w.browser)
		}
	})
}

// TestAMailAboutALinkWithControlCharactersIsHarmless fills it in anew: the facts
// are those of the org.
func TestAMailAboutALinkWithControlCharactersIsHarmless(t *testing.T) {
	play(t, func(t *testing.T) {
		w := hostileWorld()
		w.keep(hostileWork())
		b := newBench(t, w, 100, 40)
		b.keys("enter", "m", "K", "down", "enter")
		b.sees("reminder, English")
		isClean(t, b.frame())
		d := b.top().(*mail).draft
		if d.Edited || strings.ContainsFunc(d.Subject+d.Body, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) && r != '\n' }) {
			t.Errorf("the draft reads %q %q", d.Subject, d.Body)
		}
		b.send(tea.PasteMsg{Content: hostile}) // nowhere to go
		isClean(t, b.frame())
	})
}

package ui

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// edits is the interface on a mail, with an editor that does something to its text.
func edits(t *testing.T, do func(text string) (string, error)) *bench {
	t.Helper()
	b := onMail(t)
	b.world.editor = do
	return b
}

func TestTheMailIsEditedInTheAdminsOwnEditor(t *testing.T) {
	play(t, func(t *testing.T) {
		var shown string
		b := edits(t, func(text string) (string, error) {
			shown = text
			text = strings.Replace(text, "Subject: ", "Cc: per@parcelwise.example\nSubject: A question: ", 1)
			return strings.ReplaceAll(strings.Replace(text, "Hello Ida Lund,", "Dear \x00Ida,", 1), "\n", "\r\n"), nil
		})
		before := b.top().(*mail).draft
		b.keys("E")
		if !strings.HasPrefix(shown, "To: ida@parcelwise.example\nSubject: "+before.Subject+"\n\nHello Ida Lund,\n") {
			t.Fatalf("the editor was shown %q", shown)
		}
		b.sees("The mail is as you saved it, without 1 control character.", "edited by you", "Dear Ida,", "Cc per@parcelwise.example", "A question: ")
		want := before
		want.Cc, want.Subject, want.Edited = "per@parcelwise.example", "A question: "+before.Subject, true
		want.Body = strings.TrimRight(strings.Replace(before.Body, "Hello Ida Lund,", "Dear Ida,", 1), "\n")
		if d := b.draft(); d != want || len(b.world.edited) != 0 {
			t.Fatalf("kept as %+v; files left: %v", d, b.world.edited)
		}
		h, subject, body := b.reread()
		if cc, err := h.AddressList("Cc"); err != nil || len(cc) != 1 || cc[0].Address != "per@parcelwise.example" || !strings.HasPrefix(subject, "A question") || !strings.HasPrefix(body, "Dear Ida,") {
			t.Fatalf("it left as %v %q %q", h, subject, body)
		}
		b.keys("u", "u")
		b.sees("Undone: mail text", "Hello Ida Lund,")
		if b.draft().Edited {
			t.Fatal("the edit is still saved")
		}
	})
}

func TestWhatWasNotChangedInTheEditorIsNoEdit(t *testing.T) {
	play(t, func(t *testing.T) {
		b := edits(t, func(text string) (string, error) { return "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n"), nil })
		b.keys("E")
		b.sees("Nothing was changed.", "code --wait")
		if d := b.draft(); d.Edited || d.Body != "" || len(b.root().s.undo) > 0 || len(b.world.edited) != 0 {
			t.Fatalf("kept as %+v; files left: %v", d, b.world.edited)
		}
	})
}

func TestAnEditorThatFailsLosesNothing(t *testing.T) {
	failed := hintedError{"the editor ed failed (exit status 1)", "set EDITOR"}
	for name, c := range map[string]struct {
		do   func(string) (string, error)
		sees []string
	}{
		"fails":      {func(text string) (string, error) { return text, failed }, []string{"The draft is as it was: the editor ed failed (exit status 1).", "hint: set EDITOR."}},
		"takes away": {func(string) (string, error) { return "", hintedError{"the editor took the file away", "save it"} }, []string{"the editor took the file away", "hint: save it."}},
		"empties":    {func(string) (string, error) { return " \n", nil }, []string{"the text came back empty", "hint: "}},
		"is not there": {func(text string) (string, error) { return "", errors.New("there is no editor") },
			[]string{"there is no editor"}},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(t *testing.T) {
				b := edits(t, c.do)
				before := b.top().(*mail).draft
				b.keys("E")
				b.sees(append(c.sees, "Hello Ida Lund,")...)
				if d := b.draft(); d.Edited || b.top().(*mail).draft != before || len(b.world.edited) != 0 {
					t.Fatalf("kept as %+v; files left: %v", d, b.world.edited)
				}
				b.lacks("E goes on")
				b.keys("down")
				b.lacks("The draft is as it was")
			})
		})
	}
	play(t, func(t *testing.T) {
		b := edits(t, nil)
		b.world.draftErr = errFull
		b.keys("E")
		b.sees("The draft is as it was: no space left on device", "Hello Ida Lund,")
	})
}

// TestATextThatIsRefusedIsNotLost: its file stays, and the editor goes on with it.
func TestATextThatIsRefusedIsNotLost(t *testing.T) {
	play(t, func(t *testing.T) {
		b := edits(t, func(text string) (string, error) {
			return strings.Replace(text, "To: ida", "To: per@parcelwise.example, ida", 1) + "\nmy own words", nil
		})
		b.keys("E")
		b.sees("The draft is as it was: To: not a mail address", "hint: others go in a line that begins with Cc:", "E goes on with your text. It is kept here: /tmp/sidestep-mail-0/mail.txt", "To ida@parcelwise.example")
		b.lacks("my own words")
		b.keys("down", "l", "down", "enter") // another language is another mail
		b.keys("l", "up", "enter")
		b.sees("E goes on with your text")
		fits(t, b)
		isClean(t, b.frame())
		b.world.editor = func(text string) (string, error) {
			if !strings.HasSuffix(text, "my own words") {
				t.Errorf("the editor is shown %q", text)
			}
			return strings.Replace(text, "per@parcelwise.example, ", "", 1), nil
		}
		b.keys("E")
		b.lacks("The draft is as it was")
		if d := b.draft(); !strings.HasSuffix(d.Body, "my own words") || d.To != "ida@parcelwise.example" || len(b.world.edited) != 0 {
			t.Fatalf("kept as %+v; files left: %v", d, b.world.edited)
		}
		b.world.editor = func(text string) (string, error) { return text + "\nthe rest", hintedError{"it crashed", "try again"} }
		b.keys("E")
		b.sees("it crashed", "E goes on with your text")
		if len(b.world.edited) != 1 || strings.Contains(b.draft().Body, "the rest") {
			t.Fatalf("files left: %v", b.world.edited)
		}
	})
}

// TestAnEditorsLateAnswerReachesNoOtherMail: the mail that it was about was left.
func TestAnEditorsLateAnswerReachesNoOtherMail(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onMail(t)
		first := b.top().(*mail)
		b.keys("esc", "m")
		b.send(editedMsg{from: first, draft: first.draft, path: "/tmp/x", saved: []byte("To:\nSubject: no\n\nno")})
		b.lacks("Subject  no")
		if b.draft().Edited {
			t.Fatal("it was kept")
		}
	})
}

func TestOthersOfTheVendorGetACopy(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onRecord(t, chased(), 100, 40)
		b.sees("jo@parcelwise.example> – account manager")
		b.keys("m")
		b.sees("escalation, Deutsch", "To jo@parcelwise.example", "Cc support@parcelwise.example, ida@parcelwise.example", "Guten Tag Jo Berg,")
		b.keys("K", "down", "down", "down", "enter")
		b.sees("joint test with the vendor, Deutsch", "To support@parcelwise.example", "Cc ida@parcelwise.example")
		b.keys("a")
		b.sees("Who gets a copy?", "› Nobody else", "Jo Berg", "jo@parcelwise.example, account manager")
		b.keys("down", "enter")
		b.sees("Cc ida@parcelwise.example, jo@parcelwise.example")
		if d := b.about().Drafts["test"]; d.Cc != "ida@parcelwise.example, jo@parcelwise.example" || !d.Edited {
			t.Fatalf("kept as %+v", d)
		}
		b.keys("a")
		b.sees("› Jo Berg")
		b.keys("up", "enter")
		b.lacks("jo@parcelwise.example")
		b.keys("u")
		b.sees("Cc ida@parcelwise.example, jo@parcelwise.example")
		b.keys("e", "tab", "tab")
		b.text(", eva@parcelwise.example")
		b.keys("esc")
		h, _, _ := b.reread()
		if cc, err := h.AddressList("Cc"); err != nil || len(cc) != 3 || cc[2].Address != "eva@parcelwise.example" {
			t.Fatalf("Cc: %v, %v", h["Cc"], err)
		}
		if l := b.about().Letters; l[len(l)-1].Cc != "ida@parcelwise.example, jo@parcelwise.example, eva@parcelwise.example" {
			t.Fatalf("recorded as %+v", l[len(l)-1])
		}
		b.keys("e", "tab", "tab")
		b.paste(" d@v.example\r\nBcc: evil@evil.example")
		b.keys("esc")
		for _, way := range []string{"d", "o"} {
			b.keys(way)
			b.sees("copy: not a mail address")
		}
		b.send(tea.WindowSizeMsg{Width: minWidth, Height: minHeight})
		b.size = size{minWidth, minHeight}
		fits(t, b)
	})
}

package ui

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"sidestep/salesforce"
	"sidestep/state"
)

// hostile is text that attacks whoever looks at it: it copies to the clipboard,
// sets the title, hides and blinks, links elsewhere, clears the screen, asks the
// terminal to type for it, rings, goes back, reorders, and grows upwards.
var hostile = "\x1b]52;c;cHduZWQ=\a" + "\x1b]0;pwned\a" + "\x1b[5;8m" + "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\" +
	"\x1b[2J\x1b[6n" + "\x1bP1$r\x1b\\" + "\u009b31m\u0090q\u009c" + "\x9b31m" + "\xff\xfe" + "\r\n\b\x7f\x00\a\v" +
	"\u202egnp.exe\u2066\u200b\u200d\ufeff\U000e0041" + "e" + strings.Repeat("\u0301", 60) + "👩\u200d👩\u200d👧" + "漢字" + "\x1b]unterminated"

// evil is hostile text that still begins like what it stands for.
func evil(s string) string { return s + hostile }

// hostileWorld is a world in which everything that somebody else wrote is
// hostile: orgs, files, servers, colleagues, and their errors.
func hostileWorld() *world {
	w := newWorld()
	w.who = evil("Ann")
	w.org.who = hostileOrg()
	w.org.findings = hostileFindings(liveFindings())
	w.found = []string{evil("backups/"), evil("backup.zip")}
	return w
}

func hostileOrg() state.Org {
	return state.Org{ID: northwind.ID, Name: evil("Northwind"), Username: evil("admin"), Instance: "http://localhost:1/" + hostile}
}

// hostileFindings is f as somebody wrote it who means harm.
func hostileFindings(f salesforce.Findings) salesforce.Findings {
	f.Source.Name = evil(f.Source.Name)
	for i := range f.Messages {
		m := &f.Messages[i]
		m.Label, m.FullName, m.Object = evil(m.Label), evil(m.FullName), evil(m.Object)
		m.IntegrationUser, m.Description, m.File = evil(m.IntegrationUser), hostile, hostile
		m.ID, m.Fields = evil(m.ID), []string{hostile, "Id"}
		m.EndpointURL += evil("?a=b&x")
	}
	f.Messages = append(f.Messages, msg("Lead", hostile, hostile, "https://xn--pple-43d.example/"+hostile, &yes), msg("Lead", "x"+hostile, hostile, hostile, &yes))
	for i := range f.Users {
		f.Users[i].Name, f.Users[i].When, f.Users[i].Message = evil(f.Users[i].Name), hostile, evil(f.Users[i].Message)
	}
	f.Problems = append(f.Problems, salesforce.Problem{Source: hostile, File: evil("Case"), Line: 3, Message: evil("not well-formed")})
	return f
}

// hostileWork is a saved migration of that org, with work by a hostile colleague
// on its first endpoint.
var hostileWork = sync.OnceValue(func() state.Migration {
	a := state.Act{By: evil("Ann"), At: act().At}
	m, _ := state.New(hostileOrg(), a).Merge(hostileFindings(liveFindings()), a)
	m, _ = m.Merge(hostileFindings(backupFindings()), a)
	key := m.Overview().Hosts[0].Endpoints[0].Key
	m = m.ChooseRoute(key, state.VendorContact, a).Assign(key, evil("Parcelwise"), state.Contact{Name: evil("Ida"), Email: evil("ida@")}, a)
	steps := state.Checklist(state.VendorContact, state.ReceiverUnknown)
	m = m.MarkDone(key, steps[0], a).Skip(key, steps[1], evil("reason"), a).AddNote(key, evil("note"), a)
	m = m.MailWritten(key, state.Draft{Kind: "first", Language: "en", To: evil("ida@"), Subject: evil("Subject"), Body: evil("Body\n"), Edited: true}, evil("copied"), a)
	m = m.DescribeVendor(state.Vendor{Name: evil("Parcelwise"), Language: evil("de"), Ticket: evil("4711"), TicketLink: evil("https://support.example/"), Contacts: []state.Person{
		{Contact: state.Contact{Name: evil("שירה"), Email: evil("ida@")}, Role: evil("תמיכה")}}}, a)
	m = m.NoteVendor(evil("Parcelwise"), evil("note"), a).Answered(evil("Parcelwise"), state.Answer{From: evil("jo@"), Subject: evil("AW"), Text: evil("We\n")}, a)
	for k := range m.Messages {
		m = m.State(state.Subject{Scope: state.OneMessage, Key: k}, state.Statement{Says: true, Reason: evil("said so"), Document: evil("manual.pdf")}, a)
		break
	}
	return m.Stand(key, a)
})

// poison makes what a place prepared hostile.
func (w *world) poison() {
	for id := range w.saved {
		m := hostileWork()
		if len(w.saved[id].Messages) == 0 {
			m = w.saved[id]
			m.Org = hostileOrg()
		}
		switch w.saved[id].Place {
		case "":
			m.Place = ""
		case ordersKey:
			m = m.ChooseRoute(m.Place, state.InternalFix, act()).ClassifyReceiver(m.Place, state.CallsBack, act())
			for _, step := range state.Checklist(state.InternalFix, state.CallsBack) {
				m = m.Reopen(m.Place, step, act())
			}
		}
		w.saved[id] = m
	}
	for i := range w.damaged {
		w.damaged[i].Name, w.damaged[i].Trouble, w.damaged[i].Detail = evil("Tailspin"), evil(w.damaged[i].Trouble), hostile
	}
	for path := range w.answers {
		w.answers[path] = strings.Replace(w.answers[path], "e ", evil("e "), 1) + hostile
	}
	for path, f := range w.files {
		w.files[path] = hostileFindings(f)
	}
	w.org.who, w.org.findings = hostileOrg(), hostileFindings(w.org.findings)
	if w.demo != nil {
		w.demo.backup = evil(w.demo.backup)
	}
	c := &w.checks.found.Check
	c.Summary, c.Details = evil(c.Summary), []string{evil("src/Receiver.java:42"), evil("")}
	w.checks.recipes = []Recipe{{evil("Go"), evil("REST"), evil("about"), evil("receiver.go"), evil("package main\n")}}
	w.found = []string{evil("backups/"), evil("backup.zip")}
	w.browserErr = errors.New(evil("no opener"))
	if w.readOnly != nil {
		w.readOnly = fmt.Errorf("%s%w", hostile, w.readOnly)
	}
	for i, err := range w.unusable {
		w.unusable[i] = fmt.Errorf("%s%w", hostile, err)
	}
	if w.kept != nil && len(w.kept.known) > 0 {
		w.kept.known[0].Name, w.kept.known[1].Username, w.kept.known[1].Host = evil("Northwind"), evil("pat"), evil("tailspin")
	}
	if w.cli != nil {
		w.cli.logins[0].Username, w.cli.logins[1].Alias, w.cli.logins[1].Instance = evil("ci"), evil("north"), evil("https://")
	}
	for _, err := range []*error{&w.saveErr, &w.org.err, &w.checks.err} {
		if *err != nil {
			*err = hintedError{evil((*err).Error()), evil("hint")}
		}
	}
}

// ours are the sequences that the interface draws with: colours and attributes,
// and the link of the sign-in.
var ours = regexp.MustCompile(`\x1b\[[0-9;:]*m|\x1b\]8;[^;\x00-\x1f\x7f]*;[^\x00-\x1f\x7f]*(\x1b\\|\a)`)

// foreign are the attributes that the interface never uses, blinking and hidden,
// and a link to elsewhere.
var foreign = regexp.MustCompile(`\x1b\[([0-9;]*;)?[58](;[0-9;]*)?m|evil\.example(\x1b\\|\a)`)

// isClean fails the test when a frame holds anything that controls a terminal
// and is not ours, or anything that cannot be seen.
func isClean(t *testing.T, frame string) {
	t.Helper()
	if s := foreign.FindString(colours.ReplaceAllString(frame, "")); s != "" {
		t.Errorf("the frame holds %q", s)
	}
	rest := ours.ReplaceAllString(frame, "")
	if !utf8.ValidString(rest) {
		t.Error("the frame is no valid UTF-8")
	}
	marks := 0
	for i, r := range rest {
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) || marks > 8 {
			t.Fatalf("the frame holds %U: %q", r, rest[max(0, i-30):min(len(rest), i+30)])
		}
	}
}

// colours are 256-colour and true-colour attributes, whose numbers are no
// attributes themselves.
var colours = regexp.MustCompile(`[34]8;(5;[0-9]+|2;[0-9]+;[0-9]+;[0-9]+)`)

// harmless are the places that show nothing that somebody else wrote.
var harmless = []string{"flow", "flow-proposed", "check-credentials", "check-running", "home-first", "home-demo", "signin-ways", "signin-app", "signin-app-key", "signin-host", "signin-domain", "signin-key", "signin-waiting", "signin-paste", "signin-failed", "signin-demo",
	"files-date", "files-history", "files-searching", "files-wrong", "receiver", "route", "know", "step", "help", "app-files", "app-wrong"}

func TestHostileTextNeverReachesTheTerminal(t *testing.T) {
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			play(t, func(t *testing.T) {
				prepare := p.world
				p.world = func(w *world) {
					if prepare == nil {
						prepare = func(w *world) { w.keep(worked()) }
					}
					prepare(w)
					w.poison()
				}
				b := p.open(t, hostileWorld(), 200, 60)
				for _, s := range append(sizes, size{200, 60}) {
					b.resize(s.w, s.h)
					isClean(t, b.frame())
					fits(t, b)
				}
				b.root().said = sayMsg{}
				if !strings.Contains(b.screen(), "<U+") && !strings.Contains(b.screen(), "cHduZWQ=") && !slices.Contains(harmless, p.name) {
					t.Errorf("nothing hostile is on screen:\n%s", b.screen())
				}
				b.keys("x") // with secrets
				isClean(t, b.frame())
				if title := b.model.View().WindowTitle; title != "Sidestep" {
					t.Errorf("the window's title is %q", title)
				}
			})
		})
	}
}

func TestHostileErrorsAreSaidHarmlessly(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onVendor(t, 80, 24)
		for _, msg := range []sayMsg{{text: hostile}, {text: hostile, bad: true}} {
			b.send(msg)
			isClean(t, b.frame())
			b.sees("<U+001B>")
		}
	})
	play(t, func(t *testing.T) {
		w := newWorld()
		b := newBench(t, w, 80, 24)
		b.keys("enter", "down", "enter", "enter")
		w.attempts[0].answer <- hintedError{evil("refused"), evil("hint")}
		b.settle()
		b.sees("refused<U+001B>", "hint<U+001B>")
		isClean(t, b.frame())
	})
	play(t, func(t *testing.T) {
		w := newWorld()
		w.fileErr = hintedError{evil("unreadable"), evil("hint")}
		b := newBench(t, w, 80, 24)
		b.keys("down", "enter")
		b.text("x.zip")
		b.keys("enter", "enter")
		b.sees("unreadable<U+001B>", "hint<U+001B>")
		isClean(t, b.frame())
	})
}

func TestHostileTextThatIsTypedOrPastedIsHarmless(t *testing.T) {
	for _, name := range []string{"signin-domain", "signin-key", "signin-paste", "board-search", "evidence-date", "files", "files-date", "owner", "note", "skip", "know-reason", "mail-editing", "mail-due", "vendor-contact", "vendor-ticket", "vendor-promise", "vendor-note", "answer", "answer-typed", "answer-day"} {
		t.Run(name, func(t *testing.T) {
			play(t, func(t *testing.T) {
				p := places[slices.IndexFunc(places, func(p place) bool { return p.name == name })]
				b := p.open(t, newWorld(), 80, 24)
				b.paste("a" + hostile + "b")
				isClean(t, b.frame())
				fits(t, b)
				b.text("\u202e\u200b\ufeff")
				isClean(t, b.frame())
				b.keys("enter")
				isClean(t, b.frame())
			})
		})
	}
}

package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

// rows are the rows on the board, by what they are.
func (b *bench) rows() []string {
	var out []string
	for _, r := range b.top().(*board).rows {
		out = append(out, r.id)
	}
	return out
}

// find puts the board's cursor on the first endpoint that fits a search.
func (b *bench) find(text string) {
	b.keys("/")
	b.text(text)
	b.keys("enter", "home", "down")
}

func TestTheBackupIsAddedWithAAndVerdictsChange(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waitingDemo(t)
		b.keys("enter")
		b.sees("? 7 unknown", "press a to add it", "can't tell which ones were affected")
		b.keys("a")
		b.sees("northwind-crm.zip is added: evidence for 6 of 7 messages now.", "● 5 sent", "✓ 1 not affected", "? 1 unknown")
		b.lacks("press a to add it")
		b.keys("u")
		b.resize(minWidth, minHeight)
		b.sees("Press a to add what can tell:")
		b.resize(100, 30)
		b.keys("a")
		b.keys("a") // offered once
		b.sees("● 5 sent")
		b.keys("u")
		b.sees("Undone: adding northwind-crm.zip", "? 7 unknown", "press a to add it")
	})
}

func TestTheBackupIsOfferedAgainAfterAResume(t *testing.T) {
	play(t, func(t *testing.T) {
		w := newWorld()
		inDemo(w)
		w.keep(scanned())
		b := newBench(t, w, 100, 30)
		b.keys("enter")
		b.sees("press a to add it")
		b.keys("a")
		b.sees("● 5 sent")
	})
}

func TestABackupThatCannotBeReadIsOfferedAgain(t *testing.T) {
	play(t, func(t *testing.T) {
		b := waitingDemo(t)
		b.world.demo.unreadable = hintedError{"the zip is cut off", "scan again"}
		b.keys("enter", "a")
		b.sees("the zip is cut off", "scan again", "? 7 unknown")
		b.world.demo.unreadable = nil
		b.keys("a")
		b.sees("● 5 sent")
	})
}

func TestHostsFoldAndEndpointsUnfold(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		b.under("/sf/orders") // what is dormant stands behind it
		b.keys("left")
		b.under("▾ integration.northwind.example")
		b.keys("left")
		b.under("▸ integration.northwind.example")
		b.lacks("/sf/customers", "/sf/orders")
		b.sees("2 endpoints, 3 messages", "/om/case")
		b.keys("right")
		b.sees("▾ integration.northwind.example", "/sf/customers")
		b.keys("enter")
		b.lacks("/sf/customers")
		b.keys("enter", "down", "right")
		b.sees("Order cancelled", "Send order to ERP", "dormant")
		b.keys("down", "left")
		b.under("/sf/orders")
		b.lacks("Send order to ERP")
	})
}

func TestTheFilterNarrowsTheBoardAndEscClearsIt(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		all := b.rows()
		for _, want := range []struct{ shows, first string }{
			{"still to do", "integration.northwind.example"}, {"affected", "integration.northwind.example"},
			{"unknown", "mailer.example"}, {"finished", "Nothing fits"},
		} {
			b.keys("f")
			b.sees("showing: "+want.shows, want.first)
		}
		b.lacks("mailer.example")
		b.keys("esc")
		b.lacks("showing:")
		if !slices.Equal(b.rows(), all) {
			t.Fatalf("rows after clearing: %q", b.rows())
		}
	})
}

func TestTheFilterForFinishedShowsFinishedEndpoints(t *testing.T) {
	play(t, func(t *testing.T) {
		m := worked()
		for _, s := range state.Checklist(state.VendorContact, state.CallsBack) {
			m = m.MarkDone(vendorKey, s, act())
		}
		b := onBoard(t, m, 100, 30)
		b.sees("1 of 6 endpoints finished", "9/9")
		b.keys("f", "f", "f", "f")
		if got := b.rows(); !slices.Equal(got, []string{"h:hooks.parcelwise.example", "e:" + vendorKey}) {
			t.Fatalf("finished: %q", got)
		}
		b.keys("f", "f")
		if slices.Contains(b.rows(), "e:"+vendorKey) {
			t.Fatalf("still to do: %q", b.rows())
		}
	})
}

func TestTheBoardIsSortedByWhatIsAskedFor(t *testing.T) {
	play(t, func(t *testing.T) {
		m := worked().AddNote(secretKey, "a change", state.Act{By: "Ann", At: today})
		b := onBoard(t, m, 100, 30)
		for _, want := range []struct{ by, host string }{
			{"name", "api.acmedesk.example"}, {"progress", "integration.northwind.example"}, {"last change", "mailer.example"},
		} {
			b.keys("t")
			b.sees("sorted by " + want.by)
			if got := b.rows()[0]; got != "h:"+want.host {
				t.Errorf("by %s the first row is %s", want.by, got)
			}
		}
		b.keys("t")
		b.lacks("sorted by")
	})
}

func TestTheCursorStaysOnItsRow(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		b.find("parcelwise")
		b.keys("/", "esc")
		for _, k := range []string{"t", "t", "t", "t", "f", "f"} {
			b.keys(k)
			b.under("/salesforce/shipments")
		}
		b.keys("esc")
		b.resize(60, 15)
		b.under("/salesforce/shipments")
	})
}

// TestASearchLeadsToWhatItFound: enter opens the first endpoint that fits. What was
// searched for is said before how far the work is.
func TestASearchLeadsToWhatItFound(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 80, 24)
		b.keys("G", "f", "t", "/")
		b.text("shipments")
		b.under("/salesforce/shipments")
		b.keys("enter")
		b.sees("showing: still to do · sorted by name · search: shipments")
		b.keys("enter")
		b.sees("hooks.parcelwise.example/salesforce/shipments", "‹Checklist")
	})
}

func TestTheSearchFindsHostMessageVendorAndOwner(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		for needle, want := range map[string]string{
			"PARCELWISE": vendorKey, "ida@": vendorKey, "book parcel": vendorKey, "Send_order": ordersKey, "om/case": "api.acmedesk.example/om/case",
		} {
			b.keys("/")
			b.sees("search")
			b.fill(needle)
			if !slices.Contains(b.rows(), "e:"+want) || len(b.rows()) != 2 {
				t.Errorf("%q finds %q", needle, b.rows())
			}
			b.keys("enter")
			b.sees("search: " + needle)
			b.keys("esc")
			b.lacks("search:")
		}
	})
}

func TestLettersAreTextWhileSearching(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, worked(), 100, 30)
		b.keys("/")
		b.text("qu?")
		if b.quit {
			t.Fatal("a q in the search quits")
		}
		b.sees("search qu?", "Nothing fits")
		b.keys("esc")
		b.sees("6 endpoints")
		b.sees("integration.northwind.example")
	})
}

func TestSecretsAreMaskedUntilX(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, evidenced(), 120, 40)
		ways := map[string]func(){
			"board":    func() { b.find("mailer") },
			"messages": func() { b.keys("right", "down") },
			"message":  func() { b.keys("enter") },
			"endpoint": func() { b.keys("esc", "up", "enter") },
			"mail":     func() { b.keys("m") },
		}
		for _, name := range []string{"board", "messages", "message", "endpoint", "mail"} {
			ways[name]()
			b.sees("mailer.example")
			b.lacks("S3CRET")
		}
		b.keys("esc", "x")
		b.sees("key=S3CRET")
		b.keys("x")
		b.lacks("S3CRET")
		b.keys("x", "m") // a mail never holds it
		b.lacks("S3CRET")
	})
}

func TestWhatTheBoardSaysOfAFlagThatCannotTell(t *testing.T) {
	play(t, func(t *testing.T) {
		b := onBoard(t, scanned(), 100, 30)
		b.sees("Since the cut-off the org answers “no session id” for every message, so it can't tell which ones were affected.",
			"? 7 unknown", "evidence 0/7", "0 of 6 endpoints finished")
		if n := strings.Count(b.screen(), "? unknown"); n != 6 {
			t.Fatalf("%d endpoints are shown as unknown:\n%s", n, b.screen())
		}
	})
}

func TestEveryVerdictHasAWordAndASign(t *testing.T) {
	for _, v := range []salesforce.Verdict{salesforce.Sends, salesforce.Sent, salesforce.Stated, salesforce.Unknown, salesforce.Gone, salesforce.NotAffected} {
		if sign(v) == "" || word(v) == "" || short(v) == "" || (sign(v) == "?") != (v == salesforce.Unknown) {
			t.Errorf("%s: sign %q, words %q and %q", v, sign(v), word(v), short(v))
		}
	}
}

func TestAgesAreWordedInFewCells(t *testing.T) {
	for d, want := range map[time.Duration]string{
		30 * time.Second: "now", -time.Hour: "now", 5 * time.Minute: "5m", 47 * time.Hour: "47h", 48 * time.Hour: "2d",
		300 * 24 * time.Hour: "300d", 1200 * 24 * time.Hour: "3y",
	} {
		if got := ago(today.Add(-d), today); got != want {
			t.Errorf("%v ago reads %q, want %q", d, got, want)
		}
	}
	if got := ago(time.Time{}, today); got != "" {
		t.Errorf("no time reads %q", got)
	}
}

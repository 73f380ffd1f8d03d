//go:build unix

package cli

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var usual = terminal{cols: 120, rows: 40}

// TestAnEndpointIsFinishedAcrossAKill goes the way of somebody who has never seen
// the program: signs in with the browser, begins with a vendor, loses the
// terminal half-way, finds everything where it was, and finishes an endpoint.
func TestAnEndpointIsFinishedAcrossAKill(t *testing.T) {
	home := t.TempDir()
	d := sit(t, home, usual, "demo")
	d.sees("Sign in to the demo org")
	d.types(keyEnter)
	d.signsIn()
	d.sees("18 messages on 12 endpoints", "? 17 unknown", "press a to add it", "something active", "only what is off", "nothing at all")
	d.types("a")
	d.saved("is added", "● 14 sent")
	d.leavesTriage()

	d.opens("v2/shipments")
	d.beginsWithTheVendor(home)
	d.signal(syscall.SIGKILL)
	d.ends()

	again := sit(t, home, usual, "demo")
	again.sees("Resume", "Northwind Traders")
	again.types(keyEnter)
	again.findsItsPlace()
	again.types(keyEsc)
	again.sees("0 of 12 endpoints finished", "SwiftFreight")
	again.opens("sf/quotes")
	again.finishes()
	again.types(keyEsc)
	again.saved("1 of 12 endpoints finished")
	again.types("q")
	if code := again.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
}

// signsIn follows the link on screen in a browser and clicks Log in.
func (d *desk) signsIn() {
	d.t.Helper()
	d.sees("No browser could be opened here", "The link:", "Time left")
	link := d.linkOnScreen()
	browser := &http.Client{Timeout: patience}
	resp, err := browser.Get(link)
	if err != nil {
		d.t.Fatal(err)
	}
	page, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		d.t.Fatal(err)
	}
	request := pageRequest.FindSubmatch(page)
	if request == nil {
		d.t.Fatalf("no form at %s:\n%s", link, page)
	}
	action, _, _ := strings.Cut(link, "?")
	resp, err = browser.PostForm(action, url.Values{"request": {string(request[1])}, "decision": {"login"}})
	if err != nil {
		d.t.Fatal(err)
	}
	page, err = io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		d.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || !strings.Contains(string(page), "signed in") || resp.Request.URL.RawQuery != "" {
		d.t.Fatalf("the browser ends at %s with %s:\n%s", resp.Request.URL, resp.Status, page)
	}
}

// linkOnScreen joins the lines of the link.
func (d *desk) linkOnScreen() string {
	d.t.Helper()
	_, below, _ := strings.Cut(d.screen(), "The link:")
	var link string
	for l := range strings.Lines(below) {
		text := strings.TrimSpace(l)
		if text == "" && link != "" {
			break
		}
		link += text
	}
	if u, err := url.Parse(link); err != nil || u.Scheme != "http" || u.Query().Get("state") == "" {
		d.t.Fatalf("the link on screen reads %q", link)
	}
	return link
}

// opens goes from the board to the endpoint that a search finds.
func (d *desk) opens(address string) {
	d.t.Helper()
	d.types("/" + address + keyEnter)
	d.sees("search: " + address)
	d.types("gj")
	d.under("/" + address[strings.LastIndex(address, "/")+1:])
	d.types(keyEnter)
	d.sees("‹Checklist 0/", address)
}

// beginsWithTheVendor chooses the route, says whom to talk to, writes the mail,
// and works on the steps.
func (d *desk) beginsWithTheVendor(home string) {
	d.t.Helper()
	d.types("r")
	d.under("Internal fix")
	d.types(keyDown)
	d.under("Vendor contact")
	d.types(keyEnter)
	d.sees("Route vendor contact", "Name the vendor and the contact")
	d.types("o")
	d.sees("Who runs this endpoint?")
	d.types("SwiftFreight" + keyTab + "Ida Lund" + keyTab + "ida@swiftfreight.example" + keyEnter)
	d.saved("Owner SwiftFreight · Ida Lund", "Checklist 1/", "[x] Name the vendor and the contact")
	d.types("m")
	d.sees("first mail to the vendor, English", "Hello Ida Lund")
	d.types("e")
	d.sees("stop editing")
	d.types("Dear Ida, ")
	d.sees("Dear Ida, Hello Ida Lund")
	d.types(keyEsc)
	d.sees("edited by you", "e edit")
	d.types("d")
	d.saved("Recorded as written: saved as")
	readDraft(d.t, home)
	d.types(keyEsc)
	d.sees("‹Checklist 1/")
	d.types(keyDown + " ")
	d.saved("Checklist 2/")
	d.types(keyDown + "s")
	d.sees("Skip “")
	d.types("they answered by phone" + keyEnter)
	d.saved("Checklist 3/", "skipped: they")
	d.types("n")
	d.sees("enter accept", "Note")
	d.types("Ida is back on Monday" + keyEnter)
	d.saved("s skip")
}

// readDraft reads the only mail draft with a second parser.
func readDraft(t *testing.T, home string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(home, "drafts", "*.eml"))
	if err != nil || len(files) != 1 {
		t.Fatalf("drafts: %q, %v", files, err)
	}
	f, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	m, err := netmail.ReadMessage(f)
	if err != nil {
		t.Fatal(err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != "ida@swiftfreight.example" {
		t.Errorf("To: %v, %v", to, err)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil || !strings.Contains(string(body), "Dear Ida, Hello Ida Lund") {
		t.Errorf("the draft reads (%v)\n%s", err, body)
	}
}

// findsItsPlace looks for everything that was there before the kill.
func (d *desk) findsItsPlace() {
	d.t.Helper()
	d.saved("‹Checklist 3/", "v2/shipments", "Route vendor contact", "Owner SwiftFreight · Ida Lund")
	screen := d.screen()
	if done, skipped := strings.Count(screen, "[x]"), strings.Count(screen, "[-]"); done != 2 || skipped != 1 {
		d.t.Errorf("%d steps are ticked and %d skipped:\n%s", done, skipped, screen)
	}
	d.under("Remind and escalate until it moves") // the next one to do
	d.types(keyTab + keyTab)
	d.sees("‹Notes and history", "note Ida is back on Monday", "mail written (saved as", "(they answered by phone)")
	d.types("m")
	d.sees("Dear Ida, Hello Ida Lund", "edited by you", "written ")
	d.types(keyEsc)
	d.sees("‹Notes and history")
}

var nothingDone = regexp.MustCompile(`‹Checklist 0/(\d+)›`)

// finishes goes through all steps of an endpoint of the own company.
func (d *desk) finishes() {
	d.t.Helper()
	d.types("r")
	d.under("Internal fix")
	d.types(keyEnter)
	d.sees("Route internal fix")
	of := nothingDone.FindStringSubmatch(d.screen())
	if of == nil {
		d.t.Fatalf("no progress on screen:\n%s", d.screen())
	}
	n, err := strconv.Atoi(of[1])
	if err != nil {
		d.t.Fatal(err)
	}
	for i := range n {
		d.types(" ")
		if i == n-1 {
			d.sees("On what evidence")
			d.types("\tBob confirmed it by mail" + keyEnter)
		}
		d.sees(fmt.Sprintf("‹Checklist %d/%d›", i+1, n))
		d.types(keyDown)
	}
	d.saved("Every step is settled: this endpoint is finished.")
}

// signsInAlone signs in to the demo org without a browser and adds the backup.
func (d *desk) signsInAlone() {
	d.t.Helper()
	d.sees("Sign in to the demo org")
	d.types(keyEnter)
	d.sees("approve as the demo admin", "Time left")
	d.types(keyEnter)
	d.saved("press a to add it")
	d.types("a")
	d.saved("is added")
	d.leavesTriage()
}

// leavesTriage goes from the first look at what fires the messages to the board.
func (d *desk) leavesTriage() {
	d.t.Helper()
	d.sees("fired by")
	d.types(keyEsc)
	d.sees("host, endpoint")
}

// ticksAStep ticks the first step of the first endpoint.
func (d *desk) ticksAStep() {
	d.t.Helper()
	d.types("gj" + keyEnter)
	d.sees("‹Checklist 0/")
	d.types("r")
	d.under("Internal fix")
	d.types(keyEnter)
	d.sees("Route internal fix")
	d.types(" ")
	d.saved("‹Checklist 1/")
}

func TestATerminalThatAnswersNothingStillShowsEverything(t *testing.T) {
	d := sit(t, t.TempDir(), terminal{cols: 100, rows: 30, silent: true}, "demo")
	d.under("Sign in to the demo org")
	d.types(keyDown)
	d.under("Open files")
	d.types("q")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
}

func TestAnIdleScreenWritesNothing(t *testing.T) {
	d := sit(t, t.TempDir(), usual, "demo")
	d.under("Sign in to the demo org")
	d.still(1500 * time.Millisecond)
	d.signsInAlone()
	d.types("j")
	d.still(1500 * time.Millisecond)
	d.types(keyEnter)
	d.sees("‹Checklist 0/")
	d.still(1500 * time.Millisecond)
}

func TestASecondInterfaceSaysWhoHoldsTheWork(t *testing.T) {
	home := t.TempDir()
	first := sit(t, home, usual, "demo")
	first.signsInAlone()
	second := sit(t, home, usual, "demo")
	second.sees("Northwind Traders")
	second.types(keyEnter)
	second.sees("This work is open in", strconv.Itoa(first.cmd.Process.Pid), "› Leave it")
	second.types(keyEnter)
	second.sees("Sign in to the demo org", "› Northwind Traders")
	first.types(keyEsc)
	first.sees("Resume")
	second.types(keyEnter)
	second.saved("19 messages on 12 endpoints")
	second.types("q")
	second.ends()
}

func TestADeadHolderIsReplacedAtOnce(t *testing.T) {
	home := t.TempDir()
	first := sit(t, home, usual, "demo")
	first.signsInAlone()
	first.signal(syscall.SIGKILL)
	first.ends()
	second := sit(t, home, usual, "demo")
	second.sees("Resume", "Northwind Traders")
	second.types(keyEnter)
	second.saved("19 messages on 12 endpoints")
}

func TestSignalsSaveAndRestoreTheTerminal(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		t.Run(s.String(), func(t *testing.T) {
			home := t.TempDir()
			d := sit(t, home, usual, "demo")
			d.signsInAlone()
			d.ticksAStep()
			d.signal(s)
			code := d.ends()
			d.isRestored()
			if code < 0 || strings.Contains(d.wrote(), "panic") {
				t.Errorf("it ends with %d:\n%s", code, d.screen())
			}
			d.isThereAgain(home)
		})
	}
}

// isRestored looks whether the terminal is as it was: the other screen left, the
// cursor shown, typing echoed.
func (d *desk) isRestored() {
	d.t.Helper()
	out := d.wrote()
	for on, off := range map[string]string{"\x1b[?1049h": "\x1b[?1049l", "\x1b[?25l": "\x1b[?25h", "\x1b[?2004h": "\x1b[?2004l"} {
		if strings.LastIndex(out, off) < strings.LastIndex(out, on) {
			d.t.Errorf("%q is not undone by %q", on, off)
		}
	}
	if now := d.mode(); now != d.before {
		d.t.Errorf("the terminal's mode is %v, and was %v", now, d.before)
	}
}

// isThereAgain starts once more and looks for the tick.
func (d *desk) isThereAgain(home string) {
	d.t.Helper()
	again := sit(d.t, home, usual, "demo")
	again.sees("Resume", "Northwind Traders")
	again.types(keyEnter)
	again.saved("‹Checklist 1/", "[x]")
	again.types("q")
	again.ends()
}

func TestATerminalThatGoesAwayLosesNothing(t *testing.T) {
	home := t.TempDir()
	d := sit(t, home, usual, "demo")
	d.signsInAlone()
	d.ticksAStep()
	if err := d.tty.Close(); err != nil {
		t.Fatal(err)
	}
	d.ends()
	d.isThereAgain(home)
}

func TestATinyWindowSaysWhatItNeeds(t *testing.T) {
	d := sit(t, t.TempDir(), terminal{cols: 10, rows: 3}, "demo")
	d.sees("This", "window")
	d.resizes(50, 10)
	d.sees("This window is 50×10. Sidestep needs 40×12")
	d.resizes(100, 30)
	d.under("Sign in to the demo org")
	d.resizes(10, 3)
	d.sees("This", "window")
	d.types("\x03")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	d.isRestored()
}

func TestWithoutColourTheInterfaceSaysTheSame(t *testing.T) {
	d := sit(t, t.TempDir(), terminal{cols: 100, rows: 30, env: []string{"NO_COLOR=1"}}, "demo")
	d.under("Sign in to the demo org")
	d.types("q")
	d.ends()
	if found := regexp.MustCompile(`\x1b\[[0-9;]*\b[34][0-8](;[0-9]+)*m`).FindString(d.wrote()); found != "" {
		t.Errorf("with NO_COLOR it writes %q", found)
	}
}

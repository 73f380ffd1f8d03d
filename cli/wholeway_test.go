//go:build unix

package cli

import (
	"bufio"
	"errors"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"sidestep/salesforce/demoorg"
)

// TestAReceiverIsFoundFixedProvedAndSignedOff goes through the whole checklist of an
// endpoint, in the interface: a receiver written by hand that fails without a session
// id is found by its code, fixed by a recipe, proved, seen in the org, caught up and
// signed off. testdata/fix.txtar goes the same way with commands.
func TestAReceiverIsFoundFixedProvedAndSignedOff(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not installed")
	}
	home := t.TempDir()
	broken := brokenReceiver(t)
	d := sit(t, home, usual, "demo")
	d.sees("Sign in to the demo org")
	d.types(keyEnter)
	d.sees("The link:")
	org := addressOf(t, d.linkOnScreen())
	d.signsIn()
	d.saved("press a to add it")
	d.types("a")
	d.saved("is added", "● 14 sent")
	d.leavesTriage()
	d.opens("sf/orders")
	d.types("r")
	d.under("Internal fix")
	d.types(keyEnter)
	d.sees("Route internal fix")

	d.types("o")
	d.sees("Who runs this endpoint?")
	d.types("Integration" + keyTab + "Kim Berg" + keyTab + "kim@northwind.example" + keyEnter)
	d.saved("Kim Berg")
	d.types(" ")
	d.saved("‹Checklist 1/")

	d.findsWhatItDoes(broken)
	d.makesTheApp(home)
	fixed := d.takesARecipe(home)
	d.provesTheCredentials()
	d.nextIs("Rehearse with an empty session id")
	d.rehearses(startPython(t, filepath.Join(broken, "receiver.py")).port, "/sf")
	d.sees("HTTP 500", "code that trips over the missing", "This proves nothing yet")
	d.types(keyEsc)
	d.sees("‹Checklist 7/")
	secret := "/sf/8f2c41d07e"
	receiver := startPython(t, fixed, "SF_DOMAIN="+org, "SF_ORG_ID=00D5g000001NwTrEAK", "SF_CLIENT_ID="+demoorg.HubKey, "SF_CLIENT_SECRET="+demoorg.HubSecret,
		"HOOK_PATH="+secret, "STORE="+t.TempDir())
	d.rehearses(receiver.port, secret)
	d.sees("Ack is true.", "This proves that the message is taken")
	receiver.worksOff(t)
	d.types(keyEsc)
	d.saved("‹Checklist 8/")
	d.signsOff()

	// It is all still there on another day.
	d.types("q")
	if code := d.ends(); code != fine {
		t.Errorf("exit code %d", code)
	}
	again := sit(t, home, usual, "demo")
	again.sees("Resume", "Northwind Traders")
	again.types(keyEnter)
	again.saved("Every step is settled: this endpoint is finished.")
	again.types(keyTab + keyTab)
	again.until("the sign-off with its evidence", func(screen string) bool {
		text := strings.Join(strings.Fields(screen), " ")
		return strings.Contains(text, "signed off by") && strings.Contains(text, "Kim saw the orders arrive") && strings.Contains(text, "HTTP 500")
	})
}

// brokenReceiver is the folder of the receiver that testdata/fix.txtar breaks with.
func brokenReceiver(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/fix.txtar")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, f := range archive.Files {
		if f.Name == "broken/receiver.py" {
			if err := os.WriteFile(filepath.Join(folder, "receiver.py"), f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			return folder
		}
	}
	t.Fatal("there is no receiver in testdata/fix.txtar")
	return ""
}

// addressOf is the org that a link leads to.
func addressOf(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u.Scheme + "://" + u.Host
}

// python is a receiver that runs.
type python struct {
	cmd  *exec.Cmd
	port string
	said *bufio.Scanner
}

// startPython starts a receiver and waits until it listens.
func startPython(t *testing.T, path string, env ...string) python {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err = errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "python3", path)
	cmd.Env = append(append(os.Environ(), "PORT="+port), env...)
	words, err := cmd.StderrPipe()
	if err = errors.Join(err, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for end := time.Now().Add(patience); ; {
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			_ = c.Close()
			return python{cmd, port, bufio.NewScanner(words)}
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not listen: %v", path, err)
		}
	}
}

// worksOff waits until the receiver has called the org for a message.
func (p python) worksOff(t *testing.T) {
	t.Helper()
	defer time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() }).Stop()
	for p.said.Scan() {
		if strings.HasSuffix(p.said.Text(), " done") {
			return
		}
		t.Log(p.said.Text())
	}
	t.Fatal("the receiver never calls the org")
}

// findsWhatItDoes lets the receiver's code be read, and records what it says.
func (d *desk) findsWhatItDoes(source string) {
	d.t.Helper()
	d.nextIs("Find out what it does with the session id")
	d.types("v")
	d.sees("Where is the receiver's source?")
	d.types(source + keyEnter)
	d.sees("it puts the message's session id into a call to Salesforce", "receiver.py", "enter records “calls back")
	d.types(keyEnter)
	d.saved("‹Checklist 2/", "Receiver calls back before it acknowledges")
	d.nextIs("Keep the queue from dropping messages") // it calls back first
	d.types(" ")
	d.saved("‹Checklist 3/")
}

// makesTheApp answers the three questions, and writes the files of the app.
func (d *desk) makesTheApp(home string) {
	d.t.Helper()
	d.nextIs("Choose the OAuth flow")
	d.types("v")
	d.sees("Do other companies connect")
	d.types(keyEnter)
	d.sees("forbid a secret")
	d.types(keyEnter)
	d.sees("The client credentials flow")
	d.types(keyEnter)
	d.saved("‹Checklist 4/")
	d.nextIs("Create the app and its user")
	d.types("v")
	d.sees("The receiver's app")
	d.types(keyTab + keyTab + demoorg.HubUser + keyEnter + keyEnter)
	d.sees("package.xml", "No secret is inside")
	d.types("d")
	d.sees("Written: ")
	if files, err := filepath.Glob(filepath.Join(home, "drafts", "receivers", "integration_northwind_example", "*", "*")); err != nil || len(files) != 5 {
		d.t.Errorf("the app's files: %q, %v", files, err)
	}
	d.types(keyEsc)
	d.sees("‹Checklist")
	d.types(" ")
	d.saved("‹Checklist 5/")
}

// takesARecipe writes the receiver in Python, and looks whether the session id is
// out of it.
func (d *desk) takesARecipe(home string) (path string) {
	d.t.Helper()
	d.nextIs("Change the receiver's code")
	d.types("v")
	d.sees("Go · REST")
	for range 8 {
		d.types(keyTab)
	}
	d.sees("Python · REST")
	d.types("d")
	d.sees("Written: ")
	d.types(keyEsc)
	d.sees("‹Checklist")
	d.types(" ")
	d.saved("‹Checklist 6/")
	path = filepath.Join(home, "drafts", "receivers", "receiver.py")
	bin, err := built()
	if err != nil {
		d.t.Fatal(err)
	}
	out, err := exec.Command(bin, "check", "code", path).Output()
	if err != nil || !strings.Contains(string(out), "never reads the session id") {
		d.t.Errorf("check code of the recipe: %v\n%s", err, out)
	}
	return path
}

// provesTheCredentials has a token fetched and tried.
func (d *desk) provesTheCredentials() {
	d.t.Helper()
	d.nextIs("Prove that a token comes back")
	d.types("v")
	d.sees("The receiver's new credentials")
	d.types(keyTab + demoorg.HubKey + keyTab + demoorg.HubSecret + keyEnter)
	d.sees("The credentials work: they give a token of " + demoorg.HubUser)
	d.types(keyEsc)
	d.saved("‹Checklist 7/")
}

// rehearses sends one message without session id to a receiver on this computer.
func (d *desk) rehearses(port, path string) {
	d.t.Helper()
	d.types("v")
	d.sees("Where does the test message go?")
	d.types(keyDown + keyEnter)
	d.sees("The address of the test instance")
	d.types("http://127.0.0.1:" + port + path + keyEnter)
	d.sees("Send a test message?")
	d.types(keyDown + keyEnter)
	d.sees("send it all the same") // the address is a private one
	d.types(keyEnter)
}

// signsOff goes the rest of the way, when the receiver works.
func (d *desk) signsOff() {
	d.t.Helper()
	d.nextIs("Deploy the change")
	d.types(" ")
	d.saved("‹Checklist 9/")
	d.nextIs("See the OAuth login in the org")
	d.types("v")
	d.sees("Whose logins?")
	d.types(demoorg.HubUser + keyEnter + keyEnter)
	d.sees("signed in by OAuth twice", "by Integration Hub from 127.0.0.1") // for the proof, and by itself
	d.types(keyEsc)
	d.saved("‹Checklist 10/")
	d.nextIs("Catch up the data lost")
	d.types("v")
	d.sees("Which records changed?")
	d.types(keyEnter + keyEnter)
	d.sees("records were changed since 23 February", "SELECT")
	d.types(keyEsc)
	d.sees("‹Checklist 10/") // how many there are is no proof that they were sent again
	d.types(" ")
	d.saved("‹Checklist 11/")
	d.nextIs("Sign off")
	d.types(" ")
	d.sees("On what evidence")
	d.types(keyTab + "; Kim saw the orders arrive" + keyEnter)
	d.saved("‹Checklist 12/12›", "Every step is settled: this endpoint is finished.")
}

// nextIs goes down to the next step.
func (d *desk) nextIs(title string) {
	d.t.Helper()
	d.types(keyDown)
	d.under(title)
}

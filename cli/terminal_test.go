//go:build unix

package cli

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/xpty"

	"sidestep/salesforce/demoorg"
)

// inTerminal starts sidestep with a terminal around it.
func inTerminal(t *testing.T, env []string, args ...string) (xpty.Pty, *exec.Cmd) {
	t.Helper()
	pty, err := xpty.NewPty(300, 24) // wide: links stay on one line
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	// A screen that stays silent for so long will say no more.
	stuck := time.AfterFunc(time.Minute, func() { _ = pty.Close() })
	t.Cleanup(func() { stuck.Stop(); _ = pty.Close() })
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), bin, args...)
	cmd.Env = append(os.Environ(), append(env, "SIDESTEP_HOME="+filepath.Join(t.TempDir(), "home"))...)
	if err := pty.Start(cmd); err != nil {
		t.Fatal(err)
	}
	return pty, cmd
}

// leave waits for the end and returns the exit code.
func leave(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	err := xpty.WaitProcess(t.Context(), cmd)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// over lets whoever reads a terminal come to its end, once the program in it has
// ended: closing it at once would take what was written last.
func over(t *testing.T, tty xpty.Pty) {
	t.Helper()
	unix, ok := tty.(*xpty.UnixPty)
	if !ok {
		t.Fatalf("%T is no Unix terminal", tty)
	}
	_ = unix.Slave().Close()
}

// A terminal that can't place the cursor counts as none.
func TestDumbTerminalGetsNoInterface(t *testing.T) {
	pty, cmd := inTerminal(t, []string{"TERM=dumb"})
	said := make(chan string)
	go func() {
		text, _ := io.ReadAll(pty) // the end of a terminal is an error
		said <- string(text)
	}()
	if code := leave(t, cmd); code != wrongUse {
		t.Errorf("exit code %d", code)
	}
	over(t, pty)
	text := <-said
	if !strings.Contains(text, "the interface needs a terminal") || strings.Contains(text, "\x1b") {
		t.Errorf("it says %q", text)
	}
}

// screen is what a terminal shows, line by line.
type screen struct {
	t     *testing.T
	lines *bufio.Reader
	shown strings.Builder
}

// until reads on to a line that holds mark.
func (s *screen) until(mark string) string {
	s.t.Helper()
	for {
		line, err := s.lines.ReadString('\n')
		s.shown.WriteString(line)
		if err != nil {
			s.t.Fatalf("%q never came; on screen:\n%s", mark, s.shown.String())
		}
		if strings.Contains(line, mark) {
			return strings.TrimSpace(line)
		}
	}
}

// typed types a line.
func typed(t *testing.T, pty xpty.Pty, line string) {
	t.Helper()
	if _, err := io.WriteString(pty, line+"\r"); err != nil {
		t.Fatal(err)
	}
}

// Row "no browser here": whose browser runs elsewhere pastes the address that it ended on. The wrong
// one is refused and the wait goes on; neither is shown.
func TestPastedAddressSignsIn(t *testing.T) {
	org, err := demoorg.Start(t.Context(), demoorg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// The port is taken, here or elsewhere: the browser can't come back to it.
	if l, err := net.Listen("tcp", "127.0.0.1:37171"); err == nil {
		defer func() { _ = l.Close() }()
	}
	pty, cmd := inTerminal(t, []string{"TERM=xterm", "SIDESTEP_CALLBACK_PORT=37171"}, "login", "--no-browser", "--store", "file", "--host", org.URL())
	s := &screen{t: t, lines: bufio.NewReader(pty)}
	link := s.until("/services/oauth2/authorize?")
	s.until("paste the address")
	answer := clickLogIn(t, link)
	for _, wrong := range [][2]string{
		{"state=", "state=x"}, {"state=", "stat="}, {"localhost:", "localhost.evil.example:"}, {"37171", "37172"},
		{"http:", "ftp:"}, {"/OauthRedirect", "/OauthRedirect/more"}, {"state=", "iss=https%3A%2F%2Fevil.test&state="}, {"state=", "code=other&state="},
	} {
		typed(t, pty, strings.Replace(answer, wrong[0], wrong[1], 1))
		s.until("That is not the answer")
	}
	typed(t, pty, answer)
	s.until("Signed in to Northwind Traders")
	s.until("sidestep scan --org")
	if code := leave(t, cmd); code != fine {
		t.Errorf("exit code %d", code)
	}
	_, code, _ := strings.Cut(answer, "code=")
	if len(code) < 20 || strings.Contains(s.shown.String(), code[:12]) { // as it was typed, so escapes are as they were
		t.Errorf("the code is on the screen:\n%s", s.shown.String())
	}
}

// The browser came back while a pasted address could still be typed: nobody may
// be left with a terminal that shows nothing.
func TestTypingIsShownAfterTheSignIn(t *testing.T) {
	org, err := demoorg.Start(t.Context(), demoorg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pty, cmd := inTerminal(t, []string{"TERM=xterm"}, "login", "--no-browser", "--store", "file", "--host", org.URL())
	s := &screen{t: t, lines: bufio.NewReader(pty)}
	link := s.until("/services/oauth2/authorize?")
	s.until("paste the address")
	if err := org.Approve(t.Context(), link); err != nil {
		t.Fatal(err)
	}
	s.until("sidestep scan --org")
	if code := leave(t, cmd); code != fine {
		t.Errorf("exit code %d", code)
	}
	typed(t, pty, "can you see me")
	s.until("can you see me")
}

// The same after a secret that was typed.
func TestTypingIsShownAfterASecret(t *testing.T) {
	pty, cmd := inTerminal(t, []string{"TERM=xterm", "SIDESTEP_CLIENT_SECRET="}, "check", "oauth", "--host", "http://127.0.0.1:1", "--client-id", "x")
	s := &screen{t: t, lines: bufio.NewReader(pty)}
	if first, err := s.lines.ReadString(':'); err != nil || !strings.Contains(first, "Consumer secret") {
		t.Fatalf("%q, %v", first, err)
	}
	typed(t, pty, "very-secret")
	s.until("could not be reached")
	if code := leave(t, cmd); code != failed {
		t.Errorf("exit code %d", code)
	}
	typed(t, pty, "can you see me")
	s.until("can you see me")
	if strings.Contains(s.shown.String(), "very-secret") {
		t.Errorf("the secret is shown:\n%s", s.shown.String())
	}
}

var pageRequest = regexp.MustCompile(`name="request" value="([^"]+)"`)

// clickLogIn plays a browser on another computer: it ends on an address that
// does not answer, and that is what it returns.
func clickLogIn(t *testing.T, link string) string {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatal(err)
	}
	request := pageRequest.FindSubmatch(page)
	if request == nil {
		t.Fatalf("no form on the page:\n%s", page)
	}
	action, _, _ := strings.Cut(link, "?")
	resp, err = browser.PostForm(action, url.Values{"request": {string(request[1])}, "decision": {"login"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.Header.Get("Location")
}

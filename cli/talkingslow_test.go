//go:build unix

package cli

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// Threats "unrest" and "bad line": the program waits for a busy org as long as that
// asks, within reason, and gives up on one that is silent or drips. All of them
// wait at the same time, which is half a minute.
func TestWaits(t *testing.T) {
	t.Parallel()
	waiting := map[string]func(*testing.T){}
	for name, c := range retryAfters {
		waiting["Retry-After "+name] = c.begin(t)
	}
	for name, c := range slowLines {
		waiting[name] = c.begin(t)
	}
	for name, end := range waiting {
		t.Run(name, end)
	}
}

// retryAfter is what an org says in Retry-After, and the least that the program
// has to wait then. That a pause is not too long is shown in salesforce/org, with
// a clock of the test's own; here nobody waits for a day.
type retryAfter struct {
	says  func() string
	least time.Duration
}

var retryAfters = map[string]retryAfter{
	"2":       {func() string { return "2" }, 2 * time.Second},
	"a date":  {func() string { return time.Now().Add(4 * time.Second).UTC().Format(http.TimeFormat) }, 2 * time.Second},
	"-1":      {func() string { return "-1" }, 0},
	"86400":   {func() string { return "86400" }, 20 * time.Second},
	"a past":  {func() string { return "Mon, 23 Feb 2026 00:00:00 GMT" }, 0},
	"junk":    {func() string { return "\u202esoon" }, 0},
	"endless": {func() string { return strings.Repeat("9", 40) }, 0},
}

func (c retryAfter) begin(t *testing.T) (end func(*testing.T)) {
	org := startAPIOrg(t, 2)
	var mu sync.Mutex
	var asked []time.Time
	const messages = "<met:listMetadata><met:queries><met:type>WorkflowOutboundMessage<"
	busy := first(1, messages, func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", c.says())
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	org.hook = func(w http.ResponseWriter, r *http.Request, body string) bool {
		if strings.Contains(body, messages) {
			mu.Lock()
			asked = append(asked, time.Now())
			mu.Unlock()
		}
		return busy(w, r, body)
	}
	cmd, s := org.command(t, nil)
	wait := s.begin(t, cmd)
	return func(t *testing.T) {
		wait(t).whole(t, 2)
		mu.Lock()
		defer mu.Unlock()
		if len(asked) != 2 || asked[1].Sub(asked[0]) < c.least {
			t.Errorf("asked at %v", asked)
		}
	}
}

// slowLine is an org that answers one of three questions like this. The limit of
// two minutes is cut short in the hurried program.
type slowLine struct {
	hurried bool
	answer  func(w http.ResponseWriter, r *http.Request)
	says    string
}

var slowLines = map[string]slowLine{
	"silence in the middle": {false, func(w http.ResponseWriter, r *http.Request) {
		begun(w, "<soapenv:Envelope ")
		<-r.Context().Done()
	}, "the org stopped answering for 30 seconds"},
	"silence from the start": {false, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "the org stopped answering for 30 seconds"},
	"a byte a second": {true, func(w http.ResponseWriter, r *http.Request) {
		begun(w, "<soapenv:Envelope ")
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				begun(w, " ")
			case <-r.Context().Done():
				return
			}
		}
	}, "the org's answer took longer than 2 minutes"},
}

func begun(w http.ResponseWriter, text string) {
	_, _ = io.WriteString(w, text)
	w.(http.Flusher).Flush()
}

func (c slowLine) begin(t *testing.T) (end func(*testing.T)) {
	org := startAPIOrg(t, 25)
	noZip := on("<met:retrieve>", refusing("FUNCTIONALITY_NOT_ENABLED"))
	org.hook = func(w http.ResponseWriter, r *http.Request, body string) bool {
		if strings.Contains(body, "Message_0010<") {
			c.answer(w, r)
			return true
		}
		return noZip(w, r, body)
	}
	cmd, s := org.command(t, nil)
	if c.hurried {
		bin, err := hurried()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Path = bin
	}
	wait := s.begin(t, cmd)
	return func(t *testing.T) {
		wait(t).partial(t, 15, c.says+"|what was found is printed")
		if n := org.asked("Message_0010<"); n != 1 {
			t.Errorf("asked %d times", n)
		}
	}
}

// Rows "login never ends" and "no browser here": after five minutes the sign-in
// gives up, its port is free and its link is worth nothing; the next one works.
func TestSignInGivesUp(t *testing.T) {
	t.Parallel()
	bin, err := hurried()
	if err != nil {
		t.Fatal(err)
	}
	org := newFakeOrg(t)
	c := newComputer(t)
	released := c.bin
	c.bin = bin
	s := c.login("--no-browser", "--host", org.URL)
	s.end().must(t, failed, "nobody signed in before the time was up", "hint: start again")
	if _, err := noRedirects.Get(s.callback("code=late")); err == nil {
		t.Error("the port is still taken")
	}
	if n := len(org.requests()); n > 0 {
		t.Errorf("%d token requests", n)
	}
	c.bin = released
	c.signIn(org)
}

// Row "login never ends", in the interface: esc frees the port at once, and the
// next try takes it again.
func TestEscFreesThePort(t *testing.T) {
	t.Parallel()
	d := sit(t, t.TempDir(), usual, "demo")
	d.sees("Sign in to the demo org")
	for range 2 {
		d.types(keyEnter)
		d.sees("Time left")
		port := d.callbackPort()
		if l, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			_ = l.Close()
			t.Fatalf("nobody waits at port %s", port)
		}
		d.types(keyEsc)
		d.under("Sign in to the demo org")
		untilFree(t, port)
	}
	d.types(keyEnter)
	d.signsIn()
	d.sees("18 messages on 12 endpoints")
}

// callbackPort is the port that the browser comes back to.
func (d *desk) callbackPort() string {
	d.t.Helper()
	link, err := url.Parse(d.linkOnScreen())
	if err != nil {
		d.t.Fatal(err)
	}
	back, err := url.Parse(link.Query().Get("redirect_uri"))
	if err != nil {
		d.t.Fatal(err)
	}
	return back.Port()
}

// untilFree waits until nobody has a port any more. Five minutes pass before a
// sign-in gives it up by itself.
func untilFree(t *testing.T, port string) {
	t.Helper()
	for deadline := time.Now().Add(atOnce); ; time.Sleep(5 * time.Millisecond) {
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err == nil {
			_ = l.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// Row "login never ends", in the interface: the time that is left is shown, and
// when it is up one key begins anew.
func TestCountdownOfTheSignIn(t *testing.T) {
	t.Parallel()
	bin, err := hurried()
	if err != nil {
		t.Fatal(err)
	}
	d := sit(t, t.TempDir(), terminal{cols: 120, rows: 40, bin: bin}, "demo")
	d.sees("Sign in to the demo org")
	d.types(keyEnter)
	d.sees("Time left")
	first := d.linkOnScreen()
	seconds := map[string]bool{}
	d.until("the end", func(screen string) bool {
		if _, left, ok := strings.Cut(screen, "Time left"); ok {
			seconds[strings.TrimSpace(strings.SplitN(left, "\n", 2)[0])] = true
		}
		return strings.Contains(screen, "nobody signed in before the time was up")
	})
	if len(seconds) < 2 {
		t.Errorf("the time left never changed: %v", fmt.Sprint(seconds))
	}
	d.types(keyEnter)
	d.sees("Time left")
	if d.linkOnScreen() == first {
		t.Error("the old link is shown again")
	}
	d.signsIn()
	d.sees("18 messages on 12 endpoints")
}

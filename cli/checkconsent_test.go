//go:build unix

package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// conversation reads what a terminal shows up to each question, and answers it.
// It returns all that was shown.
func conversation(t *testing.T, tty io.ReadWriter, answers ...string) string {
	t.Helper()
	var shown strings.Builder
	one := make([]byte, 1)
	for len(answers) > 0 {
		if _, err := tty.Read(one); err != nil {
			t.Fatalf("%v, after %q", err, shown.String())
		}
		shown.Write(one)
		if strings.HasSuffix(shown.String(), "[y/N] ") {
			if _, err := io.WriteString(tty, answers[0]); err != nil {
				t.Fatal(err)
			}
			answers = answers[1:]
			shown.WriteByte('|')
		}
	}
	rest, _ := io.ReadAll(tty) // the end of a terminal is an error
	shown.Write(rest)
	return shown.String()
}

// Two questions stand between the command and an address inside the network:
// whether to send, and whether to send there. Only a yes to both sends.
func TestConsentIsAskedForTwice(t *testing.T) {
	var hits atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, soapAck("true"))
	}))
	defer s.Close()
	for _, c := range []struct {
		answers []string
		code    int
		sent    int32
	}{
		{[]string{"\r"}, failed, 0},
		{[]string{"n\r"}, failed, 0},
		{[]string{"yess\r"}, failed, 0},
		{[]string{"y\r", "\r"}, failed, 0},
		{[]string{"y\r", "Y\r"}, fine, 1},
		{[]string{"yes\r", "yes\r"}, fine, 1},
	} {
		hits.Store(0)
		tty, cmd := inTerminal(t, nil, "check", "endpoint", s.URL+"/sf?key=hunter2", "--fields", "Id,Name")
		shown := make(chan string, 1)
		go func() { shown <- conversation(t, tty, c.answers...) }()
		code := leave(t, cmd)
		over(t, tty)
		text := <-shown
		if code != c.code || hits.Load() != c.sent {
			t.Errorf("%q: exit code %d, %d messages\n%s", c.answers, code, hits.Load(), text)
		}
		asked := strings.Count(text, "[y/N]")
		if asked != len(c.answers) {
			t.Errorf("%q: %d questions\n%s", c.answers, asked, text)
		}
		before, _, _ := strings.Cut(text, "|")
		for _, want := range []string{"/sf?key=***", "04lSidestep", "Name=Sidestep test", "(***) is sent with it. No token is.", "Send it to " + strings.TrimPrefix(s.URL, "http://")} {
			if !strings.Contains(before, want) {
				t.Errorf("%q is not shown before the question:\n%s", want, before)
			}
		}
		if strings.Contains(text, "hunter2") {
			t.Errorf("the secret is shown:\n%s", text)
		}
		if c.code != fine && !strings.Contains(text, "nothing was sent") {
			t.Errorf("it does not say that nothing was sent:\n%s", text)
		}
	}
}

// Ctrl+C ends the waiting for a yes.
func TestQuestionCanBeInterrupted(t *testing.T) {
	tty, cmd := inTerminal(t, nil, "check", "endpoint", "http://hooks.example/")
	var text strings.Builder
	one := make([]byte, 1)
	for !strings.HasSuffix(text.String(), "[y/N] ") {
		if _, err := tty.Read(one); err != nil {
			t.Fatalf("%v, after %q", err, text.String())
		}
		text.Write(one)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	shown := make(chan string, 1)
	go func() {
		rest, _ := io.ReadAll(tty)
		shown <- string(rest)
	}()
	code := leave(t, cmd)
	over(t, tty)
	if rest := <-shown; code != failed || !strings.Contains(rest, "sidestep: interrupted") {
		t.Errorf("exit code %d\n%s", code, rest)
	}
}

// Ctrl+C ends the waiting for an answer.
func TestWaitingForAnAnswerCanBeInterrupted(t *testing.T) {
	reached, done := make(chan struct{}), make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(reached)
		<-done
	}))
	defer s.Close()
	defer close(done)
	tty, cmd := inTerminal(t, nil, "check", "endpoint", s.URL, "--yes", "--allow-private")
	shown := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(tty)
		shown <- string(text)
	}()
	<-reached
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	code := leave(t, cmd)
	over(t, tty)
	if text := <-shown; code != failed || !strings.Contains(text, "sidestep: interrupted") {
		t.Errorf("exit code %d\n%s", code, text)
	}
}

//go:build unix

package cli

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// phases bring a scan to a point where it waits. They call reached then, or hold,
// which returns when the test has seen enough, with what is closed when the
// program has ended its line.
var phases = map[string]func(f *apiOrg, reached func(), hold func(ended <-chan struct{})){
	"connecting": func(f *apiOrg, _ func(), hold func(<-chan struct{})) {
		f.proxy.hangs = func(c net.Conn) { hold(ending(c)) }
	},
	"TLS": func(f *apiOrg, _ func(), hold func(<-chan struct{})) {
		f.proxy.hangs = func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			_, _ = c.Read(make([]byte, 1)) // the client's hello
			hold(ending(c))
		}
	},
	"body": func(f *apiOrg, _ func(), hold func(<-chan struct{})) {
		f.hook = func(w http.ResponseWriter, r *http.Request, body string) bool {
			if !strings.Contains(body, "<met:listMetadata>") {
				return false
			}
			_, _ = io.WriteString(w, "<soapenv:Envelope ")
			w.(http.Flusher).Flush()
			hold(r.Context().Done())
			return true
		}
	},
	"pause": func(f *apiOrg, reached func(), _ func(<-chan struct{})) {
		f.hook = on("<met:listMetadata>", func(w http.ResponseWriter) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, "HTTP/1.1 503 Busy\r\nRetry-After: 86400\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			<-ending(c) // it has read the answer
			_ = c.Close()
			reached()
		})
	},
	"waiting for the zip": func(f *apiOrg, reached func(), _ func(<-chan struct{})) {
		f.hook = on("<met:checkRetrieveStatus>", func(w http.ResponseWriter) {
			fmt.Fprint(w, soapEnvelope(strings.Replace(checked("InProgress", nil), "<done>true", "<done>false", 1)))
			reached()
		})
	},
}

// ending is closed when the other side closes a connection.
func ending(c net.Conn) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, c)
	}()
	return ended
}

// Threat "cancel": an interrupted scan ends by itself in every phase. The org and
// the line go on only when the program has ended.
func TestInterruptInEveryPhase(t *testing.T) {
	t.Parallel()
	for name, prepare := range phases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := startAPIOrg(t, 3)
			over, at := make(chan bool), make(chan bool, 100)
			reached := func() {
				select {
				case at <- true:
				default:
				}
			}
			prepare(org, reached, func(<-chan struct{}) { reached(); <-over })
			cmd, s := org.command(t, nil)
			var out, words bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &words
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			exited := make(chan error, 1)
			go func() { exited <- cmd.Wait() }()
			select {
			case <-at:
			case err := <-exited:
				close(over)
				t.Fatalf("it ended by itself: %v\n%s", err, words.String())
			}
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			// A scan that does not listen goes on for at least 20 seconds: that is
			// how long the shortest of these phases lasts.
			late := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
			<-exited
			late.Stop()
			close(over)
			ended := s.ended(t, cmd, out.String(), words.String())
			if ended.code != failed || !strings.Contains(ended.words, "sidestep: interrupted") || ended.complete {
				t.Errorf("exit code %d, it says:\n%s", ended.code, ended.words)
			}
		})
	}
}

// Threat "cancel", in the interface: esc leads back while the org and the line
// still wait, and the line is ended by a program that goes on.
func TestEscInEveryPhase(t *testing.T) {
	t.Parallel()
	for name, prepare := range phases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := startAPIOrg(t, 3)
			at, gone, over := make(chan bool, 100), make(chan bool, 100), make(chan bool)
			defer close(over)
			reached := func() {
				select {
				case at <- true:
				default:
				}
			}
			var held atomic.Int32
			prepare(org, reached, func(ended <-chan struct{}) {
				held.Add(1)
				reached()
				select {
				case <-ended:
					gone <- true
				case <-over:
				}
			})
			d := sit(t, org.homeOf(t), terminal{cols: 120, rows: 40, env: []string{"HTTPS_PROXY=" + org.proxy.URL, "SIDESTEP_CA_FILE=" + org.ca}})
			d.sees("Sign in to an org")
			d.types(keyEnter)
			d.sees("Acme", apiOrgUser)
			d.types(keyEnter)
			soon(t, at, "the phase was never reached")
			if name == "pause" {
				d.sees("The org asks for a pause of 20s.")
			}
			d.types(keyEsc)
			for range held.Load() {
				soon(t, gone, "a line is still open")
			}
			if name != "connecting" && name != "TLS" { // there it was no scan yet
				d.sees("Stopped. Nothing was changed.")
			}
			d.types("q")
			if code := d.ends(); code != fine {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

// atOnce is how long a test waits for what has to happen at once. The shortest
// limit that would end a line without anybody's esc is 10 seconds.
const atOnce = 8 * time.Second

func soon(t *testing.T, happened <-chan bool, otherwise string) {
	t.Helper()
	select {
	case <-happened:
	case <-time.After(atOnce):
		t.Fatal(otherwise)
	}
}

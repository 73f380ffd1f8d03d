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
	"testing"
	"time"
)

// phases bring a scan to a point where it waits, and call reached then. Over is
// closed when the program has ended.
var phases = map[string]func(f *apiOrg, reached func(), over <-chan bool){
	"connecting": func(f *apiOrg, reached func(), over <-chan bool) {
		f.proxy.hangs = func(net.Conn) { reached(); <-over }
	},
	"TLS": func(f *apiOrg, reached func(), over <-chan bool) {
		f.proxy.hangs = func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			_, _ = c.Read(make([]byte, 1)) // the client's hello
			reached()
			<-over
		}
	},
	"body": func(f *apiOrg, reached func(), over <-chan bool) {
		f.hook = on("<met:listMetadata>", func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, "<soapenv:Envelope ")
			w.(http.Flusher).Flush()
			reached()
			<-over
		})
	},
	"pause": func(f *apiOrg, reached func(), _ <-chan bool) {
		f.hook = on("<met:listMetadata>", func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "86400")
			w.WriteHeader(http.StatusServiceUnavailable)
			w.(http.Flusher).Flush()
			reached()
		})
	},
	"waiting for the zip": func(f *apiOrg, reached func(), _ <-chan bool) {
		f.hook = on("<met:checkRetrieveStatus>", func(w http.ResponseWriter) {
			fmt.Fprint(w, soapEnvelope(strings.Replace(checked("InProgress", nil), "<done>true", "<done>false", 1)))
			reached()
		})
	},
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
			prepare(org, func() {
				select {
				case at <- true:
				default:
				}
			}, over)
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

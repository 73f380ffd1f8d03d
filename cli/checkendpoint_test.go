package cli

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sidestep/receiver/probe"
)

func soapAnswer(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>` + body + `</soapenv:Body></soapenv:Envelope>`
}

func soapAck(value string) string {
	return soapAnswer(`<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>` + value + `</Ack></notificationsResponse>`)
}

// receiverAnswers are what the receivers of the scripts answer, by name.
var receiverAnswers = map[string]struct {
	status     int
	kind, body string
}{
	"ack":     {200, "text/xml", soapAck("true")},
	"no":      {200, "text/xml", soapAck("false")},
	"fault":   {500, "text/xml", soapAnswer("<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>SessionId is null</faultstring></soapenv:Fault>")},
	"page":    {200, "text/html", "<!DOCTYPE html><html><title>Log in</title></html>"},
	"hostile": {500, "text/xml", soapAnswer("<soapenv:Fault><faultcode>a</faultcode><faultstring>\u009b2J\u202egnp</faultstring></soapenv:Fault>")},
	"title":   {404, "text/html", "<html><title>\x1b]52;c;aGk=\a</title></html>"},
}

// testReceiver answers in one way and keeps what it got.
type testReceiver struct {
	*httptest.Server
	count atomic.Int32
}

var receivers sync.Map // by $WORK

// startReceiver starts a receiver that answers in the way that the name says;
// "closed" is one that has ended. Its address is $ENDPOINT, what it gets is in
// received.xml.
func startReceiver(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: endpoint NAME")
	}
	r := &testReceiver{}
	answer := receiverAnswers[args[0]]
	into := ts.MkAbs("received.xml")
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.count.Add(1)
		data, _ := io.ReadAll(req.Body)
		if err := os.WriteFile(into, data, 0o600); err != nil {
			answer.status = http.StatusInsufficientStorage
		}
		w.Header().Set("Content-Type", answer.kind)
		w.WriteHeader(answer.status)
		_, _ = io.WriteString(w, answer.body)
	}))
	if args[0] == "closed" {
		r.Close()
	}
	ts.Defer(r.Close)
	receivers.Store(ts.Getenv("WORK"), r)
	ts.Setenv("ENDPOINT", r.URL)
}

// compareReceived compares how many messages the receiver got.
func compareReceived(ts *testscript.TestScript, _ bool, args []string) {
	r, ok := receivers.Load(ts.Getenv("WORK"))
	want, err := strconv.Atoi(fmt.Sprint(args[0]))
	if !ok || err != nil {
		ts.Fatalf("usage: received N, after endpoint")
	}
	if got := int(r.(*testReceiver).count.Load()); got != want {
		ts.Fatalf("%d messages came, want %d", got, want)
	}
}

// Whoever agrees to send sees what a host of punycode reads as.
func TestTheAddressIsShownAsItReads(t *testing.T) {
	target, err := probe.Parse("https://xn--pple-43d.example/sf")
	if err != nil {
		t.Fatal(err)
	}
	p := &page{}
	p.probed(probing{target: target})
	for _, text := range []string{"https://xn--pple-43d.example/sf", "reads as \u0430pple.example"} {
		if !strings.Contains(p.String(), text) {
			t.Errorf("it does not say %q:\n%s", text, p.String())
		}
	}
}

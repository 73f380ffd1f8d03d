package probe

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestParseTakesWhatSalesforceDeliversTo(t *testing.T) {
	for _, raw := range []string{
		"https://hooks.example.com/sf?key=x", "http://hooks.example.com", "https://hooks.example.com:8443/", "http://hooks.example.com:1024", " https://bücher.example/ ",
		"https://user:pw@hooks.example.com/", "http://[::1]:8080/", "http://127.0.0.1:8080/",
	} {
		if _, err := Parse(raw); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	}
	for _, raw := range []string{
		"", "hooks.example.com", "ftp://hooks.example.com", "file:///etc/passwd", "gopher://x.example/", "https://", "http://1", "https://{host}/x", "javascript:alert(1)",
		"http://hooks.example.com:443/", "https://hooks.example.com:80/", "http://hooks.example.com:22/", "http://127.0.0.1:25/", "http://x.example:0/", "http://x.example:99999/",
		"http://0x7f.1:8080/", "http://127.1:8080/",
	} {
		if target, err := Parse(raw); !errors.Is(err, ErrAddress) {
			t.Errorf("%s is taken as %s: %v", raw, target, err)
		}
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	if _, err := Parse("ftp://ada:hunter2@x.example/?key=hunter2"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("it says: %v", err)
	}
}

func TestInside(t *testing.T) {
	for _, ip := range []string{
		"127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "0.1.2.3", "::", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.1.1",
		"169.254.169.254", "169.254.170.2", "100.100.100.200", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fc00::1", "fdff::1", "fec0::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
		"2001:0:0:0:0:0:80ff:fffe", "224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "2001:db8::1", "100::1",
	} {
		if inside(netip.MustParseAddr(ip)) == "" {
			t.Errorf("%s passes for a public address", ip)
		}
	}
	for _, ip := range []string{"1.1.1.1", "172.32.0.1", "172.15.0.1", "100.63.0.1", "100.128.0.1", "11.0.0.1", "192.167.1.1", "2606:4700::1111", "2a00::1", "64:ff9b::101:101", "2002:101:101::1", "::ffff:1.1.1.1"} {
		if what := inside(netip.MustParseAddr(ip)); what != "" {
			t.Errorf("%s is called %s", ip, what)
		}
	}
	if what := inside(netip.MustParseAddr("169.254.169.254")); what != metadata {
		t.Errorf("the metadata service is called %s", what)
	}
}

// nameServer answers each question for an address with the next of several.
func nameServer(t *testing.T, answers ...[]string) *atomic.Int32 {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := answerName(buf[:n], answers, &asked); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	old := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	t.Cleanup(func() {
		net.DefaultResolver = old
		_ = conn.Close()
	})
	return &asked
}

func answerName(question []byte, answers [][]string, asked *atomic.Int32) []byte {
	var m dnsmessage.Message
	if len(question) < 12 || binary.BigEndian.Uint16(question[4:]) != 1 || m.Unpack(question) != nil {
		return nil
	}
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	if len(answers) == 0 {
		m.RCode = dnsmessage.RCodeNameError
	}
	if m.Questions[0].Type == dnsmessage.TypeA && len(answers) > 0 {
		i := int(asked.Add(1)) - 1
		for _, ip := range answers[min(i, len(answers)-1)] {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Class: dnsmessage.ClassINET},
				Body:   &dnsmessage.AResource{A: netip.MustParseAddr(ip).As4()},
			})
		}
	}
	reply, err := m.Pack()
	if err != nil {
		return nil
	}
	return reply
}

// A name that changes its address leads to where it led when it was checked.
func TestNameThatChangesItsAddress(t *testing.T) {
	first, hits := receiver(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(ack("true"))) })
	asked := nameServer(t, []string{"127.0.0.1"}, []string{"127.0.0.2"})
	port := first[strings.LastIndex(first, ":")+1:]
	elsewhere, err := net.Listen("tcp", "127.0.0.2:"+port)
	if err != nil {
		t.Skipf("127.0.0.2 is no address here: %v", err)
	}
	defer func() { _ = elsewhere.Close() }()
	var strangers atomic.Int32
	stranger := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers.Add(1) }))
	stranger.Listener = elsewhere
	stranger.Start()
	defer stranger.Close()

	target := parse(t, "http://rebinding.example:"+port+"/")
	target, err = target.Resolve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := Request{Target: target, Notification: testNotification(t), AllowPrivate: true}
	for range 2 {
		if res, err := Send(t.Context(), r); err != nil || !res.Acknowledged() {
			t.Fatalf("%v %+v", err, res)
		}
	}
	if asked.Load() != 1 || hits.Load() != 2 || strangers.Load() != 0 {
		t.Errorf("the name was looked up %d times, the address that was checked got %d messages, the other one %d", asked.Load(), hits.Load(), strangers.Load())
	}
}

// One address inside among several outside is enough to ask.
func TestNameWithAnAddressInside(t *testing.T) {
	nameServer(t, []string{"1.1.1.1", "169.254.169.254"})
	_, err := Send(t.Context(), Request{Target: parse(t, "http://mixed.example/"), Notification: testNotification(t)})
	if private, ok := errors.AsType[*PrivateError](err); !ok || private.What != metadata {
		t.Errorf("%v", err)
	}
}

package cli

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// The addresses of a network of a test's own (RFC 5737, for documentation).
const (
	orgAddress   = "192.0.2.1"
	proxyAddress = "192.0.2.2"
	namesAddress = "192.0.2.3"
	// Nobody is at this one. What is sent there gets lost.
	lostAddress = "203.0.113.9"
)

// network is a network with nothing in it but what a test puts there: a name
// server, an org, a proxy.
type network struct {
	t *testing.T
	// jobs run on the one thread that is in the network.
	jobs chan func()

	mu sync.Mutex
	// addresses are what the name server says; a name that is not there does not
	// exist.
	addresses map[string]string
	// silent name servers answer nothing; busy ones say that they can't.
	silent, busy bool
	asked        chan string
}

// newNetwork makes a network, which takes root and the program ip.
func newNetwork(t *testing.T) *network {
	t.Helper()
	if _, err := exec.LookPath("ip"); err != nil || os.Geteuid() != 0 {
		t.Skip("SKIPPED: a network of its own needs root and the program ip")
	}
	n := &network{t: t, jobs: make(chan func()), addresses: map[string]string{}, asked: make(chan string, 1000)}
	resolver := filepath.Join(t.TempDir(), "resolv.conf")
	// One try lasts longer than any test: what ends sooner was ended.
	if err := os.WriteFile(resolver, []byte("nameserver "+namesAddress+"\noptions timeout:60\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	ready := make(chan error)
	go func() {
		// Never unlocked: the thread ends with the goroutine, and the network with it.
		runtime.LockOSThread()
		ready <- isolate(resolver)
		for job := range n.jobs {
			job()
		}
	}()
	t.Cleanup(func() { close(n.jobs) })
	if err := <-ready; err != nil {
		t.Skipf("SKIPPED: no network of its own can be made here: %v", err)
	}
	n.serveNames()
	return n
}

// isolate puts this thread, and every program that is started from it, into a new
// network with a name server of its own.
func isolate(resolver string) error {
	if err := syscall.Unshare(syscall.CLONE_NEWNET | syscall.CLONE_NEWNS); err != nil {
		return err
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := syscall.Mount(resolver, "/etc/resolv.conf", "", syscall.MS_BIND, ""); err != nil {
		return err
	}
	for _, args := range []string{
		"link set lo up",
		"addr add " + orgAddress + "/32 dev lo",
		"addr add " + proxyAddress + "/32 dev lo",
		"addr add " + namesAddress + "/32 dev lo",
		// A line whose other end takes nothing.
		"link add void0 type veth peer name void1",
		"addr add 203.0.113.1/24 dev void0",
		"link set void0 up",
		"link set void1 up",
		"neigh add " + lostAddress + " lladdr 02:00:00:00:00:09 dev void0 nud permanent",
	} {
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", args, err, out)
		}
	}
	return nil
}

// inside does something in the network.
func (n *network) inside(do func()) {
	done := make(chan bool)
	n.jobs <- func() { defer close(done); do() }
	<-done
}

// lead leads an address of the network to one of this computer.
func (n *network) lead(address, to string) {
	n.t.Helper()
	var l net.Listener
	var err error
	n.inside(func() { l, err = net.Listen("tcp4", address) })
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go join(conn, to)
		}
	}()
}

func join(conn net.Conn, to string) {
	defer func() { _ = conn.Close() }()
	other, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer func() { _ = other.Close() }()
	go func() {
		_, _ = io.Copy(other, conn)
		_ = other.Close()
	}()
	_, _ = io.Copy(conn, other)
}

// serveNames answers questions for addresses.
func (n *network) serveNames() {
	n.t.Helper()
	var l net.PacketConn
	var err error
	n.inside(func() { l, err = net.ListenPacket("udp4", namesAddress+":53") })
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { _ = l.Close() })
	go func() {
		buf := make([]byte, 2048)
		for {
			size, from, err := l.ReadFrom(buf)
			if err != nil {
				return
			}
			if answer := n.answer(buf[:size]); answer != nil {
				_, _ = l.WriteTo(answer, from)
			}
		}
	}()
}

// answer is what the name server says, nil for nothing.
func (n *network) answer(question []byte) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	n.mu.Lock()
	address, known := n.addresses[strings.TrimSuffix(q.Name.String(), ".")]
	silent, busy := n.silent, n.busy
	n.mu.Unlock()
	select {
	case n.asked <- q.Name.String():
	default:
	}
	m.Response, m.Additionals = true, nil
	switch {
	case silent:
		return nil
	case busy:
		m.RCode = dnsmessage.RCodeServerFailure
	case !known:
		m.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeA:
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60},
			Body:   &dnsmessage.AResource{A: [4]byte(net.ParseIP(address).To4())},
		}}
	}
	answer, err := m.Pack()
	if err != nil {
		return nil
	}
	return answer
}

// sockets are the addresses that sockets of the network are connected to.
func (n *network) sockets() ([]string, error) {
	var all []string
	var errs error
	n.inside(func() {
		for _, kind := range []string{"udp", "tcp"} {
			text, err := os.ReadFile("/proc/thread-self/net/" + kind)
			errs = errors.Join(errs, err)
			for line := range strings.Lines(string(text)) {
				fields := strings.Fields(line)
				if len(fields) > 2 && fields[0] != "sl" {
					all = append(all, remote(fields[2]))
				}
			}
		}
	})
	return all, errs
}

// remote reads an address as /proc writes it, 090A71CB:01BB.
func remote(text string) string {
	var ip uint32
	var port uint16
	if _, err := fmt.Sscanf(text, "%X:%X", &ip, &port); err != nil {
		return text
	}
	b := binary.NativeEndian.AppendUint32(nil, ip)
	return fmt.Sprintf("%s:%d", net.IP(b), port)
}

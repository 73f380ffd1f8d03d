package demoorg

import (
	"errors"
	"fmt"
	"net"
	"strconv"
)

// listen binds addr and, when that is a loopback address, the same port of the
// other family too: people type "localhost", which may mean either, and a
// stranger on the second one would get their sign-in. A computer without IPv6
// has only one.
func listen(addr string) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w", addr, err)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if host != "127.0.0.1" && host != "::1" {
		l, err := net.Listen("tcp", net.JoinHostPort(host, port))
		if err != nil {
			return nil, err
		}
		return []net.Listener{l}, nil
	}
	other := "::1"
	if host == "::1" {
		other = "127.0.0.1"
	}
	for try := 0; ; try++ {
		ls, err := listenBoth(host, other, port)
		if err == nil || !errors.Is(err, errOtherFamily) || port != "0" || try == 20 {
			return ls, err
		}
	}
}

// errOtherFamily says that somebody else holds the port in the other family.
var errOtherFamily = errors.New("the port is taken by another program")

func listenBoth(host, other, port string) ([]net.Listener, error) {
	first, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}
	port = strconv.Itoa(first.Addr().(*net.TCPAddr).Port)
	second, err := net.Listen("tcp", net.JoinHostPort(other, port))
	if err == nil {
		return []net.Listener{first, second}, nil
	}
	// Whether the family exists at all is seen by asking it for any port.
	probe, noFamily := net.Listen("tcp", net.JoinHostPort(other, "0"))
	if noFamily != nil {
		return []net.Listener{first}, nil
	}
	_ = probe.Close()
	_ = first.Close()
	return nil, fmt.Errorf("%s: %w", net.JoinHostPort(other, port), errOtherFamily)
}

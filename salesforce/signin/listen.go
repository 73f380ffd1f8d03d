package signin

import (
	"context"
	"fmt"
	"net"
	"strconv"
)

// listen binds the first port of the list that is ours on 127.0.0.1 and, where
// the host has IPv6, on ::1 as well: a browser may resolve "localhost" to either,
// and half a port would hand the answer to whoever holds the other half. When
// none is free it returns no listener and the first port, for the redirect
// address that is pasted by hand.
func listen(ctx context.Context, ports []int) ([]net.Listener, int, error) {
	var lc net.ListenConfig
	six := hasIPv6(ctx)
	for _, port := range ports {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		if port < 0 || port > 65535 {
			return nil, 0, fmt.Errorf("%d is no port number", port)
		}
		four, err := lc.Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		bound := four.Addr().(*net.TCPAddr).Port
		if !six {
			return []net.Listener{four}, bound, nil
		}
		other, err := lc.Listen(ctx, "tcp6", net.JoinHostPort("::1", strconv.Itoa(bound)))
		if err != nil {
			four.Close()
			continue
		}
		return []net.Listener{four, other}, bound, nil
	}
	return nil, ports[0], nil
}

// hasIPv6 asks for any port on ::1, because the error of a taken port looks
// different on every system.
func hasIPv6(ctx context.Context) bool {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp6", "[::1]:0")
	if err != nil {
		return false
	}
	l.Close()
	return true
}

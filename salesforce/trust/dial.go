package trust

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// dialLimit is how long it may take to find an address and to be answered there.
// It is shorter than the limit of a silent call, so that an address where nobody
// answers is told from an org that fell silent.
const dialLimit = 15 * time.Second

// dial opens a line.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialLimit, KeepAlive: 30 * time.Second, Resolver: &net.Resolver{Dial: askNames}}
	return d.DialContext(ctx, network, address)
}

// askNames opens a line to a name server that ends with its context. Go's own
// resolver lets one that waits go on until its time is up.
func askNames(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	return conn, nil
}

func explainDial(err error) *Fault {
	name, isName := errors.AsType[*net.DNSError](err)
	op, isOp := errors.AsType[*net.OpError](err)
	switch {
	case isName && name.IsNotFound:
		return &Fault{
			Words: fmt.Sprintf("there is no host of the name %s", name.Name),
			Hint:  "check the org's address and the network connection; a My Domain that was renamed has a new address", err: err,
		}
	case isName && name.IsTimeout:
		return &Fault{Words: fmt.Sprintf("no name server answers, so %s can't be found", name.Name), Hint: checkNames, err: err}
	case isName:
		return &Fault{Words: fmt.Sprintf("the name server can't tell where %s is: %s", name.Name, name.Err), Hint: checkNames, err: err}
	case isOp && op.Op == "dial" && op.Timeout():
		return &Fault{
			Words: fmt.Sprintf("nothing answered within %v", dialLimit),
			Hint:  "a firewall that drops connections looks like this: check the network connection and the VPN, and set HTTPS_PROXY where there is a proxy", err: err,
		}
	}
	return nil
}

const checkNames = "check the network connection and the VPN, then try again"

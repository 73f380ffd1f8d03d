package trust

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"
)

// dialLimit is how long it may take to find an address and to be answered there.
// It is shorter than the limit of a silent call, so that an address where nobody
// answers is told from an org that fell silent.
const dialLimit = 15 * time.Second

// lines is a transport that ends the opening of a line with the request that it
// is opened for. Go's own goes on with it, for a later request that may want the
// line; whoever cancelled wants nothing any more.
type lines struct{ transport *http.Transport }

func (l lines) RoundTrip(req *http.Request) (*http.Response, error) {
	o := &opening{request: req.Context()}
	ctx := httptrace.WithClientTrace(context.WithValue(req.Context(), openingKey{}, o), &httptrace.ClientTrace{
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err == nil {
				o.done()
			}
		},
	})
	resp, err := l.transport.RoundTrip(req.WithContext(ctx))
	if req.Context().Err() == nil {
		o.done() // also where another line was free sooner
	}
	return resp, err
}

// CloseIdleConnections closes the lines that nobody uses, as http.Client asks for.
func (l lines) CloseIdleConnections() { l.transport.CloseIdleConnections() }

type openingKey struct{}

// opening is a line that is being opened for a request: its name is looked up, it
// is dialled, a proxy is asked, TLS is agreed on.
type opening struct {
	request context.Context

	mu sync.Mutex
	// free is true when the line no longer belongs to the request alone.
	free bool
	keep func() bool // stops the end of the line with the request
}

func (o *opening) begin(conn net.Conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.free {
		o.keep = context.AfterFunc(o.request, func() { _ = conn.Close() })
	}
}

// done leaves the line to every request that can use it.
func (o *opening) done() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.free = true
	if o.keep != nil {
		o.keep()
	}
}

func (o *opening) isFree() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.free
}

// dial opens a line.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialLimit, KeepAlive: 30 * time.Second, Resolver: &net.Resolver{Dial: askNames}}
	o, ok := ctx.Value(openingKey{}).(*opening)
	if !ok {
		return d.DialContext(ctx, network, address)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(o.request, func() {
		if !o.isFree() {
			cancel()
		}
	})()
	conn, err := d.DialContext(ctx, network, address)
	if err == nil {
		o.begin(conn)
	}
	return conn, err
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
	case isOp && op.Op == "dial" && strings.Contains(op.Err.Error(), "refused"): // each system has a number of its own for it
		return &Fault{Words: "nothing there takes connections (connection refused)", Hint: checkPath, err: err}
	case isOp && op.Op == "dial" && (strings.Contains(op.Err.Error(), "unreachable") || strings.Contains(op.Err.Error(), "no route")):
		return &Fault{Words: "this computer has no way there (no network)", Hint: checkPath, err: err}
	}
	return nil
}

const (
	checkNames = "check the network connection and the VPN, then try again"
	checkPath  = "check the address, the network connection, the VPN and the proxy, then try again"
)

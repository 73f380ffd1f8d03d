package probe

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// line is the connection of one request and how far it has come. An HTTP client
// would look for proxies, dial again, and write what a receiver says too early
// into the log; this does one exchange and nothing else.
type line struct {
	target Target
	roots  *x509.CertPool
	at     stage
	addr   netip.AddrPort
	conn   net.Conn
	// shown is the endpoint's certificate; wanted is true when it asked for ours.
	shown  *Certificate
	wanted bool
	// left counts down what may still be read.
	left io.LimitedReader
}

// exchange sends the request and reads the head of the answer. The end of the
// context ends everything that goes on at the connection, at once.
func (l *line) exchange(ctx context.Context, req *http.Request) (*http.Response, error) {
	l.at = stageConnect
	conn, err := l.dial(ctx)
	if err != nil {
		return nil, err
	}
	l.conn = conn
	// The watch ends when the context does, which Send sees to.
	context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	if req.URL.Scheme == "https" {
		l.at = stageTLS
		if err := l.encrypt(ctx); err != nil {
			return nil, err
		}
	}
	l.at = stageSend
	if err := req.Write(l.conn); err != nil {
		return nil, err
	}
	l.at = stageAnswer
	l.left = io.LimitedReader{R: l.conn, N: maxHeader}
	reader := bufio.NewReader(&l.left)
	for {
		resp, err := http.ReadResponse(reader, req)
		switch {
		case err != nil && l.exhausted():
			return nil, errHead
		case err != nil:
			return nil, err
		case resp.StatusCode/100 == 1 && resp.StatusCode != http.StatusSwitchingProtocols:
			continue // the answer is still to come
		}
		l.at = stageBody
		l.left.N = 2 * maxBody // chunks have a frame each
		resp.Body = io.NopCloser(io.LimitReader(resp.Body, maxBody+1))
		return resp, nil
	}
}

var errHead = errors.New("the head of the answer has no end")

// exhausted reports whether more came than any real answer has.
func (l *line) exhausted() bool { return l.left.R != nil && l.left.N <= 0 }

// dial connects to what was looked up.
func (l *line) dial(ctx context.Context) (net.Conn, error) {
	var failed error
	for i, ip := range l.target.addresses {
		d := net.Dialer{}
		if i < len(l.target.addresses)-1 {
			d.Timeout = maxDial
		}
		addr := netip.AddrPortFrom(ip, l.target.port)
		conn, err := d.DialContext(ctx, "tcp", addr.String())
		if err == nil {
			l.addr = addr
			return conn, nil
		}
		failed = cmp.Or(failed, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, failed
}

// encrypt checks the certificate as browsers do; there is no switch not to.
func (l *line) encrypt(ctx context.Context) error {
	conn := tls.Client(l.conn, &tls.Config{
		RootCAs: l.roots, ServerName: l.target.name(), NextProtos: []string{"http/1.1"},
		VerifyConnection: func(s tls.ConnectionState) error {
			l.show(s.PeerCertificates)
			return nil
		},
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			l.wanted = true
			return &tls.Certificate{}, nil // Salesforce's is Salesforce's alone
		},
	})
	err := conn.HandshakeContext(ctx)
	if bad, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		l.show(bad.UnverifiedCertificates)
	}
	l.conn = conn
	return err
}

func (l *line) show(chain []*x509.Certificate) {
	if len(chain) > 0 {
		c := chain[0]
		l.shown = &Certificate{cut(c.Subject.String()), cut(c.Issuer.String()), c.NotAfter}
	}
}

func (l *line) close() {
	if l.conn != nil {
		_ = l.conn.Close()
	}
}

// address is where the request went, "" when nothing was reached.
func (l *line) address() string {
	if !l.addr.IsValid() {
		return ""
	}
	return l.addr.String()
}

// name is the host without its port, in the form that certificates have.
func (t Target) name() string {
	u, err := url.Parse("//" + t.endpoint.Host)
	if err != nil {
		return t.endpoint.Host
	}
	return u.Hostname()
}
